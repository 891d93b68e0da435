// @ts-check
// The line between conversation and stage: 340 to 560 pixels, by pointer or by arrow keys.
import { set, setVar } from './dom.js';
import { read, write } from './memory.js';

const LEAST = 340;
const MOST = 560;
const STEP = 16;
const START = 416;

/**
 * @param {HTMLElement} handle  `role=separator`.
 * @param {HTMLElement} work  Has the column's width as `--conversation`.
 */
export function bindSplitter(handle, work) {
  let width = Number(read('conversation')) || START;
  /** @param {number} wanted */
  const show = (wanted) => {
    width = Math.round(Math.min(MOST, Math.max(LEAST, wanted)));
    setVar(work, '--conversation', `${width}px`);
    set(handle, 'aria-valuenow', width);
  };
  set(handle, 'aria-valuemin', LEAST);
  set(handle, 'aria-valuemax', MOST);
  show(width);
  handle.addEventListener('keydown', (event) => {
    const change = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    show(width + change);
    write('conversation', String(width));
  });
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    document.body.classList.add('is-splitting');
  });
  handle.addEventListener('pointermove', (event) => {
    if (handle.hasPointerCapture(event.pointerId)) show(event.clientX - work.getBoundingClientRect().left);
  });
  const end = () => {
    document.body.classList.remove('is-splitting');
    write('conversation', String(width));
  };
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
  handle.addEventListener('dblclick', () => {
    show(START);
    write('conversation', '');
  });
}

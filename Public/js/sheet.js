// @ts-check
// The conversation on a phone: a sheet over the preview with the stops 85 % and full, put away to the peek below the preview.
import { byID, set, setVar } from './dom.js';

/** @typedef {'away'|'most'|'full'} Stop */

/** Pixels that a finger may tremble. */
const TREMBLE = 6;

/**
 * The stop nearest to where a finger let go; a quick throw goes on in its direction. Pure.
 * @param {number} share  How much of the space the sheet fills, 0 to 1.
 * @param {number} speed  Shares a second, upwards positive.
 * @returns {Stop}
 */
export function stopAt(share, speed) {
  const aim = share + speed * 0.2;
  if (aim > 0.925) return 'full';
  return aim > 0.5 ? 'most' : 'away';
}

export class Sheet {
  /**
   * @param {() => void} putAway  Called when the sheet is dragged or sent away.
   * @param {() => void} open  Called when the peek is dragged or pressed.
   */
  constructor(putAway, open) {
    this.putAway = putAway;
    this.open = open;
    this.element = byID('conversation');
    this.handle = byID('sheet-handle');
    /** @type {Stop} */
    this.stop = 'most';
    this.bindHandle();
    this.bindPeek();
    this.followKeyboard();
  }

  /** @param {Stop} stop */
  go(stop) {
    if (stop === 'away') {
      this.stop = 'most';
      this.putAway();
    } else this.stop = stop;
    set(this.element, 'data-stop', this.stop);
    set(this.handle, 'aria-expanded', String(this.stop === 'full'));
  }

  bindHandle() {
    const { handle } = this;
    let startY = 0;
    let startHeight = 0;
    let lastY = 0;
    let lastTime = 0;
    let speed = 0;
    let isDragged = false;
    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      startY = lastY = event.clientY;
      lastTime = event.timeStamp;
      startHeight = this.element.getBoundingClientRect().height;
      speed = 0;
      isDragged = false;
    });
    handle.addEventListener('pointermove', (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const moved = event.clientY - startY;
      if (!isDragged && Math.abs(moved) < TREMBLE) return;
      isDragged = true;
      const time = Math.max(1, event.timeStamp - lastTime);
      speed = (lastY - event.clientY) / this.space / (time / 1000);
      lastY = event.clientY;
      lastTime = event.timeStamp;
      this.element.classList.add('is-dragged');
      setVar(this.element, '--dragged', `${Math.min(this.space, Math.max(60, startHeight - moved))}px`);
    });
    const end = () => {
      if (!isDragged) return;
      this.element.classList.remove('is-dragged');
      this.go(stopAt((startHeight - (lastY - startY)) / this.space, speed));
    };
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
    // A press without a drag: one stop further, and from the last one away.
    handle.addEventListener('click', () => {
      if (isDragged) isDragged = false;
      else this.go(this.stop === 'most' ? 'full' : 'away');
    });
    handle.addEventListener('keydown', (event) => {
      const stop = { ArrowUp: 'full', ArrowDown: this.stop === 'full' ? 'most' : 'away' }[event.key];
      if (!stop) return;
      event.preventDefault();
      this.go(/** @type {Stop} */ (stop));
    });
  }

  /** The peek is the sheet's first stop: pressed or drawn upwards it becomes the sheet. */
  bindPeek() {
    const peek = byID('peek-open');
    let startY = 0;
    peek.addEventListener('click', () => this.open());
    peek.addEventListener('pointerdown', (event) => {
      startY = event.clientY;
      peek.setPointerCapture(event.pointerId);
    });
    peek.addEventListener('pointermove', (event) => {
      if (!peek.hasPointerCapture(event.pointerId) || startY - event.clientY < 24) return;
      peek.releasePointerCapture(event.pointerId);
      this.open();
    });
  }

  /** Pixels that the sheet can fill. */
  get space() {
    return Math.max(1, window.innerHeight - 64 - 54);
  }

  /** Where a browser lays its keyboard over the page, the sheet ends above it. */
  followKeyboard() {
    const view = window.visualViewport;
    if (!view) return;
    const follow = () => {
      const covered = view.scale > 1.05 ? 0 : Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop));
      setVar(document.documentElement, '--keyboard', `${covered}px`);
    };
    view.addEventListener('resize', follow);
    view.addEventListener('scroll', follow);
    follow();
  }
}

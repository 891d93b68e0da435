// @ts-check
// What stands for an app or one of its versions: its picture, or a cover drawn from a colour, a title and a string.
import { h, set, setVar } from './dom.js';
import { VibeString } from './string.js';

/** @typedef {import('./types.js').Look} Look */

/**
 * A picture. One that is there already stays the same node, so that nothing is drawn again.
 * @param {Element} cover  Where it is shown.
 * @param {string} still
 * @param {string} alt
 * @param {() => void} onBroken
 */
export function picture(cover, still, alt, onBroken) {
  const held = cover.querySelector('img');
  if (held?.getAttribute('src') === still) {
    set(held, 'alt', alt);
    return held;
  }
  const image = h('img', { src: still, alt, loading: 'lazy', decoding: 'async', width: 1280, height: 800 });
  image.addEventListener('error', onBroken);
  return image;
}

/**
 * What a drawn cover is made of: title, string, and on a taut one a bead at a place of its own.
 * @param {string} title
 * @param {Look|''} look  Empty: the state is not known.
 * @param {number} seed
 * @returns {(Element|string)[]}
 */
export function drawing(title, look, seed) {
  const string = new VibeString({ height: look === 'asleep' ? 96 : 24, amplitude: 5 });
  string.show({ mode: look === 'asleep' ? 'slack' : look === 'failed' ? 'snapped' : 'taut' });
  return [
    h('span', { class: 'cover-title', 'aria-hidden': 'true' }, title),
    string.element,
    look === 'live' ? bead(seed) : '',
  ];
}

/**
 * The bead on a taut string.
 * @param {number} seed
 */
function bead(seed) {
  const element = h('span', { class: 'cover-bead' });
  setVar(element, '--at', `${25 + (seed % 51)}%`);
  return element;
}

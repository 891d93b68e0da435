// @ts-check
// The status mark: one small string for each status, beside its word, so that colour is never alone.
import { h, s, set, setText } from './dom.js';
import { LOOK_WORDS } from './appsState.js';

/** @typedef {import('./types.js').Look} Look */

/** @type {Record<Look, string[]>} Paths on a 20 by 11 grid. */
const SHAPES = {
  building: ['M1 6.5C2.5 1 4 1 5.5 5.5S8.5 10 10 5.5 13 1 14.5 5.5 17.5 10 19 4.5'],
  live: ['M0 5.5h20'],
  asleep: ['M1 2.5C6 10 14 10 19 2.5'],
  failed: ['M0 7.5h4.5L8 4', 'M12 8.5 14.5 5.5H20'],
};

/**
 * The mark alone.
 * @param {Look} look
 */
export function mark(look) {
  return s(
    'svg',
    { class: 'mark', 'data-look': look, viewBox: '0 0 20 11', width: 20, height: 11, 'aria-hidden': 'true' },
    ...SHAPES[look].map((d) => s('path', { d })),
    look === 'live' ? s('circle', { cx: 10, cy: 5.5, r: 3 }) : null,
  );
}

/**
 * Mark, word and colour.
 * @param {Look} look
 * @param {string} [word]
 */
export function statusLine(look, word = LOOK_WORDS[look]) {
  const line = h('span', { class: 'status', 'data-look': look }, mark(look), h('span', { class: 'status-word' }, word));
  return line;
}

/**
 * Changes a status line in place.
 * @param {Element} line
 * @param {Look} look
 * @param {string} [word]
 */
export function updateStatusLine(line, look, word = LOOK_WORDS[look]) {
  if (line.getAttribute('data-look') !== look) {
    set(line, 'data-look', look);
    line.firstElementChild?.replaceWith(mark(look));
  }
  const element = line.lastElementChild;
  if (element) setText(element, word);
}

/** The string of the logo: plucked to a V. */
export function logo() {
  return s(
    'svg',
    { class: 'logo', viewBox: '0 0 38 18', width: 38, height: 18, 'aria-hidden': 'true' },
    s('path', { d: 'M1.5 3h9.5l8 12.5L27 3h9.5' }),
  );
}

// @ts-check
// The number of live apps on flaps: only changed digits turn, at most one turn a quarter of a second, straight to the newest.
import { h, set, setText } from './dom.js';

const PAUSE = 250;
const DIGITS = 4;

/**
 * The digits that are shown, and which of them are leading zeros.
 * @param {number} value
 */
export function flapsOf(value) {
  const text = String(Math.max(0, Math.floor(value)));
  const padded = text.padStart(DIGITS, '0');
  const zeros = padded.length - (text === '0' ? 0 : text.length);
  return [...padded].map((digit, index) => ({ digit, isLeading: index < zeros }));
}

/** A row of flaps that shows a number. */
export class FlipCounter {
  /**
   * @param {HTMLElement} row  Holds the flaps; hidden from assistive technology.
   * @param {HTMLElement} text  Says the number.
   */
  constructor(row, text) {
    this.row = row;
    this.text = text;
    /** @type {number|null} */
    this.wanted = null;
    /** @type {number|null} */
    this.shown = null;
    this.turnedAt = -Infinity;
    /** @type {number|undefined} */
    this.timer = undefined;
    // Zeros from the start, so that nothing moves when the number comes.
    flapsOf(0).forEach(({ digit }) => turnFlap(row.appendChild(flap()), digit, true, false));
  }

  /** @param {number} value */
  show(value) {
    this.wanted = value;
    setText(this.text, String(value));
    set(this.row, 'data-value', value);
    if (this.timer !== undefined) return;
    const wait = this.turnedAt + PAUSE - performance.now();
    if (wait <= 0) this.turn();
    else {
      this.timer = window.setTimeout(() => {
        this.timer = undefined;
        this.turn();
      }, wait);
    }
  }

  turn() {
    if (this.wanted === null || this.wanted === this.shown) return;
    const isFirst = this.shown === null;
    this.shown = this.wanted;
    this.turnedAt = performance.now();
    const flaps = flapsOf(this.shown);
    while (this.row.childElementCount > flaps.length) this.row.firstElementChild?.remove();
    while (this.row.childElementCount < flaps.length) this.row.prepend(flap());
    flaps.forEach(({ digit, isLeading }, index) => {
      turnFlap(/** @type {HTMLElement} */ (this.row.children[index]), digit, isLeading, !isFirst);
    });
  }
}

/** A flap: two standing halves, and two that turn. */
export function flap() {
  return h(
    'span',
    { class: 'flap', 'data-digit': '' },
    h('span', { class: 'flap-half flap-top' }),
    h('span', { class: 'flap-half flap-bottom' }),
    h('span', { class: 'flap-half flap-top flap-leaf' }),
    h('span', { class: 'flap-half flap-bottom flap-leaf' }),
  );
}

/**
 * @param {HTMLElement} element
 * @param {string} digit
 * @param {boolean} isLeading
 * @param {boolean} turns
 */
export function turnFlap(element, digit, isLeading, turns) {
  const before = element.dataset.digit;
  element.classList.toggle('is-leading', isLeading);
  if (before === digit) return;
  element.dataset.digit = digit;
  const [top, bottom, leafTop, leafBottom] = /** @type {HTMLElement[]} */ ([...element.children]);
  // The digits are drawn by CSS, so that the text beside them is all there is to read.
  set(top, 'data-digit', digit);
  set(bottom, 'data-digit', turns ? before : digit);
  set(leafTop, 'data-digit', before);
  set(leafBottom, 'data-digit', digit);
  element.classList.remove('is-turning');
  if (!turns) return;
  // Reading a size restarts the animation.
  void element.offsetWidth;
  element.classList.add('is-turning');
  leafBottom.addEventListener('animationend', () => finish(element, digit), { once: true });
  if (getComputedStyle(leafBottom).animationName === 'none') finish(element, digit);
}

/**
 * @param {HTMLElement} element
 * @param {string} digit
 */
function finish(element, digit) {
  if (element.dataset.digit !== digit) return;
  set(element.children[1], 'data-digit', digit);
  element.classList.remove('is-turning');
}

// @ts-check
// Text that arrives in bursts and appears evenly: each frame shows a part of what is still behind.

/** @typedef {import('./appState.js').AppState} AppState */
/** @typedef {import('./appState.js').Generation} Generation */

/** After this many milliseconds about two thirds of a burst have appeared. */
const EASE = 140;
/** A frame counts for so many milliseconds at most, so that a burst after a silence is no jump. */
const FRAME_MOST = 50;
/** UTF-16 units that a frame shows at least. */
const LEAST = 2;

/**
 * How many units are to be shown. Pure.
 * @param {number} shown
 * @param {number} held
 * @param {number} passed  Milliseconds since the last frame.
 */
export function nextLength(shown, held, passed) {
  const behind = held - shown;
  if (behind <= 0) return held;
  return Math.min(held, shown + Math.max(LEAST, Math.ceil(behind * (1 - Math.exp(-passed / EASE)))));
}

/** Cuts the running generation's texts to what has appeared. */
export class EvenText {
  /** @param {boolean} isStill  Whether motion is unwanted: then all is shown as it comes. */
  constructor(isStill) {
    this.isStill = isStill;
    this.key = '';
    this.at = 0;
    /** @type {Map<string, number>} Units shown, by stream. */
    this.shown = new Map();
    /** Whether something is still behind after the last call. */
    this.isBehind = false;
  }

  /**
   * @param {AppState} state
   * @param {number} now  Milliseconds of a steady clock.
   * @returns {AppState}  The same object when nothing is behind.
   */
  show(state, now) {
    this.isBehind = false;
    const { generation } = state;
    if (!generation || this.isStill) {
      this.key = '';
      return state;
    }
    const key = `${generation.id} ${generation.attempt}`;
    if (key !== this.key) {
      // What was there before it was looked at is not typed again.
      const isFirst = this.key === '';
      this.key = key;
      this.shown = new Map();
      this.at = now;
      if (isFirst) for (const [name, text] of texts(generation)) this.shown.set(name, text.length);
    }
    const passed = Math.max(0, Math.min(FRAME_MOST, now - this.at));
    this.at = now;
    /** @type {Record<string, string>} */
    const code = {};
    let { chat } = generation;
    for (const [name, text] of texts(generation)) {
      const length = whole(text, nextLength(this.shown.get(name) ?? 0, text.length, passed));
      this.shown.set(name, length);
      if (length < text.length) this.isBehind = true;
      if (name === 'chat') chat = text.slice(0, length);
      else code[name.slice(1)] = text.slice(0, length);
    }
    return this.isBehind ? { ...state, generation: { ...generation, code, chat } } : state;
  }
}

/**
 * @param {Generation} generation
 * @returns {[string, string][]}
 */
function texts({ code, chat }) {
  return [['chat', chat], ...Object.entries(code).map(([path, text]) => /** @type {[string, string]} */ ([`/${path}`, text]))];
}

/**
 * A length that does not cut a surrogate pair.
 * @param {string} text
 * @param {number} length
 */
function whole(text, length) {
  if (length === 0 || length >= text.length) return length;
  const unit = text.charCodeAt(length - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? length + 1 : length;
}

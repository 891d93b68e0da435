// @ts-check
// What the preview says to the page around it. Sender, origin and token are checked, and nothing of the app is trusted: what
// is malformed, too large or too much is left out. Pure but for the window that it listens to.

/**
 * @typedef {'log'|'warn'|'error'} Level
 * @typedef {{level: Level, text: string, path?: string, line?: number}} Entry  What the app logged or threw.
 */

/** @typedef {import('./types.js').Limits} Limits */

/**
 * @typedef {object} BridgeOptions
 * @property {() => {postMessage: (message: any, origin: string) => void}|null} frame  The preview's window.
 * @property {() => string} origin  Where the preview answers.
 * @property {() => number} now  Milliseconds.
 * @property {() => string} token  A new secret.
 * @property {() => Limits|null} limits  As the server has said them; without them nothing is passed on.
 * @property {(entries: Entry[]) => void} [onConsole]
 * @property {(x: number, y: number) => void} [onPointer]  x as a fraction of the width, y in pixels of the document.
 * @property {(y: number) => void} [onScroll]  How far the document is scrolled, in pixels.
 */

/** @type {readonly string[]} */
export const LEVELS = ['log', 'warn', 'error'];
/** Messages a second that this page looks at. */
const MESSAGES_A_SECOND = 100;

export class PreviewBridge {
  /** @param {BridgeOptions} options */
  constructor(options) {
    this.options = options;
    /** Of the document that said hello last; the ones before it are not heard any more. */
    this.token = '';
    this.second = -Infinity;
    this.messages = 0;
    this.entries = 0;
  }

  /**
   * To be called with every message that comes to the page.
   * @param {{source: any, origin: string, data: any}} event
   * @returns {boolean}  Whether it was the preview's and made sense.
   */
  receive({ source, origin, data }) {
    const frame = this.options.frame();
    if (!frame || source !== frame || origin !== this.options.origin()) return false;
    if (typeof data !== 'object' || data === null || data.source !== 'vibe-preview') return false;
    if (!this.isInTime()) return false;
    if (data.type === 'hello?') {
      this.token = this.options.token();
      frame.postMessage({ source: 'vibe-page', type: 'hello', token: this.token }, origin);
      return true;
    }
    if (this.token === '' || data.token !== this.token) return false;
    const limits = this.options.limits();
    if (!limits) return false;
    switch (data.type) {
      case 'ready':
        return true;
      case 'console':
        return this.passEntries(data.entries, limits);
      case 'pointer':
        if (!isWithin(data.x, limits.cursor_x) || !isWithin(data.y, limits.cursor_y)) return false;
        this.options.onPointer?.(data.x, data.y);
        return true;
      case 'scroll':
        if (!isWithin(data.y, limits.cursor_y)) return false;
        this.options.onScroll?.(data.y);
        return true;
      default:
        return false;
    }
  }

  /** Counts a message; false when there are too many within a second. */
  isInTime() {
    const now = this.options.now();
    if (now - this.second >= 1_000) {
      this.second = now;
      this.messages = 0;
      this.entries = 0;
    }
    this.messages += 1;
    return this.messages <= MESSAGES_A_SECOND;
  }

  /**
   * @param {any} raw
   * @param {Limits} limits
   */
  passEntries(raw, limits) {
    if (!Array.isArray(raw)) return false;
    const left = limits.console_lines_per_second - this.entries;
    const entries = raw.slice(0, limits.console_entries).map((entry) => toEntry(entry, limits)).filter(isThere).slice(0, left);
    this.entries += entries.length;
    if (entries.length > 0) this.options.onConsole?.(entries);
    return entries.length > 0;
  }
}

/**
 * @param {any} raw
 * @param {Limits} limits
 * @returns {Entry|null}
 */
function toEntry(raw, limits) {
  if (typeof raw !== 'object' || raw === null || !LEVELS.includes(raw.level)) return null;
  if (typeof raw.text !== 'string' || raw.text.trim() === '') return null;
  /** @type {Entry} */
  const entry = { level: raw.level, text: cut(raw.text, limits.console_text_characters) };
  if (typeof raw.path === 'string' && raw.path !== '') entry.path = cut(raw.path, limits.console_path_characters);
  if (Number.isInteger(raw.line) && raw.line >= 1 && raw.line <= limits.console_line_number) entry.line = raw.line;
  return entry;
}

/**
 * At most so many UTF-16 units, without half a surrogate pair at the end.
 * @param {string} text
 * @param {number} limit
 */
export function cut(text, limit) {
  if (text.length <= limit) return text;
  const end = /[\uD800-\uDBFF]/.test(text[limit - 2]) ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}

/**
 * @template Value
 * @param {Value|null} value
 * @returns {value is Value}
 */
function isThere(value) {
  return value !== null;
}

/**
 * @param {any} value
 * @param {number} limit
 */
function isWithin(value, limit) {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= limit;
}

/** A secret of 128 bits. */
export function newToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// @ts-check
// The pointers of others: when one's own is told of, and where those of others are drawn. Pure: no page, no clock.

/** @typedef {import('./types.js').ClientInfo} ClientInfo */
/** @typedef {'preview'|'code'} Surface */
/** @typedef {{surface: Surface, x: number, y: number, at: number, info: ClientInfo}} Cursor */

/** Between two publications, in milliseconds: 20 a second. */
export const SEND_PAUSE = 50;
/** Pixels that are worth telling. */
export const LEAST_MOVE = 2;
/** How long a still pointer keeps its name, and how long it stays at all. */
export const NAME_SHOWN = 2_000;
export const ARROW_SHOWN = 10_000;
/** Pointers that are drawn. */
export const MOST_CURSORS = 12;
/** How far a chip for a pointer outside stays from the edge. */
const EDGE = 14;

/** Tells of one's own pointer: not too often, and not for nothing. */
export class CursorSender {
  /**
   * @param {object} options
   * @param {(data: {surface: Surface, x: number, y: number}) => void} options.publish
   * @param {() => boolean} options.isWorthIt  Whether anybody would see it.
   * @param {() => import('./types.js').Limits|null} options.limits  As the server has said them.
   * @param {() => number} options.now  Milliseconds.
   * @param {(run: () => void, milliseconds: number) => any} options.later
   */
  constructor({ publish, isWorthIt, limits, now, later }) {
    this.publish = publish;
    this.isWorthIt = isWorthIt;
    this.limits = limits;
    this.now = now;
    this.later = later;
    this.sentAt = -Infinity;
    /** @type {{surface: Surface, x: number, y: number}|null} */
    this.sent = null;
    /** @type {{surface: Surface, x: number, y: number, width: number}|null} */
    this.wanted = null;
    this.isWaiting = false;
  }

  /**
   * @param {Surface} surface
   * @param {number} x  As a fraction of the width.
   * @param {number} y  In pixels of the document.
   * @param {number} width  Of the surface, in pixels.
   */
  move(surface, x, y, width) {
    const limits = this.limits();
    if (!limits || !Number.isFinite(x) || !Number.isFinite(y)) return;
    const { cursor_x: farX, cursor_y: farY } = limits;
    this.wanted = { surface, x: clamp(x, -farX, farX), y: clamp(y, -farY, farY), width };
    if (!this.isWaiting) this.send();
  }

  send() {
    const { wanted, sent } = this;
    this.isWaiting = false;
    if (!wanted || !this.isWorthIt()) return;
    if (sent && sent.surface === wanted.surface) {
      const distance = Math.hypot((wanted.x - sent.x) * wanted.width, wanted.y - sent.y);
      if (distance <= LEAST_MOVE) return;
    }
    const wait = this.sentAt + SEND_PAUSE - this.now();
    if (wait > 0) {
      this.isWaiting = true;
      this.later(() => this.send(), wait);
      return;
    }
    this.sentAt = this.now();
    this.sent = { surface: wanted.surface, x: round(wanted.x, 1e4), y: round(wanted.y, 10) };
    this.publish(this.sent);
  }
}

/**
 * A pointer as it was published; `null` for anything else.
 * @param {any} data
 * @param {ClientInfo|undefined} info
 * @param {number} now
 * @returns {Cursor|null}
 */
export function toCursor(data, info, now) {
  if (!info || (data?.surface !== 'preview' && data?.surface !== 'code')) return null;
  const { surface, x, y } = data;
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) return null;
  return { surface, x, y, at: now, info };
}

/**
 * Those that are drawn on a surface: the newest, while they are fresh enough.
 * @param {Iterable<Cursor>} cursors
 * @param {Surface} surface
 * @param {number} now
 */
export function cursorsOn(cursors, surface, now) {
  return [...cursors]
    .filter((cursor) => cursor.surface === surface && now - cursor.at < ARROW_SHOWN)
    .sort((one, other) => other.at - one.at)
    .slice(0, MOST_CURSORS);
}

/**
 * Where a pointer is drawn: at its place, or as a chip at the edge that is nearest to it.
 * @param {{x: number, y: number}} cursor
 * @param {{width: number, height: number, scrollTop: number, scrollLeft?: number, fullWidth?: number}} view
 * `width` and `height` are seen; x is a fraction of `fullWidth`, or else of `width`.
 * @returns {{x: number, y: number, edge: ''|'top'|'bottom'|'left'|'right'}}
 */
export function place({ x, y }, { width, height, scrollTop, scrollLeft = 0, fullWidth = width }) {
  const left = x * fullWidth - scrollLeft;
  const top = y - scrollTop;
  const edge = top < 0 ? 'top' : top > height ? 'bottom' : left < 0 ? 'left' : left > width ? 'right' : '';
  if (edge === '') return { x: left, y: top, edge };
  return { x: clamp(left, EDGE, width - EDGE), y: clamp(top, EDGE, height - EDGE), edge };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}

/**
 * @param {number} value
 * @param {number} grain
 */
function round(value, grain) {
  return Math.round(value * grain) / grain;
}

// @ts-check
// What fails between page and server, and when it is tried again.

const SHORTEST_DELAY = 500;
const LONGEST_DELAY = 20_000;

/** An error answer of the server, or a call that got none. */
export class RealtimeError extends Error {
  /**
   * @param {number} code  As the protocol has it; 0 without a connection, 1 when no answer came in time.
   * @param {string} message  The code's name; never shown where `reason` says more.
   * @param {boolean} temporary  Whether the same call may succeed later.
   * @param {number} [retryAfter]  Seconds until then; 0 where nobody knows.
   * @param {import('./types.js').Meaning|null} [reason]  What a method refused, or this page's own trouble.
   */
  constructor(code, message, temporary, retryAfter = 0, reason = null) {
    super(message);
    this.name = 'RealtimeError';
    this.code = code;
    this.temporary = temporary;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }
}

/**
 * Trouble of this page's own: nothing was answered.
 * @param {'no_connection'|'connection_lost'|'no_answer'|'unreachable'|'unreachable_text_kept'} code
 */
export function troubleOf(code) {
  return new RealtimeError(code === 'no_answer' ? 1 : 0, code, true, 0, { code });
}

/**
 * Whether a closed connection is tried again: not after 3500 to 3999 and 4500 to 4999.
 * @param {number} code
 */
export function reconnectsAfter(code) {
  return !((code >= 3500 && code <= 3999) || (code >= 4500 && code <= 4999));
}

/**
 * The delay before a try, in milliseconds: doubles, with chance, from 0.5 to 20 seconds.
 * @param {number} attempt  From 0.
 * @param {number} random
 */
export function backoff(attempt, random) {
  const most = Math.min(LONGEST_DELAY, SHORTEST_DELAY * 2 ** Math.min(attempt + 1, 16));
  return Math.round(SHORTEST_DELAY + random * (most - SHORTEST_DELAY));
}

// @ts-check
// A server that takes nothing more for some seconds: what is said, how long, and that nothing is sent meanwhile.
import { RealtimeError } from './failure.js';
import { REFUSALS, refusalSentence } from './sentences.js';

/** Seconds where the server names none. */
const USUAL = 5;
const LONGEST = 3_600;

/**
 * @typedef {object} PauseOptions
 * @property {(title: string, rest: string) => void} show  Says it; called again with each second.
 * @property {() => void} hide
 * @property {(listener: (now: number) => void) => () => void} everyTick
 * @property {() => number} now  Milliseconds.
 */

export class SendPause {
  /** @param {PauseOptions} options */
  constructor(options) {
    this.options = options;
    this.until = -Infinity;
    this.title = '';
    /** @type {(() => void)|null} */
    this.stopClock = null;
    /** Called with each second, and when it is over. */
    this.onChange = () => {};
    this.shown = 0;
  }

  /** Whole seconds that are left; 0 when something may be sent. */
  get left() {
    return Math.max(0, Math.ceil((this.until - this.options.now()) / 1000));
  }

  /**
   * Begins where a refusal says that there was too much.
   * @param {unknown} error
   * @returns {boolean}  False for any other error.
   */
  take(error) {
    if (!(error instanceof RealtimeError) || !isLimit(error)) return false;
    this.title = error.reason ? refusalSentence(error.reason) : REFUSALS.too_many_requests({ code: 'too_many_requests' });
    const seconds = error.retryAfter > 0 ? Math.min(error.retryAfter, LONGEST) : USUAL;
    this.until = this.options.now() + seconds * 1000;
    this.shown = 0;
    this.stopClock ??= this.options.everyTick(() => this.tick());
    this.tick();
    return true;
  }

  tick() {
    const { left } = this;
    if (left > 0) {
      this.options.show(this.title, `You can send again in ${left} s.`);
    } else {
      this.stopClock?.();
      this.stopClock = null;
      this.options.hide();
    }
    if (left === this.shown) return;
    this.shown = left;
    this.onChange();
  }
}

/**
 * Whether the same may be sent later, and only then: 111 and 429, and what says when.
 * @param {RealtimeError} error
 */
function isLimit({ code, retryAfter }) {
  return code === 111 || code === 429 || retryAfter > 0;
}

/**
 * The refusal of an HTTP call.
 * @param {Response} response
 * @param {any} answer  Its body, if that was JSON.
 */
export function refusalOf(response, answer) {
  const { status } = response;
  const unnamed = status === 429 ? { code: 'too_many_requests' } : { code: 'http_error', status };
  const reason = typeof answer?.error?.code === 'string' ? answer.error : unnamed;
  const seconds = Number(response.headers.get('Retry-After') ?? 0);
  const isTemporary = status === 429 || status === 503;
  return new RealtimeError(status, reason.code, isTemporary, Number.isInteger(seconds) ? seconds : 0, reason);
}

// @ts-check
// The one polite voice of the page, and an assertive one for errors. Never tokens, counters, typing or joins.
import { byID } from './dom.js';

const PHASE_PAUSE = 5_000;

export class Announcer {
  constructor() {
    this.polite = byID('announcer');
    this.assertive = byID('alarm');
    this.phaseSaidAt = -Infinity;
    /** @type {Set<string>} */
    this.said = new Set();
  }

  /** @param {string} text */
  say(text) {
    this.polite.textContent = text;
  }

  /**
   * Says a step of the build, at most one in five seconds.
   * @param {string} text
   */
  sayPhase(text) {
    const now = performance.now();
    if (now - this.phaseSaidAt < PHASE_PAUSE) return;
    this.phaseSaidAt = now;
    this.say(text);
  }

  /**
   * Says an error, once.
   * @param {string} text
   */
  alarm(text) {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.assertive.textContent = text;
  }
}

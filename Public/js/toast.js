// @ts-check
// What just happened, at the bottom right, one at a time, for six seconds; with one thing to do about it.
import { byID, h } from './dom.js';

/** @typedef {import('./announcer.js').Announcer} Announcer */

const SHOWN = 6_000;

export class Toasts {
  /** @param {Announcer} announcer */
  constructor(announcer) {
    this.announcer = announcer;
    this.element = byID('toast');
    /** @type {number|undefined} */
    this.timer = undefined;
  }

  /**
   * @param {string} text
   * @param {{word: string, run: () => void}} [action]
   */
  show(text, action) {
    const button = action &&
      h(
        'button',
        {
          class: 'toast-action',
          type: 'button',
          onclick: () => {
            this.hide();
            action.run();
          },
        },
        action.word,
      );
    this.element.replaceChildren(h('span', {}, text), button ?? '');
    this.element.hidden = false;
    this.announcer.say(text);
    this.hideLater();
  }

  hide() {
    window.clearTimeout(this.timer);
    this.element.hidden = true;
  }

  hideLater() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      // Not from under somebody's pointer or focus.
      if (this.element.matches(':hover, :focus-within')) this.hideLater();
      else this.hide();
    }, SHOWN);
  }
}

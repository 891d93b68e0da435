// @ts-check
// One line that says what happened, and may offer one thing to do about it. One at a time, for six seconds.
import { byID, h, setText } from './dom.js';

const SHOWN = 6_000;

export class Toast {
  /** @param {(text: string) => void} say  Tells those who do not see it. */
  constructor(say) {
    this.say = say;
    this.element = byID('toast');
    this.text = /** @type {Element} */ (this.element.firstElementChild);
    /** @type {number|undefined} */
    this.timer = undefined;
    // Nothing goes away under the pointer or the focus.
    for (const type of ['pointerenter', 'focusin']) {
      this.element.addEventListener(type, () => window.clearTimeout(this.timer));
    }
    for (const type of ['pointerleave', 'focusout']) this.element.addEventListener(type, () => this.wait());
  }

  /**
   * @param {string} text
   * @param {{label: string, run: () => void}} [offer]
   */
  show(text, offer) {
    setText(this.text, text);
    this.element.replaceChildren(
      this.text,
      offer
        ? h('button', {
          class: 'toast-action',
          type: 'button',
          onclick: () => {
            this.element.hidden = true;
            offer.run();
          },
        }, offer.label)
        : '',
    );
    this.element.hidden = false;
    this.say(text);
    this.wait();
  }

  wait() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.element.hidden = true), SHOWN);
  }
}

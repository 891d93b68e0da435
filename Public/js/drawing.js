// @ts-check
// When the app page is drawn: the running texts in each frame while something of them is behind, all else less often.
import { EvenText } from './evenText.js';
import { EMPTY_PAGE_STATE, onlyTextsGrew } from './pageState.js';

/** @typedef {import('./pageState.js').PageState} PageState */

/** While texts run, all but the texts is shown so often, in milliseconds: less than two ticks. */
const WHOLE_EVERY = 190;

export class Drawing {
  /**
   * @param {object} views
   * @param {() => PageState|null} views.latest  What is to be shown with the next frame; `null` where that is asked for anyway.
   * @param {(state: PageState) => void} views.showTexts  Shows the running texts, and nothing else.
   * @param {(state: PageState, held: PageState) => void} views.showWhole  Shows `held`, its texts as far as in `state`.
   */
  constructor(views) {
    this.views = views;
    this.even = new EvenText(window.matchMedia('(prefers-reduced-motion: reduce)').matches);
    this.isNextFrameAsked = false;
    /** What was shown as a whole last, and when. */
    this.whole = EMPTY_PAGE_STATE;
    this.wholeAt = -Infinity;
    /** Whether only texts were shown since. */
    this.isBehind = false;
  }

  /**
   * Shows what has appeared of the running texts, and goes on with the next frame while something is behind.
   * @param {PageState} held
   */
  show(held) {
    const now = performance.now();
    const state = { ...held, app: this.even.show(held.app, now) };
    if (this.even.isBehind) this.askForNextFrame();
    this.isBehind = now - this.wholeAt < WHOLE_EVERY && onlyTextsGrew(held, this.whole);
    if (this.isBehind) {
      this.views.showTexts(state);
      return;
    }
    this.whole = held;
    this.wholeAt = now;
    this.views.showWhole(state, held);
  }

  askForNextFrame() {
    if (this.isNextFrameAsked) return;
    this.isNextFrameAsked = true;
    requestAnimationFrame(() => {
      this.isNextFrameAsked = false;
      const held = this.views.latest();
      if (held) this.show(held);
    });
  }

  /**
   * Shows the whole where that is due: a text that stands still asks for no frame.
   * @param {PageState} held
   */
  catchUp(held) {
    if (this.isBehind && performance.now() - this.wholeAt >= WHOLE_EVERY) this.show(held);
  }
}

// @ts-check
// The conversation: all turns, oldest first, following its end while its reader is there.
import { byID } from './dom.js';
import { turnsOf } from './turns.js';
import { PinnedScroll, whenWritten } from './scroll.js';
import { TurnView } from './turnView.js';

/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./pageState.js').PageState} PageState */

/** Turns in the page at first, and more with each wish. */
const WINDOW = 40;

export class Conversation {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.log = byID('log');
    this.turns = byID('turns');
    this.earlier = /** @type {HTMLButtonElement} */ (byID('earlier'));
    this.scroll = new PinnedScroll(this.log, /** @type {HTMLButtonElement} */ (byID('new-below')));
    /** @type {Map<string, TurnView>} */
    this.views = new Map();
    /** Heights as last measured. */
    this.size = 0;
    this.height = 0;
    this.limit = WINDOW;
    this.count = 0;
    this.isAsked = false;
    this.earlier.addEventListener('click', () => void this.showEarlier());
  }

  async showEarlier() {
    const { log } = this;
    const fromEnd = log.scrollHeight - log.scrollTop;
    this.limit += WINDOW;
    this.isAsked = true;
    await this.context.actions.showEarlier(this.limit);
    this.isAsked = false;
    // What was read stays where it is.
    log.scrollTop = log.scrollHeight - fromEnd;
    this.scroll.button.hidden = true;
  }

  /**
   * @param {PageState} state
   * @param {{now: number, rate: number}} pace
   */
  show(state, pace) {
    const all = turnsOf(state.app);
    // Who follows the end has no use for what lies far above.
    if (this.scroll.isPinned && !this.isAsked && all.length > this.count) this.limit = WINDOW;
    this.count = all.length;
    const turns = all.slice(-this.limit);
    const ids = new Set(turns.map((turn) => turn.id));
    for (const [id, view] of this.views) {
      if (ids.has(id)) continue;
      view.element.remove();
      this.views.delete(id);
    }
    // Steps of turns that are over go while they are far above who follows the end.
    const folds = this.scroll.isPinned && this.size > 2 * this.height;
    let next = this.turns.firstElementChild;
    for (const turn of turns) {
      let view = this.views.get(turn.id);
      if (!view) {
        view = new TurnView(turn, this.context);
        this.views.set(turn.id, view);
      }
      if (view.element === next) next = next.nextElementSibling;
      else this.turns.insertBefore(view.element, next);
      view.show(turn, state, pace, folds);
    }
    this.earlier.hidden = !state.app.more && turns.length === all.length;
    whenWritten(() => this.follow());
  }

  /**
   * Shows what has come of the running turn's explanation, and nothing else.
   * @param {PageState} state
   */
  showText({ app }) {
    const running = this.views.get(app.generation?.messageID ?? '');
    if (running?.showStreamed(app)) whenWritten(() => this.follow());
  }

  follow() {
    const size = this.log.scrollHeight;
    this.height = this.log.clientHeight;
    this.scroll.follow(size > this.size);
    this.size = size;
  }

  /**
   * @param {PageState} state
   * @param {{now: number, rate: number}} pace
   */
  tick(state, pace) {
    for (const view of this.views.values()) view.tick(pace, state.app);
  }
}

// @ts-check
// An app in the gallery. A card is made once and changed in place.
import { drawing, picture } from './cover.js';
import { h, set, setText } from './dom.js';
import { age, counted, elapsed } from './format.js';
import { icon } from './icons.js';
import { statusLine, updateStatusLine } from './marks.js';
import { avatar, COLOURS, hash, listNames } from './people.js';
import { isWaking, lookOf, statusWord } from './appsState.js';
import { progressOf, VibeString } from './string.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Look} Look */

const JUST = 10_000;
const TAIL = 6;

/** @type {Record<string, string>} */
export const STEP_WORDS = {
  queued: 'Queued',
  sandbox: 'Sandbox',
  generating: 'Generating',
  writing: 'Writing',
  bundling: 'Bundling',
  repairing: 'Repairing',
};

/**
 * The title, or what stands for it.
 * @param {App} app
 */
export function titleOf(app) {
  return app.title || app.prompt || 'Untitled';
}

export class Card {
  /**
   * @param {App} app
   * @param {boolean} isFeatured  In the featured grid: a star tab, and authors on the first.
   */
  constructor(app, isFeatured) {
    this.app = app;
    this.isFeatured = isFeatured;
    /** @type {Look|''} */
    this.look = '';
    this.buildingSince = 0;
    this.liveSince = 0;
    /** A picture that could not be shown: its cover is drawn. */
    this.brokenStill = '';
    this.cover = h('div', { class: 'cover' });
    this.title = h('a', { class: 'card-link' });
    this.prompt = h('p', { class: 'card-prompt' });
    this.authors = h('p', { class: 'card-authors' });
    this.status = statusLine(lookOf(app), statusWord(app));
    this.viewerCount = h('span', {});
    this.viewers = h(
      'span',
      { class: 'card-viewers' },
      icon('eye', 16),
      this.viewerCount,
      h('span', { class: 'visually-hidden' }, ' watching'),
    );
    this.age = h('span', { class: 'card-age' });
    this.element = h(
      'li',
      { class: 'card', 'data-testid': 'card', 'data-app-id': app.id },
      this.cover,
      isFeatured
        ? h('span', { class: 'star-tab' }, icon('star', 14), h('span', { class: 'visually-hidden' }, 'Featured'))
        : null,
      h('h3', { class: 'card-title' }, this.title),
      isFeatured ? this.prompt : null,
      isFeatured ? this.authors : null,
      h('p', { class: 'card-facts' }, this.status, this.viewers, this.age),
    );
    /** @type {VibeString|null} */
    this.string = null;
    this.tailText = h('span', {});
    this.tail = h('pre', { class: 'cover-tail' }, this.tailText, h('span', { class: 'caret' }));
    this.step = h('span', { class: 'cover-step' });
    this.time = h('span', { class: 'cover-time' });
    this.update(app);
  }

  /** @param {App} app */
  update(app) {
    // What wakes keeps its picture; a turn that wakes its app goes on being built.
    const wakes = isWaking(app) && this.look !== 'building';
    const look = wakes ? 'asleep' : lookOf(app);
    const before = this.look;
    const now = Date.now();
    this.app = app;
    if (look === 'building' && before !== 'building') {
      this.buildingSince = before === '' && app.versions === 0 ? Date.parse(app.created_at) || now : now;
    }
    this.liveSince = look === 'live' && before === 'building' ? now : look === 'live' ? this.liveSince : 0;
    const title = titleOf(app);
    setText(this.title, title);
    set(this.title, 'href', `/app/${encodeURIComponent(app.id)}`);
    set(this.element, 'data-look', look);
    set(this.element, 'data-status', app.status);
    updateStatusLine(this.status, lookOf(app), wakes || look !== 'building' ? statusWord(app) : undefined);
    setText(this.viewerCount, String(app.viewers));
    this.viewers.hidden = app.viewers === 0;
    if (this.isFeatured) this.describe();
    this.look = look;
    this.drawCover(look !== before);
    this.tick(now);
  }

  describe() {
    const { app } = this;
    setText(this.prompt, app.prompt === app.title ? '' : app.prompt);
    const names = app.authors.map((author) => author.name || 'Someone');
    const key = JSON.stringify([names, app.versions]);
    if (this.authors.dataset.shown === key) return;
    this.authors.dataset.shown = key;
    const versions = app.versions > 0 ? counted(app.versions, 'version', 'versions') : '';
    const squares = app.authors.slice(0, 4).map((author) =>
      avatar(author.name || 'Someone', hash(author.user_id || author.name) % COLOURS)
    );
    this.authors.replaceChildren(...squares, [listNames(names), versions].filter(Boolean).join(', '));
  }

  /** @param {boolean} isOther  Whether another kind of cover is needed. */
  drawCover(isOther) {
    const { app, cover, look } = this;
    if (look === 'building') {
      this.string ??= new VibeString({ height: 14, amplitude: 5, wavelength: 13 });
      if (isOther) {
        cover.replaceChildren(this.tail, h('div', { class: 'cover-build', 'aria-hidden': 'true' }, this.step, this.string.element, this.time));
        set(cover, 'data-kind', 'building');
        set(cover, 'data-person', null);
      }
      const lines = withoutMargin((app.tail ?? []).slice(-TAIL));
      this.tail.classList.toggle('is-prompt', lines.length === 0);
      setText(this.tailText, lines.length > 0 ? lines.join('\n') : app.prompt);
      setText(this.step, STEP_WORDS[app.phase] ?? 'Building');
      this.string.show({ mode: 'wave', progress: progressOf(app.phase, 60), rate: 60 });
      return;
    }
    const colour = hash(app.authors[0]?.user_id || app.id) % COLOURS;
    const still = app.still && app.still !== this.brokenStill ? app.still : '';
    const kind = still ? 'still' : 'drawn';
    const key = `${kind} ${look} ${still} ${titleOf(app)}`;
    if (!isOther && cover.dataset.key === key) return;
    cover.dataset.key = key;
    set(cover, 'data-kind', kind);
    set(cover, 'data-person', colour);
    const strip = look === 'failed' ? h('span', { class: 'cover-strip' }, icon('warn', 16), 'Did not build') : '';
    if (!still) {
      cover.replaceChildren(...drawing(titleOf(app), look, hash(app.id)), strip);
      return;
    }
    const shown = picture(cover, still, `Picture of ${titleOf(app)}`, () => {
      if (this.app.still !== still) return;
      this.brokenStill = still;
      this.drawCover(true);
    });
    cover.replaceChildren(shown, strip);
  }

  /**
   * Shows what goes with time.
   * @param {number} now
   */
  tick(now) {
    if (this.look === 'building') setText(this.time, elapsed(now - this.buildingSince));
    const isJustLive = this.liveSince > 0 && now - this.liveSince < JUST;
    this.element.classList.toggle('is-just-live', isJustLive);
    const said = this.look === 'building'
      ? 'now'
      : isJustLive
      ? 'just live'
      : age(this.app.updated_at || this.app.created_at, now);
    setText(this.age, said);
  }
}

/**
 * Lines of code without the white space that all of them begin with.
 * @param {string[]} lines
 */
export function withoutMargin(lines) {
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const margin = margins.length > 0 ? Math.min(...margins) : 0;
  return lines.map((line) => line.slice(Math.min(margin, line.length - line.trimStart().length)));
}

// @ts-check
// The console under the preview: what the app logged and threw in every browser, newest last.
import { byID, h, reconcile, set, setText } from './dom.js';
import { errorsOf } from './consoleState.js';
import { clockTime } from './format.js';
import { icon } from './icons.js';
import { listNames, shownName } from './people.js';
import { PinnedScroll } from './scroll.js';
import { shortPath } from './errorCard.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./consoleState.js').ConsoleLine} ConsoleLine */
/** @typedef {import('./previewBridge.js').Level} Level */

const ICONS = { log: 'info', warn: 'warn', error: 'warn' };
const WORDS = { log: 'Log', warn: 'Warning', error: 'Error' };

export class ConsoleDrawer {
  /**
   * @param {Context} context
   * @param {() => void} onClear
   * @param {() => void} onOpen  Runs when it opens.
   */
  constructor(context, onClear, onOpen) {
    this.context = context;
    this.onOpen = onOpen;
    this.element = byID('console');
    this.lines = byID('console-lines');
    this.empty = byID('console-empty');
    this.scroll = new PinnedScroll(byID('console-scroll'), /** @type {HTMLButtonElement} */ (byID('console-below')));
    /** @type {Level|''} */
    this.filter = '';
    this.size = 0;
    /** @type {PageState|null} */
    this.state = null;
    this.toggles = ['console-toggle', 'console-toggle-small'].map((id) => {
      const button = /** @type {HTMLButtonElement} */ (byID(id));
      const count = h('span', { class: 'console-count' });
      button.append(icon('cons'), h('span', {}, 'Console'), count);
      button.addEventListener('click', () => {
        // On small screens it is in the bar's menu, which closes.
        if (id === 'console-toggle-small') byID('bar-menu').click();
        this.toggle(button);
      });
      return { button, count };
    });
    byID('console-icon').append(icon('cons', 16));
    byID('console-clear').addEventListener('click', onClear);
    byID('console-close').append(icon('x', 16));
    byID('console-close').addEventListener('click', () => this.close());
    this.filters = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('#console-levels [data-level]')]);
    for (const button of this.filters) {
      button.addEventListener('click', () => this.choose(/** @type {Level|''} */ (button.dataset.level ?? '')));
    }
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    /** @type {HTMLElement|null} Where the focus goes when it closes. */
    this.opener = null;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @param {HTMLElement} [opener] */
  toggle(opener) {
    if (this.isOpen) this.close();
    else this.open(opener);
  }

  /** @param {HTMLElement} [opener] */
  open(opener) {
    this.opener = opener ?? null;
    this.onOpen();
    this.element.hidden = false;
    if (this.state) this.show(this.state);
    this.scroll.pin();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    if (this.state) this.show(this.state);
    if (hadFocus) (this.opener?.offsetParent ? this.opener : this.toggles[0].button).focus();
  }

  /** @param {Level|''} level  Empty for all. */
  choose(level) {
    this.filter = level;
    for (const button of this.filters) set(button, 'aria-pressed', String(button.dataset.level === level));
    if (this.state) this.show(this.state);
    this.scroll.pin();
  }

  /** @param {PageState} state */
  show(state) {
    this.state = state;
    const { lines } = state.console;
    const errors = errorsOf(state.console, state.app.preview?.version ?? 0).length;
    for (const { button, count } of this.toggles) {
      button.hidden = !state.app.preview;
      set(button, 'aria-expanded', String(this.isOpen));
      set(button, 'aria-label', errors > 0 ? `Console, ${errors} ${errors === 1 ? 'error' : 'errors'}` : null);
      count.classList.toggle('is-error', errors > 0);
      setText(count, errors > 0 ? String(errors) : lines.length > 0 ? String(lines.length) : '');
    }
    if (!this.isOpen) return;
    const shown = this.filter === '' ? lines : lines.filter((line) => line.level === this.filter);
    this.empty.hidden = shown.length > 0;
    setText(this.empty, lines.length === 0 ? 'Nothing was logged since you came.' : 'Nothing of that kind.');
    reconcile(
      this.lines,
      shown,
      (line) => line.id,
      (line) => this.row(line),
      (element, line) => this.update(element, line),
    );
    this.scroll.follow(shown.length > this.size);
    this.size = shown.length;
  }

  /** @param {ConsoleLine} line */
  row(line) {
    const { actions } = this.context;
    const place = line.path === '' ? '' : `${shortPath(line.path)}${line.line > 0 ? `:${line.line}` : ''}`;
    return h(
      'li',
      { class: 'console-line', 'data-level': line.level, 'data-testid': 'console-line' },
      h('time', {}),
      h('span', { class: 'console-level' }, icon(ICONS[line.level], 16), h('span', { class: 'visually-hidden' }, WORDS[line.level])),
      h(
        'div',
        { class: 'console-text' },
        // Isolated, so that marks of direction in it turn nothing around it.
        h('bdi', {}, line.text),
        place === '' ? null : h(
          'button',
          { class: 'console-place', type: 'button', onclick: () => actions.openCode(line.path, Math.max(1, line.line)) },
          place,
        ),
      ),
      h('span', { class: 'console-times' }),
      h('bdi', { class: 'console-who', 'data-testid': 'console-who' }),
    );
  }

  /**
   * @param {Element} element
   * @param {ConsoleLine} line
   */
  update(element, line) {
    const [time, , , times, who] = element.children;
    setText(time, clockTime(line.at));
    setText(times, line.count > 1 ? `${line.count}×` : '');
    set(times, 'title', line.count > 1 ? `${line.count} times` : null);
    const names = line.people.map((person) => shownName(person, this.context.identity.id));
    setText(who, listNames(names));
    set(who, 'title', names.length > 1 ? names.join(', ') : null);
  }
}

// @ts-check
// What the version on show threw in people's browsers, as cards at the end of the conversation, with a way out.
import { byID, h, reconcile, setText } from './dom.js';
import { errorsOf } from './consoleState.js';
import { icon } from './icons.js';
import { listNames, shownName } from './people.js';
import { shortPath } from './errorCard.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./consoleState.js').ConsoleLine} ConsoleLine */

const MOST_CARDS = 3;

export class RuntimeErrors {
  /**
   * @param {Context} context
   * @param {() => void} openConsole
   */
  constructor(context, openConsole) {
    this.context = context;
    this.element = byID('broken');
    this.cards = h('div', { class: 'broken-cards' });
    this.fix = h('button', {
      class: 'button is-primary',
      type: 'button',
      'data-testid': 'fix-runtime',
      onclick: () => void this.repair(),
    }, icon('wrench'), 'Fix it');
    this.back = h('button', { class: 'button', type: 'button', onclick: () => void this.context.actions.revert(this.before) });
    this.rest = h('button', { class: 'link', type: 'button', onclick: openConsole });
    this.foot = h('div', { class: 'error-foot broken-foot' }, this.fix, this.back, this.rest);
    this.element.append(this.cards, this.foot);
    /** The version to go back to. */
    this.before = 0;
  }

  async repair() {
    this.fix.disabled = true;
    await this.context.actions.repair();
    this.fix.disabled = false;
  }

  /** @param {PageState} state */
  show({ app, console }) {
    const version = app.preview?.version ?? 0;
    const isQuiet = app.generation === null && app.queue.length === 0 && !app.removed;
    const errors = isQuiet ? errorsOf(console, version) : [];
    this.element.hidden = errors.length === 0;
    if (errors.length === 0) return;
    reconcile(this.cards, errors.slice(0, MOST_CARDS), (line) => line.id, (line) => this.card(line), (card, line) => this.update(card, line));
    this.before = version - 1;
    this.back.hidden = this.before < 1;
    setText(this.back, `Back to version ${this.before}`);
    const more = errors.length - MOST_CARDS;
    this.rest.hidden = more <= 0;
    setText(this.rest, `${more} more in the console`);
  }

  /** @param {ConsoleLine} line */
  card(line) {
    const { actions } = this.context;
    const place = line.path === '' ? '' : `${shortPath(line.path)}${line.line > 0 ? `:${line.line}` : ''}`;
    return h(
      'section',
      { class: 'error-card', 'data-testid': 'runtime-error', 'aria-label': 'Broke while running' },
      h('h2', { class: 'error-title' }, icon('warn'), 'Broke while running', h('bdi', { class: 'error-count' })),
      h(
        'div',
        { class: 'error-body' },
        place === '' ? null : h(
          'button',
          { class: 'error-place', type: 'button', onclick: () => actions.openCode(line.path, Math.max(1, line.line)) },
          place,
        ),
        h('p', { class: 'error-text', dir: 'auto' }, line.text),
      ),
    );
  }

  /**
   * @param {Element} card
   * @param {ConsoleLine} line
   */
  update(card, line) {
    const where = card.querySelector('.error-count');
    if (where) setText(where, whereWords(line, this.context.identity.id));
  }
}

/**
 * "in your browser", "in Tom's browser", "in Maya's and Tom's browsers", "in 3 browsers".
 * @param {ConsoleLine} line
 * @param {string} me
 */
export function whereWords({ people }, me) {
  const names = people.map((person) => shownName(person, me));
  if (names.length > 2) return `in ${names.length} browsers`;
  if (names.length === 1) return names[0] === 'You' ? 'in your browser' : `in ${names[0]}’s browser`;
  return `in ${listNames(names.map((name) => (name === 'You' ? 'your' : `${name}’s`)))} browsers`;
}

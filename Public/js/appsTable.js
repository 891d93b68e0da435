// @ts-check
// All apps with who watches them, and what the operator may do to each.
import { byID, h, reconcile, set, setText } from './dom.js';
import { age, count } from './format.js';
import { icon } from './icons.js';
import { statusLine, updateStatusLine } from './marks.js';
import { lookOf, statusWord } from './appsState.js';
import { titleOf } from './card.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./appsState.js').AppsState} AppsState */
/** @typedef {import('./admin.js').AdminActions} AdminActions */

const FIRST = 10;

export class AppsTable {
  /**
   * @param {AdminActions} actions
   * @param {boolean} hasActions
   */
  constructor(actions, hasActions) {
    this.actions = actions;
    this.hasActions = hasActions;
    this.body = byID('apps');
    this.more = byID('apps-more');
    this.limit = FIRST;
    /** @type {AppsState|null} */
    this.state = null;
    /** @type {string[]} */
    this.order = [];
    /** @type {Map<string, App>} */
    this.shown = new Map();
    this.more.addEventListener('click', () => {
      this.limit = Infinity;
      if (this.state) this.show(this.state);
    });
    byID('apps-actions-head').hidden = !hasActions;
  }

  /** Whether rows may change places without moving what somebody points at. */
  get isFree() {
    return !this.body.matches(':hover') && !this.body.contains(document.activeElement);
  }

  /** @param {AppsState} state */
  show(state) {
    if (state === this.state && this.shown.size > 0 && this.order.length <= this.limit) return;
    this.state = state;
    const wanted = [...state.apps.values()].sort(byViewers).map((app) => app.id);
    if (this.isFree) this.order = wanted;
    else {
      const kept = this.order.filter((id) => state.apps.has(id));
      this.order = [...kept, ...wanted.filter((id) => !kept.includes(id))];
    }
    const rows = /** @type {App[]} */ (this.order.slice(0, this.limit).map((id) => state.apps.get(id)));
    this.shown = new Map(rows.map((app) => [app.id, app]));
    setText(byID('apps-total'), state.counts.total === 1 ? '1 app' : `${count(state.counts.total)} apps`);
    byID('apps-empty').hidden = rows.length > 0;
    /** @type {HTMLElement} */ (this.body.closest('table')).hidden = rows.length === 0;
    const rest = this.order.length - rows.length;
    this.more.hidden = rest <= 0;
    setText(this.more, `Show ${rest} more`);
    reconcile(this.body, rows, (app) => app.id, (app) => this.make(app), (row, app) => this.update(row, app));
  }

  /** @param {App} app */
  make(app) {
    const current = () => this.shown.get(app.id) ?? app;
    /**
     * @param {string} name
     * @param {'star'|'export'|'x'} picture
     * @param {(app: App) => void} run
     */
    const tool = (name, picture, run) =>
      h(
        'button',
        { class: 'icon-button is-bare', type: 'button', 'data-tool': name, onclick: () => run(current()) },
        icon(picture),
      );
    return h(
      'tr',
      { 'data-testid': 'app-row', 'data-app-id': app.id },
      h('th', { scope: 'row' }, h('a', { href: `/app/${encodeURIComponent(app.id)}` })),
      h('td', {}, statusLine(lookOf(app), statusWord(app))),
      h('td', { class: 'is-number', 'data-testid': 'app-viewers' }),
      h('td', { class: 'is-number age-cell' }),
      this.hasActions
        ? h(
          'td',
          { class: 'tools-cell' },
          tool('feature', 'star', (one) => void this.actions.toggleFeature(one)),
          tool('snapshot', 'export', (one) => void this.actions.snapshot(one)),
          tool('end', 'x', (one) => void this.actions.terminate(one)),
        )
        : null,
    );
  }

  /**
   * @param {Element} row
   * @param {App} app
   */
  update(row, app) {
    const [title, status, viewers, made, tools] = row.children;
    const name = titleOf(app);
    setText(/** @type {Element} */ (title.firstElementChild), name);
    updateStatusLine(/** @type {Element} */ (status.firstElementChild), lookOf(app), statusWord(app));
    setText(viewers, count(app.viewers));
    setText(made, age(app.created_at, Date.now()));
    if (!tools) return;
    const [feature, snapshot, end] = tools.children;
    set(feature, 'aria-pressed', String(app.is_featured));
    for (
      const [tool, words] of /** @type {[Element, string][]} */ ([
        [feature, `Featured: ${name}`],
        [snapshot, `Make a snapshot of ${name}`],
        [end, `End ${name}`],
      ])
    ) {
      set(tool, 'aria-label', words);
      set(tool, 'title', words);
    }
  }
}

/**
 * Most watched first, then newest.
 * @param {App} one
 * @param {App} other
 */
function byViewers(one, other) {
  if (one.viewers !== other.viewers) return other.viewers - one.viewers;
  return one.created_at < other.created_at ? 1 : -1;
}

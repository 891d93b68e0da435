// @ts-check
// The turns that run: whose, which step, how long.
import { h, reconcile, set, setText } from './dom.js';
import { elapsed } from './format.js';
import { avatar, COLOURS, hash } from './people.js';
import { STEP_WORDS } from './card.js';
import { progressOf, VibeString } from './string.js';
import { tryWords } from './timeline.js';
import { reasonWords } from './turnSentences.js';

/** @typedef {import('./types.js').RunningBuild} RunningBuild */

export class BuildsTable {
  /**
   * @param {HTMLElement} body  The table's body.
   * @param {HTMLElement} empty  What is said when nothing runs.
   */
  constructor(body, empty) {
    this.body = body;
    this.empty = empty;
    /** @type {Map<string, {string: VibeString, time: Element, startedAt: number}>} */
    this.rows = new Map();
    /** How far the server's clock is ahead of this one's, in milliseconds. */
    this.ahead = 0;
  }

  /**
   * @param {RunningBuild[]} builds
   * @param {number} serverTime  Milliseconds.
   */
  show(builds, serverTime) {
    this.ahead = serverTime - Date.now();
    const held = new Set(builds.map((build) => build.app_id));
    for (const id of this.rows.keys()) if (!held.has(id)) this.rows.delete(id);
    /** @type {HTMLElement} */ (this.body.closest('table')).hidden = builds.length === 0;
    this.empty.hidden = builds.length > 0;
    reconcile(this.body, builds, (build) => build.app_id, (build) => this.make(build), (row, build) => {
      const [app, , step] = row.children;
      setText(app.children[0], build.title || 'Untitled');
      const words = STEP_WORDS[build.phase] ?? 'Building';
      setText(step, `${words}${tryWords(build.repair)}`);
      const { reason } = build;
      setText(app.children[1], reason && reason !== 'repair' ? reasonWords(reason) : '');
      const shown = this.rows.get(build.app_id);
      if (!shown) return;
      shown.startedAt = Date.parse(build.started_at);
      const mode = build.phase === 'repairing' ? 'repair' : 'wave';
      shown.string.show({ mode, progress: progressOf(build.phase, 60), rate: 60 });
    });
    this.tick(Date.now());
  }

  /** @param {RunningBuild} build */
  make(build) {
    const string = new VibeString({ height: 14, amplitude: 5, wavelength: 13 });
    const time = h('td', { class: 'mono is-number' });
    const name = build.name || 'Someone';
    this.rows.set(build.app_id, { string, time, startedAt: Date.parse(build.started_at) });
    return h(
      'tr',
      { 'data-testid': 'running-build' },
      h(
        'th',
        { scope: 'row' },
        h('a', { href: `/app/${encodeURIComponent(build.app_id)}` }),
        h('span', { class: 'build-reason' }),
      ),
      h('td', { class: 'by' }, avatar(name, hash(build.user_id || name) % COLOURS), h('span', {}, name)),
      h('td', {}),
      h('td', { class: 'string-cell', 'aria-hidden': 'true' }, string.element),
      time,
    );
  }

  /** @param {number} now */
  tick(now) {
    for (const { time, startedAt } of this.rows.values()) setText(time, elapsed(now + this.ahead - startedAt));
  }
}

// @ts-check
// What went wrong on the server, newest first.
import { h, reconcile } from './dom.js';
import { clockTime } from './format.js';
import { noteWords } from './turnSentences.js';

/** @typedef {import('./types.js').ErrorNote} ErrorNote */

export class ErrorsList {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty  What is said when there are none.
   */
  constructor(list, empty) {
    this.list = list;
    this.empty = empty;
  }

  /** @param {ErrorNote[]} errors */
  show(errors) {
    this.empty.hidden = errors.length > 0;
    // Two of one millisecond are told apart by their place.
    /** @type {Map<string, number>} */
    const seen = new Map();
    const keyed = errors.map((error) => {
      const key = `${error.time} ${error.code} ${error.app_id ?? ''} ${noteWords(error)}`;
      const number = (seen.get(key) ?? 0) + 1;
      seen.set(key, number);
      return { error, key: `${key} ${number}` };
    });
    reconcile(this.list, keyed, ({ key }) => key, ({ error }) =>
      h(
        'li',
        { class: 'error-row', 'data-testid': 'error-row' },
        h('time', { class: 'mono', datetime: error.time }, clockTime(Date.parse(error.time))),
        h(
          'p',
          { class: 'error-title' },
          error.app_id
            ? h('a', { href: `/app/${encodeURIComponent(error.app_id)}` }, error.title || 'Untitled')
            : 'The server',
        ),
        h('span', { class: 'mono error-code' }, error.code),
        h('p', { class: 'mono error-text' }, noteWords(error)),
      ));
  }
}

// @ts-check
// The prompts that wait, in the order in which they run.
import { byID, h, reconcile, setText } from './dom.js';
import { avatar, shownName, updateAvatar } from './people.js';

/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./pageState.js').PageState} PageState */

/** The prompts that wait. */
export class Queue {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.element = byID('queue');
    this.title = byID('queue-title');
    this.list = byID('queue-list');
  }

  /** @param {PageState} state */
  show(state) {
    const { queue } = state.app;
    this.element.hidden = queue.length === 0;
    setText(this.title, `Waiting, ${queue.length}`);
    showQueue(this.list, queue, this.context);
  }
}

/**
 * @param {HTMLElement} list
 * @param {import('./types.js').QueueItem[]} items
 * @param {Context} context
 */
function showQueue(list, items, { identity, palette }) {
  reconcile(
    list,
    items,
    (item) => item.message_id,
    () =>
      h(
        'li',
        { class: 'queue-item', 'data-testid': 'queue-item' },
        h('span', { class: 'queue-place' }),
        avatar('', 0),
        h('span', { class: 'visually-hidden' }),
        h('span', { class: 'queue-text' }),
      ),
    (element, item) => {
      const name = shownName(item, identity.id);
      const [place, square, author, text] = element.children;
      setText(place, String(item.position));
      updateAvatar(square, name, palette.colourOf(item.user_id || name));
      setText(author, `${name}: `);
      setText(text, item.text);
    },
  );
}

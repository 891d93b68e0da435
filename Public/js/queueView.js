// @ts-check
// The prompts that wait, in the order in which they run.
import { byID, h, reconcile, set, setText } from './dom.js';
import { icon } from './icons.js';
import { avatar, shownName, updateAvatar } from './people.js';
import { promptWords } from './turnSentences.js';

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
function showQueue(list, items, { identity, palette, actions }) {
  reconcile(
    list,
    items,
    (item) => item.message_id,
    (item) =>
      h(
        'li',
        { class: 'queue-item', 'data-testid': 'queue-item' },
        h('span', { class: 'queue-place' }),
        avatar('', 0),
        h('span', { class: 'visually-hidden' }),
        h('span', { class: 'queue-text' }),
        // One withdraws one's own; the server lets the app's owner and the admin withdraw any.
        item.user_id !== '' && item.user_id === identity.id
          ? h('button', {
            class: 'icon-button is-bare queue-cancel',
            type: 'button',
            'data-testid': 'withdraw',
            onclick: () => void actions.withdraw(item),
          }, icon('x', 16))
          : null,
      ),
    (element, item) => {
      const name = shownName(item, identity.id);
      const [place, square, author, text, cancel] = element.children;
      setText(place, String(item.position));
      updateAvatar(square, name, palette.colourOf(item.user_id || name));
      setText(author, `${name}: `);
      const asked = promptWords(item.text, item.origin);
      setText(text, asked);
      if (cancel) set(cancel, 'aria-label', `Cancel: ${shortened(asked)}`);
    },
  );
}

/** @param {string} text */
function shortened(text) {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
}

// @ts-check
// A small dialog to change one's name; the browser itself keeps and returns the focus.
import { h } from './dom.js';
import { LONGEST_NAME, mayBeAsked, rename } from './identity.js';

/** @typedef {import('./identity.js').Identity} Identity */

/**
 * Asks for another name. Resolves with whether it changed.
 * @param {Identity} identity
 * @param {import('./types.js').Limits|null} limits  Without them nobody knows how long a name may be: nothing is asked.
 * @returns {Promise<boolean>}
 */
export function askName(identity, limits) {
  if (!limits) return Promise.resolve(false);
  return new Promise((resolve) => {
    const field = h('input', {
      class: 'field',
      id: 'name-field',
      name: 'name',
      maxlength: LONGEST_NAME,
      autocomplete: 'nickname',
    });
    field.value = identity.name;
    /** @type {HTMLDialogElement} */
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'name-title' },
      h(
        'form',
        { method: 'dialog' },
        h('h2', { id: 'name-title' }, 'What should others call you?'),
        h('p', { class: 'hint' }, 'Everybody who looks at an app sees this beside what you ask for.'),
        h('label', { for: 'name-field' }, 'Name'),
        field,
        h(
          'div',
          { class: 'dialog-buttons' },
          h('button', { class: 'button', type: 'button', onclick: () => dialog.close() }, 'Cancel'),
          h('button', { class: 'button is-primary', value: 'keep' }, 'Keep'),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      const before = identity.name;
      const changed = dialog.returnValue === 'keep' && rename(identity, field.value, limits) !== before;
      dialog.remove();
      resolve(changed);
    });
    document.body.append(dialog);
    dialog.showModal();
    field.select();
  });
}

/**
 * Offers somebody who goes by a random name to choose one: once, when somebody else is there to read it.
 * @param {Identity} identity
 * @param {import('./toast.js').Toast} toast
 * @param {() => void} change
 */
export function offerName(identity, toast, change) {
  // What is being said goes first; the next who comes is another chance.
  if (!toast.element.hidden || !mayBeAsked()) return;
  toast.show(`Others see you as ${identity.name}`, { label: 'Choose a name', run: change });
}

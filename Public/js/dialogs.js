// @ts-check
// Dialogs that ask before something is done; the browser itself keeps and returns the focus.
import { h } from './dom.js';
import { icon } from './icons.js';

/**
 * Shows a dialog until it is closed.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>}  Whether it was agreed to.
 */
function ask(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLButtonElement} yes
 */
function buttons(dialog, yes) {
  const no = h('button', { class: 'button', type: 'button', onclick: () => dialog.close() }, 'Cancel');
  return h('div', { class: 'dialog-buttons' }, no, yes);
}

/**
 * Asks whether something shall be done that cannot be undone.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.action  What the button says.
 * @param {string} [question.typed]  What must be typed before.
 * @returns {Promise<boolean>}
 */
export function confirmAction({ title, text, action, typed }) {
  const yes = h('button', { class: 'button is-danger', value: 'yes' }, action);
  const field = h('input', { class: 'field', id: 'typed-field', autocomplete: 'off', spellcheck: 'false' });
  if (typed !== undefined) {
    yes.disabled = true;
    field.addEventListener('input', () => (yes.disabled = field.value.trim() !== typed));
  }
  /** @type {HTMLDialogElement} */
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'ask-title', 'data-testid': 'confirm' },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'ask-title' }, title),
      h('p', { class: 'hint' }, text),
      ...(typed === undefined
        ? []
        : [h('label', { for: 'typed-field' }, 'Type ', h('strong', {}, typed), ' to go on'), field]),
    ),
  );
  dialog.firstElementChild?.append(buttons(dialog, yes));
  return ask(dialog);
}

/**
 * Asks for the admin secret.
 * @param {string} problem  Why the last one was not taken; empty at first.
 * @returns {Promise<string|null>}  `null` when nothing was typed.
 */
export async function askSecret(problem) {
  const field = h('input', {
    class: 'field',
    id: 'secret-field',
    type: 'password',
    autocomplete: 'current-password',
    'aria-describedby': 'secret-problem',
    'aria-invalid': problem ? 'true' : null,
  });
  /** @type {HTMLDialogElement} */
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'secret-title', 'data-testid': 'secret-dialog' },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'secret-title' }, 'Admin secret'),
      h('p', { class: 'hint' }, 'Asked once. This tab keeps it until it is closed.'),
      h('label', { for: 'secret-field' }, 'Secret'),
      field,
      h('p', { class: 'problem', id: 'secret-problem', role: 'alert' }, problem ? icon('warn', 16) : '', problem),
    ),
  );
  dialog.firstElementChild?.append(
    buttons(dialog, h('button', { class: 'button is-primary', value: 'yes' }, 'Go on')),
  );
  const isGiven = await ask(dialog);
  return isGiven && field.value !== '' ? field.value : null;
}

// @ts-check
// On the app page: one button for the holder of the admin secret, which opens what may be done to the app.
import { byID, h } from './dom.js';
import { icon } from './icons.js';
import { AdminActions, hasAdminCalls, heldSecret } from './admin.js';
import { titleOf } from './card.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./toast.js').Toast} Toast */

/**
 * @param {Toast} toast
 * @param {() => App|null} current  The app as it is now.
 */
export function bindAdminMenu(toast, current) {
  const button = byID('manage');
  if (!hasAdminCalls() || heldSecret() === '') return;
  const actions = new AdminActions(toast);
  button.append(icon('key'), h('span', { class: 'button-word' }, 'Manage'));
  button.hidden = false;
  button.addEventListener('click', () => {
    const app = current();
    if (app) manage(app, actions);
  });
}

/**
 * @param {App} app
 * @param {AdminActions} actions
 */
function manage(app, actions) {
  /**
   * @param {'star'|'export'|'x'} name
   * @param {string} word
   * @param {() => void} run
   */
  const item = (name, word, run) =>
    h(
      'button',
      {
        class: name === 'x' ? 'button is-danger' : 'button',
        type: 'button',
        onclick: () => {
          dialog.close();
          run();
        },
      },
      icon(name, 16),
      word,
    );
  /** @type {HTMLDialogElement} */
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'manage-title', 'data-testid': 'manage-dialog' },
    h('h2', { id: 'manage-title' }, `Manage ${titleOf(app)}`),
    h(
      'div',
      { class: 'dialog-list' },
      item('star', app.is_featured ? 'No longer feature' : 'Feature', () => void actions.toggleFeature(app)),
      item('export', 'Make a snapshot', () => void actions.snapshot(app)),
      item('x', 'End this app', () => void actions.terminate(app)),
    ),
    h(
      'div',
      { class: 'dialog-buttons' },
      h('button', { class: 'button', type: 'button', onclick: () => dialog.close() }, 'Cancel'),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

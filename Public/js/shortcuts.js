// @ts-check
// Single keys, which never fire while somebody types, and the sheet that lists them and turns them off.
import { h } from './dom.js';
import { read, write } from './memory.js';

/**
 * @typedef {object} Shortcut
 * @property {string} keys  One key (`/`, `t`), or two one after the other (`g h`).
 * @property {string} does  What it does, for the sheet.
 * @property {() => boolean|void} run  Returns false when there was nothing to do just now: then the key keeps its meaning.
 */

const OFF = 'keys-off';
const SECOND_KEY = 1_500;

/** What works in addition, everywhere, and cannot be turned off. */
const FIXED = [
  ['Ctrl ↵', 'Send what is typed'],
  ['Esc', 'Close what is open, then leave the field'],
];

/**
 * The keys that were turned off here.
 * @returns {Set<string>}
 */
function keysOff() {
  return new Set((read(OFF) ?? '').split(',').filter(Boolean));
}

/**
 * Finds what was asked for. Pure.
 * @param {readonly Shortcut[]} shortcuts
 * @param {ReadonlySet<string>} off
 * @param {string} first  A key pressed just before, or ''.
 * @param {string} key
 * @returns {Shortcut|'more'|null}  `more` where the key begins a pair.
 */
export function shortcutOf(shortcuts, off, first, key) {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  const isOn = (/** @type {Shortcut} */ shortcut) => !off.has(shortcut.keys);
  const wanted = first === '' ? pressed : `${first} ${pressed}`;
  const hit = shortcuts.find((shortcut) => shortcut.keys === wanted && isOn(shortcut));
  if (hit) return hit;
  if (first !== '') return shortcutOf(shortcuts, off, '', key);
  return shortcuts.some((shortcut) => shortcut.keys.startsWith(`${pressed} `) && isOn(shortcut)) ? 'more' : null;
}

/**
 * Runs things at keys of their own, and `?` lists them.
 * @param {Shortcut[]} own  What the page offers.
 * @returns {() => void}  Opens the sheet.
 */
export function bindShortcuts(own) {
  /** @type {Shortcut[]} */
  const shortcuts = [...own, { keys: '?', does: 'Show these keys', run: () => showSheet(shortcuts) }];
  let first = '';
  let firstAt = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable], dialog')) {
      return;
    }
    const hit = shortcutOf(shortcuts, keysOff(), event.timeStamp - firstAt < SECOND_KEY ? first : '', event.key);
    first = '';
    if (hit === 'more') {
      first = event.key.toLowerCase();
      firstAt = event.timeStamp;
    } else if (hit && hit.run() !== false) event.preventDefault();
  });
  return () => showSheet(shortcuts);
}

/** @param {string} keys */
function drawn(keys) {
  return h('span', { class: 'keys' }, ...keys.split(' ').map((key) => h('kbd', {}, key.length === 1 ? key.toUpperCase() : key)));
}

/** @param {readonly Shortcut[]} shortcuts */
function showSheet(shortcuts) {
  const off = keysOff();
  const dialog = h(
    'dialog',
    { class: 'dialog keys-sheet', 'aria-labelledby': 'keys-title', 'data-testid': 'keys-sheet' },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('p', { class: 'hint' }, 'None of them works while you type. Take the tick away from one that gets in your way.'),
    h(
      'ul',
      { class: 'keys-list' },
      ...shortcuts.map(({ keys, does }) => {
        const box = h('input', {
          type: 'checkbox',
          checked: !off.has(keys),
          'data-keys': keys,
          onchange: (/** @type {Event} */ event) => {
            if (/** @type {HTMLInputElement} */ (event.target).checked) off.delete(keys);
            else off.add(keys);
            write(OFF, [...off].join());
          },
        });
        return h('li', {}, h('label', {}, box, h('span', { class: 'keys-does' }, does), drawn(keys)));
      }),
      ...FIXED.map(([keys, does]) => h('li', {}, h('span', { class: 'keys-does is-fixed' }, does), drawn(keys))),
    ),
    h(
      'form',
      { method: 'dialog', class: 'dialog-buttons' },
      h('button', { class: 'button is-primary', 'data-testid': 'keys-close' }, 'Close'),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  // A press beside the sheet puts it away.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// @ts-check
// Single keys, which never fire while somebody types.

/**
 * Runs something at a key of its own. A key that does nothing just now keeps its meaning.
 * @param {Record<string, () => boolean|void>} keys  By `KeyboardEvent.key`; false when nothing was done.
 */
export function bindKeys(keys) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable], dialog')) {
      return;
    }
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (run && run() !== false) event.preventDefault();
  });
}

/**
 * Makes `/` go to the page's prompt.
 * @param {HTMLElement} field
 */
export function bindPromptKey(field) {
  bindKeys({ '/': () => field.focus() });
}

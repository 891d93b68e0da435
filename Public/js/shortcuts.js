// @ts-check
// Single keys, which never fire while somebody types.

/**
 * Makes `/` go to the page's prompt.
 * @param {HTMLElement} field
 */
export function bindPromptKey(field) {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], dialog')) {
      return;
    }
    event.preventDefault();
    field.focus();
  });
}

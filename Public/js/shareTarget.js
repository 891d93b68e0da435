// @ts-check
// What another app shared with this one, by the manifest's `share_target`: it becomes a prompt, and is never sent by itself.

/**
 * The text of a share, or '' where nothing was shared.
 * @param {string} query  `location.search`.
 */
export function sharedText(query) {
  const fields = new URLSearchParams(query);
  const parts = ['title', 'text', 'url'].map((name) => (fields.get(name) ?? '').trim());
  // Some apps give the same line as title and as text, or the address in the text.
  return parts.filter((part, index) => part !== '' && !parts.some((other, at) => isSaidBy(part, index, other, at))).join('\n');
}

/**
 * Whether another part has these words in it; of two equal ones the later is.
 * @param {string} part
 * @param {number} index
 * @param {string} other
 * @param {number} at
 */
function isSaidBy(part, index, other, at) {
  return at !== index && other.includes(part) && (other !== part || at < index);
}

/**
 * The text of a share behind what was being written, and takes it out of the address, so that a reload does not add it again.
 * @param {string} draft
 */
export function withShared(draft) {
  const shared = sharedText(location.search);
  if (shared === '') return draft;
  history.replaceState(history.state, '', location.pathname + location.hash);
  return draft.trim() === '' ? shared : `${draft}\n\n${shared}`;
}

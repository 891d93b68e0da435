// @ts-check
// What a browser keeps for itself. Storage may be refused (private windows, policies): then nothing is kept, and nothing breaks.

const PREFIX = 'vibe.';

/**
 * @param {string} key
 * @returns {string|null}
 */
export function read(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/**
 * Keeps a value; an empty one is forgotten.
 * @param {string} key
 * @param {string} value
 */
export function write(key, value) {
  try {
    if (value === '') localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Full or refused: the page goes on without.
  }
}

// @ts-check
// What this tab remembers from one page to the next: that an app was forked here, and from which.

const KEY = 'vibe.forked';

/**
 * @param {string} app
 * @param {string} from
 */
export function rememberFork(app, from) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ app, from }));
  } catch {
    // Refused: then nothing is said on the other page.
  }
}

/**
 * The app that this one was forked from a moment ago, told once.
 * @param {string} app
 * @returns {string|null}
 */
export function takeFork(app) {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (held?.app !== app) return null;
    sessionStorage.removeItem(KEY);
    return typeof held.from === 'string' ? held.from : null;
  } catch {
    return null;
  }
}

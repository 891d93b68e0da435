// @ts-check
// The frame in which an app runs, on its own origin.
import { h } from './dom.js';

const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-modals allow-popups';

/**
 * Whether an address may go into a frame: a page, not a script.
 * @param {string} url
 */
export function isPage(url) {
  try {
    return ['http:', 'https:'].includes(new URL(url, location.href).protocol);
  } catch {
    return false;
  }
}

/**
 * @param {string} url
 * @param {string} name  Its class.
 */
export function frameOf(url, name) {
  return h('iframe', {
    class: name,
    'data-testid': 'preview-frame',
    sandbox: SANDBOX,
    allow: 'clipboard-write; fullscreen',
    src: url,
  });
}

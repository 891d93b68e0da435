// @ts-check
// What only the holder of the admin secret may do. The secret is asked once and kept for this tab.
import { askSecret, confirmAction } from './dialogs.js';
import { titleOf } from './card.js';
import { troubleOf } from './failure.js';
import { refusalOf } from './sendPause.js';
import { REFUSALS, sentenceOf } from './sentences.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./toast.js').Toast} Toast */

const KEY = 'vibe.admin';

/** What is said when the server does not take the secret. */
export const WRONG_SECRET = REFUSALS.wrong_admin_secret({ code: 'wrong_admin_secret' });

/** @returns {string} The secret of this tab; empty when there is none. */
export function heldSecret() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} secret  An empty one is forgotten. */
export function holdSecret(secret) {
  try {
    if (secret === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, secret);
  } catch {
    // Without storage it is asked again.
  }
}

/**
 * What the page's head says.
 * @param {string} name
 */
function mark(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';
}

/** Whether there are admin calls at all. */
export const hasAdminCalls = () => mark('vibe-admin') === '1';

/** How the dashboard is reached: `open` to everybody, with the `secret`, or not at all. */
export const dashboardAccess = () => mark('vibe-dashboard');

/** Shows the ways to the dashboard to those who may see it. */
export function showDashboardLinks() {
  const access = dashboardAccess();
  const isAllowed = access === 'open' || (access === 'secret' && heldSecret() !== '');
  for (const link of document.querySelectorAll('[data-dashboard-link]')) {
    /** @type {HTMLElement} */ (link).hidden = !isAllowed;
  }
}

/**
 * Calls with the secret, which is asked for where it is not held or is wrong.
 * @param {string} method
 * @param {string} path
 * @returns {Promise<Response|null>}  `null` when the secret was not given.
 */
async function callAsAdmin(method, path) {
  let problem = '';
  for (;;) {
    let secret = problem === '' ? heldSecret() : '';
    if (secret === '') {
      const given = await askSecret(problem);
      if (given === null) return null;
      secret = given;
    }
    /** @type {Response} */
    let response;
    try {
      response = await fetch(path, { method, headers: { Authorization: `Bearer ${encoded(secret)}` } });
    } catch {
      throw troubleOf('unreachable');
    }
    if (response.status === 403) {
      holdSecret('');
      problem = WRONG_SECRET;
      continue;
    }
    if (!response.ok) {
      throw refusalOf(response, await response.json().catch(() => ({})));
    }
    holdSecret(secret);
    return response;
  }
}

/**
 * A header takes bytes: the UTF-8 of the text, each as one character.
 * @param {string} text
 */
function encoded(text) {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Admin actions on apps, each followed by a toast. */
export class AdminActions {
  /** @param {Toast} toast */
  constructor(toast) {
    this.toast = toast;
  }

  /**
   * @param {() => Promise<void>} run
   */
  async orSay(run) {
    try {
      await run();
    } catch (error) {
      this.toast.show(sentenceOf(error));
    }
  }

  /**
   * @param {App} app
   * @param {boolean} [isUndone]  Whether this takes back what was just done.
   * @returns {Promise<void>}
   */
  toggleFeature(app, isUndone = false) {
    return this.orSay(async () => {
      const response = await callAsAdmin('POST', `/api/app/${encodeURIComponent(app.id)}/toggle-feature`);
      if (!response) return;
      const { is_featured: isFeatured } = await response.json();
      const text = isFeatured ? `${titleOf(app)} is featured` : `${titleOf(app)} is no longer featured`;
      this.toast.show(text, isUndone ? undefined : { label: 'Undo', run: () => void this.toggleFeature(app, true) });
    });
  }

  /**
   * @param {App} app
   * @returns {Promise<void>}
   */
  snapshot(app) {
    return this.orSay(async () => {
      const response = await callAsAdmin('POST', `/api/app/${encodeURIComponent(app.id)}/snapshot`);
      if (!response) return;
      const { id, path } = await response.json();
      this.toast.show(`Snapshot of ${titleOf(app)} was made`, {
        label: 'Download',
        run: () => void this.download(path, `${id}.tar`),
      });
    });
  }

  /**
   * A download needs the secret in a header, which a link cannot send.
   * @param {string} path
   * @param {string} name
   * @returns {Promise<void>}
   */
  download(path, name) {
    return this.orSay(async () => {
      const response = await callAsAdmin('GET', path);
      if (!response) return;
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
    });
  }

  /**
   * @param {App} app
   * @returns {Promise<void>}
   */
  terminate(app) {
    return this.orSay(async () => {
      const isMeant = await confirmAction({
        title: `End ${titleOf(app)}?`,
        text: 'Its preview stops for everybody and it leaves the gallery. This cannot be undone.',
        action: 'End this app',
      });
      if (!isMeant) return;
      const response = await callAsAdmin('POST', `/api/app/${encodeURIComponent(app.id)}/terminate`);
      if (response) this.toast.show(`${titleOf(app)} was ended`);
    });
  }

  /**
   * @param {number} total
   * @returns {Promise<void>}
   */
  terminateAll(total) {
    return this.orSay(async () => {
      const isMeant = await confirmAction({
        title: total === 1 ? 'End the one app?' : `End all ${total} apps?`,
        text: 'Every preview stops and the gallery is empty. This cannot be undone.',
        action: 'End all apps',
        typed: 'end all apps',
      });
      if (!isMeant) return;
      const response = await callAsAdmin('POST', '/api/admin/terminate-all');
      if (!response) return;
      const { terminated } = await response.json();
      this.toast.show(terminated === 1 ? 'One app was ended' : `${terminated} apps were ended`);
    });
  }
}

// @ts-check
// All apps as the channel `apps` tells them: counts, the newest apps, and each change folded in. Pure.

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Counts} Counts */
/** @typedef {import('./types.js').Look} Look */

/**
 * @typedef {object} AppsState
 * @property {boolean} ready  Whether a snapshot came.
 * @property {Counts} counts
 * @property {ReadonlyMap<string, App>} apps  By id.
 */

/** @type {AppsState} */
export const EMPTY_APPS_STATE = {
  ready: false,
  counts: { live: 0, total: 0, building: 0, viewers: 0 },
  apps: new Map(),
};

/**
 * The state that a snapshot describes. Apps that were fetched further down stay.
 * @param {AppsState} state
 * @param {any} snapshot
 * @returns {AppsState}
 */
export function applyAppsSnapshot(state, snapshot) {
  /** @type {App[]} */
  const newest = snapshot.apps ?? [];
  const oldest = newest.reduce((least, app) => (app.created_at < least ? app.created_at : least), '9999');
  /** @type {Map<string, App>} */
  const apps = new Map();
  // What lies in the snapshot's range and is not in it was removed meanwhile.
  for (const app of state.apps.values()) {
    if (newest.length > 0 && app.created_at < oldest) apps.set(app.id, app);
  }
  for (const app of newest) if (isShown(app)) apps.set(app.id, app);
  return { ready: true, counts: { ...EMPTY_APPS_STATE.counts, ...snapshot.counts }, apps };
}

/**
 * Folds one publication in.
 * @param {AppsState} state
 * @param {any} event
 * @returns {AppsState}
 */
export function applyAppsEvent(state, event) {
  switch (event.type) {
    case 'counts': {
      const { live, total, building, viewers } = event;
      return { ...state, counts: { live, total, building, viewers } };
    }
    case 'app.added':
    case 'app.changed':
      return isShown(event.app) ? withApps(state, [event.app]) : withoutApp(state, event.app.id);
    case 'app.removed':
      return withoutApp(state, event.id ?? event.app?.id);
    default:
      return state;
  }
}

/**
 * Adds or replaces apps, from an event or from a page of the list.
 * @param {AppsState} state
 * @param {App[]} list
 * @returns {AppsState}
 */
export function withApps(state, list) {
  const apps = new Map(state.apps);
  for (const app of list) if (isShown(app)) apps.set(app.id, app);
  return { ...state, apps };
}

/**
 * @param {AppsState} state
 * @param {string} id
 * @returns {AppsState}
 */
function withoutApp(state, id) {
  if (!state.apps.has(id)) return state;
  const apps = new Map(state.apps);
  apps.delete(id);
  return { ...state, apps };
}

/** @param {App} app */
function isShown(app) {
  return app.status !== 'terminated';
}

/**
 * Newest first; the id decides between apps of one millisecond.
 * @param {App} one
 * @param {App} other
 */
function newestFirst(one, other) {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}

/**
 * The featured apps and all others, each newest first.
 * @param {AppsState} state
 * @returns {{featured: App[], recent: App[]}}
 */
export function galleries(state) {
  const all = [...state.apps.values()].sort(newestFirst);
  return { featured: all.filter((app) => app.is_featured), recent: all.filter((app) => !app.is_featured) };
}

/**
 * How each phase is shown while its app is active.
 * @type {Record<import('./types.js').Phase, Look>}
 */
export const PHASE_LOOKS = {
  queued: 'building',
  sandbox: 'building',
  generating: 'building',
  writing: 'building',
  bundling: 'building',
  repairing: 'building',
  live: 'live',
  answered: 'asleep',
  failed: 'failed',
  asleep: 'asleep',
};

/**
 * How an app's status is shown.
 * @param {Pick<App, 'status'|'phase'>} app
 * @returns {Look}
 */
export function lookOf({ status, phase }) {
  const look = Object.hasOwn(PHASE_LOOKS, phase) ? PHASE_LOOKS[phase] : 'live';
  return look === 'live' && status !== 'active' ? 'asleep' : look;
}

/**
 * Whether an app's sandbox is being started for a version that is there: nothing new is made of it. It runs a moment before the
 * app is live again.
 * @param {Pick<App, 'phase'|'versions'>} app
 */
export function isWaking({ phase, versions }) {
  return phase === 'sandbox' && versions > 0;
}

/** @type {Record<Look, string>} */
export const LOOK_WORDS = { building: 'Building', live: 'Live', asleep: 'Asleep', failed: 'Failed' };

/**
 * How an app's status is named.
 * @param {Pick<App, 'status'|'phase'|'versions'>} app
 */
export function statusWord(app) {
  if (app.status === 'terminated') return 'Ended';
  if (app.phase === 'answered') return 'No version';
  return isWaking(app) ? 'Waking' : LOOK_WORDS[lookOf(app)];
}

// @ts-check
// What the app page holds: the app as its channel tells it, and what goes with the page around it.
import { EMPTY_APP_STATE } from './appState.js';
import { EMPTY_CONSOLE } from './consoleState.js';
import { READING_ON_SHOW } from './reading.js';

/** @typedef {import('./types.js').ClientInfo} ClientInfo */
/** @typedef {import('./types.js').Version} Version */
/** @typedef {import('./appState.js').AppState} AppState */
/** @typedef {import('./identity.js').Identity} Identity */
/** @typedef {import('./people.js').Palette} Palette */

/**
 * @typedef {object} PageState
 * @property {AppState} app
 * @property {Version[]} versions  Oldest first.
 * @property {ReadonlyMap<string, ClientInfo>} clients  Who looks at the app, by client.
 * @property {ReadonlyMap<string, {name: string, until: number}>} typing  By user.
 * @property {import('./consoleState.js').ConsoleState} console  What the app logged and threw.
 * @property {boolean} isConnected
 * @property {boolean} isMissing  Whether there is no such app.
 * @property {{version: number, files: Record<string, string>}|null} code  The stored files of the version on show.
 * @property {ReadonlyMap<number, Record<string, string>>} codes  The files of other versions that were read.
 * @property {import('./reading.js').Reading} reading  Whose code is read.
 */

/** @type {PageState} */
export const EMPTY_PAGE_STATE = {
  app: EMPTY_APP_STATE,
  versions: [],
  clients: new Map(),
  typing: new Map(),
  console: EMPTY_CONSOLE,
  isConnected: false,
  isMissing: false,
  code: null,
  codes: new Map(),
  reading: READING_ON_SHOW,
};

/**
 * @typedef {object} Actions  What a view may ask for.
 * @property {(text: string) => Promise<void>} write
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} retry
 * @property {(version: number) => Promise<void>} revert
 * @property {() => Promise<void>} repair
 * @property {(title: string) => Promise<void>} rename  Rejects with what is wrong.
 * @property {(item: import('./types.js').QueueItem) => Promise<void>} withdraw
 * @property {(version?: number) => Promise<void>} fork
 * @property {(version: number) => void} compare  Shows what changed in a version.
 * @property {(turns: number) => Promise<void>} showEarlier  Shows so many turns, fetching what is not here.
 * @property {(path: string, line: number) => void} openCode
 * @property {() => void} changeName
 * @property {(isTyping: boolean) => void} typing
 */

/**
 * @typedef {object} Context  What all views of the page share.
 * @property {Identity} identity
 * @property {() => import('./types.js').Limits|null} limits  As the server has said them; null before.
 * @property {Palette} palette
 * @property {Actions} actions
 */

/**
 * The people who look at the app, one for each user, oneself last.
 * @param {PageState} state
 * @param {Identity} identity
 * @returns {{user_id: string, name: string}[]}
 */
export function peopleHere(state, identity) {
  /** @type {Map<string, {user_id: string, name: string}>} */
  const people = new Map();
  for (const info of state.clients.values()) {
    if (info.user === identity.id) continue;
    const key = info.user || info.client;
    // Who took another name is known by the newest client, and keeps the place.
    people.set(key, { user_id: info.user, name: info.conn_info?.name ?? '' });
  }
  return [...people.values(), { user_id: identity.id, name: identity.name }];
}

/**
 * The version that the running generation will make.
 * @param {PageState} state
 */
export function nextVersion(state) {
  const known = state.versions.map((version) => version.version ?? 0);
  return Math.max(0, state.app.app?.versions ?? 0, state.app.preview?.version ?? 0, ...known) + 1;
}

/**
 * Whether nothing happened since but that the running texts grew.
 * @param {PageState} state
 * @param {PageState} before
 */
export function onlyTextsGrew(state, before) {
  const { generation } = state.app;
  const held = before.app.generation;
  if (!generation || !held || !isSame(state, before, 'app') || !isSame(state.app, before.app, 'generation')) return false;
  const { code, chat, units, ...rest } = generation;
  return isSame({ ...held, ...rest }, held) && Object.keys(code).length === Object.keys(held.code).length &&
    (chat === '') === (held.chat === '');
}

/**
 * @template {object} Value
 * @param {Value} value
 * @param {Value} other
 * @param {keyof Value} [but]  What may differ.
 */
function isSame(value, other, but) {
  for (const key of /** @type {(keyof Value)[]} */ (Object.keys(value))) {
    if (key !== but && value[key] !== other[key]) return false;
  }
  return true;
}

/** What was counted last: several views ask in one frame. */
let counted = '';
let count = 0;

/** @param {string} text */
export function countLines(text) {
  if (text === counted) return count;
  counted = text;
  count = text === '' ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/**
 * Whether somebody else looks at the app.
 * @param {PageState} state
 * @param {Identity} identity
 */
export function hasCompany({ clients }, identity) {
  for (const { user } of clients.values()) if (user !== identity.id) return true;
  return false;
}

/**
 * How a user is called: as who looks at the app, else as who once wrote; empty when nobody knows.
 * @param {PageState} state
 * @param {string} user
 */
export function nameOf({ clients, app }, user) {
  if (user === '') return '';
  let name = '';
  for (const info of clients.values()) if (info.user === user) name = info.conn_info?.name || name;
  return name || (app.app?.authors.find((author) => author.user_id === user)?.name ?? '');
}

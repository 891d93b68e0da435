// @ts-check
// Which version's code is read, and against which it is held. Pure.

/** @typedef {import('./pageState.js').PageState} PageState */

/**
 * @typedef {object} Reading
 * @property {number|null} version  `null` follows the version on show.
 * @property {number|null} against  `null` is the version before.
 * @property {boolean} isComparing
 */

/** @type {Reading} */
export const READING_ON_SHOW = { version: null, against: null, isComparing: false };

/**
 * The numbers of all versions, oldest first.
 * @param {PageState} state
 * @returns {number[]}
 */
export function versionNumbers(state) {
  return state.versions.flatMap(({ version }) => (version ? [version] : [])).sort((one, other) => one - other);
}

/** Versions to be picked from; the list of versions has older ones. */
export const MOST_OFFERED = 100;

/**
 * What a picker offers: the newest first, and the chosen one however old it is.
 * @param {number[]} numbers  Oldest first.
 * @param {number} chosen
 */
export function offeredVersions(numbers, chosen) {
  return [...numbers].reverse().filter((number, index) => index < MOST_OFFERED || number === chosen);
}

/**
 * The version whose code is read; 0 when there is none.
 * @param {PageState} state
 */
export function versionRead(state) {
  return state.reading.version ?? state.app.preview?.version ?? 0;
}

/**
 * The version that it is held against; 0 for the first, which is held against nothing.
 * @param {PageState} state
 */
export function versionAgainst(state) {
  const version = versionRead(state);
  const { against } = state.reading;
  if (against !== null && against !== version) return against;
  return versionNumbers(state).filter((number) => number < version).at(-1) ?? 0;
}

/**
 * The version a step further; `null` where there is none.
 * @param {PageState} state
 * @param {1|-1} step
 */
export function nextVersionRead(state, step) {
  const numbers = versionNumbers(state);
  const index = numbers.indexOf(versionRead(state));
  return index < 0 ? null : numbers[index + step] ?? null;
}

/**
 * The files of a version, if they are here.
 * @param {PageState} state
 * @param {number} version
 * @returns {Record<string, string>|null}
 */
export function filesOf(state, version) {
  if (version === 0) return {};
  if (state.code?.version === version) return state.code.files;
  return state.codes.get(version) ?? null;
}

/**
 * The versions whose files are needed and not here.
 * @param {PageState} state
 * @returns {number[]}
 */
export function versionsWanted(state) {
  const { version, isComparing } = state.reading;
  const wanted = isComparing ? [versionRead(state), versionAgainst(state)] : version === null ? [] : [version];
  return wanted.filter((number) => filesOf(state, number) === null);
}

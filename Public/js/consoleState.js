// @ts-check
// What the app logged and threw in the browsers of all who look at it, as lines. Pure.
import { LEVELS } from './previewBridge.js';

/** @typedef {import('./previewBridge.js').Level} Level */
/** @typedef {{user_id: string, name: string}} Person */

/**
 * @typedef {object} ConsoleLine
 * @property {string} id
 * @property {Level} level
 * @property {string} text
 * @property {string} path  Empty where it is not known.
 * @property {number} line  From 1; 0 where it is not known.
 * @property {number} count
 * @property {number} at  When it came last, on this machine's clock.
 * @property {Person[]} people  In whose browsers, newest last.
 * @property {number} version  What was on show.
 */

/** @typedef {{lines: ConsoleLine[], nextID: number}} ConsoleState  Oldest first. */

/** Lines that are kept. */
export const MOST_LINES = 200;
const MOST_PEOPLE = 20;
/** Lines at the end in which a log is looked for, so that two browsers that log the same do not take turns. */
const NEAR = 8;

/** @type {ConsoleState} */
export const EMPTY_CONSOLE = { lines: [], nextID: 1 };

/**
 * Adds what a `console` event tells of. The same error of several browsers becomes one line with a count, and so does a log
 * that was just made.
 * @param {ConsoleState} state
 * @param {any} event
 * @param {{now: number, version: number, nameOf: (user: string) => string}} context
 * @returns {ConsoleState}
 */
export function addToConsole(state, event, { now, version, nameOf }) {
  if (!LEVELS.includes(event.level) || typeof event.text !== 'string') return state;
  const { text } = event;
  const path = typeof event.path === 'string' ? event.path : '';
  const line = Number.isInteger(event.line) ? event.line : 0;
  const count = Number.isInteger(event.count) && event.count > 0 ? event.count : 1;
  const user = typeof event.user_id === 'string' ? event.user_id : '';
  const from = event.level === 'error' ? 0 : Math.max(0, state.lines.length - NEAR);
  const index = state.lines.findIndex((held, place) =>
    place >= from && held.level === event.level && held.text === text && held.path === path && held.line === line &&
    held.version === version
  );
  const person = { user_id: user, name: nameOf(user) };
  if (index >= 0) {
    const held = state.lines[index];
    const people = [...held.people.filter((other) => other.user_id !== user), person].slice(-MOST_PEOPLE);
    const lines = [...state.lines];
    lines[index] = { ...held, count: held.count + count, at: now, people };
    return { ...state, lines };
  }
  /** @type {ConsoleLine} */
  const fresh = { id: `${state.nextID}`, level: event.level, text, path, line, count, at: now, people: [person], version };
  return { lines: [...state.lines, fresh].slice(-MOST_LINES), nextID: state.nextID + 1 };
}

/**
 * @param {ConsoleState} state
 * @returns {ConsoleState}
 */
export function clearConsole(state) {
  return { ...state, lines: [] };
}

/**
 * What the version on show threw, oldest first.
 * @param {ConsoleState} state
 * @param {number} version
 */
export function errorsOf(state, version) {
  return state.lines.filter((line) => line.level === 'error' && line.version === version);
}

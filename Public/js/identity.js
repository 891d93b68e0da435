// @ts-check
// Who this browser says it is: an id and a friendly name, kept here and told to the server on connect.
import { read, write } from './memory.js';

const FIRST = [
  'Amber',
  'Brisk',
  'Calm',
  'Clever',
  'Copper',
  'Early',
  'Fern',
  'Gentle',
  'Hazel',
  'Lucky',
  'Mellow',
  'Nimble',
  'Quiet',
  'Rosy',
  'Sunny',
  'Velvet',
];
const SECOND = [
  'Badger',
  'Crane',
  'Finch',
  'Fox',
  'Hare',
  'Heron',
  'Lark',
  'Lynx',
  'Marten',
  'Otter',
  'Owl',
  'Plover',
  'Robin',
  'Stoat',
  'Swift',
  'Wren',
];

/** The longest name that pages have room for, in characters. */
export const LONGEST_NAME = 40;

/** @typedef {{id: string, name: string}} Identity */

/**
 * A random id, of 16 characters.
 */
function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');
}

/** @param {string[]} list */
function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/**
 * The identity kept in this browser; made on the first visit.
 * @returns {Identity}
 */
export function loadIdentity() {
  let id = read('user');
  if (!id) {
    id = `user-${newID()}`;
    write('user', id);
  }
  let name = read('name');
  if (!name) {
    name = `${pick(FIRST)} ${pick(SECOND)}`;
    write('name', name);
    write('ask-name', 'yes');
  }
  return { id, name };
}

/**
 * Whether this browser's person goes by a random name and was not yet asked for another. True once.
 */
export function mayBeAsked() {
  if (read('ask-name') !== 'yes') return false;
  write('ask-name', '');
  return true;
}

/**
 * Keeps another name. Returns the name as it is kept, or the old one when nothing is left of it.
 * @param {Identity} identity
 * @param {string} wanted
 * @param {import('./types.js').Limits} limits
 */
export function rename(identity, wanted, limits) {
  const characters = [...wanted.trim().replace(/\s+/gu, ' ')].slice(0, LONGEST_NAME);
  while (new TextEncoder().encode(characters.join('')).length > limits.name_bytes) characters.pop();
  const name = characters.join('');
  if (name !== '') {
    identity.name = name;
    write('name', name);
    write('ask-name', '');
  }
  return identity.name;
}

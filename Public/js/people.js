// @ts-check
// People: a colour each, an initial, and how their names are said.
import { h, set, setText } from './dom.js';

/** How many colours there are (`--person-0` to `--person-7`). */
export const COLOURS = 8;

/**
 * A small stable hash (FNV-1a, 32 bits, over UTF-16 units).
 * @param {string} text
 */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}

/** Gives each user a colour; on a clash the next one that is free, while one is. */
export class Palette {
  constructor() {
    /** @type {Map<string, number>} */
    this.given = new Map();
  }

  /**
   * @param {string} user
   * @returns {number}  0 to 7.
   */
  colourOf(user) {
    const known = this.given.get(user);
    if (known !== undefined) return known;
    const wanted = hash(user) % COLOURS;
    const taken = new Set(this.given.values());
    let colour = wanted;
    for (let step = 0; step < COLOURS && taken.has(colour); step += 1) colour = (wanted + step + 1) % COLOURS;
    if (taken.size >= COLOURS) colour = wanted;
    this.given.set(user, colour);
    return colour;
  }
}

/**
 * The first letter that is shown for a name.
 * @param {string} name
 */
export function initial(name) {
  const first = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? '?';
  return first.toLocaleUpperCase();
}

/**
 * The name to show.
 * @param {{user_id: string, name?: string}} person
 * @param {string} me  This browser's user id.
 */
export function shownName(person, me) {
  if (person.user_id !== '' && person.user_id === me) return 'You';
  return person.name || 'Someone';
}

/**
 * A square with a person's initial.
 * @param {string} name
 * @param {number} colour
 */
export function avatar(name, colour) {
  return h('span', { class: 'avatar', 'data-person': colour, 'aria-hidden': 'true' }, initial(name));
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {number} colour
 */
export function updateAvatar(element, name, colour) {
  set(element, 'data-person', colour);
  setText(element, initial(name));
}

/**
 * "Maya", "Maya and Tom", "Maya, Tom and Ines", "Maya, Tom and 3 more".
 * @param {string[]} names
 */
export function listNames(names) {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length <= 3) return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

// @ts-check
// Light or dark: what was chosen here, else what the system prefers.
import { icon } from './icons.js';
import { h, set } from './dom.js';
import { write } from './memory.js';

const query = window.matchMedia('(prefers-color-scheme: dark)');

/** @returns {'light'|'dark'} */
export function currentTheme() {
  const chosen = document.documentElement.getAttribute('data-theme');
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return query.matches ? 'dark' : 'light';
}

/** Makes the other theme the chosen one. */
export function switchTheme() {
  const other = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.setAttribute('data-theme', other);
  write('theme', other);
  for (const show of shown) show();
}

/** @type {Set<() => void>} */
const shown = new Set();

/**
 * Makes a button switch the theme, and keeps its icon and name right.
 * @param {HTMLElement} button
 */
export function bindTheme(button) {
  const show = () => {
    const other = currentTheme() === 'dark' ? 'light' : 'dark';
    const word = h('span', { class: 'theme-word' }, other === 'light' ? 'Light theme' : 'Dark theme');
    button.replaceChildren(icon(other === 'light' ? 'sun' : 'moon'), word);
    set(button, 'aria-label', `Use the ${other} theme`);
    set(button, 'title', `Use the ${other} theme`);
  };
  button.addEventListener('click', switchTheme);
  shown.add(show);
  query.addEventListener('change', show);
  show();
}

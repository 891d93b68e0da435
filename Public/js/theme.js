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
  button.addEventListener('click', () => {
    const other = currentTheme() === 'dark' ? 'light' : 'dark';
    document.documentElement.setAttribute('data-theme', other);
    write('theme', other);
    show();
  });
  query.addEventListener('change', show);
  show();
}

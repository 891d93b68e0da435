// @ts-check
// One error of the build: what, where, and the lines around it.
import { h, set, setText } from './dom.js';
import { icon } from './icons.js';
import { highlightLine } from './highlight.js';
import { buildErrorWords } from './turnSentences.js';

/** @typedef {import('./appState.js').ShownError} ShownError */
/** @typedef {import('./pageState.js').Context} Context */

/** @param {string} path */
export function shortPath(path) {
  return path.replace(/^src\//, '');
}

/**
 * One card for each distinct error, with how often it came.
 * @param {ShownError[]} errors
 * @returns {ShownError[]}
 */
export function distinct(errors) {
  /** @type {Map<string, ShownError>} */
  const cards = new Map();
  for (const error of errors) {
    const key = keyOf(error);
    const held = cards.get(key);
    cards.set(key, held ? { ...held, count: held.count + 1 } : error);
  }
  return [...cards.values()];
}

/** @param {ShownError} error */
export function keyOf(error) {
  return `${error.path}:${error.line}:${error.column}:${error.code ?? ''}:${error.text}:${error.module ?? ''}`;
}

/**
 * @param {ShownError} error
 * @param {Context} context
 */
export function errorCard(error, { actions }) {
  const hasPlace = error.path !== '' && error.line > 0;
  const place = hasPlace ? `${shortPath(error.path)}:${error.line}:${error.column}` : '';
  return h(
    'section',
    { class: 'error-card', 'data-testid': 'error', 'aria-label': 'Could not bundle' },
    h(
      'h2',
      { class: 'error-title' },
      icon('warn'),
      h('span', { class: 'error-name' }, 'Could not bundle'),
      h('span', { class: 'error-count' }, error.count > 1 ? `${error.count} times` : ''),
    ),
    h(
      'div',
      { class: 'error-body' },
      hasPlace
        ? h(
          'button',
          { class: 'error-place', type: 'button', onclick: () => actions.openCode(error.path, error.line) },
          place,
        )
        : null,
      h('p', { class: 'error-text' }, buildErrorWords(error)),
    ),
    error.excerpt.length > 0 ? excerpt(error) : null,
    h(
      'div',
      { class: 'error-foot', hidden: true },
      h('button', {
        class: 'button is-primary',
        type: 'button',
        'data-testid': 'fix',
        onclick: async (/** @type {Event} */ event) => {
          const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
          button.disabled = true;
          await actions.repair();
          button.disabled = false;
        },
      }, icon('wrench'), 'Fix it'),
    ),
  );
}

/** @param {ShownError} error */
function excerpt(error) {
  return h(
    'div',
    { class: 'error-lines code-lines' },
    ...error.excerpt.map(({ line, text }) =>
      h(
        'div',
        { class: line === error.line ? 'line is-marked' : 'line', 'data-n': line },
        ...highlightLine(text, 'code').pieces.map((piece) =>
          piece.kind === '' ? piece.text : h('span', { class: `t-${piece.kind}` }, piece.text)
        ),
      )
    ),
  );
}

/**
 * @param {Element} element
 * @param {ShownError} error
 * @param {boolean} offersFix  Whether "Fix it" is offered here.
 */
export function updateErrorCard(element, error, offersFix) {
  const foot = /** @type {HTMLElement|null} */ (element.querySelector('.error-foot'));
  if (foot) foot.hidden = !offersFix;
  const count = element.querySelector('.error-count');
  if (count) setText(count, error.count > 1 ? `${error.count} times` : '');
}

/**
 * Says that a later try did without the error.
 * @param {Element} element
 */
export function markMended(element) {
  if (element.classList.contains('is-mended')) return;
  element.classList.add('is-mended');
  set(element, 'data-testid', 'mended');
  set(element, 'aria-label', 'Mended');
  const name = element.querySelector('.error-name');
  if (name) setText(name, 'Did not bundle, and was mended');
  element.querySelector('.icon-warn')?.replaceWith(icon('check'));
  const foot = /** @type {HTMLElement|null} */ (element.querySelector('.error-foot'));
  if (foot) foot.hidden = true;
}

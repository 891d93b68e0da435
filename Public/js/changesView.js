// @ts-check
// Two texts held against each other: removed and added lines, changed words, and what did not change folded away.
import { h, setText } from './dom.js';
import { linesOf, rowsOfDiff, stretchesOf } from './diff.js';
import { highlightLine } from './highlight.js';
import { counted } from './format.js';

/** @typedef {import('./diff.js').Row} Row */
/** @typedef {import('./diff.js').Range} Range */
/** @typedef {import('./highlight.js').LineState} LineState */

const CONTEXT = 3;
const SIGNS = { same: '', removed: '-', added: '+' };
const WORDS = { same: '', removed: 'Removed: ', added: 'Added: ' };

/** @typedef {{lines: string[], states: LineState[]}} Source  Lines, and what each begins inside of. */

export class ChangesView {
  /**
   * @param {HTMLElement} element  Holds the rows.
   * @param {HTMLElement} scroller
   */
  constructor(element, scroller) {
    this.element = element;
    this.scroller = scroller;
    this.key = '';
    this.added = 0;
    this.removed = 0;
    /** @type {HTMLElement[]} The first row of each change. */
    this.changes = [];
  }

  /**
   * @param {string} key  Says which texts they are.
   * @param {string} old
   * @param {string} fresh
   */
  show(key, old, fresh) {
    if (key === this.key) return;
    this.key = key;
    const before = sourceOf(old);
    const after = sourceOf(fresh);
    const rows = rowsOfDiff(before.lines, after.lines);
    this.added = rows.filter((row) => row.kind === 'added').length;
    this.removed = rows.filter((row) => row.kind === 'removed').length;
    this.changes = [];
    const fragment = document.createDocumentFragment();
    for (const stretch of stretchesOf(rows, CONTEXT)) {
      if (stretch.kind === 'gap') fragment.append(this.fold(stretch.rows, before, after));
      else fragment.append(...this.draw(stretch.rows, before, after));
    }
    if (this.added + this.removed === 0) fragment.prepend(h('p', { class: 'no-changes' }, 'Nothing changed in this file.'));
    this.element.replaceChildren(fragment);
    this.scroller.scrollTop = 0;
  }

  clear() {
    this.key = '';
    this.changes = [];
    this.element.replaceChildren();
  }

  /**
   * @param {Row[]} rows
   * @param {Source} before
   * @param {Source} after
   */
  fold(rows, before, after) {
    const words = counted(rows.length, 'unchanged line', 'unchanged lines').replace(/^\w/, (first) => first.toUpperCase());
    const button = h('button', {
      class: 'fold',
      type: 'button',
      onclick: () => {
        const drawn = this.draw(rows, before, after);
        button.replaceWith(...drawn);
        this.scroller.focus({ preventScroll: true });
      },
    }, h('span', { 'aria-hidden': 'true' }, '⋯'), words);
    return button;
  }

  /**
   * @param {Row[]} rows
   * @param {Source} before
   * @param {Source} after
   */
  draw(rows, before, after) {
    let wasChange = false;
    return rows.map((row) => {
      const source = row.kind === 'removed' ? before : after;
      const index = (row.kind === 'removed' ? row.old : row.fresh) - 1;
      const element = h(
        'div',
        { class: `row is-${row.kind}` },
        h('span', { class: 'row-old', 'aria-hidden': 'true' }, row.old ? String(row.old) : ''),
        h('span', { class: 'row-new', 'aria-hidden': 'true' }, row.fresh ? String(row.fresh) : ''),
        h('span', { class: 'row-sign', 'aria-hidden': 'true' }, SIGNS[row.kind]),
        h('span', { class: 'visually-hidden' }, WORDS[row.kind]),
        h('code', { class: 'row-text' }, ...textOf(source.lines[index], source.states[index], row.marks)),
      );
      const isChange = row.kind !== 'same';
      if (isChange && !wasChange) this.changes.push(element);
      wasChange = isChange;
      return element;
    });
  }

  /**
   * Brings the next change into view, or the one before.
   * @param {1|-1} step
   */
  go(step) {
    if (this.changes.length === 0) return false;
    const top = this.scroller.getBoundingClientRect().top;
    const places = this.changes.map((row) => row.getBoundingClientRect().top - top - LEAD);
    const above = places.filter((place) => place < -1).length;
    const below = places.findIndex((place) => place > 1);
    const target = step < 0 ? Math.max(0, above - 1) : below < 0 ? places.length - 1 : below;
    for (const row of this.element.querySelectorAll('.is-current')) row.classList.remove('is-current');
    this.changes[target].classList.add('is-current');
    this.scroller.scrollTop += places[target];
    return true;
  }

  /**
   * @param {HTMLElement} added
   * @param {HTMLElement} removed
   */
  showCounts(added, removed) {
    setText(added, `+${this.added}`);
    setText(removed, `-${this.removed}`);
  }
}

/** Pixels above a change that is brought into view. */
const LEAD = 76;

/**
 * @param {string} text
 * @returns {Source}
 */
function sourceOf(text) {
  const lines = linesOf(text);
  /** @type {LineState[]} */
  const states = [];
  /** @type {LineState} */
  let state = 'code';
  for (const line of lines) {
    states.push(state);
    state = highlightLine(line, state).state;
  }
  return { lines, states };
}

/**
 * A line's pieces in their colours, changed words marked.
 * @param {string} line
 * @param {LineState} state
 * @param {Range[]} marks
 */
function textOf(line, state, marks) {
  /** @type {(Node|string)[]} */
  const nodes = [];
  let at = 0;
  for (const { kind, text } of highlightLine(line, state).pieces) {
    for (const part of cutAt(text, at, marks)) {
      const classes = [kind === '' ? '' : `t-${kind}`, part.isMarked ? 'is-changed' : ''].filter(Boolean).join(' ');
      nodes.push(classes === '' ? part.text : h('span', { class: classes }, part.text));
    }
    at += text.length;
  }
  return nodes;
}

/**
 * @param {string} text
 * @param {number} start  Where it stands in its line.
 * @param {Range[]} marks
 * @returns {{text: string, isMarked: boolean}[]}
 */
function cutAt(text, start, marks) {
  const end = start + text.length;
  const parts = [];
  let at = start;
  for (const mark of marks) {
    const from = Math.max(mark.start, at);
    const to = Math.min(mark.end, end);
    if (to <= from) continue;
    if (from > at) parts.push({ text: text.slice(at - start, from - start), isMarked: false });
    parts.push({ text: text.slice(from - start, to - start), isMarked: true });
    at = to;
  }
  if (at < end) parts.push({ text: text.slice(at - start), isMarked: false });
  return parts;
}

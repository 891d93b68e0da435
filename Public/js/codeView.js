// @ts-check
// Code that grows: one element a line, of which only the last is written and coloured again.
import { h, set } from './dom.js';
import { highlightLine } from './highlight.js';

/** @typedef {import('./highlight.js').LineState} LineState */

const IDLE = 600;

/** Shows one text, whole or growing. Between the lines lie line feeds, so that the element's text is the file. */
export class CodeView {
  /** @param {HTMLElement} element  Holds the lines. */
  constructor(element) {
    this.element = element;
    this.caret = h('span', { class: 'caret', 'aria-hidden': 'true' });
    /** Says which text it is; another key means another text. */
    this.key = '';
    this.text = '';
    this.lineCount = 0;
    /** @type {HTMLElement|null} */
    this.lastLine = null;
    this.lastText = '';
    /** @type {LineState} What the last line begins inside of. */
    this.state = 'code';
    /** @type {number|undefined} */
    this.idleTimer = undefined;
    this.isLive = false;
  }

  /**
   * @param {string} key  The same for texts that only grow.
   * @param {string} text
   * @param {boolean} isLive  Whether more is to come: shows the caret.
   */
  show(key, text, isLive) {
    const grows = key === this.key && text.length >= this.text.length;
    // The same file under another name (live, then stored) is not written again.
    const isSame = !grows && text === this.text;
    if (!grows && !isSame) this.clear();
    if (!isSame && text.length > this.text.length) this.append(text.slice(this.text.length));
    this.key = key;
    this.text = text;
    if (isLive !== this.isLive) {
      this.isLive = isLive;
      set(this.element, 'aria-busy', isLive ? 'true' : null);
      if (!isLive) this.caret.remove();
    }
    if (isLive) {
      if (this.lineCount === 0) this.addLine();
      if (this.lastLine && this.caret.parentNode !== this.lastLine) this.lastLine.append(this.caret);
    }
  }

  clear() {
    this.element.replaceChildren();
    this.text = '';
    this.lineCount = 0;
    this.lastLine = null;
    this.lastText = '';
    this.state = 'code';
  }

  /** @param {string} fresh */
  append(fresh) {
    const lines = fresh.split('\n');
    const fragment = document.createDocumentFragment();
    if (!this.lastLine) this.addLine(fragment);
    this.lastText += lines[0];
    for (const line of lines.slice(1)) {
      this.paint();
      this.state = highlightLine(this.lastText, this.state).state;
      fragment.append('\n');
      this.addLine(fragment);
      this.lastText = line;
    }
    this.paint();
    this.element.append(fragment);
    this.caret.classList.remove('is-idle');
    window.clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => this.caret.classList.add('is-idle'), IDLE);
  }

  /** @param {Node} [parent] */
  addLine(parent = this.element) {
    this.lineCount += 1;
    this.lastText = '';
    this.lastLine = h('div', { class: 'line', 'data-n': this.lineCount });
    parent.appendChild(this.lastLine);
  }

  paint() {
    const { pieces } = highlightLine(this.lastText, this.state);
    this.lastLine?.replaceChildren(
      ...pieces.map(({ kind, text }) => (kind === '' ? text : h('span', { class: `t-${kind}` }, text))),
    );
  }

  /**
   * Marks a line and brings it into view.
   * @param {number} line  From 1.
   */
  reveal(line) {
    for (const marked of this.element.querySelectorAll('.is-marked')) marked.classList.remove('is-marked');
    const element = this.element.children[line - 1];
    element?.classList.add('is-marked');
    element?.scrollIntoView({ block: 'center' });
  }
}

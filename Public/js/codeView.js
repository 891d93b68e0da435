// @ts-check
// Code that grows: one element a line, of which only the last is written and coloured again.
import { h, set } from './dom.js';
import { highlightLine } from './highlight.js';

/** @typedef {import('./highlight.js').LineState} LineState */

const IDLE = 600;
/** Lines that are laid out together or not at all. */
const BLOCK = 50;
/** Lines whose blocks are looked at in every frame or not at all. */
const CHAPTER = 500;

/** Shows one text, whole or growing. Between the lines lie line feeds, so that the element's text is the file. */
export class CodeView {
  /**
   * @param {HTMLElement} element  Holds the chapters, of blocks, of lines.
   * @param {number} [most]  Blocks that keep their lines, the newest ones.
   */
  constructor(element, most = Infinity) {
    this.element = element;
    this.most = most;
    /** @type {HTMLElement[]} Those that have their lines; the last one grows. */
    this.blocks = [];
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
    this.blocks = [];
    this.lastLine = null;
    this.lastText = '';
    this.state = 'code';
  }

  /** @param {string} fresh */
  append(fresh) {
    const lines = fresh.split('\n');
    if (!this.lastLine) this.addLine();
    this.lastText += lines[0];
    for (const line of lines.slice(1)) {
      this.state = this.paint();
      this.blocks.at(-1)?.append('\n');
      this.addLine();
      this.lastText = line;
    }
    this.paint();
    this.caret.classList.remove('is-idle');
    window.clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => this.caret.classList.add('is-idle'), IDLE);
  }

  addLine() {
    if (this.lineCount % CHAPTER === 0) this.element.append(h('div', { class: 'chapter' }));
    if (this.lineCount % BLOCK === 0) {
      const block = h('div', { class: 'block' });
      this.element.lastElementChild?.append(block);
      // An empty block is as high as a full one, so that the others stay where they are.
      if (this.blocks.push(block) > this.most) this.blocks.shift()?.replaceChildren();
    }
    this.lineCount += 1;
    this.lastText = '';
    this.lastLine = h('div', { class: 'line', 'data-n': this.lineCount });
    this.blocks.at(-1)?.append(this.lastLine);
  }

  /** Writes the last line anew; returns what the next one begins inside of. */
  paint() {
    const { pieces, state } = highlightLine(this.lastText, this.state);
    this.lastLine?.replaceChildren(
      ...pieces.map(({ kind, text }) => (kind === '' ? text : h('span', { class: `t-${kind}` }, text))),
    );
    return state;
  }

  /**
   * Marks a line and brings it into view.
   * @param {number} line  From 1.
   */
  reveal(line) {
    for (const marked of this.element.querySelectorAll('.is-marked')) marked.classList.remove('is-marked');
    const element = this.element.querySelector(`.line[data-n='${line}']`);
    element?.classList.add('is-marked');
    element?.scrollIntoView({ block: 'center' });
  }
}

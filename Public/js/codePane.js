// @ts-check
// The code: as it streams while something is built, else the files of the version on show.
import { byID, h, reconcile, set, setText } from './dom.js';
import { CodeView } from './codeView.js';
import { COMPONENT_PATH, shownPath } from './appState.js';
import { icon } from './icons.js';
import { PinnedScroll } from './scroll.js';
import { countLines, nextVersion } from './pageState.js';

/** @typedef {import('./pageState.js').PageState} PageState */

const COPIED = 2_000;

export class CodePane {
  constructor() {
    this.lines = byID('code');
    this.view = new CodeView(this.lines);
    this.scroll = new PinnedScroll(byID('code-scroll'), /** @type {HTMLButtonElement} */ (byID('code-below')));
    this.files = byID('files');
    this.title = byID('code-title');
    this.facts = byID('code-facts');
    this.copy = /** @type {HTMLButtonElement} */ (byID('copy'));
    this.wanted = COMPONENT_PATH;
    /** @type {PageState|null} */
    this.state = null;
    this.text = '';
    this.wasLive = false;
    this.scroll.isPinned = false;
    this.copyWord = h('span', {}, 'Copy');
    this.copy.append(icon('copy'), this.copyWord);
    this.copy.addEventListener('click', () => void this.copyText());
  }

  async copyText() {
    try {
      await navigator.clipboard.writeText(this.text);
      setText(this.copyWord, 'Copied');
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.lines);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
      setText(this.copyWord, 'Selected');
    }
    window.setTimeout(() => setText(this.copyWord, 'Copy'), COPIED);
  }

  /**
   * Opens a file at a line.
   * @param {string} path
   * @param {number} line
   */
  open(path, line) {
    this.wanted = path;
    if (this.state) this.show(this.state);
    this.scroll.isPinned = false;
    this.view.reveal(line);
  }

  /** @param {PageState} state */
  show(state) {
    this.state = state;
    const { generation, last } = state.app;
    const isLive = generation !== null && Object.keys(generation.code).length > 0;
    // Between the end of a build and its stored files, what streamed stays.
    const version = state.app.preview?.version ?? 0;
    const stored = state.code;
    const streamed = generation ?? last;
    const isStored = !isLive && stored !== null && (stored.version === version || !streamed);
    const files = isLive ? generation.code : isStored ? stored.files : streamed?.code ?? {};
    const paths = Object.keys(files).sort(componentFirst);
    const path = files[this.wanted] !== undefined ? this.wanted : shownPath(files);
    this.text = files[path] ?? '';
    const key = isStored ? `version ${stored.version} ${path}` : `${streamed?.id} ${streamed?.attempt} ${path}`;
    this.view.show(key, this.text, isLive);
    // What streams is followed; what is stored is read from its beginning.
    if (isLive && !this.wasLive) this.scroll.pin();
    if (isLive) this.scroll.follow(true);
    else {
      this.scroll.isPinned = false;
      this.scroll.button.hidden = true;
    }
    this.wasLive = isLive;
    this.showFiles(paths, path);
    const lines = countLines(this.text);
    setText(
      this.title,
      isLive
        ? `Version ${nextVersion(state)} is being written`
        : isStored
        ? `Version ${stored.version}`
        : this.text
        ? 'Written just now'
        : 'No code yet',
    );
    setText(this.facts, this.text === '' ? '' : `${path}  ${lines} ${lines === 1 ? 'line' : 'lines'}`);
    this.copy.hidden = this.text === '';
  }

  /**
   * @param {string[]} paths
   * @param {string} current
   */
  showFiles(paths, current) {
    byID('files-side').hidden = paths.length < 2;
    reconcile(
      this.files,
      paths,
      (path) => path,
      (path) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              class: 'file',
              type: 'button',
              onclick: () => this.choose(path),
            },
            icon('file', 16),
            h('span', {}, path.replace(/^src\//, '')),
          ),
        ),
      (element, path) => set(element.firstElementChild, 'aria-current', path === current ? 'true' : null),
    );
  }

  /** @param {string} path */
  choose(path) {
    this.wanted = path;
    if (this.state) this.show(this.state);
    byID('code-scroll').scrollTop = 0;
  }
}

/**
 * The component first, the others by name.
 * @param {string} one
 * @param {string} other
 */
function componentFirst(one, other) {
  if (one === COMPONENT_PATH) return -1;
  if (other === COMPONENT_PATH) return 1;
  return one < other ? -1 : 1;
}

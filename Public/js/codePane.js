// @ts-check
// The code: as it streams while something is built, else the files of the version that is read, or what changed in it.
import { byID, h, reconcile, set, setText } from './dom.js';
import { CodeView } from './codeView.js';
import { COMPONENT_PATH, shownPath } from './appState.js';
import { icon } from './icons.js';
import { PinnedScroll, whenWritten } from './scroll.js';
import { countLines, nextVersion } from './pageState.js';
import { filesOf, nextVersionRead, offeredVersions, versionAgainst, versionNumbers, versionRead } from './reading.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./reading.js').Reading} Reading */

const COPIED = 2_000;

/** Not part of the page's own script. */
const CHANGES = '/js/changesView.js';

export class CodePane {
  /** @param {(change: Partial<Reading>) => void} read  Reads other code. */
  constructor(read) {
    this.read = read;
    this.lines = byID('code');
    this.view = new CodeView(this.lines);
    this.codeScroll = byID('code-scroll');
    this.scroll = new PinnedScroll(this.codeScroll, /** @type {HTMLButtonElement} */ (byID('code-below')));
    this.changesScroll = byID('changes-scroll');
    /** @type {import('./changesView.js').ChangesView|null} Fetched when somebody compares, which most readers never do. */
    this.changes = null;
    this.isFetching = false;
    this.files = byID('files');
    this.title = byID('code-title');
    this.facts = byID('code-facts');
    this.copy = /** @type {HTMLButtonElement} */ (byID('copy'));
    this.versionPicker = /** @type {HTMLSelectElement} */ (byID('read'));
    this.againstPicker = /** @type {HTMLSelectElement} */ (byID('against'));
    this.modes = byID('code-modes');
    this.wanted = COMPONENT_PATH;
    /** @type {PageState|null} */
    this.state = null;
    this.text = '';
    this.path = '';
    this.key = '';
    this.wasLive = false;
    this.scroll.isPinned = false;
    this.copyWord = h('span', {}, 'Copy');
    this.copy.append(icon('copy'), this.copyWord);
    this.copy.addEventListener('click', () => void this.copyText());
    this.bind();
  }

  bind() {
    for (const button of this.modes.querySelectorAll('button')) {
      button.addEventListener('click', () => this.compare(button.dataset.mode === 'changes'));
    }
    byID('close-changes').addEventListener('click', () => {
      this.compare(false);
      this.codeScroll.focus();
    });
    byID('change-before').addEventListener('click', () => this.changes?.go(-1));
    byID('change-next').addEventListener('click', () => this.changes?.go(1));
    this.versionPicker.addEventListener('change', () => this.readVersion(Number(this.versionPicker.value)));
    this.againstPicker.addEventListener('change', () => this.read({ against: Number(this.againstPicker.value) }));
  }

  /** @param {boolean} isComparing */
  compare(isComparing) {
    if (!this.state) return;
    // What is compared stays when a newer version comes.
    const version = isComparing ? versionRead(this.state) : this.followed(versionRead(this.state));
    this.read({ version, isComparing });
  }

  /** @param {number} version */
  readVersion(version) {
    const isComparing = this.state?.reading.isComparing === true;
    this.read({ version: isComparing ? version : this.followed(version), against: null });
  }

  /**
   * The version on show is followed, any other one stays.
   * @param {number} version
   */
  followed(version) {
    return version === this.state?.app.preview?.version ? null : version;
  }

  /**
   * Reads the next version, or the one before.
   * @param {1|-1} step
   */
  step(step) {
    const next = this.state ? nextVersionRead(this.state, step) : null;
    if (next === null) return false;
    this.readVersion(next);
    return true;
  }

  /**
   * Brings the next change into view, or the one before.
   * @param {1|-1} step
   */
  goToChange(step) {
    return this.state?.reading.isComparing === true && this.changes?.go(step) === true;
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
    const version = versionRead(state);
    const isComparing = state.reading.isComparing && version > 0;
    this.codeScroll.hidden = isComparing;
    this.changesScroll.hidden = !isComparing;
    byID('code-steps').hidden = !isComparing;
    byID('change-counts').hidden = !isComparing;
    this.modes.hidden = versionNumbers(state).length === 0;
    for (const button of this.modes.querySelectorAll('button')) {
      set(button, 'aria-pressed', String((button.dataset.mode === 'changes') === isComparing));
    }
    if (isComparing) this.showChanges(state, version);
    else {
      this.changes?.clear();
      this.showCode(state, version);
    }
    this.copy.hidden = this.text === '';
  }

  /**
   * @param {PageState} state
   * @param {number} version
   */
  showCode(state, version) {
    const { generation, last } = state.app;
    const isFollowing = state.reading.version === null;
    const isLive = isFollowing && generation !== null && Object.keys(generation.code).length > 0;
    // Between the end of a build and its stored files, what streamed stays.
    const streamed = isFollowing ? generation ?? last : null;
    const stored = isFollowing ? state.code : { version, files: filesOf(state, version) ?? {} };
    const isStored = !isLive && stored !== null && (stored.version === version || !streamed);
    const files = isLive ? generation.code : isStored ? stored.files : streamed?.code ?? {};
    const path = this.showFiles(files);
    this.path = path;
    this.text = files[path] ?? '';
    this.key = isStored ? `version ${stored.version} ${path}` : `${streamed?.id} ${streamed?.attempt} ${path}`;
    this.view.show(this.key, this.text, isLive);
    // What streams is followed; what is stored is read from its beginning.
    const begins = isLive && !this.wasLive;
    if (isLive) {
      whenWritten(() => {
        if (begins) this.scroll.pin();
        else this.scroll.follow(true);
      });
    } else {
      this.scroll.isPinned = false;
      this.scroll.button.hidden = true;
    }
    this.wasLive = isLive;
    const title = isLive
      ? `Version ${nextVersion(state)} is being written`
      : this.text
      ? isStored ? `Version ${stored.version}` : 'Written just now'
      : isFollowing
      ? 'No code yet'
      : `Version ${version}`;
    this.showHead(state, isStored ? stored.version : 0, null, title);
    const lines = countLines(this.text);
    setText(this.facts, this.text === '' ? '' : `${path}  ${lines} ${lines === 1 ? 'line' : 'lines'}`);
  }

  /**
   * Shows what has come of the code that is being written, and nothing else.
   * @param {PageState} state
   */
  showText({ app: { generation } }) {
    if (!this.wasLive || !generation) return;
    this.text = generation.code[this.path] ?? '';
    this.view.show(this.key, this.text, true);
    whenWritten(() => this.scroll.follow(true));
  }

  async fetchChanges() {
    if (this.isFetching) return;
    this.isFetching = true;
    try {
      const { ChangesView } = await import(CHANGES);
      this.changes = new ChangesView(byID('changes'), this.changesScroll);
    } catch {
      // Asked for again with the next thing that is shown.
    }
    this.isFetching = false;
    if (this.state && this.changes) this.show(this.state);
  }

  /**
   * @param {PageState} state
   * @param {number} version
   */
  showChanges(state, version) {
    this.wasLive = false;
    this.scroll.button.hidden = true;
    const against = versionAgainst(state);
    const old = filesOf(state, against);
    const fresh = filesOf(state, version);
    this.showHead(state, version, against, `Version ${version}`);
    setText(this.facts, '');
    if (!this.changes) void this.fetchChanges();
    if (!old || !fresh || !this.changes) return;
    const path = this.showFiles({ ...old, ...fresh });
    this.text = fresh[path] ?? '';
    this.changes.show(`${against} ${version} ${path}`, old[path] ?? '', this.text);
    this.changes.showCounts(byID('count-added'), byID('count-removed'));
    set(this.changesScroll, 'aria-label', `Changes in version ${version}`);
  }

  /**
   * Which version, and against which: to be picked where there are several.
   * @param {PageState} state
   * @param {number} version  0 while none is stored.
   * @param {number|null} against  `null` where nothing is compared.
   * @param {string} title
   */
  showHead(state, version, against, title) {
    const numbers = versionNumbers(state);
    const mayPick = version > 0 && numbers.length > 1 && numbers.includes(version);
    setText(this.title, title);
    this.title.hidden = mayPick;
    this.versionPicker.hidden = !mayPick;
    if (mayPick) fill(this.versionPicker, numbers, version, 'Version');
    const words = byID('against-words');
    const others = numbers.filter((number) => number !== version);
    words.hidden = against === null;
    setText(words, against === 0 ? 'is the first one' : 'against');
    this.againstPicker.hidden = !against;
    if (against) fill(this.againstPicker, others, against, 'version');
  }

  /**
   * Lists the files and returns the one to show.
   * @param {Record<string, string>} files
   */
  showFiles(files) {
    const paths = Object.keys(files).sort(componentFirst);
    const current = files[this.wanted] !== undefined ? this.wanted : shownPath(files);
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
    return current;
  }

  /** @param {string} path */
  choose(path) {
    this.wanted = path;
    if (this.state) this.show(this.state);
    this.codeScroll.scrollTop = 0;
  }
}

/**
 * Offers version numbers, the newest first.
 * @param {HTMLSelectElement} picker
 * @param {number[]} numbers
 * @param {number} chosen
 * @param {string} word
 */
function fill(picker, numbers, chosen, word) {
  const offered = offeredVersions(numbers, chosen);
  const key = offered.join();
  if (picker.dataset.offered !== key) {
    picker.dataset.offered = key;
    picker.replaceChildren(...offered.map((number) => h('option', { value: number }, `${word} ${number}`)));
  }
  if (picker.value !== String(chosen)) picker.value = String(chosen);
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

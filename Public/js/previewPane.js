// @ts-check
// The app itself, in a frame on its own origin. The frame is made once: a new version comes in by hot reload.
import { byID, h, set, setText } from './dom.js';
import { CodeView } from './codeView.js';
import { elapsed } from './format.js';
import { icon } from './icons.js';
import { mark } from './marks.js';
import { lookOf } from './appsState.js';
import { shownPath } from './appState.js';
import { shownName, updateAvatar } from './people.js';
import { countLines, nextVersion } from './pageState.js';
import { frameOf, isPage } from './previewFrame.js';
import { whenWritten } from './scroll.js';
import { progressOf, VibeString } from './string.js';
import { titleOf } from './card.js';
import { STEPS } from './turnSentences.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */

/** The peek shows the last seven lines: the newest block and the one before. */
const PEEK_BLOCKS = 2;
const ARRIVAL_MOST = 3_000;

export class PreviewPane {
  /**
   * @param {() => void} openCode
   * @param {() => void} ask
   */
  constructor(openCode, ask) {
    this.holder = byID('frame-holder');
    this.strip = byID('strip');
    this.first = byID('first-build');
    this.firstTitle = byID('first-title');
    this.firstText = byID('first-text');
    this.ask = byID('first-ask');
    this.string = new VibeString({ height: 48, amplitude: 16 });
    byID('first-string').append(this.string.element);
    this.peek = byID('peek');
    this.peekPath = byID('peek-path');
    this.peekFacts = byID('peek-facts');
    this.peekLines = byID('peek-lines');
    this.peekView = new CodeView(this.peekLines, PEEK_BLOCKS);
    this.isPeekFolded = false;
    this.width = 0;
    /** @type {HTMLIFrameElement|null} */
    this.frame = null;
    /** Whether this page saw the first version being built. */
    this.sawFirst = false;
    /** Whether the frame is to be shown when its page is there, and what was shown before stays until then. */
    this.isAwaited = false;
    this.url = '';
    this.wasActive = false;
    this.openCode = openCode;
    /** Where the preview answers: what its messages must come from. */
    this.origin = '';
    this.devices = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('#devices [data-width]')]);
    this.bindTools(ask);
  }

  /** @param {() => void} ask */
  bindTools(ask) {
    byID('reload').addEventListener('click', () => this.reload());
    this.ask.addEventListener('click', ask);
    const fold = /** @type {HTMLButtonElement} */ (byID('peek-fold'));
    fold.addEventListener('click', () => {
      this.isPeekFolded = !this.isPeekFolded;
      this.peek.classList.toggle('is-folded', this.isPeekFolded);
      set(fold, 'aria-expanded', String(!this.isPeekFolded));
    });
    this.devices.forEach((button, index) => button.addEventListener('click', () => this.setWidth(index)));
  }

  /** @param {number} index  Of the widths offered. */
  setWidth(index) {
    this.width = index;
    this.devices.forEach((button, at) => set(button, 'aria-pressed', String(at === index)));
    set(this.holder, 'data-width', this.devices[index].dataset.width ?? '100%');
  }

  /** Goes on to the next width. */
  nextWidth() {
    if (!this.frame) return false;
    // Widths that the stage cannot show are not offered.
    const offered = this.devices.flatMap((button, index) => (button.getClientRects().length > 0 ? [index] : []));
    this.setWidth(offered.find((index) => index > this.width) ?? offered[0] ?? 0);
    return true;
  }

  /** The preview's window, of which nothing is trusted. */
  get window() {
    return this.frame?.contentWindow ?? null;
  }

  reload() {
    if (!this.frame) return false;
    this.frame.src = this.url;
    return true;
  }

  /**
   * @param {PageState} state
   * @param {number} rate  Tokens a second.
   */
  show(state, rate) {
    const { app } = state;
    this.showFrame(state);
    this.showStrip(state);
    const { generation } = app;
    const path = shownPath(generation?.code ?? {});
    const code = generation?.code[path] ?? '';
    const hasPeek = generation !== null;
    this.peek.hidden = !hasPeek;
    if (hasPeek) {
      const isRepair = app.build.steps.some((step) => step.phase === 'repairing');
      setText(this.peekPath, isRepair ? `Repair, ${path}` : path);
      const lines = countLines(code);
      setText(this.peekFacts, `${lines} ${lines === 1 ? 'line' : 'lines'}${rate > 0 ? `  ${rate} tok/s` : ''}`);
      this.showText(state);
    }
    const hasFrame = this.frame !== null;
    this.first.hidden = hasFrame && !this.isAwaited;
    if (!hasFrame) this.showFirst(state, countLines(code), rate);
    else if (this.isAwaited) {
      setText(this.firstText, 'It is made, and opens now.');
      this.string.show({ mode: 'taut' });
    }
  }

  /**
   * Shows the last lines of the code that is being written, and nothing else.
   * @param {PageState} state
   */
  showText({ app: { generation } }) {
    if (!generation) return;
    const path = shownPath(generation.code);
    this.peekView.show(`${generation.id} ${generation.attempt} ${path}`, generation.code[path] ?? '', true);
    // Scrolled, not moved: what is read above does not jump.
    whenWritten(() => (this.peekLines.scrollTop = this.peekLines.scrollHeight));
  }

  /**
   * The peek's first line on small screens: whose turn runs, which step, and for how long.
   * @param {PageState} state
   * @param {number} now
   * @param {Context} context
   */
  showTurn(state, now, { identity, palette }) {
    const { generation, build, messages } = state.app;
    if (!generation) return;
    const prompt = messages.find((message) => message.id === generation.messageID);
    const name = prompt ? shownName(prompt, identity.id) : '';
    updateAvatar(byID('peek-author'), name, palette.colourOf(prompt?.user_id || name));
    const lines = countLines(generation.code[shownPath(generation.code)] ?? '');
    const step = STEPS[build.phase] ?? 'Building';
    setText(byID('peek-step'), lines > 0 ? `${step},` : step);
    setText(byID('peek-prompt'), [lines > 0 ? `${lines} ${lines === 1 ? 'line' : 'lines'}.` : '', prompt?.content ?? ''].join(' ').trim());
    this.tick(state, now);
  }

  /**
   * @param {PageState} state
   * @param {number} now
   */
  tick({ app }, now) {
    const first = app.build.steps[0];
    setText(byID('peek-time'), app.generation && first ? elapsed(now - first.startedAt) : '');
  }

  /** @param {PageState} state */
  showFrame({ app, versions }) {
    const { preview } = app;
    const isActive = app.app?.status === 'active';
    if (preview && preview.url !== this.url && isPage(preview.url)) {
      this.url = preview.url;
      this.origin = new URL(preview.url, location.href).origin;
      if (this.frame) {
        this.frame.src = this.url;
      } else {
        this.frame = frameOf(this.url, 'frame');
        this.holder.append(this.frame);
        if (this.sawFirst) this.awaitFrame(this.frame);
      }
      const open = byID('open-tab');
      set(open, 'href', this.url);
    } else if (isActive && !this.wasActive && this.frame) {
      // What was asked for while the app was not running is a page that says so, loaded or on its way.
      this.reload();
    }
    this.wasActive = isActive;
    for (const id of ['open-tab', 'reload', 'devices']) byID(id).hidden = this.frame === null;
    if (this.frame && app.app) {
      const version = preview?.version ?? versions.length;
      set(this.frame, 'title', `Preview of ${titleOf(app.app)}, version ${version}`);
    }
  }

  /**
   * The first version takes its place when it is loaded, so that nothing blank comes between.
   * @param {HTMLIFrameElement} frame
   */
  awaitFrame(frame) {
    this.isAwaited = true;
    const arrive = () => {
      this.isAwaited = false;
      this.first.hidden = true;
    };
    frame.addEventListener('load', arrive, { once: true });
    // A page that waits for something of its own is shown all the same.
    window.setTimeout(arrive, ARRIVAL_MOST);
  }

  /** @param {PageState} state */
  showStrip(state) {
    const { app } = state;
    const shown = app.preview?.version ?? 0;
    const isBuilding = app.generation !== null && shown > 0;
    const isBroken = app.generation === null && app.build.phase === 'failed' && shown > 0;
    this.strip.hidden = !isBuilding && !isBroken;
    if (this.strip.hidden) return;
    const next = nextVersion(state);
    let kind = 'building';
    let title = `You are looking at version ${shown}.`;
    let rest = `Version ${next} takes its place when it is bundled.`;
    let brief = `Version ${next} is on its way.`;
    if (app.build.phase === 'repairing' || (isBuilding && app.build.errors.length > 0)) {
      kind = 'failed';
      title = `Still serving version ${shown}.`;
      rest = `Version ${next} did not bundle and is being repaired.`;
      brief = 'The next one is being repaired.';
    } else if (isBroken) {
      kind = 'failed';
      title = `Still serving version ${shown}.`;
      rest = 'The last change did not make a version.';
      brief = rest;
    }
    const key = `${kind} ${title} ${rest}`;
    if (this.strip.dataset.key === key) return;
    this.strip.dataset.key = key;
    this.strip.replaceChildren(
      mark(kind === 'failed' ? 'failed' : 'building'),
      h(
        'p',
        {},
        h('span', { class: 'strip-full' }, h('strong', {}, title), ' ', rest),
        h('span', { class: 'strip-brief' }, h('strong', {}, `Version ${shown}.`), ' ', brief),
      ),
      isBuilding
        ? h('button', { class: 'strip-button', type: 'button', onclick: () => this.openCode() }, 'Follow the code')
        : '',
    );
  }

  /**
   * @param {PageState} state
   * @param {number} lines
   * @param {number} rate
   */
  showFirst({ app, isMissing }, lines, rate) {
    const isGone = isMissing || app.removed;
    if (!app.ready && !isGone) return;
    const isAnswered = !isGone && app.generation === null && app.queue.length === 0 && app.build.phase === 'answered';
    this.ask.hidden = !isAnswered;
    if (app.generation) this.sawFirst = true;
    let title = 'The first version appears here';
    let text = 'Until then, the code is the show.';
    if (isGone) {
      title = 'No app at this address';
      text = 'It may have been taken down, or the link lost a letter on the way.';
    } else if (app.ready && app.generation === null && app.queue.length === 0) {
      title = app.build.phase === 'failed' ? 'The first version did not build' : 'There is no version yet';
      text = isAnswered ? 'The model answered the question.' : 'Ask for a change, or ask again.';
    }
    setText(this.firstTitle, title);
    setText(this.firstText, text);
    const look = app.app && !isGone ? lookOf(app.app) : 'asleep';
    set(this.first, 'data-look', isGone ? 'failed' : app.generation ? 'building' : look);
    if (app.generation && !isGone) {
      this.string.show({ mode: 'wave', progress: progressOf(app.build.phase, lines), rate });
    } else this.string.show({ mode: isGone || app.build.phase === 'failed' ? 'snapped' : 'slack' });
  }
}

/** The icons of the pane's tools, whose buttons are in the page. */
export function drawPreviewTools() {
  for (const [id, name] of /** @type {const} */ ([['reload', 'reload'], ['open-tab', 'ext'], ['peek-fold', 'down']])) {
    byID(id).append(icon(name));
  }
  byID('peek-icon').append(icon('code'));
  document.querySelectorAll('#devices [data-icon]').forEach((button) =>
    button.append(icon(button.getAttribute('data-icon') ?? 'desk'))
  );
}

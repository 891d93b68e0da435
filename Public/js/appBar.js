// @ts-check
// The bar of the app page: title, status, who is here, and the string below.
import { byID, h, reconcile, set, setText } from './dom.js';
import { LOOK_WORDS, lookOf, statusWord } from './appsState.js';
import { shownPath } from './appState.js';
import { seconds } from './format.js';
import { icon } from './icons.js';
import { logo, statusLine, updateStatusLine } from './marks.js';
import { countLines, peopleHere } from './pageState.js';
import { avatar, shownName, updateAvatar } from './people.js';
import { progressOf, VibeString } from './string.js';
import { titleOf } from './card.js';
import { TitleView } from './titleView.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */

const MOST_NAMES = 4;
const MOST_ON_PHONES = 3;
const small = window.matchMedia('(max-width: 719.98px)');
const COPIED = 2_000;

export class AppBar {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.title = new TitleView((title) => context.actions.rename(title), context.limits);
    this.status = statusLine('asleep', '');
    byID('status').append(this.status);
    this.people = byID('people');
    this.string = new VibeString({ height: 14, amplitude: 5 });
    this.track = byID('track');
    this.track.append(this.string.element);
    byID('logo').prepend(logo());
    this.share = /** @type {HTMLButtonElement} */ (byID('share'));
    this.shareWord = h('span', { class: 'button-word' }, 'Share');
    this.share.append(icon('share'), this.shareWord);
    this.share.addEventListener('click', () => void this.copyLink());
    this.fork = /** @type {HTMLButtonElement} */ (byID('fork'));
    this.fork.append(icon('fork'), h('span', { class: 'button-word' }, 'Fork'));
    this.fork.addEventListener('click', () => void this.forkOnce());
    this.export = byID('export');
    this.export.append(icon('export'), h('span', { class: 'button-word' }, 'Export'));
    this.bindMenu();
  }

  async forkOnce() {
    this.fork.disabled = true;
    await this.context.actions.fork();
    this.fork.disabled = false;
  }

  /** On small screens the tools are behind one button. */
  bindMenu() {
    const button = byID('bar-menu');
    const tools = byID('bar-tools');
    button.append(icon('dots'));
    /** @param {boolean} isOpen */
    const open = (isOpen) => {
      tools.classList.toggle('is-open', isOpen);
      set(button, 'aria-expanded', String(isOpen));
    };
    button.addEventListener('click', () => open(!tools.classList.contains('is-open')));
    document.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Node && !tools.contains(event.target) && !button.contains(event.target)) open(false);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !tools.classList.contains('is-open')) return;
      open(false);
      button.focus();
    });
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      setText(this.shareWord, 'Link copied');
    } catch {
      setText(this.shareWord, 'Copy the address');
    }
    window.setTimeout(() => setText(this.shareWord, 'Share'), COPIED);
  }

  /**
   * @param {PageState} state
   * @param {{now: number, rate: number}} pace
   */
  show(state, pace) {
    const { app, build, generation } = state.app;
    const title = app ? titleOf(app) : state.isMissing ? 'No app at this address' : '';
    this.title.show(title, app !== null && !state.app.removed);
    document.title = title ? `${title} · vibe` : 'vibe';
    this.showPeople(state);
    // An ended app can still be taken along, but not copied.
    const version = state.app.preview?.version ?? 0;
    this.fork.hidden = version === 0 || state.app.removed;
    this.export.hidden = version === 0;
    if (!app) return;
    set(this.export, 'href', `/api/app/${app.id}/export`);
    const look = generation ? 'building' : state.app.removed ? 'failed' : lookOf(app);
    set(this.track, 'data-look', look);
    this.tick(state, pace.now);
    const code = generation?.code ?? {};
    const lines = countLines(code[shownPath(code)] ?? '');
    if (look === 'building') {
      const mode = build.phase === 'repairing' ? 'repair' : 'wave';
      this.string.show({ mode, progress: progressOf(build.phase, lines), rate: pace.rate });
    } else {
      this.string.show({ mode: look === 'live' ? 'taut' : look === 'failed' ? 'snapped' : 'slack' });
    }
  }

  /**
   * @param {PageState} state
   * @param {number} now
   */
  tick(state, now) {
    const { app, build, generation } = state.app;
    if (!app) return;
    const look = generation ? 'building' : state.app.removed ? 'failed' : lookOf(app);
    let word = state.app.removed ? 'Ended' : generation ? LOOK_WORDS.building : statusWord(app);
    const first = build.phase === 'repairing'
      ? build.steps.filter((step) => step.phase === 'repairing').at(-1)
      : build.steps[0];
    if (generation && first) {
      const time = seconds(now - first.startedAt);
      word = small.matches ? time : `${build.phase === 'repairing' ? 'Repairing' : 'Building'} ${time}`;
    }
    updateStatusLine(this.status, look, word);
  }

  /** @param {PageState} state */
  showPeople(state) {
    const { identity, palette, actions } = this.context;
    const people = peopleHere(state, identity);
    const shown = people.slice(small.matches ? -MOST_ON_PHONES : -MOST_NAMES);
    const hidden = people.length - shown.length;
    reconcile(
      this.people,
      shown,
      (person) => person.user_id || person.name,
      (person) => {
        const isMe = person.user_id === identity.id;
        const inside = [avatar('', 0), h('span', { class: 'person-name' })];
        return isMe
          ? h(
            'li',
            {},
            h('button', { class: 'person', type: 'button', id: 'you', onclick: () => actions.changeName() }, ...inside),
          )
          : h('li', {}, h('span', { class: 'person' }, ...inside));
      },
      (element, person) => {
        const name = shownName(person, identity.id);
        const holder = element.firstElementChild;
        const [square, word] = holder.children;
        updateAvatar(square, name, palette.colourOf(person.user_id || name));
        setText(word, name);
        set(holder, 'title', person.user_id === identity.id ? `You are ${identity.name}. Change your name` : name);
        if (person.user_id === identity.id) set(holder, 'aria-label', `You are ${identity.name}. Change your name`);
      },
    );
    const rest = byID('people-rest');
    rest.hidden = hidden <= 0;
    setText(rest, `+${hidden}`);
    set(rest, 'title', hidden > 0 ? people.slice(0, hidden).map((person) => shownName(person, identity.id)).join(', ') : null);
  }
}

// @ts-check
// All versions, newest first: who asked for what, how long it took, and the way back.
import { titleOf } from './card.js';
import { drawing, picture } from './cover.js';
import { byID, h, reconcile, set, setText } from './dom.js';
import { count, elapsed, timeOfDay } from './format.js';
import { icon } from './icons.js';
import { statusLine } from './marks.js';
import { avatar, shownName, updateAvatar } from './people.js';
import { noVersionWord, promptWords, stoppedWords } from './turnSentences.js';
import { entriesOf } from './versionList.js';

/** @typedef {import('./versionList.js').Entry} Entry */
/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */

/** Entries shown at first, and with each asking for more. */
const WINDOW = 40;

export class VersionsPane {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.list = byID('versions');
    this.empty = byID('versions-empty');
    this.count = byID('versions-count');
    this.earlier = /** @type {HTMLButtonElement} */ (byID('versions-earlier'));
    this.limit = WINDOW;
    /** @type {PageState|null} */
    this.state = null;
    this.earlier.addEventListener('click', () => this.showEarlier());
    /** Pictures that could not be shown: their covers are drawn. @type {Set<string>} */
    this.brokenStills = new Set();
  }

  showEarlier() {
    const next = this.limit;
    this.limit += WINDOW;
    if (this.state) this.show(this.state);
    // The button may be gone: whoever uses the keyboard goes on with what it has brought.
    this.list.children[next]?.querySelector('button')?.focus({ preventScroll: true });
  }

  /** @param {PageState} state */
  show(state) {
    this.state = state;
    const all = entriesOf(state);
    const entries = all.slice(0, this.limit);
    this.earlier.hidden = entries.length === all.length;
    const made = state.versions.filter((entry) => entry.version).length;
    setText(this.count, made > 0 ? String(made) : '');
    this.empty.hidden = entries.length > 0;
    reconcile(
      this.list,
      entries,
      (entry) => `${entry.version ?? ''} ${entry.created_at}`,
      (entry) => this.make(entry),
      (element, entry) => this.update(element, entry, state),
    );
  }

  /** @param {Entry} entry */
  make(entry) {
    const { version } = entry;
    const { actions } = this.context;
    return h(
      'li',
      { class: 'version', 'data-testid': 'version', 'data-version': version },
      h('div', { class: 'cover version-cover' }),
      h(
        'div',
        { class: 'version-body' },
        h(
          'h2',
          { class: 'version-title' },
          version ? `Version ${version}` : 'No version',
          h('span', { class: 'version-state' }),
        ),
        h('p', { class: 'version-prompt' }),
        h(
          'p',
          { class: 'version-facts' },
          avatar('', 0),
          h('span', { class: 'version-author' }),
          h('span', { class: 'mono' }),
          version
            ? h('button', {
              class: 'link version-changes',
              type: 'button',
              'data-testid': 'compare',
              'data-version': version,
              'aria-label': `Changes in version ${version}`,
              onclick: () => actions.compare(version),
            }, 'Changes')
            : h('button', {
              class: 'link version-again',
              type: 'button',
              onclick: () => void actions.retry(),
            }, 'Ask again'),
        ),
      ),
      h(
        'div',
        { class: 'version-tools' },
        version
          ? h(
            'button',
            {
              class: 'button version-revert',
              type: 'button',
              'data-testid': 'revert',
              'data-version': version,
              onclick: () => void actions.revert(version),
            },
            icon('revert'),
            'Revert to this',
          )
          : null,
        version
          ? h(
            'button',
            {
              class: 'button version-fork',
              type: 'button',
              'data-testid': 'fork-version',
              'data-version': version,
              'aria-label': `Fork version ${version}`,
              onclick: () => void actions.fork(version),
            },
            icon('fork'),
            'Fork',
          )
          : null,
      ),
    );
  }

  /**
   * @param {HTMLElement} element
   * @param {Entry} entry
   * @param {PageState} state
   */
  update(element, entry, state) {
    const { identity, palette } = this.context;
    const isOnShow = entry.version !== null && state.app.preview?.version === entry.version;
    const name = shownName(entry, identity.id);
    const colour = palette.colourOf(entry.user_id || name);
    const [cover, body, tools] = /** @type {HTMLElement[]} */ ([...element.children]);
    set(element, 'data-on-show', isOnShow ? 'true' : null);
    this.drawCover(cover, entry, state, colour);
    const mood = /** @type {HTMLElement} */ (body.querySelector('.version-state'));
    const word = isOnShow
      ? 'On show now'
      : entry.version
      ? entry.outcome === 'forked' ? 'Forked' : ''
      : entry.outcome === 'stopped'
      ? stoppedWords(entry.stoppedBy ?? null, identity.id)
      : entry.outcome ? noVersionWord(entry.outcome) : '';
    if (mood.dataset.word !== word) {
      mood.dataset.word = word;
      mood.replaceChildren(isOnShow ? statusLine('live', word) : word);
    }
    setText(/** @type {Element} */ (body.querySelector('.version-prompt')), promptWords(entry.prompt, entry.origin));
    const [square, author, figures, link] = /** @type {HTMLElement[]} */ (
      [.../** @type {Element} */ (body.querySelector('.version-facts')).children]
    );
    updateAvatar(square, name, colour);
    setText(author, `${name}, ${timeOfDay(entry.created_at)}`);
    setText(figures, figuresOf(entry, state));
    const { generation, removed, messages } = state.app;
    if (entry.version) {
      const [revert, fork] = /** @type {HTMLElement[]} */ ([...tools.children]);
      revert.hidden = isOnShow || removed;
      fork.hidden = removed;
    } else {
      // Only the newest change can be asked for again, and not where a version was gone back to since.
      const asked = messages.findIndex((message) => message.id === entry.turn);
      const isOver = messages.slice(asked).some((message) => message.version);
      link.hidden = entry.isLastChange !== true || isOver || generation !== null || removed;
    }
  }

  /**
   * A version's picture, or a cover in the colour of who asked for it; where no version was made, a sign.
   * @param {HTMLElement} cover
   * @param {Entry} entry
   * @param {PageState} state
   * @param {number} colour
   */
  drawCover(cover, entry, state, colour) {
    const { version } = entry;
    const still = entry.still && !this.brokenStills.has(entry.still) ? entry.still : '';
    const kind = !version ? 'none' : still ? 'still' : 'drawn';
    const title = state.app.app ? titleOf(state.app.app) : '';
    const key = `${kind} ${still} ${title}`;
    set(cover, 'data-person', kind === 'drawn' ? colour : null);
    if (cover.dataset.key === key) return;
    cover.dataset.key = key;
    set(cover, 'data-kind', kind);
    if (!version) cover.replaceChildren(icon('stop'));
    else if (!still) cover.replaceChildren(...drawing(title, 'live', version * 17));
    else {
      cover.replaceChildren(picture(cover, still, `Picture of version ${version}`, () => {
        this.brokenStills.add(still);
        this.drawCover(cover, entry, state, colour);
      }));
    }
  }
}

/**
 * @param {Entry} entry
 * @param {PageState} state
 */
function figuresOf(entry, state) {
  if (!entry.version) return entry.elapsed ? elapsed(entry.elapsed) : '';
  const answer = state.app.messages.findIndex((message) =>
    message.type === 'assistant' && message.version === entry.version
  );
  const prompt = answer > 0 ? state.app.messages[answer - 1] : undefined;
  const took = prompt?.type === 'user'
    ? Date.parse(state.app.messages[answer].created_at) - Date.parse(prompt.created_at)
    : 0;
  const parts = [];
  if (took > 0) parts.push(elapsed(took));
  if (entry.input_tokens || entry.output_tokens) {
    parts.push(`${count(entry.input_tokens ?? 0)} in / ${count(entry.output_tokens ?? 0)} out`);
  }
  const model = entry.model ?? '';
  if (model) parts.push(model);
  return parts.join('  ');
}

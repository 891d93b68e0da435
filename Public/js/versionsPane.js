// @ts-check
// All versions, newest first: who asked for what, how long it took, and the way back.
import { byID, h, reconcile, set, setText } from './dom.js';
import { count, elapsed, timeOfDay } from './format.js';
import { icon } from './icons.js';
import { statusLine } from './marks.js';
import { avatar, shownName, updateAvatar } from './people.js';

/** @typedef {import('./types.js').Version} Version */
/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */

/** @type {Record<string, string>} */
const ENDS = { failed: 'Failed', stopped: 'Stopped', interrupted: 'Interrupted' };

export class VersionsPane {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.list = byID('versions');
    this.empty = byID('versions-empty');
    this.count = byID('versions-count');
  }

  /** @param {PageState} state */
  show(state) {
    const entries = [...state.versions].reverse();
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

  /** @param {Version} entry */
  make(entry) {
    const { version } = entry;
    return h(
      'li',
      { class: 'version', 'data-testid': 'version', 'data-version': version },
      h('span', { class: 'version-cover', 'aria-hidden': 'true' }, version ? String(version) : icon('stop')),
      h(
        'div',
        { class: 'version-body' },
        h(
          'h3',
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
        ),
      ),
      h(
        'div',
        { class: 'version-tools' },
        version
          ? h(
            'button',
            {
              class: 'button',
              type: 'button',
              'data-testid': 'revert',
              'data-version': version,
              onclick: () => void this.context.actions.revert(version),
            },
            icon('revert'),
            'Revert to this',
          )
          : null,
      ),
    );
  }

  /**
   * @param {HTMLElement} element
   * @param {Version} entry
   * @param {PageState} state
   */
  update(element, entry, state) {
    const { identity, palette } = this.context;
    const isOnShow = entry.version !== null && state.app.preview?.version === entry.version;
    const name = shownName(entry, identity.id);
    const colour = palette.colourOf(entry.user_id || name);
    const [cover, body, tools] = /** @type {HTMLElement[]} */ ([...element.children]);
    set(element, 'data-on-show', isOnShow ? 'true' : null);
    set(cover, 'data-person', entry.version ? colour : null);
    const mood = /** @type {HTMLElement} */ (body.querySelector('.version-state'));
    const word = isOnShow ? 'On show now' : entry.version ? '' : ENDS[entry.outcome] ?? '';
    if (mood.dataset.word !== word) {
      mood.dataset.word = word;
      mood.replaceChildren(isOnShow ? statusLine('live', word) : word);
    }
    setText(/** @type {Element} */ (body.querySelector('.version-prompt')), entry.prompt);
    const [square, author, figures] = /** @type {Element} */ (body.querySelector('.version-facts')).children;
    updateAvatar(square, name, colour);
    setText(author, `${name}, ${timeOfDay(entry.created_at)}`);
    setText(figures, figuresOf(entry, state));
    tools.hidden = isOnShow;
  }
}

/**
 * @param {Version} entry
 * @param {PageState} state
 */
function figuresOf(entry, state) {
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

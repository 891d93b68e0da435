// @ts-check
// Where the next change is asked for. Always usable: what is sent while something is built waits in line.
import { byID, set, setText } from './dom.js';
import { read, write } from './memory.js';
import { lengthOf } from './promptBox.js';
import { everyTick } from './clock.js';
import { sentenceOf } from './sentences.js';

/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./pageState.js').PageState} PageState */

/** The share of the time for which somebody is taken to be typing after which it is told again. */
const TOLD_AGAIN = 2 / 3;

export class Composer {
  /**
   * @param {Context} context
   * @param {string} appID
   * @param {import('./sendPause.js').SendPause} pause  While the server takes nothing more.
   * @param {() => import('./types.js').Limits|null} limits  As the server has said them.
   */
  constructor(context, appID, pause, limits) {
    this.context = context;
    this.pause = pause;
    this.limits = limits;
    this.draftKey = `draft.${appID}`;
    this.form = /** @type {HTMLFormElement} */ (byID('composer-form'));
    this.field = /** @type {HTMLTextAreaElement} */ (byID('composer'));
    this.button = /** @type {HTMLButtonElement} */ (byID('send'));
    this.keys = byID('composer-keys');
    this.note = byID('composer-note');
    this.problem = byID('composer-problem');
    this.typingLine = byID('typing');
    this.isSending = false;
    /** Whether the text is sent by itself when the connection is back. */
    this.isWaiting = false;
    this.isConnected = false;
    this.saidTypingAt = -Infinity;
    /** @type {PageState|null} */
    this.state = null;

    this.field.value = read(this.draftKey) ?? '';
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.submit();
      } else if (event.key === 'Escape') {
        this.field.blur();
      }
    });
    this.grow();
    everyTick((now) => this.showTyping(now));
    pause.onChange = () => {
      this.label();
      if (pause.left === 0 && this.isWaiting && this.isConnected) void this.submit();
    };
  }

  changed() {
    write(this.draftKey, this.field.value);
    this.say('');
    this.grow();
    this.label();
    const now = performance.now();
    const isEmpty = this.field.value === '';
    const pause = (this.limits()?.typing_ms ?? Infinity) * TOLD_AGAIN;
    if (isEmpty || now - this.saidTypingAt > pause) {
      this.saidTypingAt = isEmpty ? -Infinity : now;
      this.context.actions.typing(!isEmpty);
    }
  }

  grow() {
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  /** @param {string} text */
  say(text) {
    this.problem.hidden = text === '';
    setText(this.problem, text);
  }

  async submit() {
    const text = this.field.value.trim();
    if (this.isSending || text === '' || this.pause.left > 0) return;
    const { problem } = lengthOf(text, this.limits());
    if (problem !== '') {
      this.say(problem);
      return;
    }
    if (!this.isConnected) {
      this.isWaiting = !this.isWaiting;
      this.label();
      return;
    }
    this.isWaiting = false;
    this.isSending = true;
    this.label();
    try {
      await this.context.actions.write(text);
      // What was typed meanwhile stays.
      if (this.field.value.trim() === text) this.field.value = '';
      write(this.draftKey, this.field.value);
      this.context.actions.typing(false);
      this.saidTypingAt = -Infinity;
      this.grow();
    } catch (error) {
      if (!this.pause.take(error)) this.say(sentenceOf(error));
    } finally {
      this.isSending = false;
      this.label();
    }
  }

  /** @param {PageState} state */
  show(state) {
    this.state = state;
    const isBack = state.isConnected && !this.isConnected;
    this.isConnected = state.isConnected;
    this.label();
    if (isBack && this.isWaiting) void this.submit();
  }

  label() {
    const { app } = this.state ?? {};
    const isBusy = app !== undefined && (app.generation !== null || app.queue.length > 0);
    const { words, isOver } = lengthOf(this.field.value, this.limits());
    const wait = this.pause.left;
    let note = '';
    if (wait > 0) note = `${wait} s`;
    else if (words !== '') note = words;
    else if (!this.isConnected && app?.ready) {
      note = this.isWaiting ? 'Is sent when the connection is back' : 'Kept here until the connection is back';
    } else if (isBusy) note = `Place ${app.queue.length + 1} in line`;
    setText(this.note, note);
    this.note.classList.toggle('is-over', isOver);
    this.keys.hidden = note !== '';
    setText(this.button, this.isSending ? 'Sending' : !this.isConnected && app?.ready ? 'Send when back' : 'Send');
    set(this.button, 'aria-pressed', this.isWaiting ? 'true' : null);
    set(this.button, 'aria-disabled', this.isSending || wait > 0 ? 'true' : null);
  }

  /** @param {number} now */
  showTyping(now) {
    const names = [...(this.state?.typing.values() ?? [])].filter((person) => person.until > now).map((person) =>
      person.name
    );
    const text = names.length === 0
      ? ''
      : names.length === 1
      ? `${names[0]} is typing`
      : names.length === 2
      ? `${names[0]} and ${names[1]} are typing`
      : `${names.length} people are typing`;
    this.typingLine.classList.toggle('is-shown', text !== '');
    setText(/** @type {Element} */ (this.typingLine.lastElementChild), text);
  }
}

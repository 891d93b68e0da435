// @ts-check
// The prompt on the home page: grows with its text, keeps a draft, and never sends by accident.
import { byID, h, set, setText } from './dom.js';
import { icon } from './icons.js';
import { read, write } from './memory.js';
import { lengthWords, refusalSentence, sentenceOf } from './sentences.js';
import { withShared } from './shareTarget.js';

/** The share of the room for a prompt from which on it is said how much is left. */
const COUNTED_FROM = 0.9;
const DRAFT = 'draft.home';
const PLACEHOLDER_PAUSE = 4_000;

const PLACEHOLDERS = [
  'a bill splitter that remembers who never pays for dessert',
  'a tea timer for five kinds of tea',
  'a quiz on capitals, with the hard ones first',
  'a drum machine with sixteen steps and a swing dial',
  'a habit tracker that forgives one missed day',
];

const IDEAS = [
  [
    'A tea timer with five teas',
    'A tea timer with five teas, each with its own time and temperature, and a soft bell at the end.',
  ],
  ['Quiz me on capitals', 'A quiz on capitals with four answers each, a score, and harder questions as I get better.'],
  ['A drum machine', 'A drum machine with sixteen steps, five sounds made in the browser, and a tempo dial.'],
  ['Chess clock for two', 'A chess clock for two people on one phone, with increments and a pause.'],
  ['Split the dinner bill', 'A bill splitter: people, dishes, who shared what, tip, and what everybody owes.'],
  ['A typing test', 'A typing test with short passages, speed and accuracy, and the best result kept.'],
  ['Habit tracker', 'A habit tracker with a month of squares for each habit and its longest streak.'],
  ['Colours from a photo', 'Pick five colours from a photo that I drop on the page, with their hex codes to copy.'],
];

/** @typedef {import('./types.js').Limits} Limits */

/**
 * How long a prompt is, as the server counts: characters, not UTF-16 units.
 * @param {string} text
 * @param {Limits|null} limits  As long as nobody knows them, no prompt is too long here.
 * @returns {{words: string, isOver: boolean, problem: string}}  `words`: empty where there is room enough.
 */
export function lengthOf(text, limits) {
  const length = [...text].length;
  const limit = limits?.prompt_characters ?? Infinity;
  const isOver = length > limit;
  return {
    words: length >= limit * COUNTED_FROM ? lengthWords(length, limit) : '',
    isOver,
    problem: isOver ? refusalSentence({ code: 'prompt_too_long', limit }) : '',
  };
}

export class PromptBox {
  /**
   * @param {(prompt: string) => Promise<void>} send  Resolves when the page is left; rejects with what to say.
   * @param {import('./sendPause.js').SendPause} pause  While the server takes nothing more.
   * @param {() => Limits|null} limits  As the server has said them.
   */
  constructor(send, pause, limits) {
    this.send = send;
    this.pause = pause;
    this.limits = limits;
    this.form = /** @type {HTMLFormElement} */ (byID('prompt-form'));
    this.field = /** @type {HTMLTextAreaElement} */ (byID('prompt'));
    this.button = /** @type {HTMLButtonElement} */ (byID('build-it'));
    this.note = byID('prompt-note');
    this.counter = byID('prompt-count');
    this.problem = byID('prompt-problem');
    this.chips = byID('ideas');
    this.isBusy = false;
    this.firstIdea = 0;
    this.placeholder = 0;

    this.field.value = withShared(read(DRAFT) ?? '');
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
    byID('shuffle').append(icon('shuffle'));
    byID('shuffle').addEventListener('click', () => {
      this.firstIdea = (this.firstIdea + 4) % IDEAS.length;
      this.showIdeas();
    });
    // A page that comes back from the back-forward cache starts nothing any more.
    window.addEventListener('pageshow', (event) => {
      if (!event.persisted) return;
      this.field.value = read(DRAFT) ?? '';
      this.setBusy(false);
      this.changed();
    });
    pause.onChange = () => this.label();
    this.showIdeas();
    this.changed();
    this.rotate();
  }

  showIdeas() {
    const shown = [0, 1, 2, 3].map((step) => IDEAS[(this.firstIdea + step) % IDEAS.length]);
    this.chips.replaceChildren(
      ...shown.map(([label, prompt]) =>
        h('li', {}, h('button', { class: 'chip', type: 'button', onclick: () => this.fill(prompt) }, label))
      ),
    );
  }

  /** @param {string} prompt */
  fill(prompt) {
    this.field.value = prompt;
    this.changed();
    this.field.focus();
  }

  /** The placeholder changes until the field is first used, or never where motion is unwanted. */
  rotate() {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = window.setInterval(() => {
      this.placeholder = (this.placeholder + 1) % PLACEHOLDERS.length;
      this.field.placeholder = PLACEHOLDERS[this.placeholder];
    }, PLACEHOLDER_PAUSE);
    this.field.addEventListener('focus', () => window.clearInterval(timer), { once: true });
  }

  changed() {
    const { value } = this.field;
    write(DRAFT, value);
    this.showLength();
    this.say('');
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  /** To be called also when the server has said its limits. */
  showLength() {
    const { words, isOver } = lengthOf(this.field.value, this.limits());
    this.counter.hidden = words === '';
    setText(this.counter, words);
    this.counter.classList.toggle('is-over', isOver);
  }

  /** @param {string} text */
  say(text) {
    this.problem.hidden = text === '';
    setText(this.problem, text);
  }

  async submit() {
    if (this.isBusy || this.pause.left > 0) return;
    const prompt = this.field.value.trim();
    if (prompt === '') {
      this.field.focus();
      return;
    }
    const { problem } = lengthOf(prompt, this.limits());
    if (problem !== '') {
      this.say(problem);
      return;
    }
    this.setBusy(true);
    try {
      await this.send(prompt);
      write(DRAFT, '');
    } catch (error) {
      if (!this.pause.take(error)) this.say(sentenceOf(error));
      this.setBusy(false);
    }
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.isBusy = isBusy;
    this.field.readOnly = isBusy;
    this.label();
  }

  label() {
    const wait = this.pause.left;
    set(this.button, 'aria-disabled', this.isBusy || wait > 0 ? 'true' : null);
    setText(this.button, this.isBusy ? 'Starting' : wait > 0 ? `In ${wait} s` : 'Build it');
  }
}

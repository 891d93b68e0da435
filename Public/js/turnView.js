// @ts-check
// One prompt and what came of it: author, text, timeline, explanation, result. Made once, changed in place.
import { h, reconcile, set, setText } from './dom.js';
import { count, elapsed, timeOfDay } from './format.js';
import { icon } from './icons.js';
import { mark } from './marks.js';
import { avatar, shownName, updateAvatar } from './people.js';
import { begunAnew, rowsOf, Timeline } from './timeline.js';
import { distinct, errorCard, keyOf, markMended, updateErrorCard } from './errorCard.js';
import { countLines } from './pageState.js';
import { shownPath } from './appState.js';
import { outcomeOf } from './turns.js';
import {
  answerWords,
  ENDED_WITH_APP,
  noVersionWord,
  promptWords,
  reasonWords,
  stoppedWords,
  turnErrorSentence,
  waitSentence,
} from './turnSentences.js';

/** @typedef {import('./turns.js').Turn} Turn */
/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./pageState.js').PageState} PageState */

/** Milliseconds in line after which it is said why. */
const PATIENCE = 1_000;

export class TurnView {
  /**
   * @param {Turn} turn
   * @param {Context} context
   */
  constructor(turn, context) {
    this.context = context;
    this.turn = turn;
    this.avatar = avatar('', 0);
    this.author = h('strong', { class: 'turn-author' });
    this.time = h('time', { class: 'turn-time' });
    this.text = h('p', { class: 'turn-text' });
    this.build = h('div', { class: 'build' });
    this.timeline = new Timeline();
    this.total = h('span', { class: 'build-total' });
    this.note = h('span', { class: 'build-note' });
    this.stop = h(
      'button',
      { class: 'button build-stop', type: 'button', 'data-testid': 'stop', onclick: () => void context.actions.stop() },
      icon('stop', 16),
      'Stop',
    );
    this.foot = h('div', { class: 'build-foot' }, this.total, this.note);
    this.build.append(this.timeline.element, this.foot);
    this.errors = h('div', { class: 'turn-errors' });
    this.streaming = h('div', { class: 'explanation is-streaming', 'data-testid': 'explanation', hidden: true });
    this.streamed = document.createTextNode('');
    this.caret = h('span', { class: 'caret', 'aria-hidden': 'true' });
    this.streaming.append(this.streamed, this.caret);
    this.answers = h('div', { class: 'turn-answers' });
    this.outcome = h('p', { class: 'result', hidden: true });
    this.element = h(
      'article',
      { class: 'turn', 'data-testid': 'turn', 'data-message-id': turn.id },
      this.avatar,
      h('div', { class: 'turn-head' }, this.author, this.time),
      this.text,
      this.errors,
      this.streaming,
      this.answers,
      this.outcome,
    );
  }

  /**
   * @param {Turn} turn
   * @param {PageState} state
   * @param {{now: number, rate: number}} pace
   * @param {boolean} folds  Whether what has ended may go from turns that are not the newest: nothing that is read moves.
   */
  show(turn, state, pace, folds) {
    this.turn = turn;
    const { identity, palette } = this.context;
    const { prompt } = turn;
    const name = prompt ? shownName(prompt, identity.id) : 'vibe';
    updateAvatar(this.avatar, name, palette.colourOf(prompt?.user_id || name));
    setText(this.author, name);
    const created = prompt?.created_at ?? turn.answers[0]?.created_at ?? '';
    set(this.time, 'datetime', created);
    setText(this.time, timeOfDay(created));
    setText(this.text, prompt ? promptWords(prompt.content, prompt.origin) : '');
    this.text.hidden = !prompt;
    set(this.element, 'aria-label', `${name}, ${timeOfDay(created)}`);
    this.showBuild(state, pace, folds);
    this.showAnswers(state);
    this.showOutcome(state);
  }

  /**
   * @param {PageState} state
   * @param {{now: number, rate: number}} pace
   * @param {boolean} folds
   */
  showBuild({ app }, pace, folds) {
    const { generation, build } = app;
    const isRunning = this.turn.isRunning && generation !== null;
    const isMine = build.messageID === this.turn.id;
    // The running turn's, and those that this page knows of: nothing moves when a build ends.
    const shown = isRunning ? build : folds && !this.turn.isNewest ? null : app.outcomes[this.turn.id]?.build ?? null;
    if (shown) {
      const code = generation?.code ?? {};
      const lines = isRunning ? countLines(code[shownPath(code)] ?? '') : 0;
      const isAnswer = !isRunning && app.outcomes[this.turn.id]?.outcome === 'answered';
      this.timeline.show(rowsOf(shown, lines, isAnswer), pace.now);
      if (!this.build.isConnected) this.text.after(this.build);
      if (isRunning !== this.stop.isConnected) {
        if (isRunning) this.foot.append(this.stop);
        else this.stop.remove();
      }
      this.tick(pace, app);
    } else {
      this.build.remove();
    }
    const errors = isMine ? build.errors : shown?.errors ?? [];
    // What was mended stays in its place.
    if (errors.length === 0) this.showErrors(shown?.mended ?? [], app, true);
    else this.showErrors(errors, app, false);
    this.showStreamed(app);
  }

  /**
   * Shows the running turn's explanation as far as it has come; says whether there was more.
   * @param {PageState['app']} app
   */
  showStreamed({ generation }) {
    const { turn } = this;
    // The answer replaces what streamed as soon as it is there.
    const streamed = turn.isRunning && generation && turn.answers.length === 0 ? generation.chat : '';
    this.streaming.hidden = streamed === '';
    const { data } = this.streamed;
    if (data === streamed) return false;
    if (streamed.startsWith(data)) this.streamed.appendData(streamed.slice(data.length));
    else this.streamed.data = streamed;
    return true;
  }

  /**
   * @param {import('./appState.js').ShownError[]} errors
   * @param {PageState['app']} app
   * @param {boolean} isMended
   */
  showErrors(errors, app, isMended) {
    // All errors are sent back together: one button, under the last.
    const mayFix = this.turn.isLastChange && app.generation === null && app.queue.length === 0 && !app.removed &&
      outcomeOf(this.turn, app)?.outcome === 'failed';
    const cards = distinct(errors);
    reconcile(
      this.errors,
      cards,
      keyOf,
      (error) => errorCard(error, this.context),
      (element, error, index) => {
        updateErrorCard(element, error, mayFix && !isMended && index === cards.length - 1);
        if (isMended) markMended(element);
      },
    );
  }

  /**
   * Shows what goes with time.
   * @param {{now: number, rate: number}} pace
   * @param {PageState['app']} app
   */
  tick({ now, rate }, app) {
    if (!this.build.isConnected) return;
    this.timeline.tick(now);
    if (!app.generation || !this.turn.isRunning) {
      const outcome = app.outcomes[this.turn.id];
      setText(this.total, outcome && outcome.elapsed > 0 ? elapsed(outcome.elapsed) : '');
      this.showNote(begunAnew(outcome?.build.steps ?? []));
      return;
    }
    const { steps } = app.build;
    const first = steps[0];
    setText(this.total, first ? elapsed(now - first.startedAt) : '');
    const waiting = steps.find((step) => step.state === 'started' && step.retryAt > now);
    const isInLine = steps.length === 1 && first.phase === 'queued' && now - first.startedAt > PATIENCE;
    const reason = begunAnew(steps);
    this.note.classList.toggle('is-sentence', waiting !== undefined || isInLine);
    if (waiting) {
      const wait = Math.ceil((waiting.retryAt - now) / 1000);
      setText(this.note, `${waitSentence(waiting.error)} Trying again in ${wait} s.`);
    } else if (isInLine) {
      setText(this.note, 'Other apps are being built. This one starts by itself when one is done.');
    } else if (reason !== null) this.showNote(reason);
    else if (app.build.phase === 'repairing') setText(this.note, reasonWords('repair'));
    else setText(this.note, rate > 0 ? `${rate} tok/s` : '');
  }

  /**
   * Says why the code was begun anew, or nothing.
   * @param {string|null} reason
   */
  showNote(reason) {
    this.note.classList.toggle('is-sentence', reason !== null);
    setText(this.note, reason === null ? '' : reasonWords(reason));
  }

  /** @param {PageState} state */
  showAnswers(state) {
    const { turn } = this;
    reconcile(
      this.answers,
      turn.answers,
      (answer) => answer.id,
      () =>
        h(
          'div',
          { class: 'answer' },
          h('div', { class: 'explanation', 'data-testid': 'explanation' }),
          h(
            'p',
            { class: 'result' },
            h('span', { class: 'result-mark' }),
            h('strong', {}),
            h('span', { class: 'result-facts' }),
            h('span', { class: 'result-end' }),
          ),
        ),
      (element, answer) => this.showAnswer(element, answer, state),
    );
  }

  /**
   * @param {Element} element
   * @param {Message} answer
   * @param {PageState} state
   */
  showAnswer(element, answer, state) {
    const [text, result] = /** @type {HTMLElement[]} */ ([...element.children]);
    const explanation = answerWords(answer, this.turn.before);
    setText(text, explanation);
    text.hidden = explanation === '';
    const version = answer.version ?? null;
    result.hidden = version === null;
    if (version === null) return;
    const isOnShow = state.app.preview?.version === version;
    const [markHolder, title, facts, end] = result.children;
    if (result.dataset.onShow !== String(isOnShow)) {
      result.dataset.onShow = String(isOnShow);
      markHolder.replaceChildren(isOnShow ? mark('live') : icon('check', 16));
      end.replaceChildren(
        isOnShow ? 'On show now' : h(
          'button',
          {
            class: 'link',
            type: 'button',
            'data-testid': 'revert',
            'data-version': version,
            onclick: () => void this.context.actions.revert(version),
          },
          'Revert to this',
        ),
      );
    }
    setText(title, `Version ${version}`);
    setText(facts, this.facts(answer, version, state));
  }

  /**
   * How long it took and how many tokens it used.
   * @param {Message} answer
   * @param {number} version
   * @param {PageState} state
   */
  facts(answer, version, state) {
    // A later answer of a turn is a way back to an older version, which takes no time.
    const prompt = this.turn.answers[0] === answer ? this.turn.prompt : null;
    const stored = state.versions.find((entry) => entry.version === version);
    const outcome = state.app.outcomes[this.turn.id];
    const took = prompt ? Date.parse(answer.created_at) - Date.parse(prompt.created_at) : NaN;
    const tokens = stored
      ? (stored.input_tokens ?? 0) + (stored.output_tokens ?? 0)
      : outcome?.version === version
      ? outcome.tokens
      : 0;
    const parts = [];
    if (took > 0) parts.push(elapsed(took));
    if (tokens > 0) parts.push(`${count(tokens)} tok`);
    return parts.join('  ');
  }

  /**
   * What is said and offered when no version came of it.
   * @param {PageState} state
   */
  showOutcome({ app }) {
    const { turn } = this;
    const known = outcomeOf(turn, app);
    const hasVersion = turn.answers.some((answer) => answer.version);
    const isOver = !turn.isRunning && turn.prompt !== null && (turn.answers.length > 0 || known !== null);
    // What the model answered in words is all there is to say.
    const isShown = isOver && !hasVersion && known?.outcome !== 'answered';
    this.outcome.hidden = !isShown;
    if (!isShown) return;
    const offers = turn.isLastChange && app.generation === null && !app.removed;
    // The answer says why; there is none where it could not be stored.
    const error = turn.answers.length === 0 ? app.outcomes[turn.id]?.error ?? null : null;
    const isOfEnd = known?.outcome === 'stopped' && known.stoppedBy === null && app.removed;
    const word = isOfEnd
      ? ENDED_WITH_APP
      : known?.outcome === 'stopped'
      ? stoppedWords(known.stoppedBy, this.context.identity.id)
      : noVersionWord(known?.outcome ?? 'succeeded');
    const facts = error ? turnErrorSentence(error) : known && known.elapsed > 0 ? elapsed(known.elapsed) : '';
    const key = `${word} ${facts} ${offers}`;
    if (this.outcome.dataset.key === key) return;
    this.outcome.dataset.key = key;
    set(this.outcome, 'data-outcome', known?.outcome ?? 'none');
    this.outcome.replaceChildren(
      h('span', { class: 'result-mark' }, known?.outcome === 'stopped' ? icon('stop', 16) : mark('failed')),
      h('strong', {}, word),
      h('span', { class: error ? 'result-words' : 'result-facts' }, facts),
      offers
        ? h(
          'span',
          { class: 'result-end' },
          h('button', {
            class: 'link',
            type: 'button',
            'data-testid': 'retry',
            onclick: () => void this.context.actions.retry(),
          }, 'Ask again'),
        )
        : '',
    );
  }
}

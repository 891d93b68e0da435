// @ts-check
// One app as its channel tells it: the snapshot, and each publication folded in. Pure: no page, no clock, no network.

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').QueueItem} QueueItem */
/** @typedef {import('./types.js').BuildError} BuildError */
/** @typedef {import('./types.js').Phase} Phase */
/** @typedef {import('./types.js').Meaning} Meaning */
/** @typedef {import('./types.js').Repair} Repair */

/**
 * @typedef {object} Step  One step of the build; a phase may come again with a repair.
 * @property {Phase} phase
 * @property {'started'|'done'|'failed'} state
 * @property {number} attempt
 * @property {string|null} reason  Why that attempt began; null for the first.
 * @property {number} startedAt  On this machine's clock, in milliseconds.
 * @property {number} elapsed  Milliseconds, final once the step is over.
 * @property {Repair|null} repair  Which repair it is.
 * @property {Meaning|null} error  Why it failed, or waits.
 * @property {number} retryAt  When it is tried again, on this machine's clock; 0 when it is not.
 * @property {boolean} unchecked  Whether the code is served although its names could not be checked.
 */

/**
 * @typedef {BuildError & {excerpt: {line: number, text: string}[], count: number}} ShownError
 * An error with the lines around it, where the code was held.
 */

/**
 * @typedef {object} Generation
 * @property {string} id
 * @property {string} messageID
 * @property {number} attempt
 * @property {string|null} reason  Why that attempt began; null for the first, and where nobody has said.
 * @property {string} model
 * @property {Record<string, string>} code  By path.
 * @property {string} chat
 * @property {number} units  UTF-16 units that arrived, for the speed.
 */

/**
 * @typedef {object} Outcome  How a turn ended.
 * @property {'succeeded'|'answered'|'failed'|'stopped'|'interrupted'} outcome
 * @property {number|null} version
 * @property {number} tokens
 * @property {Meaning|null} error
 * @property {string} stoppedBy
 * @property {number} elapsed  Milliseconds; 0 when the start was not seen.
 * @property {Build} build  Its steps as they ended.
 */

/**
 * @typedef {object} Build
 * @property {Phase|''} phase
 * @property {Step[]} steps  In the order in which they began.
 * @property {ShownError[]} errors
 * @property {ShownError[]} mended  Errors that a later try did without.
 * @property {string} messageID  Whose turn it is or was.
 */

/**
 * @typedef {object} AppState
 * @property {boolean} ready  Whether a snapshot came.
 * @property {App|null} app
 * @property {Message[]} messages
 * @property {boolean} more  Whether there are older messages.
 * @property {number} most  Messages that are kept: more than `MOST_MESSAGES` when older ones were asked for.
 * @property {QueueItem[]} queue
 * @property {Generation|null} generation
 * @property {Generation|null} last  The newest generation that ended, with its texts.
 * @property {Build} build
 * @property {{url: string, version: number}|null} preview
 * @property {Record<string, Outcome>} outcomes  By the message that asked; the newest `MOST_OUTCOMES`.
 * @property {Record<string, string>} models  By generation.
 * @property {boolean} removed
 * @property {boolean} gap  Text is missing: the channel must be subscribed anew.
 * @property {number} skew  This machine's clock minus the server's, in milliseconds.
 * @property {boolean} skewIsMeasured
 */

/** The path of a part that names none. */
export const COMPONENT_PATH = 'src/LLMComponent.tsx';

/** Messages that a page holds while a long conversation goes on; the server has them all. */
export const MOST_MESSAGES = 400;
/** Turns of which a page knows how they went, step by step. */
export const MOST_OUTCOMES = 100;

/** @type {Build} */
const NO_BUILD = { phase: '', steps: [], errors: [], mended: [], messageID: '' };

/** @type {AppState} */
export const EMPTY_APP_STATE = {
  ready: false,
  app: null,
  messages: [],
  more: false,
  most: MOST_MESSAGES,
  queue: [],
  generation: null,
  last: null,
  build: NO_BUILD,
  preview: null,
  outcomes: {},
  models: {},
  removed: false,
  gap: false,
  skew: 0,
  skewIsMeasured: false,
};

/**
 * The state that a snapshot describes. It replaces all that was held but what only this page knows: how turns ended, and the
 * clock.
 * @param {AppState} state
 * @param {any} snapshot
 * @param {number} now  This machine's clock, in milliseconds.
 * @returns {AppState}
 */
export function applySnapshot(state, snapshot, now) {
  const generation = snapshot.generation
    ? {
      id: String(snapshot.generation.id),
      messageID: snapshot.generation.message_id ?? '',
      attempt: snapshot.generation.attempt ?? 1,
      reason: snapshot.generation.reason ?? null,
      model: state.models[snapshot.generation.id] ?? '',
      code: { ...(snapshot.generation.texts?.code ?? {}) },
      chat: snapshot.generation.texts?.chat ?? '',
      units: 0,
    }
    : null;
  const messages = [...(snapshot.messages ?? [])];
  // A snapshot may be some seconds old, so that its times only show a clock that runs behind.
  let { skew } = state;
  if (!state.skewIsMeasured) {
    for (const step of snapshot.build?.steps ?? []) {
      const sent = Date.parse(step.started_at) + (step.elapsed_ms ?? 0);
      if (Number.isFinite(sent)) skew = Math.min(skew, now - sent);
    }
  }
  const next = { ...state, skew };
  return {
    ...next,
    ready: true,
    app: snapshot.app ?? null,
    messages,
    more: snapshot.more === true,
    most: MOST_MESSAGES,
    queue: [...(snapshot.queue ?? [])],
    generation,
    last: generation ? null : state.last,
    build: {
      phase: snapshot.build?.phase ?? snapshot.app?.phase ?? '',
      steps: (snapshot.build?.steps ?? []).map((/** @type {any} */ step) => toStep(next, step, now)),
      errors: (snapshot.build?.errors ?? []).map((/** @type {BuildError} */ error) => withExcerpt(error, null)),
      mended: [],
      messageID: generation?.messageID || lastAsked(messages),
    },
    preview: snapshot.preview ? { url: snapshot.preview.url, version: snapshot.preview.version } : null,
    removed: snapshot.app?.status === 'terminated',
    gap: false,
  };
}

/**
 * The newest prompt that was more than a question: what is said of the build is said of its turn.
 * @param {Message[]} messages
 */
function lastAsked(messages) {
  const answers = messages.map((message) => message.outcome === 'answered');
  return messages.filter((message, index) => message.type === 'user' && !answers[index + 1]).at(-1)?.id ?? '';
}

/**
 * Folds one publication in.
 * @param {AppState} state
 * @param {any} event
 * @param {{now: number, live: boolean}} context  The clock, and whether it came as it happened.
 * @returns {AppState}
 */
export function applyEvent(state, event, context) {
  switch (event.type) {
    case 'app.changed':
      return { ...state, app: event.app };
    case 'app.removed':
      return { ...state, removed: true };
    case 'status':
      return state.app ? { ...state, app: { ...state.app, status: event.status } } : state;
    case 'message':
      return addMessage(state, event.message);
    case 'queue':
      return { ...state, queue: [...event.items] };
    case 'generation.started':
      return startGeneration(state, event);
    case 'token':
      return applyToken(state, event);
    case 'build':
      return applyBuild(state, event, context);
    case 'preview':
      return { ...state, preview: { url: event.url, version: event.version } };
    case 'generation.finished':
      return finishGeneration(state, event, context.now);
    default:
      // What a newer server sends must not break an older page.
      return state;
  }
}

/**
 * Puts older messages in front.
 * @param {AppState} state
 * @param {Message[]} older
 * @param {boolean} more
 * @returns {AppState}
 */
export function addOlderMessages(state, older, more) {
  const known = new Set(state.messages.map((message) => message.id));
  const messages = [...older.filter((message) => !known.has(message.id)), ...state.messages];
  return { ...state, more, most: messages.length + MOST_MESSAGES, messages };
}

/**
 * @param {AppState} state
 * @param {Message} message
 */
function addMessage(state, message) {
  const index = state.messages.findIndex((held) => held.id === message.id);
  if (index < 0) {
    const added = [...state.messages, message];
    return added.length > state.most
      ? { ...state, more: true, messages: added.slice(-state.most) }
      : { ...state, messages: added };
  }
  const messages = [...state.messages];
  messages[index] = message;
  return { ...state, messages };
}

/**
 * @param {AppState} state
 * @param {any} event
 * @returns {AppState}
 */
function startGeneration(state, event) {
  const id = String(event.generation);
  const attempt = event.attempt ?? 1;
  const model = event.model ?? '';
  const models = { ...state.models, [id]: model };
  if (state.generation?.id === id) {
    const next = attempt > state.generation.attempt ? { attempt, reason: event.reason ?? null, code: {} } : {};
    return { ...state, models, generation: { ...state.generation, ...next, model } };
  }
  return {
    ...state,
    models,
    generation: { id, messageID: event.message_id ?? '', attempt, reason: event.reason ?? null, model, code: {}, chat: '', units: 0 },
    last: null,
    build: { ...NO_BUILD, phase: 'queued', messageID: event.message_id ?? '' },
  };
}

/**
 * Applies the parts of a `token` publication, as the protocol says: a higher attempt empties the code first, a lower one is
 * ignored, a part behind the end is a gap, an overlap is dropped.
 * @param {AppState} state
 * @param {any} event
 * @returns {AppState}
 */
function applyToken(state, event) {
  const held = state.generation;
  if (!held || held.id !== String(event.generation)) return state;
  const attempt = event.attempt ?? 1;
  if (attempt < held.attempt) return state;
  let { chat, units } = held;
  const isNew = attempt > held.attempt;
  const reason = isNew ? event.reason ?? null : held.reason;
  const code = isNew ? {} : { ...held.code };
  for (const part of event.parts ?? []) {
    const path = part.path ?? COMPONENT_PATH;
    const before = part.stream === 'chat' ? chat : code[path] ?? '';
    if (part.at > before.length) return { ...state, gap: true };
    const fresh = part.text.slice(before.length - part.at);
    units += fresh.length;
    if (part.stream === 'chat') chat = before + fresh;
    else code[path] = before + fresh;
  }
  return { ...state, generation: { ...held, attempt, reason, code, chat, units } };
}

/**
 * @param {AppState} state
 * @param {any} event
 * @param {{now: number, live: boolean}} context
 * @returns {AppState}
 */
function applyBuild(state, event, { now, live }) {
  const measured = live ? measureClock(state, event, now) : state;
  // Outside of a turn a build is a waking: its steps take the place of the last turn's.
  const isWaking = state.generation === null && event.phase === 'sandbox' && event.state === 'started';
  const steps = isWaking ? [] : [...measured.build.steps];
  const step = toStep(measured, event, now);
  // A step that ends is the newest of its phase and attempt.
  let index = -1;
  steps.forEach((other, at) => {
    if (other.phase === step.phase && other.attempt === step.attempt) index = at;
  });
  if (index < 0 || (step.state === 'started' && steps[index].state !== 'started')) steps.push(step);
  else steps[index] = step;
  let { errors, mended } = measured.build;
  if (event.errors?.length) {
    errors = event.errors.map((/** @type {BuildError} */ error) => withExcerpt(error, state.generation));
  }
  if (step.phase === 'live' && step.state === 'done' && errors.length > 0) [errors, mended] = [[], errors];
  const phase = measured.generation ? furthest(measured.build, step) : step.phase;
  return {
    ...measured,
    app: measured.app ? { ...measured.app, phase } : null,
    build: { phase, steps, errors, mended, messageID: isWaking ? '' : measured.build.messageID },
  };
}

/**
 * The place of a step in an attempt: a repair stands where generating stood. Ends have none, and always count.
 * @type {Record<string, number|undefined>}
 */
const RANKS = { queued: 0, sandbox: 1, generating: 2, repairing: 2, writing: 3, bundling: 4 };

/**
 * The furthest step begun of the newest attempt.
 * @param {Build} held
 * @param {Step} step
 * @returns {Phase}
 */
function furthest({ phase, steps }, step) {
  const before = RANKS[phase];
  const after = RANKS[step.phase];
  if (phase === '' || before === undefined || after === undefined) return step.phase;
  const attempt = Math.max(0, ...steps.filter((other) => other.phase === phase).map((other) => other.attempt));
  return step.attempt > attempt || (step.attempt === attempt && after > before) ? step.phase : phase;
}

/**
 * @param {AppState} state
 * @param {any} event
 * @param {number} now
 * @returns {AppState}
 */
function finishGeneration(state, event, now) {
  const generation = state.generation;
  if (!generation || generation.id !== String(event.generation)) return state;
  const isSuccess = event.outcome === 'succeeded';
  const isAnswer = event.outcome === 'answered';
  const { errors, mended, steps: begun } = state.build;
  // What still ran has ended with it.
  const steps = begun.map((step) =>
    step.state === 'started'
      ? { ...step, state: /** @type {Step['state']} */ (isSuccess || isAnswer ? 'done' : 'failed'), elapsed: Math.max(0, now - step.startedAt) }
      : step
  );
  /** @type {Build} */
  const build = {
    ...state.build,
    steps,
    errors: isSuccess ? [] : errors,
    mended: isSuccess && errors.length > 0 ? errors : mended,
  };
  const usage = event.usage ?? {};
  /** @type {Outcome} */
  const outcome = {
    outcome: event.outcome,
    version: event.version ?? null,
    tokens: (usage.input_tokens ?? 0) + (usage.output_tokens ?? 0),
    error: event.error ?? null,
    stoppedBy: event.stopped_by ?? '',
    // By the steps, not by when it was told: who comes back later sees the same.
    elapsed: steps.reduce((most, step) => Math.max(most, step.startedAt + step.elapsed - steps[0].startedAt), 0),
    build,
  };
  const older = Object.entries(state.outcomes).filter(([id]) => id !== generation.messageID);
  return {
    ...state,
    generation: null,
    // What was shown of the code before the model answered in words is no file.
    last: isAnswer ? { ...generation, code: {} } : generation,
    outcomes: { ...Object.fromEntries(older.slice(1 - MOST_OUTCOMES)), [generation.messageID]: outcome },
    build,
  };
}

/**
 * A publication that just came shows how far the clocks are apart; the smallest difference is the least delayed.
 * @param {AppState} state
 * @param {any} event
 * @param {number} now
 * @returns {AppState}
 */
function measureClock(state, event, now) {
  const sent = Date.parse(event.started_at) + (event.elapsed_ms ?? 0);
  if (!Number.isFinite(sent)) return state;
  const skew = state.skewIsMeasured ? Math.min(state.skew, now - sent) : now - sent;
  return { ...state, skew, skewIsMeasured: true };
}

/**
 * @param {AppState} state
 * @param {any} event
 * @param {number} now
 * @returns {Step}
 */
function toStep(state, event, now) {
  const elapsed = event.elapsed_ms ?? 0;
  const started = Date.parse(event.started_at);
  return {
    phase: event.phase,
    state: event.state,
    attempt: event.attempt ?? 1,
    reason: event.reason ?? null,
    startedAt: Number.isFinite(started) ? started + state.skew : now - elapsed,
    elapsed,
    repair: event.repair ?? null,
    error: event.error ?? null,
    retryAt: event.retry_in_ms ? now + event.retry_in_ms : 0,
    unchecked: event.unchecked === true,
  };
}

/**
 * @param {BuildError} error
 * @param {Generation|null} generation
 * @returns {ShownError}
 */
function withExcerpt(error, generation) {
  const source = generation?.code[error.path] ?? generation?.code[`src/${error.path}`];
  /** @type {{line: number, text: string}[]} */
  const excerpt = [];
  if (source !== undefined && error.line > 0) {
    const lines = source.split('\n');
    for (let line = Math.max(1, error.line - 1); line <= Math.min(lines.length, error.line + 1); line += 1) {
      excerpt.push({ line, text: lines[line - 1] });
    }
  }
  return { ...error, excerpt, count: 1 };
}

/**
 * The path that is shown while code streams: the component, else the newest.
 * @param {Record<string, string>} code
 */
export function shownPath(code) {
  const paths = Object.keys(code);
  return paths.includes(COMPONENT_PATH) || paths.length === 0 ? COMPONENT_PATH : paths[paths.length - 1];
}

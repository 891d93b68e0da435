// @ts-check
// What turns, builds and error notes tell, in sentences: made of codes and numbers, here and nowhere else.
import { counted } from './format.js';
import { shownName } from './people.js';
import { always, worded } from './sentences.js';

/** @typedef {import('./types.js').Meaning} Meaning */
/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').BuildError} BuildError */
/** @typedef {import('./types.js').ErrorNote} ErrorNote */
/** @typedef {import('./sentences.js').Wording} Wording */

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A sentence of ours, and behind it what the model's service said itself.
 * @param {string} sentence
 * @returns {Wording}
 */
const served = (sentence) => ({ text }) => (text ? `${sentence} Its service said: “${text}”` : sentence);

/**
 * Why a turn made no version, or why it waits.
 * @type {Record<string, Wording>}
 */
export const TURN_ERRORS = {
  build_failed: ({ repairs }) =>
    repairs > 0 ? `${capital(counted(repairs, 'repair', 'repairs'))} did not mend it.` : 'The code has errors.',
  model_busy: served('The model is busy.'),
  model_rate_limited: served('The model gets too many requests at the moment. Try again in a minute.'),
  model_key_refused: served('The API key of this server was refused.'),
  model_no_credit: served('The model account of this server has no credit left.'),
  model_not_permitted: served('The API key of this server may not use this model.'),
  model_not_found: served('The model that this server asks for was not found.'),
  model_request_too_large: served('The request was too large for the model.'),
  model_request_refused: served('The model did not accept the request.'),
  model_timeout: served('The model took too long to answer.'),
  model_failed: served("The model's service had an error."),
  model_unreachable: always('The model could not be reached.'),
  model_silent: always('The model stopped answering.'),
  model_connection_lost: always('The connection to the model was lost.'),
  model_answer_malformed: always("The model's answer could not be understood."),
  model_declined: served('The model declined to answer this. Ask for it in other words.'),
  answer_too_long: always('The answer was longer than the model may write. Ask for something smaller.'),
  sandbox_unavailable: ({ text }) => `The sandbox cannot be started${text ? ` (${text})` : ''}.`,
  sandbox_failed: ({ operation, text }) => {
    const words = [operation, text].filter(Boolean).join(': ');
    return `The sandbox cannot be started${words ? ` (${words})` : ''}.`;
  },
  sandbox_timeout: always('The sandbox did not answer in time.'),
  sandbox_died: always('The sandbox ended while it was building the app.'),
  sandbox_bad_answer: always('The sandbox did not answer as it should.'),
  sandboxes_full: always('Every sandbox is awake. Try again when one is free.'),
  code_refused: always('The sandbox refused the code.'),
  storage_full: always("The server's disk is full. Nothing was stored."),
  storage_failed: always('The server could not read or store this.'),
  interrupted: always('The server was restarted while this was being made. You can ask again.'),
  unknown: ({ text }) => text || 'It did not succeed.',
};

/**
 * The end of a sentence that quotes something, if there is anything to quote.
 * @param {string} [text]
 */
const quoted = (text) => text ? `: “${text}”` : '.';

/**
 * What is wrong with a file where the bundler has no words for it.
 * @type {Record<string, Wording>}
 */
export const BUILD_ERRORS = {
  no_default_export: always('The component has no default export.'),
  bundler_silent: always('The bundler failed without saying why.'),
  no_component: ({ text }) => `The model answered without a file${quoted(text)}`,
  code_left_out: ({ text }) => `A comment stands in place of code${quoted(text)}`,
  name_undefined: ({ text }) => `${text || 'A name'} is used but never defined.`,
  export_missing: ({ text, module }) => `${module || 'A package'} has no ${text || 'such export'}.`,
  import_remote: ({ text }) => `${text || 'A module'} cannot be loaded: apps have no network.`,
  import_node: ({ text }) => `${text || 'A module'} exists in Node only, not in a browser.`,
  component_empty: always('The component shows nothing.'),
};

/**
 * The steps of a turn that runs.
 * @type {Record<string, string>}
 */
export const STEPS = {
  queued: 'Queued',
  sandbox: 'Sandbox awake',
  generating: 'Generating',
  writing: 'Writing',
  bundling: 'Bundling',
  repairing: 'Repairing',
};

/**
 * Why a turn began its code anew.
 * @type {Record<string, string>}
 */
export const ATTEMPT_REASONS = {
  repair: 'Error sent back',
  reread: 'Found the file further on in the answer',
  retry: 'The connection to the model broke: asked again',
  confirm: 'Asked whether so much was meant to go',
};

/** @param {string} reason */
export function reasonWords(reason) {
  return Object.hasOwn(ATTEMPT_REASONS, reason) ? ATTEMPT_REASONS[reason] : `Began anew (${reason})`;
}

/**
 * What error notes tell in numbers.
 * @type {Record<string, Wording>}
 */
export const NOTES = {
  slow_consumer: ({ connections }) =>
    `${connections === 1 ? 'one connection' : `${connections} connections`} closed with 3008: too much was waiting`,
  rate_limited: ({ limit }) => `a prompt was refused: ${limit} are waiting already`,
};

/**
 * What a prompt asks that nobody wrote, or how a version came about without one.
 * @type {Record<string, (origin: Meaning, text: string) => string>}
 */
export const ORIGINS = {
  repair: ({ error, text: name = '', module }, text) =>
    ['Fix what broke:', error ? buildErrorWords({ code: error, text: name, module }) : '', text].filter(Boolean).join('\n'),
  revert: ({ version }) => `Back to version ${version}`,
  fork: ({ title, version }) => `Copy of “${title}”, version ${version}`,
};

/** @param {Meaning} error */
export function turnErrorSentence(error) {
  return worded(TURN_ERRORS, error, 'This did not succeed');
}

/**
 * Why the model, or the server's disk, is tried again; which is said with the time of the next try, in a line.
 * @param {Meaning|null} error
 */
export function waitSentence(error) {
  if (error === null || error.code === 'model_rate_limited') return 'The model is busy.';
  return turnErrorSentence(error.code.startsWith('model_') ? { code: error.code } : error);
}

/** @param {{code?: string, text: string, module?: string}} error */
export function buildErrorWords({ code, text, module }) {
  return code ? worded(BUILD_ERRORS, { code, text, module }, 'The code has an error') : text;
}

/** @param {ErrorNote} note */
export function noteWords({ error, text }) {
  if (!error) return text ?? '';
  const words = worded({ ...TURN_ERRORS, ...BUILD_ERRORS, ...NOTES }, { text, ...error }, 'Something went wrong');
  return error.request_id ? `${words} (${error.request_id})` : words;
}

/**
 * What a prompt says, also one that nobody wrote.
 * @param {string} text
 * @param {Meaning} [origin]
 */
export function promptWords(text, origin) {
  if (!origin) return text;
  return Object.hasOwn(ORIGINS, origin.code) ? ORIGINS[origin.code](origin, text) : text || `Nobody wrote this (${origin.code}).`;
}

/**
 * What an answer says: the model's explanation as far as it came, and what became of the turn.
 * @param {Message} answer
 * @param {number} stays  The version that stays on show when the turn failed; 0 for none.
 */
export function answerWords({ content, version, outcome, error, origin, name }, stays) {
  const who = name || 'Somebody';
  if (origin?.code === 'revert') return `${who} went back to version ${origin.version}. It is version ${version} now.`;
  if (origin?.code === 'fork') return `${who} copied this from “${origin.title}”, version ${origin.version}.`;
  if (version && content === '') return `Done. Version ${version} is live.`;
  if (!error) return content;
  const rest = outcome === 'failed' && stays > 0 ? ` Version ${stays} stays on show.` : '';
  return [content, turnErrorSentence(error) + rest].filter(Boolean).join('\n\n');
}

/**
 * How a turn that made no version is named.
 * @type {Record<string, string>}
 */
export const NO_VERSION = {
  answered: 'Answered',
  failed: 'Failed',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  succeeded: 'No version',
};

/**
 * How a turn without a version is named, also by a newer server's word.
 * @param {string} outcome
 */
export function noVersionWord(outcome) {
  return Object.hasOwn(NO_VERSION, outcome) ? NO_VERSION[outcome] : NO_VERSION.succeeded;
}

/** A turn that was stopped because its app was ended. */
export const ENDED_WITH_APP = 'Stopped, as the app was ended';

/**
 * "Stopped by Mira", "Stopped by you"; "Stopped" where nobody knows who it was.
 * @param {{user_id: string, name: string}|null} person
 * @param {string} me
 */
export function stoppedWords(person, me) {
  if (!person || (person.name === '' && person.user_id !== me)) return NO_VERSION.stopped;
  const name = shownName(person, me);
  return `Stopped by ${name === 'You' ? 'you' : name}`;
}

/**
 * What is said aloud of a turn that made no version.
 * @param {import('./appState.js').Outcome} outcome
 * @param {{user_id: string, name: string}|null} stoppedBy
 * @param {string} me
 */
export function endWords({ outcome, error }, stoppedBy, me) {
  if (outcome === 'answered') return 'The model answered. The app is as it was.';
  if (outcome === 'stopped') return `No version was made. ${stoppedWords(stoppedBy, me)}.`;
  return `No version was made. ${error ? turnErrorSentence(error) : `${noVersionWord(outcome)}.`}`;
}

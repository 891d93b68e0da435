// @ts-check
// Every sentence that is made of a code: refusals, and connections that have ended for good. What turns, builds and error notes
// tell is in `turnSentences.js`. Nothing looks into a sentence: codes and numbers travel, and are worded here.
import { RealtimeError } from './failure.js';

/** @typedef {import('./types.js').Meaning} Meaning */
/** @typedef {(meaning: Meaning) => string} Wording */

/**
 * Words a code; one that this page does not know is named, with the service's own words behind it if there are any.
 * @param {Record<string, Wording>} words
 * @param {Meaning} meaning
 * @param {string} what  What is said of an unknown code.
 */
export function worded(words, meaning, what) {
  if (Object.hasOwn(words, meaning.code)) return words[meaning.code](meaning);
  return `${what} (${meaning.code}).${meaning.text ? ` ${meaning.text}` : ''}`;
}

/**
 * A wording that needs no number.
 * @param {string} text
 * @returns {Wording}
 */
export const always = (text) => () => text;

/** @param {number} bytes */
const mebibytes = (bytes) => `${bytes / 1_048_576} MiB`;

/**
 * The codes of `reason` in a refused call, and those of this page's own.
 * @type {Record<string, Wording>}
 */
export const REFUSALS = {
  unknown_app: always('There is no app with this id.'),
  unknown_version: always('The app has no such version.'),
  unknown_prompt: always('No such prompt is waiting. It may have begun already.'),
  no_still: always('There is no picture of this version.'),
  not_found: always('There is nothing at this address.'),
  terminated: always('This app has been ended.'),
  not_yours: always("Only its author, the app's owner or an admin can withdraw a prompt."),
  wrong_admin_secret: always('That is not the admin secret of this server.'),
  admin_disabled: always('No admin secret is set on this server (VIBE_ADMIN_SECRET).'),
  unknown_host: always('This server does not answer to that host name.'),
  origin_not_allowed: always('This page may not call this server.'),
  permission_denied: always('You may not do that here. Ask whoever runs this server.'),
  invalid_token: always('The server did not take your access token. Ask for a new one, then reload this page.'),
  nothing_running: always('Nothing is running.'),
  prompt_running: always('A prompt is running. Try again when it is done.'),
  nothing_to_retry: always('There is nothing to try again.'),
  nothing_to_repair: always('There is nothing to repair.'),
  queue_full: ({ limit }) =>
    limit === 1
      ? 'A prompt is waiting already. Try again when it is done.'
      : `${limit} prompts are waiting already. Try again when one is done.`,
  too_many_requests: always('Too many requests.'),
  too_many_connections: always('The server has as many connections as it takes. Try again soon.'),
  too_many_connections_of_address: always('Your address has as many connections as one may have. Close some, or try again soon.'),
  prompt_empty: always('Write what you want first: the prompt is empty.'),
  prompt_too_long: ({ limit }) => `Not sent: the prompt is over ${Number(limit).toLocaleString('en')} characters`,
  prompt_not_text: always('The prompt holds a character that no text has (U+0000).'),
  title_empty: always('The title is empty.'),
  title_too_long: ({ limit }) => `The title is too long: ${limit} characters are allowed.`,
  title_not_one_line: always('A title is one line without control characters.'),
  missing_body: always('The server missed what was to be sent. Try again.'),
  invalid_json: always('The server could not read what was sent. Reload this page, then try again.'),
  not_an_object: always('The server could not read what was sent. Reload this page, then try again.'),
  repeated_member: always('The server was sent the same thing twice. Reload this page, then try again.'),
  missing_member: ({ member }) => `The server missed “${member}”. Reload this page, then try again.`,
  wrong_type: ({ member }) => `The server could not read “${member}”. Reload this page, then try again.`,
  out_of_range: ({ member, least, most }) => `“${member}” goes from ${least} to ${most}.`,
  not_one_of: ({ member, choices }) => `“${member}” is one of: ${[choices].flat().join(', ')}.`,
  bad_name: ({ limit_bytes: limit }) => `Your name is too long for this server: ${limit} bytes are allowed.`,
  bad_query: always('The server could not read the address. Reload this page, then try again.'),
  repeated_parameter: ({ parameter }) => `The server was told “${parameter}” twice. Reload this page, then try again.`,
  bad_channels: always('There is no such channel.'),
  too_many_channels: always('One stream cannot have that many channels.'),
  bad_request: always('The server could not read the request. Reload this page, then try again.'),
  bad_host: always('The server could not read the request. Reload this page, then try again.'),
  bad_target: always('The server could not read the request. Reload this page, then try again.'),
  bad_header: always('The server could not read the request. Reload this page, then try again.'),
  bad_length: always('The server could not read the request. Reload this page, then try again.'),
  bad_upgrade: always('The server could not read the request. Reload this page, then try again.'),
  upgrade_on_used_connection: always('The server could not open the connection. Reload this page.'),
  protocol_not_supported: always('The server could not open the connection. Reload this page.'),
  method_not_allowed: always('This address does not take that. Reload this page, then try again.'),
  unsupported_media_type: always('The server could not read what was sent. Reload this page, then try again.'),
  body_too_large: ({ limit_bytes: limit }) => `That is too much: ${mebibytes(limit)} are allowed.`,
  header_fields_too_large: always('The request is too large for the server.'),
  request_timeout: always('What was sent did not arrive in time. Try again.'),
  http_error: ({ status }) => `The server answered ${status}.`,
  generation_failed: always('No version was made.'),
  app_asleep: always('The app is asleep.'),
  sandbox_unwell: always("The app's sandbox does not answer as it should."),
  snapshot_too_large: ({ limit_bytes: limit }) => `The app's folder is too large: a snapshot holds ${mebibytes(limit)} at most.`,
  storage_full: always("The server's disk is full. Nothing was stored."),
  storage_error: always('The server could not read or store this.'),
  shutting_down: always('The server is restarting. Your work is kept.'),
  not_ready: always('The server is starting.'),
  not_available: always('This is not to be had now. Try again soon.'),
  internal_error: always('Something went wrong on the server.'),
  preview_starting: always('The app is waking. Try again in a moment.'),
  preview_full: always('Every sandbox is awake. Try again when one is free.'),
  preview_empty: always('The app has no version yet.'),
  preview_timeout: always('The app did not answer in time.'),
  preview_failed: always('The app did not answer properly.'),
  // This page's own.
  no_connection: always('There is no connection to the server.'),
  connection_lost: always('The connection was lost before the answer came.'),
  no_answer: always('The server did not answer in time.'),
  unreachable: always('The server cannot be reached.'),
  unreachable_text_kept: always('The server cannot be reached. Your text is kept here.'),
};

/** @param {Meaning} reason */
export function refusalSentence(reason) {
  return worded(REFUSALS, reason, 'The server refused that');
}

/**
 * @param {unknown} error  Why a call failed.
 * @returns {string}
 */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof RealtimeError)) return error.message;
  const { code, reason } = error;
  if (code === 111 || code === 429) {
    return reason && reason.code !== 'too_many_requests'
      ? refusalSentence(reason)
      : 'Too many requests. You can send again in a few seconds.';
  }
  if (reason) return refusalSentence(reason);
  if (code === 103) return REFUSALS.permission_denied({ code: 'permission_denied' });
  if (code === 100) return 'The server could not do that. Try again.';
  return `The server refused that: ${error.message || `code ${code}`}. Reload this page, then try again.`;
}

/** @type {Record<number, string>} */
const CLOSED = {
  3500: 'The server did not take your access token. Ask for a new one, then reload this page.',
  3503: 'Whoever runs this server ended it. Reload this page to come back.',
  3504: 'The server has no room for more. Close other tabs, then try again.',
};

/**
 * @param {number} code  With which the server ended the connection.
 * @param {string} reason  Its name.
 */
export function closedSentence(code, reason) {
  return CLOSED[code] ?? `The server said: ${reason || `code ${code}`}. Reload this page, or try again.`;
}

/**
 * How long a prompt is, where that begins to matter: "3,602 of 3,900".
 * @param {number} length
 * @param {number} limit
 */
export function lengthWords(length, limit) {
  return `${length.toLocaleString('en')} of ${limit.toLocaleString('en')}`;
}

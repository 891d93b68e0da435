// @ts-check
// What a person is told when a call is refused, or when the server has ended the connection for good: what happened, what to do.
import { RealtimeError } from './failure.js';

/**
 * @param {unknown} error  Why a call failed.
 * @returns {string}
 */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  // The server's own words are sentences; the protocol's are names of codes.
  if (!(error instanceof RealtimeError) || /^[A-Z0-9].*\.$/s.test(error.message)) return error.message;
  if (error.code === 111 || error.code === 429) return 'Too many requests. You can send again in a few seconds.';
  if (error.code === 103) return 'You may not do that here. Ask whoever runs this server.';
  if (error.code === 100) return 'The server could not do that. Try again.';
  return `The server refused that: ${error.message || `code ${error.code}`}. Reload this page, then try again.`;
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

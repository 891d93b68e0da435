// @ts-check
// What the app page says aloud.

import { outcomeOf, turnsOf } from './turns.js';
import { buildErrorWords, endWords, STEPS } from './turnSentences.js';

/** @typedef {import('./announcer.js').Announcer} Announcer */
/** @typedef {import('./pageState.js').PageState} PageState */

/**
 * Says what has happened since to who does not see it: steps, not tokens.
 * @param {PageState} state
 * @param {PageState} before
 * @param {Announcer} announcer
 * @param {string} me
 */
export function announce({ app }, { app: old }, announcer, me) {
  if (!old.ready) return;
  if (old.generation && !app.generation) {
    const outcome = app.outcomes[old.generation.messageID];
    if (outcome?.version) announcer.say(`Version ${outcome.version} is live. Answer finished`);
    else if (outcome?.outcome === 'answered') announcer.say(endWords(outcome, null, me));
    else if (outcome) announcer.alarm(endWords(outcome, stopperOf(app, old.generation.messageID), me));
  } else if (app.generation && app.build.phase !== old.build.phase && STEPS[app.build.phase]) {
    announcer.sayPhase(STEPS[app.build.phase]);
  }
  if (app.build.errors.length > 0 && app.build.errors !== old.build.errors) {
    announcer.alarm(`Could not bundle: ${buildErrorWords(app.build.errors[0])}`);
  }
}

/**
 * Who stopped a turn, as far as it is known.
 * @param {PageState['app']} app
 * @param {string} messageID  That asked.
 */
function stopperOf(app, messageID) {
  const turn = turnsOf(app).find(({ id }) => id === messageID);
  return turn ? outcomeOf(turn, app)?.stoppedBy ?? null : null;
}

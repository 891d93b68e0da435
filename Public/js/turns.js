// @ts-check
// Turns: a prompt, what came of it, and how it ended. Pure.

/** @typedef {import('./appState.js').AppState} AppState */
/** @typedef {import('./types.js').Message} Message */

/**
 * @typedef {object} Turn  One prompt and what came of it.
 * @property {string} id
 * @property {Message|null} prompt  Absent for an answer that nobody asked for.
 * @property {Message[]} answers
 * @property {boolean} isRunning
 * @property {boolean} isNewest
 * @property {boolean} isLastChange  Whether all that was asked since were questions: its errors can be mended, and it can be asked again.
 * @property {number} before  The version that was on show when it began; 0 for none that is known.
 */

/**
 * The messages as turns, oldest first.
 * @param {AppState} state
 * @returns {Turn[]}
 */
export function turnsOf(state) {
  /** @type {Turn[]} */
  const turns = [];
  let version = 0;
  for (const message of state.messages) {
    const current = turns.at(-1);
    if (message.type === 'user' || !current) {
      const prompt = message.type === 'user' ? message : null;
      const answers = prompt ? [] : [message];
      turns.push({ id: message.id, prompt, answers, isRunning: false, isNewest: false, isLastChange: false, before: version });
    } else {
      current.answers.push(message);
    }
    version = message.version ?? version;
  }
  const newest = turns.at(-1);
  if (newest) newest.isNewest = true;
  if (state.generation) {
    const asked = turns.find((turn) => turn.id === state.generation?.messageID) ?? newest;
    if (asked) asked.isRunning = true;
  }
  const change = turns.filter((turn) => turn.isRunning || outcomeOf(turn, state)?.outcome !== 'answered').at(-1);
  if (change) change.isLastChange = true;
  return turns;
}

/**
 * @typedef {object} Ended  How a turn ended, as far as it is known.
 * @property {'succeeded'|'answered'|'failed'|'stopped'|'interrupted'} outcome
 * @property {{user_id: string, name: string}|null} stoppedBy
 * @property {number} elapsed  Milliseconds; 0 when unknown.
 */

/**
 * How a turn ended: as its answer says, which the history keeps, else as this page saw it; `null` when neither knows.
 * @param {Turn} turn
 * @param {AppState} state
 * @returns {Ended|null}
 */
export function outcomeOf(turn, state) {
  const seen = state.outcomes[turn.id];
  const answer = turn.answers.find((message) => message.outcome);
  if (answer?.outcome) {
    const took = turn.prompt ? Date.parse(answer.created_at) - Date.parse(turn.prompt.created_at) : 0;
    return {
      outcome: answer.outcome,
      stoppedBy: answer.stopped_by ?? null,
      elapsed: seen?.elapsed || Math.max(0, took || 0),
    };
  }
  if (!seen) return null;
  const stoppedBy = seen.stoppedBy ? { user_id: seen.stoppedBy, name: '' } : null;
  return { outcome: seen.outcome, stoppedBy, elapsed: seen.elapsed };
}

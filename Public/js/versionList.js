// @ts-check
// The list of versions: those that were made, and in their places the turns that should have made one. Pure.
import { outcomeOf, turnsOf } from './turns.js';

/** @typedef {import('./types.js').Version} Version */
/** @typedef {import('./pageState.js').PageState} PageState */

/**
 * @typedef {Version & {turn?: string, isLastChange?: boolean, stoppedBy?: {user_id: string, name: string}|null, elapsed?: number}} Entry
 * A version, or a turn that should have made one: then `turn` is its prompt's id.
 */

/**
 * All entries, newest first.
 * @param {PageState} state
 * @returns {Entry[]}
 */
export function entriesOf(state) {
  /** @type {Entry[]} */
  const turns = [];
  for (const turn of turnsOf(state.app)) {
    const ended = outcomeOf(turn, state.app);
    if (!turn.prompt || turn.isRunning || !ended || ended.outcome === 'succeeded' || ended.outcome === 'answered') continue;
    turns.push({
      turn: turn.id,
      isLastChange: turn.isLastChange,
      version: null,
      prompt: turn.prompt.content,
      origin: turn.prompt.origin,
      user_id: turn.prompt.user_id,
      name: turn.prompt.name ?? '',
      outcome: ended.outcome,
      created_at: turn.answers.at(-1)?.created_at ?? turn.prompt.created_at,
      stoppedBy: ended.stoppedBy,
      elapsed: ended.elapsed,
    });
  }
  return [...state.versions.map((entry) => withStill(entry, state)), ...turns].sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
}

/**
 * A version with its picture: as the list told it, or as the app did since.
 * @param {Version} entry
 * @param {PageState} state
 * @returns {Version}
 */
function withStill(entry, { app }) {
  const still = app.app?.still ?? '';
  if (entry.still || !still.endsWith(`?version=${entry.version}`)) return entry;
  return { ...entry, still };
}

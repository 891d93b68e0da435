// @ts-check
// The steps of a build: six rows from the start, of the same height to the end. `rowsOf` is pure, `Timeline` shows it.
import { h, reconcile, set, setText } from './dom.js';
import { elapsed } from './format.js';

/** @typedef {import('./appState.js').Build} Build */
/** @typedef {import('./appState.js').Step} Step */
/** @typedef {import('./types.js').Phase} Phase */

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {Phase} phase
 * @property {'waiting'|'started'|'done'|'failed'} state
 * @property {string} label
 * @property {Step|null} step
 */

/**
 * The last step of a phase within a range of steps.
 * @param {Step[]} steps
 * @param {Phase} phase
 * @param {number} from
 * @param {number} to
 */
function lastOf(steps, phase, from, to) {
  for (let index = to - 1; index >= from; index -= 1) if (steps[index].phase === phase) return steps[index];
  return null;
}

/**
 * The rows to show. Without a repair: the six steps. With one: Queued and Sandbox fold away for the step that failed and the
 * repair, so that there are six again. An app that is live as before, without a new bundle, does not make the last row green.
 * @param {Build} build
 * @param {number} lines  Lines generated so far.
 * @param {boolean} [isAnswer]  Whether the model answered in words.
 * @returns {Row[]}
 */
export function rowsOf(build, lines, isAnswer = false) {
  const { steps } = build;
  const end = steps.length;
  const repairAt = steps.map((step) => step.phase).lastIndexOf('repairing');
  /** @type {(key: string, phase: Phase, step: Step|null, label: string) => Row} */
  const row = (key, phase, step, label) => ({ key, phase, state: step?.state ?? 'waiting', label, step });
  const generating = (/** @type {Step|null} */ step) =>
    step?.state === 'started' && lines > 0
      ? `Generating, ${lines} ${lines === 1 ? 'line' : 'lines'} so far`
      : 'Generating';
  if (isAnswer) {
    const sandbox = lastOf(steps, 'sandbox', 0, end);
    // One that was still starting was stopped, and nothing is wrong with it.
    const isUnneeded = sandbox === null || (sandbox.state === 'failed' && sandbox.error === null);
    return [
      row('queued', 'queued', lastOf(steps, 'queued', 0, end), 'Queued'),
      row('sandbox', 'sandbox', isUnneeded ? null : sandbox, isUnneeded ? 'No sandbox needed' : 'Sandbox awake'),
      row('generating', 'generating', lastOf(steps, 'generating', 0, end), 'Generating'),
      row('writing', 'writing', null, 'Nothing to write'),
      row('bundling', 'bundling', null, 'Nothing to bundle'),
      { ...row('answered', 'answered', null, 'Answered without changing the app'), state: 'done' },
    ];
  }
  if (repairAt < 0) {
    const bundling = lastOf(steps, 'bundling', 0, end);
    const live = bundling?.state === 'done' ? lastOf(steps, 'live', 0, end) : null;
    const written = lastOf(steps, 'generating', 0, end);
    return [
      row('queued', 'queued', lastOf(steps, 'queued', 0, end), 'Queued'),
      row('sandbox', 'sandbox', lastOf(steps, 'sandbox', 0, end), 'Sandbox awake'),
      row('generating', 'generating', written, generating(written)),
      row('writing', 'writing', lastOf(steps, 'writing', 0, end), 'Writing'),
      row('bundling', 'bundling', bundling, bundlingWords(bundling)),
      row('live', 'live', live, 'Live'),
    ];
  }
  const repair = steps[repairAt];
  const again = lastOf(steps, 'bundling', repairAt, end);
  const wrote = lastOf(steps, 'writing', repairAt, end);
  const broken = lastOf(steps, 'bundling', 0, repairAt);
  const isOver = wrote !== null || again !== null;
  /** @type {Row} */
  const repairRow = row('repairing', 'repairing', repair, `Repairing${tryWords(repair.repair)}`);
  if (isOver && repairRow.state === 'started') repairRow.state = 'done';
  return [
    row('generating', 'generating', lastOf(steps, 'generating', 0, repairAt), 'Generating'),
    row('writing', 'writing', lastOf(steps, 'writing', 0, repairAt), 'Writing'),
    { ...row('failed', 'bundling', broken, 'Bundling failed'), state: 'failed' },
    repairRow,
    row('bundling', 'bundling', again, bundlingWords(again)),
    row('live', 'live', again?.state === 'done' ? lastOf(steps, 'live', repairAt, end) : null, 'Live'),
  ];
}

/** @param {Step|null} step */
function bundlingWords(step) {
  if (step?.state === 'failed') return 'Bundling failed';
  return step?.unchecked ? 'Bundling, names not checked' : 'Bundling';
}

/**
 * Which repair of how many: ", try 1 of 2".
 * @param {import('./types.js').Repair|null|undefined} repair
 */
export function tryWords(repair) {
  return repair ? `, try ${repair.number} of ${repair.limit}` : '';
}

/**
 * Why the code was begun anew, if that was for something else than a repair; null where it was not.
 * @param {Step[]} steps
 */
export function begunAnew(steps) {
  const reason = steps.filter((step) => step.reason !== null).at(-1)?.reason ?? null;
  return reason === 'repair' ? null : reason;
}

/**
 * The time a row shows, in milliseconds; null for a row that has not begun.
 * @param {Row} row
 * @param {number} now
 */
export function timeOf(row, now) {
  if (!row.step) return null;
  return row.step.state === 'started' && row.state === 'started'
    ? Math.max(0, now - row.step.startedAt)
    : row.step.elapsed;
}

/** Shows the rows. */
export class Timeline {
  constructor() {
    this.element = h('ol', { class: 'timeline' });
    /** @type {Row[]} */
    this.rows = [];
  }

  /**
   * @param {Row[]} rows
   * @param {number} now
   */
  show(rows, now) {
    this.rows = rows;
    reconcile(
      this.element,
      rows,
      (row) => row.key,
      (row) =>
        h(
          'li',
          { class: 'step', 'data-testid': 'step', 'data-phase': row.phase },
          h('span', { class: 'step-knot', 'aria-hidden': 'true' }),
          h('span', { class: 'step-label' }),
          h('span', { class: 'step-time' }),
        ),
      (element, row) => {
        set(element, 'data-state', row.state);
        setText(element.children[1], row.label);
        set(element, 'aria-current', row.state === 'started' ? 'step' : null);
      },
    );
    this.tick(now);
  }

  /** @param {number} now */
  tick(now) {
    this.rows.forEach((row, index) => {
      const time = timeOf(row, now);
      const hasTime = time !== null && !(row.phase === 'live' && row.state === 'done');
      setText(this.element.children[index].children[2], hasTime ? elapsed(time) : '');
    });
  }
}

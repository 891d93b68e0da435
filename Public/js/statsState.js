// @ts-check
// The server's numbers as the channel `stats` tells them, second by second; and how charts are drawn from them. Pure.

/** @typedef {import('./types.js').Stats} Stats */
/** @typedef {import('./types.js').StatsPoint} StatsPoint */

/**
 * @typedef {object} StatsState
 * @property {boolean} ready  Whether a snapshot came.
 * @property {readonly StatsPoint[]} points  Oldest first.
 * @property {Stats|null} last  The newest second whole.
 * @property {import('./types.js').Bounds|null} bounds  Of the buckets; one more bucket has no end.
 */

/** @type {StatsState} */
export const EMPTY_STATS_STATE = { ready: false, points: [], last: null, bounds: null };

/**
 * @param {any} snapshot
 * @returns {StatsState}
 */
export function applyStatsSnapshot(snapshot) {
  return { ready: true, points: snapshot.points ?? [], last: snapshot.last ?? null, bounds: snapshot.bounds ?? null };
}

/**
 * Folds one publication in.
 * @param {StatsState} state
 * @param {any} event
 * @param {number} most  Seconds that are held.
 * @returns {StatsState}
 */
export function applyStatsEvent(state, event, most) {
  if (event.type !== 'stats') return state;
  return { ...state, ready: true, points: [...state.points, event].slice(-most), last: event };
}

/**
 * The points of the last so many seconds, on the server's clock.
 * @param {StatsState} state
 * @param {number} seconds
 * @returns {StatsPoint[]}
 */
export function pointsWithin({ points }, seconds) {
  const end = Date.parse(points.at(-1)?.time ?? '');
  return points.filter((point) => Date.parse(point.time) > end - seconds * 1000);
}

/**
 * A line over the last so many seconds: its path, and the area below it, in a box whose width is `width` and whose height is
 * `height`; the newest value is at the right edge, zero at the bottom.
 * @param {{time: string, value: number}[]} values  Oldest first.
 * @param {number} seconds
 * @param {number} width
 * @param {number} height
 * @returns {{line: string, area: string, end: number, most: number}}  `end`: the height of the newest value, 0 to 1.
 */
export function linePath(values, seconds, width, height) {
  const most = Math.max(1, ...values.map(({ value }) => value));
  const last = values.at(-1);
  if (!last) return { line: '', area: '', end: 0, most };
  const start = Date.parse(last.time) - seconds * 1000;
  const at = values.map(({ time, value }) => {
    const x = (Math.max(0, Date.parse(time) - start) / (seconds * 1000)) * width;
    // A tenth of the height is left free above.
    return `${x.toFixed(1)} ${(height - (value / most) * height * 0.9).toFixed(1)}`;
  });
  const line = `M${at.join('L')}`;
  const left = at[0].split(' ')[0];
  return { line, area: `${line}L${width} ${height}L${left} ${height}Z`, end: (last.value / most) * 0.9, most };
}

/**
 * What a line chart shows, said in a sentence.
 * @param {string} name
 * @param {number[]} values
 * @param {number} seconds
 * @param {(value: number) => string} words
 */
export function lineSentence(name, values, seconds, words) {
  if (values.length === 0) return `${name}: nothing was measured yet.`;
  const over = seconds < 120 ? 'the last minute' : `the last ${Math.round(seconds / 60)} minutes`;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const now = words(values[values.length - 1]);
  if (least === most) return `${name} over ${over}: ${now} all the time.`;
  return `${name} over ${over}: between ${words(least)} and ${words(most)}, now ${now}.`;
}

/**
 * 450 → "0.45 s", 21400 → "21.4 s", 50 → "50 ms".
 * @param {number} milliseconds
 */
export function shortTime(milliseconds) {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${Number((milliseconds / 1000).toFixed(2))} s`;
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

/**
 * The bucket in which a sample lies.
 * @param {readonly number[]} bounds
 * @param {number} milliseconds
 */
export function bucketOf(bounds, milliseconds) {
  const index = bounds.findIndex((bound) => milliseconds <= bound);
  return index < 0 ? bounds.length : index;
}

/**
 * What a bucket holds, in words: "up to 50 ms", "0.05 s to 0.1 s", "over 10 s".
 * @param {readonly number[]} bounds
 * @param {number} index
 */
export function bucketWords(bounds, index) {
  if (index === 0) return `up to ${shortTime(bounds[0])}`;
  if (index === bounds.length) return `over ${shortTime(bounds[index - 1])}`;
  return `${shortTime(bounds[index - 1])} to ${shortTime(bounds[index])}`;
}

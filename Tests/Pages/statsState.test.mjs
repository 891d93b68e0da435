import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from './protocol.mjs';
import {
  applyStatsEvent,
  applyStatsSnapshot,
  bucketOf,
  bucketWords,
  EMPTY_STATS_STATE,
  linePath,
  lineSentence,
  pointsWithin,
  shortTime,
} from '../../Public/js/statsState.js';

const time = (second) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const point = (second, viewers = 0) => ({ type: 'stats', time: time(second), viewers });

test('as many seconds are held as the server keeps, whatever comes', () => {
  const points = Array.from({ length: 900 }, (_, second) => point(second));
  let state = applyStatsSnapshot({ points, last: null, bounds: BOUNDS });
  for (let second = 900; second < 1000; second += 1) state = applyStatsEvent(state, point(second), 900);
  assert.equal(state.points.length, 900);
  assert.equal(state.points[0].time, time(100));
  assert.equal(state.last.time, time(999));
  assert.equal(state.bounds, BOUNDS, 'the bounds stay');
  assert.equal(applyStatsEvent(state, { type: 'else' }, 900), state);
  assert.deepEqual(applyStatsSnapshot({}), { ready: true, points: [], last: null, bounds: null });
});

test('a range counts back from the newest second, on the clock of the server', () => {
  let state = EMPTY_STATS_STATE;
  for (let second = 0; second < 300; second += 1) state = applyStatsEvent(state, point(second), 900);
  assert.equal(pointsWithin(state, 60).length, 60);
  assert.equal(pointsWithin(state, 900).length, 300);
  assert.equal(pointsWithin(EMPTY_STATS_STATE, 60).length, 0);
});

test('a line ends at the right edge, and stands on zero', () => {
  const values = [{ time: time(0), value: 0 }, { time: time(30), value: 10 }, { time: time(60), value: 5 }];
  const { line, area, end, most } = linePath(values, 60, 300, 100);
  assert.equal(line, 'M0.0 100.0L150.0 10.0L300.0 55.0');
  assert.equal(area, `${line}L300 100L0.0 100Z`);
  assert.equal(most, 10);
  assert.equal(end, 0.45);
  assert.equal(linePath([], 60, 300, 100).line, '');
  assert.doesNotMatch(linePath([{ time: time(0), value: 0 }], 60, 300, 100).line, /NaN|Infinity/);
});

test('a chart is said in a sentence', () => {
  const words = (value) => `${value}`;
  assert.equal(lineSentence('Viewers', [3, 9, 5], 900, words), 'Viewers over the last 15 minutes: between 3 and 9, now 5.');
  assert.equal(lineSentence('Viewers', [3, 3], 60, words), 'Viewers over the last minute: 3 all the time.');
  assert.equal(lineSentence('Viewers', [], 60, words), 'Viewers: nothing was measured yet.');
});

test('times and buckets as people read them', () => {
  assert.deepEqual([14, 450, 1280, 9999, 21400, 120000].map(shortTime), ['14 ms', '0.45 s', '1.28 s', '10 s', '21.4 s', '120 s']);
  const bounds = BOUNDS.first_token_ms;
  assert.deepEqual([0, 50, 51, 10000, 10001].map((value) => bucketOf(bounds, value)), [0, 0, 1, 14, 15]);
  assert.equal(bucketWords(bounds, 0), 'up to 50 ms');
  assert.equal(bucketWords(bounds, 7), '0.6 s to 0.8 s');
  assert.equal(bucketWords(bounds, 15), 'over 10 s');
});

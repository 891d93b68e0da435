import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  applyAppsEvent,
  applyAppsSnapshot,
  EMPTY_APPS_STATE,
  galleries,
  isWaking,
  lookOf,
  statusWord,
  withApps,
} from '../../Public/js/appsState.js';

const make = (id, created, more = {}) => ({
  id,
  title: id,
  prompt: '',
  authors: [],
  versions: 1,
  is_featured: false,
  status: 'active',
  phase: 'live',
  viewers: 0,
  created_at: `2026-01-01T00:00:${String(created).padStart(2, '0')}.000Z`,
  updated_at: '',
  url: '',
  ...more,
});
const counts = { live: 2, total: 5, building: 1, viewers: 3 };
const snapshot = (...apps) => applyAppsSnapshot(EMPTY_APPS_STATE, { counts, apps });
const ids = (state) => galleries(state).recent.map((app) => app.id);

describe('the list of apps', () => {
  test('is newest first, featured apart', () => {
    const state = snapshot(make('a', 1), make('c', 3), make('b', 2, { is_featured: true }));
    assert.deepEqual(ids(state), ['c', 'a']);
    assert.deepEqual(galleries(state).featured.map((app) => app.id), ['b']);
    assert.equal(state.ready, true);
  });

  test('takes in what is added, changed, featured and removed', () => {
    let state = snapshot(make('a', 1));
    state = applyAppsEvent(state, { type: 'app.added', app: make('b', 2) });
    assert.deepEqual(ids(state), ['b', 'a']);
    state = applyAppsEvent(state, { type: 'app.changed', app: make('a', 1, { title: 'other' }) });
    assert.deepEqual(ids(state), ['b', 'a'], 'a change does not move a card');
    assert.equal(state.apps.get('a').title, 'other');
    state = applyAppsEvent(state, { type: 'app.changed', app: make('a', 1, { is_featured: true }) });
    assert.deepEqual(ids(state), ['b']);
    state = applyAppsEvent(state, { type: 'app.removed', id: 'b' });
    assert.deepEqual(ids(state), []);
  });

  test('an app that comes twice is there once', () => {
    const state = applyAppsEvent(snapshot(make('a', 1)), { type: 'app.added', app: make('a', 1) });
    assert.deepEqual(ids(state), ['a']);
  });

  test('a terminated app leaves', () => {
    assert.deepEqual(
      ids(applyAppsEvent(snapshot(make('a', 1)), { type: 'app.changed', app: make('a', 1, { status: 'terminated' }) })),
      [],
    );
  });

  test('counts are replaced', () => {
    const state = applyAppsEvent(snapshot(), { type: 'counts', live: 9, total: 10, building: 0, viewers: 1 });
    assert.deepEqual(state.counts, { live: 9, total: 10, building: 0, viewers: 1 });
  });

  test('a new snapshot drops what was removed meanwhile and keeps what lies further down', () => {
    let state = snapshot(make('d', 40), make('c', 30));
    state = withApps(state, [make('a', 10)]);
    state = applyAppsSnapshot(state, { counts, apps: [make('e', 50), make('c', 30)] });
    assert.deepEqual(ids(state), ['e', 'c', 'a']);
  });

  test('apps of one millisecond have one order', () => {
    assert.deepEqual(ids(snapshot(make('a', 1), make('b', 1))), ids(snapshot(make('b', 1), make('a', 1))));
  });
});

test('each status has one look', () => {
  const look = (status, phase) => lookOf({ status, phase });
  assert.equal(look('created', 'queued'), 'building');
  assert.equal(look('active', 'generating'), 'building');
  assert.equal(look('active', 'repairing'), 'building');
  assert.equal(look('active', 'live'), 'live');
  assert.equal(look('ready', 'asleep'), 'asleep');
  assert.equal(look('ready', 'live'), 'asleep');
  assert.equal(look('active', 'failed'), 'failed');
  assert.equal(look('created', 'failed'), 'failed');
});

test('an app that wakes is not one that is built', () => {
  const waking = { status: 'ready', phase: 'sandbox', versions: 2 };
  assert.equal(isWaking(waking), true);
  assert.equal(statusWord(waking), 'Waking');
  assert.equal(statusWord({ ...waking, versions: 0 }), 'Building');
  assert.equal(statusWord({ ...waking, status: 'active' }), 'Waking', 'it runs, and is not yet live');
  assert.equal(statusWord({ ...waking, phase: 'queued' }), 'Building');
  assert.equal(statusWord({ ...waking, phase: 'asleep' }), 'Asleep');
  assert.equal(statusWord({ ...waking, status: 'terminated' }), 'Ended');
});

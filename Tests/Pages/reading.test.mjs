import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installDom } from './dom.mjs';

installDom();
const { EMPTY_PAGE_STATE } = await import('../../Public/js/pageState.js');
const { EMPTY_APP_STATE } = await import('../../Public/js/appState.js');
const { outcomeOf, turnsOf } = await import('../../Public/js/turns.js');
const { filesOf, MOST_OFFERED, nextVersionRead, offeredVersions, versionAgainst, versionRead, versionsWanted } = await import('../../Public/js/reading.js');
const { entriesOf } = await import('../../Public/js/versionList.js');

const version = (number) => ({
  version: number,
  prompt: '',
  user_id: '',
  name: '',
  outcome: 'succeeded',
  created_at: `2026-01-01T00:0${number}:00.000Z`,
});

/** A page with versions 1, 2 and 4, of which 4 is on show. */
const page = (reading = {}) => ({
  ...EMPTY_PAGE_STATE,
  versions: [1, 2, 4].map(version),
  app: { ...EMPTY_APP_STATE, preview: { url: '', version: 4 } },
  code: { version: 4, files: { a: '4' } },
  reading: { ...EMPTY_PAGE_STATE.reading, ...reading },
});

describe('what is read', () => {
  test('the version on show, until another is chosen', () => {
    assert.equal(versionRead(page()), 4);
    assert.equal(versionRead(page({ version: 2 })), 2);
    assert.equal(versionRead(EMPTY_PAGE_STATE), 0);
  });

  test('it is held against the version before, or the chosen one', () => {
    assert.equal(versionAgainst(page()), 2);
    assert.equal(versionAgainst(page({ version: 1 })), 0);
    assert.equal(versionAgainst(page({ version: 2, against: 4 })), 4);
    assert.equal(versionAgainst(page({ version: 2, against: 2 })), 1);
  });

  test('one step further, and not past the ends', () => {
    assert.equal(nextVersionRead(page(), -1), 2);
    assert.equal(nextVersionRead(page(), 1), null);
    assert.equal(nextVersionRead(page({ version: 1 }), -1), null);
    assert.equal(nextVersionRead(EMPTY_PAGE_STATE, 1), null);
  });

  test('the newest versions are offered, and the chosen one', () => {
    const numbers = Array.from({ length: MOST_OFFERED + 50 }, (_, index) => index + 1);
    assert.deepEqual(offeredVersions([1, 2, 4], 2), [4, 2, 1]);
    const offered = offeredVersions(numbers, 7);
    assert.equal(offered.length, MOST_OFFERED + 1);
    assert.deepEqual([offered[0], offered.at(-2), offered.at(-1)], [MOST_OFFERED + 50, 51, 7]);
  });

  test('only what is not here is wanted', () => {
    assert.deepEqual(versionsWanted(page()), []);
    assert.deepEqual(versionsWanted(page({ version: 2 })), [2]);
    assert.deepEqual(versionsWanted(page({ version: 4, isComparing: true })), [2]);
    assert.deepEqual(versionsWanted(page({ version: 1, isComparing: true })), [1]);
    assert.deepEqual(filesOf(page(), 4), { a: '4' });
    assert.deepEqual(filesOf(page(), 0), {});
    assert.equal(filesOf({ ...page(), codes: new Map([[2, { a: '2' }]]) }, 2)?.a, '2');
  });
});

describe('how a turn ended', () => {
  const prompt = { id: 'm1', type: 'user', content: 'green', user_id: 'ana', name: 'Ana', created_at: '2026-01-01T00:01:30.000Z' };
  const answer = {
    id: 'm2',
    type: 'assistant',
    content: 'I make it green.',
    user_id: 'ana',
    name: 'Ana',
    created_at: '2026-01-01T00:01:39.200Z',
    outcome: 'stopped',
    stopped_by: { user_id: 'mira', name: 'Mira' },
  };
  const stopped = { ...EMPTY_APP_STATE, messages: [prompt, answer] };

  test('is told by its answer, also on a page that did not see it', () => {
    assert.deepEqual(outcomeOf(turnsOf(stopped)[0], stopped), {
      outcome: 'stopped',
      stoppedBy: { user_id: 'mira', name: 'Mira' },
      elapsed: 9_200,
    });
    assert.equal(outcomeOf(turnsOf({ ...stopped, messages: [prompt] })[0], stopped), null);
  });

  test('a turn knows which version was on show before it', () => {
    const made = { ...answer, id: 'm0', version: 3, outcome: undefined };
    assert.deepEqual(turnsOf({ ...stopped, messages: [made, prompt, answer] }).map((turn) => turn.before), [0, 3]);
  });

  test('is told by the event as long as there is no answer', () => {
    const seen = { outcome: 'stopped', version: null, tokens: 0, error: null, stoppedBy: 'mira', elapsed: 5 };
    const state = { ...stopped, messages: [prompt], outcomes: { m1: seen } };
    assert.deepEqual(outcomeOf(turnsOf(state)[0], state), {
      outcome: 'stopped',
      stoppedBy: { user_id: 'mira', name: '' },
      elapsed: 5,
    });
  });

  test('the list of versions has it in its place, newest first', () => {
    const entries = entriesOf({ ...page(), app: { ...stopped, preview: null } });
    assert.deepEqual(entries.map((entry) => entry.version ?? entry.outcome), [4, 2, 'stopped', 1]);
    assert.equal(entries[2].prompt, 'green');
    assert.equal(entries[2].elapsed, 9_200);
  });

  test('a version has its picture from the list, or as the app tells it later', () => {
    const path = (number) => `/api/app/a/still?version=${number}`;
    const stills = (still) => {
      const versions = [{ ...version(1), still: path(1) }, version(2), version(11)];
      const app = { ...EMPTY_APP_STATE, app: { id: 'a', still } };
      return entriesOf({ ...EMPTY_PAGE_STATE, versions, app }).map((entry) => entry.still);
    };
    assert.deepEqual(stills(undefined).sort(), [path(1), undefined, undefined]);
    assert.deepEqual(stills(path(11)).sort(), [path(1), path(11), undefined]);
    assert.deepEqual(stills(path(3)).sort(), [path(1), undefined, undefined]);
  });

  test('what runs is in no list', () => {
    const generation = { id: 'g', messageID: 'm1', attempt: 1, model: '', code: {}, chat: '', units: 0 };
    assert.deepEqual(entriesOf({ ...EMPTY_PAGE_STATE, app: { ...stopped, messages: [prompt], generation } }), []);
  });
});

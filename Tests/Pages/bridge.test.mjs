// The page's side of the preview's messages: who may say what, how much of it, and what comes of hostile ones.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LIMITS } from './protocol.mjs';

const { cut, newToken, PreviewBridge } = await import('../../Public/js/previewBridge.js');
const { ConsoleReporter } = await import('../../Public/js/consoleReporter.js');

const ORIGIN = 'http://app-a.vibe.localhost:8080';

/** A bridge to a frame that says what a test wants. */
function bridge() {
  const posted = [];
  const got = { entries: [], pointers: [], scrolls: [] };
  const frame = { postMessage: (message, origin) => posted.push({ message, origin }) };
  const clock = { now: 0 };
  const limits = { known: LIMITS };
  let tokens = 0;
  const subject = new PreviewBridge({
    frame: () => frame,
    origin: () => ORIGIN,
    now: () => clock.now,
    token: () => `T${tokens += 1}`,
    limits: () => limits.known,
    onConsole: (entries) => got.entries.push(...entries),
    onPointer: (x, y) => got.pointers.push([x, y]),
    onScroll: (y) => got.scrolls.push(y),
  });
  const say = (data, { source = frame, origin = ORIGIN } = {}) => subject.receive({ source, origin, data });
  const preview = (data) => say({ source: 'vibe-preview', token: 'T1', ...data });
  return { subject, posted, got, frame, clock, limits, say, preview };
}

describe('the bridge', () => {
  test('answers a hello with a token for that origin alone, and hears what carries it', () => {
    const { posted, got, say, preview } = bridge();
    assert.equal(preview({ type: 'pointer', x: 0.5, y: 10 }), false, 'before the hello nothing is heard');
    assert.equal(say({ source: 'vibe-preview', type: 'hello?' }), true);
    assert.deepEqual(posted, [{ message: { source: 'vibe-page', type: 'hello', token: 'T1' }, origin: ORIGIN }]);
    assert.equal(preview({ type: 'ready' }), true);
    assert.equal(preview({ type: 'pointer', x: 0.5, y: 10 }), true);
    assert.equal(preview({ type: 'scroll', y: 120 }), true);
    assert.equal(preview({ type: 'console', entries: [{ level: 'log', text: 'hi', path: 'src/A.tsx', line: 3 }] }), true);
    assert.deepEqual(got, {
      entries: [{ level: 'log', text: 'hi', path: 'src/A.tsx', line: 3 }],
      pointers: [[0.5, 10]],
      scrolls: [120],
    });
  });

  test('a document that came later takes the place of the one before', () => {
    const { got, say, preview } = bridge();
    say({ source: 'vibe-preview', type: 'hello?' });
    say({ source: 'vibe-preview', type: 'hello?' });
    assert.equal(preview({ type: 'scroll', y: 1 }), false);
    assert.equal(say({ source: 'vibe-preview', token: 'T2', type: 'scroll', y: 2 }), true);
    assert.deepEqual(got.scrolls, [2]);
  });

  test('hears no other window, no other origin and no other token', () => {
    const { posted, got, say } = bridge();
    const hello = { source: 'vibe-preview', type: 'hello?' };
    assert.equal(say(hello, { source: {} }), false);
    assert.equal(say(hello, { source: null }), false);
    for (const origin of ['null', '', `${ORIGIN}.evil.example`, 'http://app-b.vibe.localhost:8080', ORIGIN.toUpperCase()]) {
      assert.equal(say(hello, { origin }), false, origin);
    }
    assert.deepEqual(posted, []);
    say(hello);
    for (const token of [undefined, '', 'T2', 1, null, ['T1'], { toString: () => 'T1' }]) {
      assert.equal(say({ source: 'vibe-preview', token, type: 'scroll', y: 1 }), false);
    }
    assert.deepEqual(got.scrolls, []);
  });

  test('what is malformed is left out', () => {
    const { got, say, preview } = bridge();
    say({ source: 'vibe-preview', type: 'hello?' });
    for (const data of [null, undefined, 7, 'x', [], {}, { source: 'vibe-page', type: 'hello', token: 'T1' }]) {
      assert.equal(say(data), false);
    }
    const wrong = [NaN, Infinity, -Infinity, '1', null, undefined, {}, [1], 1e300, 1n];
    for (const value of wrong) {
      assert.equal(preview({ type: 'pointer', x: value, y: 1 }), false);
      assert.equal(preview({ type: 'pointer', x: 1, y: value }), false);
      assert.equal(preview({ type: 'scroll', y: value }), false);
    }
    for (const type of ['navigate', '__proto__', 'constructor', null, {}]) assert.equal(preview({ type }), false);
    for (const entries of [undefined, 'x', {}, 7]) assert.equal(preview({ type: 'console', entries }), false);
    preview({
      type: 'console',
      entries: [
        null,
        'x',
        {},
        { level: 'fatal', text: 'x' },
        { level: 'toString', text: 'x' },
        { level: 'log' },
        { level: 'log', text: 7 },
        { level: 'log', text: ' \n' },
        { level: 'warn', text: 'kept', path: 7, line: 1.5, extra: 'x' },
        { level: 'error', text: 'kept too', path: '', line: -1 },
      ],
    });
    assert.deepEqual(got, {
      entries: [{ level: 'warn', text: 'kept' }, { level: 'error', text: 'kept too' }],
      pointers: [],
      scrolls: [],
    });
  });

  test('what is too large is cut, and what is too much is left out until the next second', () => {
    const { got, say, preview, clock } = bridge();
    say({ source: 'vibe-preview', type: 'hello?' });
    const many = Array.from({ length: 1_000 }, () => ({ level: 'log', text: 'x'.repeat(10_000), path: 'p'.repeat(999) }));
    preview({ type: 'console', entries: many });
    preview({ type: 'console', entries: many });
    assert.equal(got.entries.length, 10);
    assert.ok(got.entries.every((entry) => entry.text.length === 2_000 && entry.path.length === 200));
    for (let count = 0; count < 1_000; count += 1) preview({ type: 'pointer', x: 0.1, y: count });
    assert.ok(got.pointers.length < 100);
    clock.now = 1_000;
    assert.equal(preview({ type: 'console', entries: many }), true);
    assert.equal(got.entries.length, 20);
  });

  test('without the server’s limits nothing is passed on', () => {
    const { got, limits, say, preview } = bridge();
    limits.known = null;
    say({ source: 'vibe-preview', type: 'hello?' });
    assert.equal(preview({ type: 'pointer', x: 0.5, y: 10 }), false);
    assert.equal(preview({ type: 'console', entries: [{ level: 'log', text: 'x' }] }), false);
    limits.known = { ...LIMITS, console_text_characters: 3, cursor_y: 5 };
    assert.equal(preview({ type: 'pointer', x: 0.5, y: 10 }), false);
    assert.equal(preview({ type: 'console', entries: [{ level: 'log', text: 'long' }] }), true);
    assert.deepEqual(got.entries, [{ level: 'log', text: 'lo…' }]);
  });

  test('a text is not cut inside a character', () => {
    assert.equal(cut('abc', 3), 'abc');
    assert.equal(cut('abcd', 3), 'ab…');
    assert.equal(cut('a😀bc', 3), 'a…');
    assert.equal(cut('ab😀', 3), 'ab…');
  });

  test('tokens are long and never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, newToken));
    assert.equal(tokens.size, 100);
    assert.ok([...tokens].every((token) => /^[0-9a-f]{32}$/.test(token)));
  });
});

test('reports go out a few times a second, and a refusal is not tried again', async () => {
  const sent = [];
  const timers = [];
  const reporter = new ConsoleReporter(
    (entries) => {
      sent.push(entries.length);
      return sent.length === 1 ? Promise.reject(new Error('no connection')) : Promise.resolve();
    },
    (run) => timers.push(run),
    () => LIMITS,
  );
  const entry = { level: 'log', text: 'x' };
  reporter.add([entry]);
  reporter.add([entry, entry]);
  for (let count = 0; count < 100; count += 1) reporter.add([entry]);
  assert.deepEqual(sent, [1]);
  timers.shift()();
  assert.deepEqual(sent, [1, 50], 'what there was no room for is left out');
  timers.shift()();
  assert.deepEqual([sent, timers.length], [[1, 50], 0], 'no timer without need');
  reporter.add([entry]);
  assert.deepEqual(sent, [1, 50, 1]);
});

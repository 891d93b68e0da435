import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  addOlderMessages,
  applyEvent,
  applySnapshot,
  COMPONENT_PATH,
  EMPTY_APP_STATE,
  MOST_MESSAGES,
  MOST_OUTCOMES,
  shownPath,
} from '../../Public/js/appState.js';
import { turnsOf } from '../../Public/js/turns.js';
import { seeded } from './harness.mjs';

const NOW = Date.parse('2026-01-02T10:00:00.000Z');
const at = (milliseconds) => new Date(NOW + milliseconds).toISOString();
const message = (id, type, content, more = {}) => ({
  id,
  type,
  content,
  user_id: 'u1',
  name: 'Maya',
  created_at: at(0),
  ...more,
});
const app = { id: 'app-1', title: 'Tea', status: 'active', phase: 'live', versions: 1 };
const empty = () =>
  applySnapshot(EMPTY_APP_STATE, {
    app,
    messages: [],
    more: false,
    queue: [],
    generation: null,
    build: { phase: 'live', steps: [], errors: [] },
    preview: null,
  }, NOW);
const fold = (state, ...events) =>
  events.reduce((held, event) => applyEvent(held, event, { now: NOW, live: true }), state);
const started = (more = {}) => ({
  type: 'generation.started',
  generation: 'g1',
  message_id: 'm1',
  model: 'claude',
  attempt: 1,
  ...more,
});
const token = (part, more = {}) => ({
  type: 'token',
  generation: 'g1',
  attempt: 1,
  parts: [{ stream: 'code', at: 0, text: '', ...part }],
  ...more,
});
const build = (phase, state, more = {}) => ({
  type: 'build',
  phase,
  state,
  attempt: 1,
  started_at: at(0),
  elapsed_ms: 0,
  errors: [],
  ...more,
});
const code = (state) => state.generation.code[COMPONENT_PATH];

describe('one turn', () => {
  test('in the order of the protocol', () => {
    let state = empty();
    state = fold(state, {
      type: 'queue',
      items: [{ message_id: 'm1', text: 'Tea', user_id: 'u1', name: 'Maya', position: 1 }],
    });
    assert.equal(state.queue.length, 1);
    state = fold(
      state,
      { type: 'queue', items: [] },
      { type: 'message', message: message('m1', 'user', 'Tea') },
      started(),
    );
    assert.equal(state.queue.length, 0);
    assert.equal(turnsOf(state).at(-1).isRunning, true);
    state = fold(
      state,
      build('queued', 'done', { elapsed_ms: 400 }),
      build('sandbox', 'started'),
      build('generating', 'started'),
    );
    assert.equal(state.build.phase, 'generating');
    state = fold(state, build('sandbox', 'done', { elapsed_ms: 100 }));
    assert.equal(state.build.phase, 'generating', 'the furthest step begun');
    state = fold(state, token({ text: 'const a' }), token({ stream: 'chat', text: 'Making tea.' }));
    assert.equal(code(state), 'const a');
    assert.equal(state.generation.chat, 'Making tea.');
    state = fold(state, build('writing', 'started'), build('bundling', 'started'), {
      type: 'preview',
      url: 'http://app-1.test/',
      version: 1,
    }, build('live', 'done'));
    assert.deepEqual(state.preview, { url: 'http://app-1.test/', version: 1 });
    state = fold(
      state,
      { type: 'message', message: message('a1', 'assistant', 'Made tea.', { version: 1 }) },
      {
        type: 'generation.finished',
        generation: 'g1',
        outcome: 'succeeded',
        version: 1,
        usage: { input_tokens: 10, output_tokens: 20 },
      },
    );
    assert.equal(state.generation, null);
    assert.equal(state.outcomes.m1.tokens, 30);
    const [turn] = turnsOf(state);
    assert.equal(turn.isRunning, false);
    assert.equal(turn.answers[0].version, 1);
    assert.equal(state.last.code[COMPONENT_PATH], 'const a', 'what streamed stays to be shown');
  });

  test('a message that comes twice is there once', () => {
    const state = fold(empty(), { type: 'message', message: message('m1', 'user', 'a') }, {
      type: 'message',
      message: message('m1', 'user', 'b'),
    });
    assert.deepEqual(state.messages.map((entry) => entry.content), ['b']);
  });

  test('a failed turn keeps its text and says how it ended', () => {
    const state = fold(
      empty(),
      { type: 'message', message: message('m1', 'user', 'x') },
      started(),
      token({ text: 'half' }),
      {
        type: 'generation.finished',
        generation: 'g1',
        outcome: 'failed',
        usage: {},
        error: { code: 'build_failed', repairs: 2, repair_limit: 2 },
      },
    );
    assert.equal(state.outcomes.m1.outcome, 'failed');
    assert.deepEqual(state.outcomes.m1.error, { code: 'build_failed', repairs: 2, repair_limit: 2 });
    assert.equal(state.last.code[COMPONENT_PATH], 'half');
  });

  test('another generation starts empty', () => {
    const state = fold(
      empty(),
      started(),
      token({ text: 'old' }),
      build('bundling', 'failed', { errors: [{ path: 'a', line: 1, column: 1, text: 'x' }] }),
      started({ generation: 'g2', message_id: 'm2' }),
    );
    assert.deepEqual(state.generation.code, {});
    assert.deepEqual(state.build.steps, []);
    assert.deepEqual(state.build.errors, []);
  });

  test('unknown events change nothing', () => {
    const state = empty();
    assert.equal(fold(state, { type: 'weather', sun: true }), state);
  });

  test('does not change the state it was given', () => {
    const state = fold(empty(), started(), token({ text: 'abc' }));
    const before = JSON.stringify(state);
    fold(state, token({ at: 3, text: 'def' }), build('writing', 'started'), { type: 'queue', items: [] });
    assert.equal(JSON.stringify(state), before);
  });
});

describe('applying a part', () => {
  test('appends at the end', () => {
    assert.equal(code(fold(empty(), started(), token({ text: 'ab' }), token({ at: 2, text: 'cd' }))), 'abcd');
  });

  test('drops what overlaps', () => {
    const state = fold(
      empty(),
      started(),
      token({ text: 'abcd' }),
      token({ at: 2, text: 'cdef' }),
      token({ at: 0, text: 'ab' }),
    );
    assert.equal(code(state), 'abcdef');
    assert.equal(state.gap, false);
  });

  test('behind the end is a gap, and nothing of it is used', () => {
    const state = fold(empty(), started(), token({ text: 'ab' }), token({ at: 3, text: 'x' }));
    assert.equal(state.gap, true);
    assert.equal(code(state), 'ab');
  });

  test('a snapshot closes the gap', () => {
    const gap = fold(empty(), started(), token({ at: 3, text: 'x' }));
    const state = applySnapshot(gap, {
      app,
      messages: [],
      queue: [],
      generation: {
        id: 'g1',
        message_id: 'm1',
        attempt: 1,
        phase: 'generating',
        texts: { code: { [COMPONENT_PATH]: 'abcx' }, chat: '' },
      },
      build: { phase: 'generating', steps: [], errors: [] },
      preview: null,
    }, NOW);
    assert.equal(state.gap, false);
    assert.equal(code(state), 'abcx');
    assert.equal(code(fold(state, token({ at: 4, text: 'y' }))), 'abcxy');
  });

  test('offsets are UTF-16 units', () => {
    assert.equal(
      code(fold(empty(), started(), token({ text: '🍝' }), token({ at: 2, text: 'é' }), token({ at: 3, text: '👩‍🍳' }))),
      '🍝é👩‍🍳',
    );
  });

  test('a higher attempt empties the code first, and not the chat', () => {
    const state = fold(
      empty(),
      started(),
      token({ text: 'broken' }),
      token({ stream: 'chat', text: 'hi' }),
      token({ text: 'mended' }, { attempt: 2 }),
    );
    assert.equal(code(state), 'mended');
    assert.equal(state.generation.chat, 'hi');
    assert.equal(state.generation.attempt, 2);
  });

  test('a lower attempt is ignored', () => {
    const state = fold(
      empty(),
      started(),
      token({ text: 'mended' }, { attempt: 2 }),
      token({ at: 0, text: 'late and long enough' }),
    );
    assert.equal(code(state), 'mended');
  });

  test('the parts of another generation are ignored', () => {
    assert.deepEqual(fold(empty(), started(), token({ text: 'x' }, { generation: 'g0' })).generation.code, {});
  });

  test('several files and both streams in one publication', () => {
    const state = fold(empty(), started(), {
      type: 'token',
      generation: 'g1',
      attempt: 1,
      parts: [{ stream: 'code', path: 'src/a.ts', at: 0, text: 'A' }, { stream: 'chat', at: 0, text: 'C' }, {
        stream: 'code',
        at: 0,
        text: 'B',
      }],
    });
    assert.deepEqual(state.generation.code, { 'src/a.ts': 'A', [COMPONENT_PATH]: 'B' });
    assert.equal(shownPath(state.generation.code), COMPONENT_PATH);
  });

  test('any cutting, merging and repeating gives the text', () => {
    const alphabet = ['a', '\n', 'é', '🍝', '👩‍🍳', '\u2028', '"', '\\', 'const x = 1', '𝒳', 'e\u0301'];
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed);
      const text = Array.from(
        { length: 1 + Math.floor(random() * 80) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
      const chunks = cut(text, random);
      let state = fold(empty(), started());
      for (let index = 0; index < chunks.length;) {
        // A run of chunks may come as one part; what came already may come again in front of it.
        const run = 1 + Math.floor(random() * 3);
        const merged = chunks.slice(index, index + run).map(([, piece]) => piece).join('');
        const [from] = chunks[index];
        const again = random() < 0.3 ? boundary(text, Math.floor(random() * (from + 1))) : from;
        state = fold(state, token({ at: again, text: text.slice(again, from) + merged }));
        assert.equal(state.gap, false, `seed ${seed}`);
        if (random() < 0.2) state = fold(state, token({ at: from, text: merged }));
        index += run;
      }
      assert.equal(code(state), text, `seed ${seed}`);
      // A lost chunk is always noticed by the next part.
      const ahead = fold(state, token({ at: text.length + 1, text: 'z' }));
      assert.equal(ahead.gap, true);
    }
  });
});

/** Cuts a text into chunks that never split a surrogate pair. */
function cut(text, random) {
  const chunks = [];
  let from = 0;
  while (from < text.length) {
    let to = Math.min(text.length, from + 1 + Math.floor(random() * 9));
    to = to < text.length ? boundary(text, to) : to;
    if (to === from) to += 2;
    chunks.push([from, text.slice(from, to)]);
    from = to;
  }
  return chunks;
}

/** The nearest place at or before `index` that is not inside a surrogate pair. */
function boundary(text, index) {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

describe('the build', () => {
  test('a step that ends takes the place of its beginning', () => {
    const state = fold(empty(), started(), build('queued', 'started'), build('queued', 'done', { elapsed_ms: 400 }));
    assert.deepEqual(state.build.steps.map((step) => [step.phase, step.state, step.elapsed]), [[
      'queued',
      'done',
      400,
    ]]);
  });

  test('a repair adds its steps behind', () => {
    const state = fold(
      empty(),
      started(),
      token({ text: 'one\ntwo\nthree\nfour' }),
      build('bundling', 'started'),
      build('bundling', 'failed', { errors: [{ path: COMPONENT_PATH, line: 3, column: 2, text: 'Expected ")"' }] }),
      build('repairing', 'started', { attempt: 2 }),
      token({ text: 'fixed' }, { attempt: 2 }),
      build('bundling', 'started', { attempt: 2 }),
    );
    assert.deepEqual(state.build.steps.map((step) => `${step.phase} ${step.attempt} ${step.state}`), [
      'bundling 1 failed',
      'repairing 2 started',
      'bundling 2 started',
    ]);
    assert.deepEqual(
      state.build.errors[0].excerpt.map((line) => line.text),
      ['two', 'three', 'four'],
      'the lines of the code that broke',
    );
    assert.deepEqual(fold(state, build('live', 'done', { attempt: 2 })).build.errors, []);
  });

  test('what still runs when a generation is stopped has ended with it', () => {
    const running = fold(
      empty(),
      { type: 'message', message: message('m1', 'user', 'x') },
      started(),
      build('generating', 'started'),
    );
    const state = applyEvent(
      running,
      { type: 'generation.finished', generation: 'g1', outcome: 'stopped', usage: {} },
      { now: NOW + 900, live: true },
    );
    assert.deepEqual(state.build.steps.map((step) => [step.state, step.elapsed]), [['failed', 900]]);
    assert.equal(state.outcomes.m1.elapsed, 900);
  });

  test('an answer in words fails nothing, and what was shown of its code is gone', () => {
    const state = fold(
      empty(),
      { type: 'message', message: message('m1', 'user', 'what does it do?') },
      started(),
      build('generating', 'started'),
      token({ text: 'counter += 1' }),
      { type: 'message', message: message('a1', 'assistant', 'It counts.', { outcome: 'answered' }) },
      { type: 'generation.finished', generation: 'g1', outcome: 'answered', usage: {} },
    );
    assert.deepEqual(state.build.steps.map((step) => step.state), ['done']);
    assert.deepEqual(state.last.code, {});
    assert.equal(state.outcomes.m1.outcome, 'answered');
  });

  test('why an attempt began is held with it and with its steps', () => {
    const first = fold(empty(), started(), build('generating', 'started'), token({ text: 'draft' }));
    assert.equal(first.generation.reason, null);
    const again = fold(
      first,
      build('generating', 'started', { attempt: 2, reason: 'reread' }),
      token({ text: 'file' }, { attempt: 2, reason: 'reread' }),
      token({ at: 4, text: '!' }, { attempt: 2, reason: 'reread' }),
    );
    assert.equal(again.generation.reason, 'reread');
    assert.deepEqual(again.build.steps.map((step) => step.reason), [null, 'reread']);
    assert.equal(fold(again, token({ text: 'x' }, { attempt: 3 })).generation.reason, null, 'nobody has said');
  });

  test('a model that is busy says when it is asked again', () => {
    const state = fold(empty(), started(), build('generating', 'started', { retry_in_ms: 4000 }));
    assert.equal(state.build.steps[0].retryAt, NOW + 4000);
  });

  test('a waking outside of a turn starts its own steps', () => {
    const done = fold(
      empty(),
      { type: 'message', message: message('m1', 'user', 'x') },
      started(),
      build('bundling', 'failed', { errors: [{ path: 'a', line: 1, column: 1, text: 'x' }] }),
      { type: 'generation.finished', generation: 'g1', outcome: 'failed', usage: {} },
    );
    const state = fold(done, build('sandbox', 'started'), build('live', 'done'));
    assert.deepEqual(state.build.steps.map((step) => step.phase), ['sandbox', 'live']);
    assert.equal(state.build.messageID, '');
    assert.equal(state.app.phase, 'live');
  });

  test('times are on this clock, however far the server is off', () => {
    for (const off of [-600_000, -3, 0, 7, 600_000]) {
      const state = fold(empty(), started(), build('queued', 'started', { started_at: at(off) }));
      assert.equal(state.build.steps[0].startedAt, NOW);
    }
  });

  test('what is caught up late does not move the clock', () => {
    let state = fold(empty(), started(), build('queued', 'started', { started_at: at(0) }));
    state = applyEvent(state, build('generating', 'started', { started_at: at(1_000) }), {
      now: NOW + 30_000,
      live: false,
    });
    assert.equal(state.build.steps.at(-1).startedAt, NOW + 1_000);
  });
});

describe('the snapshot', () => {
  test('replaces what was held and keeps how turns ended', () => {
    const before = fold(empty(), { type: 'message', message: message('m1', 'user', 'x') }, started(), {
      type: 'generation.finished',
      generation: 'g1',
      outcome: 'stopped',
      usage: {},
    });
    const state = applySnapshot(before, {
      app,
      messages: [message('m1', 'user', 'x')],
      more: true,
      queue: [],
      generation: null,
      build: { phase: 'live', steps: [], errors: [] },
      preview: { url: 'u', version: 2 },
    }, NOW);
    assert.equal(state.outcomes.m1.outcome, 'stopped');
    assert.equal(state.more, true);
    assert.equal(state.preview.version, 2);
  });

  test('in the middle of a stream goes on with the next token', () => {
    const state = applySnapshot(EMPTY_APP_STATE, {
      app,
      messages: [message('m1', 'user', 'x')],
      queue: [],
      generation: {
        id: 'g1',
        message_id: 'm1',
        attempt: 2,
        phase: 'repairing',
        texts: { code: { [COMPONENT_PATH]: 'ab' }, chat: 'c' },
      },
      build: {
        phase: 'repairing',
        steps: [{ phase: 'repairing', state: 'started', started_at: at(-2_000), elapsed_ms: 0, attempt: 2 }],
        errors: [],
      },
      preview: null,
    }, NOW);
    assert.equal(code(fold(state, token({ at: 2, text: 'c' }, { attempt: 2 }))), 'abc');
    assert.equal(state.build.steps[0].startedAt, NOW - 2_000);
    assert.equal(turnsOf(state)[0].isRunning, true);
  });

  test('any prefix by snapshot and the rest by events is the same state', () => {
    const parts = ['const ', '🍝', ' = 1\n', 'export', ' default'];
    const whole = parts.join('');
    for (let prefix = 0; prefix <= parts.length; prefix += 1) {
      const soFar = parts.slice(0, prefix).join('');
      let state = applySnapshot(EMPTY_APP_STATE, {
        app,
        messages: [],
        queue: [],
        generation: {
          id: 'g1',
          message_id: 'm1',
          attempt: 1,
          phase: 'generating',
          texts: { code: prefix > 0 ? { [COMPONENT_PATH]: soFar } : {}, chat: '' },
        },
        build: { phase: 'generating', steps: [], errors: [] },
        preview: null,
      }, NOW);
      let offset = soFar.length;
      for (const part of parts.slice(prefix)) {
        state = fold(state, token({ at: offset, text: part }));
        offset += part.length;
      }
      assert.equal(code(state), whole);
    }
  });
});

describe('turns', () => {
  test('answers follow their prompt', () => {
    const state = {
      ...empty(),
      messages: [
        message('m1', 'user', 'a'),
        message('a1', 'assistant', 'b', { version: 1 }),
        message('m2', 'user', 'c'),
        message('a2', 'assistant', 'd'),
        message('a3', 'assistant', 'e', { version: 2 }),
      ],
    };
    assert.deepEqual(turnsOf(state).map((turn) => [turn.id, turn.answers.map((answer) => answer.id), turn.isNewest]), [[
      'm1',
      ['a1'],
      false,
    ], ['m2', ['a2', 'a3'], true]]);
  });

  test('a question leaves the change before it as the one that can be asked for again', () => {
    const messages = [
      message('m1', 'user', 'a'),
      message('a1', 'assistant', '', { outcome: 'failed', error: { code: 'build_failed' } }),
      message('m2', 'user', 'why?'),
      message('a2', 'assistant', 'A brace is missing.', { outcome: 'answered' }),
    ];
    const changes = (state) => turnsOf(state).map((turn) => turn.isLastChange);
    assert.deepEqual(changes({ ...empty(), messages }), [true, false]);
    assert.deepEqual(changes({ ...empty(), messages: messages.slice(2) }), [false], 'there is none');
    const asking = fold({ ...empty(), messages: messages.slice(0, 3) }, started({ message_id: 'm2' }));
    assert.deepEqual(changes(asking), [false, true], 'nobody knows yet that it is a question');
    const errors = [{ path: COMPONENT_PATH, line: 1, column: 1, text: 'x' }];
    const loaded = applySnapshot(EMPTY_APP_STATE, { app, messages, build: { phase: 'live', steps: [], errors } }, NOW);
    assert.equal(loaded.build.messageID, 'm1', 'its errors are not those of the question');
  });

  test('an answer that nobody asked for stands alone', () => {
    const [turn] = turnsOf({ ...empty(), messages: [message('a1', 'assistant', 'x', { version: 1 })] });
    assert.equal(turn.prompt, null);
    assert.equal(turn.answers.length, 1);
  });

  test('older messages come in front, each once', () => {
    const state = addOlderMessages({ ...empty(), messages: [message('m2', 'user', 'b')] }, [
      message('m1', 'user', 'a'),
      message('m2', 'user', 'b'),
    ], false);
    assert.deepEqual(state.messages.map((entry) => entry.id), ['m1', 'm2']);
  });

  test('a long conversation is held in part, and the older part can be asked for', () => {
    const talk = (state, from, count) =>
      Array.from({ length: count }, (_, index) => from + index).reduce((held, number) =>
        fold(held, { type: 'message', message: message(`m${number}`, 'user', 'x') }, started({ generation: `g${number}`, message_id: `m${number}` }), {
          type: 'generation.finished',
          generation: `g${number}`,
          outcome: 'failed',
        }), state);
    let state = talk(empty(), 0, MOST_MESSAGES);
    assert.equal(state.more, false);
    state = talk(state, MOST_MESSAGES, 1);
    assert.equal(state.messages.length, MOST_MESSAGES);
    assert.equal(state.messages[0].id, 'm1');
    assert.equal(state.more, true);
    assert.deepEqual(
      Object.keys(state.outcomes),
      state.messages.slice(-MOST_OUTCOMES).map((entry) => entry.id),
    );
    // Who asked for older ones keeps them while the conversation goes on.
    state = talk(addOlderMessages(state, [message('m0', 'user', 'x')], false), MOST_MESSAGES + 1, 10);
    assert.equal(state.messages[0].id, 'm0');
    assert.equal(state.more, false);
  });
});

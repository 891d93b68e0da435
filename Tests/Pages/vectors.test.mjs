// The protocol's vectors, as the pages' modules understand them; the server's tests run the same files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { applyEvent, applySnapshot, EMPTY_APP_STATE } from '../../Public/js/appState.js';
import { RealtimeError } from '../../Public/js/failure.js';
import { RealtimeClient } from '../../Public/js/realtime.js';
import { fakeEnvironment, settle } from './harness.mjs';

const vectors = (name) => JSON.parse(readFileSync(new URL(`../../protocol/vectors/${name}.json`, import.meta.url)));
const NOW = Date.parse('2026-03-01T09:01:00.000Z');
const fold = (state, events) =>
  events.reduce((held, event) => applyEvent(held, event, { now: NOW, live: true }), state);

describe('token parts', () => {
  for (const { name, held, events, gap, result } of vectors('token-parts').cases) {
    test(name, () => {
      const start = applySnapshot(EMPTY_APP_STATE, {
        app: null,
        generation: {
          id: held.generation,
          message_id: 'm',
          attempt: held.attempt,
          texts: { code: held.code, chat: held.chat },
        },
      }, NOW);
      const state = fold(start, events);
      assert.equal(state.gap, gap === true);
      if (gap) return;
      const { attempt, code, chat } = state.generation;
      assert.deepEqual({ attempt, code, chat }, result);
    });
  }
});

describe('merging changes nothing for those who apply it', () => {
  const at = (publications, offset) => publications.filter((publication) => publication.offset > offset);
  const texts = (held, publications) => {
    const { generation, gap } = fold(held, publications.map((publication) => publication.data));
    assert.equal(gap, false);
    return generation && { id: generation.id, attempt: generation.attempt, code: generation.code, chat: generation.chat };
  };
  for (const { name, publications, merged } of vectors('merging').cases) {
    // A run that begins in the middle of a text needs what stands before it.
    const begin = publications[0]?.data.parts?.[0].at ?? 0;
    const start = applySnapshot(EMPTY_APP_STATE, {
      app: null,
      generation: {
        id: 'g',
        attempt: 1,
        texts: { code: begin ? { 'src/LLMComponent.tsx': '-'.repeat(begin) } : {}, chat: '' },
      },
    }, NOW);
    test(name, () => {
      const whole = texts(start, publications);
      for (const { offset } of [{ offset: 0 }, ...publications]) {
        const before = publications.filter((publication) => publication.offset <= offset);
        const held = fold(start, before.map((publication) => publication.data));
        assert.deepEqual(texts(held, at(merged, offset)), whole);
      }
    });
  }
});

/** What a snapshot says and the page holds. */
function shown(state) {
  const { generation } = state;
  return {
    title: state.app.title,
    status: state.app.status,
    messages: state.messages,
    more: state.more,
    queue: state.queue,
    generation: generation && {
      id: generation.id,
      messageID: generation.messageID,
      attempt: generation.attempt,
      reason: generation.reason,
      code: generation.code,
      chat: generation.chat,
    },
    phase: state.build.phase,
    steps: state.build.steps.map(({ phase, state: progress, attempt, reason, elapsed, detail, retryAt }) => ({
      phase,
      progress,
      attempt,
      reason,
      elapsed,
      detail,
      waits: retryAt > 0,
    })),
    errors: state.build.errors.map(({ path, line, column, text }) => ({ path, line, column, text })),
    preview: state.preview,
  };
}

describe('snapshot and publications', () => {
  for (const { name, snapshot, events, checkpoints } of vectors('snapshot-fold').cases) {
    test(name, () => {
      // From the beginning, and from every later snapshot, as one who joins late.
      for (const from of [{ after: 0, snapshot }, ...checkpoints]) {
        const start = applySnapshot(EMPTY_APP_STATE, from.snapshot, NOW);
        for (const to of checkpoints.filter(({ after }) => after >= from.after)) {
          const state = fold(start, events.slice(from.after, to.after));
          assert.equal(state.gap, false);
          const expected = applySnapshot(EMPTY_APP_STATE, to.snapshot, NOW);
          assert.deepEqual(shown(state), shown(expected), `from ${from.after} to ${to.after}`);
        }
      }
    });
  }
});

/** A client that is connected, and what it sent. */
async function connected() {
  const fake = fakeEnvironment();
  const client = new RealtimeClient({ url: 'ws://test', environment: fake.environment });
  client.connect();
  const [socket] = fake.sockets;
  socket.open();
  socket.push({ id: socket.last('connect').id, connect: { client: 'c', version: '1', ping: 25, pong: true } });
  await settle();
  return { client, socket };
}

describe('frames from the server', () => {
  for (const { name, lines, seen, state, connection, answers } of vectors('frames').server) {
    test(name, async () => {
      const { client, socket } = await connected();
      const saw = [];
      const subscription = client.subscribe('apps', {
        onPublication: (data, { offset, info }) => saw.push(['publication', offset, data, ...(info ? [info] : [])]),
        onJoin: (info) => saw.push(['join', info]),
        onLeave: (info) => saw.push(['leave', info]),
        onError: (error) => saw.push(['ended', error.code]),
      });
      socket.push({
        id: socket.last('subscribe').id,
        subscribe: { recoverable: true, positioned: true, epoch: 'e', offset: 3, data: {} },
      });
      await settle();
      const before = socket.sent.length;
      for (const line of lines) socket.onmessage?.({ data: line });
      await settle();
      assert.deepEqual(saw, seen);
      assert.equal(subscription.state, state);
      assert.equal(client.status.state, connection ?? 'connected');
      if (answers) assert.deepEqual(socket.sent.slice(before), answers.map((answer) => JSON.parse(answer)));
    });
  }
});

describe('replies', () => {
  for (const { name, line, answer, error } of vectors('frames').replies) {
    test(name, async () => {
      const { client, socket } = await connected();
      const call = client.rpc('any', {});
      const { id } = socket.last('rpc');
      socket.onmessage({ data: line.replace('"id":0', `"id":${id}`) });
      if (!error) {
        assert.deepEqual(await call, answer);
        return;
      }
      await assert.rejects(call, (problem) => {
        assert(problem instanceof RealtimeError);
        const { code, message, temporary } = problem;
        assert.deepEqual({ code, message, temporary }, error);
        return true;
      });
    });
  }
});

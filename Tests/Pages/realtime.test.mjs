import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backoff, RealtimeError, reconnectsAfter } from '../../Public/js/failure.js';
import { RealtimeClient } from '../../Public/js/realtime.js';
import { fakeEnvironment, settle } from './harness.mjs';

/** A client whose states are written down. */
function makeClient(random) {
  const fake = fakeEnvironment(random);
  const states = [];
  const client = new RealtimeClient({
    url: 'ws://test/connection/websocket',
    data: () => ({ user_id: 'u1', name: 'Maya' }),
    onStatus: (status) => states.push(status.state),
    environment: fake.environment,
  });
  return {
    ...fake,
    client,
    states,
    get socket() {
      return fake.sockets.at(-1);
    },
  };
}

/** Answers the connect command of the newest socket. */
async function accept(setup, answer = { client: 'c1', version: '1', ping: 25, pong: true }) {
  const { socket } = setup;
  socket.open();
  socket.push({ id: socket.last('connect').id, connect: answer });
  await settle();
}

async function connected(random) {
  const setup = makeClient(random);
  setup.client.connect();
  await accept(setup);
  return setup;
}

/** Subscribes to `ch` and answers with a snapshot at an offset. */
async function subscribed(setup, offset = 3, options = {}) {
  const seen = [];
  const subscription = setup.client.subscribe('ch', {
    onSnapshot: (data) => seen.push(['snapshot', data]),
    onPublication: (data, { offset: at, live }) => seen.push([live ? 'live' : 'recovered', at, data]),
    onRecovered: (count) => seen.push(['caught up', count]),
    onError: (error) => seen.push(['error', error.code]),
    ...options,
  });
  const { socket } = setup;
  socket.push({
    id: socket.last('subscribe').id,
    subscribe: { recoverable: true, positioned: true, epoch: 'e', offset, data: { at: offset } },
  });
  await settle();
  return { seen, subscription };
}

const pub = (offset, data = offset) => ({ push: { channel: 'ch', pub: { offset, data } } });

describe('connecting', () => {
  test('says who connects', async () => {
    const setup = await connected();
    assert.deepEqual(setup.socket.sent[0].connect, { name: 'vibe-pages', data: { user_id: 'u1', name: 'Maya' } });
    assert.equal(setup.client.client, 'c1');
    assert.deepEqual(setup.states, ['connecting', 'connected']);
  });

  test('answers pings, each with one empty object', async () => {
    const setup = await connected();
    setup.socket.push({});
    setup.socket.push({});
    assert.deepEqual(setup.socket.sent.slice(1), [{}, {}]);
  });

  test('does not answer pings when the server wants no pongs', async () => {
    const setup = makeClient();
    setup.client.connect();
    await accept(setup, { client: 'c', ping: 25 });
    setup.socket.push({});
    assert.equal(setup.socket.sent.length, 1);
  });

  test('reconnects when no ping comes within 35 seconds', async () => {
    const setup = await connected();
    await setup.clock.advance(34_000);
    setup.socket.push({});
    await setup.clock.advance(34_000);
    assert.equal(setup.sockets.length, 1);
    await setup.clock.advance(3_000);
    assert.equal(setup.sockets.length, 2);
    assert.notEqual(setup.sockets[0].closed, null);
  });

  test('gives up a socket that does not open within 10 seconds', async () => {
    const setup = makeClient();
    setup.client.connect();
    await setup.clock.advance(11_000);
    assert.equal(setup.sockets.length, 2);
  });

  test('tries again later and longer each time, from half a second to twenty', async () => {
    const setup = makeClient(0.999);
    setup.client.connect();
    const waits = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const before = setup.sockets.length;
      const from = setup.clock.time;
      setup.socket.end(1006);
      waits.push(setup.client.status.retryAt - from);
      await setup.clock.advance(setup.client.status.retryAt - from);
      assert.equal(setup.sockets.length, before + 1);
    }
    for (let index = 1; index < waits.length; index += 1) assert.ok(waits[index] >= waits[index - 1]);
    assert.ok(waits[0] >= 500 && waits[0] <= 1_000);
    assert.ok(waits.at(-1) > 19_000 && waits.at(-1) <= 20_000);
  });

  test('spreads its tries by chance within the bounds', () => {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      for (const random of [0, 0.3, 0.9999]) {
        const delay = backoff(attempt, random);
        assert.ok(delay >= 500 && delay <= 20_000, `${attempt} ${random} ${delay}`);
      }
      assert.ok(backoff(attempt, 0.9) > backoff(attempt, 0.1));
    }
  });

  test('starts counting anew once it was connected', async () => {
    const setup = await connected();
    setup.socket.end(1006);
    await setup.clock.advance(1_000);
    await accept(setup);
    assert.equal(setup.client.status.attempt, 0);
  });

  test('tries at once when asked to', async () => {
    const setup = await connected();
    setup.socket.end(3001, 'shutdown');
    setup.client.connect();
    assert.equal(setup.sockets.length, 2);
    await setup.clock.advance(5_000);
    assert.equal(setup.sockets.length, 2);
  });

  for (
    const [code, again] of [
      [1000, true],
      [1006, true],
      [3000, true],
      [3001, true],
      [3008, true],
      [3012, true],
      [3499, true],
      [3500, false],
      [3501, false],
      [3999, false],
      [4000, true],
      [4499, true],
      [4500, false],
      [4999, false],
    ]
  ) {
    test(`close code ${code} ${again ? 'is tried again' : 'is final'}`, async () => {
      assert.equal(reconnectsAfter(code), again);
      const setup = await connected();
      setup.socket.end(code, 'x');
      assert.equal(setup.client.status.state, again ? 'waiting' : 'closed');
      await setup.clock.advance(60_000);
      assert.equal(setup.sockets.length > 1, again);
    });
  }

  test('a temporary refusal is tried again, another is final', async () => {
    const setup = makeClient();
    setup.client.connect();
    setup.socket.open();
    setup.socket.push({ id: 1, error: { code: 100, message: 'internal', temporary: true } });
    await settle();
    assert.equal(setup.client.status.state, 'waiting');
    await setup.clock.advance(1_000);
    setup.socket.open();
    setup.socket.push({ id: setup.socket.last('connect').id, error: { code: 101, message: 'unauthorized' } });
    await settle();
    assert.equal(setup.client.status.state, 'closed');
  });

  test('a frame that is not JSON ends the connection, and it comes back', async () => {
    const setup = await connected();
    setup.socket.onmessage({ data: '{"id":' });
    assert.equal(setup.client.status.state, 'waiting');
    await setup.clock.advance(1_000);
    assert.equal(setup.sockets.length, 2);
  });

  test('an old socket that speaks late is not heard', async () => {
    const setup = await connected();
    const old = setup.socket;
    const hear = old.onmessage;
    setup.client.reconnect();
    hear({ data: '{}' });
    assert.equal(old.sent.length, 1);
    assert.equal(setup.sockets.length, 2);
  });
});

describe('calls', () => {
  test('an rpc gives its data', async () => {
    const setup = await connected();
    const answer = setup.client.rpc('app.get', { app_id: 'a' });
    const command = setup.socket.last('rpc');
    assert.deepEqual(command.rpc, { method: 'app.get', data: { app_id: 'a' } });
    setup.socket.push({ id: command.id, rpc: { data: { ok: 1 } } });
    assert.deepEqual(await answer, { ok: 1 });
  });

  test('answers may come in any order and in one frame', async () => {
    const setup = await connected();
    const one = setup.client.rpc('one', {});
    const two = setup.client.rpc('two', {});
    const [first, second] = setup.socket.sent.slice(-2);
    setup.socket.push({ id: second.id, rpc: { data: 2 } }, { id: first.id, rpc: { data: 1 } });
    assert.deepEqual(await Promise.all([one, two]), [1, 2]);
  });

  test('an error keeps its code, its reason and whether it is temporary', async () => {
    const setup = await connected();
    const answer = setup.client.rpc('app.get', {});
    setup.socket.push({
      id: setup.socket.last('rpc').id,
      error: { code: 404, message: 'unknown app', reason: { code: 'unknown_app' } },
    });
    await assert.rejects(
      answer,
      (error) =>
        error instanceof RealtimeError && error.code === 404 && !error.temporary && error.reason?.code === 'unknown_app',
    );
  });

  test('an error tells after how many seconds to try again', async () => {
    const setup = await connected();
    const answer = setup.client.rpc('app.write', {});
    const error = { code: 429, message: 'queue full', temporary: true, retry_after: 12 };
    setup.socket.push({ id: setup.socket.last('rpc').id, error });
    await assert.rejects(answer, (problem) => problem.temporary && problem.retryAfter === 12);
    assert.equal(setup.client.serverVersion, '1');
  });

  test('the limits that the server says are kept, also while the connection is lost', async () => {
    const setup = makeClient();
    setup.client.connect();
    await accept(setup, { client: 'c1', version: '1', ping: 25, pong: true, data: { limits: { prompt_characters: 9 } } });
    assert.deepEqual(setup.client.limits, { prompt_characters: 9 });
    setup.client.disconnect();
    assert.deepEqual(setup.client.limits, { prompt_characters: 9 });
    assert.equal((await connected()).client.limits, null);
  });

  test('a call without an answer ends in time', async () => {
    const setup = await connected();
    const answer = setup.client.rpc('slow', {}, 2_000);
    const rejected = assert.rejects(answer, { code: 1 });
    await setup.clock.advance(2_000);
    await rejected;
    setup.socket.push({ id: setup.socket.last('rpc').id, rpc: { data: 'late' } });
  });

  test('a lost connection ends the calls that wait, and refuses new ones', async () => {
    const setup = await connected();
    const rejected = assert.rejects(setup.client.rpc('app.write', {}), { code: 0 });
    setup.socket.end(1006);
    await rejected;
    await assert.rejects(setup.client.rpc('app.write', {}), { code: 0 });
  });
});

describe('subscriptions', () => {
  test('a snapshot, then each publication once, in order', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup);
    setup.socket.push(pub(4), pub(5), pub(5), pub(4), pub(6));
    assert.deepEqual(seen, [['snapshot', { at: 3 }], ['live', 4, 4], ['live', 5, 5], ['live', 6, 6]]);
  });

  test('one made before the connection starts with it', async () => {
    const setup = makeClient();
    setup.client.subscribe('ch', {});
    setup.client.connect();
    await accept(setup);
    assert.equal(setup.socket.last('subscribe').subscribe.channel, 'ch');
  });

  test('recovers what was missed after a lost connection', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup);
    setup.socket.push(pub(4));
    setup.socket.end(3001);
    await setup.clock.advance(1_000);
    await accept(setup);
    const command = setup.socket.last('subscribe');
    assert.deepEqual(command.subscribe, { channel: 'ch', recover: true, epoch: 'e', offset: 4 });
    setup.socket.push({
      id: command.id,
      subscribe: {
        recoverable: true,
        epoch: 'e',
        offset: 7,
        was_recovering: true,
        recovered: true,
        publications: [{ offset: 4, data: 4 }, { offset: 5, data: 5 }, { offset: 7, data: 7 }],
      },
    });
    await settle();
    setup.socket.push(pub(7), pub(8));
    assert.deepEqual(seen.slice(2), [['recovered', 5, 5], ['recovered', 7, 7], ['caught up', 2], ['live', 8, 8]]);
  });

  test('takes the snapshot when nothing can be recovered, with its new epoch', async () => {
    const setup = await connected();
    const { seen, subscription } = await subscribed(setup);
    setup.socket.end(1006);
    await setup.clock.advance(1_000);
    await accept(setup);
    setup.socket.push({
      id: setup.socket.last('subscribe').id,
      subscribe: { epoch: 'other', offset: 1, was_recovering: true, recovered: false, data: 'anew' },
    });
    await settle();
    setup.socket.push(pub(2));
    assert.deepEqual(seen.slice(1), [['snapshot', 'anew'], ['live', 2, 2]]);
    assert.equal(subscription.epoch, 'other');
  });

  test('a gap in the offsets asks for the snapshot, and what comes meanwhile is not used', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup);
    setup.socket.push(pub(5), pub(6));
    assert.equal(setup.socket.count('unsubscribe'), 1);
    const command = setup.socket.last('subscribe');
    assert.deepEqual(command.subscribe, { channel: 'ch' });
    setup.socket.push({ id: command.id, subscribe: { epoch: 'e', offset: 6, data: 'anew' } }, pub(7));
    await settle();
    assert.deepEqual(seen.slice(1), [['snapshot', 'anew']].concat(seen.slice(2)));
    assert.ok(!seen.some(([, at]) => at === 5));
  });

  test('a merged publication may jump', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup, 3, { mayJump: (data) => data === 'merged' });
    setup.socket.push(pub(9, 'merged'), pub(10, 'x'));
    assert.deepEqual(seen.slice(1), [['live', 9, 'merged'], ['live', 10, 'x']]);
    setup.socket.push(pub(12, 'x'));
    assert.equal(setup.socket.count('unsubscribe'), 1);
  });

  test('a channel without history has no offsets to check', async () => {
    const setup = await connected();
    const seen = [];
    setup.client.subscribe('ch', { onPublication: (data) => seen.push(data) });
    setup.socket.push({ id: setup.socket.last('subscribe').id, subscribe: {} });
    await settle();
    setup.socket.push({ push: { channel: 'ch', pub: { data: 'a' } } }, { push: { channel: 'ch', pub: { data: 'b' } } });
    assert.deepEqual(seen, ['a', 'b']);
  });

  test('joins and leaves arrive when asked for', async () => {
    const setup = await connected();
    const seen = [];
    await subscribed(setup, 1, {
      joinLeave: true,
      onJoin: (info) => seen.push(['join', info.client]),
      onLeave: (info) => seen.push(['leave', info.client]),
    });
    assert.equal(setup.socket.last('subscribe').subscribe.join_leave, true);
    setup.socket.push({ push: { channel: 'ch', join: { info: { client: 'c2' } } } }, {
      push: { channel: 'ch', leave: { info: { client: 'c2' } } },
    });
    assert.deepEqual(seen, [['join', 'c2'], ['leave', 'c2']]);
  });

  test('an unsubscription from 2500 on subscribes again, with recovery', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup);
    setup.socket.push({ push: { channel: 'ch', unsubscribe: { code: 2500, reason: 'insufficient state' } } });
    await setup.clock.advance(1_000);
    assert.equal(setup.socket.count('subscribe'), 2);
    assert.equal(setup.socket.last('subscribe').subscribe.recover, true);
    assert.deepEqual(seen.length, 1);
  });

  test('an unsubscription below 2500 is final', async () => {
    const setup = await connected();
    const { seen } = await subscribed(setup);
    setup.socket.push({ push: { channel: 'ch', unsubscribe: { code: 2000, reason: 'server' } } });
    await setup.clock.advance(30_000);
    assert.equal(setup.socket.count('subscribe'), 1);
    assert.deepEqual(seen.at(-1), ['error', 2000]);
  });

  test('a temporary error is tried again, an unknown channel is not', async () => {
    const setup = await connected();
    const errors = [];
    setup.client.subscribe('ch', { onError: (error) => errors.push(error.code) });
    setup.socket.push({ id: setup.socket.last('subscribe').id, error: { code: 100, message: 'x', temporary: true } });
    await setup.clock.advance(1_000);
    assert.equal(setup.socket.count('subscribe'), 2);
    setup.socket.push({ id: setup.socket.last('subscribe').id, error: { code: 102, message: 'unknown channel' } });
    await setup.clock.advance(30_000);
    assert.equal(setup.socket.count('subscribe'), 2);
    assert.deepEqual(errors, [102]);
  });

  test('an unrecoverable position is given up for the snapshot', async () => {
    const setup = await connected();
    await subscribed(setup);
    setup.socket.end(1006);
    await setup.clock.advance(1_000);
    await accept(setup);
    setup.socket.push({
      id: setup.socket.last('subscribe').id,
      error: { code: 112, message: 'unrecoverable position' },
    });
    await setup.clock.advance(1_000);
    assert.deepEqual(setup.socket.last('subscribe').subscribe, { channel: 'ch' });
  });

  test('unsubscribing ends it for good', async () => {
    const setup = await connected();
    const { seen, subscription } = await subscribed(setup);
    subscription.unsubscribe();
    setup.socket.push(pub(4));
    setup.socket.end(1006);
    await setup.clock.advance(1_000);
    await accept(setup);
    assert.equal(setup.socket.count('subscribe'), 0);
    assert.equal(seen.length, 1);
  });

  test('an answer that comes after the connection was lost is not used', async () => {
    const setup = await connected();
    const seen = [];
    setup.client.subscribe('ch', { onSnapshot: (data) => seen.push(data) });
    const { socket } = setup;
    const hear = socket.onmessage;
    const { id } = socket.last('subscribe');
    socket.end(1006);
    hear({ data: JSON.stringify({ id, subscribe: { epoch: 'e', offset: 1, data: 'late' } }) });
    await settle();
    assert.deepEqual(seen, []);
  });

  test('presence gives everybody by client', async () => {
    const setup = await connected();
    const { subscription } = await subscribed(setup);
    const answer = subscription.presence();
    setup.socket.push({
      id: setup.socket.last('presence').id,
      presence: { presence: { c1: { client: 'c1', user: 'u1' } } },
    });
    assert.deepEqual(await answer, { c1: { client: 'c1', user: 'u1' } });
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installDom } from './dom.mjs';
import { FakeClock } from './harness.mjs';

installDom();
const { RealtimeError } = await import('../../Public/js/failure.js');
const { refusalOf, SendPause } = await import('../../Public/js/sendPause.js');

/** A pause on a clock that is turned by hand, with what it said. */
function setUp() {
  const clock = new FakeClock();
  const said = [];
  const listeners = new Set();
  const tick = () => {
    for (const listener of [...listeners]) listener(clock.time);
    clock.setTimeout(tick, 100);
  };
  clock.setTimeout(tick, 100);
  const pause = new SendPause({
    show: (title, rest) => said.at(-1) !== `${title} ${rest}` && said.push(`${title} ${rest}`),
    hide: () => said.push(''),
    everyTick: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now: () => clock.time,
  });
  let changes = 0;
  pause.onChange = () => (changes += 1);
  return { clock, said, pause, listeners, changes: () => changes };
}

const refusal = (status, headers, answer) => refusalOf(new Response('', { status, headers }), answer);

test('seconds are counted down, and then it is over', async () => {
  const { clock, said, pause, listeners, changes } = setUp();
  assert.equal(pause.left, 0);
  assert.equal(pause.take(refusal(429, { 'Retry-After': '3' }, null)), true);
  assert.equal(pause.left, 3);
  await clock.advance(2_950);
  assert.equal(pause.left, 1);
  await clock.advance(100);
  assert.deepEqual(said, [
    'Too many requests. You can send again in 3 s.',
    'Too many requests. You can send again in 2 s.',
    'Too many requests. You can send again in 1 s.',
    '',
  ]);
  assert.deepEqual([pause.left, listeners.size, changes()], [0, 0, 4], 'nothing runs when nothing is counted');
});

test('the server says what there is too much of, and how long', async () => {
  const { clock, said, pause } = setUp();
  assert.ok(pause.take(new RealtimeError(429, 'queue full', true, 12, { code: 'queue_full', limit: 8 })));
  assert.equal(said[0], '8 prompts are waiting already. Try again when one is done. You can send again in 12 s.');
  await clock.advance(1_000);
  assert.ok(pause.take(new RealtimeError(111, 'too many requests', true)), 'a second refusal begins anew');
  assert.equal(said.at(-1), 'Too many requests. You can send again in 5 s.');
  assert.ok(pause.take(refusal(503, { 'Retry-After': '2' }, { error: { code: 'shutting_down', message: 'x' } })));
  assert.equal(said.at(-1), 'The server is restarting. Your work is kept. You can send again in 2 s.');
});

test('what another try does not help is no pause', () => {
  const { said, pause } = setUp();
  const others = [new Error('x'), 'x', null, new RealtimeError(422, 'bad', false), new RealtimeError(0, 'lost', true)];
  for (const error of others) assert.equal(pause.take(error), false);
  assert.deepEqual([said, pause.left], [[], 0]);
});

test('odd seconds do no harm', () => {
  const { pause } = setUp();
  for (const [seconds, left] of [['soon', 5], ['-3', 5], ['1e300', 3_600], ['0', 5], ['2.5', 5], ['9999999', 3_600]]) {
    assert.ok(pause.take(refusal(429, { 'Retry-After': seconds }, { error: {} })));
    assert.equal(pause.left, left, seconds);
  }
});

// Others' pointers: what is told of one's own, and where those of others are drawn; who is here, and what they are called.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installDom } from './dom.mjs';
import { LIMITS } from './protocol.mjs';

installDom();
const { ARROW_SHOWN, CursorSender, cursorsOn, MOST_CURSORS, place, toCursor } = await import('../../Public/js/cursors.js');
const { EMPTY_PAGE_STATE, hasCompany, nameOf, peopleHere } = await import('../../Public/js/pageState.js');

function sender() {
  const published = [];
  const clock = { now: 0, timers: [] };
  const world = { isWorthIt: true };
  const subject = new CursorSender({
    publish: (data) => published.push(data),
    isWorthIt: () => world.isWorthIt,
    limits: () => LIMITS,
    now: () => clock.now,
    later: (run, milliseconds) => clock.timers.push({ at: clock.now + milliseconds, run }),
  });
  const advance = (milliseconds) => {
    clock.now += milliseconds;
    for (const timer of clock.timers.splice(0)) timer.at <= clock.now ? timer.run() : clock.timers.push(timer);
  };
  return { subject, published, world, advance };
}

describe('one’s own pointer', () => {
  test('is told of at most 20 times a second, the newest place always', () => {
    const { subject, published, advance } = sender();
    for (let step = 0; step < 100; step += 1) {
      subject.move('preview', 0.1 + step / 200, 10 * step, 1000);
      advance(10);
    }
    advance(100);
    assert.ok(published.length >= 18 && published.length <= 21, `${published.length} in a second`);
    assert.deepEqual(published.at(-1), { surface: 'preview', x: 0.595, y: 990 });
  });

  test('is told of when it moved by more than two pixels', () => {
    const { subject, published, advance } = sender();
    subject.move('code', 0.5, 100, 1000);
    advance(1_000);
    subject.move('code', 0.5019, 100, 1000);
    advance(1_000);
    assert.equal(published.length, 1, 'two pixels to the side are not worth it');
    subject.move('code', 0.503, 100, 1000);
    advance(1_000);
    subject.move('code', 0.503, 103, 1000);
    advance(1_000);
    assert.equal(published.length, 3);
    subject.move('preview', 0.503, 103, 1000);
    assert.equal(published.length, 4, 'another surface is another place');
  });

  test('is told to nobody while nobody is there, and never what cannot be', () => {
    const { subject, published, world, advance } = sender();
    world.isWorthIt = false;
    subject.move('code', 0.5, 100, 1000);
    advance(1_000);
    assert.deepEqual(published, []);
    world.isWorthIt = true;
    subject.move('code', NaN, 100, 1000);
    subject.move('code', 0.5, Infinity, 1000);
    assert.deepEqual(published, []);
    subject.move('code', 1e9, -1e9, 1000);
    assert.deepEqual(published, [{ surface: 'code', x: 16, y: -1_000_000 }]);
  });
});

describe('others’ pointers', () => {
  const view = { width: 800, height: 500, scrollTop: 0 };
  const info = (client) => ({ client, user: client, conn_info: { name: client } });

  test('are drawn at the same place of the document, whatever is scrolled', () => {
    assert.deepEqual(place({ x: 0.25, y: 400 }, view), { x: 200, y: 400, edge: '' });
    assert.deepEqual(place({ x: 0.25, y: 400 }, { ...view, scrollTop: 300 }), { x: 200, y: 100, edge: '' });
    assert.deepEqual(place({ x: 0.25, y: 400 }, { ...view, width: 390 }), { x: 97.5, y: 400, edge: '' });
    assert.deepEqual(place({ x: 0.5, y: 40 }, { ...view, fullWidth: 1000, scrollLeft: 100 }), { x: 400, y: 40, edge: '' });
  });

  test('become a chip at the nearest edge when they are outside', () => {
    assert.deepEqual(place({ x: 0.25, y: 900 }, view), { x: 200, y: 486, edge: 'bottom' });
    assert.deepEqual(place({ x: 0.25, y: 40 }, { ...view, scrollTop: 300 }), { x: 200, y: 14, edge: 'top' });
    assert.deepEqual(place({ x: -3, y: 40 }, view), { x: 14, y: 40, edge: 'left' });
    assert.deepEqual(place({ x: 16, y: 1_000_000 }, view), { x: 786, y: 486, edge: 'bottom' });
  });

  test('what is no pointer is none', () => {
    assert.equal(toCursor({ surface: 'code', x: 1, y: 2 }, undefined, 0), null);
    for (const data of [null, {}, { surface: 'desk', x: 1, y: 1 }, { surface: 'code', x: '1', y: 1 }, { surface: 'code', x: 1 }]) {
      assert.equal(toCursor(data, info('a'), 0), null);
    }
    assert.deepEqual(toCursor({ surface: 'code', x: 1, y: 2, more: 3 }, info('a'), 7), {
      surface: 'code',
      x: 1,
      y: 2,
      at: 7,
      info: info('a'),
    });
  });

  test('the newest twelve are drawn, until they stood still for ten seconds', () => {
    const cursors = Array.from({ length: 30 }, (_, at) => ({ surface: at % 2 ? 'code' : 'preview', x: 0, y: 0, at, info: info(`${at}`) }));
    const shown = cursorsOn(cursors, 'code', 30);
    assert.deepEqual([shown.length, shown[0].at, shown.at(-1).at], [MOST_CURSORS, 29, 7]);
    assert.equal(cursorsOn(cursors, 'code', 29 + ARROW_SHOWN).length, 0);
    assert.equal(cursorsOn(cursors, 'code', 28 + ARROW_SHOWN).length, 1);
  });
});

test('who is here: grouped by user, oneself last, under the newest name', () => {
  const me = { id: 'me', name: 'Me' };
  const client = (name, user) => ({ client: name, user, conn_info: { name: user && `${user}-${name}` } });
  const clients = new Map(
    [client('1', 'ana'), client('2', 'ben'), client('3', 'ana'), client('4', 'me'), client('5', '')].map((info) => [info.client, info]),
  );
  const state = { ...EMPTY_PAGE_STATE, clients };
  assert.deepEqual(peopleHere(state, me).map((person) => person.name), ['ana-3', 'ben-2', '', 'Me']);
  assert.equal(nameOf(state, 'ana'), 'ana-3');
  assert.equal(nameOf(state, 'gone'), '');
  assert.equal(nameOf(state, ''), '');
  assert.equal(hasCompany(state, me), true);
  assert.equal(hasCompany({ ...state, clients: new Map([['4', client('4', 'me')]]) }, me), false);
});

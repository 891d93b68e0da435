// The console's lines: merged, bounded, and as text whatever they hold.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installDom } from './dom.mjs';

installDom();
const { addToConsole, clearConsole, EMPTY_CONSOLE, errorsOf, MOST_LINES } = await import('../../Public/js/consoleState.js');
const { whereWords } = await import('../../Public/js/runtimeErrors.js');

const event = (level, text, user = 'ana', more = {}) => ({ type: 'console', level, text, user_id: user, count: 1, ...more });
function console_(events, { version = 1, from = EMPTY_CONSOLE } = {}) {
  let now = 0;
  return events.reduce(
    (state, data) => addToConsole(state, data, { now: now += 1, version, nameOf: (user) => user.toUpperCase() }),
    from,
  );
}
const shown = (state) => state.lines.map((line) => `${line.level} ${line.text} ${line.count} ${line.people.map((person) => person.name)}`);

describe('the console', () => {
  test('the same error of several people is one line with a count, in its place', () => {
    const state = console_([
      event('error', 'boom'),
      event('log', 'then'),
      ...Array.from({ length: 20 }, (_, at) => event('log', `${at}`)),
      event('error', 'boom', 'ben', { count: 3 }),
      event('error', 'boom', 'ana'),
    ]);
    assert.deepEqual(shown(state).slice(0, 2), ['error boom 5 BEN,ANA', 'log then 1 ANA']);
    assert.equal(state.lines[0].at, 24);
  });

  test('another place, level or version is another line', () => {
    const first = console_([
      event('error', 'boom'),
      event('error', 'boom', 'ana', { path: 'src/A.tsx' }),
      event('error', 'boom', 'ana', { path: 'src/A.tsx', line: 3 }),
      event('warn', 'boom'),
    ]);
    const both = console_([event('error', 'boom')], { version: 2, from: first });
    assert.equal(both.lines.length, 5);
    assert.equal(errorsOf(both, 1).length, 3);
    assert.deepEqual(errorsOf(both, 2).map((line) => line.count), [1]);
  });

  test('a log is merged with what was just logged, not with what is long gone', () => {
    const turns = console_([event('log', 'a', 'ana'), event('log', 'b'), event('log', 'a', 'ben'), event('log', 'b', 'ben')]);
    assert.deepEqual(shown(turns), ['log a 2 ANA,BEN', 'log b 2 ANA,BEN']);
    const long = console_([event('log', 'a'), ...Array.from({ length: 10 }, (_, at) => event('log', `${at}`)), event('log', 'a')]);
    assert.equal(long.lines.length, 12);
  });

  test('holds a bounded number of lines and people, the newest', () => {
    const state = console_(Array.from({ length: 1_000 }, (_, at) => event('log', `line ${at}`)));
    assert.deepEqual([state.lines.length, state.lines.at(-1).text], [MOST_LINES, 'line 999']);
    assert.equal(new Set(state.lines.map((line) => line.id)).size, MOST_LINES);
    const crowd = console_(Array.from({ length: 500 }, (_, at) => event('error', 'boom', `u${at}`)));
    assert.deepEqual([crowd.lines[0].count, crowd.lines[0].people.length], [500, 20]);
  });

  test('what is malformed changes nothing or is made good', () => {
    for (const data of [event('fatal', 'x'), event('log', 7), { type: 'console' }, event('toString', 'x')]) {
      assert.equal(console_([data]), EMPTY_CONSOLE);
    }
    const [line] = console_([event('log', 'x', 7, { count: -4, line: 'x', path: 9 })]).lines;
    assert.deepEqual([line.text, line.count, line.line, line.path, line.people[0].user_id], ['x', 1, 0, '', '']);
    const markup = '<img src=x onerror=alert(1)>\u202e\u05d0';
    assert.equal(console_([event('log', markup)]).lines[0].text, markup);
  });

  test('clears', () => {
    const state = clearConsole(console_([event('log', 'x')]));
    assert.equal(state.lines.length, 0);
    assert.equal(console_([event('log', 'y')], { from: state }).lines[0].id, '2', 'lines keep names of their own');
  });

  test('says in whose browsers something broke', () => {
    const line = (...users) => ({ people: users.map((user) => ({ user_id: user, name: user === 'me' ? 'Me' : user })) });
    assert.equal(whereWords(line('me'), 'me'), 'in your browser');
    assert.equal(whereWords(line('Tom'), 'me'), 'in Tom’s browser');
    assert.equal(whereWords(line('Tom', 'me'), 'me'), 'in Tom’s and your browsers');
    assert.equal(whereWords(line('Tom', 'Ana', 'me'), 'me'), 'in 3 browsers');
  });
});

// What makes the pages feel even: text in frames, the sheet's stops, keys of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installDom } from './dom.mjs';

installDom();
const { EvenText, nextLength } = await import('../../Public/js/evenText.js');
const { stopAt } = await import('../../Public/js/sheet.js');
const { shortcutOf } = await import('../../Public/js/shortcuts.js');
const { EMPTY_APP_STATE } = await import('../../Public/js/appState.js');

const writing = (code, chat = '', attempt = 1, id = 'g1') => ({
  ...EMPTY_APP_STATE,
  generation: { id, messageID: 'm1', attempt, model: '', code: { a: code }, chat, units: code.length },
});

test('a burst appears over many frames, and all of it in the end', () => {
  const even = new EvenText(false);
  even.show(writing('begin'), 0);
  const burst = 'begin' + 'x'.repeat(3000);
  const lengths = [];
  for (let now = 16; now < 3000; now += 16) {
    lengths.push(even.show(writing(burst), now).generation.code.a.length);
    if (!even.isBehind) break;
  }
  assert.ok(lengths.length > 20, `${lengths.length} frames`);
  assert.ok(lengths.every((length, index) => index === 0 || length > lengths[index - 1]));
  assert.equal(lengths.at(-1), burst.length);
  assert.ok(lengths[0] < 500);
});

test('what was there before it was looked at is shown at once, a repair from its beginning, and nothing is held back at rest', () => {
  const even = new EvenText(false);
  const first = writing('x'.repeat(900), 'said');
  assert.equal(even.show(first, 0), first);
  assert.ok(even.show(writing('y'.repeat(900), 'said', 2), 16).generation.code.a.length < 900);
  const rest = { ...EMPTY_APP_STATE };
  assert.equal(even.show(rest, 32), rest);
  assert.equal(even.isBehind, false);
});

test('a burst after a long silence is no jump either', () => {
  const even = new EvenText(false);
  even.show(writing('begin'), 0);
  assert.ok(even.show(writing('begin' + 'x'.repeat(3000)), 60_000).generation.code.a.length < 1200);
});

test('a pair of surrogates is never cut, and where motion is unwanted nothing is', () => {
  const even = new EvenText(false);
  even.show(writing(''), 0);
  for (let now = 16; now < 400; now += 16) {
    const { a } = even.show(writing('👩'.repeat(200)), now).generation.code;
    assert.ok(a.isWellFormed ? a.isWellFormed() : !/[\ud800-\udbff]$/.test(a));
  }
  const still = writing('x'.repeat(900));
  const calm = new EvenText(true);
  calm.show(writing(''), 0);
  assert.equal(calm.show(still, 16), still);
});

test('a frame shows at least something and never more than there is', () => {
  assert.equal(nextLength(0, 0, 16), 0);
  assert.equal(nextLength(5, 5, 16), 5);
  assert.equal(nextLength(0, 1, 0), 1);
  assert.ok(nextLength(0, 100, 0) > 0);
  assert.equal(nextLength(0, 100, 1e9), 100);
  assert.equal(nextLength(10, 4, 16), 4);
});

test('the sheet stops where the finger aims', () => {
  assert.equal(stopAt(0.85, 0), 'most');
  assert.equal(stopAt(0.98, 0), 'full');
  assert.equal(stopAt(0.3, 0), 'away');
  assert.equal(stopAt(0.85, 2), 'full');
  assert.equal(stopAt(0.85, -3), 'away');
  assert.equal(stopAt(0.99, -0.5), 'most');
});

test('keys: one, two after each other, turned off, and those that mean nothing', () => {
  const run = () => {};
  const keys = ['t', 'g h', '?', '['].map((name) => ({ keys: name, does: name, run }));
  const none = new Set();
  assert.equal(shortcutOf(keys, none, '', 'T').keys, 't');
  assert.equal(shortcutOf(keys, none, '', 'g'), 'more');
  assert.equal(shortcutOf(keys, none, 'g', 'H').keys, 'g h');
  assert.equal(shortcutOf(keys, none, 'g', 't').keys, 't');
  assert.equal(shortcutOf(keys, none, 'g', 'x'), null);
  assert.equal(shortcutOf(keys, none, '', '?').keys, '?');
  assert.equal(shortcutOf(keys, new Set(['t']), '', 't'), null);
  assert.equal(shortcutOf(keys, new Set(['g h']), '', 'g'), null);
  assert.equal(shortcutOf(keys, none, '', 'constructor'), null);
});

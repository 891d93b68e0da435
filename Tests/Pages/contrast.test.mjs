// Every pair of colours that text or strokes stand in, computed from the tokens: none below its floor, in light and in dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const css = readFileSync(new URL('../../Public/css/tokens.css', import.meta.url), 'utf8');
const tokens = new Map();
for (const [, name, light, dark] of css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) {
  tokens.set(name, [light, dark]);
}
for (const [, name, value] of css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)) tokens.set(name, [value, value]);

function luminance(colour) {
  const parts = [1, 3, 5].map((index) => parseInt(colour.slice(index, index + 2), 16) / 255).map((
    part,
  ) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['ground', 'surface', 'raised', 'sunken'];
// Text on everything it may stand on, and its floor; floors a little below what the design measured.
const PAIRS = [
  ['ink', [...GROUNDS, 'accent-soft', 'live-soft', 'fail-soft', 'add', 'del'], 9.4],
  ['ink', ['add-word', 'del-word'], 8],
  ['ink-2', ['add', 'del', 'accent-soft'], 4.5],
  ['ink-2', GROUNDS, 7],
  ['ink-3', GROUNDS, 4.5],
  ['accent-text', GROUNDS, 4.5],
  ['live', [...GROUNDS, 'live-soft', 'accent-soft'], 4.5],
  ['sleep', GROUNDS, 4.5],
  ['fail', [...GROUNDS, 'fail-soft'], 4.5],
  ['accent-ink', ['accent'], 9],
  ['hero-ink', ['hero'], 9],
  ['digit', ['flap'], 4.5],
  ['toast-ink', ['toast'], 14],
  ['toast-link', ['toast'], 6],
  ['edge', GROUNDS, 3],
  ['accent-line', ['ground', 'surface', 'raised'], 3],
  ['digit-zero', ['flap'], 3],
  ...['keyword', 'string', 'number', 'tag', 'attribute', 'comment'].map((
    name,
  ) => [`code-${name}`, ['surface', 'raised', 'sunken', 'add', 'del', 'add-word', 'del-word', 'fail-soft'], 4.5]),
  ...Array.from({ length: 8 }, (_, index) => ['person-ink', [`person-${index}`], 8]),
];

/** The two themes as indices into a token. */
const THEMES = ['light', 'dark'];

describe('contrast', () => {
  for (const [text, grounds, floor] of PAIRS) {
    for (const ground of grounds) {
      test(`${text} on ${ground} is at least ${floor}`, () => {
        assert.ok(tokens.has(text), text);
        assert.ok(tokens.has(ground), ground);
        THEMES.forEach((theme, index) => {
          const ratio = contrast(tokens.get(text)[index], tokens.get(ground)[index]);
          assert.ok(ratio >= floor, `${theme}: ${ratio.toFixed(2)}`);
        });
      });
    }
  }
});

test('all colours of the sheets are tokens', () => {
  const allowed = new Set([
    '#000',
    '#fff',
    '#0000',
    '#16211b',
    '#edf1e6',
    '#111712',
    '#2d3930',
    '#74826f',
    '#ffc33a',
    '#16211b14',
    '#edf1e61a',
    '#0b100c40',
    '#0b100c80',
    '#c77f00',
  ]);
  for (
    const name of [
      'base',
      'controls',
      'string',
      'flaps',
      'home',
      'cards',
      'app',
      'conversation',
      'stage',
      'code',
      'changes',
      'states',
      'notice',
    ]
  ) {
    const sheet = readFileSync(new URL(`../../Public/css/${name}.css`, import.meta.url), 'utf8');
    for (const [colour] of sheet.matchAll(/#[0-9a-f]{3,8}\b/gi)) {
      assert.ok(allowed.has(colour.toLowerCase()), `${name}.css: ${colour}`);
    }
  }
});

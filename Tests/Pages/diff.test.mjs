import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seeded } from './harness.mjs';

const { changedWords, diffLists, linesOf, rowsOfDiff, stretchesOf } = await import('../../Public/js/diff.js');

/** Makes the new list of the old one and the edits, looking only where the edits say. */
function applied(old, fresh, edits) {
  const result = [];
  let from = 0;
  for (const edit of edits) {
    assert.ok(edit.count > 0);
    if (edit.kind === 'added') result.push(...fresh.slice(edit.to, edit.to + edit.count));
    else {
      assert.equal(edit.from, from);
      from += edit.count;
      if (edit.kind === 'same') {
        assert.deepEqual(
          old.slice(edit.from, edit.from + edit.count),
          fresh.slice(edit.to, edit.to + edit.count),
        );
        assert.equal(edit.to, result.length);
        result.push(...old.slice(edit.from, edit.from + edit.count));
      }
    }
  }
  assert.equal(from, old.length);
  return result;
}

const show = (old, fresh) =>
  diffLists([...old], [...fresh]).map(({ kind, count }) => `${{ same: '=', removed: '-', added: '+' }[kind]}${count}`)
    .join(' ');

describe('lists', () => {
  test('small ones', () => {
    assert.equal(show('', ''), '');
    assert.equal(show('abc', 'abc'), '=3');
    assert.equal(show('', 'ab'), '+2');
    assert.equal(show('ab', ''), '-2');
    assert.equal(show('abcd', 'axcd'), '=1 -1 +1 =2');
  });

  test('a change of any two lists makes the new one, removals before additions', () => {
    const random = seeded(7);
    for (let round = 0; round < 3_000; round += 1) {
      const letters = 1 + Math.floor(random() * 8);
      const list = () =>
        Array.from({ length: Math.floor(random() * 24) }, () => String(Math.floor(random() * letters)));
      const old = list();
      const fresh = random() < 0.5 ? list() : old.filter(() => random() < 0.8);
      const edits = diffLists(old, fresh);
      assert.deepEqual(applied(old, fresh, edits), fresh);
      edits.forEach((edit, index) => {
        assert.notEqual(edit.kind, edits[index - 1]?.kind);
        if (edit.kind === 'removed') assert.notEqual(edits[index - 1]?.kind, 'added');
      });
    }
  });

  test('without lines that are unique it is as short as can be', () => {
    const random = seeded(11);
    for (let round = 0; round < 400; round += 1) {
      const list = () => [...Array.from({ length: 12 }, () => 'ab'[Math.floor(random() * 2)]), 'a', 'b', 'a', 'b'];
      const old = list();
      const fresh = list();
      const changes = diffLists(old, fresh).reduce((sum, edit) => sum + (edit.kind === 'same' ? 0 : edit.count), 0);
      assert.equal(changes, old.length + fresh.length - 2 * commonLength(old, fresh));
    }
  });

  test('5,000 lines of any kind are compared', () => {
    const size = 5_000;
    const numbers = Array.from({ length: size }, (_, index) => `line ${index}`);
    const few = Array.from({ length: size }, (_, index) => `${(index * index) % 7}`);
    const cases = [
      [numbers, numbers.map((line) => `${line}!`)],
      [numbers, [...numbers].reverse()],
      [few, Array.from({ length: size }, (_, index) => `${(index * 3) % 5}`)],
      [few, numbers],
      [numbers, numbers.filter((_, index) => index % 2 === 0)],
      [Array(size).fill('a'), Array(size).fill('b')],
      [Array(size).fill('a'), []],
    ];
    for (const [old, fresh] of cases) assert.deepEqual(applied(old, fresh, diffLists(old, fresh)), fresh);
  });
});

/** Length of the longest common subsequence, by the table. */
function commonLength(old, fresh) {
  const table = Array.from({ length: old.length + 1 }, () => new Array(fresh.length + 1).fill(0));
  for (let i = 1; i <= old.length; i += 1) {
    for (let j = 1; j <= fresh.length; j += 1) {
      table[i][j] = old[i - 1] === fresh[j - 1]
        ? table[i - 1][j - 1] + 1
        : Math.max(table[i - 1][j], table[i][j - 1]);
    }
  }
  return table[old.length][fresh.length];
}

describe('words', () => {
  const cut = (line, ranges) => ranges.map(({ start, end }) => line.slice(start, end));

  test('what differs is marked', () => {
    const old = '  const [unit, setUnit] = useState<"g" | "cup">("g")';
    const fresh = '  const [unit, setUnit] = useState<Unit>("g")';
    const words = changedWords(old, fresh);
    assert.deepEqual(cut(old, words.old), ['"g" | "cup"']);
    assert.deepEqual(cut(fresh, words.fresh), ['Unit']);
    assert.deepEqual(changedWords('a', 'a'), { old: [], fresh: [], share: 1 });
  });

  test('lines with little in common have no marks, nor have endless ones', () => {
    assert.equal(changedWords('document.title = "x"', 'const y = 1'), null);
    assert.equal(changedWords('', ''), null);
    assert.equal(changedWords('a b '.repeat(5_000), 'a c '.repeat(5_000)), null);
  });

  test('no character is cut in two', () => {
    const words = changedWords('title 🍝 here', 'title 🍕 here');
    assert.deepEqual(cut('title 🍕 here', words.fresh), ['🍕']);
  });
});

describe('rows', () => {
  const old = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const fresh = [...old];
  fresh[14] = 'line fifteen';
  fresh.splice(20, 0, 'new');

  test('have numbers of both sides', () => {
    const rows = rowsOfDiff(old, fresh);
    assert.deepEqual(rows.filter((row) => row.kind !== 'same').map(({ kind, old, fresh }) => [kind, old, fresh]), [
      ['removed', 15, 0],
      ['added', 0, 15],
      ['added', 0, 21],
    ]);
    assert.deepEqual(rows[14].marks, [{ start: 5, end: 7 }]);
    assert.equal(rows.at(-1).old, 30);
    assert.equal(rows.at(-1).fresh, 31);
  });

  test('a line is held against the one that took its place, wherever that stands in the change', () => {
    const rows = rowsOfDiff(['a', '<p x="4">one</p>', 'b'], ['a', 'const y = 2', '<p x="8">one</p>', 'b']);
    assert.deepEqual(rows.map(({ kind, marks }) => `${kind} ${marks.map(({ start }) => start)}`), [
      'same ',
      'removed 6',
      'added ',
      'added 6',
      'same ',
    ]);
    const many = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    assert.equal(rowsOfDiff(many, many.map((line) => `${line}!`)).length, 10_000);
  });

  test('what is far from a change is folded', () => {
    const stretches = stretchesOf(rowsOfDiff(old, fresh), 3);
    assert.deepEqual(stretches.map(({ kind, rows }) => [kind, rows.length]), [['gap', 11], ['rows', 14], ['gap', 7]]);
    assert.deepEqual(stretchesOf(rowsOfDiff(old, old), 3).map(({ kind }) => kind), ['gap']);
    assert.deepEqual(stretchesOf([], 3), []);
  });

  test('the lines of a text', () => {
    assert.deepEqual(['', 'a', 'a\n', 'a\n\n', '\n'].map((text) => linesOf(text).length), [0, 1, 1, 2, 1]);
  });
});

// @ts-check
// What changed between two texts: by lines, and within a line by words. Pure, and bounded for any input.

/**
 * @typedef {object} Edit  A run of equal, removed or added items.
 * @property {'same'|'removed'|'added'} kind
 * @property {number} from  Index in the old list (`same`, `removed`), else where the new items go.
 * @property {number} to  Index in the new list (`same`, `added`), else where the old items were.
 * @property {number} count
 */

/**
 * Edits of one gap at most: past it the gap counts as rewritten. Bounds time to gap length × cap and memory to cap².
 */
const MOST_EDITS = 600;

/**
 * The edits that make the new list of the old one, in order. Lines that both have once are held against each other first
 * (patience); what lies between is compared by Myers' algorithm.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 * @returns {Edit[]}
 */
export function diffLists(old, fresh) {
  /** @type {Edit[]} */
  const edits = [];
  /** @type {(kind: Edit['kind'], from: number, to: number, count: number) => void} */
  const add = (kind, from, to, count) => {
    const last = edits.at(-1);
    if (last && last.kind === kind) last.count += count;
    else if (count > 0) edits.push({ kind, from, to, count });
  };
  let from = 0;
  let to = 0;
  for (const [nextFrom, nextTo] of [...anchors(old, fresh), [old.length, fresh.length]]) {
    compareGap(old, fresh, from, nextFrom, to, nextTo, add);
    if (nextFrom < old.length) add('same', nextFrom, nextTo, 1);
    from = nextFrom + 1;
    to = nextTo + 1;
  }
  return removalsFirst(edits);
}

/**
 * Pairs of places whose item each list has exactly once, rising in both.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 * @returns {[number, number][]}
 */
function anchors(old, fresh) {
  const place = placesOfUnique(fresh);
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [item, from] of placesOfUnique(old)) {
    const to = place.get(item);
    if (to !== undefined) pairs.push([from, to]);
  }
  pairs.sort((one, other) => one[0] - other[0]);
  // The longest rising run: piles of cards, each card knowing the top of the pile before it.
  /** @type {number[]} */
  const tops = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(([, to], index) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tops[middle]][1] < to) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tops[low - 1] : -1;
    tops[low] = index;
  });
  /** @type {[number, number][]} */
  const run = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = before[index]) run.push(pairs[index]);
  return run.reverse();
}

/** @param {readonly string[]} list */
function placesOfUnique(list) {
  /** @type {Map<string, number>} */
  const places = new Map();
  list.forEach((item, index) => places.set(item, places.has(item) ? -1 : index));
  for (const [item, index] of places) if (index < 0) places.delete(item);
  return places;
}

/**
 * Compares a stretch of each list; ends that are alike are taken off first.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 * @param {number} from
 * @param {number} fromEnd
 * @param {number} to
 * @param {number} toEnd
 * @param {(kind: Edit['kind'], from: number, to: number, count: number) => void} add
 */
function compareGap(old, fresh, from, fromEnd, to, toEnd, add) {
  let head = 0;
  while (from + head < fromEnd && to + head < toEnd && old[from + head] === fresh[to + head]) head += 1;
  let tail = 0;
  while (
    fromEnd - tail > from + head && toEnd - tail > to + head && old[fromEnd - tail - 1] === fresh[toEnd - tail - 1]
  ) tail += 1;
  add('same', from, to, head);
  const path = shortestEdit(old, fresh, from + head, fromEnd - tail, to + head, toEnd - tail);
  if (path) for (const { kind, from, to, count } of path) add(kind, from, to, count);
  else {
    add('removed', from + head, to + head, fromEnd - tail - from - head);
    add('added', fromEnd - tail, to + head, toEnd - tail - to - head);
  }
  add('same', fromEnd - tail, toEnd - tail, tail);
}

/**
 * Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986); `null` when more than `MOST_EDITS` would be needed.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 * @param {number} from
 * @param {number} fromEnd
 * @param {number} to
 * @param {number} toEnd
 * @returns {Edit[]|null}
 */
function shortestEdit(old, fresh, from, fromEnd, to, toEnd) {
  const width = fromEnd - from;
  const height = toEnd - to;
  if (width === 0 && height === 0) return [];
  if (width === 0) return [{ kind: 'added', from, to, count: height }];
  if (height === 0) return [{ kind: 'removed', from, to, count: width }];
  const most = Math.min(width + height, MOST_EDITS);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  /** @type {Int32Array[]} The reach before each number of edits. */
  const trace = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits ||
        (diagonal !== edits && reach[middle + diagonal - 1] < reach[middle + diagonal + 1]);
      let x = isDown ? reach[middle + diagonal + 1] : reach[middle + diagonal - 1] + 1;
      while (x < width && x - diagonal < height && old[from + x] === fresh[to + x - diagonal]) x += 1;
      reach[middle + diagonal] = x;
      if (x >= width && x - diagonal >= height) return walkBack(trace, edits, width, height, from, to);
    }
  }
  return null;
}

/**
 * The edits of a path that was found, from its end to its beginning.
 * @param {Int32Array[]} trace
 * @param {number} edits
 * @param {number} width
 * @param {number} height
 * @param {number} from
 * @param {number} to
 */
function walkBack(trace, edits, width, height, from, to) {
  /** @type {Edit[]} */
  const path = [];
  let x = width;
  let y = height;
  for (let step = edits; step > 0; step -= 1) {
    const reach = trace[step];
    const middle = step + 1;
    const diagonal = x - y;
    const isDown = diagonal === -step ||
      (diagonal !== step && reach[middle + diagonal - 1] < reach[middle + diagonal + 1]);
    const startX = isDown ? reach[middle + diagonal + 1] : reach[middle + diagonal - 1];
    const startY = startX - (isDown ? diagonal + 1 : diagonal - 1);
    const edgeX = isDown ? startX : startX + 1;
    const edgeY = isDown ? startY + 1 : startY;
    if (x > edgeX) path.push({ kind: 'same', from: from + edgeX, to: to + edgeY, count: x - edgeX });
    path.push({ kind: isDown ? 'added' : 'removed', from: from + startX, to: to + startY, count: 1 });
    x = startX;
    y = startY;
  }
  if (x > 0) path.push({ kind: 'same', from, to, count: x });
  return path.reverse();
}

/**
 * Between two equal stretches one removal comes first, then one addition.
 * @param {Edit[]} edits
 */
function removalsFirst(edits) {
  /** @type {Edit[]} */
  const ordered = [];
  for (let index = 0; index < edits.length;) {
    const first = edits[index];
    if (first.kind === 'same') {
      ordered.push(first);
      index += 1;
      continue;
    }
    let removed = 0;
    let added = 0;
    for (; index < edits.length && edits[index].kind !== 'same'; index += 1) {
      if (edits[index].kind === 'removed') removed += edits[index].count;
      else added += edits[index].count;
    }
    if (removed > 0) ordered.push({ kind: 'removed', from: first.from, to: first.to, count: removed });
    if (added > 0) ordered.push({ kind: 'added', from: first.from + removed, to: first.to, count: added });
  }
  return ordered;
}

/**
 * The lines of a text; a line feed at the end begins no line.
 * @param {string} text
 */
export function linesOf(text) {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** @typedef {{start: number, end: number}} Range  UTF-16 offsets in a line. */

const MOST_WORDS = 400;

/**
 * What differs between a line and the one that took its place; `null` when they have too little in common for words to matter.
 * @param {string} old
 * @param {string} fresh
 * @returns {{old: Range[], fresh: Range[], share: number}|null} `share`: how much of the shorter one both have, up to 1.
 */
export function changedWords(old, fresh) {
  const before = wordsOf(old);
  const after = wordsOf(fresh);
  if (before.length > MOST_WORDS || after.length > MOST_WORDS) return null;
  const edits = diffLists(before, after);
  let common = 0;
  for (const { kind, from, count } of edits) {
    if (kind === 'same') common += before.slice(from, from + count).join('').replace(/\s/g, '').length;
  }
  const shortest = Math.min(old.replace(/\s/g, '').length, fresh.replace(/\s/g, '').length);
  if (shortest === 0 || common / shortest < 0.5) return null;
  return {
    old: rangesOf(edits, before, 'removed'),
    fresh: rangesOf(edits, after, 'added'),
    share: common / shortest,
  };
}

/** @param {string} line */
function wordsOf(line) {
  return line.match(/[\p{L}\p{N}_$]+|\s+|./gsu) ?? [];
}

/**
 * @param {Edit[]} edits
 * @param {string[]} words
 * @param {'removed'|'added'} kind
 */
function rangesOf(edits, words, kind) {
  const offsets = [0];
  for (const word of words) offsets.push(offsets[offsets.length - 1] + word.length);
  return edits.filter((edit) => edit.kind === kind).map((edit) => {
    const first = kind === 'removed' ? edit.from : edit.to;
    return { start: offsets[first], end: offsets[first + edit.count] };
  });
}

/**
 * @typedef {object} Row  A line as a comparison shows it; numbers from 1, 0 for none.
 * @property {'same'|'removed'|'added'} kind
 * @property {number} old
 * @property {number} fresh
 * @property {Range[]} marks  What of it changed.
 */

/**
 * All lines of both texts, in the order in which a comparison shows them.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 * @returns {Row[]}
 */
export function rowsOfDiff(old, fresh) {
  /** @type {Row[]} */
  const rows = [];
  const edits = diffLists(old, fresh);
  /** @type {Range[][]} Marks of the added lines behind removed ones. */
  let waiting = [];
  edits.forEach(({ kind, from, to, count }, index) => {
    const next = edits[index + 1];
    const marks = kind === 'removed' && next?.kind === 'added'
      ? marksOf(old.slice(from, from + count), fresh.slice(next.to, next.to + next.count))
      : null;
    for (let step = 0; step < count; step += 1) {
      const isOld = kind !== 'added';
      const isFresh = kind !== 'removed';
      rows.push({
        kind,
        old: isOld ? from + step + 1 : 0,
        fresh: isFresh ? to + step + 1 : 0,
        marks: marks?.old[step] ?? (kind === 'added' ? waiting[step] ?? [] : []),
      });
    }
    waiting = marks?.fresh ?? [];
  });
  return rows;
}

/** Lines of a change in which words are looked for, and how far a line may have moved in it. */
const MOST_MARKED = 200;
const WINDOW = 8;

/**
 * Marks what changed in lines that took the place of others: each removed line is held against the most alike of the next few
 * added ones, in order.
 * @param {readonly string[]} old
 * @param {readonly string[]} fresh
 */
function marksOf(old, fresh) {
  /** @type {{old: Range[][], fresh: Range[][]}} */
  const marks = { old: [], fresh: [] };
  if (old.length > MOST_MARKED || fresh.length > MOST_MARKED) return marks;
  let free = 0;
  old.forEach((line, index) => {
    /** @type {ReturnType<typeof changedWords>} */
    let best = null;
    let place = free;
    for (let other = free; other < Math.min(fresh.length, free + WINDOW); other += 1) {
      const words = changedWords(line, fresh[other]);
      if (words && words.share > (best?.share ?? 0)) [best, place] = [words, other];
    }
    if (!best) return;
    marks.old[index] = best.old;
    marks.fresh[place] = best.fresh;
    free = place + 1;
  });
  return marks;
}

/**
 * @typedef {{kind: 'rows', rows: Row[]}|{kind: 'gap', rows: Row[]}} Stretch
 * What is shown, or what is folded away because nothing changed near it.
 */

/**
 * Folds away what lies further than `context` lines from a change.
 * @param {Row[]} rows
 * @param {number} context
 * @returns {Stretch[]}
 */
export function stretchesOf(rows, context) {
  const isNear = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    if (row.kind !== 'same') isNear.fill(1, Math.max(0, index - context), index + context + 1);
  });
  /** @type {Stretch[]} */
  const stretches = [];
  for (let start = 0; start < rows.length;) {
    let end = start;
    while (end < rows.length && isNear[end] === isNear[start]) end += 1;
    // A fold is as high as a line: one alone is shown.
    const isFolded = isNear[start] === 0 && end - start > 1;
    const part = rows.slice(start, end);
    const last = stretches.at(-1);
    if (!isFolded && last?.kind === 'rows') last.rows.push(...part);
    else stretches.push({ kind: isFolded ? 'gap' : 'rows', rows: part });
    start = end;
  }
  return stretches;
}

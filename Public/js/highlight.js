// @ts-check
// Colours for TSX, a line at a time: good enough to read by, and safe on half a file.

/**
 * @typedef {'keyword'|'string'|'number'|'tag'|'attribute'|'comment'|''} TokenKind
 * @typedef {'code'|'comment'|'template'|'tag'} LineState  What a line begins inside of.
 */

const KEYWORDS = new Set(
  ('abstract as async await break case catch class const continue default delete do else enum export extends false finally for from function ' +
    'if implements import in instanceof interface let new null of return static super switch this throw true try type typeof undefined var ' +
    'void while yield').split(' '),
);

const WORD = /[A-Za-z_$][\w$]*/y;
const NUMBER = /\d[\w.]*/y;
const TAG_OPEN = /<\/?[A-Za-z][\w.]*/y;
const ATTRIBUTE = /[A-Za-z_][\w-]*/y;
const SPACE = /[ \t]+/y;

/**
 * @param {RegExp} pattern
 * @param {string} line
 * @param {number} at
 */
function match(pattern, line, at) {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}

/**
 * The end of a quoted string that begins at `at`; the end of the line when it is open.
 * @param {string} line
 * @param {number} at
 * @param {string} quote
 */
function endOfString(line, at, quote) {
  for (let index = at; index < line.length; index += 1) {
    if (line[index] === '\\') index += 1;
    else if (line[index] === quote) return index + 1;
  }
  return -1;
}

/**
 * Cuts a line into coloured pieces; joined they are the line.
 * @param {string} line
 * @param {LineState} state
 * @returns {{pieces: {kind: TokenKind, text: string}[], state: LineState}}
 */
export function highlightLine(line, state) {
  /** @type {{kind: TokenKind, text: string}[]} */
  const pieces = [];
  /** @param {TokenKind} kind @param {string} text */
  const push = (kind, text) => {
    const last = pieces.at(-1);
    if (last && last.kind === kind) last.text += text;
    else if (text !== '') pieces.push({ kind, text });
  };
  let at = 0;
  let before = '';
  while (at < line.length) {
    if (state === 'comment') {
      const end = line.indexOf('*/', at);
      const stop = end < 0 ? line.length : end + 2;
      push('comment', line.slice(at, stop));
      at = stop;
      if (end >= 0) state = 'code';
      continue;
    }
    if (state === 'template') {
      const end = endOfString(line, at, '`');
      const stop = end < 0 ? line.length : end;
      push('string', line.slice(at, stop));
      at = stop;
      if (end >= 0) state = 'code';
      continue;
    }
    const char = line[at];
    const space = match(SPACE, line, at);
    if (space) {
      push('', space);
      at += space.length;
      continue;
    }
    if (line.startsWith('//', at) && state !== 'tag') {
      push('comment', line.slice(at));
      at = line.length;
      continue;
    }
    if (line.startsWith('/*', at)) {
      state = 'comment';
      push('comment', '/*');
      at += 2;
      continue;
    }
    if (char === '`') {
      state = 'template';
      push('string', '`');
      at += 1;
      continue;
    }
    if (char === '"' || (char === "'" && !/[\w]/.test(before))) {
      const end = endOfString(line, at + 1, char);
      const stop = end < 0 ? line.length : end;
      push('string', line.slice(at, stop));
      at = stop;
      before = '"';
      continue;
    }
    if (state === 'tag') {
      const attribute = match(ATTRIBUTE, line, at);
      if (attribute) {
        push('attribute', attribute);
        at += attribute.length;
      } else {
        const ends = char === '>' || char === '{';
        push(char === '>' || char === '/' ? 'tag' : '', char);
        at += 1;
        if (ends) state = 'code';
      }
      before = char;
      continue;
    }
    const tag = /[\w)\]]/.test(before) ? undefined : match(TAG_OPEN, line, at);
    if (tag) {
      push('tag', tag);
      at += tag.length;
      state = 'tag';
      before = '';
      continue;
    }
    const word = match(WORD, line, at);
    if (word) {
      const isHook = /^use[A-Z]/.test(word);
      push(KEYWORDS.has(word) || isHook ? 'keyword' : '', word);
      at += word.length;
      before = KEYWORDS.has(word) ? '' : 'a';
      continue;
    }
    const number = match(NUMBER, line, at);
    if (number) {
      push('number', number);
      at += number.length;
      before = '0';
      continue;
    }
    push(char === '>' && line[at - 1] === '/' ? 'tag' : '', char);
    at += 1;
    before = char;
  }
  return { pieces, state };
}

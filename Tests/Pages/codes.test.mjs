// Meaning travels as codes: no module looks into a sentence, and none repeats a limit of the server.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BOUNDS, LIMITS } from './protocol.mjs';

const root = new URL('../../Public/js/', import.meta.url);
const modules = readdirSync(root).filter((name) => name.endsWith('.js'));
const lines = modules.flatMap((name) =>
  readFileSync(new URL(name, root), 'utf8').split('\n').map((line, index) => ({ line, where: `${name}:${index + 1}` }))
);

const LOOKS = '(?:includes|startsWith|endsWith|indexOf|lastIndexOf|match|matchAll|search|test|split|replace|replaceAll)';
/** A string, a template or a regular expression that holds two words: a sentence, or a part of one. */
const SENTENCE = String.raw`(?:'[^'\n]*|"[^"\n]*|${'`'}[^${'`'}\n]*|/(?![/*])[^/\n]*)[A-Za-z]+ [A-Za-z]+`;
/** Members that hold what somebody says. */
const SAID = '(?:content|message|detail|sentence|text|words)';

const LOOKS_INTO_A_SENTENCE = [
  new RegExp(String.raw`\.${LOOKS}\(\s*${SENTENCE}`),
  new RegExp(String.raw`[=!]==\s*(?!/)${SENTENCE}`),
  new RegExp(String.raw`\bcase ${SENTENCE}`),
  new RegExp(String.raw`/(?![/*])[^/\n]*[A-Za-z]+ [A-Za-z]+[^/\n]*/[a-z]*\.(?:test|exec)\(`),
  // Whatever is looked for, it is looked for in a sentence.
  new RegExp(String.raw`\b(?:content|message|detail|sentence)\??\.${LOOKS}\(`),
  new RegExp(String.raw`/[a-z]*\.(?:test|exec)\([^)]*\.${SAID}\)`),
];

test('no module looks into a sentence', () => {
  const found = lines.filter(({ line }) => LOOKS_INTO_A_SENTENCE.some((rule) => rule.test(line)));
  assert.deepEqual(found, []);
});

test('the rules find what pages once did', () => {
  for (const line of [
    "    const isSaid = turn.answers.some((answer) => answer.content.includes('did not mend it'));",
    '  return content.endsWith(sentence) ? content.slice(0, -sentence.length).trimEnd() : content;',
    String.raw`  if (!(error instanceof RealtimeError) || /^[A-Z0-9].*\.$/s.test(error.message)) return error.message;`,
    "  if (error.message === 'Nothing is running.') return;",
    '  if (/^Stopped by /.test(words)) return;',
    "    case 'The model is busy.':",
  ]) {
    assert.ok(LOOKS_INTO_A_SENTENCE.some((rule) => rule.test(line)), line);
  }
});

/** Constants whose names say that they bound what is sent, or how often. */
const BOUND = /\bconst (?:(?:LONGEST|FARTHEST|LAST|LIMIT)_\w+|\w+_A_SECOND|MOST_(?:REPAIRS|ENTRIES|POINTS|WAITING)|TYPING_\w+) = ([\d_.]+)/;
/** Numbers that are nothing else anywhere. */
const LARGE = /\b(?:1_?000_?000|10_?000_?000|4,000)\b/;

function copies(line) {
  const value = BOUND.exec(line)?.[1];
  const isLimit = value !== undefined && Object.values(LIMITS).includes(Number(value.replaceAll('_', '')));
  const plain = line.replaceAll('_', '');
  return isLimit || /MOST_REPAIRS/.test(line) || LARGE.test(line) || Object.values(BOUNDS).some((bounds) => plain.includes(bounds.join(', ')));
}

test('no module repeats a limit of the server', () => {
  assert.deepEqual(lines.filter(({ line }) => copies(line)), []);
});

test('the rule finds what pages once did', () => {
  for (const line of [
    'export const LONGEST_PROMPT = 4_000;',
    "      this.say('Not sent: the prompt is over 4,000 characters');",
    'const LONGEST_TITLE = 80;',
    'export const MOST_REPAIRS = 2;',
    'const TYPING_SHOWN = 3_000;',
    'const MOST_ENTRIES = 50;',
    'const ENTRIES_A_SECOND = 10;',
    'const FARTHEST_X = 16;',
    'const LAST_LINE = 10_000_000;',
    'export const MOST_POINTS = 900;',
    '  first_token_ms: [50, 100, 150, 200, 300, 400, 600, 800, 1000, 1500, 2000, 3000, 4000, 6000, 10000],',
  ]) {
    assert.ok(copies(line), line);
  }
});

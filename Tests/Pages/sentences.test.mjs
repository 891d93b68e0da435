// What people are told: every code of the protocol has words, and what nobody knows is said plainly.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installDom } from './dom.mjs';
import { table } from './protocol.mjs';

installDom();
const { lookOf, PHASE_LOOKS, statusWord } = await import('../../Public/js/appsState.js');
const { STEP_WORDS } = await import('../../Public/js/card.js');
const { RealtimeError, troubleOf } = await import('../../Public/js/failure.js');
const { closedSentence, REFUSALS, refusalSentence, sentenceOf } = await import('../../Public/js/sentences.js');
const {
  answerWords,
  ATTEMPT_REASONS,
  BUILD_ERRORS,
  buildErrorWords,
  endWords,
  NO_VERSION,
  NOTES,
  noteWords,
  noVersionWord,
  ORIGINS,
  promptWords,
  reasonWords,
  STEPS,
  stoppedWords,
  TURN_ERRORS,
  turnErrorSentence,
  waitSentence,
} = await import('../../Public/js/turnSentences.js');

const refused = (code, message, reason = null) => sentenceOf(new RealtimeError(code, message, false, 0, reason));
const OWN = ['no_connection', 'connection_lost', 'no_answer', 'unreachable', 'unreachable_text_kept'];

/** A code with a value for each of its members. */
const full = (code, members) => ({
  code,
  ...Object.fromEntries(members.split(',').map((name) => [name.trim().replace('?', ''), '7']).filter(([name]) => name !== '')),
});

describe('every code of the protocol', () => {
  const tables = {
    refusals: [REFUSALS, 2, OWN],
    'turn errors': [TURN_ERRORS, 1, []],
    'build errors': [BUILD_ERRORS, 'text, module', []],
    origins: [ORIGINS, 1, []],
  };
  for (const [name, [words, members, own]] of Object.entries(tables)) {
    test(`has words: ${name}`, () => {
      assert.deepEqual(Object.keys(words).sort(), [...table(name).map(([code]) => code), ...own].sort());
      for (const row of table(name)) {
        const text = words[row[0]](full(row[0], typeof members === 'string' ? members : row[members]), 'x');
        assert.match(text, /\S/, row[0]);
        assert.doesNotMatch(text, /undefined|NaN|\[object/, row[0]);
        assert.match(words[row[0]]({ code: row[0] }, ''), /\S/, `${row[0]} without its members`);
      }
    });
  }

  const codes = (name) => table(name).map(([code]) => code).sort();

  test('has words: attempt reasons', () => {
    assert.deepEqual(Object.keys(ATTEMPT_REASONS).sort(), codes('attempt reasons'));
    for (const [reason, words] of Object.entries(ATTEMPT_REASONS)) assert.equal(reasonWords(reason), words);
    assert.doesNotMatch(Object.values({ ...ATTEMPT_REASONS, repair: '' }).join(' '), /repair|error/i, 'only a repair is worded as one');
  });

  test('has words: outcomes', () => {
    assert.deepEqual(Object.keys(NO_VERSION).sort(), codes('outcomes'));
  });

  test('has a look, and words where it is a step: phases', () => {
    assert.deepEqual(Object.keys(PHASE_LOOKS).sort(), codes('phases'));
    const building = Object.keys(PHASE_LOOKS).filter((phase) => PHASE_LOOKS[phase] === 'building').sort();
    assert.deepEqual(Object.keys(STEPS).sort(), building);
    assert.deepEqual(Object.keys(STEP_WORDS).sort(), building);
  });

  test('has words: error notes that tell in numbers', () => {
    const counting = table('error notes').filter(([, members]) => members !== '');
    assert.deepEqual(Object.keys(NOTES).sort(), counting.map(([code]) => code).sort());
    for (const [code, members] of counting) assert.match(NOTES[code](full(code, members)), /7/);
  });
});

describe('what a person is told', () => {
  test('a refusal is worded from its code and its numbers', () => {
    assert.equal(refused(429, 'queue full', { code: 'queue_full', limit: 8 }), '8 prompts are waiting already. Try again when one is done.');
    assert.equal(refused(422, 'prompt too long', { code: 'prompt_too_long', limit: 4_000 }), 'Not sent: the prompt is over 4,000 characters');
    assert.equal(sentenceOf(troubleOf('unreachable')), 'The server cannot be reached.');
    assert.equal(sentenceOf('x'), 'x');
  });

  test('a code of a newer server is said plainly, with others’ words behind it', () => {
    assert.equal(refused(409, 'moon full', { code: 'moon_full' }), 'The server refused that (moon_full).');
    assert.equal(turnErrorSentence({ code: 'moon', text: 'Too bright.' }), 'This did not succeed (moon). Too bright.');
    assert.equal(turnErrorSentence({ code: 'toString' }), 'This did not succeed (toString).');
    assert.equal(buildErrorWords({ code: 'moon', text: '' }), 'The code has an error (moon).');
    assert.equal(noteWords({ time: '', code: 'moon', error: { code: 'moon' } }), 'Something went wrong (moon).');
    assert.equal(promptWords('', { code: 'moon' }), 'Nobody wrote this (moon).');
    assert.equal(noteWords({ time: '', code: 'moon', error: { code: 'moon' }, text: 'Too bright.' }), 'Something went wrong (moon). Too bright.');
    assert.equal(noVersionWord('constructor'), 'No version');
    assert.equal(reasonWords('moon'), 'Began anew (moon)');
    assert.equal(reasonWords('constructor'), 'Began anew (constructor)');
    assert.equal(lookOf({ status: 'active', phase: 'moon' }), 'live');
    assert.equal(promptWords('as it was', { code: 'moon' }), 'as it was');
  });

  test('names of the protocol’s codes become what happened and what to do', () => {
    assert.equal(refused(111, 'too many requests'), 'Too many requests. You can send again in a few seconds.');
    assert.equal(refused(103, 'permission denied'), 'You may not do that here. Ask whoever runs this server.');
    assert.equal(refused(100, 'internal server error'), 'The server could not do that. Try again.');
    assert.match(refused(107, 'bad request'), /^The server refused that: bad request\. Reload/);
    assert.match(refused(999, ''), /code 999/);
  });

  test('an end for good says what to do', () => {
    for (const code of [3500, 3501, 3502, 3503, 3504, 4999]) assert.match(closedSentence(code, 'why'), /\. \S.*\.$/);
    assert.match(closedSentence(3500, 'invalid token'), /token/);
    assert.match(closedSentence(4999, ''), /code 4999/);
  });
});

describe('what a turn tells', () => {
  const answer = { id: 'm2', type: 'assistant', content: 'I make it green.', user_id: 'ana', name: 'Ana', created_at: '' };
  const failed = (repairs, limit) => turnErrorSentence({ code: 'build_failed', repairs, repair_limit: limit });

  test('how many repairs did not help', () => {
    assert.equal(failed(0, 2), 'The code has errors.');
    assert.equal(failed(undefined, undefined), 'The code has errors.');
    assert.equal(failed(1, 1), 'One repair did not mend it.');
    assert.equal(failed(2, 2), 'Two repairs did not mend it.');
    assert.equal(failed(10, 10), '10 repairs did not mend it.');
  });

  test('what the model’s service said stands behind our sentence, and for operators with the request', () => {
    const error = { code: 'model_no_credit', text: 'Your <b>credit</b> balance is too low', request_id: 'req_1' };
    const sentence = 'The model account of this server has no credit left. Its service said: “Your <b>credit</b> balance is too low”';
    assert.equal(turnErrorSentence(error), sentence);
    assert.equal(turnErrorSentence({ code: 'model_no_credit' }), 'The model account of this server has no credit left.');
    assert.equal(noteWords({ time: '', code: 'model_failed', error }), `${sentence} (req_1)`);
    assert.equal(answerWords({ ...answer, content: '', outcome: 'failed', error }, 2), `${sentence} Version 2 stays on show.`);
    assert.equal(waitSentence({ code: 'model_busy', text: 'Overloaded' }), 'The model is busy.');
    assert.equal(waitSentence({ code: 'sandbox_unavailable', text: 'bun' }), 'The sandbox cannot be started (bun).');
  });

  test('an answer holds the model’s words, and behind them what became of the turn', () => {
    const error = { code: 'build_failed', repairs: 2, repair_limit: 2 };
    assert.equal(
      answerWords({ ...answer, outcome: 'failed', error }, 1),
      'I make it green.\n\nTwo repairs did not mend it. Version 1 stays on show.',
    );
    assert.equal(answerWords({ ...answer, content: '', outcome: 'failed', error }, 0), 'Two repairs did not mend it.');
    assert.equal(answerWords({ ...answer, outcome: 'stopped' }, 1), 'I make it green.');
    assert.equal(answerWords({ ...answer, content: '', version: 2 }, 1), 'Done. Version 2 is live.');
    assert.equal(answerWords({ ...answer, version: 2 }, 1), 'I make it green.');
    assert.match(answerWords({ ...answer, content: '', outcome: 'interrupted', error: { code: 'interrupted' } }, 1), /restarted/);
  });

  test('words in place of code are all there is to say', () => {
    const content = 'It saves the list.\n\nThe list is kept in this browser.';
    assert.equal(answerWords({ ...answer, content, outcome: 'answered' }, 1), content);
    assert.equal(endWords({ outcome: 'answered', error: null }, null, ''), 'The model answered. The app is as it was.');
    assert.equal(noVersionWord('answered'), 'Answered');
    assert.equal(statusWord({ status: 'created', phase: 'answered', versions: 0 }), 'No version');
  });

  test('an error of our own quotes what it is about', () => {
    const comment = '{/* <b>rest</b> unchanged */}';
    assert.equal(buildErrorWords({ code: 'code_left_out', text: comment }), `A comment stands in place of code: “${comment}”`);
    assert.equal(buildErrorWords({ code: 'code_left_out', text: '' }), 'A comment stands in place of code.');
    assert.equal(buildErrorWords({ code: 'no_component', text: 'Which list?' }), 'The model answered without a file: “Which list?”');
    assert.equal(buildErrorWords({ code: 'no_component', text: '' }), 'The model answered without a file.');
    assert.equal(
      promptWords('', { code: 'repair', error: 'code_left_out' }),
      'Fix what broke:\nA comment stands in place of code.',
    );
  });

  test('what an earlier server has stored stands as it is', () => {
    const content = 'I make it.\n\nOne repair did not mend it. Version 1 stays on show.';
    assert.equal(answerWords({ ...answer, content, outcome: 'failed' }, 1), content);
    assert.equal(promptWords('Fix what broke:\nsrc/A.tsx:1:2 x'), 'Fix what broke:\nsrc/A.tsx:1:2 x');
  });

  test('what nobody wrote is worded', () => {
    const back = { ...answer, content: '', name: 'Ben', version: 4, origin: { code: 'revert', version: 2 } };
    assert.equal(answerWords(back, 3), 'Ben went back to version 2. It is version 4 now.');
    const copy = { ...answer, content: '', version: 1, origin: { code: 'fork', app_id: 'app-x', title: 'Tea', version: 3 } };
    assert.equal(answerWords({ ...copy, name: '' }, 0), 'Somebody copied this from “Tea”, version 3.');
    assert.equal(promptWords('', copy.origin), 'Copy of “Tea”, version 3');
    assert.equal(promptWords('', back.origin), 'Back to version 2');
    assert.equal(promptWords('src/A.tsx:1:2 x', { code: 'repair' }), 'Fix what broke:\nsrc/A.tsx:1:2 x');
    assert.equal(
      promptWords('', { code: 'repair', error: 'no_default_export' }),
      'Fix what broke:\nThe component has no default export.',
    );
    assert.equal(
      promptWords('', { code: 'repair', error: 'export_missing', text: 'use', module: 'react' }),
      'Fix what broke:\nreact has no use.',
    );
  });

  test('who stopped it, and how it ended, aloud', () => {
    const mira = { user_id: 'mira', name: 'Mira' };
    assert.equal(stoppedWords(mira, 'ana'), 'Stopped by Mira');
    assert.equal(stoppedWords(mira, 'mira'), 'Stopped by you');
    assert.equal(stoppedWords({ user_id: 'mira', name: '' }, 'mira'), 'Stopped by you');
    assert.equal(stoppedWords({ user_id: 'mira', name: '' }, 'ana'), 'Stopped');
    assert.equal(stoppedWords(null, ''), 'Stopped');
    assert.equal(endWords({ outcome: 'stopped', error: null }, mira, 'ana'), 'No version was made. Stopped by Mira.');
    assert.equal(endWords({ outcome: 'failed', error: { code: 'model_busy' } }, null, ''), 'No version was made. The model is busy.');
    assert.equal(endWords({ outcome: 'failed', error: null }, null, ''), 'No version was made. Failed.');
  });

  test('why it waits', () => {
    assert.equal(waitSentence(null), 'The model is busy.');
    assert.equal(waitSentence({ code: 'model_rate_limited' }), 'The model is busy.');
    assert.equal(waitSentence({ code: 'storage_full' }), "The server's disk is full. Nothing was stored.");
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RealtimeError } from '../../Public/js/failure.js';
import { closedSentence, sentenceOf } from '../../Public/js/sentences.js';

const refused = (code, message) => sentenceOf(new RealtimeError(code, message, false));

describe('what a person is told', () => {
  test("the server's own sentences stand as they are", () => {
    for (const text of ['This app has been ended.', '100 prompts are waiting already. Try again when one is done.']) {
      assert.equal(refused(429, text), text);
    }
    assert.equal(sentenceOf(new Error('The server cannot be reached.')), 'The server cannot be reached.');
    assert.equal(sentenceOf('x'), 'x');
  });

  test('names of codes become what happened and what to do', () => {
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

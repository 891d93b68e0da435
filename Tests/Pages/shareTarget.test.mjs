// What another app shares becomes a prompt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedText } from '../../Public/js/shareTarget.js';

for (
  const [query, expected] of [
    ['', ''],
    ['?utm=1', ''],
    ['?text=a+timer', 'a timer'],
    ['?title=Tea&text=a+timer', 'Tea\na timer'],
    ['?title=Tea&text=Tea', 'Tea'],
    ['?title=&text=%20%20&url=https://a.example/', 'https://a.example/'],
    ['?text=see+https://a.example/&url=https://a.example/', 'see https://a.example/'],
    ['?text=%F0%9F%AB%96&text=second', '🫖'],
    ['?text=%ff%00', '\ufffd\u0000'],
  ]
) {
  test(`${query} is ${JSON.stringify(expected)}`, () => assert.equal(sharedText(query), expected));
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installDom } from './dom.mjs';

installDom();
const { begunAnew, rowsOf, timeOf } = await import('../../Public/js/timeline.js');
const { highlightLine } = await import('../../Public/js/highlight.js');
const { flapsOf } = await import('../../Public/js/flipCounter.js');
const { Palette, hash, initial, listNames, shownName } = await import('../../Public/js/people.js');
const { age, counted, elapsed, seconds, span } = await import('../../Public/js/format.js');
const { wavePath, progressOf } = await import('../../Public/js/string.js');
const { Store } = await import('../../Public/js/store.js');
const { RateMeter } = await import('../../Public/js/rate.js');
const { lengthOf } = await import('../../Public/js/promptBox.js');
const { distinct } = await import('../../Public/js/errorCard.js');
const { withoutMargin } = await import('../../Public/js/card.js');
const { countLines, nextVersion, onlyTextsGrew, peopleHere, EMPTY_PAGE_STATE } = await import('../../Public/js/pageState.js');

const step = (phase, state, attempt = 1, startedAt = 0, elapsedTime = 0, repair = null, reason = repair && 'repair') => ({
  phase,
  state,
  attempt,
  reason,
  startedAt,
  elapsed: elapsedTime,
  repair,
  error: null,
  retryAt: 0,
});
const repairing = (state, attempt, number) => step('repairing', state, attempt, 0, 0, { number, limit: 3 });
const rows = (...steps) =>
  rowsOf({ phase: '', steps, errors: [], messageID: '' }, 96).map((row) => `${row.label}: ${row.state}`);

describe('the timeline', () => {
  test('has six rows from the start', () => {
    assert.deepEqual(rows(), [
      'Queued: waiting',
      'Sandbox awake: waiting',
      'Generating: waiting',
      'Writing: waiting',
      'Bundling: waiting',
      'Live: waiting',
    ]);
  });

  test('two steps may run at once', () => {
    assert.deepEqual(
      rows(step('queued', 'done'), step('sandbox', 'started'), step('generating', 'started')).slice(0, 3),
      ['Queued: done', 'Sandbox awake: started', 'Generating, 96 lines so far: started'],
    );
  });

  test('a repair keeps the height', () => {
    const steps = [
      step('queued', 'done'),
      step('sandbox', 'done'),
      step('generating', 'done'),
      step('writing', 'done'),
      step('bundling', 'failed'),
      repairing('started', 2, 1),
    ];
    assert.deepEqual(rows(...steps), [
      'Generating: done',
      'Writing: done',
      'Bundling failed: failed',
      'Repairing, try 1 of 3: started',
      'Bundling: waiting',
      'Live: waiting',
    ]);
  });

  test('the repair is over when its bundling begins', () => {
    const steps = [
      step('bundling', 'failed'),
      repairing('started', 2, 1),
      step('writing', 'done', 2),
      step('bundling', 'started', 2),
    ];
    assert.deepEqual(rows(...steps).slice(3, 5), ['Repairing, try 1 of 3: done', 'Bundling: started']);
  });

  test('a second repair says so', () => {
    const steps = [
      step('bundling', 'failed'),
      repairing('done', 2, 1),
      step('bundling', 'failed', 2),
      repairing('started', 4, 2),
    ];
    assert.equal(rows(...steps)[3], 'Repairing, try 2 of 3: started', 'as the server counts, not as attempts do');
  });

  test('an older version that stays live does not end a build that was stopped', () => {
    assert.equal(rows(step('generating', 'failed'), step('live', 'done'))[5], 'Live: waiting');
    assert.equal(rows(step('bundling', 'done'), step('live', 'done'))[5], 'Live: done');
  });

  test('an answer in words keeps the height, and nothing of it has failed', () => {
    const answered = (...steps) =>
      rowsOf({ phase: 'answered', steps, errors: [], messageID: '' }, 0, true).map((row) => `${row.label}: ${row.state}`);
    const rest = [
      'Generating: done',
      'Nothing to write: waiting',
      'Nothing to bundle: waiting',
      'Answered without changing the app: done',
    ];
    const asked = [step('queued', 'done'), step('generating', 'done')];
    assert.deepEqual(answered(...asked, step('sandbox', 'done')), ['Queued: done', 'Sandbox awake: done', ...rest]);
    assert.deepEqual(answered(...asked, step('sandbox', 'failed')), ['Queued: done', 'No sandbox needed: waiting', ...rest]);
    const broken = { ...step('sandbox', 'failed'), error: { code: 'sandbox_died' } };
    assert.equal(answered(...asked, broken)[1], 'Sandbox awake: failed');
  });

  test('only a repair is shown as one', () => {
    for (const reason of ['reread', 'retry', 'confirm', 'moon']) {
      const steps = [step('queued', 'done'), step('generating', 'done'), step('generating', 'started', 2, 0, 0, null, reason)];
      assert.deepEqual(rows(...steps).slice(2, 4), ['Generating, 96 lines so far: started', 'Writing: waiting']);
      assert.equal(begunAnew([...steps, step('live', 'done', 2)]), reason);
      assert.equal(begunAnew([...steps, repairing('started', 3, 1)]), null, 'the repair is what is said of it then');
    }
    assert.equal(begunAnew([step('generating', 'started')]), null);
  });

  test('an answer that is read anew in a repair is in the same repair', () => {
    const steps = [
      step('bundling', 'failed'),
      repairing('done', 2, 1),
      step('repairing', 'started', 3, 0, 0, { number: 1, limit: 3 }, 'reread'),
    ];
    assert.equal(rows(...steps)[3], 'Repairing, try 1 of 3: started');
    assert.equal(begunAnew(steps), 'reread');
  });

  test('a running step counts, a finished one stands', () => {
    const [row] = rowsOf({ phase: '', steps: [step('queued', 'started', 1, 1_000)], errors: [], messageID: '' }, 0);
    assert.equal(timeOf(row, 3_500), 2_500);
    const [done] = rowsOf({ phase: '', steps: [step('queued', 'done', 1, 1_000, 400)], errors: [], messageID: '' }, 0);
    assert.equal(timeOf(done, 9_999), 400);
    assert.equal(timeOf({ ...row, step: null }, 1), null);
  });
});

describe('highlighting', () => {
  const lines = [
    'const [servings, setServings] = useState(6)',
    '  return <main className="a b">{x < 3 ? `a ${b}` : \'c\'}</main>',
    '/* one',
    'two */ const y = 1',
    '`open',
    'still`.length',
    "it's <b>",
    '<Foo<Bar> x={1} />',
    'a < b && c > d',
    '// done "',
    '\t🍝 = "\\"q" /x/',
    '',
    '<',
    '"unclosed',
    'x=<T,>(a:T)=>a',
    '</div',
  ];

  test('the pieces of a line are the line', () => {
    for (const state of ['code', 'comment', 'template', 'tag']) {
      for (const line of lines) {
        assert.equal(highlightLine(line, state).pieces.map((piece) => piece.text).join(''), line);
      }
    }
  });

  test('comments and templates go on over lines', () => {
    assert.equal(highlightLine('/* one', 'code').state, 'comment');
    assert.equal(highlightLine('two */ x', 'comment').state, 'code');
    assert.equal(highlightLine('`open', 'code').state, 'template');
  });

  test('keywords, strings, numbers, tags and attributes are told apart', () => {
    const kinds = Object.fromEntries(
      highlightLine('const a = <p id="x">{12}</p> // y', 'code').pieces.map(({ kind, text }) => [text, kind]),
    );
    assert.equal(kinds.const, 'keyword');
    assert.equal(kinds['<p'], 'tag');
    assert.equal(kinds.id, 'attribute');
    assert.equal(kinds['"x"'], 'string');
    assert.equal(kinds['12'], 'number');
    assert.equal(kinds['// y'], 'comment');
  });
});

describe('people', () => {
  test('a user has the same colour always', () => {
    assert.equal(new Palette().colourOf('u-maya'), hash('u-maya') % 8);
  });

  test('a clash takes the next free colour, and eight people have eight', () => {
    const palette = new Palette();
    const colours = Array.from({ length: 8 }, (_, index) => palette.colourOf(`user ${index}`));
    assert.equal(new Set(colours).size, 8);
    assert.ok(palette.colourOf('a ninth') < 8);
    assert.deepEqual(Array.from({ length: 8 }, (_, index) => palette.colourOf(`user ${index}`)), colours);
  });

  test('initials of any name', () => {
    assert.deepEqual(['Maya', 'élan', '<b>', '🍝', '', '  9'].map(initial), ['M', 'É', 'B', '?', '?', '9']);
  });

  test('names', () => {
    assert.equal(shownName({ user_id: 'me', name: 'Maya' }, 'me'), 'You');
    assert.equal(shownName({ user_id: '', name: '' }, ''), 'Someone');
    assert.deepEqual([[], ['A'], ['A', 'B'], ['A', 'B', 'C'], ['A', 'B', 'C', 'D']].map(listNames), [
      '',
      'A',
      'A and B',
      'A, B and C',
      'A, B and 2 more',
    ]);
  });

  test('who is here: one for each user, oneself last', () => {
    const clients = new Map(
      Object.entries({
        c1: { client: 'c1', user: 'u1', conn_info: { name: 'Maya' } },
        c2: { client: 'c2', user: 'u1', conn_info: { name: 'Maya' } },
        c3: { client: 'c3', user: 'me', conn_info: { name: 'x' } },
      }),
    );
    assert.deepEqual(
      peopleHere({ ...EMPTY_PAGE_STATE, clients }, { id: 'me', name: 'Me' }).map((person) => person.name),
      ['Maya', 'Me'],
    );
  });
});

test('flaps: at least four, leading zeros told apart', () => {
  const show = (value) => flapsOf(value).map(({ digit, isLeading }) => (isLeading ? `(${digit})` : digit)).join('');
  assert.deepEqual([0, 7, 128, 9_999, 12_345].map(show), ['(0)(0)(0)(0)', '(0)(0)(0)7', '(0)128', '9999', '12345']);
});

test('times and numbers as people read them', () => {
  assert.equal(elapsed(13_460), '13.5 s');
  assert.equal(elapsed(-5), '0.0 s');
  assert.equal(elapsed(125_000), '2:05 min');
  assert.deepEqual([0, 48, 60, 3_599, 3_600, 15_120, 86_400, 533_640].map(span), [
    '0 s',
    '48 s',
    '1 min',
    '59 min',
    '1 h 0 min',
    '4 h 12 min',
    '1 day 0 h',
    '6 days 4 h',
  ]);
  assert.equal(seconds(14_990), '14 s');
  assert.equal(counted(4, 'version', 'versions'), 'four versions');
  assert.equal(counted(1, 'version', 'versions'), 'one version');
  const now = Date.parse('2026-01-03T12:00:00Z');
  assert.deepEqual(
    [
      '2026-01-03T11:59:30Z',
      '2026-01-03T11:56:00Z',
      '2026-01-03T09:00:00Z',
      '2026-01-02T10:00:00Z',
      '2026-01-01T10:00:00Z',
      'nonsense',
      '2026-01-03T12:00:09Z',
    ].map((time) => age(time, now)),
    ['now', '4 min', '3 h', 'yesterday', '2 days', '', 'now'],
  );
});

test('the string reaches further with each step, and is fixed at both ends', () => {
  const order = ['queued', 'sandbox', 'generating', 'writing', 'bundling', 'live'].map((phase) =>
    progressOf(phase, 96)
  );
  assert.deepEqual([...order].sort((one, other) => one - other), order);
  const path = wavePath(0, 100, 7, 5, 1.23);
  assert.match(path, /^M0\.0 7\.00L/);
  assert.match(path, /L100\.0 7\.00$/);
  assert.equal(path.split('L').length, 65);
});

test('the store shows the newest state once a frame', () => {
  const frames = [];
  const shown = [];
  const store = new Store(0, (run) => frames.push(run));
  store.subscribe((state, before) => shown.push([before, state]));
  store.update((value) => value + 1);
  store.update((value) => value + 1);
  store.update((value) => value);
  assert.equal(frames.length, 1);
  frames.shift()();
  store.update((value) => value + 1);
  frames.shift()();
  assert.deepEqual(shown, [[0, 2], [2, 3]]);
});

test('the rate is that of the last seconds', () => {
  const meter = new RateMeter();
  let rate = 0;
  for (let time = 0; time <= 10_000; time += 100) rate = meter.measure('g', (time / 1000) * 240, time);
  assert.equal(rate, 60);
  assert.equal(meter.measure('g2', 0, 10_100), 0);
});

test('a prompt is counted in characters, against the limit that the server says', () => {
  const limits = { prompt_characters: 10 };
  assert.deepEqual(lengthOf('🍝'.repeat(8), limits), { words: '', isOver: false, problem: '' });
  assert.deepEqual(lengthOf('🍝'.repeat(9), limits), { words: '9 of 10', isOver: false, problem: '' });
  assert.deepEqual(lengthOf('🍝'.repeat(11), limits), {
    words: '11 of 10',
    isOver: true,
    problem: 'Not sent: the prompt is over 10 characters',
  });
  assert.equal(lengthOf('x'.repeat(99_999), null).isOver, false, 'nobody knows before the server has said it');
});

test('one card for each error, with its count', () => {
  const error = { path: 'a', line: 1, column: 2, text: 'x', excerpt: [], count: 1 };
  assert.deepEqual(distinct([error, { ...error }, { ...error, line: 2 }]).map((card) => card.count), [2, 1]);
});

test('lines and versions', () => {
  assert.deepEqual(['', 'a', 'a\n', 'a\nb'].map(countLines), [0, 1, 2, 2]);
  assert.equal(nextVersion({ ...EMPTY_PAGE_STATE, versions: [{ version: 3 }] }), 4);
});

test('the last lines of code stand at the left of a card', () => {
  assert.deepEqual(withoutMargin(['    <p>', '      a', '', '    </p>']), ['<p>', '  a', '', '</p>']);
  assert.deepEqual(withoutMargin(['a', '  b']), ['a', '  b']);
  assert.deepEqual(withoutMargin([' ', '   x']), ['', 'x']);
  assert.deepEqual(withoutMargin([]), []);
});

test('while texts run, what is more than a longer text is told apart', () => {
  const generation = { id: 'g', messageID: 'm', attempt: 1, model: 'x', code: { 'a.tsx': 'one' }, chat: 'It', units: 5 };
  const before = { ...EMPTY_PAGE_STATE, app: { ...EMPTY_PAGE_STATE.app, generation } };
  const after = (change, app = {}, page = {}) => ({
    ...before,
    ...page,
    app: { ...before.app, ...app, generation: change && { ...generation, ...change } },
  });
  assert.equal(onlyTextsGrew(after({ code: { 'a.tsx': 'one two' }, chat: 'It is', units: 12 }), before), true);
  assert.equal(onlyTextsGrew(before, before), true);
  assert.equal(onlyTextsGrew(after({ code: { 'a.tsx': 'one', 'b.tsx': '' } }), before), false, 'another file');
  assert.equal(onlyTextsGrew(after({ attempt: 2 }), before), false, 'a repair');
  assert.equal(onlyTextsGrew(after({ id: 'h' }), before), false, 'another generation');
  assert.equal(onlyTextsGrew(after({ chat: '' }), before), false, 'an explanation that begins or goes');
  assert.equal(onlyTextsGrew(after({}, { queue: [] }), before), false, 'the queue');
  assert.equal(onlyTextsGrew(after({}, {}, { isConnected: true }), before), false, 'the connection');
  assert.equal(onlyTextsGrew(after(null), before), false, 'the end');
  assert.equal(onlyTextsGrew(before, after(null)), false, 'the beginning');
});

// @ts-check
// The dashboard's charts: a line over time, and bars of a distribution. Each has its words beside it.
import { h, s, set, setText, setVar } from './dom.js';
import { bucketOf, bucketWords, linePath, lineSentence, shortTime } from './statsState.js';

const WIDTH = 300;
const HEIGHT = 100;

/** A line with the area below it; the newest value has a knot. */
export class LineChart {
  /**
   * @param {HTMLElement} holder
   * @param {string} name  As it is said.
   * @param {(value: number) => string} words  Says a value.
   */
  constructor(holder, name, words) {
    this.name = name;
    this.words = words;
    this.area = s('path', { class: 'chart-area' });
    this.line = s('path', { class: 'chart-line' });
    this.knot = h('span', { class: 'chart-knot', 'aria-hidden': 'true' });
    this.sentence = h('p', { class: 'visually-hidden' });
    const box = s(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
      s('path', { class: 'chart-rule', d: `M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}` }),
      this.area,
      this.line,
    );
    holder.append(h('div', { class: 'chart' }, box, this.knot), this.sentence);
  }

  /**
   * @param {{time: string, value: number}[]} values  Oldest first.
   * @param {number} seconds
   */
  show(values, seconds) {
    const { line, area, end } = linePath(values, seconds, WIDTH, HEIGHT);
    set(this.line, 'd', line);
    set(this.area, 'd', area);
    setVar(this.knot, '--end', `${(end * 100).toFixed(1)}%`);
    this.knot.hidden = line === '';
    setText(this.sentence, lineSentence(this.name, values.map(({ value }) => value), seconds, this.words));
  }
}

/** Bars of how long something took, the one of the median marked; the same as a table for those who do not see it. */
export class BarChart {
  /**
   * @param {HTMLElement} holder
   * @param {string} name
   */
  constructor(holder, name) {
    /** @type {readonly number[]} Milliseconds. */
    this.bounds = [];
    /** @type {HTMLElement[]} */
    this.bars = [];
    /** @type {HTMLElement[]} */
    this.cells = [];
    this.percentiles = ['p50', 'p90', 'p99'].map((name) => ({ name, value: h('dd', { class: 'mono' }, '–') }));
    this.holder = h('div', { class: 'bars', 'aria-hidden': 'true' });
    this.marks = h('div', { class: 'bar-marks mono', 'aria-hidden': 'true' }, h('span', {}, '0 s'), h('span', {}, '∞'));
    this.body = h('tbody', {});
    holder.append(
      this.holder,
      this.marks,
      h(
        'dl',
        { class: 'percentiles' },
        ...this.percentiles.map(({ name, value }) => h('div', {}, h('dt', {}, name), value)),
      ),
      h(
        'table',
        { class: 'visually-hidden' },
        h('caption', {}, name),
        this.body,
      ),
    );
  }

  /**
   * Draws a bar for each bucket.
   * @param {readonly number[]} bounds  Milliseconds; one more bucket has no end.
   */
  draw(bounds) {
    this.bounds = bounds;
    const buckets = Array.from({ length: bounds.length + 1 }, (_, index) => index);
    this.bars = buckets.map(() => h('span', { class: 'bar' }));
    this.cells = buckets.map(() => h('td', {}, '0'));
    this.holder.replaceChildren(...this.bars);
    const marked = [1, 2, 3].map((quarter) => Math.floor((bounds.length * quarter) / 4));
    this.marks.replaceChildren(
      h('span', {}, '0 s'),
      ...marked.map((index) => h('span', {}, shortTime(bounds[index]))),
      h('span', {}, '∞'),
    );
    this.body.replaceChildren(
      ...buckets.map((index) => h('tr', {}, h('th', { scope: 'row' }, bucketWords(bounds, index)), this.cells[index])),
    );
  }

  /**
   * @param {{p50: number, p90: number, p99: number, buckets?: number[]}} summary
   * @param {readonly number[]} bounds  Of the buckets, as the server has said them.
   */
  show({ p50, p90, p99, buckets = [] }, bounds) {
    if (bounds !== this.bounds) this.draw(bounds);
    const most = Math.max(1, ...buckets);
    const isEmpty = buckets.every((count) => count === 0);
    const median = isEmpty ? -1 : bucketOf(this.bounds, p50);
    this.bars.forEach((bar, index) => {
      setVar(bar, '--share', `${(((buckets[index] ?? 0) / most) * 100).toFixed(1)}%`);
      bar.classList.toggle('is-median', index === median);
      setText(this.cells[index], String(buckets[index] ?? 0));
    });
    [p50, p90, p99].forEach((value, index) => {
      setText(this.percentiles[index].value, isEmpty ? '–' : shortTime(value));
    });
  }
}

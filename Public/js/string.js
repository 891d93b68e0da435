// @ts-check
// The string: building is a wave, live is taut, asleep is slack, failed is snapped. One path, drawn only while it is seen.
import { s, set } from './dom.js';

/**
 * @typedef {object} StringShape
 * @property {'wave'|'taut'|'slack'|'snapped'|'repair'} mode
 * @property {number} [progress]  How far the wave reaches, 0 to 1.
 * @property {number} [rate]  Tokens a second; the amplitude.
 */

const WAVELENGTH = 55;
const POINTS = 64;
const EASE = 0.3;
const PLUCK_DECAY = 0.42;
const PLUCK_END = 1.4;

/**
 * The wave's path from `from` to `to`: fixed at both ends.
 * @param {number} from
 * @param {number} to
 * @param {number} middle
 * @param {number} amplitude
 * @param {number} seconds
 * @param {number} [wavelength]  Pixels.
 */
export function wavePath(from, to, middle, amplitude, seconds, wavelength = WAVELENGTH) {
  const length = to - from;
  if (length < 1) return '';
  let path = '';
  for (let index = 0; index <= POINTS; index += 1) {
    const x = (length * index) / POINTS;
    const envelope = Math.sin((Math.PI * x) / length);
    const y = middle + amplitude * envelope * Math.sin(2 * Math.PI * (x / wavelength - 1.2 * seconds));
    path += `${index === 0 ? 'M' : 'L'}${(from + x).toFixed(1)} ${y.toFixed(2)}`;
  }
  return path;
}

/**
 * How far the string is drawn for a step of the build, 0 to 1.
 * @param {string} phase
 * @param {number} lines  Lines generated so far.
 */
export function progressOf(phase, lines) {
  switch (phase) {
    case 'queued':
      return 0.04;
    case 'sandbox':
      return 0.12;
    case 'generating':
    case 'repairing':
      return (15 + 60 * (1 - Math.exp(-lines / 90))) / 100;
    case 'writing':
      return 0.8;
    case 'bundling':
      return 0.9;
    default:
      return 1;
  }
}

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

/** A string across the width of its element, in one of the five shapes. */
export class VibeString {
  /**
   * @param {{height?: number, amplitude?: number, pluckHeight?: number, wavelength?: number}} options  In pixels; the amplitude is the most.
   */
  constructor({ height = 14, amplitude = 5, pluckHeight = 3, wavelength = WAVELENGTH } = {}) {
    this.wavelength = wavelength;
    this.height = height;
    this.most = amplitude;
    this.pluckHeight = pluckHeight;
    this.rail = s('path', { class: 'string-rail' });
    this.line = s('path', { class: 'string-line' });
    this.broken = s('path', { class: 'string-broken' });
    this.element = s(
      'svg',
      { class: 'string', 'aria-hidden': 'true', focusable: 'false' },
      this.rail,
      this.broken,
      this.line,
    );
    set(this.element, 'height', height);
    this.width = 0;
    /** @type {StringShape} */
    this.shape = { mode: 'taut' };
    this.progress = 1;
    this.amplitude = 1;
    this.pluckedAt = -Infinity;
    this.pluckX = 0;
    this.isSeen = false;
    this.frame = 0;
    this.before = 0;
    new ResizeObserver((entries) => {
      this.width = entries[0].contentRect.width;
      this.draw(performance.now());
    }).observe(this.element);
    new IntersectionObserver((entries) => {
      this.isSeen = entries[entries.length - 1].isIntersecting;
      this.run();
    }).observe(this.element);
  }

  /** @param {StringShape} shape */
  show(shape) {
    const held = this.shape;
    if (held.mode === shape.mode && held.progress === shape.progress && held.rate === shape.rate) return;
    if (shape.mode !== held.mode) {
      set(this.element, 'data-mode', shape.mode);
      // A string that becomes taut is plucked once.
      if (shape.mode === 'taut' && this.width > 0) this.pluck(this.width / 2);
      if (held.mode !== 'wave') this.progress = shape.progress ?? 1;
    }
    this.shape = shape;
    this.draw(performance.now());
    this.run();
  }

  /**
   * Plucks a taut string.
   * @param {number} x
   */
  pluck(x) {
    if (still.matches) return;
    this.pluckX = x;
    this.pluckedAt = performance.now();
    this.run();
  }

  get isMoving() {
    if (still.matches) return false;
    const { mode } = this.shape;
    if (mode === 'wave' || mode === 'repair') return true;
    return mode === 'taut' && performance.now() - this.pluckedAt < PLUCK_END * 1000;
  }

  run() {
    if (this.frame !== 0 || !this.isSeen || !this.isMoving) return;
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      this.draw(now);
      this.run();
    });
  }

  /** @param {number} now  Milliseconds. */
  draw(now) {
    const { width, shape } = this;
    if (width === 0) return;
    const middle = this.height / 2;
    const passed = Math.min(0.1, Math.max(0, (now - this.before) / 1000));
    this.before = now;
    const share = still.matches ? 1 : 1 - Math.exp(-passed / EASE);
    this.progress += ((shape.progress ?? 1) - this.progress) * share;
    const wanted = Math.min(this.most, (1 + (shape.rate ?? 0) / 20) * (this.most / 5));
    this.amplitude += (wanted - this.amplitude) * share;
    const seconds = now / 1000;
    const amplitude = still.matches ? 0 : this.amplitude;
    let rail = '';
    let line = '';
    let broken = '';
    switch (shape.mode) {
      case 'wave':
        rail = `M0 ${middle}H${width}`;
        line = wavePath(0, width * this.progress, middle, amplitude, seconds, this.wavelength);
        break;
      case 'repair':
        rail = `M0 ${middle}H${width}`;
        broken = brokenPath(0, width * 0.62, middle);
        line = wavePath(width * 0.63 + 12, width * (0.66 + 0.3 * this.progress), middle, amplitude, seconds);
        break;
      case 'slack':
        line = `M0 ${middle - 3}Q${width / 2} ${middle + this.height} ${width} ${middle - 3}`;
        break;
      case 'snapped':
        line = `${brokenPath(0, width * 0.62, middle)}M${(width * 0.62 + 24).toFixed(1)} ${middle + 6}l8 -6H${width}`;
        break;
      default:
        line = this.pluckedPath(middle, now);
    }
    set(this.rail, 'd', rail);
    set(this.broken, 'd', broken);
    set(this.line, 'd', line);
  }

  /**
   * @param {number} middle
   * @param {number} now
   */
  pluckedPath(middle, now) {
    const since = (now - this.pluckedAt) / 1000;
    if (since > PLUCK_END || since < 0) return `M0 ${middle}H${this.width}`;
    const peak = this.pluckHeight * Math.exp(-since / PLUCK_DECAY) * Math.cos(2 * Math.PI * 7 * since);
    return `M0 ${middle}Q${this.pluckX.toFixed(1)} ${(middle + 2 * peak).toFixed(2)} ${this.width} ${middle}`;
  }
}

/**
 * A taut string that ends in a splinter.
 * @param {number} from
 * @param {number} to
 * @param {number} middle
 */
function brokenPath(from, to, middle) {
  return `M${from} ${middle}H${to.toFixed(1)}l12 -6`;
}

// @ts-check
// The string across the hero: through the prompt, a wave before the counter while something is built, and a toy: a pointer that
// crosses it plucks it there.
import { s, set } from './dom.js';
import { wavePath } from './string.js';

const AMPLITUDE = 24;
const TRAVEL = 520;
const RUNNER = 190;
const DECAY = 0.42;
const END = 1.4;

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

export class HeroString {
  /**
   * @param {HTMLElement} hero
   * @param {HTMLElement} box  The prompt.
   * @param {HTMLElement} counter  The row of flaps.
   */
  constructor(hero, box, counter) {
    this.hero = hero;
    this.box = box;
    this.counter = counter;
    this.path = s('path', { class: 'string-line' });
    this.element = s('svg', { class: 'hero-string', 'aria-hidden': 'true' }, this.path);
    hero.prepend(this.element);
    this.isBuilding = false;
    this.amplitude = 0;
    this.runsSince = -Infinity;
    this.pluckedAt = -Infinity;
    this.pluckX = 0;
    this.pluckSize = 0;
    this.frame = 0;
    this.before = 0;
    this.isSeen = true;
    this.lastY = 0;
    this.geometry = { width: 0, from: 0, to: 0, y: 0 };
    const resize = new ResizeObserver(() => this.measure());
    resize.observe(hero);
    resize.observe(box);
    resize.observe(counter);
    new IntersectionObserver((entries) => {
      this.isSeen = entries[entries.length - 1].isIntersecting;
      this.run();
    }).observe(hero);
    hero.addEventListener('pointermove', (event) => this.cross(event), { passive: true });
    this.measure();
  }

  measure() {
    const hero = this.hero.getBoundingClientRect();
    const box = this.box.getBoundingClientRect();
    const counter = this.counter.getBoundingClientRect();
    const y = counter.top + counter.height / 2 - hero.top;
    const isBeside = box.right < counter.left;
    this.geometry = {
      width: hero.width,
      from: isBeside ? box.right - hero.left : 16,
      to: counter.left - hero.left,
      y,
    };
    set(this.element, 'viewBox', `0 0 ${hero.width} ${hero.height}`);
    this.draw(performance.now());
  }

  /** @param {boolean} isBuilding */
  show(isBuilding) {
    this.isBuilding = isBuilding;
    this.run();
  }

  /** Sends a wave from the prompt to the counter; resolves when it is there. */
  travel() {
    if (still.matches || !this.isSeen) return Promise.resolve();
    this.runsSince = performance.now();
    this.run();
    return new Promise((resolve) => window.setTimeout(() => resolve(undefined), TRAVEL));
  }

  /** @param {PointerEvent} event */
  cross(event) {
    const place = this.hero.getBoundingClientRect();
    const y = event.clientY - place.top;
    const { y: line, from, to } = this.geometry;
    const x = event.clientX - place.left;
    const crossed = (this.lastY - line) * (y - line) < 0;
    const speed = Math.abs(y - this.lastY);
    this.lastY = y;
    if (!crossed || x < from || x > to || still.matches) return;
    this.pluckX = x;
    this.pluckSize = Math.min(34, 8 + speed);
    this.pluckedAt = performance.now();
    this.run();
  }

  get isMoving() {
    if (still.matches) return false;
    const now = performance.now();
    return this.isBuilding || this.amplitude > 0.2 || now - this.runsSince < TRAVEL ||
      now - this.pluckedAt < END * 1000;
  }

  run() {
    if (this.frame !== 0) return;
    if (!this.isSeen || !this.isMoving) {
      this.draw(performance.now());
      return;
    }
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      this.draw(now);
      if (this.isMoving) this.run();
    });
  }

  /** @param {number} now */
  draw(now) {
    const { width, from, to, y } = this.geometry;
    if (width === 0) return;
    const passed = Math.min(0.1, Math.max(0, (now - this.before) / 1000));
    this.before = now;
    this.amplitude += ((this.isBuilding ? AMPLITUDE : 0) - this.amplitude) * (1 - Math.exp(-passed / 0.3));
    let middle = `L${from} ${y}L${to} ${y}`;
    const running = (now - this.runsSince) / TRAVEL;
    if (!still.matches) {
      if (running >= 0 && running < 1) {
        const length = Math.min(RUNNER, to - from);
        const start = from + (to - from - length) * running;
        middle = `L${from} ${y}${join(wavePath(start, start + length, y, AMPLITUDE, now / 1000))}L${to} ${y}`;
      } else if (now - this.pluckedAt < END * 1000) {
        const since = (now - this.pluckedAt) / 1000;
        const peak = this.pluckSize * Math.exp(-since / DECAY) * Math.cos(2 * Math.PI * 7 * since);
        middle = `L${from} ${y}Q${this.pluckX.toFixed(1)} ${(y + 2 * peak).toFixed(2)} ${to} ${y}`;
      } else if (this.amplitude > 0.2 && to - from > 40) {
        middle = `L${from} ${y}${
          join(wavePath(from, to, y, Math.min(this.amplitude, (to - from) / 8), now / 1000))
        }L${to} ${y}`;
      }
    }
    set(this.path, 'd', `M0 ${y}${middle}L${width} ${y}`);
  }
}

/**
 * A path that goes on from where another ended.
 * @param {string} path
 */
function join(path) {
  return path.replace('M', 'L');
}

// @ts-check
// Tokens a second, estimated from the text that came in the last seconds.

const WINDOW = 3_000;
const UNITS_A_TOKEN = 4;

export class RateMeter {
  constructor() {
    /** @type {{at: number, units: number}[]} */
    this.samples = [];
    this.generation = '';
  }

  /**
   * @param {string} generation
   * @param {number} units  UTF-16 units that came so far.
   * @param {number} now  Milliseconds.
   * @returns {number}  Tokens a second, whole.
   */
  measure(generation, units, now) {
    if (generation !== this.generation) {
      this.generation = generation;
      this.samples = [];
    }
    this.samples.push({ at: now, units });
    while (this.samples.length > 2 && now - this.samples[1].at > WINDOW) this.samples.shift();
    const first = this.samples[0];
    const passed = (now - first.at) / 1000;
    if (passed < 0.3) return 0;
    return Math.round(Math.max(0, units - first.units) / UNITS_A_TOKEN / passed);
  }
}

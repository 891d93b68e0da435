// @ts-check
// Passes on to the server what the app in this page's preview logged or threw: a few times a second, and not without end.

/** @typedef {import('./previewBridge.js').Entry} Entry */

/** Between two reports, in milliseconds; a server that takes fewer waits longer. */
const PAUSE = 250;

export class ConsoleReporter {
  /**
   * @param {(entries: Entry[]) => Promise<any>} send
   * @param {(run: () => void, milliseconds: number) => any} later
   * @param {() => import('./types.js').Limits|null} limits  As the server has said them; without them nothing can be sent.
   */
  constructor(send, later, limits) {
    this.send = send;
    this.later = later;
    this.limits = limits;
    /** @type {Entry[]} */
    this.waiting = [];
    this.isPausing = false;
  }

  /** @param {Entry[]} entries */
  add(entries) {
    // What there is no room for is left out.
    const most = this.limits()?.console_entries ?? 0;
    this.waiting.push(...entries.slice(0, Math.max(0, most - this.waiting.length)));
    if (!this.isPausing) this.flush();
  }

  flush() {
    this.isPausing = this.waiting.length > 0;
    if (!this.isPausing) return;
    // A report that is refused, or that finds no connection, is not worth another try.
    this.send(this.waiting.splice(0)).catch(() => {});
    this.later(() => this.flush(), Math.max(PAUSE, 1_000 / (this.limits()?.console_calls_per_second ?? 1)));
  }
}

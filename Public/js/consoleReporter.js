// @ts-check
// Passes on to the server what the app in this page's preview logged or threw: a few times a second, and not without end.

/** @typedef {import('./previewBridge.js').Entry} Entry */

const PAUSE = 250;
const MOST_WAITING = 50;

export class ConsoleReporter {
  /**
   * @param {(entries: Entry[]) => Promise<any>} send
   * @param {(run: () => void, milliseconds: number) => any} later
   */
  constructor(send, later) {
    this.send = send;
    this.later = later;
    /** @type {Entry[]} */
    this.waiting = [];
    this.isPausing = false;
  }

  /** @param {Entry[]} entries */
  add(entries) {
    // What there is no room for is left out.
    this.waiting.push(...entries.slice(0, MOST_WAITING - this.waiting.length));
    if (!this.isPausing) this.flush();
  }

  flush() {
    this.isPausing = this.waiting.length > 0;
    if (!this.isPausing) return;
    // A report that is refused, or that finds no connection, is not worth another try.
    this.send(this.waiting.splice(0)).catch(() => {});
    this.later(() => this.flush(), PAUSE);
  }
}

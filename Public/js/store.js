// @ts-check
// Where state is held: one value, changed by functions, shown at most once a frame.

/**
 * @template State
 */
export class Store {
  /**
   * @param {State} initial
   * @param {(run: () => void) => void} schedule  Runs something with the next frame.
   */
  constructor(initial, schedule) {
    this.state = initial;
    this.schedule = schedule;
    this.shown = initial;
    this.isScheduled = false;
    /** @type {Set<(state: State, before: State) => void>} */
    this.listeners = new Set();
  }

  /**
   * Replaces the state; the views follow with the next frame.
   * @param {(state: State) => State} change
   */
  update(change) {
    const next = change(this.state);
    if (next === this.state) return;
    this.state = next;
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.schedule(() => this.flush());
  }

  /** Shows the newest state now. */
  flush() {
    this.isScheduled = false;
    const before = this.shown;
    this.shown = this.state;
    for (const listener of this.listeners) listener(this.shown, before);
  }

  /**
   * Calls back with each state that is shown, and the one shown before.
   * @param {(state: State, before: State) => void} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

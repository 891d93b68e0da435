// What the tests of the real-time client need: a clock that is turned by hand, and sockets that a test answers for.

/** A clock with timers that run when the test says so. */
export class FakeClock {
  constructor() {
    this.time = 0;
    this.timers = new Map();
    this.next = 1;
  }

  setTimeout(run, milliseconds) {
    const id = this.next++;
    this.timers.set(id, { at: this.time + milliseconds, run });
    return id;
  }

  clearTimeout(id) {
    this.timers.delete(id);
  }

  /** Runs what is due within so many milliseconds, in order, and lets promises settle. */
  async advance(milliseconds) {
    await settle();
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) =>
        timer.at <= end
      ).sort((one, other) => one[1].at - other[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].run();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Lets all promise reactions run. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A socket whose other end is the test. */
export class FakeSocket {
  constructor(url) {
    this.url = url;
    this.sent = [];
    this.closed = null;
    this.onopen =
      this.onmessage =
      this.onclose =
      this.onerror =
        null;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code, reason) {
    this.closed = { code, reason };
  }

  open() {
    this.onopen?.({});
  }

  /** Values of one frame, a line each. */
  push(...values) {
    this.onmessage?.({ data: values.map((value) => JSON.stringify(value)).join('\n') });
  }

  end(code, reason = '') {
    this.onclose?.({ code, reason });
  }

  /** The newest command of a kind. */
  last(kind) {
    return this.sent.filter((command) => kind in command).at(-1);
  }

  count(kind) {
    return this.sent.filter((command) => kind in command).length;
  }
}

/** An environment of a clock and of sockets kept in `sockets`. */
export function fakeEnvironment(random = 0.5) {
  const clock = new FakeClock();
  const sockets = [];
  const environment = {
    open: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    setTimeout: (run, milliseconds) => clock.setTimeout(run, milliseconds),
    clearTimeout: (id) => clock.clearTimeout(id),
    now: () => clock.time,
    random: () => random,
  };
  return { clock, sockets, environment };
}

/** Numbers that look random and are the same in each run (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

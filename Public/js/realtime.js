// @ts-check
// A small client of the Centrifugo client protocol, version 2, JSON: connect, subscribe with snapshot and recovery, rpc,
// publish, presence. It needs nothing of a browser: the socket, the timers and chance are given to it.

import { backoff, RealtimeError, reconnectsAfter, troubleOf } from './failure.js';
import { Subscription } from './subscription.js';

/** @typedef {import('./subscription.js').SubscriptionOptions} SubscriptionOptions */

/**
 * @typedef {object} Socket  What is used of a WebSocket.
 * @property {number} readyState
 * @property {((event: any) => void)|null} onopen
 * @property {((event: {data: any}) => void)|null} onmessage
 * @property {((event: {code: number, reason: string}) => void)|null} onclose
 * @property {((event: any) => void)|null} onerror
 * @property {(text: string) => void} send
 * @property {(code?: number, reason?: string) => void} close
 */

/**
 * @typedef {object} Environment
 * @property {(url: string) => Socket} open
 * @property {(run: () => void, milliseconds: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} now  Milliseconds.
 * @property {() => number} random  From 0, below 1.
 */

/**
 * @typedef {'idle'|'connecting'|'connected'|'waiting'|'closed'} ConnectionState
 * `waiting`: the connection was lost and `retryAt` says when it is tried again. `closed`: it is not tried again.
 */

/**
 * @typedef {object} ConnectionStatus
 * @property {ConnectionState} state
 * @property {number} attempt  Tries since the connection was last up.
 * @property {number} retryAt  When the next try starts, on the environment's clock; 0 when none is planned.
 * @property {number} code  The last close code, 0 before one was seen.
 * @property {string} reason
 */

const PING_GRACE = 10_000;
const DEFAULT_TIMEOUT = 10_000;

/** The connection: opens it, keeps it, and hands pushes to subscriptions. */
export class RealtimeClient {
  /**
   * @param {object} options
   * @param {string} options.url  `ws://` or `wss://`.
   * @param {() => any} [options.data]  Gives `connect.data` for each connection.
   * @param {(status: ConnectionStatus) => void} [options.onStatus]
   * @param {Environment} options.environment
   */
  constructor({ url, data, onStatus, environment }) {
    this.url = url;
    this.data = data;
    this.onStatus = onStatus;
    this.environment = environment;
    /** @type {ConnectionStatus} */
    this.status = { state: 'idle', attempt: 0, retryAt: 0, code: 0, reason: '' };
    /** The client id that the server gave. */
    this.client = '';
    /** As the server names it; empty before it answered. */
    this.serverVersion = '';
    /** What the server takes at most; `null` before it answered. @type {import('./types.js').Limits|null} */
    this.limits = null;
    /** @type {Map<string, Subscription>} */
    this.subscriptions = new Map();
    /** @type {Socket|null} */
    this.socket = null;
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: RealtimeError) => void, timer: any, kind: string}>} */
    this.calls = new Map();
    this.lastID = 0;
    /** @type {any} */
    this.retryTimer = null;
    /** @type {any} */
    this.pingTimer = null;
    this.pingInterval = 0;
    this.answersPings = false;
  }

  /** Opens the connection, or tries at once when a try is planned. */
  connect() {
    if (this.status.state === 'connecting' || this.status.state === 'connected') return;
    this.environment.clearTimeout(this.retryTimer);
    this.set({ state: 'connecting', retryAt: 0 });
    /** @type {Socket} */
    let socket;
    try {
      socket = this.environment.open(this.url);
    } catch {
      this.lost(1006, 'cannot open');
      return;
    }
    this.socket = socket;
    this.pingTimer = this.environment.setTimeout(() => this.lost(1006, 'no answer'), DEFAULT_TIMEOUT);
    socket.onopen = () => {
      if (socket === this.socket) this.greet();
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.read(String(event.data));
    };
    socket.onerror = () => {};
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code, event.reason);
    };
  }

  /** Closes the connection for good (until `connect`). */
  disconnect() {
    this.drop(1000, 'done');
    this.environment.clearTimeout(this.retryTimer);
    this.set({ state: 'closed', retryAt: 0, code: 1000, reason: 'done' });
  }

  /** Connects anew at once, with fresh `connect.data`; subscriptions are recovered. */
  reconnect() {
    this.drop(1000, 'again');
    this.environment.clearTimeout(this.retryTimer);
    this.set({ state: 'waiting', retryAt: 0 });
    this.connect();
  }

  /**
   * Keeps a channel subscribed.
   * @param {string} channel
   * @param {SubscriptionOptions} options
   * @returns {Subscription}
   */
  subscribe(channel, options) {
    const subscription = new Subscription(this, channel, options);
    this.subscriptions.set(channel, subscription);
    if (this.status.state === 'connected') subscription.start();
    return subscription;
  }

  /** @param {Subscription} subscription */
  remove(subscription) {
    if (this.subscriptions.get(subscription.channel) !== subscription) return;
    this.subscriptions.delete(subscription.channel);
    this.environment.clearTimeout(subscription.timer);
    if (subscription.state === 'subscribed' || subscription.state === 'subscribing') {
      this.notify({ unsubscribe: { channel: subscription.channel } });
    }
    subscription.state = 'ended';
  }

  /**
   * Calls a method of the server.
   * @param {string} method
   * @param {any} data
   * @param {number} [timeout]  Milliseconds.
   * @returns {Promise<any>}
   */
  async rpc(method, data, timeout = DEFAULT_TIMEOUT) {
    const answer = await this.call('rpc', { method, data }, timeout);
    return answer.data;
  }

  /**
   * Sends a command and waits for its answer.
   * @param {string} kind
   * @param {any} body
   * @param {number} [timeout]  Milliseconds.
   * @returns {Promise<any>}
   */
  call(kind, body, timeout = DEFAULT_TIMEOUT) {
    const ready = kind === 'connect' ? this.socket !== null : this.status.state === 'connected';
    if (!ready) return Promise.reject(troubleOf('no_connection'));
    return new Promise((resolve, reject) => {
      const id = ++this.lastID;
      const timer = this.environment.setTimeout(() => {
        this.calls.delete(id);
        reject(troubleOf('no_answer'));
      }, timeout);
      this.calls.set(id, { resolve, reject, timer, kind });
      this.send({ id, [kind]: body });
    });
  }

  /**
   * Sends a command whose answer does not matter.
   * @param {any} command
   */
  notify(command) {
    if (this.status.state === 'connected') this.send({ id: ++this.lastID, ...command });
  }

  /** @param {any} value */
  send(value) {
    try {
      this.socket?.send(JSON.stringify(value));
    } catch {
      // A socket that is closing says so through onclose.
    }
  }

  greet() {
    this.call('connect', { name: 'vibe-pages', data: this.data?.() }).then(
      (answer) => {
        this.client = answer.client ?? '';
        this.serverVersion = answer.version ?? '';
        this.limits = answer.data?.limits ?? this.limits;
        this.pingInterval = (answer.ping ?? 0) * 1000;
        this.answersPings = answer.pong === true;
        this.expectPing();
        this.set({ state: 'connected', attempt: 0, retryAt: 0 });
        for (const subscription of [...this.subscriptions.values()]) {
          if (subscription.state === 'waiting') subscription.start();
        }
      },
      (/** @type {RealtimeError} */ error) => {
        if (error.code === 0) return;
        if (error.temporary || error.code === 109) {
          this.lost(error.code, error.message);
          return;
        }
        this.drop(1000, 'refused');
        this.set({ state: 'closed', retryAt: 0, code: error.code, reason: error.message });
      },
    );
  }

  expectPing() {
    this.environment.clearTimeout(this.pingTimer);
    if (this.pingInterval === 0) return;
    this.pingTimer = this.environment.setTimeout(() => this.lost(1006, 'no ping'), this.pingInterval + PING_GRACE);
  }

  /** @param {string} frame */
  read(frame) {
    const socket = this.socket;
    for (const line of frame.split('\n')) {
      if (line === '') continue;
      /** @type {any} */
      let value;
      try {
        value = JSON.parse(line);
      } catch {
        this.lost(1002, 'not JSON');
        return;
      }
      this.handle(value);
      // Something in it may have ended this connection.
      if (this.socket !== socket) return;
    }
  }

  /** @param {any} value */
  handle(value) {
    if (value.id) {
      const call = this.calls.get(value.id);
      if (!call) return;
      this.calls.delete(value.id);
      this.environment.clearTimeout(call.timer);
      if (value.error) {
        const { code = 100, message = 'error', temporary = false, retry_after = 0, reason = null } = value.error;
        call.reject(new RealtimeError(code, message, temporary, retry_after, reason));
      } else {
        call.resolve(value[call.kind] ?? {});
      }
    } else if (value.push) {
      if (value.push.disconnect) {
        const { code = 3000, reason = '' } = value.push.disconnect;
        this.lost(code, reason);
      } else {
        this.subscriptions.get(value.push.channel)?.receive(value.push);
      }
    } else {
      if (this.answersPings) this.send({});
      this.expectPing();
    }
  }

  /**
   * Lets go of the socket without waiting for its close.
   * @param {number} code
   * @param {string} reason
   */
  drop(code, reason) {
    const socket = this.socket;
    this.socket = null;
    this.environment.clearTimeout(this.pingTimer);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      try {
        socket.close(code, reason);
      } catch {
        // It was closed before.
      }
    }
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const subscription of this.subscriptions.values()) {
      this.environment.clearTimeout(subscription.timer);
      subscription.round += 1;
      if (subscription.state !== 'ended') subscription.state = 'waiting';
    }
    for (const call of calls) {
      this.environment.clearTimeout(call.timer);
      call.reject(troubleOf('connection_lost'));
    }
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  lost(code, reason) {
    this.drop(1000, 'lost');
    if (!reconnectsAfter(code)) {
      this.set({ state: 'closed', retryAt: 0, code, reason });
      return;
    }
    const { attempt } = this.status;
    const delay = backoff(attempt, this.environment.random());
    this.environment.clearTimeout(this.retryTimer);
    this.retryTimer = this.environment.setTimeout(() => this.connect(), delay);
    this.set({ state: 'waiting', attempt: attempt + 1, retryAt: this.environment.now() + delay, code, reason });
  }

  /** @param {Partial<ConnectionStatus>} change */
  set(change) {
    this.status = { ...this.status, ...change };
    this.onStatus?.(this.status);
  }
}

/**
 * The environment of a browser.
 * @returns {Environment}
 */
export function browserEnvironment() {
  return {
    open: (url) => /** @type {Socket} */ (/** @type {unknown} */ (new WebSocket(url))),
    setTimeout: (run, milliseconds) => window.setTimeout(run, milliseconds),
    clearTimeout: (timer) => window.clearTimeout(timer),
    now: () => Date.now(),
    random: () => Math.random(),
  };
}

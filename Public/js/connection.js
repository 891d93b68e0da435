// @ts-check
// This page's connection, and the bar that says when it is lost and when it is back.
import { byID, h, setText } from './dom.js';
import { everyTick } from './clock.js';
import { clockTime } from './format.js';
import { icon } from './icons.js';
import { mark } from './marks.js';
import { browserEnvironment, RealtimeClient } from './realtime.js';
import { SendPause } from './sendPause.js';
import { closedSentence } from './sentences.js';

/** @typedef {import('./realtime.js').ConnectionStatus} ConnectionStatus */
/** @typedef {import('./identity.js').Identity} Identity */

const PATIENCE = 1_500;
const BACK = 3_000;

/** Where this page's socket is. */
export function socketURL() {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/connection/websocket`;
}

/** The connection with its bar. */
export class Connection {
  /**
   * @param {Identity} identity
   * @param {(isConnected: boolean) => void} onChange
   * @param {() => object} [more]  What else is told on connect.
   */
  constructor(identity, onChange, more = () => ({})) {
    this.onChange = onChange;
    this.client = new RealtimeClient({
      url: socketURL(),
      data: () => ({ user_id: identity.id, name: identity.name, ...more() }),
      onStatus: (status) => this.follow(status),
      environment: browserEnvironment(),
    });
    /** While the server takes nothing more; a lost connection is said first. */
    this.pause = new SendPause({
      show: (title, rest) => {
        if (this.lostAt === 0 || this.banner.hidden) this.show('limit', title, rest);
      },
      hide: () => {
        if (this.banner.dataset.kind === 'limit') this.banner.hidden = true;
      },
      everyTick,
      now: Date.now,
    });
    this.wasConnected = false;
    this.lostAt = 0;
    /** When the state that is shown was last known to be the newest; 0 before there was any. */
    this.freshAt = 0;
    /** Whether the server said that it shuts down, when the connection was lost. */
    this.isRestarting = false;
    this.text = h('span', { class: 'banner-text' });
    this.button = h(
      'button',
      { class: 'button banner-button', type: 'button', onclick: () => this.client.connect() },
      'Try now',
    );
    this.banner = byID('banner');
    /** @type {(() => void)|null} */
    this.stopClock = null;
    /** @type {number|undefined} */
    this.hideTimer = undefined;
    window.addEventListener('online', () => this.client.connect());
    // Somebody who looks again does not wait for the next try.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.client.status.state === 'waiting') this.client.connect();
    });
    // A page that comes back from the back-forward cache has a dead socket.
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) this.client.reconnect();
    });
  }

  get isConnected() {
    return this.client.status.state === 'connected';
  }

  /**
   * To be called when a subscription is whole again.
   * @param {number} count  What was caught up; -1 when the state came anew.
   */
  recovered(count) {
    if (this.lostAt === 0) return;
    const wasShown = Date.now() - this.lostAt >= PATIENCE;
    this.lostAt = 0;
    this.stop();
    if (!wasShown) {
      this.banner.hidden = true;
      return;
    }
    const rest = count < 0 ? 'The page was brought up to date.' : caughtUpWords(count);
    this.show('back', 'Back.', rest);
    window.clearTimeout(this.hideTimer);
    this.hideTimer = window.setTimeout(() => (this.banner.hidden = true), BACK);
  }

  /** @param {ConnectionStatus} status */
  follow(status) {
    const isConnected = status.state === 'connected';
    if (isConnected) this.wasConnected = true;
    if (!isConnected && this.lostAt === 0 && status.state !== 'connecting') {
      this.lostAt = Date.now();
      this.isRestarting = status.code === 3001;
      if (this.wasConnected) this.freshAt = this.lostAt;
      this.wasConnected = false;
      window.clearTimeout(this.hideTimer);
      this.stopClock = everyTick((now) => this.tick(now));
    }
    this.onChange(isConnected);
  }

  stop() {
    this.stopClock?.();
    this.stopClock = null;
  }

  /** @param {number} now */
  tick(now) {
    const { state, retryAt, code, reason } = this.client.status;
    if (state === 'connected' || now - this.lostAt < PATIENCE) return;
    if (state === 'closed') {
      this.stop();
      this.show('lost', 'Connection closed.', closedSentence(code, reason));
      return;
    }
    const wait = Math.max(0, Math.ceil((retryAt - now) / 1000));
    const next = state === 'connecting' || wait === 0 ? 'Trying now.' : `Next try in ${wait} s.`;
    const from = this.freshAt > 0 ? ` What you see is from ${clockTime(this.freshAt)}.` : '';
    const restart = this.isRestarting ? ' The server is restarting. Your work is kept.' : '';
    this.show('lost', 'Connection lost.', `${next}${from}${restart}`);
  }

  /**
   * @param {'lost'|'back'|'limit'} kind
   * @param {string} title
   * @param {string} rest
   */
  show(kind, title, rest) {
    if (this.banner.dataset.kind !== kind || this.banner.hidden) {
      this.banner.dataset.kind = kind;
      window.clearTimeout(this.hideTimer);
      this.banner.replaceChildren(
        kind === 'limit' ? icon('warn') : mark(kind === 'lost' ? 'failed' : 'live'),
        h('p', {}, h('strong', {}, ''), ' ', this.text),
        kind === 'lost' ? this.button : '',
      );
      this.banner.hidden = false;
      // Said once each time, and not with each second.
      byID(kind === 'back' ? 'announcer' : 'alarm').textContent = kind === 'lost' ? title : `${title} ${rest}`;
    }
    const strong = this.banner.querySelector('strong');
    if (strong) setText(strong, title);
    setText(this.text, rest);
  }
}

/** @param {number} count */
function caughtUpWords(count) {
  if (count === 0) return 'Nothing was missed.';
  return `${count} ${count === 1 ? 'update' : 'updates'} caught up, none lost.`;
}

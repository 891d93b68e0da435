// @ts-check
// One channel, kept subscribed: its snapshot, its place in the history, and what comes.
import { backoff, RealtimeError } from './failure.js';

/** @typedef {import('./realtime.js').RealtimeClient} RealtimeClient */
/** @typedef {import('./types.js').ClientInfo} ClientInfo */

/**
 * @typedef {object} SubscriptionOptions
 * @property {(data: any) => void} [onSnapshot]  The state anew: it replaces what is held.
 * @property {(data: any, context: {offset: number, live: boolean, info?: ClientInfo}) => void} [onPublication]
 * @property {(count: number) => void} [onRecovered]  After a lost connection, `count` publications were caught up.
 * @property {() => void} [onSubscribed]  After each successful subscription, behind snapshot or publications.
 * @property {(info: ClientInfo) => void} [onJoin]
 * @property {(info: ClientInfo) => void} [onLeave]
 * @property {(error: RealtimeError) => void} [onError]  The subscription ended for good.
 * @property {(data: any) => boolean} [mayJump]  Whether this publication may stand for several (merged) offsets.
 * @property {boolean} [joinLeave]  Ask for joins and leaves.
 */

/** One channel that the client keeps subscribed until `unsubscribe`. */
export class Subscription {
  /**
   * @param {RealtimeClient} client
   * @param {string} channel
   * @param {SubscriptionOptions} options
   */
  constructor(client, channel, options) {
    this.client = client;
    this.channel = channel;
    this.options = options;
    /** @type {'waiting'|'subscribing'|'subscribed'|'ended'} */
    this.state = 'waiting';
    /** Where the held state stands; the epoch is empty when there is nothing to recover from. */
    this.epoch = '';
    this.offset = 0;
    this.attempt = 0;
    /** @type {any} */
    this.timer = null;
    /** Counts subscribe commands, so that a late answer to an old one is told apart. */
    this.round = 0;
  }

  /** Ends the subscription. */
  unsubscribe() {
    this.client.remove(this);
  }

  /** Drops what is held and subscribes anew without recovery: the snapshot comes again. */
  resync() {
    this.epoch = '';
    this.offset = 0;
    if (this.state === 'subscribed' || this.state === 'subscribing') {
      this.client.notify({ unsubscribe: { channel: this.channel } });
      this.start();
    }
  }

  /**
   * Publishes to the channel. The promise fails when the server refuses it.
   * @param {any} data
   * @returns {Promise<any>}
   */
  publish(data) {
    return this.client.call('publish', { channel: this.channel, data });
  }

  /**
   * Everybody subscribed now, by client id.
   * @returns {Promise<Record<string, ClientInfo>>}
   */
  async presence() {
    const answer = await this.client.call('presence', { channel: this.channel });
    return answer.presence ?? {};
  }

  /** Sends the subscribe command; called by the client once it is connected. */
  start() {
    this.client.environment.clearTimeout(this.timer);
    this.state = 'subscribing';
    const round = ++this.round;
    /** @type {Record<string, any>} */
    const command = { channel: this.channel };
    if (this.options.joinLeave) command.join_leave = true;
    if (this.epoch !== '') Object.assign(command, { recover: true, epoch: this.epoch, offset: this.offset });
    this.client.call('subscribe', command).then(
      (answer) => {
        if (round === this.round && this.state === 'subscribing') this.accept(answer);
      },
      (error) => {
        if (round === this.round && this.state === 'subscribing') this.refuse(error);
      },
    );
  }

  /** @param {any} answer */
  accept(answer) {
    this.state = 'subscribed';
    this.attempt = 0;
    const { onSnapshot, onPublication, onRecovered, onSubscribed } = this.options;
    if (answer.recovered) {
      let count = 0;
      for (const publication of answer.publications ?? []) {
        const offset = publication.offset ?? 0;
        if (offset <= this.offset) continue;
        this.offset = offset;
        count += 1;
        onPublication?.(publication.data, { offset, live: false, info: publication.info });
        // What came may have asked for the snapshot; the rest is in it.
        if (this.state !== 'subscribed') return;
      }
      this.epoch = answer.epoch ?? this.epoch;
      this.offset = Math.max(this.offset, answer.offset ?? 0);
      onRecovered?.(count);
    } else {
      this.epoch = answer.epoch ?? '';
      this.offset = answer.offset ?? 0;
      if (answer.data !== undefined) onSnapshot?.(answer.data);
    }
    onSubscribed?.();
  }

  /** @param {unknown} problem */
  refuse(problem) {
    const error = problem instanceof RealtimeError ? problem : new RealtimeError(100, String(problem), true);
    // Without a connection the client starts the subscription again by itself.
    if (error.code === 0) {
      this.state = 'waiting';
      return;
    }
    if (error.code === 112) {
      this.epoch = '';
      this.offset = 0;
    }
    const isSubscribedThere = error.code === 1 || error.code === 105;
    if (isSubscribedThere) this.client.notify({ unsubscribe: { channel: this.channel } });
    if (error.temporary || isSubscribedThere || error.code === 112) {
      this.state = 'waiting';
      this.retryLater();
      return;
    }
    this.state = 'ended';
    this.client.remove(this);
    this.options.onError?.(error);
  }

  /** Subscribes again after a while, if the connection is up by then. */
  retryLater() {
    const { environment } = this.client;
    environment.clearTimeout(this.timer);
    this.timer = environment.setTimeout(() => {
      if (this.state === 'waiting' && this.client.status.state === 'connected') this.start();
    }, backoff(this.attempt++, environment.random()));
  }

  /** @param {any} push */
  receive(push) {
    // Between asking anew and the answer, what arrives belongs to the subscription that was given up.
    if (this.state !== 'subscribed') return;
    const { onPublication, onJoin, onLeave, onError, mayJump } = this.options;
    if (push.pub) {
      const { data, offset, info } = push.pub;
      if (offset) {
        if (offset <= this.offset) return;
        if (offset > this.offset + 1 && !mayJump?.(data)) {
          this.resync();
          return;
        }
        this.offset = offset;
      }
      onPublication?.(data, { offset: offset ?? 0, live: true, info });
    } else if (push.join) {
      onJoin?.(push.join.info);
    } else if (push.leave) {
      onLeave?.(push.leave.info);
    } else if (push.unsubscribe) {
      const { code = 0, reason = '' } = push.unsubscribe;
      if (code >= 2500) {
        this.state = 'waiting';
        this.retryLater();
      } else {
        this.state = 'ended';
        this.client.remove(this);
        onError?.(new RealtimeError(code, reason, false));
      }
    }
  }
}

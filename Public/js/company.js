// @ts-check
// What those who look at one app together see of each other at once: pointers, and who types. One channel for it, of which
// nothing is kept, and nothing is sent while nobody else is here.
import { byID } from './dom.js';
import { CursorLayer } from './cursorLayer.js';
import { CursorSender, toCursor } from './cursors.js';
import { hasCompany } from './pageState.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./types.js').ClientInfo} ClientInfo */

export class Company {
  /**
   * @param {object} options
   * @param {import('./realtime.js').RealtimeClient} options.client  It knows the server's limits as soon as anything comes.
   * @param {string} options.channel
   * @param {import('./store.js').Store<PageState>} options.store
   * @param {import('./pageState.js').Context} options.context
   * @param {import('./previewPane.js').PreviewPane} options.previewPane
   */
  constructor({ client, channel, store, context, previewPane }) {
    this.client = client;
    this.store = store;
    this.identity = context.identity;
    this.previewPane = previewPane;
    this.previewScroll = 0;
    this.codeScroll = byID('code-scroll');
    this.code = byID('code');
    this.preview = new CursorLayer(byID('preview-cursors'), 'preview', context.palette, () => this.measurePreview());
    this.codeLayer = new CursorLayer(byID('code-cursors'), 'code', context.palette, () => this.measureCode());
    this.layers = [this.preview, this.codeLayer];
    this.subscription = client.subscribe(channel, {
      onPublication: (data, { info }) => this.receive(data, info),
    });
    this.sender = new CursorSender({
      publish: (data) => this.publish(data),
      isWorthIt: () => this.hasListeners(),
      limits: () => client.limits,
      now: () => performance.now(),
      later: (run, milliseconds) => window.setTimeout(run, milliseconds),
    });
    this.codeScroll.addEventListener('pointermove', (event) => this.pointAtCode(event), { passive: true });
    this.codeScroll.addEventListener('scroll', () => this.codeLayer.jump(), { passive: true });
    new ResizeObserver(() => this.layers.forEach((layer) => layer.jump())).observe(byID('main'));
  }

  hasListeners() {
    return this.subscription.state === 'subscribed' && hasCompany(this.store.state, this.identity);
  }

  /** @param {any} data */
  publish(data) {
    // What is not told now is not worth telling later.
    this.subscription.publish(data).catch(() => {});
  }

  /** @param {boolean} isTyping */
  type(isTyping) {
    if (this.hasListeners()) this.publish({ typing: isTyping });
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  pointAtPreview(x, y) {
    this.sender.move('preview', x, y, this.previewPane.frame?.clientWidth ?? 0);
  }

  /** @param {PointerEvent} event */
  pointAtCode(event) {
    const { left, top } = this.codeScroll.getBoundingClientRect();
    const { scrollLeft, scrollTop } = this.codeScroll;
    const width = this.code.scrollWidth;
    if (width > 0) this.sender.move('code', (event.clientX - left + scrollLeft) / width, event.clientY - top + scrollTop, width);
  }

  /** @param {number} y  How far the preview is scrolled. */
  scrollPreview(y) {
    this.previewScroll = y;
    this.preview.jump();
  }

  measurePreview() {
    const { frame } = this.previewPane;
    if (!frame || frame.clientWidth === 0) return null;
    return { left: frame.offsetLeft, width: frame.clientWidth, height: frame.clientHeight, scrollTop: this.previewScroll };
  }

  measureCode() {
    const { codeScroll } = this;
    if (codeScroll.hidden || codeScroll.clientWidth === 0) return null;
    return {
      left: codeScroll.offsetLeft,
      width: codeScroll.clientWidth,
      height: codeScroll.clientHeight,
      scrollTop: codeScroll.scrollTop,
      scrollLeft: codeScroll.scrollLeft,
      fullWidth: this.code.scrollWidth,
    };
  }

  /**
   * @param {any} data
   * @param {ClientInfo|undefined} info
   */
  receive(data, info) {
    if (!info || info.user === this.identity.id) return;
    if (typeof data?.typing === 'boolean') return this.setTyping(info, data.typing);
    const cursor = toCursor(data, info, Date.now());
    if (cursor) for (const layer of this.layers) layer.move(cursor);
  }

  /**
   * @param {ClientInfo} info
   * @param {boolean} isTyping
   */
  setTyping(info, isTyping) {
    const key = info.user || info.client;
    if (!isTyping && !this.store.state.typing.has(key)) return;
    this.store.update((state) => {
      const typing = new Map(state.typing);
      if (isTyping) typing.set(key, { name: info.conn_info?.name || 'Someone', until: Date.now() + (this.client.limits?.typing_ms ?? 0) });
      else typing.delete(key);
      return { ...state, typing };
    });
  }

  /** @param {ClientInfo} info  Of who has gone. */
  leave(info) {
    for (const layer of this.layers) layer.remove(info.client);
    // One person may look with several clients.
    for (const other of this.store.state.clients.values()) if (other.user === info.user && info.user !== '') return;
    this.setTyping(info, false);
  }

  /**
   * @param {PageState} state
   * @param {PageState} before
   */
  show(state, before) {
    if (before.isConnected && !state.isConnected) for (const layer of this.layers) layer.clear();
    if (state.code !== before.code || state.reading !== before.reading) this.codeLayer.jump();
  }
}

// @ts-check
// Others' pointers, drawn over the preview or the code: an arrow in the person's colour with a name that soon goes away.
import { cursorsOn, NAME_SHOWN, place } from './cursors.js';
import { everyTick } from './clock.js';
import { h, s, set, setText } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('./cursors.js').Cursor} Cursor */
/** @typedef {import('./cursors.js').Surface} Surface */
/** @typedef {import('./people.js').Palette} Palette */

/**
 * @typedef {object} View  What is seen of a surface, in pixels of the layer's parent.
 * @property {number} left
 * @property {number} width
 * @property {number} height
 * @property {number} scrollTop
 * @property {number} [scrollLeft]
 * @property {number} [fullWidth]
 */

export class CursorLayer {
  /**
   * @param {HTMLElement} element  Lies over the surface and takes no pointer.
   * @param {Surface} surface
   * @param {Palette} palette
   * @param {() => View|null} measure  `null` while nothing of the surface is seen.
   */
  constructor(element, surface, palette, measure) {
    this.element = element;
    this.surface = surface;
    this.palette = palette;
    this.measure = measure;
    /** @type {Map<string, Cursor>} By client. */
    this.cursors = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.nodes = new Map();
    this.isScheduled = false;
    /** @type {(() => void)|null} */
    this.stopClock = null;
  }

  /** @param {Cursor} cursor */
  move(cursor) {
    const { client } = cursor.info;
    // A pointer is in one place only.
    if (cursor.surface === this.surface) this.cursors.set(client, cursor);
    else this.cursors.delete(client);
    this.schedule();
  }

  /** @param {string} client */
  remove(client) {
    if (this.cursors.delete(client)) this.schedule();
  }

  clear() {
    this.cursors.clear();
    this.schedule();
  }

  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.paint(false);
    });
  }

  /** What lies below moved: the pointers go with it, without a glide. */
  jump() {
    if (this.cursors.size > 0) this.paint(true);
  }

  /** @param {boolean} isJump */
  paint(isJump) {
    const now = Date.now();
    const view = this.measure();
    const shown = view ? cursorsOn(this.cursors.values(), this.surface, now) : [];
    const clients = new Set(shown.map((cursor) => cursor.info.client));
    for (const [client, node] of this.nodes) {
      if (clients.has(client)) continue;
      node.remove();
      this.nodes.delete(client);
    }
    this.element.classList.toggle('is-jumping', isJump);
    if (view) {
      this.element.style.left = `${view.left}px`;
      this.element.style.width = `${view.width}px`;
      for (const cursor of shown) this.draw(cursor, view, now);
    }
    if (this.cursors.size > 0 && !this.stopClock) this.stopClock = everyTick(() => this.tick());
    else if (this.cursors.size === 0) {
      this.stopClock?.();
      this.stopClock = null;
    }
  }

  /** Lets names and arrows go that stood still for long enough. */
  tick() {
    const fresh = new Set(cursorsOn(this.cursors.values(), this.surface, Date.now()));
    let hasChanged = false;
    for (const [client, cursor] of this.cursors) {
      const name = this.nodes.get(client)?.lastElementChild;
      const isGone = !fresh.has(cursor);
      if (isGone) this.cursors.delete(client);
      hasChanged ||= isGone || (name !== undefined && name?.classList.contains('is-gone') !== isStill(cursor));
    }
    if (hasChanged) this.schedule();
  }

  /**
   * @param {Cursor} cursor
   * @param {View} view
   * @param {number} now
   */
  draw(cursor, view, now) {
    const { client, user, conn_info: person } = cursor.info;
    const name = person?.name || 'Someone';
    let node = this.nodes.get(client);
    if (!node) {
      node = h(
        'div',
        { class: 'cursor', 'data-testid': 'cursor', 'data-client': client },
        s('svg', { class: 'cursor-arrow', viewBox: '0 0 16 18', width: 16, height: 18 }, s('path', { d: 'M2 1.5 14 9l-5.6 1.3-2.6 5.6z' })),
        h('span', { class: 'cursor-edge' }, icon('up', 12)),
        h('bdi', { class: 'cursor-name' }),
      );
      this.nodes.set(client, node);
      this.element.append(node);
    }
    const { x, y, edge } = place(cursor, view);
    set(node, 'data-person', this.palette.colourOf(user || name));
    set(node, 'data-edge', edge || null);
    node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    const label = /** @type {Element} */ (node.lastElementChild);
    setText(label, name);
    label.classList.toggle('is-gone', now - cursor.at >= NAME_SHOWN);
    // Near the right side the name goes to the left of the arrow.
    label.classList.toggle('is-left', x > view.width - 120);
  }
}

/** @param {Cursor} cursor */
function isStill(cursor) {
  return Date.now() - cursor.at >= NAME_SHOWN;
}

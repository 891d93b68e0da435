// @ts-check
// A view that follows its end while its reader is there, and stays put otherwise.

const NEAR = 48;

/** @type {(() => void)[]} */
const waiting = [];

/**
 * Calls back when all views of this frame have written: what measures does so then, and the page is laid out once.
 * @param {() => void} run
 */
export function whenWritten(run) {
  if (waiting.push(run) > 1) return;
  queueMicrotask(() => {
    for (const one of waiting.splice(0)) one();
  });
}

export class PinnedScroll {
  /**
   * @param {HTMLElement} element  Scrolls.
   * @param {HTMLButtonElement} button  "New below": shown while something came below that was not seen.
   */
  constructor(element, button) {
    this.element = element;
    this.button = button;
    this.isPinned = true;
    element.addEventListener('scroll', () => this.look(), { passive: true });
    element.addEventListener('wheel', (event) => {
      if (event.deltaY < 0 && element.scrollTop > 0) this.isPinned = false;
    }, { passive: true });
    button.addEventListener('click', () => this.pin());
    element.addEventListener('keydown', (event) => {
      if (event.key === 'End') this.pin();
    });
    new ResizeObserver(() => {
      if (this.isPinned) this.toEnd();
    }).observe(element);
  }

  look() {
    const { element } = this;
    element.classList.toggle('is-scrolled', element.scrollTop > 4);
    this.isPinned = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
    if (this.isPinned) this.button.hidden = true;
  }

  pin() {
    this.isPinned = true;
    this.button.hidden = true;
    this.toEnd();
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /**
   * To be called in the frame in which something was added.
   * @param {boolean} isNew  Whether it is worth saying so to somebody who reads further up.
   */
  follow(isNew) {
    if (this.isPinned) this.toEnd();
    else if (isNew) this.button.hidden = false;
  }
}

// @ts-check
// The tabs of the stage, with roving focus, and the same panels behind the bar on small screens.
import { byID, set } from './dom.js';
import { Sheet } from './sheet.js';

/** @typedef {'preview'|'ask'|'code'|'versions'} Panel */

const PANELS = /** @type {const} */ (['preview', 'code', 'versions']);

export class Tabs {
  /** @param {(panel: Panel) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Panel} */
    this.current = 'preview';
    this.tabs = PANELS.map((name) => byID(`tab-${name}`));
    this.bar = [...document.querySelectorAll('#tabbar [data-panel]')];
    this.tabs.forEach((tab, index) => {
      tab.addEventListener('click', () => this.open(PANELS[index]));
      tab.addEventListener('keydown', (event) => this.rove(event, index));
    });
    for (const button of this.bar) {
      button.addEventListener('click', () => {
        const panel = /** @type {Panel} */ (button.getAttribute('data-panel'));
        // A second touch on Ask puts the sheet away.
        this.open(panel === 'ask' && this.current === 'ask' ? 'preview' : panel);
      });
    }
    this.sheet = new Sheet(() => this.closeSheet(), () => this.open('ask'));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || this.current !== 'ask' || isField(event.target)) return;
      this.closeSheet();
    });
    this.open('preview');
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} index
   */
  rove(event, index) {
    const last = PANELS.length - 1;
    const to = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(PANELS[to]);
    this.tabs[to].focus();
  }

  /** Puts the conversation away; the focus goes to where it is brought back. */
  closeSheet() {
    const hadFocus = byID('conversation').contains(document.activeElement);
    this.open('preview');
    if (!hadFocus) return;
    const ask = this.bar.find((button) => button.getAttribute('data-panel') === 'ask');
    if (ask instanceof HTMLElement) ask.focus();
  }

  /** @param {Panel} panel */
  open(panel) {
    this.current = panel;
    document.body.dataset.panel = panel;
    const staged = panel === 'ask' ? 'preview' : panel;
    PANELS.forEach((name, index) => {
      const isOpen = name === staged;
      set(this.tabs[index], 'aria-selected', String(isOpen));
      set(this.tabs[index], 'tabindex', isOpen ? 0 : -1);
      byID(`panel-${name}`).hidden = !isOpen;
      byID(`tools-${name}`).hidden = !isOpen;
    });
    for (const button of this.bar) {
      set(button, 'aria-current', button.getAttribute('data-panel') === panel ? 'true' : null);
    }
    this.onChange(panel);
  }
}

/** @param {EventTarget|null} target */
function isField(target) {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
}

// @ts-check
// Search by title: what is typed is asked for when the typing rests, and the newest question wins.
import { byID, setText } from './dom.js';
import { sentenceOf } from './sentences.js';

const PAUSE = 250;
/** Characters of a search that this page takes. */
const QUERY_LENGTH = 200;
/** A search that begins further down, as a share of the window's height, is brought to its top. */
const LOW = 0.3;

export class Search {
  /** @param {(query: string) => Promise<number|null>} find  Shows what fits; how many, or null when a newer question came. */
  constructor(find) {
    this.find = find;
    this.field = /** @type {HTMLInputElement} */ (byID('search'));
    this.words = byID('search-words');
    this.none = byID('no-match');
    this.asked = '';
    /** @type {number|undefined} */
    this.timer = undefined;
    this.section = byID('recent-section');
    this.field.maxLength = QUERY_LENGTH;
    // Room for what will be found, and for good: neither what is typed nor a press elsewhere moves anything then.
    this.field.addEventListener('focus', () => {
      this.section.classList.add('is-roomy');
      if (this.section.getBoundingClientRect().top > window.innerHeight * LOW) this.section.scrollIntoView();
    });
    this.field.addEventListener('input', () => {
      window.clearTimeout(this.timer);
      // An emptied field shows everything at once.
      this.timer = window.setTimeout(() => void this.ask(), this.field.value.trim() === '' ? 0 : PAUSE);
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        void this.ask();
      } else if (event.key === 'Escape') {
        event.preventDefault();
        if (this.field.value === '') this.field.blur();
        else this.clear();
      }
    });
    byID('search-clear').addEventListener('click', () => {
      this.clear();
      this.field.focus();
    });
  }

  open() {
    this.field.focus();
    this.field.select();
  }

  clear() {
    this.field.value = '';
    void this.ask();
  }

  async ask() {
    window.clearTimeout(this.timer);
    const query = this.field.value.trim();
    if (query === this.asked) return;
    this.asked = query;
    try {
      const found = await this.find(query);
      if (found === null) return;
      this.none.hidden = query === '' || found > 0;
      setText(byID('no-match-words'), `No app has “${query}” in its title or its prompt.`);
      setText(this.words, query === '' ? '' : found === 1 ? '1 app found' : `${found} apps found`);
    } catch (error) {
      this.asked = '';
      setText(this.words, sentenceOf(error));
    }
  }
}

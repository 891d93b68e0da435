// @ts-check
// The app's title, which anybody may change where it stands: click it or its pen, Enter keeps, Esc leaves it.
import { byID, h, set, setText } from './dom.js';
import { icon } from './icons.js';
import { refusalSentence, sentenceOf } from './sentences.js';

export class TitleView {
  /**
   * @param {(title: string) => Promise<void>} rename  Rejects with what is wrong.
   * @param {() => import('./types.js').Limits|null} limits  As the server has said them.
   */
  constructor(rename, limits) {
    this.rename = rename;
    this.limits = limits;
    this.heading = byID('title');
    this.pen = byID('rename');
    this.pen.append(icon('pen', 16));
    this.title = '';
    this.field = h('input', {
      class: 'title-field',
      id: 'title-field',
      'data-testid': 'title-field',
      'aria-label': 'Title',
      'aria-describedby': 'title-problem',
      autocomplete: 'off',
      spellcheck: 'true',
    });
    this.problem = h('p', { class: 'title-problem problem', id: 'title-problem', role: 'alert', hidden: true });
    this.form = h('form', {
      class: 'title-form',
      hidden: true,
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void this.keep();
      },
    }, this.field, this.problem);
    this.pen.after(this.form);
    this.isSaving = false;
    this.pen.addEventListener('click', () => this.open());
    this.heading.addEventListener('click', () => this.open());
    this.field.addEventListener('input', () => this.say(''));
    this.field.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
    this.field.addEventListener('blur', () => {
      // Somebody who has changed nothing is done; what was typed is not thrown away by a click elsewhere.
      if (!this.isSaving && this.field.value.trim() === this.title) this.close(false);
    });
  }

  /**
   * @param {string} title
   * @param {boolean} mayRename
   */
  show(title, mayRename) {
    this.title = title;
    setText(this.heading, title);
    this.pen.hidden = !mayRename || !this.form.hidden;
    this.heading.classList.toggle('is-editable', mayRename);
    set(this.pen, 'aria-label', `Rename: ${title}`);
    if (!mayRename && !this.form.hidden) this.close(false);
  }

  open() {
    if (!this.heading.classList.contains('is-editable') || !this.form.hidden) return;
    this.field.value = this.title;
    this.say('');
    this.form.hidden = false;
    this.heading.classList.add('visually-hidden');
    this.pen.hidden = true;
    this.field.focus();
    this.field.select();
  }

  /** @param {boolean} [returnsFocus] */
  close(returnsFocus = true) {
    this.form.hidden = true;
    this.heading.classList.remove('visually-hidden');
    this.pen.hidden = !this.heading.classList.contains('is-editable');
    if (returnsFocus) this.pen.focus();
  }

  /** @param {string} text */
  say(text) {
    this.problem.hidden = text === '';
    setText(this.problem, text);
    set(this.field, 'aria-invalid', text === '' ? null : 'true');
  }

  async keep() {
    if (this.isSaving) return;
    const title = this.field.value.trim();
    if (title === this.title) {
      this.close();
      return;
    }
    if (title === '') {
      this.say(refusalSentence({ code: 'title_empty' }));
      return;
    }
    const limit = this.limits()?.title_characters ?? Infinity;
    if ([...title].length > limit) {
      this.say(refusalSentence({ code: 'title_too_long', limit }));
      return;
    }
    this.isSaving = true;
    set(this.form, 'aria-busy', 'true');
    try {
      await this.rename(title);
      this.close();
    } catch (error) {
      this.say(sentenceOf(error));
      this.field.focus();
    } finally {
      this.isSaving = false;
      set(this.form, 'aria-busy', null);
    }
  }
}

// @ts-check
// The grids of cards. What is pushed never moves what somebody reads, points at or types in: new cards wait outside, and one
// that has gone stays where it was until nobody is disturbed.
import { byID, set, setText } from './dom.js';
import { Card } from './card.js';
import { everyTick } from './clock.js';
import { galleries } from './appsState.js';
import { count } from './format.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./appsState.js').AppsState} AppsState */

const PAGE = 24;
const FIRST = 12;
const GLIDE = 240;
const FEATURED = 9;
/** Pages that come by scrolling; further ones by the button, so that the page has an end. */
const BY_SCROLLING = 4;
/** Pixels below the window in which the end counts as near. */
const AHEAD = 300;

export class Gallery {
  /** @param {(known: number) => Promise<boolean>} fetchMore  Brings older apps into the state; whether there may be more. */
  constructor(fetchMore) {
    this.fetchMore = fetchMore;
    this.featured = byID('featured');
    this.recent = byID('recent');
    this.featuredSection = byID('featured-section');
    this.more = /** @type {HTMLButtonElement} */ (byID('more'));
    this.fresh = /** @type {HTMLButtonElement} */ (byID('fresh'));
    this.total = byID('total');
    this.empty = byID('empty');
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** Recent apps that may be shown: what is newer waits until nobody is disturbed. */
    this.newestShown = '';
    this.limit = FIRST;
    this.mayHaveMore = true;
    /** What a search found, in its order; null while nothing is searched for. */
    /** @type {string[]|null} */
    this.found = null;
    this.scrolled = 0;
    this.isLoading = false;
    /** What the grids show, by id, kept while they must not move. */
    /** @type {Map<HTMLElement, App[]>} */
    this.held = new Map();
    /** @type {AppsState|null} */
    this.state = null;
    this.more.addEventListener('click', () => void this.showMore(true));
    this.watchEnd();
    this.fresh.addEventListener('click', () => this.release());
    everyTick((now) => {
      for (const card of this.cards.values()) card.tick(now);
    });
  }

  /** Whether new cards may come in without moving what somebody looks at or points to. */
  get isFree() {
    // Its heading in view, or still below: then nobody has read into the grid.
    const isAhead = byID('recent-title').getBoundingClientRect().bottom > 0;
    return isAhead && !isUsed(this.recent);
  }

  /** Older cards come by scrolling: before their reader is at the end, and only once they have scrolled at all. */
  watchEnd() {
    const end = byID('more-row');
    const check = () => {
      if (this.isLoading || this.more.hidden || this.scrolled >= BY_SCROLLING || window.scrollY === 0) return;
      if (end.getBoundingClientRect().top > window.innerHeight + AHEAD) return;
      this.scrolled += 1;
      void this.showMore(false);
    };
    new IntersectionObserver(check, { rootMargin: `0px 0px ${AHEAD}px` }).observe(end);
    // The end may have been near before anybody scrolled: then the observer has nothing new to tell.
    window.addEventListener('scroll', check, { passive: true });
  }

  /**
   * Shows what a search found, or everything again.
   * @param {string[]|null} found
   */
  showFound(found) {
    this.found = found;
    document.body.classList.toggle('is-searching', found !== null);
    this.held.clear();
    if (this.state) this.show(this.state);
  }

  /** @param {AppsState} state */
  show(state) {
    this.state = state;
    const { featured, recent } = galleries(state);
    const isEmpty = state.ready && state.apps.size === 0;
    document.body.classList.toggle('is-loaded', state.ready);
    this.empty.hidden = !isEmpty;
    byID('recent-section').hidden = isEmpty;
    setText(this.total, state.counts.total > 0 ? `${count(state.counts.total)} made so far` : '');
    this.featuredSection.hidden = featured.length === 0 && !isUsed(this.featured);
    this.fill(this.featured, featured.slice(0, FEATURED), true, false);
    setText(byID('recent-title'), this.found ? 'Found' : 'Recent');
    byID('recent-words').hidden = this.found !== null;
    if (this.found) {
      this.showMatches(state, this.found);
      return;
    }

    // The first page, and everything while nothing is held back, is shown as it is.
    const isFirst = this.newestShown === '';
    const held = isFirst ? [] : recent.filter((app) => stamp(app) > this.newestShown);
    const isFree = isFirst || held.length === 0 || this.isFree;
    if (isFree && recent.length > 0) this.newestShown = stamp(recent[0]);
    const shown = isFree ? recent : recent.filter((app) => stamp(app) <= this.newestShown);
    this.fill(this.recent, shown.slice(0, this.limit), false, isFree && !isFirst && held.length > 0);
    const waiting = recent.length - shown.length;
    this.fresh.hidden = waiting === 0;
    setText(this.fresh, `${waiting} new`);

    const known = shown.length;
    const rest = Math.max(0, Math.max(known, state.counts.total - featured.length) - this.limit);
    this.more.hidden = rest === 0 || (known <= this.limit && !this.mayHaveMore);
    setText(this.more, `Show ${Math.min(PAGE, rest)} more`);
  }

  /**
   * @param {AppsState} state
   * @param {string[]} found
   */
  showMatches(state, found) {
    const apps = found.flatMap((id) => state.apps.get(id) ?? []);
    setText(this.total, found.length === 0 ? '' : `${count(found.length)} with this in title or prompt`);
    this.fresh.hidden = true;
    this.more.hidden = true;
    this.fill(this.recent, apps, false, false);
  }

  /** Lets in what waited. */
  release() {
    this.newestShown = '';
    this.held.clear();
    if (this.state) this.show(this.state);
    const first = /** @type {HTMLElement|null} */ (this.recent.querySelector('.card-link'));
    byID('recent-section').scrollIntoView({ block: 'start' });
    first?.focus({ preventScroll: true });
  }

  /** @param {boolean} isAsked  By the button, where focus goes on with the first card that came. */
  async showMore(isAsked) {
    if (!this.state || this.isLoading) return;
    this.isLoading = true;
    const { recent } = galleries(this.state);
    const before = Math.min(this.limit, recent.length);
    this.limit += PAGE;
    if (recent.length < this.limit && this.mayHaveMore) {
      set(this.more, 'aria-disabled', 'true');
      try {
        this.mayHaveMore = await this.fetchMore(PAGE);
      } catch {
        this.limit -= PAGE;
      }
      set(this.more, 'aria-disabled', null);
    }
    this.isLoading = false;
    this.show(this.state);
    if (!isAsked) return;
    const next = this.recent.children[before]?.querySelector('.card-link');
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }

  /**
   * What a grid may show: as it is while somebody points into it or is in it by keyboard, but for what comes at its end.
   * @param {HTMLElement} grid
   * @param {App[]} apps
   * @param {boolean} isAllowed
   */
  settled(grid, apps, isAllowed) {
    const before = this.held.get(grid);
    let shown = apps;
    if (before && !isAllowed && isUsed(grid) && !this.found) {
      const newest = new Map(apps.map((app) => [app.id, app]));
      const places = before.map((app) => newest.get(app.id) ?? this.state?.apps.get(app.id) ?? ended(app));
      const known = new Set(before.map((app) => app.id));
      const last = apps.reduce((held, app, index) => (known.has(app.id) ? index : held), -1);
      shown = [...places, ...apps.slice(last + 1).filter((app) => !known.has(app.id))];
    }
    this.held.set(grid, shown);
    return shown;
  }

  /**
   * @param {HTMLElement} grid
   * @param {App[]} apps
   * @param {boolean} isFeatured
   * @param {boolean} glides  Whether cards that are moved glide to their new place.
   */
  fill(grid, apps, isFeatured, glides) {
    apps = this.settled(grid, apps, glides);
    const prefix = isFeatured ? 'featured ' : 'recent ';
    const before = glides ? places(grid) : null;
    const wanted = new Set(apps.map((app) => prefix + app.id));
    for (const [key, card] of this.cards) {
      if (key.startsWith(prefix) && !wanted.has(key)) {
        card.element.remove();
        this.cards.delete(key);
      }
    }
    let next = grid.firstElementChild;
    while (next && !next.hasAttribute('data-app-id')) {
      const ghost = next;
      next = next.nextElementSibling;
      if (this.state?.ready) ghost.remove();
    }
    for (const app of apps) {
      const key = prefix + app.id;
      let card = this.cards.get(key);
      if (!card) {
        card = new Card(app, isFeatured);
        this.cards.set(key, card);
      } else if (card.app !== app) {
        card.update(app);
      }
      if (card.element === next) next = next.nextElementSibling;
      else grid.insertBefore(card.element, next);
    }
    if (before) glide(grid, before);
  }
}

/**
 * An app that has gone, in its place.
 * @param {App} app
 * @returns {App}
 */
function ended(app) {
  return app.status === 'terminated' ? app : { ...app, status: 'terminated', phase: 'asleep', viewers: 0 };
}

/**
 * Whether somebody points into a grid or is in it by keyboard.
 * @param {HTMLElement} grid
 */
function isUsed(grid) {
  return grid.matches(':hover') || grid.contains(document.activeElement);
}

/**
 * The order of an app in the list, as one comparable text.
 * @param {App} app
 */
function stamp(app) {
  return `${app.created_at} ${app.id}`;
}

/** @param {HTMLElement} grid */
function places(grid) {
  return new Map([...grid.children].map((child) => [child, child.getBoundingClientRect()]));
}

/**
 * Moves cards from where they were to where they are.
 * @param {HTMLElement} grid
 * @param {Map<Element, DOMRect>} before
 */
function glide(grid, before) {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const child of grid.children) {
    const old = before.get(child);
    const place = child.getBoundingClientRect();
    const options = { duration: GLIDE, easing: 'cubic-bezier(.2,.7,.2,1)' };
    if (!old) {
      child.animate([{ opacity: 0, transform: 'translateY(-8px)' }, { opacity: 1, transform: 'none' }], options);
    } else if (old.x !== place.x || old.y !== place.y) {
      child.animate(
        [{ transform: `translate(${old.x - place.x}px,${old.y - place.y}px)` }, { transform: 'none' }],
        options,
      );
    }
  }
}

// @ts-check
// The home page: the prompt, the counter and the gallery, all fed by one channel.
import { showDashboardLinks } from './admin.js';
import { Announcer } from './announcer.js';
import { applyAppsEvent, applyAppsSnapshot, EMPTY_APPS_STATE, withApps } from './appsState.js';
import { Connection } from './connection.js';
import { byID, setText } from './dom.js';
import { troubleOf } from './failure.js';
import { FlipCounter } from './flipCounter.js';
import { Gallery } from './gallery.js';
import { HeroString } from './heroString.js';
import { icon } from './icons.js';
import { loadIdentity } from './identity.js';
import { logo } from './marks.js';
import { askName } from './nameDialog.js';
import { avatar, COLOURS, hash } from './people.js';
import { PromptBox } from './promptBox.js';
import { Search } from './search.js';
import { refusalOf } from './sendPause.js';
import { bindShortcuts } from './shortcuts.js';
import { showSimulatorNotice } from './simulator.js';
import { Store } from './store.js';
import { bindTheme, switchTheme } from './theme.js';

const identity = loadIdentity();
const store = new Store(EMPTY_APPS_STATE, (run) => requestAnimationFrame(run));
const announcer = new Announcer();
const connection = new Connection(identity, (isConnected) => {
  if (isConnected) box.showLength();
});
const { client } = connection;

byID('logo').prepend(logo());
bindTheme(/** @type {HTMLButtonElement} */ (byID('theme')));
showSimulatorNotice();
showDashboardLinks();

const you = byID('you');
const showName = () => {
  setText(byID('your-name'), identity.name);
  byID('your-avatar').replaceChildren(avatar(identity.name, hash(identity.id) % COLOURS));
  you.title = `You are ${identity.name}. Change your name`;
};
you.addEventListener('click', async () => {
  if (await askName(identity, client.limits)) {
    showName();
    client.reconnect();
  }
});
showName();
byID('people').prepend(icon('people'));

const counter = new FlipCounter(byID('flaps'), byID('live-count'));
const hero = new HeroString(byID('hero'), byID('prompt-form'), byID('flaps'));

/**
 * Starts an app, over the socket while there is one.
 * @param {string} prompt
 */
async function create(prompt) {
  /** @type {{app_id: string}} */
  let answer;
  if (connection.isConnected) {
    answer = await client.rpc('app.create', { prompt, user_id: identity.id }, 30_000);
  } else {
    answer = await post('/api/create', { prompt, user_id: identity.id, name: identity.name });
  }
  announcer.say('Starting');
  location.assign(`/app/${encodeURIComponent(answer.app_id)}`);
}

/**
 * @param {string} path
 * @param {any} body
 */
async function post(path, body) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw troubleOf('unreachable_text_kept');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusalOf(response, answer);
  return answer;
}

const box = new PromptBox(create, connection.pause, () => client.limits);

let cursor = '';
const gallery = new Gallery(async (wanted) => {
  let come = 0;
  // The snapshot has no cursor, so that the first pages may bring what is known.
  for (let page = 0; page < 8 && come < wanted; page += 1) {
    const before = store.state.apps.size;
    const answer = await client.rpc('apps.list', { limit: 50, ...(cursor ? { cursor } : {}) });
    store.update((state) => withApps(state, inOrder(answer)));
    store.flush();
    come += store.state.apps.size - before;
    cursor = answer.next_cursor ?? '';
    if (!cursor) return false;
  }
  return true;
});

let searches = 0;
const search = new Search(async (query) => {
  searches += 1;
  const mine = searches;
  if (query === '') {
    gallery.showFound(null);
    return 0;
  }
  const answer = await client.rpc('apps.list', { q: query, limit: 100 });
  if (mine !== searches) return null;
  store.update((state) => withApps(state, inOrder(answer)));
  store.flush();
  gallery.showFound(answer.order ?? []);
  return (answer.order ?? []).length;
});

/** The dashboard's key, where this page links to one. */
function goToDashboard() {
  const go = () => {
    const link = document.querySelector('[data-dashboard-link]:not([hidden])');
    if (!link) return false;
    location.assign('/dashboard');
  };
  return [{ keys: 'g d', does: 'Go to the dashboard', run: go }];
}

/**
 * The apps of a list answer.
 * @param {any} answer
 */
function inOrder(answer) {
  return (answer.order ?? []).map((/** @type {string} */ id) => answer.apps[id]).filter(Boolean);
}

store.subscribe((state, before) => {
  const { counts } = state;
  const isFirst = !before.ready;
  if (!isFirst && counts.live > before.counts.live) {
    void hero.travel().then(() => counter.show(store.state.counts.live));
  } else counter.show(counts.live);
  hero.show(counts.building > 0);
  setText(byID('building-count'), counts.building === 0 ? 'none being built' : `${counts.building} being built`);
  setText(byID('here'), counts.viewers === 1 ? '1 person is here' : `${counts.viewers} people are here`);
  byID('people').hidden = counts.viewers === 0;
  gallery.show(state);
});

let featuredAsked = false;
client.subscribe('apps', {
  onSnapshot: (data) => {
    store.update((state) => applyAppsSnapshot(state, data));
    connection.recovered(-1);
  },
  onPublication: (data) => store.update((state) => applyAppsEvent(state, data)),
  onRecovered: (count) => connection.recovered(count),
  onSubscribed: async () => {
    if (featuredAsked) return;
    featuredAsked = true;
    try {
      const answer = await client.rpc('apps.list', { featured: true, limit: 50 });
      store.update((state) => withApps(state, inOrder(answer)));
    } catch {
      featuredAsked = false;
    }
  },
});

const showKeys = bindShortcuts([
  { keys: '/', does: 'Write a prompt', run: () => byID('prompt').focus() },
  { keys: 's', does: 'Search by title', run: () => search.open() },
  { keys: 't', does: 'Switch the theme', run: switchTheme },
  { keys: 'g h', does: 'Go to the gallery', run: () => window.scrollTo({ top: 0 }) },
  ...goToDashboard(),
]);
byID('keys-open').addEventListener('click', showKeys);
byID('write-first').addEventListener('click', () => byID('prompt').focus());

Object.defineProperty(window, 'vibe', {
  value: Object.freeze({
    get state() {
      return store.state;
    },
    get connection() {
      return client.status;
    },
  }),
});

client.connect();

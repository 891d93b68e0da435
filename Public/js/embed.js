// @ts-check
// The page for other sites: one app's preview, and a thin bar with its title and live status. It only listens.
import { applyEvent, applySnapshot, EMPTY_APP_STATE, shownPath } from './appState.js';
import { LOOK_WORDS, lookOf, statusWord } from './appsState.js';
import { titleOf } from './card.js';
import { socketURL } from './connection.js';
import { byID, set, setText } from './dom.js';
import { loadIdentity } from './identity.js';
import { logo, statusLine, updateStatusLine } from './marks.js';
import { countLines } from './pageState.js';
import { frameOf, isPage } from './previewFrame.js';
import { browserEnvironment, RealtimeClient } from './realtime.js';
import { Store } from './store.js';
import { progressOf, VibeString } from './string.js';

/** @typedef {import('./appState.js').AppState} AppState */

/**
 * @typedef {object} EmbedState
 * @property {AppState} app
 * @property {boolean} isLost  Whether the connection is.
 * @property {boolean} isMissing  Whether there is no such app.
 */

const appID = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const identity = loadIdentity();
/** @type {EmbedState} */
const nothingYet = { app: EMPTY_APP_STATE, isLost: false, isMissing: false };
const store = new Store(nothingYet, (run) => requestAnimationFrame(run));
const client = new RealtimeClient({
  url: socketURL(),
  data: () => ({ user_id: identity.id, name: identity.name }),
  environment: browserEnvironment(),
  onStatus: ({ state }) => {
    if (state !== 'connecting') store.update((held) => ({ ...held, isLost: state !== 'connected' }));
  },
});
window.addEventListener('pageshow', (event) => {
  if (event.persisted) client.reconnect();
});

const string = new VibeString({ height: 48, amplitude: 16 });
const status = statusLine('asleep', 'Connecting');
byID('embed-string').append(string.element);
byID('embed-status').append(status);
byID('embed-logo').append(logo());
set(byID('embed-title'), 'href', `/app/${encodeURIComponent(appID)}`);
set(byID('embed-home'), 'href', '/');

/** @type {HTMLIFrameElement|null} */
let frame = null;
let url = '';
let wasActive = false;

/** @param {EmbedState} state */
function showFrame({ app }) {
  const { preview } = app;
  const isActive = app.app?.status === 'active';
  if (preview && preview.url !== url && isPage(preview.url)) {
    url = preview.url;
    if (frame) frame.src = url;
    else {
      frame = frameOf(url, 'embed-frame');
      byID('embed-stage').append(frame);
    }
  } else if (isActive && !wasActive && frame) {
    // What was asked for while the app was not running is a page that says so.
    frame.src = url;
  }
  wasActive = isActive;
  if (frame && app.app) set(frame, 'title', `Preview of ${titleOf(app.app)}`);
}

/** @param {EmbedState} state */
function showWait({ app, isMissing }) {
  byID('embed-wait').hidden = frame !== null;
  if (frame) return;
  const isGone = isMissing || app.removed;
  const { build, generation } = app;
  const hasFailed = build.phase === 'failed';
  const words = hasFailed
    ? 'The first version did not build'
    : build.phase === 'answered'
    ? 'There is no version yet'
    : 'The first version appears here';
  setText(byID('embed-words'), isGone ? 'This app has been ended' : words);
  const code = generation?.code ?? {};
  if (generation && !isGone) {
    string.show({ mode: 'wave', progress: progressOf(build.phase, countLines(code[shownPath(code)] ?? '')) });
  } else string.show({ mode: isGone || hasFailed ? 'snapped' : 'slack' });
}

/** @param {EmbedState} state */
function showBar({ app: { app, generation, removed }, isLost, isMissing }) {
  const isGone = isMissing || removed;
  const title = app ? titleOf(app) : isMissing ? 'No app at this address' : '';
  setText(byID('embed-title'), title);
  document.title = title ? `${title} · vibe` : 'vibe';
  const look = isGone ? 'failed' : generation ? 'building' : app ? lookOf(app) : 'asleep';
  const word = isGone ? 'Ended' : generation ? LOOK_WORDS.building : app ? statusWord(app) : 'Connecting';
  updateStatusLine(status, isLost ? 'asleep' : look, isLost ? 'Not connected' : word);
}

store.subscribe((state) => {
  showFrame(state);
  showWait(state);
  showBar(state);
});

const subscription = client.subscribe(`app:${appID}`, {
  mayJump: (data) => data?.type === 'token',
  onSnapshot: (data) => store.update((state) => ({ ...state, app: applySnapshot(state.app, data, Date.now()) })),
  onPublication: (data, { live }) => {
    store.update((state) => ({ ...state, app: applyEvent(state.app, data, { now: Date.now(), live }) }));
    if (store.state.app.gap) subscription.resync();
  },
  onError: () => store.update((state) => ({ ...state, isMissing: true })),
});

Object.defineProperty(window, 'vibe', {
  value: Object.freeze({
    get state() {
      return store.state.app;
    },
    get connection() {
      return client.status;
    },
  }),
});

client.connect();

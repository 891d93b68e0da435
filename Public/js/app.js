// @ts-check
// The app page: one channel in, and views that follow.
import { bindAdminMenu } from './adminMenu.js';
import { showDashboardLinks } from './admin.js';
import { announce } from './announce.js';
import { Announcer } from './announcer.js';
import { addOlderMessages, applyEvent, applySnapshot } from './appState.js';
import { AppBar } from './appBar.js';
import { everyTick } from './clock.js';
import { CodePane } from './codePane.js';
import { addToConsole, clearConsole } from './consoleState.js';
import { ConsoleDrawer } from './consoleDrawer.js';
import { ConsoleReporter } from './consoleReporter.js';
import { Company } from './company.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { Conversation } from './conversation.js';
import { byID, h, setText } from './dom.js';
import { Drawing } from './drawing.js';
import { icon } from './icons.js';
import { rememberFork, takeFork } from './forked.js';
import { loadIdentity } from './identity.js';
import { askName, offerName } from './nameDialog.js';
import { EMPTY_PAGE_STATE, hasCompany, nameOf } from './pageState.js';
import { Palette } from './people.js';
import { newToken, PreviewBridge } from './previewBridge.js';
import { drawPreviewTools, PreviewPane } from './previewPane.js';
import { Queue } from './queueView.js';
import { RateMeter } from './rate.js';
import { READING_ON_SHOW, versionsWanted } from './reading.js';
import { RuntimeErrors } from './runtimeErrors.js';
import { sentenceOf } from './sentences.js';
import { bindShortcuts } from './shortcuts.js';
import { showSimulatorNotice } from './simulator.js';
import { bindSplitter } from './splitter.js';
import { Store } from './store.js';
import { Tabs } from './tabs.js';
import { bindTheme, switchTheme } from './theme.js';
import { Toast } from './toast.js';
import { turnsOf } from './turns.js';
import { promptWords } from './turnSentences.js';
import { VersionsPane } from './versionsPane.js';

/** @typedef {import('./pageState.js').PageState} PageState */
/** @typedef {import('./pageState.js').Context} Context */
/** @typedef {import('./types.js').ClientInfo} ClientInfo */

const appID = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const identity = loadIdentity();
const palette = new Palette();
/** @type {Store<PageState>} */
const store = new Store(EMPTY_PAGE_STATE, (run) => requestAnimationFrame(run));
const announcer = new Announcer();
const meter = new RateMeter();
const connection = new Connection(identity, (isConnected) => store.update((state) => ({ ...state, isConnected })));
const { client } = connection;

/**
 * Calls a method about this app; a refusal is said.
 * @param {string} method
 * @param {any} [data]
 * @returns {Promise<any>}
 */
const call = (method, data = {}) => client.rpc(method, { app_id: appID, ...data });

/** @param {Promise<any>} promise */
async function orSay(promise) {
  try {
    await promise;
  } catch (error) {
    toast.show(sentenceOf(error));
  }
}

const toast = new Toast((text) => announcer.say(text));

/** @type {Context} */
const context = {
  identity,
  palette,
  limits: () => client.limits,
  actions: {
    write: async (text) => {
      const answer = await call('app.write', { text, user_id: identity.id });
      if (answer?.position > 0) announcer.say(`Place ${answer.position} in line`);
    },
    stop: () => orSay(call('app.stop', { user_id: identity.id })),
    retry: () => orSay(call('app.retry', { user_id: identity.id })),
    revert: (version) =>
      orSay(
        call('app.revert', { version, user_id: identity.id }).then(() => toast.show(`Back to the code of version ${version}`)),
      ),
    repair: () => orSay(call('app.repair')),
    rename: (title) => call('app.rename', { title }),
    withdraw: (item) =>
      orSay(
        call('app.cancel', { message_id: item.message_id }).then(() => {
          byID('composer').focus();
          toast.show('Withdrawn', { label: 'Undo', run: () => void orSay(context.actions.write(promptWords(item.text, item.origin))) });
        }),
      ),
    fork: (version) =>
      orSay(
        call('app.fork', version ? { version } : {}).then(({ app_id: copy }) => {
          rememberFork(copy, appID);
          location.assign(`/app/${encodeURIComponent(copy)}`);
        }),
      ),
    compare: (version) => {
      read({ version, against: null, isComparing: true });
      tabs.open('code');
      byID('changes-scroll').focus({ preventScroll: true });
    },
    showEarlier: async (turns) => {
      const { app } = store.state;
      if (app.more && turnsOf(app).length < turns) {
        await orSay(
          call('app.history', { before: app.messages[0]?.id, limit: 100 }).then((answer) =>
            store.update((state) => ({
              ...state,
              app: addOlderMessages(state.app, answer.message_history ?? [], answer.more === true),
            }))
          ),
        );
      }
      store.flush();
    },
    openCode: (path, line) => {
      tabs.open('code');
      read(READING_ON_SHOW);
      codePane.open(path, line);
    },
    changeName: async () => {
      if (await askName(identity, client.limits)) client.reconnect();
    },
    typing: (isTyping) => company.type(isTyping),
  },
};

const bar = new AppBar(context);
const conversation = new Conversation(context);
const queue = new Queue(context);
const composer = new Composer(context, appID, connection.pause, context.limits);
const previewPane = new PreviewPane(() => tabs.open('code'), () => ask());
const codePane = new CodePane(read);
const versionsPane = new VersionsPane(context);
const consoleDrawer = new ConsoleDrawer(
  context,
  () => store.update((state) => ({ ...state, console: clearConsole(state.console) })),
  () => tabs.open('preview'),
);
const runtimeErrors = new RuntimeErrors(context, () => consoleDrawer.open());
const tabs = new Tabs(() => {});
drawPreviewTools();
drawTabs();
bindTheme(/** @type {HTMLButtonElement} */ (byID('theme')));
bindSplitter(byID('splitter'), byID('work'));
showSimulatorNotice();
bindShortcuts([
  { keys: '/', does: 'Ask for the next change', run: () => ask() },
  { keys: '1', does: 'Preview', run: () => tabs.open('preview') },
  { keys: '2', does: 'Code', run: () => tabs.open('code') },
  { keys: '3', does: 'Versions', run: () => tabs.open('versions') },
  { keys: 'd', does: 'Next width of the preview', run: () => tabs.current === 'preview' && previewPane.nextWidth() },
  { keys: 'r', does: 'Reload the preview', run: () => previewPane.reload() },
  { keys: 'c', does: 'Console', run: () => (store.state.app.preview ? consoleDrawer.toggle() : false) },
  { keys: 'j', does: 'Next change', run: () => tabs.current === 'code' && codePane.goToChange(1) },
  { keys: 'k', does: 'Previous change', run: () => tabs.current === 'code' && codePane.goToChange(-1) },
  { keys: '[', does: 'Code of the version before', run: () => tabs.current === 'code' && codePane.step(-1) },
  { keys: ']', does: 'Code of the version after', run: () => tabs.current === 'code' && codePane.step(1) },
  { keys: 't', does: 'Switch the theme', run: switchTheme },
  { keys: 'g h', does: 'Go to the gallery', run: () => location.assign('/') },
  { keys: 'g d', does: 'Go to the dashboard', run: goToDashboard },
]);

/** Goes to the composer, which is in the sheet on small screens. */
function ask() {
  if (getComputedStyle(byID('tabbar')).display !== 'none') tabs.open('ask');
  byID('composer').focus();
}

/** Only where this page links to one. */
function goToDashboard() {
  if (!document.querySelector('[data-dashboard-link]:not([hidden])')) return false;
  location.assign('/dashboard');
}

/**
 * Reads other code, or holds it against another version.
 * @param {Partial<import('./reading.js').Reading>} change
 */
function read(change) {
  store.update((state) => ({ ...state, reading: { ...state.reading, ...change } }));
  store.flush();
}
byID('dashboard-link').append(icon('chart'), h('span', { class: 'theme-word' }, 'Dashboard'));
showDashboardLinks();
bindAdminMenu(toast, () => store.state.app.app);

function drawTabs() {
  for (const [panel, name] of Object.entries({ preview: 'eye', ask: 'chat', code: 'code', versions: 'layers' })) {
    document.getElementById(`tab-${panel}`)?.prepend(icon(name));
    document.querySelector(`#tabbar [data-panel="${panel}"]`)?.prepend(icon(name, 22));
  }
}

/**
 * @param {PageState} state
 * @param {number} now
 */
function paceOf({ app }, now) {
  const { generation } = app;
  return { now, rate: generation ? meter.measure(`${generation.id}`, generation.units, now) : 0 };
}

const drawing = new Drawing({
  latest: () => (store.isScheduled ? null : store.state),
  showTexts(state) {
    conversation.showText(state);
    // The other one follows with the whole.
    if (tabs.current === 'code') codePane.showText(state);
    else previewPane.showText(state);
  },
  showWhole(state, held) {
    const pace = paceOf(held, Date.now());
    bar.show(state, pace);
    runtimeErrors.show(state);
    conversation.show(state, pace);
    queue.show(state);
    composer.show(state);
    previewPane.show(state, pace.rate);
    codePane.show(state);
    versionsPane.show(state);
    previewPane.showTurn(state, pace.now, context);
    consoleDrawer.show(state);
  },
});

store.subscribe((state, before) => {
  drawing.show(state);
  company.show(state, before);
  for (const version of versionsWanted(state)) void fetchOther(version);
  showBadge(state);
  announce(state, before, announcer, identity.id);
});

everyTick((now) => {
  const { state } = store;
  if (!state.app.generation) return;
  drawing.catchUp(state);
  const pace = paceOf(state, now);
  conversation.tick(state, pace);
  bar.tick(state, now);
  previewPane.tick(state, now);
});

/**
 * What waits, on the bar of small screens.
 * @param {PageState} state
 */
function showBadge({ app }) {
  const badge = byID('ask-badge');
  badge.hidden = app.queue.length === 0;
  setText(badge, String(app.queue.length));
}

async function fetchVersions() {
  try {
    const answer = await call('app.versions');
    const versions = Array.isArray(answer) ? answer : answer?.versions ?? [];
    store.update((state) => ({
      ...state,
      versions: [...versions].sort((one, other) => (one.created_at < other.created_at ? -1 : 1)),
    }));
  } catch {
    // The conversation says what is needed; the list comes with the next connection.
  }
}

let codeAsked = 0;
/** Brings the files of the version on show. */
async function fetchCode() {
  const version = store.state.app.preview?.version;
  if (!version || store.state.code?.version === version || codeAsked === version) return;
  codeAsked = version;
  try {
    const code = await call('app.code', { version });
    store.update((state) => ({ ...state, code: { version: code.version ?? version, files: code.files ?? {} } }));
  } catch {
    // What streamed stays on show.
  } finally {
    codeAsked = 0;
  }
}

/** Versions that are being fetched, or could not be. */
const othersAsked = new Set();
/**
 * Brings the files of another version, to be read or compared.
 * @param {number} version
 */
async function fetchOther(version) {
  if (othersAsked.has(version) || !store.state.isConnected) return;
  othersAsked.add(version);
  try {
    const code = await call('app.code', { version });
    store.update((state) => ({ ...state, codes: new Map(state.codes).set(version, code.files ?? {}) }));
    othersAsked.delete(version);
  } catch (error) {
    toast.show(sentenceOf(error));
    // Asked for again with the next connection, and not before.
  }
}

const channel = `app:${appID}`;
const subscription = client.subscribe(channel, {
  joinLeave: true,
  mayJump: (data) => data?.type === 'token',
  onSnapshot: (data) => {
    store.update((state) => ({ ...state, app: applySnapshot(state.app, data, Date.now()) }));
    connection.recovered(-1);
  },
  onPublication: (data, { live }) => {
    if (data?.type === 'console') return addLine(data);
    store.update((state) => {
      const app = applyEvent(state.app, data, { now: Date.now(), live });
      return app === state.app ? state : { ...state, app };
    });
    if (store.state.app.gap) subscription.resync();
    if (data?.type === 'generation.finished' || data?.type === 'preview') {
      void fetchVersions();
      void fetchCode();
    }
  },
  onRecovered: (count) => connection.recovered(count),
  onSubscribed: () => {
    othersAsked.clear();
    void fetchVersions();
    void fetchCode();
    void fetchPresence();
  },
  onJoin: (info) => setClient(info, true),
  onLeave: (info) => setClient(info, false),
  onError: (error) => {
    connection.recovered(-1);
    if (error.code === 102 || error.code === 404) store.update((state) => ({ ...state, isMissing: true }));
    else if (error.code === 2000) store.update((state) => ({ ...state, app: { ...state.app, removed: true } }));
    else toast.show(sentenceOf(error));
  },
});

async function fetchPresence() {
  try {
    const clients = await subscription.presence();
    store.update((state) => ({ ...state, clients: new Map(Object.entries(clients)) }));
  } catch {
    // Without presence oneself is shown.
  }
}

/**
 * @param {ClientInfo} info
 * @param {boolean} isHere
 */
function setClient(info, isHere) {
  store.update((state) => {
    const clients = new Map(state.clients);
    if (isHere) clients.set(info.client, info);
    else clients.delete(info.client);
    return { ...state, clients };
  });
  if (!isHere) company.leave(info);
  if (isHere && info.user !== identity.id) offerName(identity, toast, context.actions.changeName);
}

/** @param {any} event */
function addLine(event) {
  store.update((state) => ({
    ...state,
    console: addToConsole(state.console, event, {
      now: Date.now(),
      version: state.app.preview?.version ?? 0,
      nameOf: (user) => nameOf(state, user),
    }),
  }));
}

const company = new Company({ client, channel: `${channel}:cursors`, store, context, previewPane });
const reporter = new ConsoleReporter(
  (entries) => call('app.console', { entries }),
  (run, milliseconds) => window.setTimeout(run, milliseconds),
  context.limits,
);
const bridge = new PreviewBridge({
  frame: () => previewPane.window,
  origin: () => previewPane.origin,
  now: () => performance.now(),
  token: newToken,
  limits: context.limits,
  onConsole: (entries) => reporter.add(entries),
  onPointer: (x, y) => company.pointAtPreview(x, y),
  onScroll: (y) => company.scrollPreview(y),
});
window.addEventListener('message', (event) => bridge.receive(event));

Object.defineProperty(window, 'vibe', {
  value: Object.freeze({
    get state() {
      return store.state.app;
    },
    get page() {
      return store.state;
    },
    get connection() {
      return client.status;
    },
  }),
});

client.connect();

const origin = takeFork(appID);
if (origin) {
  toast.show('Forked. This is your own copy', {
    label: 'Back',
    run: () => location.assign(`/app/${encodeURIComponent(origin)}`),
  });
}

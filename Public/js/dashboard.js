// @ts-check
// The dashboard: the whole server's numbers, second by second, and what may be done to apps. Everything is pushed.
import { AdminActions, dashboardAccess, hasAdminCalls, heldSecret, holdSecret, WRONG_SECRET } from './admin.js';
import { Announcer } from './announcer.js';
import { AppsTable } from './appsTable.js';
import { applyAppsEvent, applyAppsSnapshot, EMPTY_APPS_STATE } from './appsState.js';
import { BuildsTable } from './buildsTable.js';
import { BarChart, LineChart } from './charts.js';
import { everyTick } from './clock.js';
import { Connection } from './connection.js';
import { byID, set, setText, setVar } from './dom.js';
import { ErrorsList } from './errorsList.js';
import { FlipCounter } from './flipCounter.js';
import { count, span } from './format.js';
import { HeroString } from './heroString.js';
import { icon } from './icons.js';
import { loadIdentity } from './identity.js';
import { logo, mark } from './marks.js';
import { sentenceOf } from './sentences.js';
import { showSimulatorNotice } from './simulator.js';
import { applyStatsEvent, applyStatsSnapshot, EMPTY_STATS_STATE, pointsWithin } from './statsState.js';
import { Store } from './store.js';
import { bindTheme } from './theme.js';
import { Toast } from './toast.js';

/** @typedef {import('./types.js').StatsPoint} StatsPoint */

const identity = loadIdentity();
const announcer = new Announcer();
const toast = new Toast((text) => announcer.say(text));
const actions = new AdminActions(toast);
const store = new Store(
  { stats: EMPTY_STATS_STATE, apps: EMPTY_APPS_STATE, seconds: 900, gate: '' },
  (run) => requestAnimationFrame(run),
);
// Who may see the numbers without a secret sends none.
const connection = new Connection(identity, () => {}, () => {
  const secret = dashboardAccess() === 'open' ? '' : heldSecret();
  return secret === '' ? {} : { admin_secret: secret };
});
const { client } = connection;

byID('logo').prepend(logo());
byID('people').prepend(icon('people'));
bindTheme(/** @type {HTMLButtonElement} */ (byID('theme')));
showSimulatorNotice();

const rate = (/** @type {number} */ value) => count(Math.round(value));
const lines = {
  viewers: new LineChart(byID('viewers-chart'), 'Viewers', count),
  connections: new LineChart(byID('connections-chart'), 'Connections', count),
  deliveries: new LineChart(byID('deliveries-chart'), 'Deliveries a second', rate),
  tokens: new LineChart(byID('tokens-chart'), 'Tokens a second', rate),
};
const firstToken = new BarChart(byID('first-token-chart'), 'Time to first token, last 100');
const build = new BarChart(byID('build-chart'), 'Build time, last 100');
const counter = new FlipCounter(byID('flaps'), byID('live-count'));
const hero = new HeroString(byID('apps-card'), byID('flaps'), byID('hero-end'));
const builds = new BuildsTable(byID('builds'), byID('builds-empty'));
const errors = new ErrorsList(byID('errors'), byID('errors-empty'));
const apps = new AppsTable(actions, hasAdminCalls());

for (const look of /** @type {const} */ (['live', 'building', 'asleep', 'failed'])) byID(`mark-${look}`).append(mark(look));

byID('admin-note').hidden = hasAdminCalls();
const endAll = byID('end-all');
endAll.hidden = !hasAdminCalls();
endAll.addEventListener('click', () => void actions.terminateAll(store.state.apps.counts.total));
const forget = byID('forget');
forget.addEventListener('click', () => {
  holdSecret('');
  location.reload();
});

for (const button of /** @type {NodeListOf<HTMLElement>} */ (byID('range').querySelectorAll('button'))) {
  button.addEventListener('click', () => {
    const seconds = Number(button.dataset.seconds);
    store.update((state) => ({ ...state, seconds }));
  });
}

store.subscribe(({ stats, apps: all, seconds, gate }) => {
  showGate(gate);
  forget.hidden = heldSecret() === '';
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (byID('range').querySelectorAll('button'))) {
    set(button, 'aria-pressed', String(Number(button.dataset.seconds) === seconds));
  }
  setText(byID('range-start'), seconds < 120 ? '-1 min' : `-${seconds / 60} min`);
  const { last } = stats;
  set(byID('numbers'), 'aria-busy', String(!last));
  apps.show(all);
  if (!last) return;
  setText(byID('server-facts'), `Up ${span(last.uptime_s)}, version ${client.serverVersion}`);
  const points = pointsWithin(stats, seconds);
  const of = (/** @type {(point: StatsPoint) => number} */ value) =>
    points.map((point) => ({ time: point.time, value: value(point) }));
  counter.show(last.live);
  hero.show(last.building > 0);
  for (const look of /** @type {const} */ (['live', 'building', 'asleep', 'failed'])) {
    setText(byID(`count-${look}`), count(last[look]));
    setVar(byID(`part-${look}`), '--part', String(last[look]));
  }
  setText(byID('here'), last.viewers === 1 ? '1 person is here' : `${count(last.viewers)} people are here`);
  byID('people').hidden = last.viewers === 0;
  setText(byID('viewers'), count(last.viewers));
  setText(byID('viewers-peak'), `peak ${count(Math.max(...points.map((point) => point.viewers)))}`);
  setText(byID('connections'), count(last.connections));
  setText(byID('deliveries'), rate(last.deliveries_per_s));
  setText(byID('tokens'), rate(last.tokens_per_s));
  setText(byID('streams'), last.builds.length === 1 ? '1 turn' : `${last.builds.length} turns`);
  lines.viewers.show(of((point) => point.viewers), seconds);
  lines.connections.show(of((point) => point.connections), seconds);
  lines.deliveries.show(of((point) => point.deliveries_per_s), seconds);
  lines.tokens.show(of((point) => point.tokens_per_s), seconds);
  if (stats.bounds) {
    firstToken.show(last.first_token_ms, stats.bounds.first_token_ms);
    build.show(last.build_ms, stats.bounds.build_ms);
  }
  builds.show(last.builds, Date.parse(last.time));
  setText(byID('builds-count'), last.builds.length === 0 ? '' : `${last.builds.length} at once`);
  errors.show(last.errors);
});

everyTick((now) => builds.tick(now));

/**
 * Shows the sign-in in place of the numbers, and why.
 * @param {string} gate  `''`: none; `ask`, `wrong` or `closed`.
 */
function showGate(gate) {
  byID('gate').hidden = gate === '' || gate === 'closed';
  byID('closed').hidden = gate !== 'closed';
  byID('main').classList.toggle('is-gated', gate !== '');
  byID('numbers').hidden = gate !== '';
  const problem = byID('gate-problem');
  problem.hidden = gate !== 'wrong';
  set(byID('gate-secret'), 'aria-invalid', gate === 'wrong' ? 'true' : null);
  if (gate === 'wrong' && problem.childElementCount === 0) {
    problem.append(icon('warn', 16), document.createElement('span'));
    setText(/** @type {Element} */ (problem.lastElementChild), WRONG_SECRET);
  }
}

byID('gate-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (byID('gate-secret'));
  if (field.value === '') return;
  holdSecret(field.value);
  store.update((state) => ({ ...state, gate: 'ask' }));
  store.flush();
  subscribeStats();
  client.reconnect();
});

function subscribeStats() {
  client.subscribe('stats', {
    onSnapshot: (data) => {
      store.update((state) => ({ ...state, stats: applyStatsSnapshot(data), gate: '' }));
      connection.recovered(-1);
    },
    onPublication: (data) => store.update((state) => ({ ...state, stats: applyStatsEvent(state.stats, data, client.limits?.stats_points ?? state.stats.points.length) })),
    onRecovered: (missed) => connection.recovered(missed),
    onError: (error) => {
      connection.recovered(-1);
      if (error.code !== 103) {
        toast.show(sentenceOf(error));
        return;
      }
      const isWrong = heldSecret() !== '';
      holdSecret('');
      const gate = dashboardAccess() === '' ? 'closed' : isWrong ? 'wrong' : 'ask';
      store.update((state) => ({ ...state, gate }));
      store.flush();
      if (gate !== 'closed') {
        const field = /** @type {HTMLInputElement} */ (byID('gate-secret'));
        field.focus();
        field.select();
      }
    },
  });
}

subscribeStats();
client.subscribe('apps', {
  onSnapshot: (data) => store.update((state) => ({ ...state, apps: applyAppsSnapshot(state.apps, data) })),
  onPublication: (data) => store.update((state) => ({ ...state, apps: applyAppsEvent(state.apps, data) })),
});

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

// @ts-check
// The page for 503: says why, and opens by itself when what it waits for is there. It waits on the socket and asks nothing over
// and over. The server may say more by <meta name="vibe-reason" content="full|waking|restarting">, <meta name="vibe-app"> (an id)
// and <meta name="vibe-title">.
import { byID, setText } from './dom.js';
import { browserEnvironment, RealtimeClient } from './realtime.js';
import { socketURL } from './connection.js';

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';

const reason = meta('vibe-reason');
const appID = meta('vibe-app') || (location.pathname.startsWith('/app/') ? location.pathname.split('/')[2] : '');
if (reason === 'full') {
  setText(byID('reason'), 'Every sandbox is awake');
  setText(byID('explanation'), 'This page opens by itself as soon as one is free.');
} else if (reason === 'waking') {
  setText(byID('reason'), `Waking ${meta('vibe-title') || 'the app'}`);
  setText(byID('explanation'), 'This usually takes under two seconds.');
}

let wasLost = false;
const client = new RealtimeClient({
  url: socketURL(),
  environment: browserEnvironment(),
  onStatus: ({ state }) => {
    if (state === 'waiting') wasLost = true;
    // The server is there again. One that answers 503 with its sockets open is not asked in circles.
    if (state === 'connected' && wasLost) location.reload();
  },
});
if (reason === 'full' || reason === 'waking') {
  client.subscribe(`app:${appID}`, {
    onPublication: (data) => {
      if (data?.type === 'status' && data.status === 'active') location.reload();
    },
  });
}
client.connect();

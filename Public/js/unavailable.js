// @ts-check
// The page for 503 on the platform's hosts: opens by itself when the server is back. It waits on the socket and asks nothing over
// and over. The words are the server's.
import { browserEnvironment, RealtimeClient } from './realtime.js';
import { socketURL } from './connection.js';

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
client.connect();

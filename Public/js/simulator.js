// @ts-check
// Says plainly that answers come from the built-in simulator, when the server's page says so.
import { byID, h } from './dom.js';
import { icon } from './icons.js';

export function showSimulatorNotice() {
  const meta = document.querySelector('meta[name="vibe-simulator"]');
  if (meta?.getAttribute('content') !== '1') return;
  const notice = byID('simulator');
  notice.replaceChildren(
    icon('info', 16),
    h(
      'p',
      {},
      h('strong', {}, 'Built-in simulator.'),
      ' No API key is set on this server, so answers come from a rehearsed script.',
    ),
  );
  notice.hidden = false;
}

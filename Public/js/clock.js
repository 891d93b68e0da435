// @ts-check
// One clock for all that counts: ten ticks a second while somebody listens and the page is seen.

/** @type {Set<(now: number) => void>} */
const listeners = new Set();
/** @type {number|undefined} */
let timer;

function tick() {
  const now = Date.now();
  for (const listener of listeners) listener(now);
}

function adjust() {
  const runs = listeners.size > 0 && document.visibilityState === 'visible';
  if (runs && timer === undefined) {
    timer = window.setInterval(tick, 100);
    tick();
  } else if (!runs && timer !== undefined) {
    window.clearInterval(timer);
    timer = undefined;
  }
}

document.addEventListener('visibilitychange', adjust);

/**
 * Calls back ten times a second until the returned function is called.
 * @param {(now: number) => void} listener
 */
export function everyTick(listener) {
  listeners.add(listener);
  adjust();
  return () => {
    listeners.delete(listener);
    adjust();
  };
}

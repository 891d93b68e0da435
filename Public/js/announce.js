// @ts-check
// What the app page says aloud.

/** @typedef {import('./announcer.js').Announcer} Announcer */
/** @typedef {import('./pageState.js').PageState} PageState */

/** @type {Record<string, string>} */
const SAID = {
  queued: 'Queued',
  sandbox: 'Sandbox awake',
  generating: 'Generating',
  writing: 'Writing',
  bundling: 'Bundling',
  repairing: 'Repairing',
};

/**
 * Says what has happened since to who does not see it: steps, not tokens.
 * @param {PageState} state
 * @param {PageState} before
 * @param {Announcer} announcer
 */
export function announce({ app }, { app: old }, announcer) {
  if (!old.ready) return;
  if (old.generation && !app.generation) {
    const outcome = app.outcomes[old.generation.messageID];
    if (outcome?.version) announcer.say(`Version ${outcome.version} is live. Answer finished`);
    else if (outcome) announcer.alarm(`No version was made. ${outcome.error || outcome.outcome}`);
  } else if (app.generation && app.build.phase !== old.build.phase && SAID[app.build.phase]) {
    announcer.sayPhase(SAID[app.build.phase]);
  }
  if (app.build.errors.length > 0 && app.build.errors !== old.build.errors) {
    announcer.alarm(`Could not bundle: ${app.build.errors[0].text}`);
  }
}

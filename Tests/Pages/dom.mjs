// As much of a browser as the modules touch when they are loaded, so that their pure parts are tested in node.

export function installDom() {
  const query = () => ({ matches: false, addEventListener() {} });
  globalThis.window ??= { matchMedia: query, setTimeout, clearTimeout };
  globalThis.document ??= { addEventListener() {}, visibilityState: 'visible' };
}

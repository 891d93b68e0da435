// What a strict content policy and the other rules of the pages forbid, read from the files themselves.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../Public/', import.meta.url);
const text = (path) => readFileSync(new URL(path, root), 'utf8');
const pages = ['index.html', 'app.html', 'dashboard.html', 'embed.html', '404.html', '503.html'];
const modules = readdirSync(new URL('js/', root)).filter((name) => name.endsWith('.js'));

for (const page of pages) {
  test(`${page} has no inline script, handler or style, and asks nothing of third parties`, () => {
    const html = text(page);
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)/i);
    assert.doesNotMatch(html, /\son\w+\s*=/i);
    assert.doesNotMatch(html, /\sstyle\s*=/i);
    assert.doesNotMatch(html, /<style/i);
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//i);
  });

  test(`${page} refers to files that exist and to ids that are there once`, () => {
    const html = text(page);
    for (const [, path] of html.matchAll(/(?:src|href)="\/((?:js|css)\/[^"]+)"/g)) {
      assert.ok(existsSync(new URL(path, root)), path);
    }
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    for (const [, targets] of html.matchAll(/(?:aria-labelledby|aria-controls|aria-describedby|for)="([^"]+)"/g)) {
      for (const id of targets.split(' ')) assert.ok(ids.includes(id), id);
    }
    assert.match(html, /<html lang="en">/);
    assert.match(html, /<h1/);
    assert.match(html, /<main/);
  });
}

test('each element a module asks for by id is in a page', () => {
  const ids = new Set(pages.flatMap((page) => [...text(page).matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id)));
  for (const name of modules) {
    for (const [, id] of text(`js/${name}`).matchAll(/byID\('([^']+)'\)/g)) assert.ok(ids.has(id), `${name}: ${id}`);
  }
});

test('modules never make markup from text, and never ask over and over', () => {
  for (const name of modules) {
    const source = text(`js/${name}`);
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    assert.doesNotMatch(source, /setAttribute\('style'/, name);
    assert.doesNotMatch(source, /https?:\/\/(?!www\.w3\.org)/, name);
  }
  const timers = modules.filter((name) => text(`js/${name}`).includes('setInterval'));
  assert.deepEqual(
    timers,
    ['clock.js', 'promptBox.js'],
    'the clock and the placeholder, neither of which asks the server',
  );
});

test('each module says that it is checked', () => {
  for (const name of modules) if (name !== 'boot.js') assert.match(text(`js/${name}`), /^\/\/ @ts-check\n/, name);
});

// The JSDoc types of all modules, checked by Debian's node-typescript.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const folder = fileURLToPath(new URL('../../Public/js/', import.meta.url));
const modules = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'boot.js');
const isInstalled = spawnSync('tsc', ['--version']).status === 0;

test(
  'all modules keep their types',
  { skip: !isInstalled && 'tsc is not installed (apt-get install node-typescript)' },
  () => {
    const options = '--noEmit --checkJs --allowJs --strict -t es2022 -m es2022 --moduleResolution node'.split(' ');
    const result = spawnSync('tsc', [...options, ...modules], { cwd: folder, encoding: 'utf8' });
    assert.equal(result.status, 0, result.stdout);
  },
);

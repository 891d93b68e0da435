// The tables of `protocol/README.md`, and the server's limits by default as they stand there.
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../protocol/README.md', import.meta.url), 'utf8');

/**
 * The cells of a table's rows, without marks of code.
 * @param {string} name
 */
export function table(name) {
  const lines = text.split(`<!-- table: ${name} -->\n`)[1].split('\n').slice(2);
  const rows = lines.slice(0, lines.findIndex((line) => !line.startsWith('|')));
  return rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.replaceAll('`', '').trim()));
}

/** What the answer to `connect` says. */
export const LIMITS = Object.fromEntries(
  table('client limits').map(([member, value]) => [member, Number(value.replaceAll(',', ''))]),
);

/** The bounds of the buckets. */
export const BOUNDS = Object.fromEntries(table('buckets').map(([member, bounds]) => [member, bounds.split(', ').map(Number)]));

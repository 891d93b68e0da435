// From a place in what the bundler wrote to the place in the source.
import type { SourceMap } from "node:module";
import type { Place } from "./references.ts";

/** Line and column from 1 of `word`, a name or what a string holds, which was read at `at`. */
export function placeOf(at: Place, word: string, isString: boolean, source: string, map: SourceMap): { line: number; column: number } {
  const entry = map.findEntry(at.line - 1, at.column);
  const first = "originalLine" in entry ? entry : { originalLine: 0, originalColumn: 0 };
  const lines = source.split("\n");
  // The map is as fine as expressions: the word itself comes next, or somewhere else on the line or in the file.
  const isWord = new RegExp(`${isString ? "[\"'`]" : "(?<![\\w$])"}${RegExp.escape(word)}(?![\\w$])`);
  const rest = lines[first.originalLine]?.slice(first.originalColumn).search(isWord) ?? -1;
  if (rest >= 0) return { line: first.originalLine + 1, column: first.originalColumn + rest + 1 };
  for (const line of [first.originalLine, ...lines.keys()]) {
    const column = lines[line]?.search(isWord) ?? -1;
    if (column >= 0) return { line: line + 1, column: column + 1 };
  }
  return { line: first.originalLine + 1, column: first.originalColumn + 1 };
}

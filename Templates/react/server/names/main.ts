// A process that looks through the staged files named on its input, writes what it found, and ends.
//
// The bundler takes the types away first, as it does for the browser: what is left is what runs. No code of the app runs here.
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { SourceMap } from "node:module";
import type { BuildError, Imports } from "../check.ts";
import { type Finding, findings } from "./findings.ts";
import { placeOf } from "./places.ts";
import { readModule } from "./references.ts";

const maximumErrors = 50;

type Work = { parser: string; component: string; files: string[]; imports: Imports };

// Where memory is short, this process goes before the dev server. Without /proc there is no such order.
try {
  writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {}

const { parser, component, files, imports }: Work = JSON.parse(readFileSync(0, "utf8"));
const { parse } = await import(parser);
// Packages are loaded to see what they export; what they say is not our answer.
for (const name of ["log", "info", "warn", "error", "debug"] as const) console[name] = () => {};

const errors: BuildError[] = [];
for (const path of files) {
  const built = await Bun.build({ entrypoints: [path], target: "browser", external: ["*"], sourcemap: "external" });
  const [code, map] = await Promise.all(
    ["entry-point", "sourcemap"].map((kind) => built.outputs.find((output) => output.kind === kind)!.text()),
  );
  const source = readFileSync(path, "utf8");
  const sourceMap = new SourceMap(JSON.parse(map!));
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const found = findings(readModule(program, path === component), source, imports);
  const room = maximumErrors - errors.length;
  for (const finding of found.slice(0, room)) errors.push(errorOf(finding, path, source, sourceMap));
}
writeSync(1, JSON.stringify(errors));
process.exit(0);

function errorOf({ code, text, module, at }: Finding, path: string, source: string, map: SourceMap): BuildError {
  return { path, ...placeOf(at, text, code.startsWith("import_"), source, map), text, code, module };
}

// Bundles a staged tree without serving it, and says what is wrong with it.
import { readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { appFolder, componentPath, modulesFolder, root, stageFolder } from "./layout.ts";

/** What we ourselves have against the code: `text` is the name or the import that is meant, and `module` what it is of. */
export type BuildErrorCode = "name_undefined" | "export_missing" | "import_remote" | "import_node" | "component_empty";
export type BuildError = {
  path: string;
  line: number;
  column: number;
  text: string;
  code?: BuildErrorCode;
  module?: string;
};

/** Where the app's imports lead: files of packages by what is written, and exports that these do not have. */
export type Imports = {
  modules: Record<string, { path: string; isCommonJS: boolean }>;
  missing: { path: string; name: string }[];
};
export type Check = { errors: BuildError[]; reached: Set<string>; imports: Imports };

const maximumErrors = 50;
const maximumText = 2000;
const modules = realpathSync(modulesFolder);
const entry = join(stageFolder, ".check.tsx");
/** The bundler has modules of its own that stand in for some of Node's. */
const standsIn = /^node:/;

/** Bundles the staged tree; `reached` are the app's files that the component imports, by path from the app's folder. */
export async function check(): Promise<Check> {
  const result = await Bun.build({
    entrypoints: [entry],
    files: { [entry]: `import Component from "./${componentPath}"; globalThis.component = Component;` },
    root: stageFolder,
    target: "browser",
    throw: false,
    metafile: true,
  });
  const errors = result.logs.filter((log) => log.level === "error").map(errorOfLog);
  const reached = new Set<string>();
  const imports: Imports = { modules: {}, missing: result.logs.flatMap(missingOfLog) };
  const inputs = result.metafile?.inputs ?? {};
  for (const [input, { imports: imported }] of Object.entries(inputs)) {
    // Bun names inputs from the working directory.
    const file = resolve(input);
    if (file === entry) continue;
    if (isBelow(file, join(stageFolder, "src"))) {
      reached.add(relative(stageFolder, file));
      for (const { path, original } of imported) {
        if (standsIn.test(path) && inputs[path]) errors.push(nodeImport(file, original ?? path));
        const target = resolve(path);
        if (original === undefined || !isBelow(target, modules)) continue;
        imports.modules[original] = { path: target, isCommonJS: inputs[path]?.format === "cjs" };
      }
    } else if (!isBelow(file, modules) && !standsIn.test(input)) {
      errors.push(at(componentPath, `An app cannot import ${JSON.stringify(file)}`));
    }
  }
  if (!result.success && errors.length === 0) errors.push(at(componentPath, "The bundler failed without saying why"));
  return { errors: errors.slice(0, maximumErrors), reached, imports };
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder + "/");
}

function at(path: string, text: string): BuildError {
  return { path, line: 1, column: 1, text };
}

function nodeImport(file: string, module: string): BuildError {
  const lines = readFileSync(file, "utf8").split("\n");
  const line = Math.max(0, lines.findIndex((each) => /["']/.test(each) && each.includes(module)));
  const column = Math.max(0, lines[line]!.search(/["']/));
  return { path: pathShown(file), line: line + 1, column: column + 1, text: module, code: "import_node" };
}

/** The export that a package does not have, where the bundler warns of its use. */
function missingOfLog({ level, message }: BuildMessage | ResolveMessage): Imports["missing"] {
  const found = /^Import "(.+)" will always be undefined because there is no matching export in "(.+)"$/.exec(message);
  return found && level !== "error" ? [{ name: found[1]!, path: resolve(found[2]!) }] : [];
}

/** What the bundler says, where we have a code for it. */
function coded(message: string, position: BuildMessage["position"] | undefined): Pick<BuildError, "text" | "code" | "module"> | undefined {
  const missing = /^No matching export in "(.+)" for import "(.+)"$/.exec(message);
  if (missing && isBelow(resolve(missing[1]!), modules)) {
    const [name, second] = relative(modules, resolve(missing[1]!)).split("/");
    const module = name!.startsWith("@") ? `${name}/${second}` : name!;
    return { text: missing[2]!, code: "export_missing", module: position ? specifierAt(position, module) : module };
  }
  const builtin = /^Browser build cannot import (?:Node\.js|Bun) builtin: "(.+?)"/.exec(message);
  return builtin ? { text: builtin[1]!, code: "import_node" } : undefined;
}

/** What the import at `position` is written as, when that is of the package: `chart.js/auto` of `chart.js`. */
function specifierAt({ file, line }: NonNullable<BuildMessage["position"]>, module: string): string {
  const rest = readFileSync(file, "utf8").split("\n").slice(line - 1).join("\n");
  const written = /\bfrom\s*["'](.+?)["']/.exec(rest)?.[1];
  return written?.startsWith(module + "/") ? written : module;
}

function errorOfLog(log: BuildMessage | ResolveMessage): BuildError {
  const position = log.position;
  const file = position ? resolve(position.file) : entry;
  if (file === entry) {
    if (log.message.startsWith("No matching export")) return at(componentPath, noDefaultExport);
    return at(componentPath, shown(log.message));
  }
  return {
    path: pathShown(file),
    line: Math.max(1, position?.line ?? 1),
    column: Math.max(1, position?.column ?? 1),
    text: shown(log.message),
    ...coded(log.message, position),
  };
}

export const noDefaultExport = `${componentPath} has no default export: write "export default function App() { … }"`;

function pathShown(file: string): string {
  for (const folder of [stageFolder, appFolder, root]) if (isBelow(file, folder)) return relative(folder, file);
  return file;
}

/** The bundler's text in the words of somebody who cannot install anything. */
function shown(text: string): string {
  return text
    .replaceAll(stageFolder + "/", "")
    .replace(/ Maybe you need to "bun install"\?/, " This package is not installed in the sandbox.")
    .slice(0, maximumText);
}

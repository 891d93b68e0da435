// Bundles a staged tree without serving it, and says what is wrong with it.
import { realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { appFolder, componentPath, modulesFolder, root, stageFolder } from "./layout.ts";

export type BuildError = { path: string; line: number; column: number; text: string };
export type Check = { errors: BuildError[]; reached: Set<string> };

const maximumErrors = 50;
const maximumText = 2000;
const modules = realpathSync(modulesFolder);
const entry = join(stageFolder, ".check.tsx");

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
  for (const input of Object.keys(result.metafile?.inputs ?? {})) {
    // Bun names inputs from the working directory.
    const file = resolve(input);
    if (file === entry) continue;
    if (isBelow(file, join(stageFolder, "src"))) reached.add(relative(stageFolder, file));
    else if (!isBelow(file, modules)) errors.push(at(componentPath, `An app cannot import ${JSON.stringify(file)}`));
  }
  if (!result.success && errors.length === 0) errors.push(at(componentPath, "The bundler failed without saying why"));
  return { errors: errors.slice(0, maximumErrors), reached };
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder + "/");
}

function at(path: string, text: string): BuildError {
  return { path, line: 1, column: 1, text };
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

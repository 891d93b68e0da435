// What the packages in CommonJS export, as they say themselves when they are loaded.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();
/** Comments with lines of their own. */
const comments = /^\s*(?:\/\/.*$|\/\*[^]*?\*\/)/gm;
const scanned = new Map<string, Set<string> | undefined>();

/** The names that `import` finds in this file of a package; nothing when it cannot be loaded here, without a page. */
export function exportsOf(path: string, isOfDefault: boolean): { has(name: string): boolean } | undefined {
  const exported = load(path);
  if (!isObject(exported)) return undefined;
  const isModule = "__esModule" in exported;
  const object = isOfDefault && isModule ? exported["default" as keyof typeof exported] : exported;
  if (!isObject(object)) return undefined;
  // Some packages are a function that gets its members only where there is a page: members that their text speaks of are believed.
  const text = typeof object === "function" ? readFileSync(path, "utf8").replace(comments, "") : "";
  const isNamed = (name: string) => {
    const word = `${RegExp.escape(name)}(?![\\w$])`;
    return new RegExp(`(?:[.,{"'\`]|\\b[gs]et)\\s*${word}|(?<![\\w$])${word}\\s*:`).test(text);
  };
  return { has: (name) => (name === "default" && !isOfDefault) || name in object || isNamed(name) };
}

/** The names that a module exports; nothing when it passes on those of others, which are not looked at. */
export function exportsOfModule(path: string): Set<string> | undefined {
  if (!scanned.has(path)) scanned.set(path, scan(readFileSync(path, "utf8")));
  return scanned.get(path);
}

function scan(text: string): Set<string> | undefined {
  if (/\bexport\s*\*/.test(text)) return undefined;
  try {
    return new Set(new Bun.Transpiler({ loader: "js" }).scan(text).exports);
  } catch {
    return undefined;
  }
}

function load(path: string): unknown {
  if (!loaded.has(path)) {
    try {
      loaded.set(path, require(path));
    } catch {
      loaded.set(path, undefined);
    }
  }
  return loaded.get(path);
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

// What the packages in CommonJS export, as they say themselves when they are loaded.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const loaded = new Map<string, unknown>();

/** The names that `import` finds in this file of a package; nothing when it cannot be loaded here, without a page. */
export function exportsOf(path: string, isOfDefault: boolean): { has(name: string): boolean } | undefined {
  const exported = load(path);
  if (!isObject(exported)) return undefined;
  const isModule = "__esModule" in exported;
  const object = isOfDefault && isModule ? exported["default" as keyof typeof exported] : exported;
  if (!isObject(object)) return undefined;
  // Some packages are a function that gets its members only where there is a page: what their text speaks of is believed.
  const text = typeof object === "function" ? readFileSync(path, "utf8") : "";
  const isNamed = (name: string) => new RegExp(`(?<![\\w$])${RegExp.escape(name)}(?![\\w$])`).test(text);
  return { has: (name) => (name === "default" && !isOfDefault) || name in object || isNamed(name) };
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

// What is wrong with a module that was read: what would fail in the browser although it bundles.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import type { BuildErrorCode, Imports } from "../check.ts";
import { exportsOf, exportsOfModule } from "./packages.ts";
import type { Import, Module, Place } from "./references.ts";

/** An error of the module; `text` is the name or the import as it was written. */
export type Finding = { code: BuildErrorCode; text: string; module?: string; at: Place };

/** All that a browser knows in the preview's frame, one a line (scripts/record-globals), and what is the bundler's. */
const globals = new Set(
  readFileSync(`${import.meta.dir}/globals.txt`, "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#")),
);
const bundlers = new Set(["require", "module", "exports"]);

/** Members of packages that add others to them. */
const extending = new Set(["extend", "mixin", "use", "plugin", "registerPlugin"]);

/** Each name once, where it is used first. */
export function findings(module: Module, source: string, imports: Imports): Finding[] {
  const found: Finding[] = [];
  const names = new Set<string>();
  const add = (finding: Finding) => {
    const key = `${finding.code} ${finding.text} ${finding.module ?? ""}`;
    if (!names.has(key)) found.push(finding);
    names.add(key);
  };
  const declared = declaredNames(source);
  for (const { name, at, isCaught } of module.free) {
    // The bundler calls the `module` of a file after it where it does not provide one.
    const text = name.startsWith("module_") && !source.includes(name) ? "module" : name;
    if (isCaught || globals.has(name) || bundlers.has(name) || module.known.has(name) || declared.has(text)) continue;
    add({ code: "name_undefined", text, at });
  }
  for (const at of module.environment) add({ code: "name_undefined", text: "import.meta.env", at });
  for (const { module: asked, at } of [...module.imports, ...module.asked]) {
    const code = codeOfImport(asked, imports);
    if (code) add({ code, text: asked, at });
  }
  for (const each of module.imports) for (const finding of missingExports(each, module, imports)) add(finding);
  if (module.empty) add({ code: "component_empty", text: "", at: module.empty });
  return found;
}

/** An import that no browser can follow from a preview. */
function codeOfImport(module: string, imports: Imports): BuildErrorCode | undefined {
  if (/^(?:https?:)?\/\//i.test(module)) return "import_remote";
  if (isBuiltin(module) && !imports.modules[module]) return "import_node";
  return undefined;
}

function* missingExports(each: Import, { uses }: Module, imports: Imports): Generator<Finding> {
  const target = imports.modules[each.module];
  const used = uses.get(each.local);
  if (!target || !used) return;
  const lacks = (name: string, isOfDefault: boolean) =>
    target.isCommonJS
      ? exportsOf(target.path, isOfDefault)?.has(name) === false
      : !isOfDefault &&
        (imports.missing.some((one) => one.path === target.path && one.name === name) ||
          exportsOfModule(target.path)?.has(name) === false);
  const isNamespace = each.imported === "*";
  if (!isNamespace && each.imported !== "default") {
    // The bundler itself tells of a module's missing exports. Of a package in CommonJS it knows none.
    const isTested = used.names.some(({ role }) => role === "test");
    if (!isTested && target.isCommonJS && lacks(each.imported, false)) {
      yield { code: "export_missing", text: each.imported, module: each.module, at: each.at };
    }
    return;
  }
  // What plugins add to a package is known to nobody.
  const isExtended = used.members.some(({ property }) => extending.has(property) && !lacks(property, !isNamespace));
  if (isExtended) return;
  for (const { property, at } of used.members) {
    if (!lacks(property, !isNamespace)) continue;
    // Whoever asks first is prepared.
    if (used.members.some((other) => other.property === property && other.role === "test")) continue;
    yield { code: "export_missing", text: property, module: each.module, at };
  }
}

/** Names that the source declares to exist elsewhere: `declare const gtag: any`. */
function declaredNames(source: string): Set<string> {
  const found = new Set<string>();
  if (!/\bdeclare\b/.test(source)) return found;
  // Which of them stand in a `declare global { … }` is not looked at.
  for (const match of source.matchAll(/\b(?:var|let|const|function|class|namespace|enum)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)) {
    found.add(match[1]!);
  }
  return found;
}

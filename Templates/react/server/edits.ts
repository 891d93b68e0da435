// One edit at a time: stage, check, move into place, wait until it is served.
import { rm } from "node:fs/promises";
import { check, type BuildError } from "./check.ts";
import { type Files, merged, moveIntoPlace, writeTree } from "./files.ts";
import { componentPath, stageFolder } from "./layout.ts";
import { checkNames } from "./names.ts";
import { compile, placementOf } from "./tailwind.ts";
import type { Updates } from "./updates.ts";

/** `unchecked` says that the names should have been checked, and were not. */
export type Answer = { status: "ok"; unchecked?: true } | { status: "error"; errors: BuildError[] };

export class Edits {
  #current: Files;
  #updates: Updates;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(current: Files, updates: Updates) {
    this.#current = current;
    this.#updates = updates;
  }

  /**
   * Answers when the edit is served, or with the errors for which it is not. Edits run one after the other.
   *
   * The names are checked in new code only: what was served once is served again.
   */
  run(edit: Files, checksNames = false): Promise<Answer> {
    const result = this.#queue.then(() => this.#run(edit, checksNames));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Compiles the stylesheet of the files that were there at the start. */
  async start(): Promise<void> {
    await writeTree(stageFolder, this.#current);
    await placementOf(await compile(this.#current)).place();
  }

  async #run(edit: Files, checksNames: boolean): Promise<Answer> {
    const changed = [...edit.keys()].filter((path) => this.#current.get(path) !== edit.get(path));
    if (changed.length === 0) return { status: "ok" };
    const next = merged(this.#current, edit);
    try {
      await writeTree(stageFolder, next);
      const { errors, reached, imports } = await check();
      if (errors.length > 0) return { status: "error", errors };
      const used = changed.filter((path) => reached.has(path));
      const scripts = used.filter((path) => /\.tsx?$/.test(path));
      // The one process looks at the names while the other makes the stylesheet.
      const [names, text] = await Promise.all([checksNames ? checkNames(scripts, imports) : [], compile(next)]);
      if (names && names.length > 0) return { status: "error", errors: names };
      const styles = placementOf(text);

      // A script is named in its update, the stylesheet by its mark; a file of another kind brings some update.
      const marks = scripts.map((path) => JSON.stringify(path));
      if (styles.mark) marks.push(styles.mark);
      const served = used.length > 0 || styles.mark ? this.#updates.until(marks) : undefined;

      await styles.place();
      await moveIntoPlace(stageFolder, this.#ordered(changed));
      const failures = (await served) ?? [];
      if (failures.length > 0) {
        await styles.putBack();
        await this.#putBack(changed);
        return { status: "error", errors: failures };
      }
      this.#current = next;
      return names ? { status: "ok" } : { status: "ok", unchecked: true };
    } finally {
      await rm(stageFolder, { recursive: true, force: true });
    }
  }

  /** New files first and the component last, so that as little as possible is missing meanwhile. */
  #ordered(paths: string[]): string[] {
    const rank = (path: string) => (path === componentPath ? 2 : this.#current.has(path) ? 1 : 0);
    return paths.toSorted((one, other) => rank(one) - rank(other));
  }

  /** Puts the last good text of these files back. */
  async #putBack(paths: string[]): Promise<void> {
    const old: Files = new Map();
    for (const path of paths) {
      const text = this.#current.get(path);
      if (text !== undefined) old.set(path, text);
    }
    await writeTree(stageFolder, old);
    await moveIntoPlace(stageFolder, old.keys());
  }
}

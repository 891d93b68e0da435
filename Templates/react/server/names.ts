// Asks a process of its own whether a staged tree uses names, imports or exports that do not exist.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BuildError, Imports } from "./check.ts";
import { componentPath, parserFile, stageFolder, temporaryFolder } from "./layout.ts";

/** What was found; nothing when the check could not be made, which refuses no code. */
export type Names = BuildError[] | undefined;

const deadlineMilliseconds = 2_000;
const checker = join(import.meta.dir, "names/main.ts");

/** Looks through these staged files. Never throws: whatever goes wrong with the process, it is ended, and nothing is found. */
export async function checkNames(files: string[], imports: Imports): Promise<Names> {
  if (!existsSync(parserFile)) return undefined;
  try {
    const child = Bun.spawn([process.execPath, "--no-install", "--no-macros", checker], {
      cwd: stageFolder,
      stdin: new Blob([JSON.stringify({ parser: parserFile, component: componentPath, files, imports })]),
      stdout: "pipe",
      stderr: "ignore",
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: temporaryFolder },
      timeout: deadlineMilliseconds,
      killSignal: "SIGKILL",
    });
    const text = await new Response(child.stdout).text();
    if ((await child.exited) === 0) return JSON.parse(text);
    console.error(`The names were not checked: ${child.signalCode ?? `status ${child.exitCode}`}`);
  } catch (error) {
    console.error(`The names were not checked: ${error}`);
  }
  return undefined;
}

// Tailwind's own command line, run once an edit.
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stageFolder, stylesheet, tailwindBinary, temporaryFolder, workFolder } from "./layout.ts";
import type { Files } from "./files.ts";

const input = join(workFolder, "tailwind.in.css");
const next = join(workFolder, "tailwind.next.css");
const deadlineMilliseconds = 10_000;

/** The stylesheet that is served, and the number by which the hot-update channel shows that it is. */
let current = { text: "", number: 0 };

/** Compiles the stylesheet of the staged tree. */
export async function compile(files: Files): Promise<string> {
  // Without the word there is no class, and the time of a process is saved: so it is with the starter.
  if (![...files.values()].some((text) => /class/i.test(text))) return "";
  await writeFile(input, '@import "tailwindcss" source(none);\n@source "./stage/src";\n');
  const child = Bun.spawn([tailwindBinary, "-i", input, "-o", "-"], {
    cwd: stageFolder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: temporaryFolder },
    timeout: deadlineMilliseconds,
    killSignal: "SIGKILL",
  });
  const [text, said] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`Tailwind failed: ${said.slice(-500)}`);
  return text;
}

export type Placement = {
  /** What an update says once the stylesheet is served; nothing when it is the one that is served already. */
  mark: string | undefined;
  place(): Promise<void>;
  putBack(): Promise<void>;
};

/** Prepares to serve `text` in place of the present stylesheet. */
export function placementOf(text: string): Placement {
  const before = current;
  if (text === before.text) return { mark: undefined, place: async () => {}, putBack: async () => {} };
  const after = { text, number: before.number + 1 };
  return {
    mark: `--vibe-edit: ${after.number};`,
    place: () => write(after),
    putBack: () => write({ text: before.text, number: after.number + 1 }),
  };
}

async function write(sheet: typeof current): Promise<void> {
  await writeFile(next, `${sheet.text}\n:root { --vibe-edit: ${sheet.number}; }\n`);
  await rename(next, stylesheet);
  current = sheet;
}

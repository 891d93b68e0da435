// Where things lie. The same tree is seen at `/` in a sandbox and in the app's folder without one:
// template/ (read-only), app/ (writable), run/ (the socket), tmp/ and node_modules/.
import { constants, openSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dir, "../..");
export const appFolder = join(root, "app");
// Bun watches only what lies below its working directory, the app's folder; so the stylesheet is in there too.
export const workFolder = join(appFolder, ".vibe");
export const stageFolder = join(workFolder, "stage");
export const temporaryFolder = join(root, "tmp");
export const modulesFolder = process.env.VIBE_MODULES ?? join(root, "node_modules");
export const stylesheet = join(workFolder, "tailwind.css");
// Through a descriptor, as a socket's path holds 107 bytes at most and the data folder may lie deep.
const runFolder = openSync(join(root, "run"), constants.O_DIRECTORY);
export const socketPath = `/proc/self/fd/${runFolder}/dev.sock`;
export const tailwindBinary = process.env.VIBE_TAILWIND ?? "";
/** Reads ECMAScript; nothing where the toolchain is older than that part of it. */
export const parserFile = process.env.VIBE_PARSER ?? "";
export const componentPath = "src/LLMComponent.tsx";

// What an edit may contain: relative paths below src/, of a few kinds, in bounded number and size.
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { appFolder, componentPath } from "./layout.ts";

export type Files = Map<string, string>;

export const maximumFiles = 64;
export const maximumBytes = 1 << 20;
const maximumFilesOfApp = 256;
const maximumBytesOfApp = 4 << 20;
const maximumPathBytes = 200;
const maximumDepth = 8;

// ASCII only, so that two spellings of one name (NFC, NFD) cannot exist; no segment starts with a dot or a hyphen.
const allowed = /^src(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\/[A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:tsx|ts|css|json|svg|md)$/;

/** Whether an app may have a file of this path. */
export function isAllowedPath(path: string): boolean {
  return path.length <= maximumPathBytes && path.split("/").length <= maximumDepth && allowed.test(path);
}

export class Refused extends Error {}

/** Reads the body of `POST /edit`: `{"component"}` or `{"files":{path:text}}`, either with `"names":true`. */
export function editOfRequest(body: unknown): { files: Files; checksNames: boolean } {
  return { files: filesOfRequest(body), checksNames: (body as { names?: unknown }).names === true };
}

function filesOfRequest(body: unknown): Files {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Refused("the body is not an object");
  const { component, files } = body as { component?: unknown; files?: unknown };
  const found: Files = new Map();
  if (files !== undefined) {
    if (typeof files !== "object" || files === null || Array.isArray(files)) throw new Refused("files is not an object");
    for (const [path, text] of Object.entries(files)) {
      if (!isAllowedPath(path)) throw new Refused(`the path ${JSON.stringify(path)} is not allowed`);
      if (typeof text !== "string") throw new Refused(`the text of ${path} is not a string`);
      found.set(path, text);
    }
  }
  if (component !== undefined) {
    if (typeof component !== "string") throw new Refused("component is not a string");
    found.set(componentPath, component);
  }
  if (found.size === 0) throw new Refused("there is neither component nor files");
  if (found.size > maximumFiles) throw new Refused(`more than ${maximumFiles} files`);
  if (bytesOf(found) > maximumBytes) throw new Refused(`more than ${maximumBytes} bytes`);
  return found;
}

/** The app's files with the edit laid over them. */
export function merged(current: Files, edit: Files): Files {
  const all: Files = new Map([...current, ...edit]);
  if (all.size > maximumFilesOfApp) throw new Refused(`the app would have more than ${maximumFilesOfApp} files`);
  if (bytesOf(all) > maximumBytesOfApp) throw new Refused(`the app would have more than ${maximumBytesOfApp} bytes`);
  return all;
}

function bytesOf(files: Files): number {
  let sum = 0;
  for (const text of files.values()) sum += Buffer.byteLength(text);
  return sum;
}

/** Reads what lies in the app's folder at the start; anything that is not allowed is left out. */
export async function readApp(): Promise<Files> {
  const found: Files = new Map();
  for (const entry of await readdir(join(appFolder, "src"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(appFolder.length + 1);
    if (isAllowedPath(path)) found.set(path, readFileSync(join(appFolder, path), "utf8"));
  }
  return found;
}

/** Empties `folder` and writes all files below it. */
export async function writeTree(folder: string, files: Files): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, path))));
  for (const each of folders) await mkdir(each, { recursive: true });
  await Promise.all([...files].map(([path, text]) => writeFile(join(folder, path), text)));
}

/** Moves files from a tree that `writeTree` wrote to the app's folder, each in one step. */
export async function moveIntoPlace(folder: string, paths: Iterable<string>): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(appFolder, path)), { recursive: true });
    await rename(join(folder, path), join(appFolder, path));
  }
}

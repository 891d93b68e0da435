// The dev server of one app: Bun's, with hot updates, plus `POST /edit` and `GET /heartbeat` for the server outside.
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import page from "../page/index.html";
import { editOfRequest, maximumBytes, readApp, Refused } from "./files.ts";
import { Edits } from "./edits.ts";
import { socketPath, stylesheet, workFolder } from "./layout.ts";
import { Updates } from "./updates.ts";

mkdirSync(workFolder, { recursive: true });
if (!existsSync(stylesheet)) writeFileSync(stylesheet, "");
rmSync(socketPath, { force: true });

const updates = new Updates();
const edits = new Edits(await readApp(), updates);
const styled = edits.start();

const server = Bun.serve({
  unix: socketPath,
  maxRequestBodySize: 8 * maximumBytes,
  development: { hmr: true, console: false, chromeDevToolsAutomaticWorkspaceFolders: false },
  routes: {
    "/heartbeat": { GET: (request) => (isFromBrowser(request) ? refuse() : heartbeat()) },
    "/edit": { POST: (request) => (isFromBrowser(request) ? refuse() : edit(request)) },
    "/*": page,
  },
  error: (error) => answer(500, { status: "error", errors: [{ path: "", line: 1, column: 1, text: String(error) }] }),
});

// Whom the server hands the socket to may connect; everybody else is kept out by its folder.
chmodSync(socketPath, 0o666);

// The first bundle is made now, so that the first visitor and the first edit find it ready.
const bundled = (async () => {
  await fetch("http://localhost/", { unix: socketPath }).then((response) => response.text());
  await updates.connect();
})();

async function heartbeat(): Promise<Response> {
  await styled;
  return answer(200, { status: "ok" });
}

async function edit(request: Request): Promise<Response> {
  try {
    const { files, checksNames } = editOfRequest(await request.json());
    await Promise.all([styled, bundled]);
    return answer(200, await edits.run(files, checksNames));
  } catch (error) {
    const isTheirs = error instanceof Refused || error instanceof SyntaxError;
    const text = error instanceof SyntaxError ? "the body is not JSON" : error instanceof Error ? error.message : "";
    return answer(isTheirs ? 400 : 500, { status: "error", errors: [{ path: "", line: 1, column: 1, text }] });
  }
}

/** These two calls are the server's alone: a browser that reached them through the preview names itself in headers. */
function isFromBrowser(request: Request): boolean {
  return ["origin", "referer", "sec-fetch-site", "sec-fetch-mode"].some((name) => request.headers.has(name));
}

function refuse(): Response {
  return answer(403, { status: "error", errors: [{ path: "", line: 1, column: 1, text: "not for browsers" }] });
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}

await styled;
console.log(`ready after ${Math.round(performance.now())} ms at ${server.url}`);

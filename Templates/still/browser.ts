// A Chromium without a window, spoken to over a pipe (the DevTools protocol): nothing listens for it.
import { writeSync } from "node:fs";

// Its own sandbox cannot be had inside this one, which lets nobody make namespaces: `--no-sandbox`.
const flags = [
  "--headless",
  "--no-sandbox",
  "--no-zygote",
  "--remote-debugging-pipe",
  "--user-data-dir=/tmp/profile",
  "--window-size=1280,800",
  "--hide-scrollbars",
  "--mute-audio",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-breakpad",
  "--disable-features=Translate,MediaRouter,OptimizationHints",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
  "--no-first-run",
  "about:blank",
];

type Message = { id?: number; method?: string; params?: any; result?: any; error?: { message: string }; sessionId?: string };
type Waiter = { resolve: (result: any) => void; reject: (error: Error) => void };

/** A tab. */
export type Page = {
  send: (method: string, parameters?: object) => Promise<any>;
  next: (method: string) => Promise<any>;
};

export class Browser {
  #commands: number;
  #nextID = 0;
  #replies = new Map<number, Waiter>();
  #events: { method: string; resolve: (parameters: any) => void }[] = [];

  /** `ended` is told when the program ends by itself. */
  constructor(program: string, ended: (reason: string) => void) {
    const child = Bun.spawn([program, ...flags], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const [commands, answers] = child.stdio.slice(3) as unknown as [number, number];
    this.#commands = commands;
    child.exited.then((code) => ended(`the browser ended with ${child.signalCode ?? code}`));
    // A pipe breaks when the browser ends, and that is told.
    this.#read(answers).catch(() => {});
  }

  /** Opens an empty tab in which no dialog waits for an answer and nothing is stored. */
  async open(): Promise<Page> {
    await this.#send("Browser.setDownloadBehavior", { behavior: "deny" });
    const { targetId } = await this.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    const page = {
      send: (method: string, parameters: object = {}) => this.#send(method, parameters, sessionId),
      next: (method: string) => new Promise<any>((resolve) => this.#events.push({ method, resolve })),
    };
    await page.send("Page.enable");
    return page;
  }

  #send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = ++this.#nextID;
    const reply = new Promise<any>((resolve, reject) => this.#replies.set(id, { resolve, reject }));
    try {
      writeSync(this.#commands, `${JSON.stringify({ id, method, params, sessionId })}\0`);
    } catch {
      // As above.
    }
    return reply;
  }

  async #read(descriptor: number): Promise<void> {
    const decoder = new TextDecoder();
    let parts: string[] = [];
    for await (const bytes of Bun.file(descriptor).stream()) {
      const pieces = decoder.decode(bytes, { stream: true }).split("\0");
      while (pieces.length > 1) {
        parts.push(pieces.shift() as string);
        this.#take(JSON.parse(parts.join("")));
        parts = [];
      }
      parts.push(pieces[0] as string);
    }
  }

  #take(message: Message): void {
    if (message.id !== undefined) {
      const waiter = this.#replies.get(message.id);
      this.#replies.delete(message.id);
      if (message.error) waiter?.reject(new Error(message.error.message));
      else waiter?.resolve(message.result);
      return;
    }
    // An app's `alert` would hold the page up.
    if (message.method === "Page.javascriptDialogOpening") {
      this.#send("Page.handleJavaScriptDialog", { accept: false }, message.sessionId).catch(() => {});
    }
    for (const event of this.#events.filter(({ method }) => method === message.method)) event.resolve(message.params);
    this.#events = this.#events.filter(({ method }) => method !== message.method);
  }
}

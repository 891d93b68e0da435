// Follows the dev server's own hot-update channel, to know when a change is served.
import type { BuildError } from "./check.ts";
import { componentPath, socketPath } from "./layout.ts";
import { errorsOfMessage } from "./messages.ts";

const deadlineMilliseconds = 5_000;
// Files move into place one by one. What is bundled in between may miss one of them: such an error does not stay.
const settleMilliseconds = 500;
const reconnectMilliseconds = 50;
const late = { path: componentPath, line: 1, column: 1, text: "The dev server did not take the change in time" };

/** What the channel's messages begin with, and what subscribes to the two kinds that matter here. */
const kinds = { version: "V", hotUpdate: "u", errors: "e" };
const subscribe = "she";

type Listener = { served(text: string): void; failed(errors: BuildError[]): void };

/** One subscription of our own. It also makes Bun bundle a change at once when no browser looks on. */
export class Updates {
  #listeners = new Set<Listener>();

  /** Returns when subscribed; a connection that is lost is made again. */
  connect(): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws+unix://${socketPath}:/_bun/hmr`);
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => {
        const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
        const kind = String.fromCharCode(bytes[0] ?? 0);
        if (kind === kinds.version) {
          socket.send(subscribe);
          resolve();
        } else if (kind === kinds.hotUpdate) {
          const text = new TextDecoder().decode(bytes);
          for (const listener of this.#listeners) listener.served(text);
        } else if (kind === kinds.errors) {
          const errors = errorsOfMessage(bytes);
          if (errors.length > 0) for (const listener of this.#listeners) listener.failed(errors);
        }
      };
      socket.onclose = () => setTimeout(() => void this.connect().then(resolve), reconnectMilliseconds);
    });
  }

  /** Waits until updates have held every one of `marks` (any update, if there are none); returns what went wrong. */
  until(marks: string[]): Promise<BuildError[]> {
    const missing = new Set(marks);
    return new Promise((resolve) => {
      let settling: ReturnType<typeof setTimeout> | undefined;
      const finish = (errors: BuildError[]) => {
        clearTimeout(timer);
        clearTimeout(settling);
        this.#listeners.delete(listener);
        resolve(errors);
      };
      const listener: Listener = {
        served(text) {
          for (const mark of missing) if (text.includes(mark)) missing.delete(mark);
          if (missing.size === 0) finish([]);
        },
        failed(errors) {
          clearTimeout(settling);
          settling = setTimeout(() => finish(errors), settleMilliseconds);
        },
      };
      const timer = setTimeout(() => finish([late]), deadlineMilliseconds);
      this.#listeners.add(listener);
    });
  }
}

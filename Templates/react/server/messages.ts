// Decodes the error message of Bun's hot-update channel (Bun 1.4, little endian).
import type { BuildError } from "./check.ts";

class Reader {
  #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get more() {
    return this.#at < this.#view.byteLength;
  }

  u8() {
    return this.#view.getUint8(this.#at++);
  }

  u32() {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  text() {
    const length = this.u32();
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    return new TextDecoder().decode(bytes);
  }

  position() {
    const line = this.u32();
    if (line === 0) return { line: 1, column: 1 };
    const column = this.u32();
    this.u32();
    this.text();
    return { line, column };
  }
}

/** The errors that a message of kind `e` adds; empty when it only takes some away. */
export function errorsOfMessage(bytes: Uint8Array): BuildError[] {
  const found: BuildError[] = [];
  try {
    const reader = new Reader(bytes, 1);
    for (let removed = reader.u32(); removed > 0; removed--) reader.u32();
    while (reader.more) {
      reader.u32();
      const path = reader.text();
      for (let messages = reader.u32(); messages > 0; messages--) {
        reader.u8();
        const text = reader.text();
        found.push({ path, ...reader.position(), text });
        for (let notes = reader.u32(); notes > 0; notes--) {
          reader.text();
          reader.position();
        }
      }
    }
  } catch (error) {
    found.push({ path: "", line: 1, column: 1, text: `The dev server could not bundle the change (${error})` });
  }
  return found;
}

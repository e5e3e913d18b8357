// The files that were given: held in memory only, each under a name of its own, overwritten when removed.
import { inert } from "./escape.js";

/** Largest file that is read, in bytes: eight times what anybody was seen to send as certificates. */
export const LARGEST = 16 * 1024 * 1024;

/** Most files of a heap. */
export const MOST = 1000;

/** Most bytes of a heap: as many as are read at once. */
export const TOTAL = 64 * 1024 * 1024;

export class Heap {
  #files = [];
  #cleared = 0;

  get files() {
    return this.#files;
  }

  get isEmpty() {
    return this.#files.length === 0;
  }

  /** How often it was cleared: what was on its way before is wanted no more. */
  get cleared() {
    return this.#cleared;
  }

  /** Bytes of all files. */
  get size() {
    return this.#files.reduce((sum, file) => sum + file.bytes.length, 0);
  }

  /** Takes bytes over, under this name, made safe to show, or the next free one. */
  add(name, bytes) {
    const file = { name: this.#free(inert(name) || "unnamed"), bytes };
    this.#files.push(file);
    return file;
  }

  remove(file) {
    file.bytes.fill(0);
    this.#files = this.#files.filter((other) => other !== file);
  }

  /** Hands a file over to another heap, as it is. */
  give(file, other) {
    this.#files = this.#files.filter((one) => one !== file);
    other.add(file.name, file.bytes);
  }

  clear() {
    for (const file of this.#files) file.bytes.fill(0);
    this.#files = [];
    this.#cleared += 1;
  }

  #free(name) {
    const taken = new Set(this.#files.map((file) => file.name));
    if (!taken.has(name)) return name;
    let number = 2;
    while (taken.has(`${name} (${number})`)) number += 1;
    return `${name} (${number})`;
  }
}

/** Reads picked or dropped files into a heap, until it is cleared; resolves to what was not read, and why. */
export async function readInto(heap, picked) {
  const { cleared } = heap;
  const refused = [];
  for (const file of picked) {
    if (heap.files.length >= MOST) {
      refused.push(`${file.name}: there are ${MOST} files already`);
    } else if (file.size > LARGEST) {
      refused.push(`${file.name}: larger than ${LARGEST / 1024 / 1024} MB, which no certificate file is`);
    } else if (heap.size + file.size > TOTAL) {
      refused.push(`${file.name}: all files together would be larger than ${TOTAL / 1024 / 1024} MB`);
    } else {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        if (heap.cleared !== cleared) {
          bytes.fill(0);
          return [];
        }
        heap.add(file.name, bytes);
      } catch {
        refused.push(`${file.name}: it cannot be read; is it a folder?`);
      }
    }
  }
  return refused;
}

/** What is said of a file whose bytes the browser does not give. */
export const UNREAD = "It cannot be read; is it a folder?";

/** A file as text; null when it cannot be read. */
export const textOf = (file) => file.text().catch(() => null);

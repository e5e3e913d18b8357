// Talks to the worker: one job at a time, each within a deadline. Spare workers are started before the
// page is ready, so that replacing one that was stopped loads nothing.
import { loadModule, newWorker } from "./supply.js";

/** Longest that a job may take, in milliseconds; a usual chain takes some 20. */
export const DEADLINE = 10_000;

/** Workers at hand: one that works, and as many stopped checks as a page survives but one. */
const WORKERS = 3;

const stopped = (code, message) => ({ error: { code, message } });

/** Starts a worker; resolves when it answers. */
async function startWorker(module) {
  const worker = newWorker();
  await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error(data.failed)));
    worker.onerror = () => reject(new Error("the worker could not be loaded"));
    worker.postMessage({ module });
  });
  return worker;
}

export class Checker {
  #workers;
  #last = 0;
  #tail = Promise.resolve();

  static async start() {
    const module = await loadModule();
    const workers = [];
    for (let count = 0; count < WORKERS; count += 1) workers.push(await startWorker(module));
    const checker = new Checker();
    checker.#workers = workers;
    return checker;
  }

  /** Does a job after those before it. The bytes are copied, and the copies overwritten after use. */
  run(job, { files = [], options = {}, settings } = {}) {
    const next = this.#tail.then(() => this.#now(job, files, options, settings));
    this.#tail = next;
    return next;
  }

  #now(job, files, options, settings) {
    const [worker] = this.#workers;
    if (!worker) return stopped("page.exhausted", "Every check of this page was stopped. Load the page anew to go on.");
    const copies = files.map(copied);
    const roots = (options.own_roots ?? []).map(copied);
    const carried = [...copies, ...roots].map((file) => file.bytes.buffer);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      const finish = (value) => {
        clearTimeout(timer);
        resolve(value);
      };
      const giveUp = (code, message) => {
        worker.onmessage = worker.onerror = null;
        worker.terminate();
        this.#workers.shift();
        finish(stopped(code, message));
      };
      const timer = setTimeout(
        () => giveUp("page.deadline", `The check took more than ${DEADLINE / 1000} seconds and was stopped. Nothing is known about these files.`),
        DEADLINE,
      );
      worker.onmessage = ({ data }) => {
        if (data.id !== id) return;
        if (data.value?.error?.code === "module.stopped") giveUp("module.stopped", data.value.error.message);
        else finish(data.value);
      };
      worker.onerror = () => giveUp("module.stopped", "The check stopped without an answer: a bug in Keyway. Nothing is known about these files.");
      worker.postMessage({ id, job, files: copies, options: { ...options, own_roots: roots }, settings }, carried);
    });
  }
}

const copied = ({ name, bytes }) => ({ name, bytes: bytes.slice() });

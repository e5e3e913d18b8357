// Talks to the worker: one job at a time, each within a deadline. Spare workers are started before the
// page is ready, so that replacing one that was stopped loads nothing.
import { loadModule, newRoomsWorker, newWorker, roomsModule } from "./supply.js";

/** Longest that a job may take, in milliseconds; a usual chain takes some 20. */
export const DEADLINE = 10_000;

/** Workers at hand: one that works, and as many stopped checks as a page survives but one. */
const WORKERS = 3;

const stopped = (code, message) => ({ error: { code, message } });

/** Whether an answer is none: what was asked was stopped, and nothing is known of it. */
export const isStopped = (answer) => /^(page\.|module\.stopped$)/.test(answer?.error?.code ?? "");

/** Workers of the rooms: one that works, and one to take its place. */
const ROOM_WORKERS = 2;

/** What a worker says next. */
const heard = (worker) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
  worker.onerror = () => reject(new Error("the worker could not be loaded"));
});

/** Sends a worker its module; says which it has, once it answers jobs. */
async function begun(worker, module) {
  const answer = heard(worker);
  worker.postMessage({ module });
  return (await answer).module;
}

/** The workers of the rooms: there from the beginning, because the page may start none later, and waiting. */
export class Waiting {
  #workers;

  static async start() {
    const waiting = new Waiting();
    waiting.#workers = await Promise.all(Array.from({ length: ROOM_WORKERS }, newRoomsWorker));
    await Promise.all(waiting.#workers.map(heard));
    return waiting;
  }

  /** Lets the first load what the rooms need, and the others have it. It may be tried again when it fails. */
  async open() {
    const [first, ...others] = this.#workers;
    const module = await begun(first, roomsModule());
    for (const worker of others) await begun(worker, module);
    return new Checker(this.#workers);
  }
}

export class Checker {
  #workers;
  #last = 0;
  #tail = Promise.resolve();

  constructor(workers) {
    this.#workers = workers;
  }

  static async start() {
    const module = await loadModule();
    const workers = await Promise.all(Array.from({ length: WORKERS }, newWorker));
    for (const worker of workers) await begun(worker, module);
    return new Checker(workers);
  }

  /** Does a job after those before it. The bytes are copied, and the copies overwritten after use. */
  run(job, { files = [], options = {}, settings } = {}) {
    const next = this.#tail.then(() => this.#now(job, files, options, settings)).catch(({ message }) =>
      stopped("page.failed", `The check could not be begun (${message}). Nothing is known about these files.`));
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
        else finish(data.value ?? stopped("page.failed", "The check gave no answer: a bug in Keyway. Nothing is known about these files."));
      };
      worker.onerror = () => giveUp("module.stopped", "The check stopped without an answer: a bug in Keyway. Nothing is known about these files.");
      worker.postMessage({ id, job, files: copies, options: { ...options, own_roots: roots }, settings }, carried);
    });
  }
}

const copied = ({ name, bytes }) => ({ name, bytes: bytes.slice() });

// What every worker does: gives up its ways out, and answers one job after the other.

// Names through which a worker could reach a network or a store.
const DOORS = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "BroadcastChannel",
  "importScripts", "indexedDB", "caches", "Worker", "SharedWorker",
];

/** The same, of a worker's `navigator`: what would still be there tomorrow. */
const STORES = ["storage", "storageBuckets"];

/** Takes names away, for good. */
function remove(names, from) {
  for (const name of names) {
    for (let holder = from; holder; holder = Object.getPrototypeOf(holder)) delete holder[name];
    Object.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
  }
}

/** Takes all of them away. That a worker may `import()` nothing is the page's policy, which it inherits. */
export function closeTheDoors() {
  remove(DOORS, self);
  remove(STORES, self.navigator);
}

/** Answers jobs, once `start` has made the module run that the page sends; tells the page which that was. */
export function attend(start, jobs) {
  function answer({ id, job, ...input }) {
    const value = jobs[job](input);
    const given = [...(input.files ?? []), ...(input.options?.own_roots ?? [])];
    for (const file of given) file.bytes.fill(0);
    const made = job === "fix" && value?.files ? value.files.map((file) => file.bytes.buffer) : [];
    self.postMessage({ id, value }, made);
  }

  self.onmessage = async ({ data }) => {
    try {
      const module = await start(data.module);
      self.onmessage = (message) => answer(message.data);
      self.postMessage({ ready: true, module });
    } catch (error) {
      self.postMessage({ failed: String(error?.message ?? error) });
    }
  };
}

// What every worker does: gives up its ways out, and answers one job after the other.

// Names through which a worker could reach a network or a store.
const DOORS = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "BroadcastChannel",
  "importScripts", "indexedDB", "caches", "Worker", "SharedWorker",
];

/** Takes them away, for good: the policy of a page does not bind its workers. */
export function closeTheDoors() {
  for (const name of DOORS) {
    for (let holder = self; holder; holder = Object.getPrototypeOf(holder)) delete holder[name];
    Object.defineProperty(self, name, { value: undefined, writable: false, configurable: false });
  }
}

/** Answers jobs, once `start` has made the module run that the page sends; tells the page which that was. */
export function attend(start, jobs) {
  function answer({ id, job, ...input }) {
    const value = jobs[job](input);
    const given = [...(input.files ?? []), ...(input.options?.own_roots ?? [])];
    for (const file of given) file.bytes.fill(0);
    const made = job === "fix" && value.files ? value.files.map((file) => file.bytes.buffer) : [];
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

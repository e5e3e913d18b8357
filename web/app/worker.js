// The checks, away from the page: what takes for ever here stops nothing there.
import init, {
  check, configCheck, configExport, configForms, configImport, configWrite, dnsCheckZone, dnsPlan, dnsRecords, fix, rules, version,
} from "../pkg/keyway.js";

// Names through which a worker could reach a network or a store.
const DOORS = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "BroadcastChannel",
  "importScripts", "indexedDB", "caches", "Worker", "SharedWorker",
];

/** Takes them away: the policy of a page does not bind its workers. */
function closeTheDoors() {
  for (const name of DOORS) {
    for (let holder = self; holder; holder = Object.getPrototypeOf(holder)) delete holder[name];
    Object.defineProperty(self, name, { value: undefined, writable: false, configurable: false });
  }
}

const JOBS = {
  rules: () => rules(),
  version: () => version(),
  configForms: () => configForms(),
  configCheck: ({ settings }) => configCheck(settings.text, settings.asked),
  configExport: ({ settings }) => configExport(settings.text, settings.form),
  configImport: ({ settings }) => configImport(settings.text, settings.form),
  configWrite: ({ settings }) => configWrite(settings.text),
  dnsRecords: ({ settings }) => dnsRecords(settings.need),
  dnsCheckZone: ({ settings }) => dnsCheckZone(settings.zone, settings.asked),
  dnsPlan: ({ settings }) => dnsPlan(settings.need, settings.zone, settings.asked),
  check: ({ files, options }) => check(files, options),
  fix: ({ files, options, settings }) => fix(files, options, settings),
  // What a repair would come to, without the files' contents.
  plan: ({ files, options, settings }) => {
    const repaired = fix(files, options, settings);
    if (repaired.error) return repaired;
    const written = repaired.files.map(({ name, bytes, private: isPrivate }) => {
      const size = bytes.length;
      bytes.fill(0);
      return { name, size, private: isPrivate };
    });
    return { ...repaired, files: written };
  },
};

function answer({ id, job, ...input }) {
  const value = JOBS[job](input);
  const given = [...(input.files ?? []), ...(input.options?.own_roots ?? [])];
  for (const file of given) file.bytes.fill(0);
  const made = job === "fix" && value.files ? value.files.map((file) => file.bytes.buffer) : [];
  self.postMessage({ id, value }, made);
}

self.onmessage = async ({ data }) => {
  if (data.module) {
    try {
      await init(data.module);
      closeTheDoors();
      self.onmessage = (message) => answer(message.data);
      self.postMessage({ ready: true });
    } catch (error) {
      self.postMessage({ failed: String(error?.message ?? error) });
    }
  }
};

// Services and their DNS, away from the page. Until one of these rooms is opened this waits, and has one way
// out left, which leads to its own module and nowhere else.
import init, {
  configCheck, configExport, configForms, configImport, configWrite, dnsCheckZone, dnsPlan, dnsRecords, rules,
} from "../pkg/service.js";
import { attend, closeTheDoors } from "./work.js";

const JOBS = {
  rules: () => rules(),
  configForms: () => configForms(),
  configCheck: ({ settings }) => configCheck(settings.text, settings.asked),
  configExport: ({ settings }) => configExport(settings.text, settings.form),
  configImport: ({ settings }) => configImport(settings.text, settings.form),
  configWrite: ({ settings }) => configWrite(settings.text),
  dnsRecords: ({ settings }) => dnsRecords(settings.need),
  dnsCheckZone: ({ settings }) => dnsCheckZone(settings.zone, settings.asked),
  dnsPlan: ({ settings }) => dnsPlan(settings.need, settings.zone, settings.asked),
};

const ask = self.fetch.bind(self);
closeTheDoors();

/** The compiled module, from where the page came from. */
async function fetched() {
  const answer = await ask(new URL("../pkg/service_glue_bg.wasm", import.meta.url), { credentials: "omit" });
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

/** Takes the module that the page has, or else fetches it; the page gets it for the next worker. */
async function start(given) {
  const module = given ?? await fetched();
  await init(module);
  return module;
}

attend(start, JOBS);
self.postMessage({ waiting: true });

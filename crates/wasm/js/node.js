// The entry for Node: reads the module from disk.
import { readFile } from "node:fs/promises";
import { initSync } from "./glue.js";
import { started } from "./api.js";

export {
  check, checkEach, configCheck, configExport, configForms, configImport, configWrite, dnsCheckZone, dnsPlan,
  dnsRecords, explain, fix, inspect, keep, rules, version,
} from "./api.js";

export default async function init(source = new URL("glue_bg.wasm", import.meta.url)) {
  initSync({ module: source instanceof URL ? await readFile(source) : source });
  started();
}

// The entry for browsers: loads the module from beside this file, or from what it is given.
import load from "./glue.js";
import { started } from "./api.js";

export {
  check, checkEach, configCheck, configExport, configForms, configImport, configWrite, dnsCheckZone, dnsPlan,
  dnsRecords, explain, fix, inspect, keep, rules, version,
} from "./api.js";

export default async function init(source = new URL("glue_bg.wasm", import.meta.url)) {
  await load({ module_or_path: source });
  started();
}

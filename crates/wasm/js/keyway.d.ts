export type * from "./types.js";
export {
  check, checkEach, configCheck, configExport, configForms, configImport, configWrite, dnsCheckZone, dnsPlan,
  dnsRecords, explain, fix, inspect, rules, version,
} from "./glue.js";

/**
 * Loads the module: once, before anything else. Without an argument it is loaded from beside this
 * file; else from an URL or from its bytes.
 */
export default function init(source?: URL | BufferSource | WebAssembly.Module): Promise<void>;

// What the rooms of the page for services and their DNS need: their module alone. It is no part of the package.
import load from "./service_glue.js";
import * as glue from "./service_glue.js";
import { guarded, started } from "./guard.js";

export const configCheck = guarded(glue.configCheck);
export const configExport = guarded(glue.configExport);
export const configForms = guarded(glue.configForms);
export const configImport = guarded(glue.configImport);
export const configWrite = guarded(glue.configWrite);
export const dnsCheckZone = guarded(glue.dnsCheckZone);
export const dnsPlan = guarded(glue.dnsPlan);
export const dnsRecords = guarded(glue.dnsRecords);
export const rules = guarded(glue.rules);

export default async function init(source) {
  await load({ module_or_path: source });
  started();
}

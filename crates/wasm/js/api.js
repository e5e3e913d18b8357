// The functions, guarded.
import * as glue from "./glue.js";
import { guarded } from "./guard.js";

export { started } from "./guard.js";

export const check = guarded(glue.check);
export const checkEach = guarded(glue.checkEach);
export const configCheck = guarded(glue.configCheck);
export const configExport = guarded(glue.configExport);
export const configForms = guarded(glue.configForms);
export const configImport = guarded(glue.configImport);
export const configWrite = guarded(glue.configWrite);
export const dnsCheckZone = guarded(glue.dnsCheckZone);
export const dnsPlan = guarded(glue.dnsPlan);
export const dnsRecords = guarded(glue.dnsRecords);
export const fix = guarded(glue.fix);
export const inspect = guarded(glue.inspect);
export const keep = guarded(glue.keep);
export const explain = guarded(glue.explain);
export const rules = guarded(glue.rules);
export const version = guarded(glue.version);

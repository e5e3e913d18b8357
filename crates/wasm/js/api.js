// The functions, guarded: no exception reaches the caller. A module that has stopped (a bug of ours)
// answers nothing more; whoever wants to go on starts a new worker.
import * as glue from "./glue.js";

let state = "not started";

const failure = (code, message) => ({ error: { code, message } });

const guarded = (job) => (...values) => {
  if (state === "not started") {
    return failure("module.not-started", "Await the default export, `init()`, first.");
  }
  if (state === "stopped") {
    return failure("module.stopped", "The module has stopped. Load it anew.");
  }
  try {
    return job(...values);
  } catch {
    state = "stopped";
    return failure("module.stopped", "The module has stopped: a bug in Keyway, which ends this check.");
  }
};

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
export const explain = guarded(glue.explain);
export const rules = guarded(glue.rules);
export const version = guarded(glue.version);

export const started = () => {
  state = "started";
};

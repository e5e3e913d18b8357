// What the page needs for a first visit: the module of the checks alone. It is no part of the package.
import load from "./check_glue.js";
import * as glue from "./check_glue.js";
import { guarded, started } from "./guard.js";

export const check = guarded(glue.check);
export const fix = guarded(glue.fix);
export const keep = guarded(glue.keep);
export const rules = guarded(glue.rules);
export const version = guarded(glue.version);

export default async function init(source) {
  await load({ module_or_path: source });
  started();
}

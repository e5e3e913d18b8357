// The checks, away from the page: what takes for ever here stops nothing there.
import init, { check, fix, keep, rules, version } from "../pkg/check.js";
import { attend, closeTheDoors } from "./work.js";

const JOBS = {
  // Overwrites what was read, and keeps what is read next: to look at another day opens no lock again.
  forget: () => keep(true),
  rules: () => rules(),
  version: () => version(),
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

async function start(module) {
  await init(module);
  keep(true);
  closeTheDoors();
}

attend(start, JOBS);

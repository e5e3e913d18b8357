// No exception reaches the caller. A module that has stopped (a bug of ours) answers nothing more; whoever
// wants to go on starts a new worker.
let state = "not started";

const failure = (code, message) => ({ error: { code, message } });

export const guarded = (job) => (...values) => {
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

export const started = () => {
  state = "started";
};

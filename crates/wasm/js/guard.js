// No exception reaches the caller. A module that has stopped (a bug of ours) answers nothing more; whoever
// wants to go on starts a new worker.
let state = "not started";

const failure = (code, message) => ({ error: { code, message } });

/** Deepest that objects and lists stand in each other: `options.own_roots[0].bytes[0]` is four. */
const DEEPEST = 8;

/** An argument as plain data: whatever runs code of the caller's (getters, proxies) runs here, where it may throw and
 *  does no harm. A member that is `undefined` is left out. */
function plain(value, depth = 0) {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) throw new RangeError("too deep");
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) {
    // Also one of another window, which is no instance of ours.
    const isBytes = Object.prototype.toString.call(value) === "[object Uint8Array]";
    return isBytes ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : Symbol("no bytes");
  }
  if (Array.isArray(value)) return Array.from(value, (item) => plain(item, depth + 1));
  if (Symbol.iterator in value) return Symbol("no plain object");
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, depth + 1)]));
}

export const guarded = (job) => (...values) => {
  if (state === "not started") {
    return failure("module.not-started", "Await the default export, `init()`, first.");
  }
  if (state === "stopped") {
    return failure("module.stopped", "The module has stopped. Load it anew, in another worker or process.");
  }
  let given;
  try {
    given = values.map((value) => plain(value));
  } catch {
    return failure("arguments.malformed", "the arguments are not of the documented form: one of them cannot be read as plain data");
  }
  try {
    return job(...given) ?? failure("module.answer", "The module gave no answer: a bug in Keyway.");
  } catch {
    state = "stopped";
    return failure("module.stopped", "The module has stopped: a bug in Keyway, which ends this check.");
  }
};

/** Says that the module is there. One that has stopped is not there again by that. */
export const started = () => {
  if (state === "not started") state = "started";
};

// What a program in JavaScript may hand to the package, and what it gets: values, whatever comes.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import vm from "node:vm";
import init, { check, checkEach, configCheck, explain, fix, inspect, keep, rules, version } from "../../web/pkg/node.js";
import { bytes, good } from "./page.js";

const files = good.map(({ name, contents }) => ({ name, bytes: new Uint8Array(contents) }));
const now = "2026-11-23";

/** What a refusal says; the module has to go on behind it. */
function refused(answer) {
  assert.equal(answer?.error?.code, "arguments.malformed", JSON.stringify(answer));
  assert.equal(typeof version(), "string", "the module goes on");
  return answer.error.message.replace("the arguments are not of the documented form: ", "");
}

describe("the package's arguments", () => {
  before(() => init());

  it("are refused as values where they are none of the documented ones, and nothing stops", () => {
    const odd = [undefined, null, 5, 5n, "x", Symbol("x"), () => 1, new Date(), new Map(), new Set([1]), [[]], [5], new Uint16Array(2)];
    for (const one of odd) {
      if (typeof one !== "string") refused(explain(one));
      refused(check(one, { now }));
      refused(check(files, one));
      refused(checkEach([{ name: "a", bytes: one }].filter(() => !Array.isArray(one)).concat(5), { now }));
      refused(inspect(5));
    }
    const thrower = { now, get hosts() { throw new Error("no"); } };
    const circle = { now };
    circle.own_roots = [circle];
    const proxy = new Proxy({}, { ownKeys() { throw new Error("no"); } });
    const detached = new Uint8Array(2);
    structuredClone(detached, { transfer: [detached.buffer] });
    const lying = new Uint8Array(2);
    Object.defineProperty(lying, "byteLength", { get() { throw new Error("no"); } });
    for (const one of [thrower, circle, proxy]) refused(check(files, one));
    for (const given of [lying, new Proxy(new Uint8Array(2), {})]) refused(check([{ name: "a", bytes: given }], { now }));
    assert.equal(typeof check([{ name: "a", bytes: detached }], { now }), "object");
    assert.equal(check(files, { now }).error, undefined);
  });

  it("are refused by the name that nobody knows, with the one that was meant", () => {
    assert.equal(refused(check(files, { now, host: ["evil.example"] })), "options: `host` is not known; did you mean `hosts`?");
    assert.match(refused(check(files, { now, foo: 1 })), /^options: `foo` is not known; known are now, hosts, roots, /);
    assert.equal(refused(check(files, { now, own_roots: [{ name: "a", byte: 1 }] })), "options.own_roots[0]: missing field `bytes`");
    assert.equal(refused(check(files, { now, profile: "webkpi" })), "options.profile: `webkpi` is not known; did you mean `webpki`?");
    assert.match(refused(fix(files, { now }, { fomr: "p12" })), /did you mean `form`/);
    assert.match(refused(configCheck("", { inputs: "a" })), /did you mean `input`/);
  });

  it("are refused without showing what was given, which may be a key", () => {
    const key = bytes("samples/good/key.pem").toString("utf8");
    const told = [
      check([{ name: "key.pem", bytes: key }], { now }),
      check(files, { now, passwords: key }),
      check(files, { now, passwords: [[key]] }),
      configCheck({ key }),
      fix(files, { now }, { form: "p12", password: "x", random: { name: "r", bytes: key } }),
    ];
    for (const answer of told) assert.doesNotMatch(refused(answer), /BEGIN|PRIVATE/);
    assert.equal(refused(told[0]), "files[0].bytes: a text, where bytes (a Uint8Array) is wanted");
  });

  it("may be files that say more of themselves, as those that a repair wrote", () => {
    const [made] = fix(files, { now }).files;
    assert.equal(made.private, false);
    assert.equal(check([made], { now }).inputs[0].name, "fullchain.pem");
  });

  it("may be left out by saying `undefined`", () => {
    const left = { now, hosts: undefined, passwords: undefined, own_roots: undefined, warn_at_percent: undefined, profile: undefined };
    assert.deepEqual(check(files, left), check(files, { now }));
    assert.deepEqual(fix(files, { now }, { form: undefined, keep_root: undefined }).changes, fix(files, { now }).changes);
    assert.deepEqual(fix(files, { now }, null).changes, fix(files, { now }).changes);
  });

  it("take bytes from another window, from Node's own buffers and as an ArrayBuffer", () => {
    const expected = JSON.stringify(check(files, { now }));
    const foreign = vm.runInNewContext("(given) => new Uint8Array(given)");
    for (const make of [foreign, Buffer.from, (given) => new Uint8Array(given).buffer, (given) => [...given]]) {
      const other = files.map(({ name, bytes: given }) => ({ name, bytes: make(given) }));
      assert.equal(JSON.stringify(check(other, { now })), expected);
    }
  });

  it("name hosts that clients can ask for", () => {
    for (const host of ["*.example.com", "a..b", "1.2.3", ""]) {
      assert.equal(check(files, { now, hosts: [host] }).error?.code, "arguments.host", host);
    }
    assert.match(check(files, { now, hosts: ["*.example.com"] }).error.message, /is a pattern/);
  });

  it("are told by every rule's name that there is", () => {
    assert.ok(rules().every(({ code }) => explain(code).code === code));
  });
});

describe("an answer", () => {
  before(() => init());

  it("is there for keys with exponents that no JavaScript number holds, and the same as the command line's", () => {
    const leaf = new Uint8Array(bytes("tests/vectors/rules/policy.odd-exponent/fires-of-54-bits/fullchain.pem"));
    const given = [{ name: "fullchain.pem", bytes: leaf }];
    const report = check(given, { now });
    const [{ evidence, message }] = report.findings.filter(({ code }) => code === "policy.odd-exponent");
    assert.equal(evidence.exponent, "9007199254740993");
    assert.match(message, /the exponent 9007199254740993\./);
    assert.equal(checkEach(given, { now })[0].schema, "keyway.report/1");
    assert.equal(inspect(given).schema, "keyway.inspect/1");
    assert.ok(Array.isArray(fix(given, { now }).files));
    const [hsts] = configCheck("tls.hsts = { max_age = 9223372036854775807 }").findings.filter(({ code }) => code === "config.hsts-too-long");
    assert.equal(hsts.evidence.max_age, "9223372036854775807");
  });

  it("is the same whether what was read is kept or not", () => {
    const asked = [["2026-11-23", "x"], ["2030-01-01", "x"], ["2026-11-23", ""]].map(([moment, password]) => ({ now: moment, passwords: [password] }));
    const all = () => asked.flatMap((options) => [check(files, options), fix(files, options)]);
    const anew = JSON.stringify(all());
    assert.equal(keep(true), true);
    assert.equal(JSON.stringify(all()), anew);
    assert.equal(keep(false), false);
    assert.equal(JSON.stringify(all()), anew);
  });
});

describe("what guards the module", () => {
  it("answers by a value before there is one, for a job without an answer and after one that broke, for good", async () => {
    const { guarded, started } = await import("../../web/pkg/guard.js?of=its-own");
    const code = (job) => guarded(job)().error?.code;
    assert.equal(code(() => 1), "module.not-started");
    started();
    assert.equal(code(() => undefined), "module.answer");
    assert.equal(guarded((given) => given)("x"), "x");
    assert.equal(code(() => { throw new Error("unreachable"); }), "module.stopped");
    started();
    assert.equal(code(() => 1), "module.stopped");
  });
});

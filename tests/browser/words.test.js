import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { promisify } from "node:util";
import { asText } from "../../web/app/report.js";
import { counts, sentence, word } from "../../web/app/verdict.js";
import init, { check, rules } from "../../web/pkg/node.js";
import { path } from "./page.js";

const CLI = process.env.KEYWAY_CLI ?? path("target/debug/keyway");
const folder = path("tests/vectors/rules");
const run = promisify(execFile);

/** Every vector that the page can be asked as the command line can. */
function vectors() {
  const out = [];
  for (const code of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, code))) {
      const at = join(folder, code, name);
      const asked = JSON.parse(readFileSync(join(at, "case.json"), "utf8"));
      const isOurs = !asked.public_roots && !asked.passwords.length && (asked.warn_at ?? null) === null;
      if (isOurs) out.push({ id: `${code}/${name}`, at, asked });
    }
  }
  return out;
}

const file = (folderOf, name) => ({ name, bytes: new Uint8Array(readFileSync(join(folderOf, name))) });

/** Two at a time: the command line is a process of its own. */
async function each(all, act) {
  const left = [...all];
  const worker = async () => { while (left.length) await act(left.pop()); };
  await Promise.all([worker(), worker()]);
}

describe("the page's words", () => {
  let known;
  before(async () => {
    await init();
    known = new Map(rules().map((rule) => [rule.code, rule]));
  });

  const isBuilt = existsSync(CLI) ? false : "the command line is not built; name it in KEYWAY_CLI";

  async function holds({ id, at, asked }, purpose) {
    const report = check(asked.inputs.map((name) => file(at, name)), {
      now: asked.at, hosts: asked.hosts, purpose, profile: asked.profile, max_intermediates: asked.max_intermediates,
      roots: "none", own_roots: asked.roots ? [file(at, asked.roots)] : [],
    });
    assert.equal(report.error, undefined, id);
    const options = [
      "--at", asked.at, "--purpose", purpose, "--profile", asked.profile, "--roots", asked.roots ? join(at, asked.roots) : "none",
      ...(asked.max_intermediates === null ? [] : ["--max-intermediates", String(asked.max_intermediates)]),
      ...asked.hosts.flatMap((host) => ["--host", host]),
    ];
    const said = await run(CLI, ["check", ...asked.inputs.map((name) => join(at, name)), ...options], { encoding: "utf8" }).catch((failed) => failed);
    const paragraph = said.stdout.split(/\n[^\n]*judged at /)[0].replace(/\s+/g, " ").trim();
    assert.equal(`${word(report)[0]} ${sentence(report, known, purpose)}`, paragraph, id);
    assert.ok(said.stdout.includes(counts(report)), id);
    assert.match(asText(report, known, purpose), /judged at/, id);
  }

  it("are the command line's, for every vector", { skip: isBuilt }, async () => {
    const all = vectors();
    assert.ok(all.length > 250, `${all.length} vectors`);
    await each(all, (vector) => holds(vector, vector.asked.purpose));
  });

  it("are the command line's for a client's certificate, too", { skip: isBuilt }, async () => {
    const some = vectors().filter((_, index) => index % 7 === 0);
    await each(some, (vector) => holds(vector, "client"));
  });
});

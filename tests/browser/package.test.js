import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { browse, bytes, path } from "./page.js";
import { serve } from "./server.js";

describe("the npm package, installed in a project of its own", () => {
  let folder;
  let lines;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "keyway-package-"));
    const npm = (...words) => execFileSync("npm", [...words, "--offline", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    npm("pack", path("web/pkg"), "--pack-destination", folder);
    const [packed] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "scratch", private: true, type: "module" }));
    npm("install", `./${packed}`);
    const readme = readFileSync(join(folder, "node_modules/keyway-wasm/README.md"), "utf8");
    lines = readme.match(/```js\n([^]+?)```/)[1];
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  // What the README's lines take as given: a text.
  const pem = JSON.stringify(bytes("samples/good/fullchain.pem").toString("utf8"));
  // The sample's own root is nobody's, and the name is another one.
  const expected = /^no \[.*chain\.missing-intermediate.*\]$/s;

  it("holds what its manifest names, and no key or test", () => {
    const names = readdirSync(join(folder, "node_modules/keyway-wasm")).toSorted();
    assert.deepEqual(names, [
      "LICENSE-APACHE", "LICENSE-MIT", "README.md", "api.js", "glue.js", "glue_bg.wasm",
      "guard.js", "keyway.d.ts", "keyway.js", "node.js", "package.json", "types.d.ts",
    ]);
  });

  it("runs its README's five lines in Node", () => {
    assert.equal(lines.trim().split("\n").length, 5);
    writeFileSync(join(folder, "five.mjs"), `const pem = ${pem};\n${lines}`);
    const said = execFileSync(process.execPath, ["five.mjs"], { cwd: folder, encoding: "utf8" });
    assert.match(said.trim(), expected);
  });

  it("runs the same lines in a browser, from files as they are", async () => {
    writeFileSync(join(folder, "five.js"), `const pem = ${pem};\n${lines}`);
    writeFileSync(join(folder, "index.html"), `<!doctype html>
      <script type="importmap">{ "imports": { "keyway-wasm": "./node_modules/keyway-wasm/keyway.js" } }</script>
      <script type="module" src="five.js"></script>`);
    const server = await serve({ root: folder });
    const browser = await browse();
    try {
      const page = await browser.newPage();
      const errors = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      const [said] = await Promise.all([page.waitForEvent("console", { predicate: (one) => one.type() === "log", timeout: 90_000 }), page.goto(server.url)]);
      const [accepted, found] = await Promise.all(said.args().map((one) => one.jsonValue()));
      assert.match(`${accepted} [${found}]`, expected);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  /** What TypeScript says of a program that uses the package, in a project without the names of browsers. */
  const compiled = (program) => {
    writeFileSync(join(folder, "program.ts"), `declare const console: { log(...what: unknown[]): void };
      declare class TextEncoder { encode(text: string): Uint8Array }\n${program}`);
    const words = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022", "--module", "nodenext", "program.ts"];
    try {
      return execFileSync(process.execPath, [path("tests/browser/node_modules/typescript/bin/tsc"), ...words], { cwd: folder, encoding: "utf8" });
    } catch (error) {
      return error.stdout;
    }
  };

  it("has types that its README's lines compile with", () => {
    assert.equal(compiled(`const pem = "";\n${lines}`), "");
  });

  it("has types that are true to what goes in and comes out", () => {
    assert.equal(compiled(`
      import init, { check, configForms, fix, keep, rules, version, type Failure, type Report } from "keyway-wasm";
      await init();
      await init(new Uint8Array(3));
      const files = [{ name: "a", bytes: new Uint8Array(3) }];
      const hosts: string[] | undefined = undefined;
      const report: Report | Failure = check(files, { now: 0, hosts, profile: undefined, max_kdf_rounds: 1 });
      const made = fix(files, { now: "2026-11-23" }, { form: "p12", password: "x", random: new Uint8Array(80) });
      if (!("error" in made)) made.files[0]!.bytes.fill(0);
      const all = rules(), forms = configForms(), said = version(), kept: boolean | Failure = keep(true);
      if (!("error" in all)) all.map((rule) => rule.code);
      if (!("error" in forms)) forms.map((form) => form.reads);
      if (typeof said === "string") said.trim();
      console.log(report, kept);`), "");
    const wrong = {
      "host: []": "a field that nobody knows",
      "hosts: 'a'": "a text for a list",
    };
    for (const [member, what] of Object.entries(wrong)) {
      assert.match(compiled(`import { check } from "keyway-wasm"; check([], { now: 0, ${member} });`), /error TS2/, what);
    }
    for (const call of ["rules().length", "version().trim()", "fix([], { now: 0 }, { random: { name: 'r', bytes: new Uint8Array(1) } })"]) {
      assert.match(compiled(`import { fix, rules, version } from "keyway-wasm"; fix; rules; version; ${call};`), /error TS2/, call);
    }
  });

  it("has types for what goes in and comes out", () => {
    const types = readFileSync(join(folder, "node_modules/keyway-wasm/types.d.ts"), "utf8");
    for (const name of ["Report", "Facts", "Failure", "InputFile", "Options", "Repaired", "RuleFacts"]) {
      assert.match(types, new RegExp(`export (interface|type) ${name}\\b`));
    }
  });
});

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
      "LICENSE-APACHE", "LICENSE-MIT", "README.md", "api.js", "glue.d.ts", "glue.js", "glue_bg.wasm", "glue_bg.wasm.d.ts",
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

  it("has types for what goes in and comes out", () => {
    const types = readFileSync(join(folder, "node_modules/keyway-wasm/types.d.ts"), "utf8");
    for (const name of ["Report", "Facts", "Failure", "InputFile", "Options", "Repaired", "RuleFacts"]) {
      assert.match(types, new RegExp(`export (interface|type) ${name}\\b`));
    }
  });
});

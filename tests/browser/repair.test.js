import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import init, { check, fix } from "../../web/pkg/node.js";
import { answered, bytes, codes, example, launch, path, pick, verdict } from "./page.js";

/** The command line, where it was built. */
const CLI = process.env.KEYWAY_CLI ?? path("target/debug/keyway");

describe("repair", () => {
  let session;
  let page;
  before(async () => {
    await init();
    session = await launch();
    page = await session.open();
    await example(page, "pkcs7");
  });
  after(() => session.close());

  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return { name: download.suggestedFilename(), contents: readFileSync(await download.path()) };
  };
  const given = (name, from = name) => ({ name, bytes: new Uint8Array(bytes(`samples/repairable/${from}`)) });
  const heap = () => ["shop.pem", "bundle.p7b", "shop.key"].map((name) => given(name));
  const asked = () => ({ now: "2026-11-23", hosts: ["shop.example.com"], own_roots: [{ name: "root.pem", bytes: new Uint8Array(bytes("samples/root.pem")) }] });

  it("says what it will change before anything is saved", async () => {
    const changes = await page.locator(".changes li").allInnerTexts();
    const expected = fix(heap(), asked()).changes;
    assert.equal(changes.length, expected.length);
    changes.forEach((text, index) => assert.ok(text.includes(expected[index].why), text));
    assert.match(changes[0], /put the server's certificate "shop.example.com" first/);
  });

  it("gives fullchain.pem, chain.pem and key.pem as the module makes them", async () => {
    const made = fix(heap(), asked()).files;
    assert.deepEqual(made.map(({ name }) => name), ["fullchain.pem", "chain.pem", "key.pem"]);
    for (const file of made) {
      const saved = await save(new RegExp(`^Save ${file.name}`));
      assert.equal(saved.name, file.name);
      assert.deepEqual(saved.contents, Buffer.from(file.bytes));
    }
  });

  it("gives what `keyway fix` writes, byte for byte", async (t) => {
    if (!existsSync(CLI)) {
      t.skip("the command line is not built; name it in KEYWAY_CLI");
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), "keyway-browser-"));
    try {
      const out = join(folder, "fixed");
      const files = ["shop.pem", "bundle.p7b", "shop.key"].map((name) => path(`samples/repairable/${name}`));
      execFileSync(CLI, ["fix", ...files, "--host", "shop.example.com", "--roots", path("samples/root.pem"), "--at", "2026-11-23", "--out", out], { stdio: "ignore" });
      for (const name of ["fullchain.pem", "chain.pem", "key.pem"]) {
        const saved = await save(new RegExp(`^Save ${name}`));
        assert.deepEqual(saved.contents, readFileSync(join(out, name)), name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("gives P7B and DER", async () => {
    await page.getByText("Other forms: PFX, P7B, DER").click();
    const [p7b] = fix(heap(), asked(), { form: "p7b" }).files;
    assert.deepEqual((await save("Save P7B")).contents, Buffer.from(p7b.bytes));
    await page.getByRole("button", { name: "Make DER files" }).click();
    // Chromium drops what passes ten downloads in a burst; a second ends it.
    await page.waitForTimeout(1100);
    for (const file of fix(heap(), asked(), { form: "der" }).files) {
      assert.deepEqual((await save(new RegExp(`^Save ${file.name}`))).contents, Buffer.from(file.bytes));
    }
  });

  it("gives a PFX under a password, never the same twice, which opens with it", async () => {
    await page.getByLabel("Password for the PFX").fill("gehäim");
    const [first, second] = [await save("Save PFX"), await save("Save PFX")];
    assert.equal(first.name, "bundle.p12");
    assert.notDeepEqual(first.contents, second.contents);
    const report = check([{ name: "bundle.p12", bytes: new Uint8Array(first.contents) }], { ...asked(), passwords: ["gehäim"] });
    assert.equal(report.verdicts.pairs, "yes");

    const other = await session.open();
    await pick(other, [first]);
    assert.ok((await codes(other)).includes("pem.encrypted-key"));
    await answered(other, () => other.getByLabel("Password", { exact: true }).fill("gehäim"));
    assert.match(await other.locator(".key-card").innerText(), /pairs with it/);
    assert.equal(await other.getByLabel("Password", { exact: true }).isVisible(), true);
  });

  it("opens several files, each by its own password", async () => {
    const random = new Uint8Array(80).fill(7);
    const locked = (password) => ({ name: `${password}.p12`, contents: fix(heap(), asked(), { form: "p12", password, random }).files[0].bytes });
    const other = await session.open();
    await pick(other, [locked("one"), locked("two")]);
    const left = () => other.locator('.finding[data-code="pem.encrypted-key"], .finding[data-code="pem.wrong-password"]').count();
    await answered(other, () => other.getByLabel("Password", { exact: true }).fill("one"));
    assert.ok(await left() > 0);
    await other.getByRole("button", { name: "Keep it, and type another" }).click();
    assert.equal(await other.evaluate(() => document.activeElement.id), "password");
    await other.getByText("1 password is kept and tried.").waitFor();
    await answered(other, () => other.getByLabel("Password", { exact: true }).fill("two"));
    assert.equal(await left(), 0);
    assert.deepEqual(other.errors, []);
  });

  it("gives no PFX that anybody could open", async () => {
    await page.getByLabel("Password for the PFX").fill("");
    await page.getByRole("button", { name: "Save PFX" }).click();
    assert.match(await page.locator("#repair .problem").innerText(), /Type a password: the PFX holds the private key/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "pfx-password");
  });

  it("gives nothing where there is no certificate, and says so", async () => {
    const other = await session.open();
    await pick(other, [{ name: "key.pem", contents: bytes("samples/good/key.pem") }]);
    assert.equal((await verdict(other)).word, "NO CERTIFICATE");
    assert.match(await other.locator("#repair").innerText(), /no certificate/i);
    assert.equal(await other.locator(".download").count(), 0);
  });

  it("says what cannot be mended, and never writes a pair that does not match", async () => {
    await example(page, "wrong-key");
    assert.match(await page.locator(".unrepaired").innerText(), /no private key given belongs to it/);
    assert.deepEqual(await page.locator(".download").evaluateAll((all) => all.map((one) => one.dataset.file)), ["fullchain.pem", "chain.pem"]);
  });
});

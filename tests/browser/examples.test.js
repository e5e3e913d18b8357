import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { examples } from "../../web/app/examples-data.js";
import init, { check } from "../../web/pkg/node.js";
import { answered, codes, example, launch, path, verdict } from "./page.js";

/** The word, and what the findings have to hold. */
const EXPECTED = {
  good: ["READY", []],
  "leaf-not-first": ["NOT READY", ["chain.leaf-not-first"]],
  "missing-intermediate": ["REFUSED", ["chain.missing-intermediate"]],
  "wrong-key": ["NOT READY", ["key.mismatch"]],
  expired: ["REFUSED", ["time.expired"]],
  "name-mismatch": ["REFUSED", ["name.mismatch"]],
  "wildcard-too-deep": ["REFUSED", ["name.wildcard-too-deep"]],
  pkcs7: ["NOT READY", ["pem.pkcs7-given", "chain.leaf-not-first", "chain.duplicate", "pem.indented"]],
  "self-signed": ["REFUSED", ["chain.self-signed-leaf"]],
  "sha-1": ["REFUSED", ["policy.weak-signature"]],
  damaged: ["UNREADABLE", ["pem.bad-base64"]],
  "locked-key": ["ACCEPTED", ["pem.encrypted-key"]],
};

describe("an example to click on", () => {
  let session;
  let page;
  before(async () => {
    await init();
    session = await launch();
    page = await session.open();
  });
  after(() => session.close());

  it("is the project's own test data", () => {
    execFileSync(process.execPath, [path("web/examples/make.mjs"), "--check"]);
    assert.deepEqual(examples.map(({ id }) => id), Object.keys(EXPECTED));
  });

  for (const one of examples) {
    it(`shows its fault: ${one.name}`, async () => {
      await example(page, one.id);
      const [word, expected] = EXPECTED[one.id];
      assert.equal((await verdict(page)).word, word);
      const shown = await codes(page);
      for (const code of expected) assert.ok(shown.includes(code), `${code} in ${shown}`);
      const file = ({ name, text, base64 }) => ({ name, bytes: new Uint8Array(base64 ? Buffer.from(base64, "base64") : Buffer.from(text)) });
      const report = check(one.files.map(file), { now: one.at, hosts: one.hosts, profile: one.profile, own_roots: one.own_roots.map(file) });
      assert.deepEqual(shown.toSorted(), report.findings.map(({ code }) => code).toSorted());
      assert.deepEqual(page.errors, []);
    });
  }

  it("draws a missing certificate as a gap with its name and where to get it", async () => {
    await example(page, "missing-intermediate");
    const gap = page.locator("[data-gap]");
    assert.match(await gap.innerText(), /Missing[^]*Test Intermediate X1[^]*7b78f378[^]*http:\/\/ca\.example\/issuer\.cer/);
    await gap.getByRole("button").click();
    await gap.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "http://ca.example/issuer.cer");
  });

  it("says plainly that the server's certificate cannot be read, and what to do", async () => {
    await example(page, "damaged");
    const { sentence } = await verdict(page);
    assert.match(sentence, /^The server's own certificate cannot be read, only those of CAs\. Fetch it again/);
    const repair = await page.locator("#repair").innerText();
    assert.match(repair, /fetch it again from where it came\./);
    assert.equal(await page.locator(".download").count(), 0);
  });

  it("draws the key beside the leaf, paired or not", async () => {
    await example(page, "good");
    assert.match(await page.locator(".leaf .key-card").innerText(), /key\.pem:1 pairs with it/);
    await example(page, "wrong-key");
    assert.match(await page.locator(".leaf .key-card").innerText(), /none of the given keys goes with it/);
    await example(page, "locked-key");
    assert.match(await page.locator(".leaf .key-card").innerText(), /locked, and not looked into/);
    await page.getByRole("button", { name: "Give its password" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "password");
    await example(page, "name-mismatch");
    assert.match(await page.locator(".leaf .key-card").innerText(), /not given, or not readable/);
  });

  it("is answered client by client", async () => {
    await example(page, "missing-intermediate");
    const clients = await page.locator(".clients > li").allInnerTexts();
    assert.ok(clients.some((text) => /Firefox\s+no/.test(text)), clients.join("\n"));
    assert.ok(clients.some((text) => /Chrome and Edge\s+open/.test(text)));
  });

  it("shows its lines also when it was opened before, and when the moment was moved in between", async () => {
    const lines = () => page.locator(".finding").getByRole("button", { name: /^Show line/ }).first();
    for (let times = 0; times < 3; times += 1) {
      await example(page, "leaf-not-first");
      await lines().click();
      assert.match(await page.locator(".source-lines").first().innerText(), /-----BEGIN CERTIFICATE-----/);
      await answered(page, () => page.locator("#slider").press("ArrowRight"));
    }
    assert.deepEqual(page.errors, []);
  });

  it("opens with the keyboard's focus where it was", async () => {
    await page.locator('[data-example="good"]').focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".verdict-word").textContent === "READY");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.example), "good");
  });
});

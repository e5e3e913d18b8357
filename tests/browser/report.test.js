import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { bytes, example, launch } from "./page.js";

describe("the report", () => {
  let session;
  let page;
  before(async () => {
    session = await launch();
    page = await session.open();
    await example(page, "pkcs7");
  });
  after(() => session.close());

  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path(), "utf8");
  };

  it("is saved and copied as the contract's JSON", async () => {
    const text = await saved("Save as JSON");
    const report = JSON.parse(text);
    assert.equal(report.schema, "keyway.report/1");
    assert.equal(report.chain.path.length, 4);
    await page.getByRole("button", { name: "Copy as JSON" }).click();
    await page.locator("#report").getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  });

  it("is saved as text in the command line's words", async () => {
    const text = await saved("Save as text");
    assert.match(text, /^NOT READY {2}A server cannot use these files as they are: /);
    assert.match(text, /3 errors, 3 warnings, 0 notices, judged at 2026-11-23T00:00:00Z\./);
    assert.match(text, /- shop\.example\.com: server certificate, EC P-256, shop\.pem:17, 53% left, to 2027-01-09/);
    assert.match(text, /warning {2}pem\.indented\n {2}at {3}shop\.pem:17\n/);
  });

  it("holds no line of a key", async () => {
    const body = bytes("samples/repairable/shop.key").toString("utf8").split("\n").filter((line) => line && !line.startsWith("-----"));
    for (const text of [await saved("Save as JSON"), await saved("Save as text"), await page.content()]) {
      for (const line of body) assert.ok(!text.includes(line.slice(0, 20)));
    }
  });
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bytes, example, launch, pick } from "./page.js";

describe("the line of a finding", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  const show = async (page, code) => {
    const finding = page.locator(`.finding[data-code="${code}"]`).first();
    await finding.getByRole("button", { name: /^Show line/ }).click();
    return finding.locator(".source-line").evaluateAll((all) => all.map((line) => ({
      number: Number(line.querySelector(".source-number").textContent),
      text: line.lastElementChild.textContent,
      marked: line.lastElementChild.localName === "mark",
    })));
  };

  it("is shown marked, in its context, as the file has it", async () => {
    const page = await session.open();
    await example(page, "pkcs7");
    const file = bytes("samples/repairable/shop.pem").toString("utf8").split(/\r?\n/);
    const lines = await show(page, "pem.indented");
    const marked = lines.filter((line) => line.marked);
    assert.deepEqual(marked.map(({ number }) => number), [17]);
    assert.equal(marked[0].text, file[16]);
    assert.match(marked[0].text, /^\s+-----BEGIN CERTIFICATE-----/);
    for (const line of lines) assert.equal(line.text, file[line.number - 1] || " ");
  });

  it("is the damaged one", async () => {
    const page = await session.open();
    await example(page, "damaged");
    const lines = await show(page, "pem.bad-base64");
    const [marked] = lines.filter((line) => line.marked);
    assert.match(lines.map((line) => line.text).join(""), /!/);
    assert.ok(marked.number >= 1);
  });

  it("is never one of a private key", async () => {
    const key = bytes("samples/good/key.pem").toString("utf8").trim().split("\n");
    const base64 = key.slice(1, -1).join("");
    const short = base64.match(/.{1,16}/g);
    const certificate = bytes("samples/root.pem").toString("utf8").trim().split("\n");
    const body = [...key.slice(1, -1), ...bytes("samples/repairable/shop.key").toString("utf8").split("\n").filter((line) => /^[^-]/.test(line))];
    let opened = 0;
    const heaps = {
      "as it is": key.join("\n"),
      "indented, in the middle of text": `some: yaml\nkey: |\n${key.map((line) => `    ${line}`).join("\n")}\nmore: text`,
      "without its BEGIN line": key.slice(1).join("\n"),
      "without its END line": key.slice(0, -1).join("\n"),
      "without any line around it": key.slice(1, -1).join("\n"),
      "on one line with escapes": JSON.stringify({ key: key.join("\n") }),
      "with a damaged character": key.join("\n").replace(/.(.{20})\n-----END/, "!$1\n-----END"),
      "under a wrong label": key.join("\n").replaceAll("PRIVATE KEY", "CERTIFICATE"),
      "under a wrong label, and damaged": key.join("\n").replaceAll("PRIVATE KEY", "CERTIFICATE").replace(/(.{20})\n-----END/, "!$1\n-----END"),
      "under a wrong label, and cut short": key.slice(0, 2).join("\n").replaceAll("PRIVATE KEY", "CERTIFICATE"),
      "as old OpenSSL wrote it": bytes("samples/repairable/shop.key").toString("utf8"),
      "with text in between": key.join("\ncomment\n"),
      "in a line with its boundaries": key.join(" "),
      "as UTF-16": Buffer.from(`\ufeff${key.join("\r\n")}`, "utf16le"),
      "in short lines": `a note!\n${short.join("\n")}`,
      "in short lines, as UTF-16": Buffer.from(`\ufeffa note!\r\n${short.join("\r\n")}`, "utf16le"),
      "in groups of four": `a note!\n${key.slice(1, -1).map((line) => line.match(/.{1,4}/g).join(" ")).join("\n")}`,
      "as numbers": `a note!\n[${[...Buffer.from(base64, "base64")].join(", ")}]`,
      "inside of a certificate": [...certificate.slice(0, -1), ...key.slice(1, -1), certificate.at(-1)].join("\n"),
      "inside of a damaged certificate": [certificate[0], "!", ...certificate.slice(1, -1), ...key.slice(1, -1), certificate.at(-1)].join("\n"),
      "in the middle of a certificate": [...certificate.slice(0, 4), ...key.slice(1, -1), ...certificate.slice(4)].join("\n"),
      "after a certificate": `${bytes("samples/root.pem")}${key.join("\n")}\n${bytes("samples/root.pem")}`,
    };
    const page = await session.open();
    for (const [how, contents] of Object.entries(heaps)) {
      await pick(page, [{ name: `${how}.pem`, contents }]);
      for (const button of await page.locator(".finding").getByRole("button", { name: /^Show line/ }).all()) {
        await button.click();
        opened += 1;
      }
      const shown = await page.evaluate(() => document.body.textContent);
      assert.ok(!shown.includes([...Buffer.from(base64, "base64").subarray(30, 38)].join(", ")), `${how}: its bytes are shown`);
      for (const line of body) {
        for (let at = 0; at + 16 <= line.length; at += 4) {
          assert.ok(!shown.includes(line.slice(at, at + 16)), `${how}: ${line.slice(at, at + 16)} is shown`);
        }
      }
      for (const line of short.filter((one) => one.length > 8)) {
        assert.ok(!shown.replace(/[\s,]/g, "").includes(line), `${how}: ${line} is shown`);
      }
      await page.getByRole("button", { name: /^Remove/ }).first().click();
    }
    assert.ok(opened >= 8, `${opened} lines were opened`);
    assert.deepEqual(page.errors, []);
  });

  it("is text in any script, inert", async () => {
    const page = await session.open();
    await pick(page, [{ name: "text.pem", contents: `Société 株式会社 \u202e\n${bytes("samples/root.pem").toString("latin1").replace("M", "!")}` }]);
    const lines = await show(page, "pem.bad-base64");
    assert.equal(lines[0].text, "Société 株式会社 \\u{202e}");
  });
});

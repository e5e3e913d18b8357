import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bytes, good, launch, path, pick, verdict } from "./page.js";

/** Characters that reorder, hide or move: none may reach the page. */
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Heaps that are dropped in one go. */
const BATCH = 25;

/** A copy of a certificate with its name in place of another of the same length: its signature is broken, its name is hostile. */
function renamed(pem, from, to) {
  const der = Buffer.from(pem.toString("latin1").match(/-----BEGIN CERTIFICATE-----([^-]+)-----END/)[1], "base64");
  const [old, put] = [Buffer.from(from), Buffer.from(to)];
  assert.equal(old.length, put.length);
  for (let at = der.indexOf(old); at >= 0; at = der.indexOf(old, at + 1)) put.copy(der, at);
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

/** DER: a tag, the length of what follows, and that. */
function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
  return Buffer.concat([Buffer.from(body.length < 128 ? [tag] : [tag, 0x80 | length.length]), length, body]);
}

/** The elements of a DER value, each with what is inside it. */
function elements(body) {
  const out = [];
  for (let at = 0; at < body.length;) {
    const octets = body[at + 1] < 128 ? 0 : body[at + 1] & 0x7f;
    const length = octets ? body.readUIntBE(at + 2, octets) : body[at + 1];
    const end = at + 2 + octets + length;
    out.push({ tag: body[at], whole: body.subarray(at, end), inside: body.subarray(end - length, end) });
    at = end;
  }
  return out;
}

/** A copy of a certificate with an extension of so many bytes that nobody knows; its signature is broken. */
function enlarged(pem, size) {
  const whole = Buffer.from(pem.toString("latin1").match(/-----BEGIN CERTIFICATE-----([^-]+)-----END/)[1], "base64");
  const [body, ...signature] = elements(elements(whole)[0].inside);
  const parts = elements(body.inside);
  const [list] = elements(parts.at(-1).inside);
  const unknown = der(0x30, Buffer.from("06032a0304", "hex"), der(0x04, Buffer.alloc(size, 0x5a)));
  const extended = der(0xa3, der(0x30, list.inside, unknown));
  const made = der(0x30, der(0x30, ...parts.slice(0, -1).map((part) => part.whole), extended), ...signature.map((part) => part.whole));
  return `-----BEGIN CERTIFICATE-----\n${made.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

describe("hostile input", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  const isInert = async (page) => {
    assert.equal(await page.evaluate(() => document.querySelectorAll("img, iframe, object, embed, b, script:not([src])").length), 0);
    assert.equal(await page.evaluate(() => "pwned" in window), false);
    const text = await page.evaluate(() => document.body.textContent);
    const at = text.search(ACTIVE);
    assert.ok(at < 0, JSON.stringify(text.slice(Math.max(0, at - 40), at + 40)));
    assert.deepEqual(page.errors, []);
  };

  it("in names of certificates is inert: markup, bidirectional overrides, terminal escapes", async () => {
    const leaf = bytes("samples/good/fullchain.pem");
    const page = await session.open();
    for (const name of ["<b onclick=x>h</>", "\u202egpj.moc.\u202dxx", "\u001b[31mred\u001b[0m.xy", "'\"><script>a</s", "a\u0000b\u0007c.example.x"]) {
      const fitted = Buffer.alloc(16, "x");
      Buffer.from(name).copy(fitted, 0, 0, 16);
      await pick(page, [{ name: "hostile.pem", contents: renamed(leaf, "shop.example.com", fitted) }]);
      for (const summary of await page.locator("#chain summary").all()) await summary.click();
      await isInert(page);
      assert.match((await verdict(page)).word, /REFUSED|UNREADABLE|NOT READY/);
      await page.getByRole("button", { name: /^Remove/ }).first().click();
    }
  });

  it("in names of files is inert", async () => {
    const page = await session.open();
    for (const name of ["<img src=x onerror=window.pwned=1>.pem", "evil\u202emep.exe", "esc\u001b[2J.pem", "constructor", "__proto__"]) {
      await pick(page, [{ name, contents: good[0].contents }]);
      for (const button of await page.locator(".finding").getByRole("button", { name: /^Show line/ }).all()) await button.click();
      await isInert(page);
      await page.getByRole("button", { name: /^Remove/ }).first().click();
    }
  });

  it("in a name without end takes a few lines, and leaves its place to what stands beside it", async () => {
    const page = await session.open({ viewport: { width: 360, height: 740 } });
    await pick(page, [{ name: `${"x".repeat(400)}.pem`, contents: good[0].contents }]);
    assert.ok((await page.locator("#intake .file-name").evaluate((name) => name.getBoundingClientRect().height)) < 100);
    const squeezed = await page.locator(".facts dt").evaluateAll((all) => all.filter((one) => {
      const words = document.createRange();
      words.selectNodeContents(one);
      return words.getBoundingClientRect().height > 40;
    }).map((one) => one.textContent));
    assert.deepEqual(squeezed, []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  });

  it("in the text around blocks is inert when its lines are shown", async () => {
    const page = await session.open();
    const contents = `<img src=x onerror=window.pwned=1>\n\u202eright to left\n\u001b[31mred\n${good[0].contents.toString("latin1").replace("M", "!")}\n</div><script>window.pwned=1</script>\n`;
    await pick(page, [{ name: "text.pem", contents }]);
    for (const button of await page.locator(".finding").getByRole("button", { name: /^Show line/ }).all()) await button.click();
    assert.ok((await page.locator(".source-line").count()) > 0);
    await isInert(page);
  });

  it("of every rule's vectors is drawn, lines and all", async () => {
    const page = await session.open();
    const folder = path("tests/vectors/rules");
    const heaps = readdirSync(folder).flatMap((code) => readdirSync(join(folder, code)).map((name) => join(folder, code, name)));
    assert.ok(heaps.length > 300);
    const given = heaps.map((heap) => JSON.parse(readFileSync(join(heap, "case.json"), "utf8")).inputs
      .map((name) => ({ name, base64: readFileSync(join(heap, name)).toString("base64") })));
    // Many in one go: what a person does in between takes longer than what the page does.
    for (let from = 0; from < given.length; from += BATCH) {
      await page.evaluate(async (batch) => {
        const { dataset } = document.documentElement;
        const until = async (done) => { while (!done()) await new Promise((later) => setTimeout(later)); };
        for (const files of batch) {
          const was = dataset.asked;
          const transfer = new DataTransfer();
          for (const { name, base64 } of files) transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
          await until(() => dataset.asked !== was && dataset.drawn === dataset.asked);
          for (const button of document.querySelectorAll(".finding .place button")) button.click();
          const buttons = [...document.querySelectorAll("#intake button:not([hidden])")];
          (buttons.find((one) => one.textContent === "Remove all") ?? buttons.find((one) => one.textContent === "Remove")).click();
          await until(() => !document.querySelector("#intake .files li") && !document.getElementById("welcome").hidden && dataset.drawn === dataset.asked);
        }
      }, given.slice(from, from + BATCH));
      await isInert(page);
    }
  });

  it("with 10,000 names is answered, and the page stays small", async () => {
    const page = await session.open();
    await pick(page, [{ name: "many.pem", contents: bytes("tests/suites/badssl/subdomain-10000-sans.pem") }]);
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.match(await page.locator(".card.leaf").innerText(), /and 9,?997 more/);
    assert.ok((await page.evaluate(() => document.querySelectorAll("*").length)) < 3000);
    await isInert(page);
  });

  it("of two megabytes is answered: a certificate with an extension that large", async () => {
    const page = await session.open();
    await pick(page, [{ name: "large.pem", contents: enlarged(bytes("samples/good/fullchain.pem"), 1_500_000) }]);
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.match(await page.locator(".card.leaf").innerText(), /shop\.example\.com/);
    assert.match(await page.locator("#intake .file-what").innerText(), /^2\d{6} bytes/);
    await isInert(page);
  });

  it("of two megabytes is answered: one certificate, noise, one line without end", async () => {
    const page = await session.open();
    const size = 2 * 1024 * 1024;
    const sequence = Buffer.alloc(size, 0x30);
    Buffer.from([0x30, 0x83, 0x1f, 0xff, 0xfb]).copy(sequence);
    const padded = `-----BEGIN CERTIFICATE-----\n${sequence.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
    const noise = Buffer.from(Array.from({ length: size }, (_, at) => (at * 2654435761) >>> 24));
    const heaps = { "padded.pem": padded, "noise.bin": noise, "line.pem": "-----BEGIN CERTIFICATE-----".padEnd(size, "A"), "boundaries.pem": "-----BEGIN PRIVATE KEY-----\n".repeat(size / 28) };
    for (const [name, contents] of Object.entries(heaps)) {
      const begun = Date.now();
      await pick(page, [{ name, contents }]);
      // A check that would take longer is stopped, and reading and drawing take far less.
      assert.ok(Date.now() - begun < 60_000, name);
      assert.match((await verdict(page)).word, /NO CERTIFICATE|UNREADABLE|NOT CHECKED|STOPPED/, name);
      const button = page.locator(".finding").getByRole("button", { name: /^Show line/ }).first();
      if (await button.count()) await button.click();
      await isInert(page);
      await page.getByRole("button", { name: /^Remove/ }).first().click();
    }
    await pick(page, good);
    assert.equal((await verdict(page)).word, "REFUSED", "the page goes on");
  });
});

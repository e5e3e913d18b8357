import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import init, { fix } from "../../web/pkg/node.js";
import { answered, browse, bytes, codes, drop, example, good, path, pick, prepare, uploads, verdict, visit } from "./page.js";

const FILE = path("web/dist/keyway.html");
const html = readFileSync(FILE, "utf8");
const policy = html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]+)">/)[1];

describe("the page as a single file, from a disk, with the network off", () => {
  let browser;
  let page;
  let entries;
  before(async () => {
    await init();
    browser = await browse();
    page = await prepare(browser, { offline: true });
    // The browser's own log, from before the page is opened.
    entries = [];
    const client = await page.context().newCDPSession(page);
    client.on("Network.requestWillBeSent", ({ request }) => entries.push(request.url));
    await client.send("Network.enable");
    page.on("request", (request) => entries.push(request.url()));
    await visit(page, pathToFileURL(FILE).href);
  });
  after(() => browser.close());

  it("loads itself and nothing else", () => {
    const others = entries.filter((url) => url !== pathToFileURL(FILE).href && !/^(blob|data):/.test(url));
    assert.deepEqual(others, []);
    assert.equal(page.workers().length, 5);
    assert.deepEqual(page.errors, []);
  });

  it("judges what is dropped, picked and pasted", async () => {
    await drop(page, good);
    assert.equal((await verdict(page)).word, "REFUSED", "the test root is nobody's");
    await page.getByText("Trust and rules").click();
    await answered(page, () => page.locator("#roots input[type=file]").setInputFiles(uploads([{ name: "root.pem", contents: bytes("samples/root.pem") }])));
    await answered(page, () => page.getByLabel("Judge it as of").first().fill("2026-11-23"));
    assert.equal((await verdict(page)).word, "READY");
    await answered(page, () => page.getByRole("button", { name: "Remove all" }).click());
    await pick(page, good);
    assert.equal((await verdict(page)).word, "READY");
    await answered(page, () => page.getByRole("button", { name: "Remove all" }).click());
    await page.getByText("Paste as text").click();
    await page.getByLabel("Certificates or keys as text").fill(good.map(({ contents }) => contents.toString("utf8")).join(""));
    await answered(page, () => page.getByRole("button", { name: "Add this text" }).click());
    assert.equal((await verdict(page)).word, "READY");
  });

  it("shows the fault of each example, its line, and another day's verdict", async () => {
    for (const [id, word, code] of [
      ["expired", "REFUSED", "time.expired"],
      ["missing-intermediate", "REFUSED", "chain.missing-intermediate"],
      ["wrong-key", "NOT READY", "key.mismatch"],
      ["locked-key", "ACCEPTED", "pem.encrypted-key"],
      ["pkcs7", "NOT READY", "pem.indented"],
    ]) {
      await example(page, id);
      assert.equal((await verdict(page)).word, word, id);
      assert.ok((await codes(page)).includes(code), id);
    }
    const finding = page.locator('.finding[data-code="pem.indented"]');
    await finding.getByRole("button", { name: /^Show line/ }).click();
    assert.equal(await finding.locator(".is-marked .source-number").innerText(), "17");
    await answered(page, () => page.locator("#slider").press("End"));
    assert.equal((await verdict(page)).word, "REFUSED");
  });

  it("gives repaired files", async () => {
    await example(page, "pkcs7");
    const given = (name) => ({ name, bytes: new Uint8Array(bytes(`samples/repairable/${name}`)) });
    const made = fix(["shop.pem", "bundle.p7b", "shop.key"].map(given), {
      now: "2026-11-23", hosts: ["shop.example.com"], own_roots: [{ name: "root.pem", bytes: new Uint8Array(bytes("samples/root.pem")) }],
    });
    for (const file of made.files) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: new RegExp(`^Save ${file.name}`) }).click(),
      ]);
      assert.deepEqual(readFileSync(await download.path()), Buffer.from(file.bytes), file.name);
    }
    const others = entries.filter((url) => url !== pathToFileURL(FILE).href && !/^(blob|data):/.test(url));
    assert.deepEqual(others, [], "and has asked for nothing until now");
    assert.deepEqual(page.errors, []);
  });

  it("names its one script and its one style by their hashes, and allows no connection at all", () => {
    const inside = (open, close) => html.slice(html.indexOf(open) + open.length, html.indexOf(close, html.indexOf(open)));
    const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const script = hash(inside('<script type="module">', "</script>"));
    const style = hash(inside("<style>", "</style>"));
    assert.equal(policy, `default-src 'none'; script-src ${script} 'wasm-unsafe-eval'; style-src ${style}; worker-src blob:; img-src data:; form-action 'none'; base-uri 'none'`);
    const executable = html.match(/<script(?![^>]*type="text\/plain")[^>]*>/g);
    assert.deepEqual(executable, ['<script type="module">']);
    assert.doesNotMatch(html.slice(0, html.indexOf("<body>")), /\s(src|href)="(?!data:)/);
    assert.doesNotMatch(html, /<[a-z]+[^>]*\son[a-z]+=/);
  });

  it("is refused every connection by the browser, in the page and in its workers", async () => {
    const other = await visit(await prepare(browser), pathToFileURL(FILE).href);
    const attempts = await other.evaluate(async () => {
      const out = {};
      for (const [name, attempt] of Object.entries({
        fetch: () => fetch("http://127.0.0.1:9/"),
        "its own file": () => fetch(location.href),
        image: () => new Promise((load, fail) => { const image = new Image(); image.onload = load; image.onerror = fail; image.src = "http://127.0.0.1:9/x.png"; }),
        worker: () => new Promise((run, fail) => { const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"]))); worker.onmessage = run; worker.onerror = fail; }),
      })) out[name] = await Promise.resolve().then(attempt).then(() => "went through", () => "refused");
      return out;
    });
    for (const [name, answer] of Object.entries(attempts)) assert.equal(answer, "refused", name);
    for (const worker of other.workers()) {
      assert.equal(await worker.evaluate(() => typeof fetch), "undefined");
    }
  });

  it("tells how to see that, in words that are true of a file", async () => {
    await page.getByText("See that for yourself").click();
    assert.match(await page.locator(".promise").innerText(), /in this file by their hashes/);
    assert.doesNotMatch(await page.locator(".promise").innerText(), /from the place it came from/);
  });
});

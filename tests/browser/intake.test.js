import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answered, bytes, codes, drop, example, good, launch, path, pick, settled, uploads, verdict } from "./page.js";

describe("files come in", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  const text = (path) => bytes(path).toString("utf8");
  const names = (page) => page.locator("#intake .file-name").allInnerTexts();
  const next = answered;

  it("by picking any number of them", async () => {
    const page = await session.open();
    await pick(page, good);
    assert.deepEqual(await names(page), ["fullchain.pem", "key.pem"]);
    await pick(page, [{ name: "fullchain.pem", contents: bytes("samples/expired/fullchain.pem") }]);
    assert.deepEqual(await names(page), ["fullchain.pem", "key.pem", "fullchain.pem (2)"]);
    assert.deepEqual(page.errors, []);
  });

  it("by dropping them anywhere on the page", async () => {
    const page = await session.open();
    await drop(page, good);
    assert.deepEqual(await names(page), ["fullchain.pem", "key.pem"]);
    assert.equal((await verdict(page)).word, "REFUSED", "the test root is nobody's");
  });

  it("by the browser's own drop of files from a disk", async () => {
    const page = await session.open();
    const client = await page.context().newCDPSession(page);
    const box = await page.locator(".drop").boundingBox();
    const data = { items: [], files: ["fullchain.pem", "key.pem"].map((name) => path(`samples/good/${name}`)), dragOperationsMask: 1 };
    const drag = (type) => client.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + box.height / 2, data });
    await drag("dragEnter");
    await drag("dragOver");
    assert.ok(await page.locator(".drop.is-over").count(), "the place shows that it would take them");
    await next(page, () => drag("drop"));
    assert.deepEqual(await names(page), ["fullchain.pem", "key.pem"]);
    assert.equal(await page.locator(".drop.is-over").count(), 0);
    assert.deepEqual(page.errors, []);
  });

  it("by pasting text anywhere on the page, with the keyboard", async () => {
    const page = await session.open();
    await page.evaluate((contents) => navigator.clipboard.writeText(contents), text("samples/good/fullchain.pem"));
    await next(page, () => page.keyboard.press("Control+V"));
    assert.deepEqual(await names(page), ["pasted-1.pem"]);
    assert.ok((await codes(page)).includes("chain.unknown-root") || (await verdict(page)).word === "REFUSED");
  });

  it("by typing or pasting into a field", async () => {
    const page = await session.open();
    await page.getByText("Paste as text").click();
    await page.getByLabel("Certificates or keys as text").fill(text("samples/good/fullchain.pem"));
    await next(page, () => page.getByRole("button", { name: "Add this text" }).click());
    assert.deepEqual(await names(page), ["pasted-1.pem"]);
  });

  it("and pasting a host name into its field adds no file", async () => {
    const page = await session.open();
    await page.evaluate(() => navigator.clipboard.writeText("www.example.com"));
    await page.getByLabel("Host names").focus();
    await page.keyboard.press("Control+V");
    assert.equal(await page.getByLabel("Host names").inputValue(), "www.example.com");
    assert.deepEqual(await names(page), []);
  });

  it("by pasting them, whatever has the focus, if that has no use for them", async () => {
    const page = await session.open();
    await pick(page, good);
    await page.evaluate((contents) => navigator.clipboard.writeText(contents), text("samples/root.pem"));
    for (const [place, field] of [["pasted-1.pem", "#slider"], ["pasted-2.pem", "#hosts"]]) {
      await page.locator(field).focus();
      await next(page, () => page.keyboard.press("Control+V"));
      assert.ok((await names(page)).includes(place), field);
    }
    assert.equal(await page.getByLabel("Host names").inputValue(), "");
  });

  it("up to so many bytes together, and what is refused is said", async () => {
    const page = await session.open();
    await next(page, () => page.evaluate(() => {
      const transfer = new DataTransfer();
      for (const name of ["a", "b", "c", "d", "e"]) transfer.items.add(new File([new Uint8Array(15 * 1024 * 1024)], name));
      for (const name of ["f", "g", "h", "i", "j", "k"]) transfer.items.add(new File([new Uint8Array(17 * 1024 * 1024)], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }));
    assert.deepEqual(await names(page), ["a", "b", "c", "d"]);
    assert.deepEqual(await page.locator("#intake .problems p").allInnerTexts(), [
      "e: all files together would be larger than 64 MB",
      ...["f", "g", "h", "i"].map((name) => `${name}: larger than 16 MB, which no certificate file is`),
      "And 2 more files were not read.",
    ]);
    await example(page, "good");
    assert.equal(await page.locator("#intake .problems").innerText(), "", "of what is looked at no more");
  });

  it("no more once something else is looked at, while they are read", async () => {
    const page = await session.open();
    await page.evaluate((contents) => {
      const transfer = new DataTransfer();
      for (let number = 0; number < 100; number += 1) transfer.items.add(new File([contents], `many-${number}.pem`));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
      document.querySelector('[data-example="good"]').click();
    }, text("samples/expired/fullchain.pem"));
    // One question each: the example's, and that of who has read no more.
    await page.waitForFunction(() => document.documentElement.dataset.asked === "2");
    await settled(page);
    assert.equal((await verdict(page)).word, "READY");
    assert.ok((await names(page)).every((name) => !name.startsWith("many-")));
  });

  it("and go again, one by one or all at once, and take the answer with them", async () => {
    const page = await session.open();
    await pick(page, [...good, { name: "old.key", contents: bytes("samples/shop-heap/old.key") }]);
    await next(page, () => page.getByRole("button", { name: "Remove old.key" }).click());
    assert.deepEqual(await names(page), ["fullchain.pem", "key.pem"]);
    await next(page, () => page.getByRole("button", { name: "Remove all" }).click());
    assert.deepEqual(await names(page), []);
    assert.equal(await page.locator("#results").isVisible(), false);
    assert.equal(await page.locator("#chain").innerHTML(), "");
  });

  it("with an own root that is trusted, and a host that is asked for", async () => {
    const page = await session.open();
    await pick(page, good);
    await page.getByText("Trust and rules").click();
    await next(page, () => page.locator("#options input[type=file]").setInputFiles([{ name: "root.pem", mimeType: "text/plain", buffer: bytes("samples/root.pem") }]));
    await next(page, () => page.getByLabel("Judge it as of").first().fill("2026-11-23"));
    assert.deepEqual(await verdict(page), {
      word: "READY",
      sentence: "A server can use these files, and clients will accept them for shop.example.com and www.shop.example.com until 2027-01-09 (in 47 days).",
    });
    await next(page, () => page.getByLabel("Host names").fill("other.example.com"));
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.ok((await codes(page)).includes("name.mismatch"));
    await next(page, () => page.getByLabel("Host names").fill("https://shop.example.com/"));
    assert.match(await page.locator("#hosts-problem").innerText(), /is not a host/);
  });

  it("and the verdict comes into view on a phone", async () => {
    const page = await session.open({ viewport: { width: 360, height: 740 }, reducedMotion: "reduce" });
    await pick(page, good);
    const { top, bottom } = await page.locator("#verdict").evaluate((one) => one.getBoundingClientRect().toJSON());
    assert.ok(top >= 0 && bottom <= 741, `${top} to ${bottom}`);
  });

  it("and a password is asked for while something is encrypted, and only then", async () => {
    const page = await session.open();
    await pick(page, good);
    assert.equal(await page.getByLabel("Password", { exact: true }).isVisible(), false);
    await pick(page, [{ name: "locked.pem", contents: bytes("tests/vectors/rules/pem.encrypted-key/fires-without-a-password/key.pem") }]);
    assert.equal(await page.getByLabel("Password", { exact: true }).isVisible(), true);
    await next(page, () => page.getByLabel("Password", { exact: true }).fill("certainly not"));
    assert.ok((await codes(page)).includes("pem.wrong-password"));
    assert.equal(await page.getByLabel("Password", { exact: true }).isVisible(), true);
    await next(page, () => page.getByRole("button", { name: "Remove locked.pem" }).click());
    assert.equal(await page.getByLabel("Password", { exact: true }).isVisible(), false);
  });
});

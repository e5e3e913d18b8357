import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { bytes, example, launch, pick } from "./page.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("axe-core finds no violation", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  const holds = async (page, what) => {
    // Colours on their way from one to another are none that anybody reads.
    await page.waitForTimeout(200);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const told = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
    assert.equal(told.length, 0, told.join("\n"));
  };

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 1440]) {
      it(`${colorScheme}, ${width} pixels wide`, async () => {
        const page = await session.open({ colorScheme, viewport: { width, height: 900 } });
        await page.evaluate(axe);
        await page.getByText("See that for yourself").click();
        await holds(page, "at first");
        for (const id of ["good", "missing-intermediate", "pkcs7", "wrong-key", "locked-key"]) {
          await example(page, id);
          for (const details of await page.locator("details:not([open]) > summary").all()) if (await details.isVisible()) await details.click();
          for (const button of await page.locator(".finding").getByRole("button", { name: /^Show line/ }).all()) await button.click();
          await holds(page, id);
          assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${id}: no sideways scrolling`);
        }
        await pick(page, [{ name: "root.pem", contents: bytes("samples/root.pem") }]);
        await holds(page, "a root among the files");
        await pick(page, [{ name: "noise.bin", contents: bytes("samples/shop-heap/intermediate.crt") }]);
        await page.getByLabel("Host names").fill("http://a.example/");
        await page.locator("#hosts-problem").getByText("is not a host").waitFor();
        await holds(page, "a problem");
      });
    }
  }

  it("nor after the theme is chosen by hand, in memory only", async () => {
    const page = await session.open({ colorScheme: "light" });
    await page.evaluate(axe);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "Theme: system" }).click();
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    assert.notEqual(await ground(), light);
    await example(page, "expired");
    await holds(page, "dark by hand");
    await page.reload();
    await page.waitForSelector("html[data-state=ready]");
    assert.equal(await ground(), light);
  });
});

describe("a screen reader is told", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  it("the verdict as it changes, and every part by its name", async () => {
    const page = await session.open();
    await example(page, "missing-intermediate");
    const live = page.getByRole("status").filter({ hasText: "REFUSED" });
    assert.match(await live.innerText(), /an intermediate certificate is missing/);
    for (const name of ["Files", "Chain", "Time", "Findings", "Who will accept it", "Repair", "Report"]) {
      assert.equal(await page.getByRole("region", { name, exact: true }).count(), 1, name);
    }
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    assert.equal(await page.getByRole("slider", { name: "Judge it as of" }).count(), 1);
    assert.equal(await page.getByRole("link", { name: /./ }).evaluateAll((all) => all.filter((one) => !one.hash || !document.querySelector(one.hash)).length), 0, "no dead links");
  });
});

describe("the answer is whole", () => {
  let session;
  let page;
  before(async () => {
    session = await launch();
    page = await session.open({ viewport: { width: 1280, height: 900 } });
    await example(page, "pkcs7");
  });
  after(() => session.close());

  it("on paper, in light colours, with nothing that only a hand can use", async () => {
    await page.evaluate(() => { document.documentElement.dataset.theme = "dark"; });
    await page.emulateMedia({ media: "print" });
    const card = await page.locator(".card.leaf .card-main").boundingBox();
    assert.ok(card.width > 640, `a card is ${card.width} pixels wide`);
    assert.equal(await page.locator("main button:visible, main input:visible, main .track:visible").count(), 0);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(24, 33, 44)");
    for (const name of ["Chain", "Time", "Findings", "Who will accept it"]) {
      assert.ok(await page.getByRole("region", { name, exact: true }).isVisible(), name);
    }
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => { delete document.documentElement.dataset.theme; });
  });

  it("in forced colours, with the lines that shapes hang on", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const line = (selector, pseudo) => page.locator(selector).first().evaluate((element, of) => getComputedStyle(element, of).backgroundColor, pseudo);
    assert.notEqual(await line(".card", "::before"), ground, "from card to card");
    assert.notEqual(await line(".moment"), ground, "the moment in a bar");
    assert.notEqual(await line(".keyhole"), ground, "the mark of the page");
    await page.emulateMedia({ forcedColors: "none" });
  });
});

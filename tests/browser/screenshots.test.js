import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { example, launch, path } from "./page.js";

const folder = path("target/screenshots");

describe("pictures to look at", () => {
  let session;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    session = await launch();
  });
  after(() => session.close());

  // The one in the README: a heap with faults, from the verdict on.
  const overview = async (page, colorScheme) => {
    await page.setViewportSize({ width: 1200, height: 900 });
    await example(page, "pkcs7");
    await page.locator("#certificates .desk").evaluate((desk) => desk.scrollTo(0, 0));
    await page.locator("#work").evaluate((bench) => scrollTo(0, bench.getBoundingClientRect().top + scrollY - 16));
    await page.screenshot({ path: `${folder}/overview-${colorScheme}.png` });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.reload();
    await page.waitForSelector("html[data-state=ready]");
  };

  it("keep title and lead together when the promise is opened, and break no word of an example", async () => {
    const page = await session.open({ viewport: { width: 1440, height: 900 } });
    await page.getByText("See that for yourself").click();
    const between = await page.evaluate(() =>
      document.querySelector(".lead").getBoundingClientRect().top - document.querySelector("h1").getBoundingClientRect().bottom);
    assert.ok(between < 40, `${between} pixels`);
    for (const width of [360, 640, 900, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const broken = await page.locator(".example-name").evaluateAll((all) => all.flatMap(({ firstChild: text }) =>
        [...text.data.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          return range.getClientRects().length > 1;
        }).map(([word]) => word)));
      assert.deepEqual(broken, [], `${width} pixels`);
    }
  });

  for (const width of [360, 900, 1440]) {
    for (const colorScheme of ["light", "dark"]) {
      it(`are made, ${width} pixels wide, ${colorScheme}`, async () => {
        const page = await session.open({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        const shoot = async (name, fullPage) => {
          await page.evaluate(() => scrollTo(0, 0));
          await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage });
        };
        await shoot("first", false);
        if (width === 1440) await overview(page, colorScheme);
        for (const id of ["good", "missing-intermediate", "pkcs7"]) {
          await example(page, id);
          const line = page.locator(".finding").getByRole("button", { name: /^Show line/ }).first();
          if (await line.count()) await line.click();
          await shoot(id, true);
        }
      });
    }
  }
});

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

  for (const width of [360, 900, 1440]) {
    for (const colorScheme of ["light", "dark"]) {
      it(`are made, ${width} pixels wide, ${colorScheme}`, async () => {
        const page = await session.open({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        const shoot = async (name, fullPage) => {
          await page.evaluate(() => scrollTo(0, 0));
          await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage });
        };
        await shoot("first", false);
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

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { bytes, launch, path, settled, verdict } from "./page.js";

describe("the keyboard alone", () => {
  let session;
  let page;
  before(async () => {
    session = await launch();
    page = await session.open();
  });
  after(() => session.close());

  const focused = () => page.evaluate(() => {
    const { activeElement: at } = document;
    const label = at.labels?.[0]?.textContent ?? "";
    return `${at.getAttribute("aria-label") ?? ""}${label}${at.matches("input, select, textarea") ? "" : at.textContent}`.trim();
  });
  /** Presses Tab until what has the focus is called so, and shows that it has it. */
  const tabTo = async (name, key = "Tab") => {
    for (let presses = 0; presses < 150; presses += 1) {
      await page.keyboard.press(key);
      if (name.test(await focused())) {
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(outline, "none", `${name}: the focus is seen`);
        return;
      }
    }
    assert.fail(`${name} is not reached by ${key}`);
  };

  it("skips to the files, picks them, and reads the verdict", async () => {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the files");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.match(await focused(), /^Drop files here, or pick them/);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
    await chooser.setFiles(["repairable/shop.pem", "repairable/bundle.p7b", "repairable/shop.key"].map((name) => path(`samples/${name}`)));
    await page.waitForFunction(() => document.querySelector(".verdict-word").textContent === "REFUSED" || document.querySelector(".verdict-word").textContent === "NOT READY");
    await settled(page);
  });

  it("asks for a host, a day and an own root", async () => {
    await tabTo(/^Host names/);
    await page.keyboard.type("shop.example.com");
    await tabTo(/^Trust and rules/);
    await page.keyboard.press("Enter");
    await tabTo(/^Add a root/);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
    await chooser.setFiles([path("samples/root.pem")]);
    await page.waitForFunction(() => document.querySelector(".verdict-word").textContent === "NOT READY");
    await settled(page);
    assert.match((await verdict(page)).sentence, /Apart from that, clients will accept the certificate for shop\.example\.com/);
  });

  it("moves the time, opens a line, and saves the repaired files", async () => {
    await tabTo(/^Judge it as of/);
    while ((await page.evaluate(() => document.activeElement.id)) !== "slider") await tabTo(/^Judge it as of/);
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector(".verdict-word").textContent === "REFUSED");
    await tabTo(/^Now$/);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".verdict-word").textContent === "NOT READY");
    await settled(page);
    assert.equal(await focused(), "Now", "the focus stays");
    await tabTo(/^Show line 17 of shop\.pem/);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("mark").count(), 1);
    await tabTo(/^Save fullchain\.pem/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    const fixed = readFileSync(await download.path());
    const first = (pem) => pem.toString("latin1").match(/-----BEGIN[^]+?-----END CERTIFICATE-----/)[0];
    assert.equal(first(fixed), first(bytes("samples/good/fullchain.pem")));
  });

  it("goes back, and removes a file", async () => {
    await tabTo(/^Remove shop\.key/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("#intake .files li").length === 2);
    await settled(page);
    assert.ok((await focused()).startsWith("Remove bundle.p7b"), "the focus goes to the one beside, and stays there");
  });
});

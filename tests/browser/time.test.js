import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TODAY, codes, example, launch, settled, verdict } from "./page.js";

describe("the moment to judge at", () => {
  let session;
  let page;
  before(async () => {
    session = await launch();
    page = await session.open();
    await example(page, "good");
  });
  after(() => session.close());

  const slider = () => page.locator("#slider");
  const day = () => page.locator(".slider-day").innerText();
  const press = async (key) => {
    const before = await page.evaluate(() => document.documentElement.dataset.drawn);
    await slider().press(key);
    await page.waitForFunction((was) => document.documentElement.dataset.drawn !== was, before);
    await settled(page);
  };
  const jump = async (name) => {
    const before = await page.evaluate(() => document.documentElement.dataset.drawn);
    await page.locator(".jumps").getByRole("button", { name, exact: true }).click();
    await page.waitForFunction((was) => document.documentElement.dataset.drawn !== was, before);
    await settled(page);
  };

  it("is the chain's last day: accepted, with hours left", async () => {
    await jump("Chain’s last day");
    assert.equal(await day(), "2027-01-09");
    assert.equal((await verdict(page)).word, "READY");
    assert.match((await verdict(page)).sentence, /until 2027-01-09 \(in 23 hours\)/);
    assert.match(await slider().getAttribute("aria-valuetext"), /^2027-01-09: accepted$/);
  });

  it("moves by one day with an arrow key, and the verdict turns on the day after the last", async () => {
    await slider().focus();
    await press("ArrowRight");
    assert.equal(await day(), "2027-01-10");
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.ok((await codes(page)).includes("time.expired"));
    assert.match(await slider().getAttribute("aria-valuetext"), /^2027-01-10: refused$/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "slider", "the focus stays");
    await press("ArrowLeft");
    assert.equal((await verdict(page)).word, "READY");
  });

  it("begins with the leaf's first day, where nothing is refused any more", async () => {
    await slider().focus();
    await press("Home");
    assert.equal(await day(), "2026-10-12");
    assert.equal((await verdict(page)).word, "READY");
  });

  it("can be a day before the first, from the date field", async () => {
    const before = await page.evaluate(() => document.documentElement.dataset.drawn);
    await page.locator("#day").fill("2026-10-11");
    await page.waitForFunction((was) => document.documentElement.dataset.drawn !== was, before);
    await settled(page);
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.ok((await codes(page)).includes("time.not-yet-valid"));
    assert.equal(await day(), "2026-10-11");
  });

  it("shows the intermediates' end too, by being dragged to the far end", async () => {
    await slider().focus();
    await press("End");
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.ok((await day()) >= "2029-03-15");
  });

  it("has the dates of the coming lifetime rules marked where they are on the axis", async () => {
    const marks = await page.locator(".mark.rule").allInnerTexts();
    assert.deepEqual(marks, ["100 days", "47 days"]);
    await page.getByText("Coming lifetime rules on this axis").click();
    const rules = await page.locator(".rules li").allInnerTexts();
    assert.deepEqual(rules.map((text) => text.match(/(\d{4}-\d\d-\d\d)\s+(\d+) days/).slice(1)), [["2026-03-15", "200"], ["2027-03-15", "100"], ["2029-03-15", "47"]]);
    // The thumb's middle stands on the mark.
    await page.locator(".rules").getByRole("button", { name: "2027-03-15" }).click();
    await settled(page);
    assert.equal(await day(), "2027-03-15");
    const off = await page.evaluate(() => {
      const range = document.getElementById("slider");
      const box = range.getBoundingClientRect();
      const thumb = box.left + 12 + (Number(range.value) / Number(range.max)) * (box.width - 24);
      const mark = [...document.querySelectorAll(".mark.rule")].find((one) => one.textContent === "100 days").getBoundingClientRect();
      const moment = document.querySelector(".moment").getBoundingClientRect();
      return [Math.abs(mark.left - thumb), Math.abs(moment.left + 1 - thumb)];
    });
    assert.ok(off.every((pixels) => pixels < 2.5), String(off));
  });

  it("is now when nothing else is asked for", async () => {
    await jump("Now");
    assert.equal(await page.locator("#day").inputValue(), "");
    assert.equal(await day(), TODAY.slice(0, 10));
  });
});

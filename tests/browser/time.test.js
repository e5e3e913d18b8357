import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TODAY, answered, codes, example, launch, pick, settled, verdict } from "./page.js";

/** A certificate that ends when no certificate does: 9999-12-31 (RFC 5280, 4.1.2.5). */
const ENDLESS = Buffer.from([
  "MIIBNjCB3aADAgECAgEFMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2Rldi5leGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzk5OTkxMjMxMjM1OTU5",
  "WjAWMRQwEgYDVQQDDAtkZXYuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBBHXC4aGlEPDti7e1FSIgTLuhlOLdZXTeoorz8UamHl",
  "TuJcp+YRtwazNncESz2U4w2tjeoRky94jw4sQX9ETa2jGjAYMBYGA1UdEQQPMA2CC2Rldi5leGFtcGxlMAoGCCqGSM49BAMCA0gAMEUCIC5IH2Kx",
  "VNyI+0U1bCH1Hy5QuUdHg1ueNNQwR3Z2bShQAiEAnKyG2hYkcN1UVw3b2oroROfP5qc5KZE9DbYuo/ONlaE=",
].join(""), "base64");

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
  const press = (key) => answered(page, () => slider().press(key));
  const jump = (name) => answered(page, () => page.locator(".jumps").getByRole("button", { name, exact: true }).click());

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
    await answered(page, () => page.locator("#day").fill("2026-10-11"));
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
    await answered(page, () => page.locator(".rules").getByRole("button", { name: "2027-03-15" }).click());
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

  it("is said at once while it is moved, and the thumb is not taken back by an answer that comes late", async () => {
    await jump("Chain’s last day");
    // Two steps before the first is answered.
    const said = await page.evaluate(() => {
      const range = document.getElementById("slider");
      const out = [];
      for (let step = 0; step < 2; step += 1) {
        range.value = Number(range.value) + 1;
        range.dispatchEvent(new Event("input", { bubbles: true }));
        out.push(range.getAttribute("aria-valuetext"));
      }
      window.values = [];
      new MutationObserver(() => window.values.push(range.value)).observe(document.getElementById("verdict"), { childList: true });
      return out;
    });
    assert.deepEqual(said, ["2027-01-10", "2027-01-11"]);
    await settled(page);
    assert.equal(await day(), "2027-01-11");
    assert.equal(await slider().getAttribute("aria-valuetext"), "2027-01-11: refused");
    const values = await page.evaluate(() => [...window.values, document.getElementById("slider").value]);
    assert.equal(new Set(values).size, 1, `the thumb stood at ${values}`);
  });

  it("is what is typed when it is whole, and leaves the axis readable", async () => {
    await example(page, "good");
    const axis = async () => [Number(await slider().getAttribute("max")), await page.locator(".bar").first().boundingBox()];
    const [days] = await axis();
    await page.locator("#day").focus();
    await page.evaluate(() => {
      window.judged = [];
      new MutationObserver(() => window.judged.push(document.querySelector("#verdict .verdict-counts")?.textContent)).observe(document.getElementById("verdict"), { childList: true });
    });
    await page.keyboard.type("06152027", { delay: 60 });
    await page.waitForFunction(() => document.getElementById("day").value === "2027-06-15");
    await settled(page);
    assert.equal(await day(), "2027-06-15");
    const judged = await page.evaluate(() => window.judged.map((text) => text?.match(/judged at (\d+)/)?.[1]));
    assert.ok(judged.length > 0 && judged.every((year) => year >= "2026"), `the years 2, 20 and 202 are none: ${judged}`);
    assert.ok((await axis())[0] <= days + 366, String(await axis()));
    await answered(page, () => page.locator("#day").fill("1995-01-01"));
    assert.ok((await axis())[0] > 10_000);
    await jump("Now");
    assert.ok((await axis())[0] <= days + 366, "it is what it was when the day is another one");
  });

  it("has no last day where a chain never ends", async () => {
    const other = await session.open();
    await pick(other, [{ name: "endless.der", contents: ENDLESS }]);
    assert.match(await other.locator(".bar-words").first().innerText(), /to 9999-12-31/);
    assert.deepEqual(await other.locator(".jumps button:visible").allInnerTexts(), ["Now"]);
  });

  it("is now when nothing else is asked for", async () => {
    await jump("Now");
    assert.equal(await page.locator("#day").inputValue(), "");
    assert.equal(await day(), TODAY.slice(0, 10));
  });
});

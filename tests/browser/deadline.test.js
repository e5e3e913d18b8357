import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answered, bytes, good, launch, pick, verdict } from "./page.js";

/** The worker with a check that never ends for files of this name. */
const endless = bytes("web/pkg/worker.js").toString("utf8").replace(
  "check: ({ files, options }) =>",
  "check: ({ files, options }) => { while (files.some(({ name }) => name === 'endless.pem')); return",
).replace("check(files, options),", "check(files, options); },");

describe("a check that would run for ever", () => {
  let session;
  before(async () => {
    assert.match(endless, /while/);
    session = await launch({ "pkg/worker.js": endless });
  });
  after(() => session.close());

  it("is stopped at its deadline, said so, and the page goes on without loading anything", async () => {
    const page = await session.open();
    await pick(page, good);
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const begun = Date.now();
    const stopping = pick(page, [{ name: "endless.pem", contents: good[0].contents }]);
    await page.getByText("This takes longer than usual").waitFor();
    // The page is alive meanwhile.
    await page.getByText("See that for yourself").click();
    await page.getByLabel("Host names").focus();
    await stopping;
    const took = Date.now() - begun;
    assert.ok(took >= 10_000, `${took} ms`);
    const { word, sentence } = await verdict(page);
    assert.equal(word, "STOPPED");
    assert.match(sentence, /more than 10 seconds and was stopped\. Nothing is known about these files\./);
    assert.equal(await page.locator("#results").isVisible(), false);
    await answered(page, () => page.getByRole("button", { name: "Remove endless.pem" }).click());
    assert.equal((await verdict(page)).word, "REFUSED", "the other files are judged again");
    for (let waits = 0; page.workers().length > 4 && waits < 50; waits += 1) await page.waitForTimeout(100);
    assert.equal(page.workers().length, 4, "the stopped worker is gone");
    assert.deepEqual(requests, []);
    assert.deepEqual(page.errors, []);
  });
});

/** The worker with a check that answers amiss for files of these names. */
const amiss = bytes("web/pkg/worker.js").toString("utf8").replace(
  "check: ({ files, options }) =>",
  `check: ({ files, options }) => {
    const [{ name } = {}] = files;
    if (name === "nothing.pem") return undefined;
    if (name === "odd.pem") return { verdicts: {} };
    if (name === "broken.pem") throw new Error("broken");
    return`,
).replace("check(files, options),", "check(files, options); },");

describe("a check that answers amiss", () => {
  let session;
  before(async () => {
    assert.match(amiss, /broken/);
    session = await launch({ "pkg/worker.js": amiss });
  });
  after(() => session.close());

  it("is said so, and the page goes on", async () => {
    const page = await session.open();
    for (const [name, word, sentence] of [
      ["nothing.pem", "NOT CHECKED", /no answer: a bug in Keyway/],
      ["odd.pem", "NOT CHECKED", /could not show what was found/],
      ["broken.pem", "NOT CHECKED", /stopped without an answer/],
    ]) {
      await pick(page, [{ name, contents: good[0].contents }]);
      assert.equal((await verdict(page)).word, word, name);
      assert.match((await verdict(page)).sentence, sentence, name);
      await answered(page, () => page.getByRole("button", { name: `Remove ${name}` }).click());
      assert.equal((await verdict(page)).word, "Ready when you are", name);
    }
    await pick(page, good);
    assert.equal((await verdict(page)).word, "REFUSED");
  });
});

/** The rooms' worker with jobs that never end for texts with this word. */
const endlessRooms = bytes("web/pkg/rooms-worker.js").toString("utf8").replace(
  /(config|dns)(Check|CheckZone): \(\{ settings \}\) =>/g,
  "$1$2: ({ settings }) => { while (/endless/.test(settings.text ?? settings.zone)); return",
).replace(/(configCheck|dnsCheckZone)\((settings.*)\),\n/g, "$1($2); },\n");

describe("a room's check that would run for ever", () => {
  let session;
  before(async () => {
    assert.equal(endlessRooms.match(/endless/g).length, 2);
    session = await launch({ "pkg/rooms-worker.js": endlessRooms });
  });
  after(() => session.close());

  it("is stopped, said so without blaming the text, and the room goes on while it has a worker", async () => {
    const page = await session.open();
    const says = (room, text) => page.locator(`#${room}-verdict`, { hasText: text }).waitFor();
    await page.getByRole("tab", { name: "Service" }).click();
    const file = page.getByLabel("Service file", { exact: true });
    await file.fill('host = "endless.example"');
    await says("service", /STOPPED[^]*more than 10 seconds/);
    assert.equal(await page.locator("#service-results").isVisible(), false);
    await file.fill('hots = "a.example"');
    await says("service", "NOT READY");
    await page.getByRole("tab", { name: "DNS" }).click();
    await page.getByLabel("Names that clients ask for").fill("www.contoso.com");
    await page.getByLabel("Where the service is").fill("20.50.0.10");
    await says("dns", "READY TO MAKE");
    await page.getByLabel("Zone file", { exact: true }).fill("endless 60 A 192.0.2.1");
    await says("dns", /STOPPED[^]*more than 10 seconds/);
    await page.getByLabel("Names that clients ask for").fill("shop.contoso.com");
    await says("dns", "Load the page anew");
    assert.deepEqual(page.errors, []);
  });
});

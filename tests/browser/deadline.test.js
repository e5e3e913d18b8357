import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answered, bytes, good, launch, pick, verdict } from "./page.js";

/** The worker with a check that never ends for files of this name. */
const endless = bytes("web/app/worker.js").toString("utf8").replace(
  "check: ({ files, options }) =>",
  "check: ({ files, options }) => { while (files.some(({ name }) => name === 'endless.pem')); return",
).replace("check(files, options),", "check(files, options); },");

describe("a check that would run for ever", () => {
  let session;
  before(async () => {
    assert.notEqual(endless, bytes("web/app/worker.js").toString("utf8"));
    session = await launch({ "app/worker.js": endless });
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

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, path, prepare } from "./page.js";

describe("a page that cannot start", () => {
  let session;
  before(async () => { session = await launch({ "app/main.js": "this is no script of today" }); });
  after(() => session.close());

  const says = async (url, options = {}) => {
    const page = await prepare(session.browser, { frozen: false, ...options });
    await page.goto(url);
    const told = page.locator("#verdict .late");
    await told.waitFor({ state: "visible" });
    assert.match(await told.innerText(), /needs JavaScript and WebAssembly.+scripts are not allowed.+older than 2024.+keyway\.html/s);
  };

  it("says so where scripts are not allowed", () => says(session.server.url, { javaScriptEnabled: false }));

  it("says so where the browser does not know its language", () => says(session.server.url));

  it("says so where the folder is opened from a disk", () => says(pathToFileURL(path("web/index.html")).href));
});

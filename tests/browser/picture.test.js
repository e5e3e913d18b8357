import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import init, { check } from "../../web/pkg/node.js";
import { bytes, codes, launch, path, pick } from "./page.js";

const rules = path("tests/vectors/rules");

/** The report about a vector, judged as `asked` says beside what its case does. */
function judged(vector, asked = {}) {
  const at = `${rules}/${vector}`;
  const given = JSON.parse(readFileSync(`${at}/case.json`, "utf8"));
  const file = (name) => ({ name, bytes: new Uint8Array(readFileSync(`${at}/${name}`)) });
  return check(given.inputs.map(file), {
    now: given.at, hosts: given.hosts, purpose: given.purpose, profile: given.profile,
    roots: "none", own_roots: given.roots ? [file(given.roots)] : [], ...asked,
  });
}

const first = (code) => `${code}/${readdirSync(`${rules}/${code}`).find((name) => name.startsWith("fires-"))}`;

describe("the picture and the list", () => {
  let session;
  let page;
  before(async () => {
    await init();
    session = await launch();
    page = await session.open();
  });
  after(() => session.close());

  /** Draws a report with the page's own code; what stands behind the last certificate at hand. */
  const drawn = (report, purpose = "server") => page.evaluate(async ([given, who]) => {
    const { drawChain } = await import("./app/chain.js");
    document.getElementById("results").hidden = false;
    const place = document.getElementById("chain");
    drawChain(place, given, who, { unlock() {}, trust() {} });
    return { text: place.innerText, gaps: place.querySelectorAll("[data-gap]").length, ends: place.querySelectorAll("[data-end]").length };
  }, [report, purpose]);

  it("draw a gap where a certificate is missing", async () => {
    const picture = await drawn(judged(first("chain.missing-intermediate")));
    assert.equal(picture.gaps, 1);
    assert.match(picture.text, /Missing/);
  });

  it("say of what has no path that it may be a root as well", async () => {
    const picture = await drawn(judged(first("chain.no-path")));
    assert.equal(picture.gaps, 1);
  });

  it("call nothing missing where there is nobody to trust", async () => {
    const report = check([{ name: "fullchain.pem", bytes: new Uint8Array(bytes("samples/good/fullchain.pem")) }], { now: "2026-11-23", roots: "none" });
    assert.ok(report.not_checked.some((what) => what.startsWith("trust:")));
    const picture = await drawn(report);
    assert.deepEqual([picture.gaps, picture.ends], [0, 1]);
    assert.match(picture.text, /not given: a root, or another intermediate/);
  });

  it("tell a root that is not trusted, and not among the files", async () => {
    const picture = await drawn(judged("chain.unknown-root/fires-when-the-leaf-says-that-its-issuer-signed-itself"));
    assert.deepEqual([picture.gaps, picture.ends], [0, 1]);
    assert.match(picture.text, /root, not trusted, and not among the files/);
    assert.match(picture.text, /Trust own roots/);
  });

  it("call a client's certificate one, with its mail addresses, and give no server any", async () => {
    const report = judged(first("chain.missing-intermediate"));
    report.certificates[report.chain.path[0]].other_names = ["ada@example.com"];
    const client = await drawn(report, "client");
    assert.match(client.text, /client certificate/);
    assert.match(client.text, /ada@example\.com/);
    const server = await drawn(report);
    assert.match(server.text, /server certificate/);
    assert.doesNotMatch(server.text, /ada@example\.com/);
  });

  it("fold what is said of many places into one", async () => {
    const root = bytes("samples/root.pem").toString("latin1").replace(/\n/g, "\n   ");
    await pick(page, [{ name: "thirty.pem", contents: `   ${root}\n`.repeat(30) }]);
    const told = (await codes(page)).filter((code) => code === "pem.indented");
    assert.equal(told.length, 1);
    const finding = page.locator('.finding[data-code="pem.indented"]');
    assert.match(await finding.innerText(), /30 times: thirty\.pem:1, .* and 24 more/);
    assert.equal(await finding.getByRole("button", { name: /^Show line/ }).count(), 6);
    assert.deepEqual(page.errors, []);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answered, bytes, codes, drop, good, launch, pick, uploads, verdict } from "./page.js";

const root = { name: "root.pem", contents: bytes("samples/root.pem") };

describe("trust, purpose and limits", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  /** The good sample at the day it was made for. */
  const sample = async () => {
    const page = await session.open();
    await pick(page, good);
    await answered(page, () => page.getByLabel("Judge it as of").first().fill("2026-11-23"));
    return page;
  };
  const own = (page) => page.getByRole("list", { name: "Own roots" }).locator(".file-name").allInnerTexts();
  const given = (page) => page.locator("#intake .file-name").allInnerTexts();

  it("an own root that was given among the files is trusted at the press of a button, and judged again", async () => {
    const page = await sample();
    await pick(page, [root]);
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.equal(await page.getByRole("button", { name: "Trust it as a root: fullchain.pem" }).isVisible(), false);
    await answered(page, () => page.getByRole("button", { name: "Trust it as a root: root.pem" }).click());
    assert.equal((await verdict(page)).word, "READY");
    assert.deepEqual([await given(page), await own(page)], [["fullchain.pem", "key.pem"], ["root.pem"]]);
    await answered(page, () => page.getByRole("button", { name: "Judge it instead: root.pem" }).click());
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.deepEqual([await given(page), await own(page)], [["fullchain.pem", "key.pem", "root.pem"], []]);
    assert.deepEqual(page.errors, []);
  });

  it("an own root is trusted when it is dropped on its place", async () => {
    const page = await sample();
    await page.getByText("Trust and rules").click();
    await drop(page, [root], "#roots .label");
    assert.deepEqual([await given(page), await own(page)], [["fullchain.pem", "key.pem"], ["root.pem"]]);
    assert.equal((await verdict(page)).word, "READY");
  });

  it("an own root is trusted when it is pasted on its place", async () => {
    const page = await sample();
    await page.getByText("Trust and rules").click();
    await page.evaluate((text) => navigator.clipboard.writeText(text), root.contents.toString("utf8"));
    await page.getByRole("button", { name: "Add a root" }).focus();
    await answered(page, () => page.keyboard.press("Control+V"));
    assert.deepEqual([await given(page), await own(page)], [["fullchain.pem", "key.pem"], ["pasted-root.pem"]]);
    assert.equal((await verdict(page)).word, "READY");
  });

  it("what is no certificate is no root, and said so", async () => {
    const page = await sample();
    await page.getByText("Trust and rules").click();
    const picker = page.locator("#roots input[type=file]");
    await answered(page, () => picker.setInputFiles(uploads([{ name: "key.pem", contents: good[1].contents }])));
    assert.match(await page.locator("#roots .problem").innerText(), /key\.pem/);
    assert.equal((await verdict(page)).word, "NOT CHECKED");
    await answered(page, () => page.getByRole("button", { name: "Remove root key.pem" }).click());
    assert.equal((await verdict(page)).word, "REFUSED");
  });

  it("a root at hand that nobody trusts is drawn as one, and not as a gap", async () => {
    const page = await sample();
    await pick(page, [root]);
    assert.ok((await codes(page)).includes("chain.unknown-root"));
    assert.equal(await page.locator("#chain .gap").count(), 0);
    const card = page.locator("#chain .card.untrusted");
    assert.match(await card.innerText(), /root, trusted by nobody here[^]*Keyway Test Root X1/);
    assert.doesNotMatch(await page.locator("#chain").innerText(), /Missing/);
    await card.getByRole("button", { name: "Trust own roots" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Add a root");
  });

  it("a client's certificate is judged as one, and it is said why no browser is asked", async () => {
    const page = await session.open();
    const folder = "tests/vectors/rules/policy.client-auth-reliance/fires-with-both-purposes";
    await pick(page, [{ name: "client.pem", contents: bytes(`${folder}/fullchain.pem`) }]);
    await page.getByText("Trust and rules").click();
    await answered(page, () => page.locator("#roots input[type=file]").setInputFiles(uploads([{ name: "root.pem", contents: bytes(`${folder}/root.pem`) }])));
    assert.match((await verdict(page)).sentence, /^Clients will accept this certificate for .*Whether a server can use it is open/);
    await answered(page, () => page.getByLabel("Shown by").selectOption("client"));
    assert.match((await verdict(page)).sentence, /^Servers will refuse this: the certificate is not for this purpose\.$/);
    assert.match(await page.locator("#clients").innerText(), /judged by the server that asks for it[^]*nobody to list/);
    assert.match(await page.locator(".card.leaf .role").first().innerText(), /client certificate/);
    await answered(page, () => page.getByLabel("Shown by").selectOption("server"));
    assert.ok((await page.locator(".clients > li").count()) > 5);
  });

  it("fewer intermediates can be asked for than clients take", async () => {
    const page = await sample();
    await pick(page, [root]);
    await answered(page, () => page.getByRole("button", { name: "Trust it as a root: root.pem" }).click());
    await answered(page, () => page.getByLabel("Most intermediates").selectOption("1"));
    assert.equal((await verdict(page)).word, "REFUSED");
    assert.ok((await codes(page)).includes("chain.path-length"));
    await answered(page, () => page.getByLabel("Most intermediates").selectOption("2"));
    assert.equal((await verdict(page)).word, "READY");
  });
});

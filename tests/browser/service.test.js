import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { browse, bytes, launch, path, prepare, uploads, visit } from "./page.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SLIP = `# What stands behind TLS.
host = "www.contoso.com"
upstrem = "http://127.0.0.1:5001"

[tls]
certificate = "fullchain.pem"
key = "key.pem"
`;

/** Does something that is answered by a check, and waits until its answer is drawn. */
async function checked(page, act) {
  const before = await page.evaluate(() => document.documentElement.dataset.service);
  await act();
  await page.waitForFunction((was) => document.documentElement.dataset.service !== was, before);
}

/** Opens the room, and waits until what it needs is there. */
async function enter(page) {
  await page.getByRole("tab", { name: "Service" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.rooms === "open");
}

const file = (page) => page.getByLabel("Service file", { exact: true });
const write = (page, text) => checked(page, () => file(page).fill(text));
const word = (page) => page.locator("#service-verdict .verdict-word").innerText();

async function fillIn(page) {
  await page.getByLabel("Names it answers to").fill("www.contoso.com");
  await page.getByLabel("Upstream").fill("http://127.0.0.1:5001");
  await page.getByLabel("Certificate", { exact: true }).fill("fullchain.pem");
  await page.getByLabel("Oldest version").selectOption("1.3");
  await page.getByLabel("Strict Transport Security").selectOption("63072000");
  await page.getByLabel("Redirect port 80 to https").check();
  await checked(page, () => page.getByLabel("Private key", { exact: true }).fill("key.pem"));
  await page.waitForFunction(() => document.getElementById("service-text").value.includes("key.pem"));
}

/** What the room has to do, wherever the page is. */
function room(open) {
  it("writes the file that is filled in", async () => {
    const page = await open();
    await enter(page);
    await fillIn(page);
    const text = await file(page).inputValue();
    for (const line of ['host = "www.contoso.com"', 'certificate = "fullchain.pem"', 'key = "key.pem"', 'min_version = "1.3"', "max_age = 63072000", "redirect = true"]) {
      assert.ok(text.includes(line), `${line} in\n${text}`);
    }
    assert.equal((await word(page)).trim(), "IN ORDER");
    await page.getByLabel("Certificate from").selectOption("managed");
    await page.getByLabel("Label", { exact: true }).fill("contoso");
    await page.waitForFunction(() => document.getElementById("service-text").value.includes("leaf_domain_label"));
    assert.ok(!(await file(page).inputValue()).includes("fullchain.pem"));
  });

  it("shows a slip at its line, with what was meant, and keeps what was written by hand", async () => {
    const page = await open();
    await enter(page);
    await write(page, SLIP);
    assert.equal((await word(page)).trim(), "NOT READY");
    const finding = page.locator('#service-findings .finding[data-code="config.unknown-field"]');
    assert.match(await finding.innerText(), /Did you mean upstream/);
    await finding.getByRole("button", { name: "Show line 3 of service" }).click();
    assert.equal(await finding.locator("mark").innerText(), 'upstrem = "http://127.0.0.1:5001"');
    await page.getByLabel("Upstream").fill("http://127.0.0.1:9");
    await page.getByText("so it stays").waitFor();
    assert.equal(await file(page).inputValue(), SLIP);
    await checked(page, () => page.getByRole("button", { name: "Write the fields over it" }).click());
    assert.match(await file(page).inputValue(), /127\.0\.0\.1:9/);
  });

  it("says where a file that cannot be read breaks off", async () => {
    const page = await open();
    await enter(page);
    await write(page, 'host = "a.example"\nupstream = \n');
    assert.equal((await word(page)).trim(), "NOT READ");
    await page.locator("#service-findings").getByRole("button", { name: "Show line 2 of service" }).click();
    assert.match(await page.locator("#service-findings mark").innerText(), /^upstream = ?$/);
  });

  it("shows no line that holds a secret, and says which text does", async () => {
    const page = await open();
    await enter(page);
    await write(page, 'host = "a.example"\n[tls]\ncertificate = "c.pem"\nkey = "k.pem"\npassword = "opensesame"\n');
    for (const button of await page.locator("#service-findings").getByRole("button", { name: /^Show line/ }).all()) await button.click();
    assert.ok((await page.locator("#service-findings .is-masked").count()) > 0);
    assert.doesNotMatch(await page.locator("#service-findings").innerText(), /opensesame/);
    assert.match(await page.locator("#service-export").innerText(), /holds a private key or another secret/);
  });

  it("shows a slip below a comment that speaks of keys", async () => {
    const page = await open();
    await enter(page);
    await write(page, 'host = "a.example"\n[tls]\ncertificate = "c.pem"\nkey = "k.pem" # the private key stays here\nmin_versoin = "1.3"\n');
    await page.locator("#service-findings").getByRole("button", { name: "Show line 5 of service" }).click();
    assert.equal(await page.locator("#service-findings mark").innerText(), 'min_versoin = "1.3"');
  });

  it("writes every form that the module knows, reads it back, and saves it", async () => {
    const page = await open();
    await enter(page);
    await fillIn(page);
    // Some forms lead to Services of a cluster alone.
    await checked(page, () => page.getByLabel("Upstream").fill("http://web.default.svc:5001"));
    const forms = await page.locator("#service-form-out").locator("option").evaluateAll((all) => all.map((one) => one.value));
    assert.ok(forms.length >= 5, forms.join());
    for (const form of forms) {
      const drawn = await page.locator("#service-export").getAttribute("data-drawn");
      await page.locator("#service-form-out").selectOption(form);
      await page.waitForFunction((was) => document.getElementById("service-export").dataset.drawn !== was, drawn);
      assert.ok((await page.locator("#service-export pre").innerText()).trim().length > 0, form);
    }
    await page.locator("#service-form-out").selectOption("azure-cli");
    await page.locator("#service-export pre", { hasText: "az ml" }).waitFor();
    const command = await page.locator("#service-export pre").innerText();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Save service/ }).click()]);
    assert.equal(readFileSync(await download.path(), "utf8").trim(), command.trim());
    await page.getByLabel("What you paste or drop is").selectOption("azure-cli");
    await checked(page, () => page.locator("#service-file input[type=file]").setInputFiles(uploads([{ name: "az.sh", contents: command }])));
    assert.match(await file(page).inputValue(), /certificate = "fullchain\.pem"/);
    assert.deepEqual(page.errors, []);
  });
}

describe("the room for a service", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  room(() => session.open());

  it("asks the network for nothing once it is there", async () => {
    const page = await session.open();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await enter(page);
    asked.length = 0;
    const served = session.server.requests.length;
    await fillIn(page);
    await write(page, SLIP);
    assert.deepEqual(asked.filter((url) => !/^(blob|data):/.test(url)), []);
    assert.equal(session.server.requests.length, served);
    assert.deepEqual(page.errors, []);
  });

  it("is entered and left by the keyboard", async () => {
    const page = await session.open();
    await page.getByRole("tab", { name: "Certificates" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-service");
    assert.equal(await page.locator("#service").isVisible(), true);
    assert.equal(await page.locator("#certificates").isVisible(), false);
    assert.deepEqual(await page.getByRole("tab").evaluateAll((all) => all.map((one) => one.tabIndex)), [-1, 0, -1]);
    await page.keyboard.press("Home");
    assert.equal(await page.locator("#certificates").isVisible(), true);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.locator("#dns").isVisible(), true);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.locator("#service").isVisible(), true);
  });

  it("takes what is dropped anywhere while it is open", async () => {
    const page = await session.open();
    await enter(page);
    await checked(page, () => page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "keyway.toml"));
      document.querySelector("#service h1").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, SLIP));
    assert.equal(await file(page).inputValue(), SLIP);
    assert.equal(await page.locator("#intake .files li").count(), 0);
  });

  it("says where certificates are judged, when one is given instead of a service", async () => {
    const page = await session.open();
    await enter(page);
    await write(page, bytes("samples/good/fullchain.pem").toString());
    assert.equal((await word(page)).trim(), "NOT READ");
    const finding = page.locator("#service-findings .finding");
    assert.match(await finding.innerText(), /The service file cannot be read[^]*judged in the Certificates room/);
    await write(page, 'host = "a.example"\n[timeouts]\nbody = "10s"\n');
    assert.match(await page.locator("#service-verdict .verdict-sentence").innerText(), /^timeouts\.body: /);
    await finding.getByRole("button", { name: "Show line 3 of service" }).waitFor();
  });

  it("says of a folder that it cannot be read", async () => {
    const page = await session.open();
    await enter(page);
    const client = await page.context().newCDPSession(page);
    const data = { items: [], files: [path("samples/good")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) await client.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    await page.locator("#service-file .problem", { hasText: "is it a folder?" }).waitFor();
    await write(page, SLIP);
    assert.equal(await page.locator("#service-file .problem").innerText(), "");
    assert.deepEqual(page.errors, []);
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 900, 1440]) {
      it(`has no fault that axe-core finds, ${colorScheme}, ${width} pixels wide`, async () => {
        const page = await session.open({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        await page.evaluate(axe);
        await enter(page);
        const holds = async (what) => {
          await page.waitForTimeout(200);
          const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
          const told = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
          assert.equal(told.length, 0, told.join("\n"));
          assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${what}: no sideways scrolling`);
        };
        await holds("empty");
        await fillIn(page);
        await holds("filled in");
        await write(page, SLIP);
        await page.getByRole("button", { name: /^Show line/ }).first().click();
        await holds("a slip");
        mkdirSync(path("target/screenshots"), { recursive: true });
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: path(`target/screenshots/service-${width}-${colorScheme}.png`), fullPage: true });
      });
    }
  }
});

describe("the room for a service in the single file, without a network", () => {
  let browser;
  before(async () => { browser = await browse(); });
  after(() => browser.close());

  room(async () => visit(await prepare(browser, { offline: true }), pathToFileURL(path("web/dist/keyway.html")).href));
});

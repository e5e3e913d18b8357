import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { browse, example, launch, path, prepare, visit } from "./page.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const ZONE = `$ORIGIN contoso.com.
$TTL 1h
@ IN SOA ns1.contoso.com. admin.contoso.com. 2026112401 2h 30m 2w 1h
@ NS ns1.contoso.com.
ns1 A 192.0.2.53
www A 192.0.2.9
www CAA 0 issue "letsencrypt.org; validationmethods=http-01"
mail A 192.0.2.25
`;

const SERVICE = `host = "shop.contoso.com"
endpoint = "http://192.0.2.7:80/"
[tls]
certificate = "fullchain.pem"
key = "key.pem"
[dns]
ttl = 60
`;

/** Does something that the room answers, and waits until it has, and rests. */
async function answered(page, act) {
  const before = await page.evaluate(() => document.documentElement.dataset.dns);
  await act();
  await page.waitForFunction((was) => document.documentElement.dataset.dns !== was, before);
  // What was typed before may be asked still, and answered late.
  await page.waitForTimeout(250);
  await page.waitForFunction(() => document.documentElement.dataset.dns === document.documentElement.dataset.dnsAsked);
}

const enter = (page) => answered(page, () => page.getByRole("tab", { name: "DNS" }).click());
const word = async (page) => (await page.locator("#dns-verdict .verdict-word").innerText()).trim();
const zone = (page, text) => answered(page, () => page.getByLabel("Zone file", { exact: true }).fill(text));
const rows = (page) => page.locator("#dns-records tbody tr").evaluateAll((all) => all.map((row) =>
  [row.querySelector("code").textContent, row.querySelector("strong").textContent, row.querySelector(".value").textContent].join(" ")));

async function wish(page, { hosts = "www.contoso.com", endpoint = "20.50.0.10 2603:1030::10", ca = "letsencrypt.org" } = {}) {
  await page.getByLabel("Names that clients ask for").fill(hosts);
  await page.getByLabel("CA that may issue").fill(ca);
  await answered(page, () => page.getByLabel("Where the service is").fill(endpoint));
}

/** What the room has to do, wherever the page is. */
function room(open) {
  it("makes records of what is typed by hand", async () => {
    const page = await open();
    await enter(page);
    await wish(page);
    assert.deepEqual(await rows(page), ["www A 20.50.0.10", "www AAAA 2603:1030::10", 'www CAA 0 issue "letsencrypt.org"']);
    assert.equal(await word(page), "READY TO MAKE");
    assert.match(await page.locator("#dns-export pre").innerText(), /Add A: [^]*name {4}www/);
    await answered(page, () => page.getByLabel("An HTTPS record").check());
    assert.ok((await rows(page)).includes('www HTTPS 1 . alpn="h2,http/1.1"'));
  });

  it("says first what is wrong with a zone, and that no plan can be told from one that is not read", async () => {
    const page = await open();
    await enter(page);
    await zone(page, ZONE);
    assert.equal(await word(page), "IN ORDER");
    assert.match(await page.locator("#dns-verdict").innerText(), /The zone contoso\.com has 6 records of 4 names/);
    await zone(page, `${ZONE}this is none\n`);
    assert.equal(await word(page), "WITH ERRORS");
    await wish(page);
    assert.equal(await word(page), "ZONE NOT READ");
    assert.match(await page.locator("#dns-verdict").innerText(), /has to be corrected first[^]*1 error,/);
    assert.equal(await page.locator("#dns-export .export").innerText(), "Correct the zone first.");
    await zone(page, ZONE);
    assert.equal(await word(page), "READY TO MAKE");
  });

  it("makes the record of a standing validation once the CA and the account are known", async () => {
    const page = await open();
    await enter(page);
    await wish(page);
    await page.getByText("Accounts, methods and challenges").click();
    const box = page.getByLabel("A record that stays, for every renewal");
    assert.ok(await box.isDisabled());
    await answered(page, () => page.getByLabel("Account at the CA").fill("https://acme.example/1"));
    await answered(page, () => box.check());
    assert.ok((await rows(page)).includes('_validation-persist.www TXT "letsencrypt.org; accounturi=https://acme.example/1"'), await rows(page));
    await answered(page, () => page.getByLabel("CA that may issue").fill(""));
    assert.ok(!(await box.isChecked()));
  });

  it("makes records of the service in the other room", async () => {
    const page = await open();
    await page.getByRole("tab", { name: "Service" }).click();
    await page.getByLabel("Service file", { exact: true }).fill(SERVICE);
    await enter(page);
    await answered(page, () => page.getByLabel("Start from").selectOption("service"));
    assert.deepEqual(await rows(page), ["shop A 192.0.2.7"]);
    assert.match(await page.locator("#dns-records tbody").innerText(), /\b60\b/);
  });

  it("plans against a zone that is pasted, with a diff, reasons and waits", async () => {
    const page = await open();
    await enter(page);
    await wish(page);
    await zone(page, ZONE);
    const plan = page.locator("#dns-plan");
    const text = await plan.innerText();
    assert.match(text, /www\.contoso\.com\. 3600 A 192\.0\.2\.9/);
    assert.match(text, /www\.contoso\.com\. 300 A 20\.50\.0\.10/);
    assert.match(text, /Wait 1 hour after every server has what step \d left/);
    assert.match(text, /the addresses of the service/);
    assert.match(await page.locator("#dns-zone-findings").innerText(), /contoso\.com: 6 records of 4 names/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save plan.json" }).click()]);
    const saved = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(saved.schema, "keyway.dns-plan/1");
    assert.equal(saved.findings, undefined);
  });

  it("shows what is wrong with a zone at its line, and plans against no part of one", async () => {
    const page = await open();
    await enter(page);
    await zone(page, `${ZONE}mail B 192.0.2.3\n`);
    const finding = page.locator('#dns-zone-findings .finding[data-code="dns.zone-syntax"]');
    await finding.getByRole("button", { name: "Show line 9 of zone" }).click();
    assert.equal(await finding.locator("mark").innerText(), "mail B 192.0.2.3");
    await wish(page);
    assert.match(await page.locator("#dns-plan").innerText(), /Correct the zone first/);
  });

  it("says why there is no way, and makes nothing", async () => {
    const page = await open();
    await enter(page);
    await wish(page, { hosts: "contoso.com", endpoint: "lb.example.net", ca: "" });
    assert.equal(await word(page), "NO WAY THERE");
    assert.equal(await page.locator('#dns-records .finding[data-code="dns.cname-at-apex"]').count(), 1);
    await wish(page, { hosts: "https://www.contoso.com/", endpoint: "192.0.2.1" });
    assert.equal(await word(page), "NOT YET");
    assert.equal(await page.getByLabel("Names that clients ask for").getAttribute("aria-invalid"), "true");
  });

  it("tells what nobody has seen, and until when that is waited for", async () => {
    const page = await open();
    await enter(page);
    await zone(page, ZONE);
    await wish(page, { hosts: "mail.contoso.com", endpoint: "lb.example.net", ca: "" });
    assert.equal(await page.locator('#dns-plan .finding[data-code="dns.target-unseen"]').count(), 1);
    assert.equal(await word(page), "WITH WARNINGS");
    assert.match(await page.locator("#dns-plan").innerText(), /Wait 3 hours after every server has what the plan starts from/);
  });

  it("writes every form, and saves it", async () => {
    const page = await open();
    await enter(page);
    await wish(page);
    for (const [form, holds] of [["zone", /IN A 20\.50\.0\.10/], ["nsupdate", /update add/], ["azure-cli", /az network dns/], ["route53", /"Action"/], ["octodns", /values?:/], ["card", /Step 1 of/]]) {
      await page.locator("#dns-form-out").selectOption(form);
      assert.match(await page.locator("#dns-export pre").innerText(), holds, form);
    }
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Save records/ }).click()]);
    assert.match(readFileSync(await download.path(), "utf8"), /Step 1 of/);
    assert.deepEqual(page.errors, []);
  });

  it("shows hostile names as text", async () => {
    const page = await open();
    await enter(page);
    await wish(page);
    await zone(page, `${ZONE}<img\\032src=x\\032onerror=alert(1)> A 192.0.2.77\n\u202eevil B x\n<b>x</b> CNAME a\n<b>x</b> A 192.0.2.1\n`);
    assert.equal(await page.locator("#dns img, #dns b").count(), 0);
    assert.doesNotMatch(await page.locator("#dns-zone-findings").innerText(), /\u202e/);
    await wish(page, { hosts: "<img src=x>", endpoint: "192.0.2.1" });
    assert.equal(await page.locator("#dns img").count(), 0);
    assert.deepEqual(page.errors, []);
  });
}

describe("the room for the DNS", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  room(() => session.open());

  it("copies a value by itself", async () => {
    const page = await session.open();
    await enter(page);
    await wish(page);
    await page.getByRole("button", { name: "Copy the value of www.contoso.com AAAA" }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "2603:1030::10");
  });

  it("pins the key of the certificate that the other room holds", async () => {
    const page = await session.open();
    await enter(page);
    assert.equal(await page.getByLabel("Pin the certificate").isDisabled(), true);
    await page.getByRole("tab", { name: "Certificates" }).click();
    await example(page, "good");
    await enter(page);
    await wish(page);
    await answered(page, () => page.getByLabel("Pin the certificate").check());
    assert.match((await rows(page)).join("\n"), /_443\._tcp\.www TLSA 3 1 1 [0-9A-F]{64}/);
  });

  it("asks the network for nothing once it is there", async () => {
    const page = await session.open();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await enter(page);
    asked.length = 0;
    const served = session.server.requests.length;
    await wish(page);
    await zone(page, ZONE);
    assert.deepEqual(asked.filter((url) => !/^(blob|data):/.test(url)), []);
    assert.equal(session.server.requests.length, served);
  });

  it("is entered and left by the keyboard", async () => {
    const page = await session.open();
    await page.getByRole("tab", { name: "Certificates" }).focus();
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-dns");
    assert.equal(await page.locator("#dns").isVisible(), true);
    assert.equal(await page.locator("#skip").getAttribute("href"), "#dns-work");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("#certificates").isVisible(), true);
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 900, 1440]) {
      it(`has no fault that axe-core finds, ${colorScheme}, ${width} pixels wide`, async () => {
        const page = await session.open({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        await page.evaluate(axe);
        await enter(page);
        const holds = async (what) => {
          const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
          const told = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
          assert.equal(told.length, 0, told.join("\n"));
          assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${what}: no sideways scrolling`);
        };
        await holds("empty");
        await wish(page);
        await zone(page, ZONE);
        await holds("planned");
        mkdirSync(path("target/screenshots"), { recursive: true });
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: path(`target/screenshots/dns-${width}-${colorScheme}.png`), fullPage: true });
        await zone(page, `${ZONE}mail B 192.0.2.3\n`);
        await holds("a faulty zone");
      });
    }
  }
});

describe("the room for the DNS in the single file, without a network", () => {
  let browser;
  before(async () => { browser = await browse(); });
  after(() => browser.close());

  room(async () => visit(await prepare(browser, { offline: true }), pathToFileURL(path("web/dist/keyway.html")).href));
});

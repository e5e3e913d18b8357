import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { answered, bytes, example, good, launch, path, pick } from "./page.js";
import { readFileSync, readdirSync } from "node:fs";
import { serve } from "./server.js";

describe("nothing leaves the page", () => {
  let session;
  before(async () => { session = await launch(); });
  after(() => session.close());

  /** The browser's own log of the network, of the page and of its workers. */
  async function log(page) {
    const entries = [];
    const client = await page.context().newCDPSession(page);
    const listen = ({ send, on }) => {
      for (const event of ["Network.requestWillBeSent", "Network.webSocketCreated", "Network.webTransportCreated"]) {
        on(event, (entry) => entries.push(entry.request?.url ?? entry.url));
      }
      return send("Network.enable");
    };
    await listen({ send: (method) => client.send(method), on: (event, heard) => client.on(event, heard) });
    page.on("request", (request) => entries.push(request.url()));
    page.on("websocket", (socket) => entries.push(socket.url()));
    return entries;
  }

  it("in a whole session, while the network is there", async () => {
    const page = await session.open();
    const entries = await log(page);
    const served = session.server.requests.length;
    for (const id of ["good", "missing-intermediate", "pkcs7", "locked-key", "damaged"]) await example(page, id);
    await pick(page, [...good, { name: "<img src=http://127.0.0.1:1/x>.pem", contents: bytes("samples/expired/fullchain.pem") }]);
    await answered(page, () => page.getByRole("button", { name: "Now", exact: true }).last().click());
    await answered(page, () => page.locator("#slider").press("PageUp"));
    await page.getByText("See that for yourself").click();
    for (const button of await page.getByRole("button", { name: /^Show line/ }).all()) await button.click();
    await page.getByRole("button", { name: "Copy as JSON" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Save fullchain\.pem/ }).click()]);
    assert.ok((await download.path()).length > 0);
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("button", { name: "Remove all" }).click();
    // What is in memory already is in the log too: downloads (blob:) and the browser's own icons (data:).
    assert.deepEqual(entries.filter((url) => !/^(blob|data):/.test(url)), []);
    assert.equal(session.server.requests.length, served, "the server was asked for nothing");
    assert.deepEqual(page.errors, []);
  });

  it("and goes on working offline", async () => {
    const page = await session.open();
    await page.context().setOffline(true);
    await example(page, "good");
    assert.equal(await page.locator("#verdict .verdict-word").innerText(), "READY");
    await example(page, "expired");
    assert.equal(await page.locator("#verdict .verdict-word").innerText(), "REFUSED");
  });

  it("because the browser refuses every connection once the page is ready", async () => {
    const page = await session.open();
    const served = session.server.requests.length;
    const refused = await page.evaluate(async (origin) => {
      const tries = {
        "fetch, same origin": () => fetch("index.html"),
        "fetch, elsewhere": () => fetch("http://127.0.0.1:9/"),
        beacon: () => { if (!navigator.sendBeacon(origin, "x")) throw new Error("refused"); },
        socket: () => new Promise((open, fail) => { const socket = new WebSocket("ws://127.0.0.1:9/"); socket.onopen = open; socket.onerror = fail; }),
        image: () => new Promise((load, fail) => { const image = new Image(); image.onload = load; image.onerror = fail; image.src = `${origin}x.png`; }),
        script: () => import(`${origin}app/dates.js?again`),
        worker: () => new Promise((run, fail) => { const worker = new Worker("app/worker.js"); worker.onmessage = run; worker.onerror = fail; }),
        form: () => new Promise((sent, fail) => { document.addEventListener("securitypolicyviolation", fail, { once: true }); const form = document.createElement("form"); form.action = origin; document.body.append(form); form.submit(); }),
      };
      const out = {};
      for (const [name, attempt] of Object.entries(tries)) {
        out[name] = await Promise.resolve().then(attempt).then(() => "went through", () => "refused");
      }
      return out;
    }, session.server.url);
    for (const [name, answer] of Object.entries(refused)) {
      // A beacon is queued before the policy is asked; that it never leaves is what counts.
      if (name !== "beacon") assert.equal(answer, "refused", name);
    }
    assert.ok(page.errors.length > 0, "the browser says what it refused");
    assert.deepEqual(session.server.requests.slice(served), []);
  });

  it("but for the code of the other rooms, once, when one is first opened and nothing is in it", async () => {
    const page = await session.open();
    const workers = page.workers().length;
    const served = session.server.requests.length;
    await pick(page, good);
    assert.deepEqual(session.server.requests.slice(served), []);
    assert.equal(await page.locator("#service-text").count(), 0, "there is no place yet to give it anything");
    const opened = () => page.waitForFunction(() => document.documentElement.dataset.rooms === "open");
    await page.getByRole("tab", { name: "Service" }).click();
    await opened();
    await page.getByRole("tab", { name: "DNS" }).click();
    await opened();
    await page.getByRole("tab", { name: "Certificates" }).click();
    await example(page, "expired");
    await page.getByRole("tab", { name: "Service" }).click();
    await page.locator("#service-text").fill("host = 1");
    await page.locator("#service-findings .finding").waitFor();
    assert.deepEqual(session.server.requests.slice(served), ["/any/folder/pkg/service_glue_bg.wasm"]);
    assert.equal(page.workers().length, workers, "and no worker is started");
    assert.deepEqual(page.errors, []);
  });

  it("and a room whose code could not be loaded says so, and tries again", async () => {
    const instead = { "pkg/service_glue_bg.wasm": "no module" };
    const other = await launch(instead);
    try {
      const page = await other.open();
      await page.getByRole("tab", { name: "DNS" }).click();
      await page.locator("#dns-verdict", { hasText: "NOT LOADED" }).waitFor();
      delete instead["pkg/service_glue_bg.wasm"];
      await page.getByRole("tab", { name: "Service" }).click();
      await page.locator("#service-verdict", { hasText: "Ready when you are" }).waitFor();
      await page.locator("#service-text").fill("host = 1");
      await page.locator("#service-findings .finding").waitFor();
    } finally {
      await other.close();
    }
  });

  it("nor is there a way out of the workers", async () => {
    const page = await session.open();
    assert.equal(page.workers().length, 5);
    for (const worker of page.workers()) {
      const left = await worker.evaluate(() => {
        const names = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "indexedDB", "caches", "Worker", "BroadcastChannel"];
        const chain = [];
        for (let holder = self; holder; holder = Object.getPrototypeOf(holder)) chain.push(holder);
        return names.filter((name) => chain.some((holder) => Object.getOwnPropertyDescriptor(holder, name)?.value ?? Object.getOwnPropertyDescriptor(holder, name)?.get));
      });
      assert.deepEqual(left, []);
    }
  });

  it("not even by code that they would load, nor into a store", async () => {
    const page = await session.open();
    await page.getByRole("tab", { name: "Service" }).click();
    await page.waitForFunction(() => document.documentElement.dataset.rooms === "open");
    const elsewhere = await serve();
    const served = session.server.requests.length;
    for (const worker of page.workers()) {
      const tried = await worker.evaluate(async (places) => {
        const loaded = places.map((place) => import(place).then(() => place, () => "refused"));
        return [...await Promise.all(loaded), typeof navigator.storage, typeof navigator.storageBuckets];
      }, [`${elsewhere.url}app/dates.js?leak`, `${session.server.url}app/dates.js?leak`, "data:text/javascript,1"]);
      assert.deepEqual(tried, ["refused", "refused", "refused", "undefined", "undefined"]);
    }
    assert.deepEqual(elsewhere.requests, []);
    assert.deepEqual(session.server.requests.slice(served), []);
    await elsewhere.close();
  });

  it("and says the policy that it has", async () => {
    const page = await session.open();
    const [first, narrowed, second] = await page.locator('meta[http-equiv="Content-Security-Policy"]').evaluateAll((all) => all.map((one) => one.content));
    assert.match(first, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(first, /unsafe-inline|unsafe-eval'? |https?:|\*/);
    assert.equal(narrowed, "script-src 'wasm-unsafe-eval'; worker-src blob:");
    assert.match(second, /connect-src 'none'/);
    await page.getByText("See that for yourself").click();
    assert.equal(await page.locator("#policy").innerText(), second);
  });

  it("and stores nothing", async () => {
    const page = await session.open();
    await pick(page, good);
    const stored = await page.evaluate(async () => [
      localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length, location.hash,
    ]);
    assert.deepEqual(stored, [0, 0, "", 0, 0, ""]);
    for (const file of readdirSync(path("web/app"))) {
      const code = readFileSync(path(`web/app/${file}`), "utf8");
      assert.doesNotMatch(code, /localStorage|sessionStorage|document\.cookie|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/, file);
    }
  });

  it("and the worker overwrites what it was handed", async () => {
    const page = await session.open();
    for (const one of page.workers()) {
      await one.evaluate(() => {
        const answer = self.onmessage;
        self.handed = [];
        self.onmessage = (message) => {
          const files = [...message.data.files, ...message.data.options.own_roots];
          self.handed.push(...files.map(({ bytes: given }) => ({ given, had: given.some((byte) => byte !== 0) })));
          answer(message);
        };
      });
    }
    await example(page, "good");
    const handed = [];
    for (const one of page.workers()) handed.push(...await one.evaluate(() => self.handed.map(({ given, had }) => [had, given.some((byte) => byte !== 0)])));
    assert.equal(handed.length, 6, "two files and a root, for the check and for the plan");
    for (const one of handed) assert.deepEqual(one, [true, false]);
  });

  it("and overwrites the bytes of a file that is removed, and of all when it is left", async () => {
    const page = await session.open();
    // Every buffer that the page reads from a file, to look at later.
    await page.evaluate(() => {
      window.read = [];
      const original = Blob.prototype.arrayBuffer;
      Blob.prototype.arrayBuffer = async function arrayBuffer() {
        const buffer = await original.call(this);
        window.read.push(buffer);
        return buffer;
      };
    });
    await pick(page, good);
    const zeroed = () => page.evaluate(() => window.read.map((buffer) => new Uint8Array(buffer).every((byte) => byte === 0)));
    assert.deepEqual(await zeroed(), [false, false]);
    await page.getByRole("button", { name: "Remove key.pem" }).click();
    assert.deepEqual(await zeroed(), [false, true]);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
    assert.deepEqual(await zeroed(), [true, true]);
    assert.equal(await page.locator("#results").isVisible(), false);
  });
});

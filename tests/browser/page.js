// A browser with the page in it, and what a person does there.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.js";

/** Where a browser may be; KEYWAY_CHROMIUM names another. */
const PLACES = [process.env.KEYWAY_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** What the page takes for now: the day after the one that the samples were made for. */
export const TODAY = "2026-11-24T12:00:00Z";

const root = new URL("../../", import.meta.url);

/** The bytes of a file of the project. */
export const bytes = (path) => readFileSync(new URL(path, root));

/** A path below the project, for writing to. */
export const path = (relative) => fileURLToPath(new URL(relative, root));

/** Longest that one step may take, in milliseconds. A step takes some tens; a machine that is busy with
 *  something else may take many times that, and a test that waits longer than it must costs nothing. */
const PATIENCE = 90_000;

/** Starts a browser. */
export async function browse() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("no Chromium: install it, or name it in KEYWAY_CHROMIUM");
  return chromium.launch({ executablePath, args: FLAGS, timeout: PATIENCE });
}

/** Starts server and browser. */
export async function launch(instead) {
  const server = await serve({ instead });
  const browser = await browse();
  return {
    browser,
    server,
    open: async (options) => {
      const page = await prepare(browser, options);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(server.url).origin });
      return visit(page, server.url);
    },
    close: async () => { await browser.close(); await server.close(); },
  };
}

/** A page that is nowhere yet, with a clock that stands still unless `frozen` is false. */
export async function prepare(browser, { frozen = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  // Listened to from the beginning: the browser is told to hand choosers over before anything is pressed.
  page.on("filechooser", () => {});
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") page.errors.push(message.text()); });
  if (frozen) await page.clock.setFixedTime(new Date(TODAY));
  return page;
}

/** Opens an address, and waits until the page there is ready. */
export async function visit(page, url) {
  await page.goto(url);
  await page.waitForSelector("html[data-state=ready]");
  return page;
}

/** Waits until what was last given and asked is checked and drawn, and its repair planned. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const { asked, drawn, planned } = document.documentElement.dataset;
    return asked !== undefined && drawn === asked && (planned === drawn || document.getElementById("results").hidden);
  });
}

/** Does something that is answered by a check, and waits for its answer. */
export async function answered(page, act) {
  const asked = await page.evaluate(() => document.documentElement.dataset.asked);
  await act();
  // Reading a file, or a password that rests a moment, comes before the question.
  await page.waitForFunction((before) => document.documentElement.dataset.asked !== before, asked);
  await settled(page);
}

/** What a person reads first. */
export const verdict = async (page) => ({
  word: (await page.locator("#verdict .verdict-word").innerText()).trim(),
  sentence: await page.locator("#verdict .verdict-sentence").innerText(),
});

/** The codes of the findings, as drawn. */
export const codes = (page) => page.locator(".finding").evaluateAll((all) => all.map((one) => one.dataset.code));

/** As an input for files takes them. */
export const uploads = (files) => files.map(({ name, contents }) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(contents) }));

/** Picks files by their contents. */
export const pick = (page, files) =>
  answered(page, () => page.locator("#intake input[type=file]").setInputFiles(uploads(files)));

/** Drops files on a part of the page. */
export const drop = (page, files, place = "h1") =>
  answered(page, () => page.evaluate(([given, selector]) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of given) transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
      document.querySelector(selector).dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, [files.map(({ name, contents }) => ({ name, base64: Buffer.from(contents).toString("base64") })), place]));

/** Opens an example. */
export const example = (page, id) => answered(page, () => page.locator(`[data-example="${id}"]`).click());

/** The good sample, and how it is judged. */
export const good = [
  { name: "fullchain.pem", contents: bytes("samples/good/fullchain.pem") },
  { name: "key.pem", contents: bytes("samples/good/key.pem") },
];

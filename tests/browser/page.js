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

/** Starts server and browser. */
export async function launch(instead) {
  const server = await serve(instead);
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("no Chromium: install it, or name it in KEYWAY_CHROMIUM");
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  return {
    browser,
    server,
    open: (options) => open(browser, server, options),
    close: async () => { await browser.close(); await server.close(); },
  };
}

async function open(browser, server, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(server.url).origin });
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") page.errors.push(message.text()); });
  await page.clock.setFixedTime(new Date(TODAY));
  await page.goto(server.url);
  await page.waitForSelector("html[data-state=ready]");
  return page;
}

/** Waits until what was last given and asked is checked and drawn, and its repair planned. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const { drawn, planned } = document.documentElement.dataset;
    const word = document.querySelector(".verdict-word")?.textContent;
    return Number(drawn) > 0 && (planned === drawn || document.getElementById("results").hidden) && word !== "Checking";
  });
}

/** What a person reads first. */
export const verdict = async (page) => ({
  word: (await page.locator(".verdict-word").innerText()).trim(),
  sentence: await page.locator(".verdict-sentence").innerText(),
});

/** The codes of the findings, as drawn. */
export const codes = (page) => page.locator(".finding").evaluateAll((all) => all.map((one) => one.dataset.code));

/** Picks files by their contents. */
export async function pick(page, files) {
  const drawn = await page.evaluate(() => document.documentElement.dataset.drawn);
  await page.locator("#intake input[type=file]").setInputFiles(files.map(({ name, contents }) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(contents) })));
  await page.waitForFunction((before) => document.documentElement.dataset.drawn !== before, drawn);
  await settled(page);
}

/** Opens an example. */
export async function example(page, id) {
  const drawn = await page.evaluate(() => document.documentElement.dataset.drawn);
  await page.locator(`[data-example="${id}"]`).click();
  await page.waitForFunction((before) => document.documentElement.dataset.drawn !== before, drawn);
  await settled(page);
}

/** The good sample, and how it is judged. */
export const good = [
  { name: "fullchain.pem", contents: bytes("samples/good/fullchain.pem") },
  { name: "key.pem", contents: bytes("samples/good/key.pem") },
];

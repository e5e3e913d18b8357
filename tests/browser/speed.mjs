// How long after the drop the first verdict stands on the screen, once the page is loaded: milliseconds, a line
// for every fresh page. Usage: node speed.mjs CHAIN DAY ROUNDS
import { readFileSync } from "node:fs";
import { browse, prepare, visit } from "./page.js";
import { serve } from "./server.js";

const [chain, day, rounds] = process.argv.slice(2);
const base64 = readFileSync(chain).toString("base64");
const server = await serve();
const browser = await browse();
for (let round = 0; round < Number(rounds); round += 1) {
  const page = await visit(await prepare(browser, { frozen: false }), server.url);
  await page.locator("#day").fill(day);
  const took = await page.evaluate((contents) => new Promise((done, fail) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(contents), (char) => char.charCodeAt(0))], "fullchain.pem"));
    const word = () => document.querySelector(".verdict-word")?.textContent.trim();
    const began = performance.now();
    new MutationObserver((_, observer) => {
      if (["", "Checking", "Ready when you are"].includes(word() ?? "")) return;
      observer.disconnect();
      if (word() !== "ACCEPTED") fail(new Error(word()));
      // The frame after the one that draws it: by then it has been painted.
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    }).observe(document.getElementById("verdict"), { childList: true });
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }), base64);
  console.log(took.toFixed(2));
  await page.context().close();
}
await browser.close();
await server.close();

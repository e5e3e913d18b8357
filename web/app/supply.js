// Where the page's parts come from: what it loads before it is ready. The page that is a single file has
// `single/supply.js` in its place, and nothing else differs.
import { narrow } from "./door.js";

/** What the page is made of, for the words that tell how to see that it calls nobody. */
export const MADE = "folder";

/** Fetches a part of the package. */
async function part(name) {
  const from = new URL(`../pkg/${name}`, import.meta.url);
  const answer = await fetch(from, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
  return { from, answer };
}

/** A worker's script, in this tab's memory: a worker out of there is held to the page's policy, while one from an
 *  address of its own would be held to none. */
async function script(name) {
  const { from, answer } = await part(name);
  const begin = `"use strict";\nconst FROM = ${JSON.stringify(from.href)};\n`;
  return URL.createObjectURL(new Blob([begin, await answer.text()], { type: "text/javascript" }));
}

/** All of it: fetched once. From then on no script is loaded any more, and workers inherit that. */
const everything = Promise.all([
  part("check_glue_bg.wasm").then(async ({ answer }) => WebAssembly.compile(await answer.arrayBuffer())),
  script("worker.js"),
  script("rooms-worker.js"),
]).then((parts) => {
  narrow();
  return parts;
});
// Whoever asks for a part is told.
everything.catch(() => {});

/** A worker that holds the checks, once it is given the module. */
export const newWorker = async () => new Worker((await everything)[1]);

/** A worker that waits until a room needs it. */
export const newRoomsWorker = async () => new Worker((await everything)[2]);

/** The compiled module of the checks: fetched once, and given to every worker. */
export const loadModule = async () => (await everything)[0];

/** The rooms' module is not here: their first worker fetches it when a room is opened. */
export const roomsModule = () => undefined;

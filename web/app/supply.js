// Where the page's parts come from: what it loads before it is ready. The page that is a single file has
// `single/supply.js` in its place, and nothing else differs.

/** What the page is made of, for the words that tell how to see that it calls nobody. */
export const MADE = "folder";

/** A worker that holds the checks, once it is given the module. */
export const newWorker = () => new Worker(new URL("worker.js", import.meta.url), { type: "module" });

/** A worker that waits until a room needs it. */
export const newRoomsWorker = () => new Worker(new URL("rooms-worker.js", import.meta.url), { type: "module" });

/** The compiled module of the checks: fetched once, and given to every worker. */
export async function loadModule() {
  const answer = await fetch(new URL("../pkg/check_glue_bg.wasm", import.meta.url), { credentials: "omit" });
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

/** The rooms' module is not here: their first worker fetches it when a room is opened. */
export const roomsModule = () => undefined;

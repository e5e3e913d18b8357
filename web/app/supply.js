// Where the page's parts come from: the one place that loads anything, and only before the page is
// ready. The page that is a single file has `single/supply.js` in its place, and nothing else differs.

/** What the page is made of, for the words that tell how to see that it calls nobody. */
export const MADE = "folder";

/** A worker that holds the checks, once it is given the module. */
export const newWorker = () => new Worker(new URL("worker.js", import.meta.url), { type: "module" });

/** The compiled module: fetched once, and given to every worker. */
export async function loadModule() {
  const answer = await fetch(new URL("../pkg/glue_bg.wasm", import.meta.url), { credentials: "omit" });
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

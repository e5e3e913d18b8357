// Where the parts of the page that is a single file come from: out of the file itself. The worker is in
// it as text, the module as base64 of what gzip made of it; `cargo xtask web` puts both there.

/** What the page is made of, for the words that tell how to see that it calls nobody. */
export const MADE = "file";

const inside = (id) => document.getElementById(id).textContent;

/** A worker that holds the checks, once it is given the module: a plain script, because a page from a disk
 *  may start no modules out of its memory. */
export function newWorker() {
  const address = URL.createObjectURL(new Blob([inside("inside-worker")], { type: "text/javascript" }));
  const worker = new Worker(address);
  // By then the browser has read it; until then the address has to stay.
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  return worker;
}

/** The compiled module: unpacked once, and given to every worker. */
export async function loadModule() {
  const packed = Uint8Array.from(atob(inside("inside-module")), (char) => char.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}

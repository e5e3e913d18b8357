// Where the parts of the page that is a single file come from: out of the file itself. The workers are in
// it as text, the module as base64 of what gzip made of it; `cargo xtask web` puts them there.

/** What the page is made of, for the words that tell how to see that it calls nobody. */
export const MADE = "file";

const inside = (id) => document.getElementById(id).textContent;

/** A worker out of the page: a plain script, because a page from a disk may start no modules out of its
 *  memory. */
function started(id) {
  const address = URL.createObjectURL(new Blob([inside(id)], { type: "text/javascript" }));
  const worker = new Worker(address);
  // By then the browser has read it; until then the address has to stay.
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  return worker;
}

/** A worker that holds the checks, once it is given the module. */
export const newWorker = () => started("inside-worker");

/** A worker that waits until a room needs it. */
export const newRoomsWorker = () => started("inside-rooms-worker");

let module;

/** The compiled module, which has everything in it: unpacked once, and given to every worker. */
export async function loadModule() {
  const packed = Uint8Array.from(atob(inside("inside-module")), (char) => char.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  return module;
}

/** The same for the rooms. */
export const roomsModule = () => module;

// Where the page's parts come from: the one place that loads anything, and only before the page is
// ready. A build that has everything inside one file replaces this module alone.

/** Starts a worker that holds the checks; resolves when it answers. */
export async function startWorker(module) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error(data.failed)));
    worker.onerror = () => reject(new Error("the worker could not be loaded"));
    worker.postMessage({ module });
  });
  return worker;
}

/** The compiled module: fetched once, and given to every worker. */
export async function loadModule() {
  const answer = await fetch(new URL("../pkg/glue_bg.wasm", import.meta.url), { credentials: "omit" });
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

/** What the page may still do once everything is there: nothing that needs a connection. */
export const CLOSED =
  "default-src 'none'; script-src 'none'; style-src 'self'; img-src data:; connect-src 'none'; worker-src 'none'; form-action 'none'; base-uri 'none'";

/** Adds the stricter policy. The browser holds the page to both, and neither can be taken back. */
export function closeTheDoor() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = CLOSED;
  document.head.append(policy);
}

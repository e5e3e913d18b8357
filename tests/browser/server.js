// The page as a web server would give it: a folder of static files, under a path of its own.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** The folder of the page. */
export const web = fileURLToPath(new URL("../../web/", import.meta.url));

/**
 * Serves a folder below `/any/folder/`: the page, or another one. `instead` gives other contents for some
 * paths, so that a test can put something else in a part's place.
 */
export async function serve({ root = web, instead = {} } = {}) {
  const base = "/any/folder/";
  const requests = [];
  const server = createServer(async (request, response) => {
    requests.push(request.url);
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const relative = path.startsWith(base) ? path.slice(base.length) || "index.html" : null;
    if (relative !== null && instead[relative] !== undefined) {
      response.writeHead(200, { "content-type": TYPES[extname(relative)] }).end(instead[relative]);
      return;
    }
    const file = relative === null ? null : join(root, normalize(`/${relative}`));
    const isThere = file && (await stat(file).then((found) => found.isFile(), () => false));
    if (!isThere) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    requests,
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); }),
  };
}

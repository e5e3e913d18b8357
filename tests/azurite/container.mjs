// Makes a container at an Azurite: `node container.mjs URL ACCOUNT KEY`. What signs it is Azure's "Shared Key"
// (learn.microsoft.com, "Authorize with Shared Key").

import { createHmac } from "node:crypto";
import http from "node:http";
import https from "node:https";

const [url, account, key] = process.argv.slice(2);
const place = new URL(`${url}?restype=container`);
const date = new Date().toUTCString();
const version = "2021-08-06";

const headers = `x-ms-date:${date}\nx-ms-version:${version}\n`;
const resource = `/${account}${place.pathname}\nrestype:container`;
const text = `PUT${"\n".repeat(12)}${headers}${resource}`;
const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");

const request = (place.protocol === "https:" ? https : http).request(place, {
  method: "PUT",
  // The certificate is the test's own.
  rejectUnauthorized: false,
  headers: {
    "content-length": 0,
    "x-ms-date": date,
    "x-ms-version": version,
    authorization: `SharedKey ${account}:${signature}`,
  },
});
request.on("response", (answer) => {
  answer.resume();
  if (answer.statusCode !== 201) {
    console.error(`${answer.statusCode} ${answer.statusMessage}`);
    process.exitCode = 1;
  }
});
request.end();

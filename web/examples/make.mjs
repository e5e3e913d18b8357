// Writes web/app/examples-data.js from the project's own samples and rule vectors, so that the page
// shows nothing that the tests do not hold. Usage: node web/examples/make.mjs [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const target = new URL("web/app/examples-data.js", root);
const list = JSON.parse(readFileSync(new URL("list.json", import.meta.url), "utf8"));

const bytes = (path) => readFileSync(new URL(path, root));

/** Text as it is, so that it stays small when it is compressed; anything else as base64. */
function file(name, path) {
  const contents = bytes(path);
  const text = contents.toString("utf8");
  return Buffer.from(text).equals(contents) ? { name, text } : { name, base64: contents.toString("base64") };
}

/** Picks PEM blocks of a file by their number, in the order asked for. */
function blocks(path, order) {
  const all = bytes(path).toString("latin1").match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g);
  return order.map((index) => all[index]).join("");
}

function fromVector(entry) {
  const folder = `tests/vectors/rules/${entry.vector}`;
  const asked = JSON.parse(bytes(`${folder}/case.json`));
  return {
    hosts: asked.hosts,
    at: asked.at.slice(0, 10),
    profile: asked.profile,
    files: asked.inputs.map((name) => file(name, `${folder}/${name}`)),
    own_roots: asked.roots ? [file(asked.roots, `${folder}/${asked.roots}`)] : [],
  };
}

function fromSamples(entry) {
  return {
    hosts: entry.hosts,
    at: entry.at,
    profile: "webpki",
    files: entry.files.map(({ name, path, order }) =>
      order ? { name, text: blocks(path, order) } : file(name, path)),
    own_roots: [file("root.pem", "samples/root.pem")],
  };
}

const examples = list.map((entry) => ({
  id: entry.id,
  name: entry.name,
  about: entry.about,
  ...(entry.vector ? fromVector(entry) : fromSamples(entry)),
}));
const text = `// Made by \`node web/examples/make.mjs\` from samples/ and tests/vectors/rules/. Every key in it is published.
export const examples = ${JSON.stringify(examples, null, 1)};
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(`${fileURLToPath(target)} is out of date: run node web/examples/make.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}

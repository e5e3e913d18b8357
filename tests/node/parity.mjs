// Every rule vector through the browser module, against what the native code says: equal JSON, byte
// for byte. Usage: node parity.mjs PACKAGE_FOLDER VECTORS.jsonl
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packageFolder, vectors] = process.argv.slice(2);
const { default: init, check } = await import(pathToFileURL(`${packageFolder}/node.js`).href);
await init();

const bytes = ({ name, base64 }) => ({ name, bytes: new Uint8Array(Buffer.from(base64, "base64")) });
let [passed, failed] = [0, 0];
for (const line of readFileSync(vectors, "utf8").split("\n").filter(Boolean)) {
  const { id, files, options, report } = JSON.parse(line);
  options.own_roots = options.own_roots.map(bytes);
  options.public_roots = options.public_roots.map(bytes);
  const answer = JSON.stringify(check(files.map(bytes), options));
  if (answer === report) {
    passed += 1;
    continue;
  }
  failed += 1;
  const at = [...report].findIndex((char, index) => char !== answer[index]);
  console.error(`${id}: differs at ${at}\n  native ${report.slice(at - 40, at + 80)}\n  module ${answer.slice(at - 40, at + 80)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

// Every vector through the browser module, against what the native code says: equal JSON, byte for byte.
// Usage: node parity.mjs PACKAGE_FOLDER VECTORS.jsonl
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packageFolder, vectors] = process.argv.slice(2);
const module = await import(pathToFileURL(`${packageFolder}/node.js`).href);
await module.default();

const bytes = ({ name, base64 }) => ({ name, bytes: new Uint8Array(Buffer.from(base64, "base64")) });
let [passed, failed] = [0, 0];

function same(id, native, answer) {
  if (answer === native) {
    passed += 1;
    return;
  }
  failed += 1;
  const at = [...native].findIndex((char, index) => char !== answer[index]);
  console.error(`${id}: differs at ${at}\n  native ${native.slice(at - 40, at + 80)}\n  module ${answer.slice(at - 40, at + 80)}`);
}

/** Members in the order of their names, as the native side tells those of a finding. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}
const text = (value) => JSON.stringify(sorted(value));

function chain({ id, files, options, report }) {
  options.own_roots = options.own_roots.map(bytes);
  options.public_roots = options.public_roots.map(bytes);
  same(id, report, JSON.stringify(module.check(files.map(bytes), options)));
}

function service({ id, service: file, options, findings, forms }) {
  same(id, findings, text(module.configCheck(file, options).findings));
  const known = module.configForms().map(({ form }) => form);
  same(`${id}: forms`, text(forms.map(({ form }) => form)), text(known));
  for (const { form, text: exported, findings: lost, refused, back } of forms) {
    const answer = module.configExport(file, form, []);
    if (refused) same(`${id}: ${form}`, text(["export.refused", refused]), text([answer.error?.code, answer.error?.message]));
    else same(`${id}: ${form}`, text([exported, lost]), text([answer.text, answer.findings]));
    const imported = module.configImport(exported, form);
    same(`${id}: back from ${form}`, text(back), text(imported.toml ?? null));
    if (imported.error && !/^import\./.test(imported.error.code)) same(`${id}: ${form}`, "import.…", imported.error.code);
  }
}

function zone({ id, zone: contents, need, checked, planned }) {
  same(`${id}: checked`, text(JSON.parse(checked)), text(module.dnsCheckZone(contents)));
  same(`${id}: planned`, text(JSON.parse(planned)), text(module.dnsPlan(need, contents).plan));
}

for (const line of readFileSync(vectors, "utf8").split("\n").filter(Boolean)) {
  const vector = JSON.parse(line);
  if (vector.zone !== undefined) zone(vector);
  else if (vector.service === undefined) chain(vector);
  else service(vector);
}

// What is no service file, and what is no text at all, is a value with its place; the module goes on.
const refused = (answer) => [answer.error?.code, answer.error?.line ?? null, answer.error?.bytes ?? null];
same("syntax", text(["service.syntax", 2]), text(refused(module.configCheck("host = \"a\"\nnothing here")).slice(0, 2)));
same("value", text(["service.value", 1, [7, 8]]), text(refused(module.configCheck("host = 1"))));
same("form", text(["arguments.form", null, null]), text(refused(module.configExport("", "apache", []))));
same("import", text("import.form"), text(module.configImport("{", "azure-json").error?.code));
for (const wrong of [undefined, 1, {}, Symbol("x")]) {
  same("no text", text("arguments.malformed"), text(module.configCheck(wrong).error?.code));
}
same("explain", text("config.unknown-field"), text(module.explain("config.unknown-field").code));
same("rules", text(true), text(module.rules().some(({ code }) => code === "config.alias")));

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

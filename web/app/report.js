// The report to copy or save. It is made of facts that the module gave, which hold no key material.
import { copyButton, el, fill } from "./dom.js";
import { folded, places } from "./findings.js";
import { save } from "./download.js";
import { life, parse } from "./dates.js";
import { certificateName, keyWords, placeOf, roleWords, shortName } from "./names.js";
import { isMissing } from "./chain.js";
import { counts, sentence, word } from "./verdict.js";

/** Draws the buttons. */
export function drawReport(place, report, rules, purpose) {
  const text = () => asText(report, rules, purpose);
  const json = () => `${JSON.stringify(report, null, 2)}\n`;
  const bytes = (make) => new TextEncoder().encode(make());
  fill(place,
    el("p", { class: "hint" }, "To hand to a colleague or to keep. It names files, certificates and findings, and never holds a key or a password."),
    el("div", { class: "buttons" },
      copyButton(text, "Copy as text"),
      el("button", { type: "button", class: "small", onclick: () => save("keyway-report.txt", bytes(text), "text/plain") }, "Save as text"),
      copyButton(json, "Copy as JSON"),
      el("button", { type: "button", class: "small", onclick: () => save("keyway-report.json", bytes(json), "application/json") }, "Save as JSON")));
}

/** The report as the command line would say it. */
export function asText(report, rules, purpose = "server") {
  const out = [`${word(report)[0]}  ${sentence(report, rules, purpose)}`, counts(report), ""];
  const path = report.chain.path.map((index) => report.certificates[index]);
  if (path.length) out.push("Chain");
  for (const certificate of path) {
    const place = placeOf(report, certificate.sha256);
    const where = place ? `, ${place.input}:${place.line}` : "";
    out.push(`- ${certificateName(certificate)}: ${roleWords(certificate, Boolean(report.chain.anchor), purpose)}, ${keyWords(certificate.key)}${where}, ${life(certificate, parse(report.at)).words}`);
  }
  if (report.chain.missing && isMissing(report)) {
    const { subject, key_id: keyId, fetch } = report.chain.missing;
    out.push(`- MISSING  ${shortName(subject)} (${subject}${keyId ? `, key id ${keyId}` : ""})`, ...fetch.map((address) => `  fetch: ${address}`));
  }
  if (report.clients.length) out.push("", "Who will accept it");
  for (const client of report.clients) {
    out.push(`- ${client.accepts === "unknown" ? "?" : client.accepts}  ${client.name}${client.accepts === "yes" ? "" : `: ${client.reason}`}`);
  }
  for (const { finding, places: all } of folded(report.findings)) {
    out.push("", `${finding.severity}  ${finding.code}`);
    if (places(all)) out.push(`  at   ${places(all)}`);
    out.push(`  ${finding.message}`, `  why  ${rules.get(finding.code)?.why ?? ""}`, `  fix  ${finding.fix}`);
  }
  if (report.not_checked.length) out.push("", "Not checked", ...report.not_checked.map((what) => `- ${what}`));
  return `${out.join("\n")}\n`;
}

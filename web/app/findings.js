// What was seen: why it matters, how to mend it, where it is written, and the very line.
import { el, fill, icon, prose } from "./dom.js";
import { drawSource } from "./source.js";

/** A hundred is more than anybody reads; the report has them all. */
const MOST = 100;

const ORDER = ["error", "warning", "notice"];
const TONES = { error: "bad", warning: "caution", notice: "notice" };

/** Draws every finding, the gravest first. */
export function drawFindings(place, report, rules, files) {
  // Stable: among equals the report's order stays.
  const sorted = report.findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const shown = sorted.slice(0, MOST);
  fill(place,
    shown.length === 0 ? el("p", { class: "with-icon", "data-tone": "good" }, icon("good"), "Nothing to complain about.") : null,
    shown.map((finding, index) => one(finding, index, report, rules, files)),
    sorted.length > MOST ? el("p", { class: "hint" }, `${sorted.length - MOST} more findings; the report as JSON lists them all.`) : null);
}

function one(finding, index, report, rules, files) {
  const rule = rules.get(finding.code);
  const tone = TONES[finding.severity];
  const title = `finding-${index}`;
  return el("article", { class: "finding", "data-tone": tone, "data-code": finding.code, "aria-labelledby": title },
    el("h3", { id: title, class: "finding-title" },
      el("span", { class: "severity" }, icon(tone), finding.severity),
      el("span", {}, rule?.title ?? finding.code)),
    el("p", { class: "finding-message" }, el("bdi", {}, finding.message)),
    el("dl", { class: "finding-facts" },
      rule ? [el("dt", {}, "Why"), el("dd", {}, prose(rule.why))] : null,
      el("dt", {}, "Fix"), el("dd", {}, prose(finding.fix))),
    place(finding, index, report, files),
    rule ? el("details", { class: "more" },
      el("summary", { "aria-label": `Where this is written: ${finding.code}` }, "Where this is written"),
      el("ul", { class: "plain dashed" }, rule.sources.map((source) => el("li", {}, source))),
      el("p", { class: "hint" }, "Rule ", el("code", {}, finding.code))) : null);
}

/** Where it is: named, and shown when asked for. */
function place({ where }, index, report, files) {
  if (!where.input) return null;
  const at = report.inputs.findIndex((input) => input.name === where.input);
  const file = files[at];
  if (!file || !where.line) return el("p", { class: "hint" }, "In ", el("bdi", {}, where.input));
  const { name } = file;
  const holder = el("div", { id: `source-${index}` });
  const button = el("button", { type: "button", class: "small", "aria-expanded": "false", "aria-controls": holder.id }, `Show line ${where.line} of ${name}`);
  button.addEventListener("click", () => {
    const opens = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(opens));
    fill(holder, opens ? drawSource(file, report.inputs[at], where.line) : null);
  });
  return el("div", { class: "place" }, button, holder);
}

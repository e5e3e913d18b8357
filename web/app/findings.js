// What was seen: why it matters, how to mend it, where it is written, and the very line.
import { el, fill, icon, prose } from "./dom.js";
import { some } from "./names.js";
import { drawSource } from "./source.js";

/** A hundred is more than anybody reads; the report has them all. */
const MOST = 100;

const ORDER = ["error", "warning", "notice"];
const TONES = { error: "bad", warning: "caution", notice: "notice" };

/** Most places of one finding that are named and can be shown. */
const MOST_PLACES = 6;

/** Findings that say the same of several places, once: each with its places, in their order, the gravest
 *  first. */
export function folded(findings) {
  // Stable: among equals the report's order stays.
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const known = new Map();
  for (const finding of sorted) {
    const said = JSON.stringify([finding.code, finding.message, finding.fix]);
    const one = known.get(said) ?? { finding, places: [] };
    one.places.push(finding.where);
    known.set(said, one);
  }
  return [...known.values()];
}

/** `30 times: a.pem:1, a.pem:9 and 24 more`, as the command line says it; nothing without a place. */
export function places(all) {
  const names = [];
  for (const { input, line } of all) {
    const name = input && (line ? `${input}:${line}` : input);
    // One after the other, so a place that is told twice follows itself.
    if (name && name !== names.at(-1)) names.push(name);
  }
  if (names.length === 0) return "";
  return `${all.length > 1 ? `${all.length} times: ` : ""}${some(names, MOST_PLACES)}`;
}

/** Draws every finding, the gravest first. `lines` shows a line of a file that was given. */
export function drawFindings(place, report, rules, files, lines = drawSource) {
  const sorted = folded(report.findings);
  const shown = sorted.slice(0, MOST);
  fill(place,
    shown.length === 0 ? el("p", { class: "with-icon", "data-tone": "good" }, icon("good"), "Nothing to complain about.") : null,
    shown.map((told, index) => one(told, index, { report, rules, files, lines, prefix: place.id })),
    sorted.length > MOST ? el("p", { class: "hint" }, `${sorted.length - MOST} more findings; the report as JSON lists them all.`) : null);
}

function one({ finding, places: all }, index, on) {
  const rule = on.rules.get(finding.code);
  const tone = TONES[finding.severity];
  const title = `${on.prefix}-${index}`;
  return el("article", { class: "finding", "data-tone": tone, "data-code": finding.code, "aria-labelledby": title },
    el("h3", { id: title, class: "finding-title" },
      el("span", { class: "severity" }, icon(tone), finding.severity),
      el("span", {}, rule?.title ?? finding.title ?? finding.code)),
    el("p", { class: "finding-message" }, el("bdi", {}, /^(config|service)\./.test(finding.code) ? prose(finding.message) : finding.message)),
    el("dl", { class: "finding-facts" },
      all.length > 1 && places(all) ? [el("dt", {}, "At"), el("dd", {}, el("bdi", {}, places(all)))] : null,
      rule ? [el("dt", {}, "Why"), el("dd", {}, prose(rule.why))] : null,
      el("dt", {}, "Fix"), el("dd", {}, prose(finding.fix))),
    distinct(all).map((where, number) => shownAt(where, `${title}-source-${number}`, on)),
    rule ? el("details", { class: "more" },
      el("summary", { "aria-label": `Where this is written: ${finding.code}` }, "Where this is written"),
      el("ul", { class: "plain dashed" }, rule.sources.map((source) => el("li", {}, source))),
      el("p", { class: "hint" }, "Rule ", el("code", {}, finding.code))) : null);
}

/** The lines to show, each once. */
function distinct(all) {
  const lines = new Map(all.map((where) => [`${where.line ?? ""} ${where.input ?? ""}`, where]));
  return [...lines.values()].slice(0, MOST_PLACES);
}

/** Where it is: named, and shown when asked for. */
function shownAt(where, id, { report, files, lines }) {
  if (!where.input) return null;
  const at = report.inputs.findIndex((input) => input.name === where.input);
  const file = files[at];
  if (!file || !where.line) return el("p", { class: "hint" }, "In ", el("bdi", {}, where.input));
  const { name } = file;
  const holder = el("div", { id });
  const button = el("button", { type: "button", class: "small", "aria-expanded": "false", "aria-controls": id }, `Show line ${where.line} of ${name}`);
  button.addEventListener("click", () => {
    const opens = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(opens));
    fill(holder, opens ? lines(file, report.inputs[at], where.line) : null);
  });
  return el("div", { class: "place" }, button, holder);
}

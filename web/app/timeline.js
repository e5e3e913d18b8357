// Validity as bars on one axis, and below them, on the same axis, the slider that sets the moment.
import { DAY, LAST_DAY, LIFETIME_RULES, date, life, parse, startOfDay } from "./dates.js";
import { el, fill } from "./dom.js";
import { certificateName } from "./names.js";
import { firstEnd } from "./verdict.js";

// What is shown past the end of the chain, or of the last rule's date.
const MARGIN = 60 * DAY;

/** What is shown at most from today: certificates that never end (RFC 5280, 4.1.2.5) would fill the axis. */
const FARTHEST = 40 * 365 * DAY;

/** Half of the slider's thumb: its middle travels from here to as far from the other end. */
const INSET = "var(--thumb-half)";

/** Builds the axis. `chosen` is given a day, or "" for now. */
export function timeline(place, chosen) {
  const bars = el("ul", { class: "bars" });
  const marks = el("div", { class: "marks", "aria-hidden": "true" });
  const slider = el("input", { type: "range", id: "slider", step: 1, "aria-describedby": "slider-hint" });
  const output = el("output", { for: "slider", class: "slider-day" });
  // The chain's last day is known with the report.
  let last = null;
  const jump = (label, day) => el("button", { type: "button", class: "small", onclick: () => chosen(day()) }, label);
  const ends = [jump("Chain’s last day", () => date(last)), jump("The day after", () => date(last + DAY))];
  const jumps = el("div", { class: "jumps", role: "group", "aria-label": "Days to look at" }, jump("Now", () => ""), ends);
  const rules = el("ul", { class: "rules" }, LIFETIME_RULES.map(({ date: day, days }) => el("li", {},
    el("button", { type: "button", class: "small", onclick: () => chosen(day) }, day),
    el("span", {}, `${days} days: the longest that a public certificate issued from then on may live`))));
  fill(place,
    el("div", { class: "axis" }, bars,
      el("div", { class: "slide" },
        el("div", { class: "slide-label" }, el("label", { for: "slider" }, "Judge it as of"), output),
        el("div", { class: "track" }, marks, slider))),
    jumps,
    el("p", { id: "slider-hint", class: "hint" }, "Arrow keys move by a day, Page Up and Page Down by a month. Times are UTC."),
    el("details", { class: "more" }, el("summary", {}, "Coming lifetime rules on this axis"),
      rules, el("p", { class: "hint" }, "CA/Browser Forum Baseline Requirements, section 6.3.2.")));

  let axis = null;
  const dayOf = (value) => date(axis.from + Number(value) * DAY);
  const choose = () => {
    const day = dayOf(slider.value);
    // Said at once; what it comes to follows with the answer.
    output.textContent = day;
    slider.setAttribute("aria-valuetext", day);
    chosen(day);
  };
  slider.addEventListener("input", choose);
  slider.addEventListener("keydown", (event) => {
    const step = { PageUp: 30, PageDown: -30 }[event.key];
    if (!step) return;
    event.preventDefault();
    slider.value = Number(slider.value) + step;
    choose();
  });

  /** `isLatest` is false while the slider has been moved on: then it stays where it is. */
  return function draw(report, today, isLatest) {
    const at = parse(report.at);
    // It does not shrink while it is moved upon.
    axis = axisOf(report, at, today, document.activeElement === slider ? axis : null);
    slider.max = String((axis.to - axis.from) / DAY);
    const day = startOfDay(at);
    if (isLatest) {
      slider.value = String((day - axis.from) / DAY);
      output.textContent = date(day);
      slider.setAttribute("aria-valuetext", `${date(day)}: ${said(report)}`);
    }
    const path = report.chain.path.map((index) => report.certificates[index]);
    fill(bars, path.map((certificate) => bar(certificate, axis, at)));
    fill(marks, LIFETIME_RULES.filter((rule) => inside(parse(rule.date), axis)).map((rule) =>
      mark(parse(rule.date), axis, "rule", `${rule.days} days`)),
    inside(today, axis) ? mark(startOfDay(today), axis, "today", "today") : null);
    last = startOfDay(firstEnd(report));
    for (const one of ends) one.hidden = last >= parse(LAST_DAY);
  };
}

/** From the earlier of today and the leaf's first day, past the chain's end and the last rule's date. */
function axisOf(report, at, today, before) {
  const end = Math.min(firstEnd(report) ?? today, today + FARTHEST);
  const rules = parse(LIFETIME_RULES.at(-1).date);
  const from = startOfDay(Math.max(today - FARTHEST, Math.min(today, report.chain.path.length ? parse(report.certificates[report.chain.path[0]].not_before) : today)));
  const to = startOfDay(Math.max(end, rules, today) + MARGIN);
  const of = report.certificates[report.chain.path[0]]?.sha256;
  // A day outside, from the date field, widens the axis.
  if (before?.of === of && before.from <= from && before.to >= to && inside(at, before)) return before;
  return { of, from: Math.min(from, startOfDay(at)), to: Math.max(to, startOfDay(at)) };
}

const inside = (moment, axis) => moment >= axis.from && moment <= axis.to;
const share = (moment, axis) => Math.min(1, Math.max(0, (moment - axis.from) / (axis.to - axis.from)));
const along = (part) => `calc(${INSET} + ${part.toFixed(5)} * (100% - 2 * ${INSET}))`;

function bar(certificate, axis, at) {
  const [from, to] = [parse(certificate.not_before), parse(certificate.not_after)];
  const lived = life(certificate, at);
  const left = share(from, axis);
  const right = share(to, axis);
  const filled = el("span", { class: `bar${from < axis.from ? " before" : ""}${to > axis.to ? " after" : ""}`, "data-tone": lived.tone });
  filled.style.setProperty("left", along(left));
  filled.style.setProperty("width", `calc(${Math.max(0, right - left).toFixed(5)} * (100% - 2 * ${INSET}))`);
  const moment = el("span", { class: "moment" });
  moment.style.setProperty("left", along(share(at, axis)));
  return el("li", {},
    el("span", { class: "bar-name" }, el("bdi", {}, certificateName(certificate))),
    el("span", { class: "bar-track", "aria-hidden": "true" }, filled, moment),
    el("span", { class: "bar-words", "data-tone": lived.tone }, `${date(from)} to ${date(to)}, ${lived.words.replace(/, to .*/, "")}`));
}

function mark(moment, axis, kind, label) {
  const made = el("span", { class: `mark ${kind}` }, el("span", {}, label));
  made.style.setProperty("left", along(share(moment, axis)));
  if (share(moment, axis) > 0.85) made.classList.add("end");
  return made;
}

const said = (report) => ({ yes: "accepted", no: "refused", unknown: "undecided" })[report.verdicts.accepted];

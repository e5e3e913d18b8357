// The room for the DNS: from a service or by hand to records, and from a zone to a plan.
import { isStopped } from "./checker.js";
import { counted } from "./dates.js";
import { dnsForm } from "./dns-form.js";
import { drawPlan, drawZone, ZONE } from "./dns-plan.js";
import { bare, dnsForms, drawRecords } from "./dns-records.js";
import { el, fill } from "./dom.js";
import { textOf, UNREAD } from "./files.js";
import { drawFindings } from "./findings.js";
import * as verdict from "./verdict.js";

/** Longest zone that is taken, in bytes: some hundred thousand records, which are read in a second. */
const LARGEST = 8 << 20;

/** How long the typing rests before it is looked at, in milliseconds. */
const TYPED = 150;

const at = (id) => document.getElementById(id);

/** Builds the room. `run` does a job of the module, `given` says what the other rooms hold. */
export function dns(run, rules, given) {
  const text = el("textarea", { id: "dns-zone-text", rows: 10, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": "dns-zone-hint" });
  const picker = el("input", { type: "file", hidden: true, tabindex: -1, "aria-hidden": "true" });
  const problem = el("p", { class: "problem", role: "alert" });
  const told = el("div", { id: "dns-zone-findings" });
  fill(at("dns-zone-panel"),
    el("div", { class: "field" },
      el("label", { for: text.id }, "Zone file"), text,
      el("p", { id: "dns-zone-hint", class: "hint" }, "As your provider exports it, or a transfer prints it. It is read in this tab and leaves it as little.")),
    problem, picker,
    el("div", { class: "buttons" },
      el("button", { type: "button", class: "small", onclick: () => picker.click() }, "Pick a zone file"),
      el("button", { type: "button", class: "small", onclick: () => take("") }, "Clear the zone")),
    told);
  const fields = dnsForm(at("dns-fields"), { ...given, changed: rest });
  const forms = dnsForms(at("dns-export"));
  let wanted = 0;
  let typing;
  let isInsisted = false;

  function rest() {
    isInsisted = false;
    clearTimeout(typing);
    typing = setTimeout(look, TYPED);
  }

  function take(contents) {
    text.value = contents;
    problem.textContent = "";
    isInsisted = false;
    look();
  }

  async function open([file]) {
    if (!file) return;
    const contents = file.size > LARGEST ? null : await textOf(file);
    if (file.size > LARGEST) problem.textContent = "This file is larger than the zones that are read here; the command line reads it.";
    else if (contents === null) problem.textContent = UNREAD;
    else take(contents);
  }

  /** Looks at what is there now. */
  async function look() {
    wanted += 1;
    const mine = wanted;
    document.documentElement.dataset.dnsAsked = String(mine);
    clearTimeout(typing);
    fields.draw();
    const need = fields.said();
    const contents = text.value;
    const answer = fields.isEmpty() ? null : await run("dnsRecords", { settings: { need } });
    const hasRecords = answer !== null && !answer.error;
    const hasZone = contents.trim() !== "";
    const asked = { input: ZONE, origin: need.zone, otherwise: hasRecords ? answer.zone : undefined };
    const checked = hasZone ? await run("dnsCheckZone", { settings: { zone: contents, asked } }) : null;
    const isWhole = checked && !checked.error && !checked.findings.some(({ code }) => code === "dns.zone-syntax");
    const planned = hasRecords && isWhole ? await run("dnsPlan", { settings: { need, zone: contents, asked: { however_much: isInsisted } } }) : null;
    if (mine !== wanted) return;
    fields.complain(answer?.error);
    drawAnswer(answer, checked, planned);
    const stopped = [answer, checked, planned].find(isStopped);
    if (stopped) verdict.draw(at("dns-verdict"), "caution", "STOPPED", stopped.error.message);
    if (hasRecords) forms.take(planned?.renders ?? (hasZone ? [] : answer.renders), planned ? "zone" : hasZone ? "unread" : "nothing");
    at("dns-records-panel").hidden = !hasRecords;
    at("dns-export-panel").hidden = !hasRecords;
    if (checked) drawZone(told, checked, contents, rules);
    else fill(told);
    at("dns-plan-panel").hidden = !(hasRecords && hasZone);
    if (planned) drawPlan(at("dns-plan"), planned, rules, () => { isInsisted = true; look(); });
    else fill(at("dns-plan"), el("p", { class: "hint" }, "Correct the zone first: a plan against a part of it would be a plan for another zone."));
    document.documentElement.dataset.dns = String(mine);
  }

  function drawAnswer(answer, checked, planned) {
    const place = at("dns-verdict");
    if (answer === null) {
      if (checked) drawZoneVerdict(place, checked);
      else welcome();
      return;
    }
    if (answer.error) {
      verdict.draw(place, "caution", "NOT YET", answer.error.message);
      return;
    }
    const count = answer.records.flatMap(({ data }) => data).length;
    const findings = planned?.plan?.findings ?? answer.findings;
    const isRefused = answer.renders.length === 0 || planned?.refusal || planned?.error;
    const isUnread = checked && !planned;
    const isWarned = verdict.number(findings, "error") + verdict.number(findings, "warning") > 0;
    const [tone, word] = isRefused ? ["bad", "NO WAY THERE"] : isUnread ? ["caution", "ZONE NOT READ"] : isWarned ? ["caution", "WITH WARNINGS"] : ["good", "READY TO MAKE"];
    const steps = planned?.plan?.steps.length;
    const made = `${counted(count, "record", "records")} in the zone ${bare(answer.zone)}`;
    const sentence = isRefused ? "These records cannot be made as they are wanted." :
      isUnread ? `${made}. What of it is there already is not known: the zone below has to be corrected first.` :
      steps === 0 ? `The zone ${bare(answer.zone)} has all that the service needs.` :
      `${made}${steps ? `, in ${counted(steps, "step", "steps")} from what is there` : ""}.`;
    verdict.draw(place, tone, word, sentence, `${verdict.tally([...findings, ...(isUnread ? checked.findings ?? [] : [])])}.`);
    drawRecords(at("dns-records"), answer);
    const warnings = el("div", { id: "dns-records-told", class: "findings" });
    if (findings.length && !planned) drawFindings(warnings, { findings, inputs: [] }, rules, []);
    at("dns-records").append(warnings);
  }

  /** Of a zone alone, while nothing is wanted. */
  function drawZoneVerdict(place, { error, findings, zone, records, names }) {
    if (error) {
      verdict.draw(place, "bad", "NOT READ", error.message);
      return;
    }
    const [tone, word] = verdict.number(findings, "error") ? ["bad", "WITH ERRORS"] : verdict.number(findings, "warning") ? ["caution", "WITH WARNINGS"] : ["good", "IN ORDER"];
    verdict.draw(place, tone, word,
      `The zone ${bare(zone) || "of the root"} has ${counted(records, "record", "records")} of ${counted(names, "name", "names")}. Say which name shall lead where, and see what would change.`,
      `${verdict.tally(findings)}.`);
  }

  function welcome() {
    verdict.draw(at("dns-verdict"), "wait", "Ready when you are", "Say which name shall lead where, or paste a zone: what to make, and what is wrong, appears here.");
  }

  text.addEventListener("input", () => {
    problem.textContent = "";
    rest();
  });
  picker.addEventListener("change", async () => {
    await open([...picker.files]);
    picker.value = "";
  });
  look();
  addEventListener("pagehide", () => { fields.clear(); take(""); });

  return {
    look,
    /** Takes what was dropped or pasted anywhere on the page. */
    take(files, contents) {
      if (files.length) open(files);
      else if (contents.trim()) take(contents);
    },
  };
}

// A zone as it is, and the plan that leads from it to what is wanted.
import { counted } from "./dates.js";
import { copyButton, el, fill, icon } from "./dom.js";
import { bare, wait } from "./dns-records.js";
import { save } from "./download.js";
import { drawFindings } from "./findings.js";

/** What findings call a zone that was pasted. */
export const ZONE = "zone";

const WORDS = { create: "Add", update: "Change", delete: "Remove" };

/** What is wrong with a zone, each fault at its line. */
export function drawZone(place, checked, text, rules) {
  if (checked.error) {
    fill(place, el("p", { class: "with-icon", "data-tone": "bad" }, icon("bad"), el("span", {}, checked.error.message)));
    return;
  }
  const told = el("div", { id: "dns-zone-told", class: "findings" });
  // Zones are public: no line of theirs is a secret.
  const input = { name: ZONE, blocks: [], secret: new Set() };
  drawFindings(told, { findings: checked.findings, inputs: [input] }, rules, [{ name: ZONE, bytes: new TextEncoder().encode(text) }]);
  fill(place,
    el("p", {}, el("strong", {}, el("bdi", {}, bare(checked.zone) || "the root")), `: ${counted(checked.records, "record", "records")} of ${counted(checked.names, "name", "names")}.`),
    told,
    checked.more ? el("p", { class: "hint" }, `${checked.more} more are not listed.`) : null);
}

/** The plan, step by step; `insist` is called by whoever wants it however much it takes away. */
export function drawPlan(place, answer, rules, insist) {
  if (answer.error) {
    fill(place, el("p", { class: "with-icon", "data-tone": "bad" }, icon("bad"), el("span", {}, el("strong", {}, "No plan. "), answer.error.message)),
      answer.error.code === "dns.too-much" ? el("div", { class: "buttons" }, el("button", { type: "button", class: "small", onclick: insist }, "Plan it nevertheless")) : null);
    return;
  }
  const { plan, refusal } = answer;
  // What is refused is no warning, whatever its rule says where it is not.
  const findings = plan ? plan.findings : refusal.findings.map((finding) => ({ ...finding, severity: "error" }));
  const told = el("div", { id: "dns-plan-told", class: "findings" });
  if (findings.length) drawFindings(told, { findings, inputs: [] }, rules, []);
  fill(place, plan ? steps(plan) : el("p", { class: "with-icon", "data-tone": "bad" }, icon("bad"), el("span", {}, el("strong", {}, "No plan. "), "No changes lead there.")), told, plan?.steps.length ? keep(plan) : null);
}

function steps(plan) {
  if (!plan.steps.length) {
    return el("p", { class: "with-icon", "data-tone": "good" }, icon("good"),
      el("span", {}, el("strong", {}, "Nothing to do. "), `The zone has all that the service needs: ${counted(plan.kept.length, "set of records", "sets of records")}.`));
  }
  const changes = plan.steps.flatMap((step) => step.changes).length;
  return [
    el("p", {}, `${counted(changes, "change", "changes")} in ${counted(plan.steps.length, "step", "steps")}`,
      plan.kept.length ? `; ${counted(plan.kept.length, "set of records stays", "sets of records stay")} as they are.` : "."),
    el("ol", { class: "steps" }, plan.steps.map((step, index) => el("li", { class: "step" },
      el("h3", {}, `Step ${index + 1} of ${plan.steps.length}`),
      step.wait ? el("p", { class: "with-icon", "data-tone": "caution" }, icon("caution"), el("span", {}, `${wait(step.wait, index)}, ${index
        ? "until no cache holds what was there."
        : "where you do not know that it, and what names are led to, has stood for so long: caches may know otherwise."}`)) : null,
      step.takes_pins ? el("p", { class: "with-icon", "data-tone": "caution" }, icon("caution"), el("span", {}, "Before this step the service has to serve with a key that stays pinned.")) : null,
      el("ul", { class: "changes" }, step.changes.map(change))))),
  ];
}

function change({ action, name, type, reason, before, after }) {
  const lines = (set, other, tag, sign, word) => {
    const isNew = (value) => !other || other.ttl !== set.ttl || !other.data.includes(value);
    return (set?.data ?? []).filter(isNew).map((value) => el(tag, { class: "diff" },
      el("span", { class: "diff-sign", "aria-hidden": "true" }, sign), el("span", { class: "unseen" }, `${word} `),
      el("bdi", {}, `${name} ${set.ttl} ${type} ${value}`)));
  };
  return el("li", { class: "change", "data-action": action },
    el("p", { class: "change-head" }, el("strong", {}, `${WORDS[action]} ${type}`), " ", el("code", {}, el("bdi", {}, bare(name))), el("span", { class: "hint" }, ` ${reason}`)),
    el("div", { class: "diffs", tabindex: 0, role: "group", "aria-label": `${WORDS[action]} ${type} of ${bare(name)}` },
      lines(before, after, "del", "−", "removed:"), lines(after, before, "ins", "+", "added:")));
}

/** The plan as its file has it: what `keyway dns apply` carries out. */
function keep({ findings, ...file }) {
  const text = `${JSON.stringify(file, null, 2)}\n`;
  return el("div", { class: "export" },
    el("p", { class: "hint" }, "Saved, ", el("code", {}, "keyway dns apply --plan plan.json"), " carries it out, if the zone is still as it is here. Checksum ", el("code", {}, file.checksum.slice(0, 12)), "."),
    el("div", { class: "buttons" },
      el("button", { type: "button", class: "small", onclick: () => save("plan.json", new TextEncoder().encode(text), "application/json") }, "Save plan.json"),
      copyButton(text, "Copy as JSON", "Copy as JSON: the plan")));
}

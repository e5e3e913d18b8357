// Records as a table, and in the words of those who make them.
import { copyButton, el, fill, icon } from "./dom.js";
import { save } from "./download.js";
import { joined } from "./names.js";

const FORMS = {
  card: "A card to type from, for any registrar’s form",
  zone: "Lines of a zone file",
  nsupdate: "nsupdate",
  "azure-cli": "Azure, az network dns",
  route53: "Amazon Route 53, change batches",
  octodns: "octoDNS, YAML",
};
const ENDINGS = { zone: "zone", nsupdate: "nsupdate", "azure-cli": "sh", route53: "json", octodns: "yaml", card: "txt" };
/** How a form writes what is not for the machine; a batch of JSON has no words for it. */
const COMMENTS = { zone: "; ", nsupdate: "; ", "azure-cli": "# ", octodns: "# ", card: "", route53: null };

const FROM = {
  zone: "From the zone below to what is wanted.",
  nothing: "For a zone that has none of these names. Paste yours below, and it is what changes there.",
  unread: "",
};

/** `12 seconds`, `1 hour`. */
export function time(seconds) {
  const units = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]];
  const [size, name] = units.find(([length]) => seconds >= length && seconds % length === 0) ?? units[3];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** A name without its last dot, and below a zone without that. */
export const bare = (name) => name.replace(/\.$/, "");
export const within = (name, zone) =>
  (name === zone ? "@" : zone !== "." && name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : name);

/** Draws the records. Roles are said, since a narrow page lays the rows out as cards. */
export function drawRecords(place, { records, zone, guessed, idle }) {
  const [there, gone] = [records.filter(({ data }) => data.length), records.filter(({ data }) => !data.length)];
  const cell = (label, ...children) => el("td", { role: "cell" }, el("span", { class: "cell-label", "aria-hidden": "true" }, label), el("span", { class: "cell" }, children));
  const row = ({ name, type, ttl, reason }, value) => el("tr", { role: "row" },
    cell("Name", el("code", {}, el("bdi", {}, within(name, zone)))),
    cell("Type", el("strong", {}, type)),
    cell("Value", el("code", { class: "value" }, el("bdi", {}, value)), el("span", { class: "hint reason" }, reason)),
    cell("TTL", String(ttl)),
    cell("", copyButton(value, "Copy", `Copy the value of ${bare(name)} ${type}`)));
  fill(place,
    el("p", { class: "hint" }, "Names stand in the zone ", el("code", {}, el("bdi", {}, bare(zone))),
      guessed ? ", which is what one registers; say another one if that is not yours. " : ". ", el("code", {}, "@"), " is the zone itself."),
    el("table", { class: "records", role: "table", "aria-labelledby": "dns-records-title" },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" },
        ["Name", "Type", "Value", "TTL", "Copy"].map((head) => el("th", { role: "columnheader", scope: "col" }, head)))),
      el("tbody", { role: "rowgroup" }, there.flatMap((record) => record.data.map((value) => row(record, value))))),
    gone.length ? el("p", { class: "with-icon", "data-tone": "notice" }, icon("notice"),
      el("span", {}, "Beside them there may be no ", joined(gone.map(({ name, type }) => `${type} at ${bare(name)}`)), ".")) : null,
    idle.map((text) => el("p", { class: "with-icon", "data-tone": "caution" }, icon("caution"), el("span", {}, el("bdi", {}, text), "."))));
}

/** How long to wait before a step, by its number from 0: whoever asks a server that is behind remembers what it says. */
export const wait = (seconds, index) =>
  `Wait ${time(seconds)} after every server has what ${index ? `step ${index} left` : "the plan starts from"}`;

/** What has to be so before a part is carried out. */
function conditions({ wait: seconds, takes_pins: takesPins }, index) {
  return [
    seconds ? wait(seconds, index) : null,
    takesPins ? "Let the service serve with a key that stays pinned" : null,
  ].filter(Boolean);
}

/** Builds the panel of forms. */
export function dnsForms(place) {
  const choice = el("select", { id: "dns-form-out" }, Object.entries(FORMS).map(([value, label]) => el("option", { value }, label)));
  const about = el("p", { id: "dns-form-hint", class: "hint" });
  const shown = el("div", { class: "export" });
  fill(place, el("div", { class: "field" }, el("label", { for: choice.id }, "Form"), choice, about), shown);
  let renders = [];
  let from = "";

  function whole({ form, parts }) {
    const sign = COMMENTS[form];
    if (sign === null) return parts.map(({ text }) => text).join("");
    const number = (index) => (parts.length > 1 && sign ? `${sign}Step ${index + 1} of ${parts.length}.\n` : "");
    const before = (part, index) => number(index) + conditions(part, index).map((text) => `${sign}${text} before what follows.\n`).join("");
    return parts.map((part, index) => (before(part, index) ? `${before(part, index)}\n${part.text}` : part.text)).join("\n");
  }

  function draw() {
    const one = renders.find(({ form }) => form === choice.value);
    if (!one) { fill(shown, el("p", { class: "hint" }, from === "unread" ? "Correct the zone first." : "There is nothing to make.")); return; }
    if (!one.parts.length) { fill(shown, el("p", { class: "with-icon", "data-tone": "good" }, icon("good"), "Nothing has to be made: the zone has it all.")); return; }
    const text = whole(one);
    const name = `records.${ENDINGS[one.form]}`;
    const waits = one.form !== "route53" ? [] : one.parts.flatMap((part, number) =>
      conditions(part, number).map((text) => `${text} before batch ${number + 1} of ${one.parts.length}.`));
    fill(shown,
      one.lost.length ? el("p", { class: "with-icon", "data-tone": "caution" }, icon("caution"),
        el("span", {}, `This form has no words for ${joined(one.lost)}; make these by hand.`)) : null,
      waits.map((text) => el("p", { class: "with-icon", "data-tone": "notice" }, icon("notice"), el("span", {}, text))),
      el("pre", { class: "text", tabindex: 0, role: "group", "aria-label": FORMS[one.form] }, text),
      el("div", { class: "buttons" },
        copyButton(text, "Copy", `Copy: ${FORMS[one.form]}`),
        el("button", { type: "button", class: "small", onclick: () => save(name, new TextEncoder().encode(text), "text/plain") }, `Save ${name}`)));
  }

  choice.addEventListener("change", draw);
  return {
    /** Shows what leads from where: from a zone that was given ("zone"), from one without these names ("nothing"),
     *  or from one that cannot be read ("unread"). */
    take(all, whence) {
      [renders, from] = [all, whence];
      about.textContent = FROM[from];
      draw();
    },
  };
}

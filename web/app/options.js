// What to judge by: host names, the date, own roots, the profile, a password when something is locked.
import { el, fill } from "./dom.js";
import { inert } from "./escape.js";
import { Heap, readInto } from "./files.js";

/** How long a password rests before it is tried, in milliseconds: each try is slow by design. */
const TYPED = 250;

const PROFILES = [
  ["webpki", "Public web: what browsers ask of public CAs"],
  ["rfc5280", "RFC 5280: what the standard asks"],
  ["private", "Own CA: what a private network needs"],
];

/** Builds the fields. `changed` is called when one of them is another one. */
export function options(place, changed) {
  const roots = new Heap();
  const hosts = el("input", { id: "hosts", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", inputmode: "url", placeholder: "www.example.com", "aria-describedby": "hosts-hint hosts-problem" });
  const hostsProblem = el("p", { id: "hosts-problem", class: "problem", role: "alert" });
  const day = el("input", { id: "day", type: "date", min: "1990-01-01", max: "2120-12-31", "aria-describedby": "day-hint" });
  const now = el("button", { type: "button", class: "small", onclick: () => { day.value = ""; changed("day"); } }, "Now");
  const profile = el("select", { id: "profile" }, PROFILES.map(([value, label]) => el("option", { value }, label)));
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
  const pick = el("button", { type: "button", class: "small", onclick: () => picker.click() }, "Add a root");
  const rootList = el("ul", { class: "files", "aria-label": "Own roots" });
  const rootsProblem = el("p", { class: "problem", role: "alert" });
  const password = el("input", { id: "password", type: "password", autocomplete: "off", "aria-describedby": "password-hint" });
  const locked = el("div", { class: "field locked", hidden: true },
    el("label", { for: "password" }, "Password"),
    password,
    el("p", { id: "password-hint", class: "hint" }, "Something here is encrypted. The password is tried in this tab and goes nowhere."));
  const more = el("details", { class: "more" },
    el("summary", {}, "Trust and rules"),
    el("div", { class: "field" }, el("label", { for: "profile" }, "Rules"), profile),
    el("div", { class: "field", role: "group", "aria-labelledby": "roots-label" },
      el("p", { class: "label", id: "roots-label" }, "Trust also"),
      el("p", { class: "hint" }, "The root of your own CA. Mozilla’s public roots are trusted anyway."),
      rootList, pick, picker, rootsProblem));
  fill(place,
    locked,
    el("div", { class: "field" },
      el("label", { for: "hosts" }, "Host names"), hosts,
      el("p", { id: "hosts-hint", class: "hint" }, "What clients will ask for; several with spaces. Empty: the certificate’s own names."),
      hostsProblem),
    el("div", { class: "field" },
      el("label", { for: "day" }, "Judge it as of"),
      el("div", { class: "beside" }, day, now),
      el("p", { id: "day-hint", class: "hint" }, "Midnight UTC of that day. Empty: this moment.")),
    more);

  hosts.addEventListener("input", () => changed("hosts"));
  day.addEventListener("input", () => { if (day.value || !day.validity.badInput) changed("day"); });
  profile.addEventListener("change", () => changed("profile"));
  let typing;
  password.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => changed("password"), TYPED);
  });
  picker.addEventListener("change", async () => {
    const refused = await readInto(roots, [...picker.files]);
    picker.value = "";
    drawRoots();
    rootsProblem.textContent = refused.map((line) => inert(line, 300)).join(" ");
    changed("roots");
  });

  function drawRoots() {
    rootsProblem.textContent = "";
    fill(rootList, roots.files.map((file) => {
      const { name } = file;
      const remove = () => { roots.remove(file); drawRoots(); changed("roots"); pick.focus(); };
      return el("li", {},
        el("bdi", { class: "file-name" }, name),
        el("button", { type: "button", class: "small", "aria-label": `Remove root ${name}`, onclick: remove }, "Remove"));
    }));
  }

  return {
    roots,
    get day() { return day.value; },
    set day(value) { day.value = value; },
    /** As the module takes them. */
    asked() {
      return {
        now: day.value || Date.now(),
        hosts: hosts.value.split(/[\s,;]+/).filter(Boolean),
        profile: profile.value,
        passwords: locked.hidden || !password.value ? [] : [password.value],
        own_roots: roots.files,
      };
    },
    /** Fills the fields from an example. */
    set(asked) {
      hosts.value = asked.hosts.join(" ");
      day.value = asked.at;
      profile.value = asked.profile;
      password.value = "";
      roots.clear();
      for (const { name, bytes } of asked.own_roots) roots.add(name, bytes);
      drawRoots();
      more.open = asked.own_roots.length > 0 && more.open;
    },
    /** Shows the password field while something is encrypted, and only then. */
    lock(isLocked) {
      locked.hidden = !isLocked;
      if (!isLocked) password.value = "";
    },
    /** Says what is wrong with a field. */
    complain(error) {
      const wrongHost = error?.code === "arguments.host";
      hostsProblem.textContent = wrongHost ? error.message : "";
      hosts.setAttribute("aria-invalid", String(wrongHost));
      rootsProblem.textContent = error?.code === "arguments.root" ? error.message : "";
      if (error?.code === "arguments.root") more.open = true;
    },
    askPassword() {
      password.focus();
    },
    forget() {
      roots.clear();
      drawRoots();
      password.value = hosts.value = day.value = "";
    },
  };
}

const LOCKED_CODES = new Set(["pem.encrypted-key", "pem.legacy-encryption", "pem.wrong-password"]);

/** Whether something in the files waits for a password, or was opened by one. */
export function isLocked(report, hasPassword) {
  const blocks = report.inputs.flatMap((input) => input.blocks);
  return report.findings.some((finding) => LOCKED_CODES.has(finding.code))
    || blocks.some((block) => block.kind === "encrypted-private-key" || block.label.includes("ENCRYPTED"))
    || (hasPassword && blocks.some((block) => block.kind === "pkcs12"));
}

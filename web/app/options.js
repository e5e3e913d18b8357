// What to judge by: host names, the date, the purpose and the rules, a password when something is locked.
import { LAST_DAY, counted } from "./dates.js";
import { el, fill } from "./dom.js";
import { trust } from "./trust.js";

/** How long a password rests before it is tried, in milliseconds: each try is slow by design. */
const TYPED = 250;

const PROFILES = [
  ["webpki", "Public web: as browsers ask"],
  ["rfc5280", "RFC 5280: as the standard asks"],
  ["private", "Own CA: as a private network needs"],
];

const PURPOSES = [
  ["server", "A server, to its clients"],
  ["client", "A client, to its servers"],
];

/** Rounds of key derivation that fit into the time that a check has here, also on a slower machine. */
const MOST_ROUNDS = 5_000_000;

/** rustls-webpki takes six at most; fewer can be asked for. */
const LIMITS = [["", "As many as clients take"], ...["none", "1", "2", "3", "4", "5"].map((label, count) => [String(count), label])];

const choice = (id, pairs) => el("select", { id }, pairs.map(([value, label]) => el("option", { value }, label)));

/** Builds the fields. `changed` is called when one of them is another one, `judge` with a root that is to
 *  be judged instead of trusted. */
export function options(place, changed, judge) {
  const roots = trust(() => changed("roots"), judge);
  const hosts = el("input", { id: "hosts", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", inputmode: "url", placeholder: "www.example.com", "aria-describedby": "hosts-hint hosts-problem" });
  const hostsProblem = el("p", { id: "hosts-problem", class: "problem", role: "alert" });
  const day = el("input", { id: "day", type: "date", min: "1990-01-01", max: LAST_DAY, "aria-describedby": "day-hint" });
  const now = el("button", { type: "button", class: "small", onclick: () => { day.value = ""; changed("day"); } }, "Now");
  const purpose = choice("purpose", PURPOSES);
  const profile = choice("profile", PROFILES);
  const limit = choice("limit", LIMITS);
  const password = el("input", { id: "password", type: "password", autocomplete: "off", "aria-describedby": "password-hint" });
  /** Passwords of what is open already, while something else waits for its own. */
  const kept = [];
  const tried = el("p", { class: "hint", role: "status" });
  const another = el("button", { type: "button", class: "small", onclick: () => { if (password.value) keep(password.value); password.focus(); } }, "Keep it, and type another");
  const locked = el("div", { class: "field locked", hidden: true },
    el("label", { for: "password" }, "Password"),
    el("div", { class: "beside" }, password, another),
    tried,
    el("p", { id: "password-hint", class: "hint" }, "Something here is encrypted. The password is tried in this tab and goes nowhere."));
  const more = el("details", { class: "more" },
    el("summary", {}, "Trust and rules"),
    roots.field,
    el("div", { class: "field" }, el("label", { for: "purpose" }, "Shown by"), purpose),
    el("div", { class: "field" }, el("label", { for: "profile" }, "Rules"), profile),
    el("div", { class: "field" }, el("label", { for: "limit" }, "Most intermediates"), limit));
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
  // A year that is being typed is a day of the years 2, 20 and 202 on its way: those are none to judge at.
  day.addEventListener("input", () => { if (day.validity.valid) changed("day"); });
  for (const one of [purpose, profile, limit]) one.addEventListener("change", () => changed(one.id));
  let typing;
  password.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => changed("password"), TYPED);
  });

  function keep(...more) {
    if (more.length === 0) kept.length = 0;
    kept.push(...more);
    password.value = "";
    tried.textContent = kept.length ? `${counted(kept.length, "password is", "passwords are")} kept and tried.` : "";
  }

  return {
    roots,
    get day() { return day.value; },
    set day(value) { day.value = value; },
    /** As the module takes them. */
    asked() {
      return {
        now: (day.validity.valid && day.value) || Date.now(),
        hosts: hosts.value.split(/[\s,;]+/).filter(Boolean),
        purpose: purpose.value,
        profile: profile.value,
        max_intermediates: limit.value === "" ? null : Number(limit.value),
        max_kdf_rounds: MOST_ROUNDS,
        passwords: locked.hidden ? [] : [...kept, password.value].filter(Boolean),
        own_roots: roots.heap.files,
      };
    },
    /** Fills the fields from an example. */
    set(asked) {
      hosts.value = asked.hosts.join(" ");
      day.value = asked.at;
      profile.value = asked.profile;
      purpose.value = "server";
      limit.value = "";
      keep();
      roots.set(asked.own_roots);
      more.open = asked.own_roots.length > 0 && more.open;
    },
    /** Shows the password field while something is encrypted, and only then. */
    lock(isLocked) {
      locked.hidden = !isLocked;
      if (!isLocked) keep();
    },
    /** Says what is wrong with a field. */
    complain(error) {
      const wrongHost = error?.code === "arguments.host";
      hostsProblem.textContent = wrongHost ? error.message : "";
      hosts.setAttribute("aria-invalid", String(wrongHost));
      roots.complain(error?.code === "arguments.root" ? error.message : "");
      if (error?.code === "arguments.root") more.open = true;
    },
    /** Shows the roots that are trusted, and the rules. */
    open() {
      more.open = true;
    },
    askPassword() {
      password.focus();
    },
    askRoot() {
      more.open = true;
      roots.focus();
    },
    forget() {
      roots.set([]);
      keep();
      hosts.value = day.value = "";
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

// What a service needs of the DNS, as a person fills it in.
import { el, fill } from "./dom.js";

const TTLS = [["", "5 minutes, or the service’s"], ["60", "1 minute, before a move"], ["3600", "1 hour"], ["86400", "1 day"]];
const PROVIDERS = ["letsencrypt.org", "digicert.com", "sectigo.com", "pki.goog", "globalsign.com", "amazon.com"];

const words = (text) => text.split(/[\s,;]+/).filter(Boolean);

/** Builds the fields; `changed` is called when they change. `service` gives the service's file, `key` the
 *  SHA-256 of the public key of the certificate in the other room, if there is one. */
export function dnsForm(place, { service, key, changed }) {
  const input = (id, placeholder, more = {}) => el("input", { id: `dns-${id}`, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder, ...more });
  const choice = (id, pairs) => el("select", { id: `dns-${id}` }, pairs.map(([value, label]) => el("option", { value }, label)));
  const problems = {};
  const field = (label, control, hint, problem) => {
    const told = [hint && `${control.id}-hint`, problem && `${control.id}-problem`].filter(Boolean);
    if (told.length) control.setAttribute("aria-describedby", told.join(" "));
    const said = problem ? el("p", { id: `${control.id}-problem`, class: "problem" }) : null;
    if (problem) problems[problem] = { control, said };
    return el("div", { class: "field" },
      el("label", { for: control.id }, label), control, said,
      hint ? el("p", { id: `${control.id}-hint`, class: "hint" }, hint) : null);
  };
  const tick = (id, label, hint) => {
    const box = el("input", { id: `dns-${id}`, type: "checkbox", "aria-describedby": hint ? `dns-${id}-hint` : null });
    return [box, el("div", { class: "field" },
      el("div", { class: "beside" }, box, el("label", { for: box.id }, label)),
      hint ? el("p", { id: `dns-${id}-hint`, class: "hint" }, hint) : null)];
  };
  const from = choice("from", [["hand", "What is typed here"], ["service", "The service in the Service room"]]);
  const fromHint = el("p", { id: "dns-from-hint", class: "hint" });
  from.setAttribute("aria-describedby", "dns-from-hint");
  const hosts = input("hosts", "www.contoso.com");
  const endpoint = input("endpoint", "192.0.2.10 2001:db8::10");
  const zone = input("zone", "contoso.com");
  const ttl = choice("ttl", TTLS);
  const ca = input("ca", "letsencrypt.org", { list: "dns-cas" });
  const account = input("account", "https://acme.example/acct/1");
  const methods = input("methods", "dns-01");
  const challenges = input("challenges", "");
  const [https, httpsField] = tick("https", "An HTTPS record", "Browsers come by TLS at once, and know the protocols beforehand.");
  const [hints, hintsField] = tick("hints", "with the addresses in it");
  const [tlsa, tlsaField] = tick("tlsa", "Pin the certificate’s key (TLSA)", "That of the certificate in the Certificates room; for mail servers and others that check it, with DNSSEC.");
  const [persist, persistField] = tick("persist", "A record that stays, for every renewal", "The account may validate by it again and again (dns-persist-01, a draft). It needs the CA and the account.");
  const port = input("port", "443", { inputmode: "numeric" });
  const portField = field("Port of the pin", port);
  fill(place,
    el("div", { class: "field" }, el("label", { for: from.id }, "Start from"), from, fromHint),
    field("Names that clients ask for", hosts, "Several with spaces; *.contoso.com is one, too.", "host"),
    field("Where the service is", endpoint, "Its addresses, or the one name of somebody who hosts it.", "endpoint"),
    field("Zone", zone, "What you registered. Left empty, it is found by the public suffixes.", "name"),
    field("Time to live", ttl),
    field("CA that may issue (CAA)", ca, "Left empty, nothing is said of CAs.", "record"),
    el("datalist", { id: "dns-cas" }, PROVIDERS.map((value) => el("option", { value }))),
    httpsField, hintsField, tlsaField, portField,
    el("details", { class: "more" }, el("summary", {}, "Accounts, methods and challenges"),
      field("Account at the CA", account, "Only this account may ask it (RFC 8657)."),
      persistField,
      field("Methods of validation", methods, "Only these may be used, for example dns-01."),
      field("Values for _acme-challenge", challenges, "What a CA asks for, while it looks.")),
    el("div", { class: "buttons" }, el("button", { type: "button", class: "small", onclick: () => { clear(); changed(); } }, "Clear")));

  /** Shows what can be chosen now. */
  function draw() {
    const has = Boolean(service().trim());
    const isService = from.value === "service";
    fromHint.textContent = !isService ? "" : has ? "What is typed below counts before what the service says." : "There is no service yet: fill one in in the Service room.";
    hosts.placeholder = isService ? "as the service says" : "www.contoso.com";
    endpoint.placeholder = isService ? "as the service says" : "192.0.2.10 2001:db8::10";
    persist.disabled = !ca.value.trim() || !account.value.trim();
    if (persist.disabled) persist.checked = false;
    tlsa.disabled = !key();
    if (tlsa.disabled) tlsa.checked = false;
    portField.hidden = !tlsa.checked;
    hintsField.hidden = !https.checked;
  }

  const text = (control) => control.value.trim() || undefined;
  const said = () => ({
    service: from.value === "service" ? service() : undefined,
    hosts: words(hosts.value),
    endpoint: words(endpoint.value),
    zone: text(zone),
    ttl: ttl.value ? Number(ttl.value) : undefined,
    ca: words(ca.value),
    account: text(account),
    methods: words(methods.value),
    https: https.checked,
    hints: https.checked && hints.checked,
    pins: tlsa.checked && key() ? [key()] : [],
    port: /^\d{1,5}$/.test(port.value.trim()) && Number(port.value) < 65_536 ? Number(port.value) : undefined,
    challenges: words(challenges.value),
    persist: persist.checked,
  });

  /** Marks the field that an error is about; whether there is one. */
  function complain(error) {
    const part = error?.code === "arguments.host" ? "host" : error?.code?.replace(/^dns\./, "");
    let isMarked = false;
    for (const [name, { control, said: words_ }] of Object.entries(problems)) {
      const isIt = name === part;
      isMarked ||= isIt;
      words_.textContent = isIt ? error.message : "";
      if (isIt) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    return isMarked;
  }

  function clear() {
    for (const one of [hosts, endpoint, zone, ca, account, methods, challenges, port]) one.value = "";
    for (const one of [https, hints, tlsa, persist]) one.checked = false;
    [from.value, ttl.value] = ["hand", ""];
    draw();
  }

  place.addEventListener("input", () => { draw(); changed(); });
  draw();
  return {
    said, complain, draw, clear,
    /** Whether nobody has said anything yet. */
    isEmpty: () => (from.value === "hand" || !service().trim()) && !hosts.value.trim() && !endpoint.value.trim(),
  };
}

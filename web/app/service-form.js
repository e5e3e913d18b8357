// The fields of a service, as a person fills them in; what they say, as the service file's JSON.
import { el, fill } from "./dom.js";

const SOURCES = [
  ["own", "A certificate of your own"],
  ["managed", "A managed name"],
];

const STATUS = [
  ["", "What follows from the fields"],
  ["enabled", "enabled: your own certificate"],
  ["auto", "auto: a managed name"],
  ["disabled", "disabled: plain text"],
];

const VERSIONS = [["", "TLS 1.2, as the profile says"], ["1.2", "TLS 1.2"], ["1.3", "TLS 1.3"]];

/** Seconds; two years are what Mozilla’s guidelines and the lists of browsers ask for. */
const HSTS = [["", "Not sent"], ["86400", "For a day, to try"], ["31536000", "For a year"], ["63072000", "For two years"]];

const words = (text) => {
  const all = text.split(/[\s,;]+/).filter(Boolean);
  return all.length > 1 ? all : all[0];
};

/** Builds the fields; `changed` is called with what they say. */
export function serviceForm(place, changed) {
  const input = (id, placeholder) => el("input", { id: `service-${id}`, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder });
  const choice = (id, pairs) => el("select", { id: `service-${id}` }, pairs.map(([value, label]) => el("option", { value }, label)));
  const field = (label, control, hint) => {
    if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
    return el("div", { class: "field" },
      el("label", { for: control.id }, label), control,
      hint ? el("p", { id: `${control.id}-hint`, class: "hint" }, hint) : null);
  };
  const host = input("host", "www.contoso.com");
  const upstream = input("upstream", "http://127.0.0.1:5001");
  const source = choice("source", SOURCES);
  const certificate = input("certificate", "fullchain.pem");
  const key = input("key", "key.pem");
  const label = input("label", "contoso");
  const zone = input("zone", "cloudapp.example");
  const region = input("region", "westeurope");
  const status = choice("status", STATUS);
  const version = choice("version", VERSIONS);
  const hsts = choice("hsts", HSTS);
  const redirect = el("input", { id: "service-redirect", type: "checkbox" });
  const own = el("div", { class: "fields" },
    field("Certificate", certificate, "The path of the file on the server; the certificate first, then its chain."),
    field("Private key", key, "A path, too. The key itself stays where it is."));
  const managed = el("div", { class: "fields", hidden: true },
    field("Label", label, "Six characters are added to it."), field("Zone", zone), field("Region", region));
  fill(place,
    field("Names it answers to", host, "What clients ask for; several with spaces."),
    field("Upstream", upstream, "What is behind TLS."),
    field("Certificate from", source), own, managed,
    field("Status", status), field("Oldest version", version),
    field("Strict Transport Security", hsts, "Browsers that have seen it refuse plain HTTP until it runs out."),
    el("div", { class: "beside" }, redirect, el("label", { for: "service-redirect" }, "Redirect port 80 to https")));

  const said = () => {
    const isOwn = source.value === "own";
    const text = (control) => control.value.trim() || undefined;
    const tls = {
      status: text(status),
      certificate: isOwn ? text(certificate) : undefined,
      key: isOwn ? text(key) : undefined,
      leaf_domain_label: isOwn ? undefined : text(label),
      region: isOwn ? undefined : text(region),
      zone: isOwn ? undefined : text(zone),
      min_version: text(version),
      hsts: hsts.value ? { max_age: Number(hsts.value) } : undefined,
      redirect: redirect.checked || undefined,
    };
    const isPlain = Object.values(tls).every((value) => value === undefined);
    return { host: words(host.value), upstream: words(upstream.value), tls: isPlain ? undefined : tls };
  };
  place.addEventListener("input", () => {
    own.hidden = source.value !== "own";
    managed.hidden = !own.hidden;
    changed(said());
  });
  return {
    said,
    clear() {
      for (const one of [host, upstream, certificate, key, label, zone, region]) one.value = "";
      for (const one of [status, version, hsts]) one.value = "";
      redirect.checked = false;
    },
  };
}

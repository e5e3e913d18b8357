// The picture: cards from leaf to root, a missing one as a gap, the key beside the leaf.
import { date, life, parse } from "./dates.js";
import { copyButton, el, fill, icon } from "./dom.js";
import { allNames, certificateName, keyWords, placeOf, roleWords, shortName, some } from "./names.js";
import { unread } from "./verdict.js";

// As many as a person reads; the report holds all.
const MOST_NAMES = 3;
const MOST_LISTED = 200;
const MOST_STRANGERS = 20;

/** Draws the chain of a server's or a client's certificate. `unlock` leads to where a password is given,
 *  `trust` to where an own root is. */
export function drawChain(place, report, purpose, { unlock, trust }) {
  const path = report.chain.path.map((index) => report.certificates[index]);
  const apart = report.certificates.filter((certificate) => certificate.role === "stranger");
  fill(place,
    path.length === 0
      ? el("p", {}, unread(report) ? "What should be its first certificate cannot be read." : `There is no ${purpose} certificate among these files.`)
      : el("ol", { class: "chain" }, path.map((certificate) => card(report, certificate, purpose, { unlock, trust })), beyond(report, path, trust)),
    path.length === 0 ? loneKeys(report) : null,
    apart.length ? [
      el("h3", {}, "Given, but no part of the chain"),
      el("ul", { class: "chain apart" }, apart.slice(0, MOST_STRANGERS).map((certificate) => card(report, certificate, purpose, {}))),
      apart.length > MOST_STRANGERS ? el("p", { class: "hint" }, `and ${apart.length - MOST_STRANGERS} more`) : null,
    ] : null,
    requests(report));
}

function card(report, certificate, purpose, { unlock, trust }) {
  const lived = life(certificate, parse(report.at));
  const isLeaf = certificate.role === "leaf";
  const role = roleWords(certificate, Boolean(report.chain.anchor), purpose);
  const isUntrusted = certificate.role === "root" && !report.chain.anchor;
  const found = placeOf(report, certificate.sha256);
  const names = allNames(certificate, purpose);
  return el("li", { class: `card ${certificate.role}${isUntrusted ? " untrusted" : ""}` },
    el("div", { class: "card-main" },
      el("p", { class: "role", "data-tone": isUntrusted ? "bad" : null }, isUntrusted ? icon("bad") : null, role),
      el("div", { class: "card-head" },
        el("h3", { class: "card-name" }, el("bdi", {}, certificateName(certificate))),
        el("p", { class: "life", "data-tone": lived.tone }, icon(lived.tone), lived.words)),
      el("dl", { class: "facts" },
        isLeaf && (names.length > 1 || (names.length === 1 && names[0] !== certificateName(certificate))) ? fact("names", el("bdi", {}, some(names, MOST_NAMES))) : null,
        fact("key", keyWords(certificate.key)),
        fact("from", found ? el("bdi", {}, `${found.input}:${found.line}`)
          : certificate.given ? "the files" : "not among the files, and no need to send it")),
      isUntrusted && trust
        ? ownRoots(trust)
        : null,
      details(certificate, names)),
    isLeaf ? keyCard(report, unlock) : null);
}

const fact = (name, ...value) => el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, value));

function details(certificate, names) {
  const listed = names.slice(0, MOST_LISTED);
  const name = certificateName(certificate);
  return el("details", { class: "all" },
    el("summary", { "aria-label": `All about it: ${name}` }, "All about it"),
    el("dl", { class: "facts" },
      fact("subject", el("bdi", {}, certificate.subject || "(none)")),
      fact("issuer", el("bdi", {}, certificate.issuer || "(none)")),
      fact("serial", el("code", {}, certificate.serial)),
      fact("valid", `${certificate.not_before} to ${certificate.not_after}`),
      names.length ? fact("names", el("ul", { class: "plain" }, listed.map((one) => el("li", {}, el("bdi", {}, one))),
        names.length > listed.length ? el("li", {}, `and ${names.length - listed.length} more`) : null)) : null,
      fact("signature", certificate.signature),
      fact("CA", certificate.ca ? "yes" : "no"),
      fact("SHA-256", el("code", {}, certificate.sha256)),
      fact("SPKI SHA-256", el("code", {}, certificate.spki_sha256))));
}

/** Whether the key belongs to the leaf, beside it. */
function keyCard(report, unlock) {
  const isLocked = report.inputs.some((input) => input.blocks.some((block) => block.kind === "encrypted-private-key" && !block.readable));
  const [leaf] = report.chain.path;
  const paired = report.keys.find((key) => key.certificate === leaf);
  const others = report.keys.filter((key) => key !== paired).slice(0, MOST_NAMES);
  const [tone, words] =
    report.verdicts.pairs === "yes" ? ["good", paired ? [el("bdi", {}, `${paired.input}:${paired.line}`), " pairs with it"] : "pairs with it"]
    : report.verdicts.pairs === "no" ? ["bad", "none of the given keys goes with it"]
    : isLocked ? ["unknown", "locked, and not looked into"]
    : ["unknown", "not given, or not readable"];
  return el("div", { class: "key-card", "data-tone": tone },
    el("p", { class: "role" }, icon("key"), "private key"),
    el("p", { class: "key-words" }, icon(tone), el("span", {}, words)),
    paired ? el("p", { class: "hint" }, paired.algorithm) : null,
    isLocked && !paired ? el("p", {}, el("button", { type: "button", class: "small", onclick: unlock }, "Give its password")) : null,
    others.map((key) => el("p", { class: "hint" }, el("bdi", {}, `${key.input}:${key.line}`), ` ${key.algorithm}, another key`)));
}

function beyond(report, path, trust) {
  const { anchor, missing } = report.chain;
  // A root at hand ends the chain, trusted or not: nothing is missing behind it.
  if (path.at(-1).role === "root") return null;
  if (anchor) {
    return el("li", { class: "card root" }, el("div", { class: "card-main" },
      el("p", { class: "role" }, "trusted root"),
      el("h3", { class: "card-name" }, el("bdi", {}, shortName(anchor))),
      el("p", { class: "hint" }, "not among the files, and no need to send it")));
  }
  if (!missing) return untrusted();
  const found = (code) => report.findings.some((finding) => finding.code === code);
  if (isMissing(report)) return gap(missing, found("chain.no-path"));
  if (report.not_checked.some((what) => what.startsWith("trust:"))) {
    return end(missing, "unknown", "not given: a root, or another intermediate; with nobody to trust, nobody can tell");
  }
  if (found("chain.unknown-root")) return end(missing, "bad", "root, not trusted, and not among the files", trust);
  // It has a trusted name, and another key: the finding is about the signature.
  return untrusted();
}

/** Whether the report calls a certificate missing: what may as well be a root, with nobody to trust, is not. */
export const isMissing = (report) =>
  report.findings.some(({ code }) => code === "chain.missing-intermediate" || code === "chain.no-path");

const untrusted = () => el("li", { class: "card gap" }, el("div", { class: "card-main" },
  el("p", { class: "role", "data-tone": "bad" }, icon("bad"), "no trusted root")));

/** The issuer of the last certificate, where it may be the end. */
const end = (missing, tone, words, trust) => el("li", { class: `card root ${tone === "bad" ? "untrusted" : "unknown"}`, "data-end": "" }, el("div", { class: "card-main" },
  el("p", { class: "role", "data-tone": tone }, icon(tone), words),
  el("h3", { class: "card-name" }, el("bdi", {}, shortName(missing.subject))),
  trust ? ownRoots(trust) : null));

const ownRoots = (trust) =>
  el("p", { class: "untrusted-words" }, "Clients hold the roots that they trust, and this one is not among them. Is it your own CA’s? ",
    el("button", { type: "button", class: "small", onclick: trust }, "Trust own roots"));

function gap(missing, mayBeRoot) {
  return [
    el("li", { class: "card gap", "data-gap": "" }, el("div", { class: "card-main" },
      el("p", { class: "role", "data-tone": "bad" }, icon("bad"), "Missing"),
      el("h3", { class: "card-name" }, el("bdi", {}, shortName(missing.subject))),
      el("dl", { class: "facts" },
        fact("subject", el("bdi", {}, missing.subject)),
        missing.key_id ? fact("key id", el("code", {}, missing.key_id)) : null),
      missing.fetch.length
        ? [el("p", { class: "hint" }, "Its issuer says where to get it. This page fetches nothing: copy the address, and drop here what you get."),
          missing.fetch.map((address) => el("p", { class: "address" }, el("code", {}, address), copyButton(address, "Copy address", `Copy address ${address}`)))]
        : el("p", { class: "hint" }, mayBeRoot
          ? "An intermediate, or a root that is not trusted; the certificate does not say."
          : "The CA has it; its address is not in the certificate."))),
    el("li", { class: "card unknown" }, el("div", { class: "card-main" }, el("p", { class: "role" }, "root, known once it is there"))),
  ];
}

const loneKeys = (report) => report.keys.map((key) =>
  el("p", { class: "with-icon" }, icon("key"), el("span", {}, "Private key ", el("bdi", {}, `${key.input}:${key.line}`), `, ${key.algorithm}`)));

function requests(report) {
  if (!report.requests.length && !report.crls.length) return null;
  return [
    el("h3", {}, "Also given"),
    el("ul", { class: "plain" },
      report.requests.slice(0, MOST_STRANGERS).map((one) => el("li", {}, "signing request ", el("bdi", {}, one.dns_names[0] ?? shortName(one.subject)), `, ${keyWords(one.key)}`)),
      report.crls.slice(0, MOST_STRANGERS).map((one) => el("li", {}, "revocation list of ", el("bdi", {}, shortName(one.issuer)), `, ${one.next_update ? `next due ${date(one.next_update)}` : "next not said"}`))),
  ];
}

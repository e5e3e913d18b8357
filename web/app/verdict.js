// The verdict: one word and one sentence, the same as the command line's.
import { counted, date, distance, parse } from "./dates.js";
import { el, fill, icon } from "./dom.js";
import { altNames, some } from "./names.js";

// Names and reasons that the sentence spells out; the findings hold them all.
const MOST = 3;

export const leafOf = (report) => report.certificates.find((one) => one.role === "leaf");

const and = (...values) =>
  values.includes("no") ? "no" : values.includes("unknown") ? "unknown" : "yes";

/** Whether a careful client would accept the chain, whatever name it asks for. */
const holds = ({ verdicts }) =>
  verdicts.accepted === "unknown" ? and(verdicts.chains, verdicts.timely, verdicts.fit) : verdicts.accepted;

/** The verdict in a word or two, and its tone. */
export function word(report) {
  const { servable, accepted } = report.verdicts;
  if (!leafOf(report)) return [unread(report) ? "UNREADABLE" : "NO CERTIFICATE", "bad"];
  if (servable === "yes") return ["READY", "good"];
  if (accepted === "no") return ["REFUSED", "bad"];
  if (servable === "no") return ["NOT READY", "bad"];
  if (holds(report) === "yes") return ["ACCEPTED", "good"];
  return ["UNDECIDED", "caution"];
}

/** Blocks that should have been certificates, and cannot be read as such. */
export const unread = ({ inputs }) =>
  inputs.flatMap(({ blocks }) => blocks).filter(({ kind, readable }) => kind === "certificate" && !readable).length;

/** The sentence where nothing could be judged: what is the matter, and what to do. */
function withoutLeaf(report, user) {
  const count = unread(report);
  if (count === 0) return `There is no certificate to judge in ${counted(report.inputs.length, "file", "files")}.`;
  if (report.certificates.length)
    return `The ${user}'s own certificate cannot be read, only those of CAs. Fetch it again from where it came.`;
  return count === 1
    ? "The certificate that was given cannot be read. Fetch it again from where it came."
    : "None of the certificates that were given can be read. Fetch them again from where they came.";
}

/** Who shows a certificate, and whom. */
const PARTIES = { server: ["server", "clients"], client: ["client", "servers"] };

/** The verdict in one sentence. `rules`: code to what the module says about it. */
export function sentence(report, rules, purpose = "server") {
  if (!leafOf(report)) return withoutLeaf(report, PARTIES[purpose][0]);
  const { servable, accepted } = report.verdicts;
  const held = holds(report) === "yes";
  const [user, peers] = PARTIES[purpose];
  const accept = (object) => acceptance(report, peers, object);
  const cannot = () => `A ${user} cannot use these files as they are: ${hindrances(report, rules)}.`;
  if (servable === "yes") return `A ${user} can use these files, and ${accept("them")}.`;
  if (accepted === "no") return `${refusers(report, peers)}: ${refusals(report, rules)}.`;
  if (servable === "no" && held) return `${cannot()} Apart from that, ${accept("the certificate")}.`;
  if (servable === "no") return `${cannot()} Whether ${peers} will accept the certificate is open: ${open(report, rules)}.`;
  if (held) return `${capital(accept("this certificate"))}. Whether a ${user} can use it is open: ${open(report, rules)}.`;
  return `Whether ${peers} will accept this is open: ${open(report, rules)}.`;
}

/** Who refuses, as far as the families of clients are known to differ. */
function refusers({ clients, findings }, peers) {
  const any = (answer) => clients.some((client) => client.accepts === answer);
  if (any("yes") && any("no")) return "Some clients will refuse this";
  if (!any("yes") && (any("no") || !any("unknown"))) return `${capital(peers)} will refuse this`;
  if (!any("yes")) return "A careful client refuses this; of those known here it is open";
  const isAsked = ({ code, evidence }) => code === "chain.path-length" && evidence.limit_of === "asked";
  if (findings.some(isAsked)) return "Refused by the limit that was asked for; clients let it pass";
  return any("unknown")
    ? "A careful client refuses this; some of those known here let it pass, of others it is open"
    : "A careful client refuses this, though those known here let it pass";
}

/** How many findings are of a severity. */
export const number = (findings, severity) => findings.filter((finding) => finding.severity === severity).length;

/** `0 errors, 1 warning, 2 notices`. */
export const tally = (findings) => [
  counted(number(findings, "error"), "error", "errors"),
  counted(number(findings, "warning"), "warning", "warnings"),
  counted(number(findings, "notice"), "notice", "notices"),
].join(", ");

/** That, and when it was judged. */
export const counts = (report) => `${tally(report.findings)}, judged at ${report.at}.`;

/** The first end of validity on the path, in milliseconds. */
export function firstEnd(report) {
  const ends = report.chain.path.map((index) => parse(report.certificates[index].not_after));
  return ends.length ? Math.min(...ends) : null;
}

function acceptance(report, peers, object) {
  const names = some(report.hosts.length ? report.hosts : altNames(leafOf(report)), MOST);
  const end = firstEnd(report);
  const until = end === null ? "" : ` until ${date(end)} (${distance(end, parse(report.at))})`;
  const refusing = report.clients.filter(({ accepts }) => accepts === "no").map(({ name }) => name);
  const careful = refusing.length ? "careful " : "";
  const save = refusing.length ? `; some refuse it: ${refusing.join(", ")}` : "";
  return `${careful}${peers} will accept ${object}${names ? ` for ${names}` : ""}${until}${save}`;
}

function refusals(report, rules) {
  const reasons = [];
  for (const aspect of ["chains", "timely", "named", "fit"]) {
    if (report.verdicts[aspect] !== "no") continue;
    const names = aspect === "named" && report.hosts.length ? ` (${some(report.hosts, MOST)})` : "";
    reasons.push(...titles(report, rules, "error", [aspect]).map((title) => title + names));
  }
  return reasons.length ? some(reasons, MOST) : "the verifier found no acceptable path";
}

const hindrances = (report, rules) =>
  some(titles(report, rules, "error", ["pairs", "reads", "servable"]), MOST);

function titles(report, rules, severity, aspects) {
  const out = [];
  for (const aspect of aspects) {
    for (const finding of report.findings) {
      const rule = rules.get(finding.code);
      if (finding.severity !== severity || rule?.decides !== aspect) continue;
      const title = small(rule.title);
      if (!out.includes(title)) out.push(title);
    }
  }
  return out;
}

function open(report, rules) {
  if (holds(report) === "yes") {
    return report.verdicts.pairs === "unknown" ? "no private key could be read" : "see what was not checked";
  }
  const givenUp = titles(report, rules, "warning", ["chains"]);
  return givenUp.length ? some(givenUp, MOST) : "there was nobody to trust";
}

// A title within a sentence: its first letter small, unless it begins an abbreviation.
const small = (title) =>
  /^.\p{Lu}/u.test(title) ? title : title.slice(0, 1).toLowerCase() + title.slice(1);

const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

// A date is not broken at its hyphens.
const unbroken = (text) =>
  text.split(/(\d{4}-\d\d-\d\d)/).map((part, index) => (index % 2 ? el("span", { class: "date" }, part) : part));

const LOOK = { good: "good", bad: "bad", caution: "unknown" };

/** Draws a verdict into the live region. */
export function draw(place, tone, headline, text, detail) {
  place.dataset.tone = tone;
  fill(
    place,
    el("p", { class: "verdict-word" }, LOOK[tone] ? icon(LOOK[tone]) : null, el("strong", {}, headline)),
    text ? el("p", { class: "verdict-sentence" }, unbroken(text)) : null,
    detail ? el("p", { class: "verdict-counts" }, detail) : null,
  );
}

// Who will accept it, client by client.
import { el, fill, icon } from "./dom.js";

const WORDS = { yes: ["good", "yes"], no: ["bad", "no"], unknown: ["unknown", "open"] };

/** Draws every family of clients, or says why there is none; hides the panel when nothing was judged. */
export function drawClients(panel, place, report, purpose) {
  panel.hidden = report.chain.path.length === 0;
  fill(place, report.clients.length === 0 ? nobody(purpose) : el("ul", { class: "clients" }, report.clients.map((client) => {
    const [tone, word] = WORDS[client.accepts];
    // Where all is well, that there is nothing to refuse goes without saying.
    const isPlain = client.accepts === "yes" && report.verdicts.accepted !== "no";
    return el("li", { "data-tone": tone },
      icon(tone),
      el("div", {},
        el("p", { class: "client" }, el("strong", {}, client.name), el("span", { class: "client-word" }, word)),
        isPlain || !client.reason ? null : el("p", { class: "client-reason" }, client.reason),
        el("p", { class: "hint" }, client.source)));
  })), notChecked(report));
}

const nobody = (purpose) => el("p", { class: "nobody" }, purpose === "client"
  ? "What is known here is how browsers and their like judge a server’s certificate. A client’s certificate is judged by the server that asks for it, by its own roots and rules: so there is nobody to list."
  : "Nobody was asked: there is no chain to show them.");

function notChecked(report) {
  if (!report.not_checked.length) return null;
  return [
    el("h3", {}, "Not checked"),
    el("ul", { class: "plain dashed" }, report.not_checked.map((what) => el("li", {}, what))),
  ];
}

// Who will accept it, client by client.
import { el, fill, icon } from "./dom.js";

const WORDS = { yes: ["good", "yes"], no: ["bad", "no"], unknown: ["unknown", "open"] };

/** Draws every family of clients; hides the panel when none was asked. */
export function drawClients(panel, place, report) {
  panel.hidden = report.clients.length === 0;
  fill(place, el("ul", { class: "clients" }, report.clients.map((client) => {
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

function notChecked(report) {
  if (!report.not_checked.length) return null;
  return [
    el("h3", {}, "Not checked"),
    el("ul", { class: "plain dashed" }, report.not_checked.map((what) => el("li", {}, what))),
  ];
}

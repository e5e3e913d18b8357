// What a repair would change, and the repaired files to take away. They are made when asked for, from the
// files as they are then, and what was made is overwritten when the browser has it.
import { counted } from "./dates.js";
import { el, fill, icon } from "./dom.js";
import { save } from "./download.js";

/** Random bytes of a PKCS#12 file, as the module asks for. */
const RANDOM = 80;

/** An error of the module as a sentence. */
const told = (message) => `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;

/** Builds the panel. `ask(job, settings)` runs a job on the files at hand. */
export function repair(panel, place, ask) {
  const problem = el("p", { class: "problem", role: "alert" });

  async function take(settings, wanted) {
    problem.textContent = "";
    const made = await ask("fix", settings);
    if (made.error) {
      problem.textContent = made.error.message;
      return;
    }
    for (const file of made.files) {
      if (!wanted || file.name === wanted) save(file.name, file.bytes);
      file.bytes.fill(0);
    }
  }

  async function offerDer(holder) {
    problem.textContent = "";
    const plan = await ask("plan", { form: "der" });
    if (plan.error) problem.textContent = plan.error.message;
    else fill(holder, downloads(plan.files, "der"));
  }

  const downloads = (files, form) => el("ul", { class: "downloads" }, files.map((file) => el("li", {},
    el("button", { type: "button", class: "download", "data-file": file.name, onclick: () => take({ form }, file.name) },
      icon(file.private ? "key" : "file"),
      el("span", {}, `Save ${file.name}`),
      el("span", { class: "hint" }, `${counted(file.size, "byte", "bytes")}${file.private ? ", for its owner only" : ""}`)))));

  function forms() {
    const password = el("input", { id: "pfx-password", type: "password", autocomplete: "new-password" });
    const der = el("div");
    const pfx = () => {
      if (!password.value) {
        problem.textContent = "Type a password: the PFX holds the private key, and anybody could open it without one.";
        password.focus();
        return;
      }
      const random = crypto.getRandomValues(new Uint8Array(RANDOM));
      take({ form: "p12", password: password.value, random }).finally(() => random.fill(0));
    };
    return el("details", { class: "more" },
      el("summary", {}, "Other forms: PFX, P7B, DER"),
      el("div", { class: "field" },
        el("label", { for: "pfx-password" }, "Password for the PFX"),
        el("div", { class: "beside" }, password, el("button", { type: "button", onclick: pfx }, "Save PFX"))),
      el("div", { class: "field beside" },
        el("button", { type: "button", onclick: () => take({ form: "p7b" }) }, "Save P7B"),
        el("button", { type: "button", onclick: () => offerDer(der) }, "Make DER files")),
      der);
  }

  return function draw(plan) {
    panel.hidden = false;
    problem.textContent = "";
    if (plan.error) {
      fill(place, el("p", {}, plan.error.code === "fix.no-certificate" ? "There is no certificate to write." : told(plan.error.message)));
      return;
    }
    fill(place,
      el("h3", {}, "What will be changed"),
      plan.changes.length
        ? el("ul", { class: "plain dashed changes" }, plan.changes.map((change) => el("li", {},
          el("bdi", {}, change.what), "; ", change.why, change.code ? [" ", el("code", {}, change.code)] : null)))
        : el("p", {}, plan.unrepaired.length ? "Nothing: what is wrong is not for a repair to change." : "Nothing: the files are in order."),
      plan.unrepaired.length ? [
        el("h3", {}, "What cannot be mended here"),
        el("ul", { class: "plain unrepaired" }, plan.unrepaired.map((what) => el("li", { "data-tone": "bad" }, icon("bad"), el("bdi", {}, what)))),
      ] : null,
      el("h3", {}, "Take them with you"),
      el("p", { class: "hint" }, "Made in this tab’s memory when you ask for them."),
      plan.files.length ? downloads(plan.files, "pem") : el("p", {}, "There is nothing to write."),
      problem,
      plan.files.length ? forms() : null);
  };
}

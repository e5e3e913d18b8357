// The service in every form that the module knows, to copy or to save.
import { copyButton, el, fill, icon } from "./dom.js";
import { save } from "./download.js";

/** Keyway's own forms, before those of other tools. */
const OWN = [["toml", "Keyway, TOML"], ["json", "Keyway, JSON"]];

const ENDINGS = { toml: "toml", json: "json", yaml: "yaml", python: "py", cli: "sh" };

/** Builds the panel. `forms` are the module's; `run` does a job with the text there is. */
export function serviceExport(place, forms, run) {
  const choice = el("select", { id: "service-form-out" },
    [...OWN, ...forms.map(({ form }) => [form, form])].map(([value, label]) => el("option", { value }, label)));
  const shown = el("div", { class: "export" });
  fill(place, el("div", { class: "field" }, el("label", { for: "service-form-out" }, "Form"), choice), shown);
  let turn = 0;

  async function draw() {
    turn += 1;
    const [mine, form] = [turn, choice.value];
    const isOwn = OWN.some(([own]) => own === form);
    const answer = await run(isOwn ? "configWrite" : "configExport", isOwn ? {} : { form });
    if (mine !== turn) return;
    if (answer.error?.code === "export.refused") fill(shown, el("p", { class: "with-icon", "data-tone": "bad" }, icon("bad"), el("span", {}, `This form is not written: ${answer.error.message}.`)));
    else if (answer.error) fill(shown, el("p", { class: "hint" }, "There is nothing to write before the file can be read."));
    else show(form, isOwn ? { text: answer[form], private: answer.private, findings: [], notes: [], wants: [] } : answer);
    place.dataset.drawn = String(mine);
  }

  function show(form, { text, private: isPrivate, findings, notes, wants }) {
    const name = `service.${ENDINGS[form] ?? ENDINGS[form.split("-").at(-1)] ?? "txt"}`;
    const missing = wants.filter(({ given }) => !given);
    fill(shown,
      isPrivate ? el("p", { class: "with-icon", "data-tone": "caution" }, icon("caution"),
        el("span", {}, "This text holds a private key or another secret, because the service file does. Keep it as you keep the key.")) : null,
      missing.length ? el("p", { class: "with-icon", "data-tone": "notice" }, icon("notice"),
        el("span", {}, "This form holds the contents of files. This page was not given them, so put them in yourself: ",
          missing.map(({ path }, index) => [index ? ", " : "", el("code", {}, path)]), ".")) : null,
      notes.map((note) => el("p", { class: "with-icon", "data-tone": "notice" }, icon("notice"), el("span", {}, `${note}.`))),
      findings.length ? el("div", {},
        el("p", {}, "This form does not say as the service does:"),
        el("ul", { class: "plain dashed lost" }, findings.map(({ where, message }) => el("li", { title: message }, el("code", {}, where.field))))) : null,
      el("pre", { class: "text", tabindex: 0, role: "group", "aria-label": `The service as ${form}` }, text),
      el("div", { class: "buttons" },
        copyButton(text, "Copy", `Copy the service as ${form}`),
        el("button", { type: "button", class: "small", "aria-label": `Save ${name}`, onclick: () => save(name, new TextEncoder().encode(text), "text/plain") }, `Save ${name}`)));
  }

  choice.addEventListener("change", draw);
  return { draw };
}

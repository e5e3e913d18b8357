// The room for a service: fields or a file in, findings at their lines and every form out.
import { isStopped } from "./checker.js";
import { el, fill, icon } from "./dom.js";
import { textOf, UNREAD } from "./files.js";
import { drawFindings } from "./findings.js";
import { serviceExport } from "./service-export.js";
import { serviceForm } from "./service-form.js";
import * as verdict from "./verdict.js";

const NAME = "service";

/** Longest file that is taken, in bytes: the module's own limit. */
const LARGEST = 1 << 20;

/** How long the typing rests before it is checked, in milliseconds. */
const TYPED = 150;

const at = (id) => document.getElementById(id);

/** Builds the room. `run` does a job of the module. */
export async function service(run, rules) {
  const forms = await run("configForms");
  const text = el("textarea", { id: "service-text", rows: 14, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": "service-text-hint" });
  const kept = el("div", { class: "with-icon", hidden: true, "data-tone": "notice" });
  const problem = el("p", { class: "problem", role: "alert" });
  const given = el("select", { id: "service-form-in" }, el("option", { value: "" }, "A service file, TOML or JSON"),
    forms.filter(({ reads }) => reads).map(({ form }) => el("option", { value: form }, form)));
  const picker = el("input", { type: "file", hidden: true, tabindex: -1, "aria-hidden": "true" });
  fill(at("service-file"),
    el("div", { class: "field" }, el("label", { for: "service-form-in" }, "What you paste or drop is"), given),
    el("div", { class: "field" },
      el("label", { for: "service-text" }, "Service file"), text,
      el("p", { id: "service-text-hint", class: "hint" }, "Type, paste or drop it here. Comments stay.")),
    kept, problem, picker,
    el("div", { class: "buttons" },
      el("button", { type: "button", class: "small", onclick: () => picker.click() }, "Pick a file"),
      el("button", { type: "button", class: "small", onclick: () => { fields.clear(); written = ""; take(""); } }, "Clear")));

  // What the fields wrote last: as long as it stands there, they may write again.
  let written = "";
  let wanted = 0;
  let typing;
  const ask = (job, more = {}) => run(job, { settings: { text: text.value, ...more } });
  const out = serviceExport(at("service-export"), forms, ask);
  const fields = serviceForm(at("service-fields"), (said) => {
    if (text.value.trim() && text.value !== written) keep();
    else write(said);
  });

  async function write(said) {
    kept.hidden = true;
    const isEmpty = Object.values(said).every((value) => value === undefined);
    const made = isEmpty ? { toml: "" } : await run("configWrite", { settings: { text: JSON.stringify(said) } });
    if (made.error) return;
    written = made.toml;
    take(written);
  }

  /** What was written by hand is not written over unasked. */
  function keep() {
    kept.hidden = false;
    fill(kept, icon("notice"), el("span", {}, "The file on the right was not made of these fields, so it stays. ",
      el("button", { type: "button", class: "small", onclick: () => write(fields.said()) }, "Write the fields over it")));
  }

  async function read(contents) {
    if (!given.value) {
      take(contents);
      return;
    }
    const made = await run("configImport", { settings: { text: contents, form: given.value } });
    if (made.error) problem.textContent = made.error.message;
    else take(made.toml);
    const told = (made.findings ?? []).map(({ message }) => message);
    if (made.lost?.length) told.push(`Without a place here: ${made.lost.join(", ")}`);
    if (told.length) problem.textContent = told.join(" ");
  }

  async function open([file]) {
    if (!file) return;
    const contents = file.size > LARGEST ? null : await textOf(file);
    if (file.size > LARGEST) problem.textContent = "This file is larger than any service file.";
    else if (contents === null) problem.textContent = UNREAD;
    else read(contents);
  }

  function take(contents) {
    text.value = contents;
    problem.textContent = "";
    check();
  }

  async function check() {
    wanted += 1;
    const mine = wanted;
    const contents = text.value;
    const answer = contents.trim() ? await ask("configCheck", { asked: { input: NAME } }) : null;
    if (mine !== wanted) return;
    at("service-results").hidden = answer === null || isStopped(answer);
    if (answer === null) welcome();
    else if (isStopped(answer)) verdict.draw(at("service-verdict"), "caution", "STOPPED", answer.error.message);
    else draw(answer, contents);
    await out.draw();
    document.documentElement.dataset.service = String(mine);
  }

  function draw(answer, contents) {
    const findings = answer.error ? [unreadable(answer.error, contents)] : answer.findings;
    const [errors, warnings] = ["error", "warning"].map((severity) => verdict.number(findings, severity));
    const [tone, word] = answer.error ? ["bad", "NOT READ"] : errors ? ["bad", "NOT READY"] : warnings ? ["caution", "WITH WARNINGS"] : ["good", "IN ORDER"];
    const sentence = answer.error ? answer.error.message.replaceAll("`", "")
      : errors ? "This service file has to be corrected." : `TLS is ${answer.status}. Whether the certificate itself is right, the other tab says.`;
    verdict.draw(at("service-verdict"), tone, word, sentence, `${verdict.tally(findings)}.`);
    const input = { name: NAME, blocks: [], secret: new Set(answer.secret_lines ?? guarded(contents)) };
    const file = { name: NAME, bytes: new TextEncoder().encode(contents) };
    drawFindings(at("service-findings"), { findings, inputs: [input] }, rules, [file]);
  }

  function welcome() {
    verdict.draw(at("service-verdict"), "wait", "Ready when you are", "Fill in the fields, or paste a service file: what is wrong with it appears here.");
    fill(at("service-findings"));
  }

  text.addEventListener("input", () => {
    problem.textContent = "";
    clearTimeout(typing);
    typing = setTimeout(check, TYPED);
  });
  text.addEventListener("paste", (event) => {
    if (!given.value) return;
    event.preventDefault();
    read(event.clipboardData.getData("text/plain"));
  });
  picker.addEventListener("change", async () => {
    await open([...picker.files]);
    picker.value = "";
  });
  welcome();
  addEventListener("pagehide", () => { fields.clear(); written = ""; take(""); });

  return {
    /** The file as it stands there. */
    text: () => text.value,
    /** Takes what was dropped or pasted anywhere on the page. */
    take(files, contents) {
      if (files.length) open(files);
      else if (contents.trim()) read(contents);
    },
  };
}

/** A file that cannot be read, as a finding at its line. */
const unreadable = ({ code, message, line }, contents) => ({
  code, message, title: "The service file cannot be read", severity: "error", fix: remedy(line, contents), where: { input: NAME, line },
});

function remedy(line, contents) {
  if (/^\s*-----BEGIN /.test(contents)) return "This is PEM: certificates and keys are judged in the Certificates room, and a service file names where they are.";
  return line ? "Correct the marked line." : "Give the service file alone, in TOML or JSON.";
}

/** Lines that speak of secrets, in a file that could not be read. */
const guarded = (contents) => contents.split("\n").flatMap((line, index) => (/password|secret/i.test(line) ? [index + 1] : []));

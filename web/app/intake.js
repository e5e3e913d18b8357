// The one place where files come in: dropped, pasted or picked, and listed as they arrive.
import { counted } from "./dates.js";
import { el, fill, icon } from "./dom.js";
import { inert } from "./escape.js";
import { readInto } from "./files.js";

/** Files that are named, of those that were not read. */
const MOST_REFUSED = 5;

/** Builds the place. `changed` is called whenever the heap is another one. `roots` takes what is dropped or
 *  pasted on it, `trust` is called with a file that is to be trusted instead of judged, and `elsewhere` says
 *  whether another room has taken what came. */
export function intake(place, heap, changed, roots, trust, elsewhere = () => false) {
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
  const target = el("button", { type: "button", class: "drop", onclick: () => picker.click() },
    icon("file"),
    el("span", { class: "drop-main" }, "Drop files here, or pick them"),
    el("span", { class: "drop-more" }, "PEM, DER, PKCS#7, PKCS#12, keys: any number, in any order. Or paste text anywhere on the page."));
  const problems = el("div", { class: "problems", role: "alert" });
  const list = el("ul", { class: "files", "aria-label": "Files given" });
  const clear = el("button", { type: "button", class: "small clear", onclick: () => { heap.clear(); say([]); changed("cleared"); target.focus(); } }, "Remove all");
  const text = el("textarea", { id: "paste-text", rows: 5, spellcheck: "false", autocomplete: "off", autocapitalize: "off", placeholder: "-----BEGIN CERTIFICATE-----" });
  const box = el("details", { class: "paste" },
    el("summary", {}, "Paste as text"),
    el("label", { for: "paste-text" }, "Certificates or keys as text"),
    text,
    el("button", { type: "button", onclick: () => { if (takeText(text.value)) { text.value = ""; box.open = false; target.focus(); } } }, "Add this text"));
  fill(place, target, picker, problems, list, clear, box);

  const say = (refused) => fill(problems,
    refused.slice(0, MOST_REFUSED).map((line) => el("p", {}, inert(line, 300))),
    refused.length > MOST_REFUSED ? el("p", {}, `And ${refused.length - MOST_REFUSED} more files were not read.`) : null);

  const takeFiles = async (files) => {
    say(await readInto(heap, files));
    changed("added");
  };

  const takeText = (pasted) => {
    if (!pasted.trim()) return false;
    heap.add(`pasted-${heap.files.filter((file) => file.name.startsWith("pasted-")).length + 1}.pem`, new TextEncoder().encode(pasted));
    say([]);
    changed("added");
    return true;
  };

  picker.addEventListener("change", async () => {
    const files = [...picker.files];
    await takeFiles(files);
    picker.value = "";
  });
  /** What was dropped or pasted goes to whom it was dropped on. */
  const take = (event, given) => {
    event.preventDefault();
    const isRoot = event.target instanceof Element && event.target.closest("#roots");
    const files = [...(given?.files ?? [])];
    if (elsewhere(files, given?.getData("text/plain") ?? "")) return;
    if (files.length) (isRoot ? roots.takeFiles : takeFiles)(files);
    else (isRoot ? roots.takeText : takeText)(given?.getData("text/plain") ?? "");
  };
  onDrop(target, take);
  document.addEventListener("paste", (event) => {
    if (!isFor(event.target, event.clipboardData)) take(event, event.clipboardData);
  });

  // A row stays the same element while its file is there, so that the focus stays on its button.
  const rows = new WeakMap();

  return {
    /** What was not read matters no more: something else is looked at. */
    calm: () => say([]),
    /** Draws the list; `report` says what each file turned out to be. */
    draw(report) {
      clear.hidden = heap.files.length < 2;
      const wanted = heap.files.map((file) => rows.get(file) ?? row(file));
      const stale = [...list.children].filter((one) => !wanted.includes(one));
      for (const one of stale) one.remove();
      wanted.forEach((one, index) => {
        if (list.children[index] !== one) list.insertBefore(one, list.children[index] ?? null);
      });
      heap.files.forEach((file, index) => tell(file, rows.get(file), report?.inputs[index], report));
    },
  };

  function row(file) {
    const without = (act) => () => {
      const index = heap.files.indexOf(file);
      act(file);
      changed("removed");
      const buttons = list.querySelectorAll("button.remove");
      (buttons[Math.min(index, buttons.length - 1)] ?? target).focus();
    };
    const made = el("li", {},
      el("span", { class: "file-icon" }),
      el("span", { class: "file-text" },
        el("bdi", { class: "file-name" }, file.name),
        el("span", { class: "file-what" })),
      el("span", { class: "file-acts" },
        el("button", { type: "button", class: "small trust", hidden: true, "aria-label": `Trust it as a root: ${file.name}`, onclick: without(trust) }, "Trust it"),
        el("button", { type: "button", class: "small remove", "aria-label": `Remove ${file.name}`, onclick: without((one) => heap.remove(one)) }, "Remove")));
    rows.set(file, made);
    return made;
  }

  function tell(file, made, input, report) {
    const isKey = input?.blocks.some((block) => block.kind.endsWith("private-key"));
    fill(made.querySelector(".file-icon"), icon(isKey ? "key" : "file"));
    const what = `${counted(file.bytes.length, "byte", "bytes")}${input?.what ? `, ${input.what}` : ""}`;
    made.querySelector(".file-what").textContent = what;
    if (input) made.querySelector(".trust").hidden = !holdsRoots(input, report);
  }
}

/** Whether a file holds nothing but certificates that CAs signed for themselves. */
function holdsRoots(input, report) {
  const held = input.blocks.map((block) => report.certificates.find((one) => one.sha256 === block.sha256));
  return held.length > 0 && held.every((one) => one?.ca && one.subject === one.issuer);
}

/** Whether a field has a use for what is pasted into it: a slider has none, and no line of text takes a file
 *  or blocks of PEM. */
function isFor(field, pasted) {
  if (!(field instanceof Element)) return false;
  if (field.closest("textarea")) return true;
  const isLine = field.matches("input[type=text], input[type=password], input[type=date]");
  return isLine && !pasted?.files.length && !pasted?.getData("text/plain").includes("-----BEGIN ");
}

/** The whole page takes a drop; the area shows that it would. */
function onDrop(target, take) {
  let depth = 0;
  const show = () => target.classList.toggle("is-over", depth > 0);
  document.addEventListener("dragenter", (event) => { depth += 1; show(); event.preventDefault(); });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); show(); });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    depth = 0;
    show();
    take(event, event.dataTransfer);
  });
}

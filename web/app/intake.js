// The one place where files come in: dropped, pasted or picked, and listed as they arrive.
import { counted } from "./dates.js";
import { el, fill, icon } from "./dom.js";
import { inert } from "./escape.js";
import { readInto } from "./files.js";

/** Builds the place. `changed` is called whenever the heap is another one. */
export function intake(place, heap, changed) {
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
  const target = el("button", { type: "button", class: "drop", onclick: () => picker.click() },
    icon("file"),
    el("span", { class: "drop-main" }, "Drop files here, or pick them"),
    el("span", { class: "drop-more" }, "PEM, DER, PKCS#7, PKCS#12, keys: any number, in any order. Or paste text anywhere on the page."));
  const problems = el("div", { class: "problems", role: "alert" });
  const list = el("ul", { class: "files", "aria-label": "Files given" });
  const clear = el("button", { type: "button", class: "small", onclick: () => { heap.clear(); say([]); changed("cleared"); target.focus(); } }, "Remove all");
  const text = el("textarea", { id: "paste-text", rows: 5, spellcheck: "false", autocomplete: "off", autocapitalize: "off", placeholder: "-----BEGIN CERTIFICATE-----" });
  const box = el("details", { class: "paste" },
    el("summary", {}, "Paste as text"),
    el("label", { for: "paste-text" }, "Certificates or keys as text"),
    text,
    el("button", { type: "button", onclick: () => { if (takeText(text.value)) { text.value = ""; box.open = false; target.focus(); } } }, "Add this text"));
  fill(place, target, picker, problems, list, clear, box);

  const say = (refused) => fill(problems, refused.slice(0, 5).map((line) => el("p", {}, inert(line, 300))));

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
  onDrop(target, takeFiles, takeText);
  document.addEventListener("paste", (event) => {
    if (event.target instanceof Element && event.target.closest("input, textarea")) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) takeFiles(files);
    else takeText(event.clipboardData?.getData("text/plain") ?? "");
    event.preventDefault();
  });

  // A row stays the same element while its file is there, so that the focus stays on its button.
  const rows = new WeakMap();

  return {
    /** Draws the list; `report` says what each file turned out to be. */
    draw(report) {
      clear.hidden = heap.files.length < 2;
      const wanted = heap.files.map((file) => rows.get(file) ?? row(file));
      const stale = [...list.children].filter((one) => !wanted.includes(one));
      for (const one of stale) one.remove();
      wanted.forEach((one, index) => {
        if (list.children[index] !== one) list.insertBefore(one, list.children[index] ?? null);
      });
      heap.files.forEach((file, index) => tell(file, rows.get(file), report?.inputs[index]));
    },
  };

  function row(file) {
    const remove = () => {
      const index = heap.files.indexOf(file);
      heap.remove(file);
      changed("removed");
      const buttons = list.querySelectorAll("button");
      (buttons[Math.min(index, buttons.length - 1)] ?? target).focus();
    };
    const made = el("li", {},
      el("span", { class: "file-icon" }),
      el("span", { class: "file-text" },
        el("bdi", { class: "file-name" }, file.name),
        el("span", { class: "file-what" })),
      el("button", { type: "button", class: "small", "aria-label": `Remove ${file.name}`, onclick: remove }, "Remove"));
    rows.set(file, made);
    return made;
  }

  function tell(file, made, input) {
    const isKey = input?.blocks.some((block) => block.kind.endsWith("private-key"));
    fill(made.querySelector(".file-icon"), icon(isKey ? "key" : "file"));
    const what = `${counted(file.bytes.length, "byte", "bytes")}${input?.what ? `, ${input.what}` : ""}`;
    made.querySelector(".file-what").textContent = what;
  }
}

/** The whole page takes a drop; the area shows that it would. */
function onDrop(target, takeFiles, takeText) {
  let depth = 0;
  const show = () => target.classList.toggle("is-over", depth > 0);
  document.addEventListener("dragenter", (event) => { depth += 1; show(); event.preventDefault(); });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); show(); });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    show();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) takeFiles(files);
    else takeText(event.dataTransfer?.getData("text/plain") ?? "");
  });
}

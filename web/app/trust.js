// Whom to trust besides Mozilla's roots: the files of an own CA, picked, dropped or pasted here, or sent
// over from the files to judge.
import { el, fill } from "./dom.js";
import { inert } from "./escape.js";
import { Heap, readInto } from "./files.js";

/** Builds the field. `changed` is called when other roots are trusted, `judge` with one that is to be judged
 *  instead. */
export function trust(changed, judge) {
  const heap = new Heap();
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
  const pick = el("button", { type: "button", class: "small", onclick: () => picker.click() }, "Add a root");
  const list = el("ul", { class: "files", "aria-label": "Own roots" });
  const problem = el("p", { class: "problem", role: "alert" });
  const field = el("div", { id: "roots", class: "field", role: "group", "aria-labelledby": "roots-label" },
    el("p", { class: "label", id: "roots-label" }, "Trust also"),
    el("p", { class: "hint" }, "The root of your own CA: pick it, or drop or paste it here. Mozilla’s public roots are trusted anyway."),
    list, pick, picker, problem);

  const draw = () => {
    problem.textContent = "";
    fill(list, heap.files.map((file) => {
      const { name } = file;
      const without = (act) => () => { act(file); draw(); changed(); pick.focus(); };
      return el("li", {},
        el("bdi", { class: "file-name" }, name),
        el("span", { class: "file-acts" },
          el("button", { type: "button", class: "small", "aria-label": `Judge it instead: ${name}`, onclick: without(judge) }, "Judge it"),
          el("button", { type: "button", class: "small", "aria-label": `Remove root ${name}`, onclick: without((one) => heap.remove(one)) }, "Remove")));
    }));
  };

  const take = async (files) => {
    const refused = await readInto(heap, files);
    draw();
    problem.textContent = refused.map((line) => inert(line, 300)).join(" ");
    changed();
  };
  picker.addEventListener("change", async () => {
    const files = [...picker.files];
    await take(files);
    picker.value = "";
  });

  return {
    heap,
    field,
    draw,
    takeFiles: take,
    takeText(pasted) {
      if (!pasted.trim()) return;
      heap.add("pasted-root.pem", new TextEncoder().encode(pasted));
      draw();
      changed();
    },
    /** Trusts these and no others. */
    set(files) {
      heap.clear();
      for (const { name, bytes } of files) heap.add(name, bytes);
      draw();
    },
    focus() {
      pick.focus();
    },
    complain(text) {
      problem.textContent = text;
    },
  };
}

// Faults to click on: the project's own test data.
import { el, fill } from "./dom.js";
import { examples } from "./examples-data.js";

const decoded = ({ name, text, base64 }) => ({
  name,
  bytes: base64 === undefined ? new TextEncoder().encode(text) : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
});

/** What a first check is made of, so that a person's first one finds the module warm. */
export function warmUp() {
  const [{ files, own_roots: roots, at, hosts }] = examples;
  return { files: files.map(decoded), options: { now: at, hosts, own_roots: roots.map(decoded) } };
}

/** Builds the list. `show` is given an example with its files as bytes. */
export function exampleList(place, show) {
  const open = (example) => show({
    ...example,
    files: example.files.map(decoded),
    own_roots: example.own_roots.map(decoded),
  });
  fill(place,
    el("h2", { class: "minor" }, "Or look at an example"),
    el("ul", { class: "examples" }, examples.map((example) => el("li", {},
      el("button", { type: "button", class: "example", "data-example": example.id, onclick: () => open(example) },
        el("span", { class: "example-name" }, example.name),
        el("span", { class: "example-about" }, example.about))))));
}

// Elements from values. Text goes in as text nodes only, so that no name in a certificate is markup.

const SVG = "http://www.w3.org/2000/svg";

/** `el("p", { class: "x", onclick: f }, "text", child)`; null and false children are left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...present(children));
  return made;
}

/** Puts these children in place of whatever `parent` holds. */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

const present = (children) =>
  children.flat(3).filter((child) => child !== null && child !== undefined && child !== false);

// Each drawn in a square of 16, and told apart by shape alone.
const SHAPES = {
  good: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.6 5.2-4.3 5a.8.8 0 0 1-1.2 0L4.2 9.1l1.1-1 1.4 1.5 3.7-4.4z",
  bad: "M4.9 1h6.2L15 4.9v6.2L11.1 15H4.9L1 11.1V4.9zm-.2 4.8L6.9 8l-2.2 2.2 1.1 1.1L8 9.1l2.2 2.2 1.1-1.1L9.1 8l2.2-2.2-1.1-1.1L8 6.9 5.8 4.7z",
  caution: "M8 1 .6 14.5h14.8zM7.2 6h1.6v4.2H7.2zm0 5.4h1.6V13H7.2z",
  notice: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm-.8 6h1.6v5H7.2zm0-3h1.6v1.7H7.2z",
  unknown: "M8 .8 15.2 8 8 15.2.8 8zM4.6 7.1v1.8h6.8V7.1z",
  key: "M10.5 1a4.5 4.5 0 0 0-4.3 5.8L1 12v3h3.5v-2h2v-2h1.7l1-1A4.5 4.5 0 1 0 10.5 1zm1.2 2.5a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6z",
  file: "M3 1h6.5L13 4.5V15H3zm6 1.5V5h2.5z",
};

/** A small picture that says nothing a word beside it does not say. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** Words of a rule, with what stands between backticks as code. */
export const prose = (text) =>
  text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

/** A button that copies a text, and says so. */
export function copyButton(text, label = "Copy", about = label) {
  const button = el("button", { type: "button", class: "small", "aria-label": about === label ? null : about }, label);
  const said = el("span", { class: "said", role: "status" });
  button.addEventListener("click", async () => {
    const done = await copy(typeof text === "function" ? text() : text);
    said.textContent = done ? "Copied" : "Your browser did not allow it";
    setTimeout(() => { said.textContent = ""; }, 3000);
  });
  return el("span", { class: "with-said" }, button, said);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Dark or light: the system's choice, until a person chooses otherwise for this visit. Nothing is stored.
import { el, fill } from "./dom.js";

const NEXT = { system: "dark", dark: "light", light: "system" };

/** Makes the button. */
export function theme(button) {
  let chosen = "system";
  const show = () => {
    fill(button, el("span", { class: "theme-mark", "aria-hidden": "true" }), `Theme: ${chosen}`);
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  };
  button.addEventListener("click", () => { chosen = NEXT[chosen]; show(); });
  show();
}

// The rooms of the page, as tabs: arrows, Home and End go from one to the other, Tab goes into the room.

/** Makes the tabs of a list work. `shown` is called with the id of the room that was opened. */
export function tabs(list, shown) {
  const all = [...list.querySelectorAll('[role="tab"]')];

  function open(tab) {
    for (const one of all) {
      const isOpen = one === tab;
      one.setAttribute("aria-selected", String(isOpen));
      one.tabIndex = isOpen ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !isOpen;
    }
    shown(tab.getAttribute("aria-controls"));
  }

  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const step = steps[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : step && (at + step + all.length) % all.length;
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    open(all[next]);
    all[next].focus();
  });
  for (const tab of all) tab.addEventListener("click", () => open(tab));
}

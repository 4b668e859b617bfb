// How is an element made? Text always becomes a text node, never mark-up.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value" && "value" in node) node.value = value;
    else if (name === "checked" || name === "selected" || name === "disabled" || name === "multiple") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(path, { size = 18 } = {}) {
  const space = "http://www.w3.org/2000/svg";
  const node = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("width", size);
  node.setAttribute("height", size);
  node.setAttribute("aria-hidden", "true");
  node.setAttribute("class", path === ICONS.more ? "icon dots" : "icon");
  line.setAttribute("d", path);
  node.append(line);
  return node;
}

export const ICONS = {
  hash: "M5 9h14M4 15h14M10 4 8 20M16 4l-2 16",
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z",
  send: "M4 12 20 4l-5 16-4-7z",
  attach: "M20 11.5 12.5 19a5 5 0 0 1-7-7L13 4.5a3.3 3.3 0 0 1 4.7 4.7l-7.4 7.4a1.6 1.6 0 0 1-2.3-2.3L14.5 8",
  thread: "M4 5h16v11H9l-5 4z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20 20l-4-4",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 13l4 4L19 7",
  arrow: "M5 12h14M13 6l6 6-6 6",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  menu: "M4 7h16M4 12h16M4 17h16",
  slash: "M15 4 9 20",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
};

// A button with an icon alone, and its words for everybody who cannot see it.
export function iconButton(icon, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, svg(ICONS[icon]));
}

// A press is a way down and a way up: a button that is replaced between the two hears nothing of it.
const PRESS_ENDS = 80; // Milliseconds: a touch is told as a click a moment after the finger has left.
let pressed = false;
let ending = null;
const waiting = [];

// Do it now, or as soon as nobody is pressing anything.
export function afterPress(run) {
  if (pressed) waiting.push(run); else run();
}

function pressBegins() {
  clearTimeout(ending);
  pressed = true;
}

function pressEnds() {
  if (!pressed) return;
  clearTimeout(ending);
  ending = setTimeout(() => {
    pressed = false;
    for (const run of waiting.splice(0)) run();
  }, PRESS_ENDS);
}

addEventListener("pointerdown", (event) => { if (event.button === 0) pressBegins(); }, true);
addEventListener("keydown", (event) => { if (event.key === " " && event.target.closest?.("button")) pressBegins(); }, true);
for (const name of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(name, pressEnds, true);

let menuCount = 0;

// A button that opens a menu: arrows move, Escape closes, focus returns.
export function menuButton(button, entries) {
  const id = `menu-${++menuCount}`;
  let menu = null;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  const close = (refocus) => {
    if (!menu) return;
    menu.remove();
    menu = null;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) button.focus();
  };
  const outside = (event) => {
    if (menu && !menu.contains(event.target) && !button.contains(event.target)) close(false);
  };
  button.addEventListener("click", () => {
    if (menu) return close(true);
    const items = entries().map((entry) =>
      h("button", { type: "button", role: "menuitem", class: entry.danger ? "danger" : "", tabindex: "-1", onclick: () => { close(true); entry.run(); } },
        entry.label, entry.note ? h("span", { class: "menu-note" }, entry.note) : null));
    menu = h("div", { role: "menu", id, class: "menu", "aria-label": button.getAttribute("aria-label") || button.textContent }, items);
    menu.addEventListener("keydown", (event) => {
      const at = items.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); items[(at + step + items.length) % items.length].focus(); }
      if (event.key === "Escape") { event.stopPropagation(); close(true); }
      if (event.key === "Tab") close(false);
    });
    document.body.append(menu);
    place(menu, button);
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    items[0]?.focus();
  });
  return button;
}

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const wide = menu.offsetWidth;
  const high = menu.offsetHeight;
  const below = box.bottom + 4 + high < window.innerHeight;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - wide - 8))}px`;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - high - 4)}px`;
}

export function announce(words) {
  document.getElementById("status").textContent = words;
}

export function toast(words) {
  const note = h("div", { class: "toast" }, h("span", {}, words), iconButton("close", "Dismiss", () => note.remove()));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 8000);
}

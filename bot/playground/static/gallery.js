// Which examples can be pasted?

import { h, svg, ICONS } from "./dom.js";
import { state } from "./store.js";

export function gallery({ paste }) {
  return h("section", { class: "gallery", "aria-label": "Examples" },
    h("p", { class: "gallery-lead" }, "Twelve bounces as servers word them. One click puts one into the message box."),
    h("ul", {}, state.gallery.map((example) => h("li", {},
      h("button", { type: "button", class: `example family-${example.family}`, "data-cause": example.cause, onclick: () => paste(example) },
        h("span", { class: "example-head" }, h("strong", {}, example.title), h("span", { class: "family" }, example.family === "none" ? "silence" : example.family)),
        h("span", { class: "example-text" }, example.file ? [svg(ICONS.attach, { size: 14 }), ` ${example.file}`] : excerpt(example.text)),
        h("span", { class: "example-hint" }, example.hint))))));
}

// The line that says it, without the chatter around.
function excerpt(text) {
  const lines = text.split("\n").map((line) => line.replace(/^[>\s]+/, "")).filter(Boolean);
  return (lines.find((line) => /\b[45]\d\d[ -]/.test(line)) ?? lines.at(-1)).slice(0, 140);
}

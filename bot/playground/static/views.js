// How are modals and the App Home shown?

import { h, iconButton, toast } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { avatar } from "./message.js";
import { act, state, ui } from "./store.js";
import { plain } from "./words.js";

let dialog = null;
let shown = null;
let fields = new Map();
let opener = null;

// Show the topmost modal of the present person, or none.
export function showModal() {
  const stack = state.views[state.me] ?? [];
  const view = stack.at(-1) ?? null;
  if (!view) {
    if (dialog) { dialog.close(); dialog.remove(); opener?.(); }
    dialog = shown = opener = null;
    fields = new Map();
    return;
  }
  if (shown?.id === view.id && shown.hash === view.hash) return;
  // A changed view keeps what was typed into fields that are still there; a new one starts empty.
  const kept = shown?.id === view.id ? new Map([...fields].map(([key, field]) => [key, field.get()])) : new Map();
  const focus = shown?.id === view.id ? document.activeElement?.dataset?.action : null;
  fields = new Map();
  shown = view;
  const submit = h("button", { type: "submit", class: "kit-button primary", "data-submit": "1" }, view.submit ? plain(view.submit.text) : "Submit");
  const blocks = renderBlocks(view.blocks, { act: (block, element, value, node) => click(view, block, element, value, node), fields, kept });
  const body = h("div", { class: "modal-body" }, blocks);
  const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); send(view, blocks, submit); } },
    h("header", {}, avatar(null, "small"), h("h2", { id: "modal-title" }, plain(view.title.text)), iconButton("close", "Close", close)),
    body,
    h("footer", {}, h("button", { type: "button", class: "kit-button", onclick: close }, view.close ? plain(view.close.text) : stack.length > 1 ? "Back" : "Close"), view.submit ? submit : null));
  if (!dialog) {
    dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title" });
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
    document.body.append(dialog);
    opener = wayBack();
  }
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  const target = (focus && form.querySelector(`[data-action="${CSS.escape(focus)}"]`)) || form.querySelector("[data-focus]")
    || form.querySelector(".modal-body input, .modal-body select, .modal-body textarea, .modal-body button, footer button");
  target?.focus();
}

// Back to where one was before the form. A message may have been drawn anew meanwhile: then to the same button of it.
function wayBack() {
  const from = document.activeElement;
  const pane = from?.closest("#main, #side")?.id;
  const ts = from?.closest("[data-ts]")?.dataset.ts;
  const action = from?.dataset?.action;
  return () => {
    const message = pane && ts && document.querySelector(`#${pane} [data-ts="${CSS.escape(ts)}"]`);
    const same = from?.isConnected ? from : message && ((action && message.querySelector(`[data-action="${CSS.escape(action)}"]`)) || message.querySelector(".block-actions button"));
    (same || document.querySelector("#composer-text") || document.querySelector(".home button"))?.focus();
  };
}

export function values(collected) {
  const result = {};
  for (const { get, block, element } of collected.values()) result[block.type === "actions" ? element.action_id : block.block_id] = get();
  return result;
}

async function click(view, block, element, value, node) {
  node?.setAttribute("aria-busy", "true");
  const answer = await act("click", { view: view.id, block_id: block.block_id, action_id: element.action_id, value, values: values(fields) });
  node?.removeAttribute("aria-busy");
  if (!answer.ok) toast(answer.error);
  else document.dispatchEvent(new CustomEvent("acted", { detail: { action: element.action_id } }));
}

async function send(view, blocks, button) {
  button.disabled = true;
  for (const block of blocks) block.showFault?.(null);
  const answer = await act("submit", { view: view.id, values: values(fields) });
  button.disabled = false;
  if (!answer.ok) return toast(answer.error === undefined ? "We had some trouble connecting. Try again?" : answer.error);
  const faults = Object.entries(answer.errors ?? {});
  for (const [blockId, words] of faults) {
    const block = blocks.find((each) => each.dataset.blockId === blockId);
    block?.showFault?.(words);
  }
  if (faults.length) blocks.find((each) => each.classList.contains("has-fault"))?.querySelector("input, select, textarea")?.focus();
}

async function close() {
  await act("close");
}

export function home() {
  const view = state.homes[state.me];
  const context = { fields: new Map() };
  context.act = async (block, element, value, node) => {
    node?.setAttribute("aria-busy", "true");
    const answer = await act("click", { view: view.id, block_id: block.block_id, action_id: element.action_id, value, values: values(context.fields) });
    node?.removeAttribute("aria-busy");
    if (!answer.ok) toast(answer.error);
  };
  return h("div", { class: "home" }, view
    ? renderBlocks(view.blocks, context)
    : h("div", { class: "empty" }, avatar(null, "large"), h("h2", {}, "fivefifty"), h("p", {}, "The Home tab fills as soon as fivefifty has something to show.")));
}

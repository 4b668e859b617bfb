// How does a person write? A message box with completion of commands and names, files by button, drop or paste.

import { h, iconButton, toast } from "./dom.js";
import { act, state, upload } from "./store.js";

const SNIPPET = 12_000;
let count = 0;

// What was written and not sent, by person, channel and thread.
const drafts = new Map();

export function composer({ channel, threadTs = null, placeholder, id, onSent = () => {} }) {
  const listId = `completion-${++count}`;
  const draft = `${state.me} ${channel} ${threadTs}`;
  let offered = [];
  let at = 0;
  let files = [];

  const box = h("textarea", {
    id, class: "composer-text", rows: "1", placeholder, "aria-label": placeholder, role: "combobox", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": listId, spellcheck: "false", autocomplete: "off",
  });
  const list = h("div", { id: listId, class: "completion", role: "listbox", "aria-label": "Completions", hidden: true });
  const attached = h("div", { class: "attached" });
  const picker = h("input", { type: "file", class: "unseen", tabindex: "-1", "aria-hidden": "true", onchange: () => { add([...picker.files]); picker.value = ""; } });
  const send = h("button", { type: "button", class: "send", "aria-label": "Send", disabled: true, onclick: () => submit() }, "Send");
  const node = h("div", { class: "composer" }, list,
    h("div", { class: "composer-box" }, box, attached,
      h("div", { class: "composer-bar" },
        iconButton("attach", "Attach a file", () => picker.click()),
        threadTs ? null : iconButton("slash", "Commands", () => { box.value = "/"; box.focus(); refresh(); }),
        picker, h("span", { class: "composer-hint", "aria-hidden": "true" }, "Enter sends, Shift + Enter starts a line"), send)));

  function refresh() {
    if (box.value) drafts.set(draft, box.value);
    else drafts.delete(draft);
    // A very long paste is not measured: it is higher than the box in any case, and measuring takes seconds.
    box.style.height = box.value.length > 5000 ? "220px" : "auto";
    if (box.value.length <= 5000) box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    send.disabled = !box.value.trim() && !files.length;
    offered = threadTs && box.value.startsWith("/") ? [] : completions(box.value);
    at = 0;
    draw();
  }

  function draw() {
    list.replaceChildren(...offered.map((each, number) => h("div", {
      id: `${listId}-${number}`, role: "option", "aria-selected": number === at ? "true" : "false",
      onpointerdown: (event) => { event.preventDefault(); take(number); },
    }, h("strong", {}, each.label), h("span", {}, each.help))));
    list.hidden = !offered.length;
    box.setAttribute("aria-expanded", offered.length ? "true" : "false");
    if (offered.length) box.setAttribute("aria-activedescendant", `${listId}-${at}`);
    else box.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function take(number) {
    box.value = offered[number].value;
    refresh();
    offered = [];
    draw();
    box.focus();
  }

  function add(more) {
    files = [...files, ...more].slice(0, 5);
    attached.replaceChildren(...files.map((file) => h("span", { class: "chip" }, file.name,
      iconButton("close", `Remove ${file.name}`, () => { files = files.filter((each) => each !== file); add([]); }))));
    refresh();
  }

  // The box is free for the next message at once; what could not be sent comes back to it.
  async function submit() {
    const text = box.value;
    const sending = files;
    if (!text.trim() && !sending.length) return;
    box.value = "";
    files = [];
    add([]);
    const answer = await deliver(text, sending);
    if (answer.ok) return onSent(answer);
    toast(answer.error);
    if (!box.value && !files.length) { box.value = text; add(sending); }
  }

  async function deliver(text, sending) {
    if (!sending.length) {
      if (text.startsWith("/")) return act("slash", { channel, text: text.trim(), thread_ts: threadTs });
      return act("post", { channel, text, thread_ts: threadTs });
    }
    let answer;
    for (const [number, file] of sending.entries()) {
      answer = await upload(file, { channel, thread_ts: threadTs, text: number ? "" : text });
      if (!answer.ok) break;
    }
    return answer;
  }

  box.addEventListener("input", refresh);
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.clipboardData?.files.length) { event.preventDefault(); add([...event.clipboardData.files]); }
    // Slack's client makes a text snippet of a very long paste, which is a file.
    else if (text.length > SNIPPET) { event.preventDefault(); add([new File([text], "untitled.txt", { type: "text/plain" })]); }
  });
  box.addEventListener("blur", () => { offered = []; draw(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = offered.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      draw();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      offered = [];
      draw();
    } else if (open && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && (event.key === "Tab" || offered[at].value.trim() !== box.value.trim())) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  node.addEventListener("dragover", (event) => { event.preventDefault(); });

  node.fill = (text) => { box.value = text; refresh(); box.focus(); box.setSelectionRange(text.length, text.length); };
  node.add = (more) => { add(more); box.focus(); };
  node.box = box;
  box.value = drafts.get(draft) ?? "";
  queueMicrotask(() => { refresh(); offered = []; draw(); });
  return node;
}

function completions(text) {
  if (text.startsWith("/") && !text.includes("\n")) {
    const typed = text.toLowerCase();
    return state.commands.filter((each) => each.fill.startsWith(typed) || (typed.startsWith(each.fill) && !typed.slice(each.fill.length).trim() && typed !== "/"))
      .filter((each) => each.fill.trim() !== typed.trim() || each.fill.length > typed.length)
      .map((each) => ({ label: each.command, help: each.help, value: each.fill }));
  }
  const name = /(^|\s)@([a-z0-9._-]*)$/.exec(text);
  if (!name) return [];
  const before = text.slice(0, text.length - name[2].length);
  return [...state.users.values()].filter((user) => user.name.startsWith(name[2])).slice(0, 6)
    .map((user) => ({ label: `@${user.name}`, help: user.is_bot ? "app" : user.real_name, value: `${before}${user.name} ` }));
}

// What stands in the middle and in the thread? Messages, kept up to date one by one, and the message box.

import { announce, h, iconButton, svg, toast, ICONS } from "./dom.js";
import { composer } from "./composer.js";
import { plainText, renderMessage, avatar } from "./message.js";
import { act, channelMessages, isBot, state, ui, upload, visible } from "./store.js";

// A list of messages that changes in place: a message that did not change keeps its node, and with it the focus.
export function messageList({ channel, threadTs = null, openThread, empty }) {
  const node = h("div", { class: "messages", role: "log", "aria-live": "off", "aria-label": threadTs ? "Thread" : "Messages", tabindex: "0" });
  const drawn = new Map();
  const newest = h("button", { type: "button", class: "newest", hidden: true, onclick: () => { node.scrollTop = node.scrollHeight; } }, "New message below");
  node.addEventListener("scroll", () => { if (atBottom()) newest.hidden = true; });

  function atBottom() {
    return node.scrollHeight - node.scrollTop - node.clientHeight < 80;
  }

  function edit(message) {
    const old = drawn.get(message.ts)?.node;
    if (!old) return;
    const box = h("textarea", { class: "composer-text", rows: "3", "aria-label": "Edit message" });
    box.value = plainText(message);
    const finish = () => { editor.remove(); drawn.delete(message.ts); update(); };
    const save = async () => {
      const answer = await act("edit", { channel, ts: message.ts, text: box.value });
      if (answer.ok) finish(); else toast(answer.error);
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); finish(); }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
    });
    const editor = h("article", { class: "message editing", "data-ts": message.ts }, avatar(state.users.get(message.user)),
      h("div", { class: "composer-box" }, box, h("div", { class: "composer-bar" }, h("span", { class: "grow" }),
        h("button", { type: "button", class: "kit-button", onclick: finish }, "Cancel"),
        h("button", { type: "button", class: "kit-button primary", onclick: save }, "Save"))));
    old.replaceWith(editor);
    drawn.set(message.ts, { message, node: editor });
    box.focus();
  }

  function update() {
    const bottom = atBottom();
    const last = [...drawn.keys()].at(-1);
    const messages = visible(channel, threadTs);
    const wanted = new Set(messages.map((message) => message.ts));
    for (const [ts, each] of drawn) if (!wanted.has(ts)) { each.node.remove(); drawn.delete(ts); }
    node.querySelector(".empty")?.remove();
    let before = null;
    for (const message of messages) {
      let entry = drawn.get(message.ts);
      if (!entry || (entry.message !== message && !entry.node.classList.contains("editing"))) {
        const fresh = renderMessage(message, { inThread: Boolean(threadTs), openThread, edit });
        if (entry) { keepFocus(entry.node, fresh); } else node.append(fresh);
        entry = { message, node: fresh };
        drawn.set(message.ts, entry);
      }
      const place = before ? before.nextSibling : node.firstChild;
      if (place !== entry.node) node.insertBefore(entry.node, place);
      before = entry.node;
    }
    if (!messages.length && empty) node.append(empty());
    if (bottom) node.scrollTop = node.scrollHeight;
    else if (last && Number(messages.at(-1)?.ts ?? 0) > Number(last)) newest.hidden = false;
  }

  node.newest = h("div", { class: "newest-place" }, newest);
  node.update = update;
  node.find = (ts) => drawn.get(ts)?.node;
  return node;
}

// A message that is replaced while somebody is at one of its buttons keeps them there.
function keepFocus(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const action = active?.dataset.action;
  const label = active?.getAttribute("aria-label");
  old.replaceWith(fresh);
  if (!active) return;
  const again = [...fresh.querySelectorAll("button, select, input, a")].find((each) => (action && each.dataset.action === action) || (label && each.getAttribute("aria-label") === label));
  (again ?? fresh.querySelector("button"))?.focus();
}

export function conversation({ channel, openThread, toggleMenu, strip, sent, showExamples }) {
  const place = state.channels.get(channel);
  const direct = place.is_im;
  const title = direct ? "fivefifty" : place.name;
  const list = messageList({
    channel, openThread,
    empty: () => h("div", { class: "empty" },
      direct ? avatar(null, "large") : h("span", { class: "empty-hash" }, svg(ICONS.hash, { size: 30 })),
      h("h2", {}, direct ? "Write to fivefifty directly" : `This is #${title}`),
      h("p", {}, direct ? "Paste a bounce here and nobody else sees it." : `${place.purpose.value}. Paste a bounced mail, or choose one of the examples.`)),
  });
  const write = composer({
    channel, id: "composer-text",
    placeholder: direct ? "Message fivefifty" : `Message #${title}`,
    onSent: (answer) => { if (answer.ts) sent(answer.ts); list.scrollTop = list.scrollHeight; },
  });
  const drop = h("div", { class: "drop", hidden: true, "aria-hidden": "true" }, svg(ICONS.attach, { size: 34 }), h("strong", {}, "Drop the bounced mail here"), h("span", {}, ".eml, .msg or .txt"));
  const node = h("div", { class: "conversation" },
    h("header", { class: "pane-head" },
      iconButton("menu", "Show channels", toggleMenu, { class: "icon-button only-narrow" }),
      h("h1", {}, direct ? avatar(null, "small") : svg(ICONS.hash), ` ${title}`),
      h("span", { class: "purpose" }, direct ? "App" : place.purpose.value),
      h("span", { class: "grow" }),
      h("button", { type: "button", class: "kit-button only-medium", onclick: showExamples }, "Examples")),
    strip, list, list.newest, write, drop);
  let depth = 0;
  node.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; drop.hidden = false; });
  node.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) drop.hidden = true; });
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    for (const file of [...(event.dataTransfer?.files ?? [])].slice(0, 5)) {
      const answer = await upload(file, { channel });
      if (answer.ok) sent(answer.ts); else toast(answer.error);
    }
  });
  list.update();
  node.list = list;
  node.composer = write;
  return node;
}

export function thread({ channel, ts, close }) {
  const place = state.channels.get(channel);
  const list = messageList({ channel, threadTs: ts, openThread: () => {}, empty: () => h("p", { class: "empty" }, "This message is gone.") });
  const write = composer({ channel, threadTs: ts, id: "composer-thread", placeholder: "Reply…", onSent: () => { list.scrollTop = list.scrollHeight; } });
  const node = h("section", { class: "thread", "aria-label": "Thread" },
    h("header", { class: "side-sub" }, h("span", {}, place.is_im ? "with fivefifty" : `in #${place.name}`), h("span", { class: "grow" }),
      iconButton("close", "Close thread", close)),
    list, list.newest, write);
  list.update();
  list.scrollTop = 0;
  node.list = list;
  node.composer = write;
  return node;
}

// Somebody who cannot see the page hears what fivefifty answered.
export function speak({ message, before }) {
  if (!message || !isBot(message)) return;
  const place = state.channels.get(message.channel);
  if (message.to && message.to !== state.me) return;
  if (place?.is_im && place.user !== state.me) return;
  if (!before) announce(`fivefifty answered: ${message.text}`);
  else if (before.text !== message.text) announce(`fivefifty changed its answer: ${message.text}`);
  else if (JSON.stringify(before.blocks) !== JSON.stringify(message.blocks)) announce("fivefifty has completed its answer.");
}

export function parentOf(message) {
  return channelMessages(message.channel).get(message.thread_ts ?? message.ts);
}

// How does one message look, and what can be done with it?

import { h, iconButton, menuButton, svg, toast, ICONS } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { act, isBot, state } from "./store.js";
import { emoji, mrkdwn, REACTIONS } from "./words.js";

const WAITING = "is-waiting";

export function avatar(user, size = "") {
  if (user?.is_bot || !user) {
    return h("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, svg("M4 8l8 5.5L20 8M4 7.5A1.5 1.5 0 0 1 5.5 6h13A1.5 1.5 0 0 1 20 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5z", { size: 22 }));
  }
  const initials = user.real_name.split(" ").map((part) => part[0]).slice(0, 2).join("");
  const tone = [...user.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5;
  return h("span", { class: `avatar tone-${tone} ${size}`, "aria-hidden": "true" }, initials);
}

export function clock(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function renderMessage(message, { inThread, openThread, edit }) {
  const author = state.users.get(message.user);
  const bot = isBot(message);
  const name = author?.real_name ?? message.username ?? "An app";
  if (message.subtype === "channel_join" || message.subtype === "tombstone") {
    return h("article", { class: "message notice", "data-ts": message.ts },
      h("div", { class: "message-main" }, mrkdwn(message.text), !inThread && message.reply_count ? threadLink(message, openThread) : null));
  }
  const node = h("article", {
    class: `message ${bot ? "by-bot" : ""} ${message.is_ephemeral ? "ephemeral" : ""}`, "data-ts": message.ts,
    "aria-label": `${name}, ${clock(message.ts)}${message.is_ephemeral ? ", only visible to you" : ""}`,
  });
  node.append(
    avatar(author),
    h("div", { class: "message-main" },
      message.is_ephemeral ? h("div", { class: "only-you" }, svg(ICONS.eye, { size: 14 }), " Only visible to you") : null,
      h("div", { class: "message-head" },
        h("span", { class: "name" }, name), bot ? h("span", { class: "app-badge" }, "APP") : null,
        h("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, clock(message.ts)),
        message.edited ? h("span", { class: "edited" }, "(edited)") : null),
      clip(h("div", { class: "message-body" }, body(message)), message),
      (message.files ?? []).map(fileCard),
      reactions(message),
      !inThread && message.reply_count ? threadLink(message, openThread) : null),
  );
  if (!message.is_ephemeral) node.append(toolbar(message, { inThread, openThread, edit }));
  return node;
}

function body(message) {
  if (!message.blocks?.length) return message.text ? mrkdwn(message.text) : [];
  return renderBlocks(message.blocks, {
    here: message.channel,
    act: async (block, element, value, node) => {
      node?.classList.add(WAITING);
      node?.setAttribute("aria-busy", "true");
      const answer = await act("click", {
        channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, value,
        values: value === null || element.type === "overflow" ? {} : { [element.action_id]: value },
      });
      node?.classList.remove(WAITING);
      node?.removeAttribute("aria-busy");
      if (!answer.ok) toast(answer.error);
      else document.dispatchEvent(new CustomEvent("acted", { detail: { action: element.action_id } }));
    },
  });
}

// A long paste is folded, so that the answer below it is in sight. The bot's own messages never are.
function clip(node, message) {
  if (isBot(message) || (message.text.length < 900 && message.text.split("\n").length < 14)) return node;
  node.classList.add("clipped");
  const more = h("button", {
    type: "button", class: "show-more", "aria-expanded": "false",
    onclick: () => {
      const folded = node.classList.toggle("clipped");
      more.textContent = folded ? "Show more" : "Show less";
      more.setAttribute("aria-expanded", folded ? "false" : "true");
    },
  }, "Show more");
  return [node, more];
}

function fileCard(file) {
  const kind = file.mode === "email" ? "E-mail" : file.mode === "snippet" ? "Text snippet" : (file.filetype ?? "").toUpperCase();
  return h("a", { class: "file", href: `/page/file/${file.id}`, download: file.name },
    svg(ICONS.file, { size: 26 }),
    h("span", {}, h("strong", {}, file.name), h("small", {}, `${kind} · ${size(file.size)}`)));
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const mine = reaction.users.includes(state.me);
    const who = reaction.users.map((id) => state.users.get(id)?.real_name ?? id).join(", ");
    return h("button", {
      type: "button", class: mine ? "reaction mine" : "reaction", "aria-pressed": mine ? "true" : "false",
      "aria-label": `${reaction.name}, ${who}`, title: `${who} reacted with :${reaction.name}:`, onclick: () => react(message, reaction.name),
    }, emoji(reaction.name), h("span", {}, String(reaction.count)));
  }));
}

export async function react(message, name) {
  const answer = await act("react", { channel: message.channel, ts: message.ts, name });
  if (!answer.ok) toast(answer.error);
}

function threadLink(message, openThread) {
  const count = message.reply_count;
  return h("button", { type: "button", class: "thread-link", onclick: () => openThread(message) },
    h("span", { class: "thread-faces" }, (message.reply_users ?? []).slice(0, 3).map((id) => avatar(state.users.get(id), "small"))),
    h("strong", {}, count === 1 ? "1 reply" : `${count} replies`),
    h("span", {}, "last at ", h("time", {}, clock(message.latest_reply))));
}

function toolbar(message, { inThread, openThread, edit }) {
  const mine = message.user === state.me;
  const pick = menuButton(iconButton("smile", "Add a reaction"), () => REACTIONS.map((name) => ({
    label: `${emoji(name)}  ${name.replaceAll("_", " ")}`, run: () => react(message, name),
  })));
  const more = menuButton(iconButton("more", "More actions"), () => [
    ...state.shortcuts.filter((each) => each.type === "message").map((each) => ({
      label: each.name, note: "fivefifty",
      run: async () => {
        const answer = await act("shortcut", { channel: message.channel, ts: message.ts, callback_id: each.callback_id });
        if (!answer.ok) toast(answer.error);
      },
    })),
    { label: "Copy text", run: () => navigator.clipboard?.writeText(plainText(message)).catch(() => toast("The browser does not allow copying here.")) },
    ...(mine ? [
      { label: "Edit message", run: () => edit(message) },
      { label: "Delete message", danger: true, run: async () => { const answer = await act("delete", { channel: message.channel, ts: message.ts }); if (!answer.ok) toast(answer.error); } },
    ] : []),
  ]);
  return h("div", { class: "message-tools" },
    iconButton("search", "Look into this (:mag:)", () => react(message, "mag")), pick,
    inThread ? null : iconButton("thread", "Reply in thread", () => openThread(message)), more);
}

// What a person typed, without Slack's escapes and links.
export function plainText(message) {
  const collect = (words) => words.map((word) => word.text ?? word.url ?? (word.user_id ? `@${state.users.get(word.user_id)?.name ?? word.user_id}` : word.range ? `@${word.range}` : "")).join("");
  const part = (element) => {
    if (element.type === "rich_text_preformatted") return "```" + collect(element.elements) + "```";
    if (element.type === "rich_text_quote") return collect(element.elements).split("\n").map((line) => `> ${line}`).join("\n");
    if (element.type === "rich_text_list") return element.elements.map((item) => `- ${collect(item.elements)}`).join("\n");
    return collect(element.elements);
  };
  const typed = (message.blocks ?? []).filter((block) => block.type === "rich_text").flatMap((block) => block.elements.map(part)).join("\n");
  return typed || message.text;
}

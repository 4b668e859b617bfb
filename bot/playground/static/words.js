// How are Slack's texts shown? mrkdwn, plain text and rich_text, as nodes; nothing in them is ever mark-up.

import { h } from "./dom.js";
import { state } from "./store.js";

const EMOJI = {
  mag: "🔍", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", thumbsup: "👍", "+1": "👍", pray: "🙏", tada: "🎉",
  warning: "⚠️", x: "❌", envelope: "✉️", email: "✉️", mailbox: "📫", hourglass: "⌛", hourglass_flowing_sand: "⏳", rotating_light: "🚨",
  information_source: "ℹ️", question: "❓", bulb: "💡", lock: "🔒", link: "🔗", wave: "👋", ticket: "🎫", bell: "🔔", memo: "📝",
  ok_hand: "👌", raised_hands: "🙌", large_green_circle: "🟢", red_circle: "🔴", large_yellow_circle: "🟡", white_circle: "⚪",
};

export const REACTIONS = ["mag", "eyes", "white_check_mark", "thumbsup", "pray", "tada"];

export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

export function unescape(text) {
  return seen(text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

// What nobody can see is shown as a sign: control characters, and marks that turn the direction of reading around, with which an
// address can be made to read as another one.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

export function seen(text) {
  return text.replace(UNSEEN, (sign) => (sign === "\r" ? "" : `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`));
}

export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text, object.emoji !== false);
}

export function plain(text, withEmoji = true) {
  return [seen(withEmoji ? text.replace(/:([a-z0-9_+-]{1,40}):/g, (whole, name) => EMOJI[name] ?? whole) : text)];
}

export function link(url, words) {
  const safe = /^(https?:|mailto:)/i.test(url);
  if (!safe) return h("span", {}, words);
  const jump = permalink(url);
  if (jump) return h("a", { href: "#", onclick: (event) => { event.preventDefault(); document.dispatchEvent(new CustomEvent("jump", { detail: jump })); } }, words);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

// A link to a message of this workspace opens here.
function permalink(url) {
  const found = /^https:\/\/([a-z0-9-]+)\.slack\.com\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(url);
  if (!found || found[1] !== state.team.domain) return null;
  return { channel: found[2], ts: `${found[3]}.${found[4]}`, thread_ts: found[5] ?? null };
}

export function mention(id) {
  const user = state.users.get(id);
  return h("span", { class: "mention" }, `@${user?.real_name ?? id}`);
}

export function groupName(id) {
  return `@${state.groups.get(id)?.handle ?? id}`;
}

export function channelMention(id) {
  const channel = state.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, `#${id}`);
  return h("a", { href: "#", class: "mention", onclick: (event) => { event.preventDefault(); document.dispatchEvent(new CustomEvent("jump", { detail: { channel: id } })); } }, `#${channel.name ?? "direct"}`);
}

export function date(timestamp, format, fallback) {
  const when = new Date(timestamp * 1000);
  if (Number.isNaN(when.getTime())) return fallback ?? "";
  return format.replace(/\{(date[a-z_]*|time[a-z_]*|ago)\}/g, (_, part) => {
    if (part.startsWith("time")) return when.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: part === "time_secs" ? "2-digit" : undefined });
    if (part === "date_num") return `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, "0")}-${String(when.getDate()).padStart(2, "0")}`;
    const near = part.endsWith("_pretty") || part === "ago" ? NEAR[daysFromToday(when)] : null;
    return near ?? when.toLocaleDateString(undefined, {
      weekday: part.startsWith("date_long") ? "long" : undefined, day: "numeric", month: part.startsWith("date_short") ? "short" : "long", year: "numeric",
    });
  });
}

const NEAR = { "-1": "yesterday", 0: "today", 1: "tomorrow" };

function daysFromToday(when) {
  const midnight = (day) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(when) - midnight(new Date())) / 86_400_000);
}

// mrkdwn

export function mrkdwn(text) {
  const nodes = [];
  text.split("```").forEach((part, number, parts) => {
    if (number % 2 && number < parts.length - 1) nodes.push(h("pre", {}, unescape(stripLinks(part.replace(/^\n|\n$/g, "")))));
    else if (part) nodes.push(...paragraphs(number % 2 ? "```" + part : part));
  });
  return nodes;
}

function paragraphs(text) {
  const nodes = [];
  let quote = null;
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>) ?/.exec(line);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push(quote = h("blockquote"));
      quote.append(...inline(line.slice(quoted[0].length)));
    } else {
      if (nodes.length && !quote) nodes.push(h("br"));
      quote = null;
      nodes.push(...inline(line));
    }
  }
  return nodes;
}

const SPECIAL = /<([^<>\n]{1,3000})>|`([^`\n]+)`|:([a-z0-9_+-]{1,40}):/g;

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(SPECIAL)) {
    nodes.push(...styled(text.slice(at, found.index)));
    at = found.index + found[0].length;
    if (found[1] !== undefined) nodes.push(special(found[1]));
    else if (found[2] !== undefined) nodes.push(h("code", {}, unescape(found[2])));
    else nodes.push(EMOJI[found[3]] ?? found[0]);
  }
  nodes.push(...styled(text.slice(at)));
  return nodes;
}

function special(inside) {
  const [head, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (head.startsWith("@")) return mention(head.slice(1));
  if (head.startsWith("#")) return channelMention(head.slice(1));
  if (head.startsWith("!date^")) {
    const [, timestamp, format] = head.split("^");
    return date(Number(timestamp), format ?? "{date}", label);
  }
  if (head.startsWith("!subteam^")) return h("span", { class: "mention" }, groupName(head.slice(9)));
  if (head.startsWith("!")) return h("span", { class: "mention loud" }, `@${label || head.slice(1).split("^")[0]}`);
  return link(unescape(head), unescape(label || head.replace(/^mailto:/, "")));
}

const STYLES = [["*", "strong"], ["_", "em"], ["~", "s"]];

function styled(text) {
  for (const [mark, tag] of STYLES) {
    const found = new RegExp(`(^|[\\s(.,;:!?"'])\\${mark}([^\\s\\${mark}](?:[^\\${mark}\\n]{0,500}[^\\s\\${mark}])?)\\${mark}(?=$|[\\s).,;:!?"'])`).exec(text);
    if (!found) continue;
    const start = found.index + found[1].length;
    return [...styled(text.slice(0, start)), h(tag, {}, ...styled(found[2])), ...styled(text.slice(start + found[2].length + 2))];
  }
  return text ? [unescape(text)] : [];
}

function stripLinks(text) {
  return text.replace(/<(?:[^<>|\n]*\|)?([^<>\n]*)>/g, (_, words) => words.replace(/^mailto:/, ""));
}

// rich_text

export function richText(block) {
  return block.elements.map(richElement);
}

function richElement(element) {
  switch (element.type) {
    case "rich_text_preformatted": return h("pre", { tabindex: "0" }, element.elements.map(richInline));
    case "rich_text_quote": return h("blockquote", {}, element.elements.map(richInline));
    case "rich_text_list": return h(element.style === "ordered" ? "ol" : "ul",
      { class: element.indent ? `indent-${Math.min(element.indent, 4)}` : null, start: element.offset ? element.offset + 1 : null },
      element.elements.map((item) => h("li", {}, item.elements.map(richInline))));
    default: return h("div", { class: "rich-section" }, element.elements.map(richInline));
  }
}

function richInline(word) {
  let node;
  switch (word.type) {
    case "text": node = document.createTextNode(seen(word.text)); break;
    case "link": node = link(word.url, seen(word.text ?? word.url)); break;
    case "user": node = mention(word.user_id); break;
    case "channel": node = channelMention(word.channel_id); break;
    case "usergroup": node = h("span", { class: "mention" }, groupName(word.usergroup_id)); break;
    case "broadcast": node = h("span", { class: "mention loud" }, `@${word.range}`); break;
    case "emoji": node = document.createTextNode(emoji(word.name)); break;
    case "date": node = document.createTextNode(date(word.timestamp, word.format, word.fallback)); break;
    default: node = document.createTextNode(word.value ?? "");
  }
  const style = word.style ?? {};
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]]) {
    if (style[name]) node = h(tag, {}, node);
  }
  return node;
}

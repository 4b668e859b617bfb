// How does the page hang together? It loads the state, draws the three panes, and redraws what changed.

import { afterPress, announce, h, iconButton, toast } from "./dom.js";
import { conversation, parentOf, speak, thread } from "./conversation.js";
import { avatar } from "./message.js";
import { gallery } from "./gallery.js";
import { guide } from "./guide.js";
import { sidebar } from "./sidebar.js";
import { home, showModal } from "./views.js";
import { act, channelMessages, channelNamed, directChannel, isBot, listen, load, onChange, remember, state, ui } from "./store.js";

const panes = { sidebar: document.getElementById("sidebar"), main: document.getElementById("main"), side: document.getElementById("side"), app: document.getElementById("app") };
let theme = "auto";
let centre = null;
let right = null;
let strip = null;
const small = matchMedia("(max-width: 1120px)"); // As in style.css: what is at the right lies above the messages.

async function start() {
  theme = stored("theme") ?? "auto";
  ui.guide = stored("guide") !== "hidden";
  paintTheme();
  await load();
  ui.seen.start = Math.max(0, ...[...state.messages.values()].flatMap((channel) => [...channel.keys()].map(Number)));
  ui.place = channelNamed("support")?.id ?? [...state.channels.keys()][0];
  // Whoever is pressing a button just now keeps it under the finger: what changed meanwhile is drawn when it is let go.
  onChange((kind, body) => afterPress(() => react(kind, body)));
  listen();
  small.addEventListener("change", () => { if (ui.tab === "guide") drawSide(); });
  drawAll();
  document.body.dataset.ready = "1";
}

function react(kind, body) {
  switch (kind) {
    case "message": {
      speak(body);
      const { message, before } = body;
      const parent = parentOf(message);
      // The first answer to what one has just sent opens by itself.
      if (!before && isBot(message) && message.thread_ts && ui.sent.has(message.thread_ts) && parent) {
        ui.sent.delete(message.thread_ts);
        openThread(parent);
      }
      updateLists();
      seen();
      drawSidebar();
      return drawGuide();
    }
    case "gone": updateLists(); return drawGuide();
    case "views": if (body.user === state.me) showModal(); return;
    case "home": if (ui.place === "home" && body.user === state.me) drawMain(); return;
    case "channel": case "facts": return drawSidebar();
    case "connection": {
      panes.app.classList.toggle("offline", !body.up);
      if (!body.up) announce("The connection to the playground is lost. It is tried again.");
      return;
    }
    case "all": return drawAll();
  }
}

function drawAll() {
  drawMain();
  drawSide();
  showModal();
}

function drawSidebar() {
  const focus = panes.sidebar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  panes.sidebar.replaceChildren(...sidebar({ goTo, goHome, switchTo, setTheme, theme, showGuide: () => setGuide(true) }));
  if (focus) panes.sidebar.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
}

function drawMain() {
  seen();
  drawSidebar();
  if (ui.place === "home") {
    centre = null;
    panes.main.replaceChildren(h("div", { class: "conversation" },
      h("header", { class: "pane-head" }, iconButton("menu", "Show channels", toggleMenu, { class: "icon-button only-narrow" }), h("h1", {}, avatar(null, "small"), " fivefifty"), h("span", { class: "purpose" }, "Home")),
      h("div", { class: "home-scroll", tabindex: "0" }, home())));
    return;
  }
  strip = h("div", { class: "strip" });
  centre = conversation({ channel: ui.place, openThread, toggleMenu, strip, sent, showExamples });
  panes.main.replaceChildren(centre);
  drawGuide();
  centre.list.scrollTop = centre.list.scrollHeight;
}

function drawSide() {
  if ((ui.tab === "thread" && !ui.thread) || (ui.tab === "guide" && !(ui.guide && small.matches))) ui.tab = "examples";
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "At the right" },
    tab("guide", "Guide", { class: "only-medium", hidden: !ui.guide }),
    tab("examples", "Examples"), tab("thread", "Thread", { disabled: !ui.thread }));
  if (ui.tab === "thread") {
    right = thread({ ...ui.thread, close: () => { ui.thread = null; ui.tab = "examples"; drawSide(); toggleSide(false); } });
  } else {
    right = ui.tab === "guide" ? h("div", { class: "guide-place" }) : gallery({ paste });
  }
  const panel = h("div", { class: "panel", role: "tabpanel", id: "side-panel", "aria-labelledby": `tab-${ui.tab}` }, right);
  panes.side.replaceChildren(h("header", { class: "pane-head" }, tabs, h("span", { class: "grow" }), iconButton("close", "Close", () => toggleSide(false), { class: "icon-button only-medium" })), panel);
  drawGuide();
}

function tab(name, label, props = {}) {
  return h("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-selected": ui.tab === name ? "true" : "false", "aria-controls": "side-panel", tabindex: ui.tab === name ? "0" : "-1",
    onclick: () => { ui.tab = name; drawSide(); document.getElementById(`tab-${name}`).focus(); },
    onkeydown: (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const tabs = [...panes.side.querySelectorAll("[role=tab]:not(:disabled)")].filter((each) => each.offsetParent);
      if (step) tabs[(tabs.findIndex((each) => each.id === `tab-${name}`) + step + tabs.length) % tabs.length].click();
    },
    ...props,
  }, label);
}

// The guide stands above the messages; where these are covered by what is at the right, it has a place there, too.
function drawGuide() {
  for (const place of [strip, panes.side.querySelector(".guide-place")].filter(Boolean)) {
    const focus = place.contains(document.activeElement);
    place.replaceChildren(...(ui.guide ? [guide({
      paste: () => paste(state.gallery[0]), openAnswer, goTo, switchTo, hide: () => setGuide(false),
      point: (action) => { toggleSide(false); point(panes.main, action); },
    })] : []));
    if (focus) place.querySelector("button")?.focus();
  }
}

function updateLists() {
  centre?.list.update();
  right?.list?.update();
}

function goTo(place) {
  ui.place = place;
  panes.app.classList.remove("menu-open", "side-open");
  drawMain();
  centre?.composer.box.focus();
}

async function goHome() {
  ui.place = "home";
  panes.app.classList.remove("menu-open");
  drawMain();
  await act("home");
}

function switchTo(id) {
  if (state.me === id) return;
  state.me = id;
  remember("me", id);
  // A direct channel belongs to one person: go back to where everybody is.
  if (state.channels.get(ui.place)?.is_im) ui.place = directChannel(id)?.id ?? channelNamed("support").id;
  announce(`You are now ${state.users.get(id).real_name}.`);
  if (ui.thread && state.channels.get(ui.thread.channel)?.is_im) { ui.thread = null; ui.tab = "examples"; }
  drawAll();
  if (ui.place === "home") act("home");
}

function openThread(message) {
  ui.thread = { channel: message.channel, ts: message.thread_ts ?? message.ts };
  ui.tab = "thread";
  drawSide();
  panes.app.classList.add("side-open");
}

// A message was sent from here. The answer may have come before the server said that it was sent.
function sent(ts) {
  const messages = [...channelMessages(ui.place).values()];
  const parent = channelMessages(ui.place).get(ts);
  if (parent && messages.some((message) => isBot(message) && message.thread_ts === ts)) openThread(parent);
  else ui.sent.set(ts, true);
}

function openAnswer(action = null) {
  const answers = [...state.channels.values()].flatMap((channel) => [...channelMessages(channel.id).values()])
    .filter((message) => isBot(message) && message.thread_ts && message.blocks);
  const parent = answers.length ? parentOf(answers.at(-1)) : null;
  if (!parent) return toast("There is no answer yet. Send the bounce first.");
  if (state.channels.get(parent.channel)?.is_im === undefined || !state.channels.get(parent.channel).is_im) goTo(parent.channel);
  openThread(parent);
  if (action) point(panes.side, action);
}

// Bring a button into sight and mark it, for those who do not know where to look.
function point(pane, action) {
  const button = [...pane.querySelectorAll(`[data-action="${action}"]`)].at(-1);
  if (!button) return toast("That button is not there any more.");
  button.scrollIntoView({ block: "center" });
  button.focus({ preventScroll: true });
  button.classList.add("pointed");
  setTimeout(() => button.classList.remove("pointed"), 4000);
}

function paste(example) {
  if (ui.place === "home") ui.place = channelNamed("support").id;
  if (!centre || centre.composer.box.closest("#main") === null) drawMain();
  if (example.file) centre.composer.add([new File([example.text], example.file, { type: "message/rfc822" })]);
  else centre.composer.fill(example.text);
  panes.app.classList.remove("side-open");
  announce("The example is in the message box. Press Enter to send it.");
}

function seen() {
  if (!ui.place || ui.place === "home") return;
  ui.seen[`${state.me} ${ui.place}`] = Math.max(0, ...[...channelMessages(ui.place).keys()].map(Number), ...state.ephemerals.map((message) => Number(message.ts)));
}

function toggleSide(open) {
  panes.app.classList.toggle("side-open", typeof open === "boolean" ? open : undefined);
}

function showExamples() {
  ui.tab = "examples";
  drawSide();
  toggleSide(true);
  document.getElementById("tab-examples").focus();
}

function toggleMenu() {
  if (panes.app.classList.toggle("menu-open")) panes.sidebar.querySelector(".on")?.focus();
  else panes.main.querySelector("[aria-label='Show channels']")?.focus();
}

function setGuide(on) {
  ui.guide = on;
  keep("guide", on ? "shown" : "hidden");
  document.getElementById("tab-guide").hidden = !on;
  if (ui.tab === "guide") drawSide(); else drawGuide();
  drawSidebar();
}

function setTheme(value) {
  theme = value;
  keep("theme", value);
  paintTheme();
  drawSidebar();
}

function paintTheme() {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
}

function stored(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* a browser without storage forgets */ }
}

document.addEventListener("jump", (event) => {
  const { channel, ts, thread_ts } = event.detail;
  const place = state.channels.get(channel);
  if (!place?.members.includes(state.me)) return toast("You are not in that channel.");
  goTo(channel);
  const message = ts ? channelMessages(channel).get(thread_ts ?? ts) : null;
  if (message?.reply_count) openThread(message);
  const node = centre?.list.find(thread_ts ?? ts);
  node?.scrollIntoView({ block: "center" });
  node?.classList.add("found");
});

// On a small window, channels and examples lie above the conversation: a press beside them puts them away.
document.addEventListener("pointerdown", (event) => {
  if (panes.app.classList.contains("menu-open") && !panes.sidebar.contains(event.target)) { event.preventDefault(); toggleMenu(); }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (panes.app.classList.contains("menu-open")) return toggleMenu();
  if (ui.tab === "thread" && panes.side.contains(document.activeElement)) { ui.thread = null; ui.tab = "examples"; drawSide(); centre?.composer.box.focus(); }
  else if (panes.side.contains(document.activeElement) && panes.app.classList.contains("side-open")) { toggleSide(false); centre?.composer.box.focus(); }
});

start().catch(() => toast("The playground does not answer. Is it still running?"));

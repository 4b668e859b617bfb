// What is to be tried first? Six steps that tick themselves off as they happen.

import { h, iconButton, svg, ICONS } from "./dom.js";
import { actionIds, channelMessages, channelNamed, isBot, state, ui } from "./store.js";

const CASE = ["ticket_claim", "ticket_resolve", "ticket_reopen"];

export function guide({ paste, openAnswer, goTo, switchTo, point, hide }) {
  const [first, second] = state.switchers.map((id) => state.users.get(id));
  const support = channelNamed("support");
  const escalations = channelNamed("escalations");
  const answers = [...state.channels.values()].flatMap((channel) => [...channelMessages(channel.id).values()])
    .filter((message) => isBot(message) && message.thread_ts && message.blocks);
  const cases = [...channelMessages(escalations?.id).values()].filter((message) => isBot(message) && actionIds(message).some((id) => CASE.includes(id)));
  const asked = [...channelMessages(support?.id).values()].some((message) => !isBot(message) && message.subtype !== "channel_join");
  const claimed = cases.some((message) => !actionIds(message).includes("ticket_claim"));
  const resolved = cases.some((message) => actionIds(message).includes("ticket_reopen")) || answers.some((message) => actionIds(message).includes("ticket_reopen"));
  const name = second?.real_name.split(" ")[0] ?? "a colleague";
  const there = state.me === second?.id && ui.place === escalations?.id;
  const toCases = () => { switchTo(second.id); goTo(escalations.id); };
  const steps = [
    { name: "Paste a bounce", done: asked || answers.length > 0, hint: "Choose an example: it lands in the message box. Then press Send.", action: "Paste one for me", run: paste },
    { name: "Read the answer", done: answers.length > 0, hint: "fivefifty answers in the thread: what happened, who has to act, and what to do.", action: "Open the thread", run: () => openAnswer() },
    { name: "Watch evidence arrive", done: answers.some((message) => !waiting(message)), hint: "DNS and blocklists are looked up, and the answer is updated in place.", action: "Open the thread", run: () => openAnswer() },
    { name: "Escalate it", done: cases.length > 0, hint: "The evidence stands in the answer. Press Escalate below it, tick what was tried, and send the form.", action: "Show me the button", run: () => openAnswer("ticket_escalate") },
    { name: `Claim it as ${name}`, done: claimed || resolved, ...(there
      ? { hint: `You are ${name} now. Press Claim below the case.`, action: "Show me the button", run: () => point("ticket_claim") }
      : { hint: `Become ${second?.real_name ?? "a colleague"}, who looks after #escalations, and press Claim.`, action: `Become ${name}`, run: toCases }) },
    { name: "Resolve it", done: resolved, hint: "Press Resolve. The person who asked sees it in the first thread.", ...(there
      ? { action: "Show me the button", run: () => point("ticket_resolve") }
      : { action: "Open #escalations", run: toCases }) },
  ];
  const now = steps.findIndex((step) => !step.done);
  const current = now < 0 ? null : steps[now];
  return h("section", { class: "guide", "aria-label": "The first minute" },
    h("ol", {}, steps.map((step, number) => h("li", { class: step.done ? "done" : number === now ? "now" : "", "aria-current": number === now ? "step" : null },
      h("span", { class: "step-mark", "aria-hidden": "true" }, step.done ? svg(ICONS.check, { size: 13 }) : String(number + 1)),
      h("span", {}, step.name, h("span", { class: "unseen" }, step.done ? ", done" : ""))))),
    h("div", { class: "guide-now" },
      h("p", {}, current ? current.hint : "That is the whole round. Everything else is yours to try: /bounce, the message menu, a dropped .eml, the App Home."),
      current ? h("button", { type: "button", class: "kit-button primary", onclick: current.run }, current.action) : null,
      iconButton("close", "Hide the guide", hide)));
}

// The first answer says that it is not complete yet.
function waiting(message) {
  return message.blocks.some((block) => block.type === "context" && block.elements.some((element) => element.text?.startsWith?.("Looking up") ?? false));
}

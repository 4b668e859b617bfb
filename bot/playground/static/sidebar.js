// What stands at the left? The workspace, who one is, channels, and the playground's own switches.

import { h, svg, toast, ICONS } from "./dom.js";
import { avatar } from "./message.js";
import { act, directChannel, state, ui, visible } from "./store.js";

export function sidebar({ goTo, goHome, switchTo, setTheme, theme, showGuide }) {
  const me = state.users.get(state.me);
  const channels = [...state.channels.values()].filter((channel) => !channel.is_im && channel.members.includes(state.me));
  const direct = directChannel(state.me);
  return [
    h("header", { class: "workspace" }, h("strong", {}, state.team.name), h("span", {}, "playground, only on this computer")),
    h("div", { class: "who", role: "radiogroup", "aria-label": "You are" }, state.switchers.map((id, number) => {
      const user = state.users.get(id);
      return h("button", {
        type: "button", role: "radio", class: id === state.me ? "on" : "", "aria-checked": id === state.me ? "true" : "false",
        tabindex: id === state.me ? "0" : "-1", "data-key": `who ${id}`, onclick: () => switchTo(id),
        onkeydown: (event) => {
          const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
          if (!step) return;
          event.preventDefault();
          const next = state.switchers[(number + step + state.switchers.length) % state.switchers.length];
          switchTo(next);
          document.querySelector(`[data-key="who ${next}"]`)?.focus();
        },
      },
        avatar(user, "small"), h("span", {}, h("strong", {}, user.real_name), h("small", {}, user.profile.title)));
    })),
    h("h2", {}, "Channels"),
    h("ul", {}, channels.map((channel) => entry({
      key: channel.id, on: ui.place === channel.id, run: () => goTo(channel.id), icon: svg(ICONS.hash, { size: 16 }), label: channel.name, unread: unread(channel.id),
    }))),
    h("h2", {}, "Direct messages"),
    h("ul", {}, entry({
      key: "direct", on: Boolean(direct) && ui.place === direct.id, icon: avatar(null, "tiny"), label: "fivefifty", unread: direct ? unread(direct.id) : 0,
      run: async () => { const answer = await act("direct"); if (!answer.ok) return toast(answer.error);
        // The stream may tell of the new channel a moment later.
        state.channels.set(answer.channel.id, answer.channel);
        goTo(answer.channel.id);
      },
    })),
    h("h2", {}, "Apps"),
    h("ul", {}, entry({ key: "home", on: ui.place === "home", run: goHome, icon: svg(ICONS.home, { size: 16 }), label: "fivefifty home" })),
    h("div", { class: "grow" }),
    h("div", { class: "switches" },
      "dns" in state.facts ? chooser("Look-ups", state.facts.dns, [["zone", "Built-in zone"], ["system", "Real DNS"]], async (value) => {
        const answer = await act("control", { name: "dns", value });
        if (!answer.ok) toast(answer.error);
      }) : null,
      chooser("Colours", theme, [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], setTheme),
      ui.guide ? null : h("button", { type: "button", class: "plain-button", onclick: showGuide }, "Show the guide again"),
      h("p", { class: "me" }, `You are ${me.real_name}. Nothing leaves this computer${state.facts.dns === "system" ? ", but for DNS questions." : "."}`)),
  ];
}

function entry({ key, on, run, icon, label, unread: count = 0 }) {
  return h("li", {}, h("button", { type: "button", class: on ? "place on" : count ? "place new" : "place", "data-key": key, "aria-current": on ? "page" : null, onclick: run },
    icon, h("span", { class: "grow" }, label), count ? h("span", { class: "badge" }, String(count), h("span", { class: "unseen" }, " new")) : null));
}

function chooser(label, value, options, choose) {
  return h("fieldset", { class: "chooser" }, h("legend", {}, label), h("div", {}, options.map(([key, words]) =>
    h("button", { type: "button", class: key === value ? "on" : "", "aria-pressed": key === value ? "true" : "false", "data-key": `${label} ${key}`, onclick: () => choose(key) }, words))));
}

function unread(channel) {
  const seen = Number(ui.seen[`${state.me} ${channel}`] ?? ui.seen.start ?? 0);
  return visible(channel).filter((message) => Number(message.ts) > seen && message.user !== state.me && message.subtype !== "channel_join").length;
}

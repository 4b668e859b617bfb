// What does the page know, and who hears when it changes?

export const state = {
  me: null,
  team: {},
  users: new Map(),
  groups: new Map(),
  channels: new Map(),
  messages: new Map(),
  ephemerals: [],
  views: {},
  homes: {},
  commands: [],
  shortcuts: [],
  gallery: [],
  facts: {},
  switchers: [],
};

// Where the visitor is: a channel id or "home", an open thread, the tab at the right.
export const ui = { place: null, thread: null, tab: "examples", seen: {}, sent: new Map(), guide: true };

const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
}

export function changed(kind, body = {}) {
  for (const listener of listeners) listener(kind, body);
}

export function channelMessages(id) {
  if (!state.messages.has(id)) state.messages.set(id, new Map());
  return state.messages.get(id);
}

export function channelNamed(name) {
  return [...state.channels.values()].find((channel) => channel.name === name);
}

export function directChannel(userId) {
  return [...state.channels.values()].find((channel) => channel.is_im && channel.user === userId);
}

// The messages of a channel, or of one thread, that the visitor sees, oldest first.
export function visible(channelId, threadTs = null) {
  const shared = [...channelMessages(channelId).values()].filter((message) =>
    threadTs ? message.ts === threadTs || message.thread_ts === threadTs
      : !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast");
  const own = state.ephemerals.filter((message) => message.channel === channelId && message.to === state.me
    && (threadTs ? message.thread_ts === threadTs : !message.thread_ts));
  return [...shared, ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
}

export function isBot(message) {
  return message.user === state.team.bot;
}

export function actionIds(message) {
  const found = [];
  for (const block of message?.blocks ?? []) {
    for (const element of [...(block.elements ?? []), block.accessory].filter(Boolean)) if (element.action_id) found.push(element.action_id);
  }
  return found;
}

// Modals that were open before are gone, as they are when Slack is loaded again.
export async function load() {
  const answer = await fetch("/page/state");
  const fresh = await answer.json();
  Object.assign(state, {
    team: fresh.team, switchers: fresh.switchers, ephemerals: fresh.ephemerals, homes: fresh.homes,
    commands: fresh.commands, shortcuts: fresh.shortcuts, gallery: fresh.gallery, facts: fresh.facts,
    users: new Map(fresh.users.map((user) => [user.id, user])),
    groups: new Map(fresh.groups.map((group) => [group.id, group])),
    channels: new Map(fresh.channels.map((channel) => [channel.id, channel])),
    messages: new Map(),
  });
  for (const message of fresh.messages) channelMessages(message.channel).set(message.ts, message);
  state.me ??= sessionValue("me", state.switchers) ?? state.switchers[0];
}

export function listen() {
  const source = new EventSource("/page/events");
  let first = true;
  source.addEventListener("ready", async () => {
    // After a break, what happened meanwhile is unknown: read everything again.
    if (!first) { await load(); changed("all"); }
    first = false;
    changed("connection", { up: true });
  });
  source.addEventListener("message", (event) => { const { kind, body } = JSON.parse(event.data); apply(kind, body); });
  source.addEventListener("error", () => changed("connection", { up: false }));
}

function apply(kind, body) {
  switch (kind) {
    case "message": {
      const before = channelMessages(body.channel).get(body.ts);
      channelMessages(body.channel).set(body.ts, body);
      return changed("message", { message: body, before });
    }
    case "message_deleted":
      channelMessages(body.channel).delete(body.ts);
      return changed("gone", { message: body });
    case "ephemeral":
      state.ephemerals = [...state.ephemerals.filter((each) => each.ts !== body.ts), body];
      return changed("message", { message: body });
    case "ephemeral_deleted":
      state.ephemerals = state.ephemerals.filter((each) => each.ts !== body.ts);
      return changed("gone", { message: body });
    case "channel":
      state.channels.set(body.id, body);
      return changed("channel", { channel: body });
    case "views":
      state.views[body.user] = body.views;
      return changed("views", { user: body.user });
    case "home":
      state.homes[body.user] = body.view;
      return changed("home", { user: body.user });
    case "facts":
      state.facts = body;
      return changed("facts");
  }
}

// Do something as the present person. Returns the server's answer; ``ok`` says whether it worked.
export async function act(what, more = {}) {
  try {
    const answer = await fetch("/page/do", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Playground": "1" },
      body: JSON.stringify({ do: what, user: state.me, ...more }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "The playground does not answer. Is it still running?" };
  }
}

export async function upload(file, { channel, text = "", thread_ts = null }) {
  const form = new FormData();
  form.append("user", state.me);
  form.append("channel", channel);
  form.append("text", text);
  if (thread_ts) form.append("thread_ts", thread_ts);
  form.append("file", file, file.name);
  try {
    const answer = await fetch("/page/upload", { method: "POST", headers: { "X-Playground": "1" }, body: form });
    if (!answer.ok) return { ok: false, error: answer.status === 413 ? "That file is too large for the playground." : "The file could not be sent." };
    return await answer.json();
  } catch {
    return { ok: false, error: "The playground does not answer. Is it still running?" };
  }
}

export function remember(name, value) {
  try { sessionStorage.setItem(name, value); } catch { /* a browser without storage forgets */ }
}

function sessionValue(name, allowed) {
  try {
    const value = sessionStorage.getItem(name);
    return allowed.includes(value) ? value : null;
  } catch { return null; }
}

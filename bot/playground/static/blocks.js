// How does Block Kit look? One function a block, one an element; the limits are checked by the server.
//
// ``context`` says what a click does: context.act(block, element, value, node). In forms, context.fields collects what each
// input holds: "block_id action_id" → { get, block, element }.

import { h, menuButton, svg, ICONS } from "./dom.js";
import { state } from "./store.js";
import { plain, richText, textObject } from "./words.js";

let count = 0;

export function renderBlocks(blocks, context) {
  return (blocks ?? []).map((block) => {
    const draw = BLOCKS[block.type];
    const node = draw ? draw(block, context) : h("div", { class: "block-unknown" }, `The playground cannot show a ${block.type} block.`);
    node.classList.add("block", `block-${block.type}`);
    node.dataset.blockId = block.block_id ?? "";
    return node;
  });
}

const BLOCKS = {
  header: (block) => h("h3", {}, textObject(block.text)),
  divider: () => h("hr"),
  rich_text: (block) => h("div", {}, richText(block)),
  image: (block) => h("figure", {}, block.title ? h("figcaption", {}, textObject(block.title)) : null, picture(block)),
  context: (block) => h("div", {}, block.elements.map((element) =>
    element.type === "image" ? picture(element) : h("span", { class: "context-text" }, textObject(element)))),
  actions: (block, context) => h("div", { role: "group", "aria-label": "Actions" }, block.elements.map((element) => renderElement(block, element, context))),
  section: (block, context) => h("div", {},
    h("div", { class: "section-body" },
      block.text ? h("div", { class: "section-text" }, textObject(block.text)) : null,
      block.fields ? h("div", { class: "section-fields" }, block.fields.map((field) => h("div", {}, textObject(field)))) : null),
    block.accessory ? h("div", { class: "section-accessory" }, renderElement(block, block.accessory, context)) : null),
  input: (block, context) => input(block, context),
};

// The page loads nothing from other hosts, so a picture is shown as what it depicts.
function picture(image) {
  return h("span", { class: "picture", role: "img", "aria-label": image.alt_text }, svg(ICONS.file, { size: 16 }), ` ${image.alt_text}`);
}

function input(block, context) {
  const id = `field-${++count}`;
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element.type) || block.element.type.startsWith("multi_");
  const label = [...textObject(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const hint = block.hint ? h("div", { class: "hint", id: `${id}-hint` }, textObject(block.hint)) : null;
  const fault = h("div", { class: "fault", id: `${id}-fault`, role: "alert" });
  const described = [hint ? `${id}-hint` : null, `${id}-fault`].filter(Boolean).join(" ");
  const element = renderElement(block, block.element, { ...context, inputId: id, described, required: !block.optional, silent: !block.dispatch_action });
  const node = grouped
    ? h("fieldset", { "aria-describedby": described }, h("legend", {}, label), element, hint, fault)
    : h("div", {}, h("label", { for: id }, label), element, hint, fault);
  node.showFault = (words) => {
    fault.textContent = words ?? "";
    node.classList.toggle("has-fault", Boolean(words));
    node.querySelectorAll("input, select, textarea").forEach((each) => words ? each.setAttribute("aria-invalid", "true") : each.removeAttribute("aria-invalid"));
  };
  return node;
}

function renderElement(block, element, context) {
  const draw = ELEMENTS[element.type];
  if (!draw) return h("span", { class: "block-unknown" }, `The playground cannot show a ${element.type}.`);
  return draw(block, element, context);
}

const ELEMENTS = {
  image: (block, element) => picture(element),
  button: (block, element, context) => {
    const node = h("button", {
      type: "button", class: `kit-button ${element.style ?? ""}`, "data-action": element.action_id,
      "aria-label": element.accessibility_label,
      onclick: async () => {
        if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
        if (element.confirm && !(await confirm(element.confirm))) return;
        await context.act(block, element, null, node);
      },
    }, textObject(element.text));
    return node;
  },
  overflow: (block, element, context) => menuButton(
    h("button", { type: "button", class: "kit-button overflow", "aria-label": "More actions", "data-action": element.action_id }, svg(ICONS.more)),
    () => element.options.map((option) => ({
      label: plain(option.text.text)[0],
      note: option.description?.text,
      run: async () => {
        if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
        if (!element.confirm || (await confirm(element.confirm))) context.act(block, element, option.value);
      },
    }))),
  static_select: (block, element, context) => select(block, element, context, choices(element), element.initial_option?.value),
  users_select: (block, element, context) => select(block, element, context, people(), element.initial_user),
  channels_select: (block, element, context) => select(block, element, context, places(true), element.initial_channel),
  conversations_select: (block, element, context) => select(block, element, context, places(false, element.filter),
    element.initial_conversation ?? (element.default_to_current_conversation ? context.here : undefined)),
  multi_static_select: (block, element, context) => many(block, element, context, choices(element).flatMap((each) => each.options ?? [each]), (element.initial_options ?? []).map((each) => each.value)),
  multi_users_select: (block, element, context) => many(block, element, context, people(), element.initial_users ?? []),
  multi_channels_select: (block, element, context) => many(block, element, context, places(true), element.initial_channels ?? []),
  multi_conversations_select: (block, element, context) => many(block, element, context, places(false, element.filter), element.initial_conversations ?? []),
  checkboxes: (block, element, context) => many(block, element, context, element.options.map(asChoice), (element.initial_options ?? []).map((each) => each.value)),
  radio_buttons: (block, element, context) => {
    const name = `radio-${++count}`;
    let chosen = element.initial_option?.value ?? null;
    hold(block, element, context, () => chosen);
    return h("div", { class: "choices" }, element.options.map((option) => h("label", {},
      h("input", { type: "radio", name, value: option.value, checked: option.value === chosen, onchange: () => { chosen = option.value; told(block, element, context, chosen); } }),
      h("span", {}, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null))));
  },
  plain_text_input: (block, element, context) => typed(block, element, context, element.multiline ? "textarea" : "text"),
  email_text_input: (block, element, context) => typed(block, element, context, "email"),
  url_text_input: (block, element, context) => typed(block, element, context, "url"),
  number_input: (block, element, context) => typed(block, element, context, "number"),
  datepicker: (block, element, context) => picker(block, element, context, "date", element.initial_date),
  timepicker: (block, element, context) => picker(block, element, context, "time", element.initial_time),
  datetimepicker: (block, element, context) => picker(block, element, context, "datetime-local",
    element.initial_date_time ? new Date(element.initial_date_time * 1000).toISOString().slice(0, 16) : null,
    (value) => (value ? Math.floor(new Date(value).getTime() / 1000) : null)),
};

// Where an element stands on its own, its name is its placeholder.
function naming(element, context) {
  const placeholder = element.placeholder?.text;
  return context.inputId
    ? { id: context.inputId, "aria-describedby": context.described, "aria-required": context.required ? "true" : null }
    : { "aria-label": placeholder ?? element.action_id };
}

function hold(block, element, context, get) {
  context.fields?.set(`${block.block_id} ${element.action_id}`, { get, block, element });
}

function kept(block, element, context, initial) {
  return context.kept?.get(`${block.block_id} ${element.action_id}`) ?? initial;
}

async function told(block, element, context, value) {
  if (context.silent) return;
  if (element.confirm && !(await confirm(element.confirm))) return;
  context.act(block, element, value);
}

function select(block, element, context, options, initial) {
  const node = h("select", { ...naming(element, context), class: "kit-select", "data-action": element.action_id },
    h("option", { value: "" }, element.placeholder?.text ?? "Choose one"),
    options.map((each) => (each.options ? h("optgroup", { label: each.label }, each.options.map(asOption)) : asOption(each))));
  node.value = kept(block, element, context, initial) ?? "";
  hold(block, element, context, () => node.value || null);
  node.addEventListener("change", () => told(block, element, context, node.value || null));
  return node;
}

function many(block, element, context, options, initial) {
  const chosen = new Set(kept(block, element, context, initial));
  hold(block, element, context, () => options.map((each) => each.value).filter((value) => chosen.has(value)));
  return h("div", { class: "choices" }, options.map((each) => h("label", {},
    h("input", {
      type: "checkbox", value: each.value, checked: chosen.has(each.value),
      onchange: (event) => {
        if (event.target.checked) chosen.add(each.value); else chosen.delete(each.value);
        told(block, element, context, [...chosen]);
      },
    }),
    h("span", {}, each.words ?? each.label, each.note ? h("small", {}, each.note) : null))));
}

function typed(block, element, context, kind) {
  const props = { ...naming(element, context), class: "kit-text", placeholder: element.placeholder?.text, maxlength: element.max_length ?? (kind === "number" ? null : 3000), "data-action": element.action_id };
  const node = kind === "textarea" ? h("textarea", { ...props, rows: (element.initial_value ?? "").length > 200 ? "10" : "5" }) : h("input", { ...props, type: kind === "number" ? "text" : kind, inputmode: kind === "number" ? "decimal" : null });
  node.value = kept(block, element, context, element.initial_value) ?? "";
  if (element.focus_on_load) node.dataset.focus = "1";
  hold(block, element, context, () => node.value);
  if (!context.silent) node.addEventListener("keydown", (event) => { if (event.key === "Enter" && kind !== "textarea") context.act(block, element, node.value); });
  return node;
}

function picker(block, element, context, kind, initial, read = (value) => value || null) {
  const node = h("input", { ...naming(element, context), type: kind, class: "kit-text short", "data-action": element.action_id });
  node.value = initial ?? "";
  hold(block, element, context, () => read(node.value));
  node.addEventListener("change", () => told(block, element, context, read(node.value)));
  return node;
}

function choices(element) {
  if (element.option_groups) return element.option_groups.map((group) => ({ label: group.label.text, options: group.options.map(asChoice) }));
  return element.options.map(asChoice);
}

function asChoice(option) {
  return { value: option.value, label: option.text.text, words: textObject(option.text), note: option.description ? textObject(option.description) : null };
}

function asOption(each) {
  return h("option", { value: each.value }, each.label);
}

function people() {
  return [...state.users.values()].filter((user) => !user.is_bot).map((user) => ({ value: user.id, label: user.real_name }));
}

function places(publicOnly, filter) {
  const kinds = filter?.include;
  return [...state.channels.values()].filter((channel) => {
    const kind = channel.is_im ? "im" : channel.is_private ? "private" : "public";
    return (publicOnly ? kind === "public" : !kinds || kinds.includes(kind)) && channel.members.includes(state.me);
  }).map((channel) => ({ value: channel.id, label: channel.is_im ? "Direct message" : `#${channel.name}` }));
}

// Slack's confirmation dialog.
export function confirm(words) {
  return new Promise((resolve) => {
    const finish = (value) => { dialog.close(); dialog.remove(); resolve(value); };
    const dialog = h("dialog", { class: "modal confirm", "aria-labelledby": "confirm-title" },
      h("h2", { id: "confirm-title" }, textObject(words.title)),
      h("div", { class: "modal-body" }, textObject(words.text)),
      h("footer", {},
        h("button", { type: "button", class: "kit-button", onclick: () => finish(false) }, textObject(words.deny)),
        h("button", { type: "button", class: `kit-button ${words.style === "danger" ? "danger" : "primary"}`, onclick: () => finish(true) }, textObject(words.confirm))));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); finish(false); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

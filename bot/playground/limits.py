"""Which blocks and views does Slack refuse?

The rules are those of Slack's Block Kit reference (docs.slack.dev/reference/block-kit): which fields a
block, an element or a composition object has, how long each may be, and what must be unique. A field that
Slack does not know is refused as well, because Slack does. Each fault is one sentence with a JSON pointer,
worded as Slack words them: ``must be less than 151 characters [json-pointer:/blocks/0/text/text]``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.playground.refusal import Refusal

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
METADATA_BYTES = 16_384
# Slack documents no sum for one message. Measured by others (bolt-js issue 2509): 13,297 characters, of which
# each block takes about 125 beside its words.
MESSAGE_CHARACTERS = 13_297
BLOCK_OVERHEAD = 125

Rule = Callable[["Checker", Any, str], None]


def check_message_blocks(blocks: Any, pointer: str = "/blocks") -> list[dict[str, Any]]:
    """Return the blocks of a message. Raises Refusal ``invalid_blocks`` and the like."""
    checker = Checker(surface="message")
    checker.blocks(blocks, pointer, MESSAGE_BLOCKS)
    if checker.faults:
        raise Refusal("invalid_blocks", *checker.faults)
    if _letters(blocks) + BLOCK_OVERHEAD * len(blocks) > MESSAGE_CHARACTERS:
        raise Refusal("msg_blocks_too_long")
    return list(blocks)


def check_view(view: Any) -> dict[str, Any]:
    """Return a modal or a Home view. Raises Refusal ``invalid_arguments`` or ``view_too_large``."""
    checker = Checker(surface="view")
    checker.view(view, "/view")
    if checker.faults:
        raise Refusal("invalid_arguments", *checker.faults)
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise Refusal("view_too_large")
    return dict(view)


def check_metadata(metadata: Any) -> dict[str, Any]:
    """Return message metadata. Raises Refusal ``invalid_metadata_format`` or ``metadata_too_large``."""
    if metadata == {}:
        return {}
    if (
        not isinstance(metadata, dict)
        or set(metadata) - {"event_type", "event_payload", "entities"}
        or not isinstance(metadata.get("event_type"), str)
        or not metadata["event_type"]
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return metadata


class Checker:
    """Walks blocks and collects every fault, each with its pointer."""

    def __init__(self, *, surface: str) -> None:
        self.surface = surface
        self.faults: list[str] = []
        self.focused = 0

    def fault(self, words: str, pointer: str) -> None:
        self.faults.append(f"{words} [json-pointer:{pointer}]")

    def view(self, view: Any, pointer: str) -> None:
        if not self.shape(view, pointer):
            return
        kind = view.get("type")
        if kind not in ("modal", "home"):
            self.fault(f"unsupported type: {kind}", f"{pointer}/type")
            return
        rules: dict[str, Rule] = {
            "type": _anything,
            "blocks": lambda c, v, p: c.blocks(v, p, VIEW_BLOCKS),
            "private_metadata": string(3000, least=0),
            "callback_id": string(255, least=0),
            "external_id": string(255, least=0),
        }
        if kind == "modal":
            rules |= {
                "title": plain(24),
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            }
        self.fields(view, pointer, rules, ("type", "blocks", *(("title",) if kind == "modal" else ())))
        blocks = view.get("blocks")
        has_input = isinstance(blocks, list) and any(
            isinstance(block, dict) and block.get("type") == "input" for block in blocks
        )
        if kind == "modal" and has_input and not view.get("submit"):
            self.fault("missing required field: submit", f"{pointer}/submit")

    def blocks(self, blocks: Any, pointer: str, most: int) -> None:
        if not isinstance(blocks, list):
            self.fault("must provide an array", pointer)
            return
        if len(blocks) > most:
            self.fault(f"no more than {most} items allowed", pointer)
        seen: set[str] = set()
        for number, block in enumerate(blocks):
            place = f"{pointer}/{number}"
            if not self.shape(block, place):
                continue
            self.typed(block, place, _BLOCKS)
            block_id = block.get("block_id")
            if isinstance(block_id, str) and block_id in seen:
                self.fault(f"block_id already exists: {block_id}", f"{place}/block_id")
            elif isinstance(block_id, str):
                seen.add(block_id)
            self.unique_actions(block, place)

    def unique_actions(self, block: Mapping[str, Any], pointer: str) -> None:
        seen: set[str] = set()
        elements = block.get("elements")
        for number, element in enumerate(elements if isinstance(elements, list) else ()):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if action_id in seen:
                self.fault(f"action_id already exists: {action_id}", f"{pointer}/elements/{number}/action_id")
            elif isinstance(action_id, str):
                seen.add(action_id)

    def typed(
        self, value: Any, pointer: str, kinds: Mapping[str, Callable[["Checker", Any, str], None]]
    ) -> None:
        if not self.shape(value, pointer):
            return
        rule = kinds.get(value.get("type")) if isinstance(value.get("type"), str) else None
        if rule is None:
            self.fault(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        else:
            rule(self, value, pointer)

    def shape(self, value: Any, pointer: str) -> bool:
        if isinstance(value, dict):
            return True
        self.fault("must provide an object", pointer)
        return False

    def fields(
        self, value: Mapping[str, Any], pointer: str, rules: Mapping[str, Rule], required: Sequence[str] = ()
    ) -> None:
        for name in required:
            if name not in value:
                self.fault(f"missing required field: {name}", pointer)
        for name, content in value.items():
            rule = rules.get(name)
            if rule is None:
                self.fault(f"invalid additional property: {name}", pointer)
            elif content is None:
                self.fault("must not be null", f"{pointer}/{name}")
            else:
                rule(self, content, f"{pointer}/{name}")


# Rules for values. Each takes the checker, the value and its pointer.


def _anything(checker: Checker, value: Any, pointer: str) -> None:
    return


def boolean(checker: Checker, value: Any, pointer: str) -> None:
    if not isinstance(value, bool):
        checker.fault("must be a boolean", pointer)


def integer(least: int, most: int) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            checker.fault(f"must be an integer from {least} to {most}", pointer)

    return rule


def string(most: int, *, least: int = 1) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, str):
            checker.fault("must be a string", pointer)
        elif len(value) < least:
            checker.fault(f"must be more than {least - 1} characters", pointer)
        elif utf16(value) > most:
            checker.fault(f"must be less than {most + 1} characters", pointer)

    return rule


def utf16(text: str) -> int:
    """Characters as JavaScript counts them: those beyond the basic plane, such as emoji, are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def one_of(*values: str) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if value not in values:
            checker.fault(f"must be one of {', '.join(values)}", pointer)

    return rule


def address(checker: Checker, value: Any, pointer: str) -> None:
    string(3000)(checker, value, pointer)
    if isinstance(value, str) and not value.startswith(("https://", "http://", "mailto:", "slack://")):
        checker.fault("invalid url", pointer)


def items(rule: Rule, most: int, *, least: int = 1) -> Rule:
    def walk(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, list):
            checker.fault("must provide an array", pointer)
            return
        if len(value) < least:
            checker.fault(f"no less than {least} items allowed", pointer)
        if len(value) > most:
            checker.fault(f"no more than {most} items allowed", pointer)
        for number, item in enumerate(value):
            rule(checker, item, f"{pointer}/{number}")

    return walk


def plain(most: int) -> Rule:
    """A text object of type plain_text."""
    return _text(most, ("plain_text",))


def either(most: int) -> Rule:
    """A text object of type plain_text or mrkdwn."""
    return _text(most, ("plain_text", "mrkdwn"))


def _text(most: int, kinds: tuple[str, ...]) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not checker.shape(value, pointer):
            return
        kind = value.get("type")
        if kind not in kinds:
            checker.fault(f"must be a {' or '.join(kinds)} object", f"{pointer}/type")
        flag = {"emoji": boolean} if kind == "plain_text" else {"verbatim": boolean}
        checker.fields(value, pointer, {"type": _anything, "text": string(most), **flag}, ("type", "text"))

    return rule


def _object(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if checker.shape(value, pointer):
            checker.fields(value, pointer, {"type": _anything, **rules}, required)

    return rule


def _kinds(table: Mapping[str, Rule], *names: str) -> Rule:
    chosen = {name: table[name] for name in names} if names else table

    def rule(checker: Checker, value: Any, pointer: str) -> None:
        checker.typed(value, pointer, chosen)

    return rule


_CONFIRM = _object(
    {
        "title": plain(100),
        "text": either(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
_DISPATCH = _object(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)},
    ("trigger_actions_on",),
)


def _option(*, text: Rule, url: bool = False) -> Rule:
    rules: dict[str, Rule] = {"text": text, "value": string(150), "description": either(75)}
    if url:
        rules["url"] = address
    return _object(rules, ("text", "value"))


_PLAIN_OPTION = _option(text=plain(75))
_RICH_OPTION = _option(text=either(75))
_GROUP = _object({"label": plain(75), "options": items(_PLAIN_OPTION, 100)}, ("label", "options"))


def _focus(checker: Checker, value: Any, pointer: str) -> None:
    boolean(checker, value, pointer)
    if value is True:
        checker.focused += 1
        if checker.focused > 1:
            checker.fault("only one element may have focus_on_load", pointer)


def _element(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    return _object({"action_id": string(255), **rules}, required)


def _choice(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    """An element with options of its own: what is chosen at first must be one of them."""
    inner = _element(
        {"confirm": _CONFIRM, "focus_on_load": _focus, "placeholder": plain(150), **rules}, required
    )

    def rule(checker: Checker, value: Any, pointer: str) -> None:
        inner(checker, value, pointer)
        options = value.get("options")
        groups = value.get("option_groups")
        kind = value.get("type")
        if kind in ("static_select", "multi_static_select"):
            if (options is None) == (groups is None):
                checker.fault("must define either `options` or `option_groups`", pointer)
        elif kind not in ("checkboxes", "radio_buttons", "overflow"):
            return
        known = list(options) if isinstance(options, list) else []
        for group in groups if isinstance(groups, list) else ():
            if isinstance(group, dict) and isinstance(group.get("options"), list):
                known += group["options"]
        values = [option.get("value") for option in known if isinstance(option, dict)]
        if len(values) != len(set(map(str, values))):
            checker.fault("option values must be unique", pointer)
        initial = value.get("initial_options", [value["initial_option"]] if "initial_option" in value else [])
        for option in initial if isinstance(initial, list) else ():
            if option not in known:
                checker.fault("initial option must be one of the options", pointer)

    return rule


def _number(checker: Checker, value: Any, pointer: str) -> None:
    string(100)(checker, value, pointer)
    if isinstance(value, str) and _as_number(value) is None:
        checker.fault("must be a number", pointer)


def _as_number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _ordered(low: str, high: str, inner: Rule) -> Rule:
    """An element whose field ``low`` may not be above its field ``high``."""

    def rule(checker: Checker, value: Any, pointer: str) -> None:
        inner(checker, value, pointer)
        least, most = _as_number(value.get(low)), _as_number(value.get(high))
        if least is not None and most is not None and least > most:
            checker.fault(f"{low} must not be greater than {high}", pointer)

    return rule


_PICKER = {"confirm": _CONFIRM, "focus_on_load": _focus, "placeholder": plain(150)}
_FILTER = _object(
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)
_IDS = items(string(255), 100)
_CHOSEN = integer(1, 1000)


def _initial_words(checker: Checker, value: Any, pointer: str) -> None:
    string(3000, least=0)(checker, value, pointer)


_TEXT_INPUT = {
    "placeholder": plain(150),
    "initial_value": _initial_words,
    "dispatch_action_config": _DISPATCH,
    "focus_on_load": _focus,
}

_ELEMENTS: dict[str, Rule] = {
    "button": _element(
        {
            "text": plain(75),
            "value": string(2000, least=0),
            "url": address,
            "style": one_of("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
        },
        ("text",),
    ),
    "overflow": _choice(
        {"options": items(_option(text=plain(75), url=True), 5)},
        ("options",),
    ),
    "static_select": _choice(
        {
            "options": items(_PLAIN_OPTION, 100),
            "option_groups": items(_GROUP, 100),
            "initial_option": _PLAIN_OPTION,
        }
    ),
    "multi_static_select": _choice(
        {
            "options": items(_PLAIN_OPTION, 100),
            "option_groups": items(_GROUP, 100),
            "initial_options": items(_PLAIN_OPTION, 100),
            "max_selected_items": _CHOSEN,
        }
    ),
    "external_select": _element(
        {**_PICKER, "min_query_length": integer(0, 100), "initial_option": _PLAIN_OPTION}
    ),
    "users_select": _element({**_PICKER, "initial_user": string(255)}),
    "multi_users_select": _element({**_PICKER, "initial_users": _IDS, "max_selected_items": _CHOSEN}),
    "channels_select": _element({**_PICKER, "initial_channel": string(255), "response_url_enabled": boolean}),
    "multi_channels_select": _element({**_PICKER, "initial_channels": _IDS, "max_selected_items": _CHOSEN}),
    "conversations_select": _element(
        {
            **_PICKER,
            "initial_conversation": string(255),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        }
    ),
    "multi_conversations_select": _element(
        {
            **_PICKER,
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "max_selected_items": _CHOSEN,
            "filter": _FILTER,
        }
    ),
    "checkboxes": _choice(
        {"options": items(_RICH_OPTION, 10), "initial_options": items(_RICH_OPTION, 10)}, ("options",)
    ),
    "radio_buttons": _choice(
        {"options": items(_RICH_OPTION, 10), "initial_option": _RICH_OPTION}, ("options",)
    ),
    "datepicker": _element({**_PICKER, "initial_date": string(10)}),
    "timepicker": _element({**_PICKER, "initial_time": string(5), "timezone": string(100)}),
    "datetimepicker": _element(
        {
            "confirm": _CONFIRM,
            "focus_on_load": _focus,
            "initial_date_time": integer(1_000_000_000, 9_999_999_999),
        }
    ),
    "plain_text_input": _ordered(
        "min_length",
        "max_length",
        _element(
            {
                **_TEXT_INPUT,
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
    ),
    "email_text_input": _element(_TEXT_INPUT),
    "url_text_input": _element(_TEXT_INPUT),
    "number_input": _ordered(
        "min_value",
        "max_value",
        _element(
            {
                **_TEXT_INPUT,
                "is_decimal_allowed": boolean,
                "min_value": _number,
                "max_value": _number,
            },
            ("is_decimal_allowed",),
        ),
    ),
    "file_input": _element({"filetypes": items(string(50), 100), "max_files": integer(1, 10)}),
    "image": _object(
        {"image_url": address, "alt_text": string(2000)},
        ("image_url", "alt_text"),
    ),
}

_CHOICES = (
    "overflow",
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
)
_MULTIPLE = (
    "multi_static_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
)
_IN_SECTION = _kinds(_ELEMENTS, "button", "image", *_CHOICES, *_MULTIPLE)
_IN_ACTIONS = _kinds(_ELEMENTS, "button", "datetimepicker", *_CHOICES)
_IN_INPUT = _kinds(
    _ELEMENTS,
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "file_input",
    "datetimepicker",
    *_MULTIPLE,
    *(name for name in _CHOICES if name != "overflow"),
)

# rich_text

_STYLE = _object(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_INLINE: dict[str, Rule] = {
    "text": _object({"text": string(MESSAGE_CHARACTERS), "style": _STYLE}, ("text",)),
    "link": _object(
        {"url": address, "text": string(MESSAGE_CHARACTERS), "unsafe": boolean, "style": _STYLE}, ("url",)
    ),
    "user": _object({"user_id": string(255), "style": _STYLE}, ("user_id",)),
    "usergroup": _object({"usergroup_id": string(255), "style": _STYLE}, ("usergroup_id",)),
    "channel": _object({"channel_id": string(255), "style": _STYLE}, ("channel_id",)),
    "broadcast": _object({"range": one_of("here", "channel", "everyone")}, ("range",)),
    "emoji": _object({"name": string(255), "unicode": string(255), "style": _STYLE}, ("name",)),
    "date": _object(
        {
            "timestamp": integer(0, 9_999_999_999),
            "format": string(255),
            "url": address,
            "fallback": string(255),
            "style": _STYLE,
        },
        ("timestamp", "format"),
    ),
    "color": _object({"value": string(20)}, ("value",)),
}
_WORDS = items(_kinds(_INLINE), 1000, least=0)
_SECTION = _object({"elements": _WORDS}, ("elements",))
_RICH: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": _object(
        {
            "elements": items(_kinds({"rich_text_section": _SECTION}), 1000),
            "style": one_of("bullet", "ordered"),
            "indent": integer(0, 8),
            "offset": integer(0, 10_000),
            "border": integer(0, 1),
        },
        ("elements", "style"),
    ),
    "rich_text_preformatted": _object(
        {
            "elements": items(_kinds(_INLINE, "text", "link"), 1000),
            "border": integer(0, 1),
            "language": string(50),
        },
        ("elements",),
    ),
    "rich_text_quote": _object({"elements": _WORDS, "border": integer(0, 1)}, ("elements",)),
}


def _section(checker: Checker, value: Any, pointer: str) -> None:
    _block(
        {
            "text": either(3000),
            "fields": items(either(2000), 10),
            "accessory": _IN_SECTION,
            "expand": boolean,
        }
    )(checker, value, pointer)
    if "text" not in value and "fields" not in value:
        checker.fault("must define either `text` or `fields`", pointer)


def _image(checker: Checker, value: Any, pointer: str) -> None:
    _block(
        {"image_url": address, "alt_text": string(2000), "title": plain(2000)},
        ("image_url", "alt_text"),
    )(checker, value, pointer)


def _block(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    return _object({"block_id": string(255), **rules}, required)


_CONTEXT_ITEM_TEXT = either(3000)


def _context_item(checker: Checker, value: Any, pointer: str) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        _ELEMENTS["image"](checker, value, pointer)
    else:
        _CONTEXT_ITEM_TEXT(checker, value, pointer)


_BLOCKS: dict[str, Rule] = {
    "header": _block({"text": plain(150)}, ("text",)),
    "section": _section,
    "context": _block({"elements": items(_context_item, 10)}, ("elements",)),
    "actions": _block({"elements": items(_IN_ACTIONS, 25)}, ("elements",)),
    "divider": _block({}),
    "image": _image,
    "rich_text": _block({"elements": items(_kinds(_RICH), 1000)}, ("elements",)),
    "input": _block(
        {
            "label": plain(2000),
            "element": _IN_INPUT,
            "hint": plain(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        ("label", "element"),
    ),
}


def _letters(value: Any) -> int:
    """How many characters of words a tree of blocks holds."""
    if isinstance(value, dict):
        return sum(
            utf16(content) if name == "text" and isinstance(content, str) else _letters(content)
            for name, content in value.items()
        )
    if isinstance(value, list):
        return sum(map(_letters, value))
    return 0

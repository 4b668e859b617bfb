"""Which elements and words does Slack take inside a block?"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground.rules import (
    Checker,
    Rule,
    address,
    boolean,
    either,
    integer,
    items,
    kinds_of,
    object_of,
    one_of,
    plain,
    string,
)

# Slack documents no sum for one message. Measured by others (bolt-js issue 2509): 13,297 characters, of which
# each block takes about 125 beside its words.
MESSAGE_CHARACTERS = 13_297

_CONFIRM = object_of(
    {
        "title": plain(100),
        "text": either(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
_DISPATCH = object_of(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)},
    ("trigger_actions_on",),
)


def _option(*, text: Rule, url: bool = False) -> Rule:
    rules: dict[str, Rule] = {"text": text, "value": string(150), "description": either(75)}
    if url:
        rules["url"] = address
    return object_of(rules, ("text", "value"))


_PLAIN_OPTION = _option(text=plain(75))
_RICH_OPTION = _option(text=either(75))
_GROUP = object_of({"label": plain(75), "options": items(_PLAIN_OPTION, 100)}, ("label", "options"))


def _focus(checker: Checker, value: Any, pointer: str) -> None:
    boolean(checker, value, pointer)
    if value is True:
        checker.focused += 1
        if checker.focused > 1:
            checker.fault("only one element may have focus_on_load", pointer)


def _element(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    return object_of({"action_id": string(255), **rules}, required)


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
_FILTER = object_of(
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

ELEMENTS: dict[str, Rule] = {
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
    "image": object_of(
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
IN_SECTION = kinds_of(ELEMENTS, "button", "image", *_CHOICES, *_MULTIPLE)
IN_ACTIONS = kinds_of(ELEMENTS, "button", "datetimepicker", *_CHOICES)
IN_INPUT = kinds_of(
    ELEMENTS,
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

_STYLE = object_of(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_INLINE: dict[str, Rule] = {
    "text": object_of({"text": string(MESSAGE_CHARACTERS), "style": _STYLE}, ("text",)),
    "link": object_of(
        {"url": address, "text": string(MESSAGE_CHARACTERS), "unsafe": boolean, "style": _STYLE}, ("url",)
    ),
    "user": object_of({"user_id": string(255), "style": _STYLE}, ("user_id",)),
    "usergroup": object_of({"usergroup_id": string(255), "style": _STYLE}, ("usergroup_id",)),
    "channel": object_of({"channel_id": string(255), "style": _STYLE}, ("channel_id",)),
    "broadcast": object_of({"range": one_of("here", "channel", "everyone")}, ("range",)),
    "emoji": object_of({"name": string(255), "unicode": string(255), "style": _STYLE}, ("name",)),
    "date": object_of(
        {
            "timestamp": integer(0, 9_999_999_999),
            "format": string(255),
            "url": address,
            "fallback": string(255),
            "style": _STYLE,
        },
        ("timestamp", "format"),
    ),
    "color": object_of({"value": string(20)}, ("value",)),
}
_WORDS = items(kinds_of(_INLINE), 1000, least=0)
_SECTION = object_of({"elements": _WORDS}, ("elements",))
RICH: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": object_of(
        {
            "elements": items(kinds_of({"rich_text_section": _SECTION}), 1000),
            "style": one_of("bullet", "ordered"),
            "indent": integer(0, 8),
            "offset": integer(0, 10_000),
            "border": integer(0, 1),
        },
        ("elements", "style"),
    ),
    "rich_text_preformatted": object_of(
        {
            "elements": items(kinds_of(_INLINE, "text", "link"), 1000),
            "border": integer(0, 1),
            "language": string(50),
        },
        ("elements",),
    ),
    "rich_text_quote": object_of({"elements": _WORDS, "border": integer(0, 1)}, ("elements",)),
}

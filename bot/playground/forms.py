"""What does a form hold when a person has filled it in?

Turns plain values into the ``state`` of a view or message and into the ``actions`` of a click, in Slack's
shapes, and says what Slack's client would not let a person submit.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.playground.store import Json

TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")

# Element types that hold one id or date: the field of the state, and the field of the initial value.
_SINGLE = {
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MULTIPLE = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
_ONE_OPTION = ("static_select", "radio_buttons", "external_select", "overflow")
_MANY_OPTIONS = ("checkboxes", "multi_static_select")


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block with each interactive element that stands in it."""
    for block in blocks:
        match block.get("type"):
            case "input":
                yield block, block["element"]
            case "actions":
                for element in block["elements"]:
                    yield block, element
            case "section" if "accessory" in block and block["accessory"]["type"] != "image":
                yield block, block["accessory"]


def find(blocks: Sequence[Json], action_id: str) -> tuple[Json, Json]:
    """The block and the element with this action_id. Raises LookupError naming those that are there."""
    for block, element in elements(blocks):
        if element["action_id"] == action_id:
            return block, element
    there = ", ".join(element["action_id"] for _, element in elements(blocks)) or "none"
    raise LookupError(f"no element {action_id!r}; there are: {there}")


def state(blocks: Sequence[Json], values: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    """The ``values`` of a state, by block_id and action_id.

    ``values`` maps an action_id or block_id to text, an option's value, an id, or a list of these. Elements
    that it does not name keep their initial value. Raises LookupError for a name or option that is not there.
    """
    left = set(values)
    result: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] in ("button", "overflow"):
            continue
        key = next((key for key in (element["action_id"], block["block_id"]) if key in values), None)
        given = _INITIAL if key is None else values[key]
        left.discard(key or "")
        result.setdefault(block["block_id"], {})[element["action_id"]] = _value(element, given)
    if left:
        raise LookupError(f"no input {sorted(left)[0]!r} in this form")
    return result


def action(block: Json, element: Json, value: Any = None) -> Json:
    """One entry of ``actions``: a button pressed, or an element set to ``value``."""
    base = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        pressed = {**base, "text": element["text"]}
        return {**pressed, "value": element["value"]} if "value" in element else pressed
    return {**base, **_value(element, value)}


def faults(blocks: Sequence[Json], values: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What Slack's client says before it lets a person submit: block_id → sentence."""
    found = {}
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        entry = values.get(block["block_id"], {}).get(element["action_id"], {})
        content = next((value for name, value in entry.items() if name != "type"), None)
        if content in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif element["type"] in TYPED and (words := _typed_fault(element, str(content))):
            found[block["block_id"]] = words
    return found


_INITIAL = object()


def _value(element: Json, given: Any) -> Json:
    kind = element["type"]
    initial = given is _INITIAL
    if kind in TYPED:
        text = element.get("initial_value") if initial else given
        return {"type": kind, "value": None if text in (None, "") else str(text)}
    if kind in _ONE_OPTION:
        option = element.get("initial_option") if initial else _option(element, given)
        return {"type": kind, "selected_option": option}
    if kind in _MANY_OPTIONS:
        wanted = () if given is None else given
        options = (
            element.get("initial_options", []) if initial else [_option(element, each) for each in wanted]
        )
        return {"type": kind, "selected_options": options}
    if kind in _SINGLE:
        field, first = _SINGLE[kind]
        return {"type": kind, field: element.get(first) if initial else (given or None)}
    if kind in _MULTIPLE:
        field, first = _MULTIPLE[kind]
        return {"type": kind, field: element.get(first, []) if initial else list(given or ())}
    return {"type": kind, "files": []}


def _option(element: Json, value: Any) -> Json | None:
    if value in (None, ""):
        return None
    options = list(element.get("options", ()))
    for group in element.get("option_groups", ()):
        options += group["options"]
    for option in options:
        if value in (option["value"], option):
            return dict(option)
    if element["type"] == "external_select" and isinstance(value, dict):
        return dict(value)
    raise LookupError(f"no option {value!r} in {element['action_id']}")


def _typed_fault(element: Json, text: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < least:
        return f"Please enter at least {least} characters."
    if len(text) > most:
        return f"Please enter at most {most} characters."
    if element["type"] == "email_text_input" and "@" not in text.strip("@"):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not text.startswith(("http://", "https://")):
        return "Please enter a valid URL."
    if element["type"] == "number_input":
        try:
            number = float(text) if element["is_decimal_allowed"] else int(text)
        except ValueError:
            return "Please enter a number."
        low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
        if not low <= number <= high:
            return f"Please enter a number from {element.get('min_value')} to {element.get('max_value')}."
    return None

"""Which blocks and views does Slack refuse?

The rules are those of Slack's Block Kit reference (docs.slack.dev/reference/block-kit): which fields a
block, an element or a composition object has, how long each may be, and what must be unique. A field that
Slack does not know is refused as well, because Slack does. Each fault is one sentence with a JSON pointer,
worded as Slack words them: ``must be less than 151 characters [json-pointer:/blocks/0/text/text]``.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground.elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION, MESSAGE_CHARACTERS, RICH
from bot.playground.refusal import Refusal
from bot.playground.rules import (
    Checker,
    Rule,
    address,
    anything,
    boolean,
    either,
    items,
    kinds_of,
    object_of,
    plain,
    string,
    utf16,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
METADATA_BYTES = 16_384
BLOCK_OVERHEAD = 125
"""What each block takes of MESSAGE_CHARACTERS beside its words."""


def check_message_blocks(blocks: Any, pointer: str = "/blocks") -> list[dict[str, Any]]:
    """Return the blocks of a message. Raises Refusal ``invalid_blocks`` and the like."""
    checker = Checker()
    _blocks(checker, blocks, pointer, MESSAGE_BLOCKS)
    if checker.faults:
        raise Refusal("invalid_blocks", *checker.faults)
    if _letters(blocks) + BLOCK_OVERHEAD * len(blocks) > MESSAGE_CHARACTERS:
        raise Refusal("msg_blocks_too_long")
    return list(blocks)


def check_view(view: Any) -> dict[str, Any]:
    """Return a modal or a Home view. Raises Refusal ``invalid_arguments`` or ``view_too_large``."""
    checker = Checker()
    _view(checker, view, "/view")
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


def _view(checker: Checker, view: Any, pointer: str) -> None:
    if not checker.shape(view, pointer):
        return
    kind = view.get("type")
    if kind not in ("modal", "home"):
        checker.fault(f"unsupported type: {kind}", f"{pointer}/type")
        return
    rules: dict[str, Rule] = {
        "type": anything,
        "blocks": lambda c, v, p: _blocks(c, v, p, VIEW_BLOCKS),
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
    checker.fields(view, pointer, rules, ("type", "blocks", *(("title",) if kind == "modal" else ())))
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if kind == "modal" and has_input and not view.get("submit"):
        checker.fault("missing required field: submit", f"{pointer}/submit")


def _blocks(checker: Checker, blocks: Any, pointer: str, most: int) -> None:
    if not isinstance(blocks, list):
        checker.fault("must provide an array", pointer)
        return
    if len(blocks) > most:
        checker.fault(f"no more than {most} items allowed", pointer)
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        place = f"{pointer}/{number}"
        if not checker.shape(block, place):
            continue
        checker.typed(block, place, _BLOCKS)
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            checker.fault(f"block_id already exists: {block_id}", f"{place}/block_id")
        elif isinstance(block_id, str):
            seen.add(block_id)
        _unique_actions(checker, block, place)


def _unique_actions(checker: Checker, block: Mapping[str, Any], pointer: str) -> None:
    seen: set[str] = set()
    elements = block.get("elements")
    for number, element in enumerate(elements if isinstance(elements, list) else ()):
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id in seen:
            checker.fault(f"action_id already exists: {action_id}", f"{pointer}/elements/{number}/action_id")
        elif isinstance(action_id, str):
            seen.add(action_id)


def _section(checker: Checker, value: Any, pointer: str) -> None:
    _block(
        {
            "text": either(3000),
            "fields": items(either(2000), 10),
            "accessory": IN_SECTION,
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
    return object_of({"block_id": string(255), **rules}, required)


_CONTEXT_ITEM_TEXT = either(3000)


def _context_item(checker: Checker, value: Any, pointer: str) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](checker, value, pointer)
    else:
        _CONTEXT_ITEM_TEXT(checker, value, pointer)


_BLOCKS: dict[str, Rule] = {
    "header": _block({"text": plain(150)}, ("text",)),
    "section": _section,
    "context": _block({"elements": items(_context_item, 10)}, ("elements",)),
    "actions": _block({"elements": items(IN_ACTIONS, 25)}, ("elements",)),
    "divider": _block({}),
    "image": _image,
    "rich_text": _block({"elements": items(kinds_of(RICH), 1000)}, ("elements",)),
    "input": _block(
        {
            "label": plain(2000),
            "element": IN_INPUT,
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

"""What does the form of "Draft reply" look like? A letter to choose, to edit, to copy and to mark as sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.blocks import text as t
from bot.slack.blocks.text import Block
from bot.tickets.reply import Draft, Letter, addressee

REPLY = "reply_form"
CHOOSE = "reply_letter"
LETTER_BLOCK = "letter"
_BODY = 3000
"""Slack's limit for a text that stands in a field already."""
_LABELS = ("Text", "Text, second part", "Text, third part", "Text, fourth part")


def reply_form(number: int, letters: Sequence[Letter], written: Draft) -> Block:
    """The form with one letter in it. The field's name changes with the letter: Slack keeps what was typed
    in a field of the same name."""
    options = [_option(letter) for letter in letters]
    parts = _parts(t.clean(written.body))
    blocks: list[Block] = [
        {
            "type": "section",
            "block_id": LETTER_BLOCK,
            "text": t.plain("To whom?"),
            "accessory": {
                "type": "static_select",
                "action_id": CHOOSE,
                "options": options,
                "initial_option": _option(written.letter),
            },
        },
        _field(
            f"subject_{written.letter}", "Subject", t.clip(t.clean(written.subject), 300), multiline=False
        ),
        *(
            _field(f"body_{written.letter}_{place}", label, part, multiline=True)
            for place, (label, part) in enumerate(zip(_LABELS, parts, strict=False))
        ),
        t.context("Copy it into your mail program and send it from there. I send nothing by myself."),
    ]
    return {
        "type": "modal",
        "callback_id": REPLY,
        "title": t.plain("Draft reply", 24),
        "submit": t.plain("Mark as sent", 24),
        "close": t.plain("Close", 24),
        "private_metadata": json.dumps({"ticket": number, "letter": written.letter.value}),
        "blocks": blocks,
    }


def letter_of(view: Mapping[str, Any]) -> Letter:
    """The letter that a submitted form holds."""
    return Letter(json.loads(view["private_metadata"])["letter"])


def _parts(body: str) -> list[str]:
    """A long letter in several fields, each within Slack's limit, cut between lines where that is possible."""
    parts: list[str] = []
    rest = body
    while t.clip(rest, _BODY) != rest and len(parts) < len(_LABELS) - 1:
        room = t.clip(rest, _BODY)[:-1]
        end = room.rfind("\n") + 1 or len(room)
        parts.append(rest[:end].rstrip("\n"))
        rest = rest[end:]
    return [*parts, t.clip(rest, _BODY)]


def _option(letter: Letter) -> Block:
    return {"text": t.plain(addressee(letter), t.OPTION_LIMIT), "value": letter.value}


def _field(block_id: str, label: str, words: str, *, multiline: bool) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": t.plain(label),
        "element": {
            "type": "plain_text_input",
            "action_id": "value",
            "multiline": multiline,
            "initial_value": words,
        },
    }

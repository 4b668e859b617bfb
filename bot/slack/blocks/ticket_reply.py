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


def reply_form(number: int, letters: Sequence[Letter], written: Draft) -> Block:
    """The form with one letter in it. The field's name changes with the letter: Slack keeps what was typed
    in a field of the same name."""
    options = [_option(letter) for letter in letters]
    body = t.clip(t.clean(written.body), _BODY)
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
        _field(f"body_{written.letter}", "Text", body, multiline=True),
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

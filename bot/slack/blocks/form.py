"""What does the form of ``/bounce`` look like, and what was typed into it?"""

from collections.abc import Mapping
from typing import Any

from bot.slack.blocks import text as t
from bot.slack.blocks.text import Block

DIAGNOSE = "diagnose_form"
CHECK = "check_form"
TEXT_BLOCK = "bounce_text"
TEXT_ACTION = "text"


def diagnose_form(private_metadata: str) -> Block:
    """Return the view. ``private_metadata`` says where the answer goes, at most 3,000 characters."""
    field = {
        "type": "plain_text_input",
        "action_id": TEXT_ACTION,
        "multiline": True,
        "max_length": 3000,
        "focus_on_load": True,
        "placeholder": t.plain("550 5.1.1 <someone@example.org>: Recipient address rejected", 150),
    }
    return {
        "type": "modal",
        "callback_id": DIAGNOSE,
        "private_metadata": private_metadata,
        "title": t.plain("Explain a bounce", 24),
        "submit": t.plain("Explain", 24),
        "close": t.plain("Cancel", 24),
        "blocks": [
            {
                "type": "input",
                "block_id": TEXT_BLOCK,
                "label": t.plain("The text of the bounce"),
                "hint": t.plain(
                    "Longer than 3,000 characters? Send me the mail as an .eml file in a direct message."
                ),
                "element": field,
            },
            t.context("Only you will see the answer; it has a button to share it."),
        ],
    }


def check_form(private_metadata: str) -> Block:
    """Return the view of ``/bounce check``. ``private_metadata`` as for ``diagnose_form``."""
    field = {
        "type": "plain_text_input",
        "action_id": TEXT_ACTION,
        "multiline": True,
        "max_length": 3000,
        "focus_on_load": True,
        "placeholder": t.plain("jane@example.org\nexample.org\n203.0.113.9", 150),
    }
    return {
        "type": "modal",
        "callback_id": CHECK,
        "private_metadata": private_metadata,
        "title": t.plain("Check before you send", 24),
        "submit": t.plain("Check", 24),
        "close": t.plain("Cancel", 24),
        "blocks": [
            {
                "type": "input",
                "block_id": TEXT_BLOCK,
                "label": t.plain("Addresses, domains or IP addresses, one a line"),
                "hint": t.plain(
                    "A domain and the IP address of its server together are checked by SPF, too."
                ),
                "element": field,
            },
            t.context("Only you will see the result."),
        ],
    }


def pasted_text(view: Mapping[str, Any]) -> str:
    """Return what was typed into a submitted form; empty when nothing was."""
    value = view["state"]["values"].get(TEXT_BLOCK, {}).get(TEXT_ACTION, {}).get("value")
    return str(value or "").strip()

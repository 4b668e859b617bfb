"""What do the forms of ``/bounce`` and ``/bounce check`` look like, and what was typed into them?"""

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
    return _form(
        DIAGNOSE,
        private_metadata,
        title="Explain a bounce",
        submit="Explain",
        example="550 5.1.1 <someone@example.org>: Recipient address rejected",
        label="The text of the bounce",
        hint="Longer than 3,000 characters? Send me the mail as an .eml file in a direct message.",
        below="Only you will see the answer; it has a button to share it.",
    )


def check_form(private_metadata: str) -> Block:
    """Return the view of ``/bounce check``. ``private_metadata`` as for ``diagnose_form``."""
    return _form(
        CHECK,
        private_metadata,
        title="Check before you send",
        submit="Check",
        example="jane@example.org\nexample.org\n203.0.113.9",
        label="Addresses, domains or IP addresses, one a line",
        hint="A domain and the IP address of its server together are checked by SPF, too.",
        below="Only you will see the result.",
    )


def _form(
    callback_id: str,
    private_metadata: str,
    *,
    title: str,
    submit: str,
    example: str,
    label: str,
    hint: str,
    below: str,
) -> Block:
    field = {
        "type": "plain_text_input",
        "action_id": TEXT_ACTION,
        "multiline": True,
        "max_length": 3000,
        "focus_on_load": True,
        "placeholder": t.plain(example, 150),
    }
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": private_metadata,
        "title": t.plain(title, 24),
        "submit": t.plain(submit, 24),
        "close": t.plain("Cancel", 24),
        "blocks": [
            {
                "type": "input",
                "block_id": TEXT_BLOCK,
                "label": t.plain(label),
                "hint": t.plain(hint),
                "element": field,
            },
            t.context(below),
        ],
    }


def pasted_text(view: Mapping[str, Any]) -> str:
    """Return what was typed into a submitted form; empty when nothing was."""
    value = view["state"]["values"].get(TEXT_BLOCK, {}).get(TEXT_ACTION, {}).get("value")
    return str(value or "").strip()

"""How does other people's text go into Block Kit, literally and within Slack's limits?

Slack reads ``mrkdwn``: ``<@U1>``, ``<!channel>``, ``*bold*`` and links live there. Nothing that was pasted
goes into it. ``plain_text`` and ``rich_text`` show every character as it is, so pasted text stands there
alone. A message's own ``text`` is mrkdwn without a choice, so ``escape`` is for it.

Limits: https://docs.slack.dev/reference/block-kit/blocks (each function names the one it keeps).
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.core.render import CHECK

Block = dict[str, Any]
"""One block, element or object, as Slack's JSON has it."""

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
CONTEXT_LIMIT = 2000
FALLBACK_LIMIT = 3000
"""Nobody reads more in a notification, and ``chat.update`` takes 4,000."""
RICH_TEXT_LIMIT = 3000
"""Characters of one rich_text element that we allow ourselves; Slack documents none."""
MESSAGE_WEIGHT = 12_500
"""The most that ``weight`` may give for one message. Slack answers ``msg_blocks_too_long`` at about 13,200;
it documents no number (https://github.com/slackapi/bolt-js/issues/2509)."""


def clip(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters as Slack counts them; what was cut ends in ``…``.

    Slack counts UTF-16 units as JavaScript does, so a character outside the basic plane counts twice.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    if _units(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - 1
    for character in text:
        room -= 2 if ord(character) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def commands(text: str) -> str:
    """Return ``text`` with our command as one types it in Slack: ``/bounce check`` for ``fivefifty check``."""
    return text.replace(CHECK, "/bounce check ")


def clean(text: str) -> str:
    """Return ``text`` without what no reader can see: control characters, lone surrogates, text-direction
    overrides.

    New lines and tabs stay. A direction override could make an address read as another one.
    """
    return "".join(
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t" or unicodedata.category(character) not in _UNSEEN
        if character not in _DIRECTION
    )


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    """Return a ``plain_text`` object: literal, never empty (Slack refuses that), emoji names left as they
    are."""
    return {"type": "plain_text", "text": clip(clean(text).strip() or "-", limit), "emoji": False}


def header(text: str) -> Block:
    """Return a ``header`` block, at most 150 characters, on one line."""
    return {"type": "header", "text": plain(" ".join(text.split()), HEADER_LIMIT)}


def section(text: str) -> Block:
    """Return a ``section`` block whose text is literal, at most 3,000 characters."""
    return {"type": "section", "text": plain(text, SECTION_LIMIT)}


def context(*lines: str) -> Block:
    """Return a ``context`` block of literal lines, at most 10, each at most 2,000 characters."""
    return {
        "type": "context",
        "elements": [plain(line, CONTEXT_LIMIT) for line in lines[:10] if line.strip()] or [plain("-")],
    }


def divider() -> Block:
    """Return a ``divider`` block."""
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    """Return an ``actions`` block. At most 25 elements: Slack refuses more."""
    if not 1 <= len(elements) <= 25:
        raise ValueError("an actions block takes 1 to 25 elements")
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str, action_id: str, value: str, *, style: str | None = None, url: str | None = None
) -> Block:
    """Return a ``button``. ``value`` at most 2,000 characters, ``style`` primary or danger."""
    if len(value) > 2000:
        raise ValueError("a button's value takes at most 2,000 characters")
    made: Block = {
        "type": "button",
        "text": plain(label, BUTTON_LIMIT),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        made["style"] = style
    if url is not None:
        made["url"] = url
    return made


def words(text: str, *, bold: bool = False, code: bool = False) -> Block:
    """Return a rich_text ``text`` element: literal whatever it holds."""
    made: Block = {"type": "text", "text": clip(clean(text) or " ", RICH_TEXT_LIMIT)}
    style = {name: True for name, wanted in (("bold", bold), ("code", code)) if wanted}
    if style:
        made["style"] = style
    return made


def link(text: str, url: str) -> Block:
    """Return a rich_text ``link`` element. Only for addresses of our own knowledge base, never for pasted
    ones."""
    return {"type": "link", "url": clip(url, 3000), "text": clip(clean(text) or url, 300)}


def paragraph(*elements: Block) -> Block:
    """Return a ``rich_text_section``, the paragraph of a rich_text block."""
    return {"type": "rich_text_section", "elements": list(elements) or [words("-")]}


def preformatted(text: str) -> Block:
    """Return a ``rich_text_preformatted``: pasted text in a fixed-width box, copyable as it was."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def numbered(items: Sequence[str]) -> Block:
    """Return an ordered ``rich_text_list`` of literal items."""
    return {
        "type": "rich_text_list",
        "style": "ordered",
        "elements": [paragraph(words(item)) for item in items],
    }


def bullets(items: Sequence[str]) -> Block:
    """Return an unordered ``rich_text_list`` of literal items."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [paragraph(words(item)) for item in items],
    }


def rich(*elements: Block) -> Block:
    """Return a ``rich_text`` block of paragraphs, lists and boxes."""
    return {"type": "rich_text", "elements": list(elements)}


def weight(blocks: Sequence[Block]) -> int:
    """Return how heavy blocks are for Slack: the characters of their texts, and 125 for each block."""
    return _letters(list(blocks)) + 125 * len(blocks)


def escape(text: str) -> str:
    """Return ``text`` for a message's own ``text``, where only ``&``, ``<`` and ``>`` are active.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback(text: str) -> str:
    """Return a message's ``text``: escaped, on one line, never empty, cut between characters.

    ``chat.update`` takes at most 4,000 characters of it, escapes included.
    """
    line = " ".join(clean(text).split())
    escaped = escape(line)
    while len(escaped) > FALLBACK_LIMIT:
        line = clip(line, max(1, len(line) * FALLBACK_LIMIT // len(escaped) - 1))
        escaped = escape(line)
    return escaped or "-"


_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def _units(text: str) -> int:
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def _letters(value: Any) -> int:
    if isinstance(value, str):
        return _units(value)
    if isinstance(value, dict):
        return sum(_letters(inner) for name, inner in value.items() if name not in _UNCOUNTED)
    return sum(_letters(inner) for inner in value) if isinstance(value, list) else 0


_UNCOUNTED = frozenset({"type", "style", "action_id", "block_id", "value"})

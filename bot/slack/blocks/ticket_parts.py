"""Which parts do the ticket surfaces share: people, times, facts, states in words?

Pure functions of values. Whatever was pasted or written by a person is literal.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.slack.blocks import text as t
from bot.slack.blocks.answer import confidence_words
from bot.slack.blocks.text import Block
from bot.tickets.ticket import Status, Ticket, Urgency

Titles = Mapping[str, str]
"""Each cause's slug and its title in plain words."""

URGENCY_WORDS = {Urgency.LOW: "Low", Urgency.NORMAL: "Normal", Urgency.HIGH: "High: customers cannot work"}
STATUS_WORDS = {
    Status.DIAGNOSED: "Answered",
    Status.ESCALATED: "Waiting for an agent",
    Status.CLAIMED: "Claimed",
    Status.RESOLVED: "Resolved",
}

CHANNEL_SELECT: Block = {
    "type": "conversations_select",
    "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
}
"""A channel of the workspace's own, a private one too: a picker of channels alone would not show those."""

_USER = re.compile(r"[UW][A-Z0-9]{2,20}\Z")


def person(user: str | None) -> Block:
    """A Slack user as Slack shows them; anything else literally. Never calls anybody by pasted text."""
    if user and _USER.match(user):
        return {"type": "user", "user_id": user}
    return t.words(user or "nobody")


def selected_channel(entry: Mapping[str, Any]) -> str | None:
    """What was chosen with CHANNEL_SELECT."""
    chosen = entry.get("selected_conversation")
    return str(chosen) if chosen else None


def moment(at: datetime) -> Block:
    """A time in each reader's own time zone."""
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": f"{at:%Y-%m-%d %H:%M} UTC",
    }


def cause_words(cause: str, titles: Titles) -> str:
    return titles.get(cause, cause)


def sure(ticket: Ticket) -> str:
    return confidence_words(ticket.confidence)


def codes(ticket: Ticket) -> str:
    return " ".join(code for code in (ticket.reply, ticket.enhanced) if code)


def error_text(ticket: Ticket) -> str:
    """The words of the bounce that matter most."""
    results = ticket.diagnosis.get("results") or [{}]
    return str(ticket.diagnosis.get("matched_text") or results[0].get("text") or ticket.masked_text)


def fact_lines(ticket: Ticket, titles: Titles, providers: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is known of a case, as (name, value), in the order of worth."""
    facts: Mapping[str, Any] = ticket.diagnosis.get("facts") or {}
    pairs = [
        ("Cause", f"{cause_words(ticket.cause, titles)} ({ticket.cause}, {sure(ticket)})"),
        ("Codes", codes(ticket)),
        ("Recipient", ticket.recipient or ticket.recipient_domain),
        ("Sender", ticket.sender or ticket.sender_domain),
        ("Sending IP", ticket.sending_ip),
        ("Refused by", facts.get("rejecting_host")),
        ("Provider", providers.get(ticket.provider or "", ticket.provider)),
        ("Blocklist", facts.get("blocklist")),
    ]
    return [(name, t.clip(str(value), 200)) for name, value in pairs if value]


def named_list(pairs: Sequence[tuple[str, str]]) -> Block:
    """A bulleted list of names in bold with literal values."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [t.paragraph(t.words(f"{name}: ", bold=True), t.words(value)) for name, value in pairs],
    }


def fitting(make: Callable[[Callable[[int], int]], list[Block]]) -> list[Block]:
    """The blocks that ``make`` gives, with long texts cut shorter until they fit one message.

    ``make`` gets a function from a limit for a text to the limit that counts.
    """
    for scale in (1.0, 0.6, 0.35, 0.15):
        blocks = make(lambda limit, scale=scale: max(40, int(limit * scale)))  # type: ignore[misc] # bound now
        if t.weight(blocks) <= t.MESSAGE_WEIGHT:
            break
    return blocks


def shorten(text: str, limit: int) -> str:
    """``text`` on one line in at most ``limit`` characters: its first sentence where that is short enough,
    else cut between words."""
    text = " ".join(t.clean(text).split())
    if t.clip(text, limit) == text:
        return text
    first = re.split(r"(?<=[.!?:;])\s", text, maxsplit=1)[0]
    if len(first) >= 20 and t.clip(first, limit) == first:
        return first
    cut = t.clip(text, limit)[:-1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:-") + "…"

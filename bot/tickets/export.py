"""What does a ticket look like outside: as JSON, as a CSV row?"""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from bot.tickets.store import TicketStore
from bot.tickets.ticket import Event, Filters, Status, Ticket

COLUMNS = (
    "team",
    "number",
    "status",
    "cause",
    "family",
    "party",
    "confidence",
    "variant",
    "reply",
    "enhanced",
    "provider",
    "mx_provider",
    "recipient",
    "recipient_domain",
    "sender",
    "sender_domain",
    "sending_ip",
    "channel",
    "post_ts",
    "thread_ts",
    "asker",
    "owner",
    "urgency",
    "external_url",
    "resolved_by",
    "outcome_cause",
    "outcome_helped",
    "outcome_text",
    "created_at",
    "updated_at",
    "escalated_at",
    "claimed_at",
    "resolved_at",
    "erased_at",
    "masked_text",
)
"""The columns of the CSV export, and the fields of the JSON ones."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BATCH = 500


def flat(ticket: Ticket) -> dict[str, Any]:
    """One ticket with plain values, as ``COLUMNS`` names them. Times are ISO 8601 in UTC."""
    outcome = ticket.outcome
    values: dict[str, Any] = {
        "urgency": ticket.escalation.urgency.value if ticket.escalation else None,
        "outcome_cause": outcome.cause if outcome else None,
        "outcome_helped": outcome.helped if outcome else None,
        "outcome_text": outcome.text if outcome else None,
    }
    return {name: _plain(values[name] if name in values else getattr(ticket, name)) for name in COLUMNS}


def full(ticket: Ticket, events: tuple[Event, ...]) -> dict[str, Any]:
    """One ticket with its diagnosis, the escalation form and its whole history."""
    escalation = ticket.escalation
    return {
        **flat(ticket),
        "escalation": None
        if escalation is None
        else {
            "who": escalation.who,
            "steps": list(escalation.steps),
            "note": escalation.note,
            "urgency": escalation.urgency.value,
            "contact": escalation.contact,
            "collected": [{"what": what, "said": said} for what, said in escalation.collected],
        },
        "diagnosis": dict(ticket.diagnosis),
        "events": [
            {
                "seq": event.seq,
                "at": _plain(event.at),
                "who": event.who,
                "what": event.what,
                "source": event.source,
                "detail": dict(event.detail),
            }
            for event in events
        ],
    }


async def all_tickets(store: TicketStore, team: str, status: Status | None = None) -> AsyncIterator[Ticket]:
    """Every ticket of a workspace, the newest first, read in batches: any number fits in memory."""
    async for batch in _batches(store, team, status):
        for ticket in batch:
            yield ticket


async def all_histories(
    store: TicketStore, team: str, status: Status | None = None
) -> AsyncIterator[tuple[Ticket, tuple[Event, ...]]]:
    """The same with the whole history of each."""
    async for batch in _batches(store, team, status):
        events = await store.events_of(team, [ticket.number for ticket in batch])
        for ticket in batch:
            yield ticket, events[ticket.number]


async def _batches(store: TicketStore, team: str, status: Status | None) -> AsyncIterator[tuple[Ticket, ...]]:
    filters = Filters(statuses=(status,) if status else ())
    before: int | None = None
    while True:
        page = await store.list_tickets(team, filters, before=before, limit=_BATCH)
        yield page.tickets
        if page.next is None:
            return
        before = page.next


def csv_line(values: Mapping[str, Any] | None = None) -> str:
    """One line of the CSV export, its end included; the head line without ``values``.

    A cell that a spreadsheet would take for a formula begins with an apostrophe
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    buffer = io.StringIO()
    cells = COLUMNS if values is None else [_cell(values[name]) for name in COLUMNS]
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Status):
        return value.value
    return value

"""How does a row become a value, and a diagnosis the columns of a ticket?"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from bot.tickets.ticket import Escalation, Event, Outcome, Post, Status, Ticket, Urgency


def as_ticket(row: RowMapping) -> Ticket:
    """The value of a row of ``tickets``."""
    escalation = row["escalation"]
    outcome = (row["outcome_cause"], row["outcome_help"], row["outcome_text"])
    return Ticket(
        **{name: row[name] for name in _SAME},
        status=Status(row["status"]),
        escalation=None
        if escalation is None
        else Escalation(
            who=escalation["who"],
            steps=tuple(escalation["steps"]),
            note=escalation["note"],
            urgency=Urgency(escalation["urgency"]),
            contact=escalation["contact"],
            collected=tuple((entry[0], entry[1]) for entry in escalation.get("collected", ())),
        ),
        outcome=Outcome(cause=outcome[0], helped=outcome[1] or "", text=outcome[2] or "")
        if any(outcome)
        else None,
    )


_OTHER = ("status", "escalation", "outcome")
_SAME = tuple(name for name in Ticket.__dataclass_fields__ if name not in _OTHER)


def as_event(row: Any) -> Event:
    """The value of a row of ``events``."""
    return Event(seq=row.seq, at=row.at, who=row.who, what=row.what, source=row.source, detail=row.detail)


def as_post(team: str, channel: str, post_ts: str, row: Any, *, joined: bool) -> Post:
    """The value of a row of ``joins`` or ``tickets``, or of a Ticket."""
    return Post(
        team=team,
        channel=channel,
        post_ts=post_ts,
        thread_ts=row.thread_ts,
        message_ts=row.message_ts,
        asker=row.asker,
        number=row.number,
        joined=joined,
    )


def columns_of(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a ticket that say what the contract's object says."""
    diagnosis = clean(diagnosis)
    facts = diagnosis["facts"]
    return {
        "cause": diagnosis["cause"],
        "family": diagnosis["family"],
        "party": diagnosis["party"],
        "confidence": diagnosis["confidence"],
        "variant": diagnosis["variant"],
        "reply": facts["reply"],
        "enhanced": facts["status"],
        "provider": facts["provider"],
        "recipient": _cut(facts["recipient"], 320),
        "recipient_domain": _cut(facts["recipient_domain"], 255),
        "sender": _cut(facts["sender"], 320),
        "sender_domain": _cut(facts["sender_domain"], 255),
        "sending_ip": _cut(facts["sending_ip"], 64),
        "diagnosis": diagnosis,
    }


def _cut(text: str | None, limit: int) -> str | None:
    return None if text is None else text[:limit]


def clean(value: Any) -> Any:
    """``value`` without NULs and lone surrogates, which PostgreSQL cannot keep. Walks into containers."""
    if isinstance(value, str):
        return (
            value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
            if not value.isascii() or "\x00" in value
            else value
        )
    if isinstance(value, Mapping):
        return {key: clean(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [clean(entry) for entry in value]
    return value

"""What is a ticket, as the rest of the program sees it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    DIAGNOSED = "diagnosed"
    ESCALATED = "escalated"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


class Urgency(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    """What the requester wrote in the escalation form."""

    who: str
    steps: tuple[str, ...] = ()
    """Steps of the answer that were tried."""
    note: str = ""
    urgency: Urgency = Urgency.NORMAL
    contact: str = ""
    """How to reach the customer."""
    collected: tuple[tuple[str, str], ...] = ()
    """What the cause asks to collect, with what the requester wrote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a ticket ended."""

    cause: str | None = None
    """What it really was."""
    helped: str = ""
    """The step that helped."""
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One diagnosed message. Facts that name a person are None once they have been erased."""

    team: str
    number: int
    status: Status
    version: int
    """How many events it has."""
    channel: str
    post_ts: str
    thread_ts: str
    message_ts: str | None
    """The bot's answer in the thread."""
    asker: str
    cause: str
    family: str
    party: str
    confidence: float
    variant: str | None
    reply: str | None
    enhanced: str | None
    """Enhanced status code, RFC 3463."""
    provider: str | None
    """Who refused, as the text says."""
    mx_provider: str | None
    """Who runs the recipient's mail, by the MX of its domain; None while that is not known."""
    recipient: str | None
    recipient_domain: str | None
    sender: str | None
    sender_domain: str | None
    sending_ip: str | None
    diagnosis: Mapping[str, Any] = field(repr=False)
    """The contract's JSON object: ``bot.core.wire.from_json`` makes a Diagnosis of it."""
    raw_text: str | None = field(repr=False)
    masked_text: str = field(repr=False)
    fingerprint: str
    owner: str | None
    escalation: Escalation | None
    escalation_channel: str | None
    escalation_ts: str | None
    """The post in the escalation channel."""
    external_url: str | None
    resolved_by: str | None
    outcome: Outcome | None
    created_at: datetime
    updated_at: datetime
    escalated_at: datetime | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    erased_at: datetime | None

    @property
    def open(self) -> bool:
        return self.status is not Status.RESOLVED


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A message that was diagnosed: the one that opened a ticket, or a later one of the same bounce."""

    team: str
    channel: str
    post_ts: str
    thread_ts: str
    message_ts: str | None
    asker: str
    number: int
    joined: bool
    """True: the ticket was opened by another person's post."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One change of a ticket."""

    seq: int
    at: datetime
    who: str
    """A Slack user, or ``fivefifty``."""
    what: str
    source: str
    """From where: button, form, command, cli, job, message."""
    detail: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Which tickets to list. Every field that is set must fit."""

    statuses: tuple[Status, ...] = ()
    open_only: bool = False
    person: str | None = None
    """The asker or the owner."""
    owner: str | None = None
    cause: str | None = None
    domain: str | None = None
    """Of the recipient or the sender."""
    address: str | None = None
    """The recipient or the sender."""
    ip: str | None = None
    words: str = ""
    """All of them in the masked text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Tickets with the newest first, and the number to pass as ``before`` for the next page."""

    tickets: tuple[Ticket, ...]
    next: int | None

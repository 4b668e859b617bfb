"""What may happen to a ticket, and what follows from it?

``decide`` looks at a ticket's state and an action and returns the new state: None when the action
has already happened, so that the same button twice does nothing twice. It raises TicketError, a
sentence for the person who clicked, when it cannot happen. ``replay`` derives the state from the
events alone; the two must agree.

diagnosed ──escalate──▶ escalated ──claim──▶ claimed ──resolve──▶ resolved
    │                       │                   │ hand_over            │
    └───────resolve─────────┴──────resolve──────┘                      │
    ◀─────────────────────────────reopen (within 30 days)──────────────┘
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import TicketError
from bot.tickets.ticket import Event, Status

REOPEN_WITHIN = timedelta(days=30)


class Action(StrEnum):
    ESCALATE = "escalate"
    CLAIM = "claim"
    HAND_OVER = "hand_over"
    RESOLVE = "resolve"
    REOPEN = "reopen"


_ACTIONS = frozenset(action.value for action in Action)


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """The part of a ticket that actions change."""

    number: int
    status: Status = Status.DIAGNOSED
    escalated: bool = False
    """It has been escalated once; a reopened ticket goes back there."""
    owner: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None


def decide(state: State, action: Action, *, who: str, at: datetime, to: str | None = None) -> State | None:
    """Return the state after the action, or None when nothing is left to do.

    ``to`` is the person who gets the ticket in a hand-over. Raises TicketError.
    """
    name = f"Ticket {state.number}"
    if action is Action.ESCALATE:
        if state.status is Status.RESOLVED:
            raise TicketError(f"{name} is resolved. Reopen it first.")
        if state.status is not Status.DIAGNOSED:
            return None
        return replace(state, status=Status.ESCALATED, escalated=True)

    if action is Action.CLAIM:
        if state.status is Status.DIAGNOSED:
            raise TicketError(f"{name} has not been escalated yet.")
        if state.status is Status.RESOLVED:
            raise TicketError(f"{name} has already been resolved{by(state.resolved_by)}.")
        if state.status is Status.CLAIMED:
            if state.owner == who:
                return None
            raise TicketError(f"{name} has already been claimed{by(state.owner)}.")
        return replace(state, status=Status.CLAIMED, owner=who)

    if action is Action.HAND_OVER:
        if to is None:
            raise TicketError("Choose who gets the ticket.")
        if state.status is not Status.CLAIMED:
            raise TicketError(f"{name} is {state.status.value}; only a claimed ticket can be handed over.")
        return None if state.owner == to else replace(state, owner=to)

    if action is Action.RESOLVE:
        if state.status is Status.RESOLVED:
            if state.resolved_by == who:
                return None
            raise TicketError(f"{name} has already been resolved{by(state.resolved_by)}.")
        return replace(state, status=Status.RESOLVED, resolved_by=who, resolved_at=at)

    if state.status is not Status.RESOLVED or state.resolved_at is None:
        return None
    if at - state.resolved_at > REOPEN_WITHIN:
        raise TicketError(
            f"{name} was resolved more than {REOPEN_WITHIN.days} days ago. Paste the bounce again."
        )
    status = Status.CLAIMED if state.owner else Status.ESCALATED if state.escalated else Status.DIAGNOSED
    return replace(state, status=status, resolved_by=None, resolved_at=None)


def replay(number: int, events: Iterable[Event]) -> State:
    """Derive the state of a ticket from its events. Raises ValueError for a history that cannot be."""
    state = State(number=number)
    for event in events:
        if event.what not in _ACTIONS:
            continue
        to = event.detail.get("to")
        after = decide(state, Action(event.what), who=event.who, at=event.at, to=to)
        if after is None:
            raise ValueError(f"event {event.seq} of ticket {number} changed nothing")
        state = after
    return state


def by(person: str | None) -> str:
    """Who it was, for a sentence; nothing for somebody who was forgotten ("deleted"): Slack's ids are capitals."""
    return f" by <@{person}>" if person and person.isupper() else ""

"""What may happen to a ticket: the pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import TicketError
from bot.tickets.life import Action, State, decide, replay
from bot.tickets.ticket import Event, Status

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW = State(number=7)
ESCALATED = State(number=7, status=Status.ESCALATED, escalated=True)
CLAIMED = State(number=7, status=Status.CLAIMED, escalated=True, owner="U1")
RESOLVED = State(
    number=7, status=Status.RESOLVED, escalated=True, owner="U1", resolved_by="U1", resolved_at=NOW
)
SOLVED = State(number=7, status=Status.RESOLVED, resolved_by="U1", resolved_at=NOW)


@pytest.mark.parametrize(
    ("before", "action", "who", "status", "owner"),
    [
        pytest.param(NEW, Action.ESCALATE, "U1", Status.ESCALATED, None, id="escalate"),
        pytest.param(NEW, Action.RESOLVE, "U1", Status.RESOLVED, None, id="solved at once"),
        pytest.param(ESCALATED, Action.CLAIM, "U2", Status.CLAIMED, "U2", id="claim"),
        pytest.param(ESCALATED, Action.RESOLVE, "U2", Status.RESOLVED, None, id="resolve unclaimed"),
        pytest.param(CLAIMED, Action.HAND_OVER, "U1", Status.CLAIMED, "U9", id="hand over"),
        pytest.param(CLAIMED, Action.RESOLVE, "U1", Status.RESOLVED, "U1", id="resolve"),
        pytest.param(RESOLVED, Action.REOPEN, "U3", Status.CLAIMED, "U1", id="reopen a claimed one"),
        pytest.param(SOLVED, Action.REOPEN, "U3", Status.DIAGNOSED, None, id="reopen a solved one"),
    ],
)
def test_what_may_happen(before: State, action: Action, who: str, status: Status, owner: str | None) -> None:
    """Each allowed action leads to its state."""
    after = decide(before, action, who=who, at=NOW, to="U9")

    assert after is not None
    assert (after.status, after.owner) == (status, owner)


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("U0BOB", "Ticket 7 has already been claimed by <@U0BOB>."),
        ("deleted", "Ticket 7 has already been claimed."),
    ],
    ids=["a person", "somebody who was forgotten"],
)
def test_who_was_first(owner: str, said: str) -> None:
    """The other one is told the name, where there is one."""
    with pytest.raises(TicketError) as told:
        decide(replace(CLAIMED, owner=owner), Action.CLAIM, who="U2", at=NOW)

    assert str(told.value) == said


@pytest.mark.parametrize(
    ("before", "action", "who"),
    [
        pytest.param(ESCALATED, Action.ESCALATE, "U2", id="escalate"),
        pytest.param(CLAIMED, Action.ESCALATE, "U2", id="escalate a claimed one"),
        pytest.param(CLAIMED, Action.CLAIM, "U1", id="claim"),
        pytest.param(CLAIMED, Action.HAND_OVER, "U1", id="hand over to the owner"),
        pytest.param(RESOLVED, Action.RESOLVE, "U1", id="resolve"),
        pytest.param(NEW, Action.REOPEN, "U1", id="reopen an open one"),
    ],
)
def test_twice_is_once(before: State, action: Action, who: str) -> None:
    """The same person's same button again changes nothing, and is no error."""
    assert decide(before, action, who=who, at=NOW, to="U1") is None


@pytest.mark.parametrize(
    ("before", "action", "word"),
    [
        pytest.param(NEW, Action.CLAIM, "not been escalated", id="claim too early"),
        pytest.param(CLAIMED, Action.CLAIM, "already been claimed by <@U1>", id="claim another's"),
        pytest.param(RESOLVED, Action.CLAIM, "already been resolved by <@U1>", id="claim a resolved one"),
        pytest.param(RESOLVED, Action.RESOLVE, "already been resolved by <@U1>", id="resolve another's"),
        pytest.param(RESOLVED, Action.ESCALATE, "Reopen it first", id="escalate a resolved one"),
        pytest.param(ESCALATED, Action.HAND_OVER, "only a claimed ticket", id="hand over too early"),
    ],
)
def test_the_loser_is_told(before: State, action: Action, word: str) -> None:
    """Who was second reads what happened and who was first."""
    with pytest.raises(TicketError, match=word):
        decide(before, action, who="U2", at=NOW, to="U9")


@pytest.mark.parametrize(("late", "works"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_reopen_within_thirty_days(late: timedelta, works: bool) -> None:
    """The last moment counts; the one after does not."""
    at = NOW + timedelta(days=30) + late
    if works:
        assert decide(RESOLVED, Action.REOPEN, who="U1", at=at) is not None
    else:
        with pytest.raises(TicketError, match="30 days"):
            decide(RESOLVED, Action.REOPEN, who="U1", at=at)


def test_replay() -> None:
    """The events alone say what the state is; notes change nothing."""
    steps = [("diagnosed", "U1"), ("escalate", "U1"), ("claim", "U2"), ("note", "U2"), ("resolve", "U2")]
    events = [
        Event(seq=seq, at=NOW, who=who, what=what, source="button", detail={})
        for seq, (what, who) in enumerate(steps, 1)
    ]
    state = replay(7, events)

    assert (state.status, state.owner, state.resolved_by) == (Status.RESOLVED, "U2", "U2")


def test_replay_of_a_history_that_cannot_be() -> None:
    """A doubled transition is found out."""
    events = [Event(seq=seq, at=NOW, who="U1", what="escalate", source="form", detail={}) for seq in (1, 2)]
    with pytest.raises(ValueError, match="event 2"):
        replay(7, events)

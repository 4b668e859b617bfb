"""Promises: made with the change, kept once, taken by one."""

import asyncio
from datetime import timedelta

from bot.tickets.reminders import LEASE, NEWS, mark_sent, take_due
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Escalation
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.tickets.conftest import Clock
from tests.tickets.samples import a_ticket


async def kinds(store: TicketStore, clock: Clock) -> list[str]:
    return sorted(due.kind for due in await take_due(store.engine, clock()))


async def with_targets(store: TicketStore, clock: Clock) -> None:
    settings = WorkspaceSettings(first_response_minutes=30, resolution_minutes=120)
    await save_settings(store.engine, "T1", settings, who="U9", at=clock())
    await a_ticket(store)
    await store.escalate("T1", 1, Escalation(who="U1"))


async def test_a_change_promises_its_news(store: TicketStore, clock: Clock) -> None:
    """After a minute, what was not told is due."""
    await a_ticket(store)
    await store.resolve("T1", 1, "U1")
    at_once = await kinds(store, clock)
    clock.pass_by(minutes=1)

    assert at_once == []
    assert await kinds(store, clock) == [NEWS]


async def test_a_promise_is_taken_by_one(store: TicketStore, clock: Clock) -> None:
    """Of ten that look at once, one gets it; who dies with it loses it after the lease."""
    await a_ticket(store)
    await store.resolve("T1", 1, "U1")
    clock.pass_by(minutes=2)
    taken = await asyncio.gather(*(take_due(store.engine, clock()) for _ in range(10)))
    clock.now += LEASE
    again = await take_due(store.engine, clock())

    assert sum(map(len, taken)) == 1
    assert len(again) == 1


async def test_a_kept_promise_is_not_due_again(store: TicketStore, clock: Clock) -> None:
    """Neither after the lease nor later."""
    await a_ticket(store)
    await store.resolve("T1", 1, "U1")
    clock.pass_by(minutes=2)
    for due in await take_due(store.engine, clock()):
        await mark_sent(store.engine, due, clock())
    clock.now += LEASE + timedelta(days=1)

    assert await take_due(store.engine, clock()) == ()


async def test_a_renewed_promise_stays_open(store: TicketStore, clock: Clock) -> None:
    """Keeping the older one does not count for the newer one."""
    await a_ticket(store)
    await store.resolve("T1", 1, "U1")
    clock.pass_by(minutes=2)
    old = await take_due(store.engine, clock())
    await store.reopen("T1", 1, "U1")
    await mark_sent(store.engine, old[0], clock())
    clock.pass_by(minutes=2)

    assert await kinds(store, clock) == [NEWS]


async def test_targets(store: TicketStore, clock: Clock) -> None:
    """Both targets are counted from the escalation, in business hours: Monday, nine o'clock."""
    await with_targets(store, clock)
    clock.pass_by(minutes=29)
    early = await kinds(store, clock)
    clock.pass_by(minutes=2)
    first = await kinds(store, clock)
    clock.pass_by(hours=2)
    second = await kinds(store, clock)

    assert early == [NEWS]
    assert "first_response" in first
    assert "resolution" in second


async def test_quiet_when_claimed(store: TicketStore, clock: Clock) -> None:
    """A claim takes the first promise back; the second is not pushed out by it."""
    await with_targets(store, clock)
    clock.pass_by(minutes=20)
    await store.claim("T1", 1, "U2")
    clock.pass_by(minutes=101)

    assert await kinds(store, clock) == [NEWS, "resolution"]


async def test_silent_when_resolved(store: TicketStore, clock: Clock) -> None:
    """Nothing but the news of it is left."""
    await with_targets(store, clock)
    await store.resolve("T1", 1, "U2")
    clock.pass_by(days=10)

    assert await kinds(store, clock) == [NEWS]


async def test_a_reopened_ticket_is_watched_again(store: TicketStore, clock: Clock) -> None:
    """Its targets begin anew."""
    await with_targets(store, clock)
    await store.resolve("T1", 1, "U2")
    await store.reopen("T1", 1, "U1")
    clock.pass_by(days=3)

    assert await kinds(store, clock) == ["first_response", NEWS, "resolution"]


async def test_a_late_ticket_that_is_reopened_is_watched_again(store: TicketStore, clock: Clock) -> None:
    """What was said before it was resolved is no reason for silence afterwards."""
    await with_targets(store, clock)
    clock.pass_by(days=3)
    for due in await take_due(store.engine, clock()):
        await mark_sent(store.engine, due, clock())
    await store.resolve("T1", 1, "U2")
    await store.reopen("T1", 1, "U1")
    clock.pass_by(days=3)

    assert await kinds(store, clock) == ["first_response", NEWS, "resolution"]

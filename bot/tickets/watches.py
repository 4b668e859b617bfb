"""What is looked up again and again for a workspace, and when is the next look?

A row of ``watches`` is a promise that outlives a crash. A ``case`` is watched until it is mended or its time
is over; something of the team's ``own`` is watched daily until somebody cancels it. ``state`` holds what the
last look has found, so that only a change is told; ``look`` names the look that wrote it, so that of two looks
that overlap one counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.errors import TicketError
from bot.core.model import Answer
from bot.core.wire import answer_as_json, answer_from_json
from bot.tickets.database import reading, writing
from bot.tickets.rows import clean
from bot.tickets.tables import WATCHES
from bot.tickets.transaction import lock_workspace

MOST = 40
"""Watches of one workspace: as many as one list shows."""
LEASE = timedelta(minutes=5)


class Kind(StrEnum):
    """How long something is watched."""

    CASE = "case"
    """Until it is mended, or its time is over."""
    OWN = "own"
    """Until somebody cancels it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """One thing that is watched."""

    team: str
    id: str
    kind: Kind
    subject: str
    """The domain or IP address."""
    channel: str
    thread_ts: str | None
    number: int | None
    """The ticket, where a case has one."""
    who: str
    answers: tuple[Answer, ...]
    """Of a case, what is still wrong; of one's own, what the last look has found."""
    look: str | None
    """The key of the look that wrote ``answers`` last; None before the first."""
    told_ts: str | None
    """The message that last told of a change for the worse."""
    set_at: datetime
    due_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where changes are told, and what they are about."""

    channel: str
    thread_ts: str | None = None
    number: int | None = None


async def set_watch(
    engine: AsyncEngine,
    team: str,
    kind: Kind,
    subject: str,
    place: Place,
    *,
    who: str,
    answers: Sequence[Answer],
    at: datetime,
    due_at: datetime,
    ends_at: datetime | None = None,
) -> tuple[Watch, bool]:
    """Watch something. Returns the watch, and False when it was there already (the older one stays).

    Raises TicketError when the workspace has MOST watches.
    """
    subject = clean(subject)[:255]
    async with writing(engine) as connection:
        # Holds the workspace's row: nobody sets another one between the count and the insert.
        await lock_workspace(connection, team, at)
        there = await _same(connection, team, kind, subject, place)
        if there is not None:
            return there, False
        count = await connection.scalar(
            select(func.count()).select_from(WATCHES).where(WATCHES.c.team == team)
        )
        if (count or 0) >= MOST:
            raise TicketError(
                f"This workspace watches {MOST} things already, which is the most. Cancel one first: /bounce watch"
            )
        row = await connection.execute(
            insert(WATCHES)
            .values(
                team=team,
                id=uuid4().hex,
                kind=kind.value,
                subject=subject,
                channel=place.channel,
                thread_ts=place.thread_ts,
                number=place.number,
                who=who,
                state=_state(answers),
                set_at=at,
                due_at=due_at,
                ends_at=ends_at,
            )
            .returning(WATCHES)
        )
        return _watch(row.mappings().one()), True


async def watches_of(engine: AsyncEngine, team: str) -> tuple[Watch, ...]:
    """Everything that a workspace watches, the oldest first."""
    async with reading(engine) as connection:
        rows = await connection.execute(
            select(WATCHES).where(WATCHES.c.team == team).order_by(WATCHES.c.set_at, WATCHES.c.id)
        )
        return tuple(_watch(row) for row in rows.mappings())


async def watch_of(engine: AsyncEngine, team: str, id: str) -> Watch | None:
    """One watch; None when it has ended or never was."""
    async with reading(engine) as connection:
        found = await connection.execute(select(WATCHES).where(WATCHES.c.team == team, WATCHES.c.id == id))
        row = found.mappings().first()
    return None if row is None else _watch(row)


async def watch_there(engine: AsyncEngine, team: str, kind: Kind, subject: str, place: Place) -> Watch | None:
    """The watch of the same thing in the same place, if there is one. Of a ticket, whatever its subject."""
    async with reading(engine) as connection:
        return await _same(connection, team, kind, clean(subject)[:255], place)


async def end_watch(engine: AsyncEngine, team: str, id: str) -> bool:
    """End a watch: cancelled, mended or given up. Returns False when it had ended already."""
    async with writing(engine) as connection:
        done = await connection.execute(delete(WATCHES).where(WATCHES.c.team == team, WATCHES.c.id == id))
        return bool(done.rowcount)


async def end_watches(connection: AsyncConnection, team: str, *, number: int | None = None) -> None:
    """End all watches of a workspace, or of one ticket, within a transaction: what they hold is erased."""
    statement = delete(WATCHES).where(WATCHES.c.team == team)
    await connection.execute(statement if number is None else statement.where(WATCHES.c.number == number))


async def end_watches_at(connection: AsyncConnection, team: str, place: Place) -> None:
    """End the watches of a ticket in one thread, within a transaction: those of its other threads go on."""
    here = (WATCHES.c.number == place.number, WATCHES.c.channel == place.channel)
    await connection.execute(
        delete(WATCHES).where(WATCHES.c.team == team, *here, WATCHES.c.thread_ts == place.thread_ts)
    )


async def take_due(engine: AsyncEngine, at: datetime, *, limit: int) -> tuple[Watch, ...]:
    """Take the watches whose next look is due, of all workspaces. Of several processes, each gets others.

    Whoever takes one has it for LEASE; then another may try.
    """
    async with writing(engine) as connection:
        query = (
            select(WATCHES)
            .where(WATCHES.c.due_at <= at, WATCHES.c.leased_until.is_(None) | (WATCHES.c.leased_until <= at))
            .order_by(WATCHES.c.due_at)
            .limit(limit)
        )
        rows = (await connection.execute(query.with_for_update(skip_locked=True))).mappings().all()
        for row in rows:
            await connection.execute(
                update(WATCHES)
                .where(WATCHES.c.team == row["team"], WATCHES.c.id == row["id"])
                .values(leased_until=at + LEASE)
            )
    return tuple(_watch(row) for row in rows)


async def put_off(engine: AsyncEngine, watch: Watch, due_at: datetime) -> None:
    """The look that was due is recorded as a job; this is when the next one is due."""
    async with writing(engine) as connection:
        await connection.execute(
            update(WATCHES)
            .where(WATCHES.c.team == watch.team, WATCHES.c.id == watch.id, WATCHES.c.due_at == watch.due_at)
            .values(due_at=due_at, leased_until=None)
        )


async def keep_look(
    engine: AsyncEngine, team: str, id: str, *, look: str, after: str | None, answers: Sequence[Answer]
) -> bool:
    """Keep what the look ``look`` has found, if none has been kept since the look ``after``. Repeatable.

    Returns False when another look was first, or the watch has ended: then there is nothing to tell.
    """
    unchanged = WATCHES.c.look.is_(None) if after is None else WATCHES.c.look == after
    async with writing(engine) as connection:
        done = await connection.execute(
            update(WATCHES)
            .where(WATCHES.c.team == team, WATCHES.c.id == id, unchanged | (WATCHES.c.look == look))
            .values(state=_state(answers), look=look)
        )
        return bool(done.rowcount)


async def put_back(engine: AsyncEngine, team: str, id: str, *, look: str, answers: Sequence[Answer]) -> None:
    """Forget what a look has found about these questions: ``answers`` are those from before it. Repeatable."""
    async with writing(engine) as connection:
        which = (WATCHES.c.team == team, WATCHES.c.id == id)
        row = (await connection.execute(select(WATCHES).where(*which).with_for_update())).mappings().first()
        if row is None:
            return
        earlier = {answer.question: answer for answer in answers}
        kept = {answer.question: answer for answer in _watch(row).answers}
        await connection.execute(
            update(WATCHES).where(*which).values(state=_state([*(kept | earlier).values()]), look=look)
        )


async def note_told(engine: AsyncEngine, team: str, id: str, ts: str | None) -> None:
    """Remember which message has told of a change for the worse."""
    async with writing(engine) as connection:
        await connection.execute(
            update(WATCHES).where(WATCHES.c.team == team, WATCHES.c.id == id).values(told_ts=ts)
        )


async def _same(
    connection: AsyncConnection, team: str, kind: Kind, subject: str, place: Place
) -> Watch | None:
    thread = (
        WATCHES.c.thread_ts.is_(None) if place.thread_ts is None else WATCHES.c.thread_ts == place.thread_ts
    )
    query = select(WATCHES).where(WATCHES.c.team == team, WATCHES.c.channel == place.channel, thread)
    if place.number is not None:
        query = query.where(WATCHES.c.number == place.number)
    else:
        query = query.where(
            WATCHES.c.number.is_(None), WATCHES.c.kind == kind.value, WATCHES.c.subject == subject
        )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _watch(row)


def _state(answers: Sequence[Answer]) -> dict[str, Any]:
    return {"answers": clean([answer_as_json(answer) for answer in answers])}


def _watch(row: RowMapping) -> Watch:
    return Watch(
        team=row["team"],
        id=row["id"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        channel=row["channel"],
        thread_ts=row["thread_ts"],
        number=row["number"],
        who=row["who"],
        answers=tuple(answer_from_json(answer) for answer in row["state"]["answers"]),
        look=row["look"],
        told_ts=row["told_ts"],
        set_at=row["set_at"],
        due_at=row["due_at"],
        ends_at=row["ends_at"],
    )

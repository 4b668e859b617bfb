"""What has to be said about a ticket, and when?

A row of ``reminders`` is a promise that outlives a crash: it is written in the transaction that makes it
necessary and done when ``sent_at`` is set. Kinds: ``news`` (show the ticket's new state where it is
shown), ``first_response`` and ``resolution`` (a target has passed), each with ``…_on_call`` for the second
step, to the on-call group; ``redraw`` (the escalation post shows what was erased) and ``forget`` (so do the
answers).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.tickets.database import upsert, writing
from bot.tickets.hours import due
from bot.tickets.tables import REMINDERS
from bot.tickets.ticket import Status
from bot.tickets.workspace import settings_in

NEWS = "news"
FIRST_RESPONSE = "first_response"
FIRST_RESPONSE_ON_CALL = "first_response_on_call"
RESOLUTION = "resolution"
RESOLUTION_ON_CALL = "resolution_on_call"
REDRAW = "redraw"
FORGET = "forget"
TARGETS = (FIRST_RESPONSE, FIRST_RESPONSE_ON_CALL, RESOLUTION, RESOLUTION_ON_CALL)
ON_CALL = {FIRST_RESPONSE: FIRST_RESPONSE_ON_CALL, RESOLUTION: RESOLUTION_ON_CALL}
"""The second step of each target."""
ON_CALL_MINUTES = 15
"""Business minutes between the reminder to the channel and the call to the on-call group."""
NEWS_GRACE = timedelta(minutes=1)
"""News is told at once; only what is still not told after this time is told by the poll."""
LEASE = timedelta(minutes=5)
KEEP = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A promise whose time has come. Its holder has it for ``LEASE``, then another may try."""

    team: str
    number: int
    kind: str
    due_at: datetime


async def plan_targets(
    connection: AsyncConnection, team: str, number: int, status: Status, at: datetime
) -> None:
    """Promise the reminders of a ticket that has come into ``status``, and take back those of no use.

    Quiet when claimed: then only the resolution is waited for.
    """
    if status is Status.RESOLVED or status is Status.DIAGNOSED:
        # Those that were kept as well: when the ticket is reopened, all begins anew.
        await cancel(connection, team, number, *TARGETS, kept=True)
        return
    settings = await settings_in(connection, team)
    if status is Status.CLAIMED:
        await cancel(connection, team, number, FIRST_RESPONSE, FIRST_RESPONSE_ON_CALL)
    elif settings.first_response_minutes is not None:
        when = due(at, settings.first_response_minutes, settings.hours)
        await plan(connection, team, number, FIRST_RESPONSE, when)
    if settings.resolution_minutes is not None:
        when = due(at, settings.resolution_minutes, settings.hours)
        await plan_once(connection, team, number, RESOLUTION, when)


async def plan_once(connection: AsyncConnection, team: str, number: int, kind: str, due_at: datetime) -> None:
    """Promise something unless it is promised or kept already."""
    statement = upsert(connection, REMINDERS).values(team=team, number=number, kind=kind, due_at=due_at)
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["team", "number", "kind"]))


async def plan_news(connection: AsyncConnection, team: str, number: int, at: datetime) -> None:
    """Promise that the ticket's state will be shown, in the transaction that changes it."""
    await plan(connection, team, number, NEWS, at + NEWS_GRACE)


async def plan(connection: AsyncConnection, team: str, number: int, kind: str, due_at: datetime) -> None:
    """Promise something; an older promise of the kind is replaced."""
    statement = upsert(connection, REMINDERS).values(team=team, number=number, kind=kind, due_at=due_at)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["team", "number", "kind"],
            set_={"due_at": due_at, "leased_until": None, "sent_at": None},
        )
    )


async def cancel(
    connection: AsyncConnection, team: str, number: int, *kinds: str, kept: bool = False
) -> None:
    """Take back promises that were not kept yet; with ``kept``, forget those that were, too."""
    these = (REMINDERS.c.team == team, REMINDERS.c.number == number, REMINDERS.c.kind.in_(kinds))
    await connection.execute(
        delete(REMINDERS).where(*these, *(() if kept else (REMINDERS.c.sent_at.is_(None),)))
    )


async def cancel_all(connection: AsyncConnection, team: str) -> None:
    """Take back every promise to a workspace that was not kept yet."""
    await connection.execute(delete(REMINDERS).where(REMINDERS.c.team == team, REMINDERS.c.sent_at.is_(None)))


async def take_due(engine: AsyncEngine, at: datetime, *, limit: int = 50) -> tuple[Due, ...]:
    """Take the promises whose time has come. Of several processes, each gets others."""
    async with writing(engine) as connection:
        query = (
            select(REMINDERS)
            .where(
                REMINDERS.c.sent_at.is_(None),
                REMINDERS.c.due_at <= at,
                REMINDERS.c.leased_until.is_(None) | (REMINDERS.c.leased_until <= at),
            )
            .order_by(REMINDERS.c.due_at)
            .limit(limit)
        )
        rows = (await connection.execute(query.with_for_update(skip_locked=True))).all()
        for row in rows:
            await connection.execute(
                update(REMINDERS)
                .where(
                    REMINDERS.c.team == row.team,
                    REMINDERS.c.number == row.number,
                    REMINDERS.c.kind == row.kind,
                )
                .values(leased_until=at + LEASE)
            )
    return tuple(Due(team=row.team, number=row.number, kind=row.kind, due_at=row.due_at) for row in rows)


async def mark_sent(engine: AsyncEngine, due: Due, at: datetime) -> None:
    """The promise is kept. One that was made anew in the meantime stays open."""
    async with writing(engine) as connection:
        await connection.execute(
            update(REMINDERS)
            .where(
                REMINDERS.c.team == due.team,
                REMINDERS.c.number == due.number,
                REMINDERS.c.kind == due.kind,
                REMINDERS.c.due_at == due.due_at,
            )
            .values(sent_at=at, leased_until=None)
        )


async def sweep(engine: AsyncEngine, at: datetime) -> None:
    """Forget promises that were kept long ago."""
    async with writing(engine) as connection:
        await connection.execute(delete(REMINDERS).where(REMINDERS.c.sent_at < at - KEEP))


async def open_news(engine: AsyncEngine, team: str, number: int) -> Due | None:
    """The promise to show a ticket's state, if it is not kept yet."""
    async with engine.connect() as connection:
        return await news_is_due(connection, team, number)


async def news_is_due(connection: AsyncConnection, team: str, number: int) -> Due | None:
    """The same within a transaction."""
    row = (
        await connection.execute(
            select(REMINDERS).where(
                REMINDERS.c.team == team,
                REMINDERS.c.number == number,
                REMINDERS.c.kind == NEWS,
                REMINDERS.c.sent_at.is_(None),
            )
        )
    ).first()
    return None if row is None else Due(team=team, number=number, kind=NEWS, due_at=row.due_at)

"""What do the changes of tickets have in common? Steps of a transaction that the caller has begun.

A change of a ticket and its event row are one transaction, which holds the ticket's row (PostgreSQL) or the
database (SQLite), so that of two people who click at once one wins and the other is told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import TicketError, UninstalledError
from bot.tickets.database import upsert
from bot.tickets.rows import as_event, as_post, as_ticket
from bot.tickets.tables import EVENTS, JOINS, TICKETS, WORKSPACES
from bot.tickets.ticket import Event, Post, Ticket

PROGRAM = "fivefifty"
"""Who did it, where nobody did."""


async def lock_workspace(connection: AsyncConnection, team: str, asked_at: datetime, *, take: int = 0) -> int:
    """Hold the workspace's row until the transaction ends; return the last ticket number given.

    ``take`` is added to it first: 1 takes a number, -1 gives back one of this very transaction. A workspace
    that asks has the app, also when it had uninstalled it before; raises UninstalledError when it has done so
    since ``asked_at``.
    """
    # An upsert locks the row, and makes it where it is missing, in one statement.
    statement = upsert(connection, WORKSPACES).values(
        team=team, last_number=max(take, 0), created_at=asked_at
    )
    gone = WORKSPACES.c.uninstalled_at
    row = (
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["team"],
                set_={
                    "last_number": WORKSPACES.c.last_number + take,
                    "uninstalled_at": case((gone >= asked_at, gone), else_=None),
                },
            ).returning(WORKSPACES.c.last_number, gone)
        )
    ).one()
    if row.uninstalled_at is not None:
        raise UninstalledError("This workspace has uninstalled the app.")
    last: int = row.last_number
    return last


async def get_ticket(connection: AsyncConnection, team: str, number: int, *, lock: bool = False) -> Ticket:
    # PostgreSQL's integer ends here; a larger number would be an error rather than an absence.
    if not 0 < number < 2**31:
        raise missing(number)
    query = select(TICKETS).where(*is_ticket(team, number))
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise missing(number)
    return as_ticket(row)


async def get_post(connection: AsyncConnection, team: str, channel: str, post_ts: str) -> Post | None:
    # One statement: between two of them, a post can part and be in neither table.
    own, joined = (
        select(
            table.c.thread_ts,
            table.c.message_ts,
            table.c.asker,
            table.c.number,
            literal(place).label("joined"),
        ).where(table.c.team == team, table.c.channel == channel, table.c.post_ts == post_ts)
        for place, table in enumerate((TICKETS, JOINS))
    )
    row = (await connection.execute(own.union_all(joined))).first()
    if row is None:
        return None
    return as_post(team, channel, post_ts, row, joined=bool(row.joined))


async def number_of_post(connection: AsyncConnection, team: str, channel: str, post_ts: str) -> int | None:
    own, joined = (
        select(table.c.number).where(
            table.c.team == team, table.c.channel == channel, table.c.post_ts == post_ts
        )
        for table in (TICKETS, JOINS)
    )
    number: int | None = await connection.scalar(own.union_all(joined))
    return number


async def events_in(
    connection: AsyncConnection, team: str, number: int, *, last: int | None = None
) -> tuple[Event, ...]:
    query = select(EVENTS).where(EVENTS.c.team == team, EVENTS.c.number == number)
    rows = await connection.execute(query.order_by(EVENTS.c.seq.desc()).limit(last))
    return tuple(as_event(row) for row in reversed(rows.all()))


async def add_event(
    connection: AsyncConnection,
    team: str,
    number: int,
    who: str,
    what: str,
    source: str,
    detail: Mapping[str, Any],
    *,
    at: datetime,
    **columns: Any,
) -> None:
    """Change a ticket's columns and say so in its history, in the caller's transaction."""
    version = (
        await connection.execute(
            update(TICKETS)
            .where(*is_ticket(team, number))
            .values(version=TICKETS.c.version + 1, updated_at=at, **columns)
            .returning(TICKETS.c.version)
        )
    ).scalar_one()
    await connection.execute(
        insert(EVENTS).values(
            team=team,
            number=number,
            seq=version,
            at=at,
            who=who,
            what=what,
            source=source,
            detail=dict(detail),
        )
    )


def is_ticket(team: str, number: int) -> tuple[Any, Any]:
    return (TICKETS.c.team == team, TICKETS.c.number == number)


def missing(number: int) -> TicketError:
    return TicketError(f"There is no ticket {number}.")

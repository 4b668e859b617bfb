"""When does a post get a ticket? The first of its wording opens one, the same bounce from others joins it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import TicketError
from bot.tickets.database import writing
from bot.tickets.rows import as_ticket, clean, columns_of
from bot.tickets.store import TicketStore
from bot.tickets.tables import EVENTS, JOINS, TICKETS
from bot.tickets.ticket import Status, Ticket
from bot.tickets.transaction import add_event, get_ticket, is_ticket, lock_workspace, number_of_post

JOIN_WITHIN = timedelta(days=1)
"""The same bounce, pasted by a second person within this time, joins the first one's ticket."""

_MAX_MASKED = 8_000


async def record(
    store: TicketStore,
    team: str,
    channel: str,
    post_ts: str,
    *,
    asker: str,
    thread_ts: str,
    diagnosis: Mapping[str, Any],
    raw_text: str,
    masked_text: str,
    fingerprint: str,
    join: bool = True,
    asked_at: datetime | None = None,
) -> Ticket:
    """Return the ticket of a post; make it if there is none. The same post gives the same ticket.

    With ``join``, the very same bounce from another person within a day joins the first one's
    open ticket: ``TicketStore.post`` then says ``joined``. Numbers count from 1 in each workspace, without
    gaps. ``diagnosis`` is the contract's object. ``asked_at`` is when the post was heard of, which may be a
    while ago: raises UninstalledError when the workspace has uninstalled the app since.
    """
    at = store.clock()
    raw_text = clean(raw_text)
    key = _bounce_key(raw_text)
    async with writing(store.engine) as connection:
        # The next number is taken first, which holds the workspace's row; where the post turns out to
        # have a ticket, it is given back within the same transaction.
        next_number = await lock_workspace(connection, team, asked_at or at, take=1)
        number = await number_of_post(connection, team, channel, post_ts)
        if number is None and join and diagnosis["facts"].get("recipient"):
            number = await _same_bounce(connection, team, key, asker, at)
            if number is not None:
                joined = {"asker": asker, "thread_ts": thread_ts, "created_at": at}
                await connection.execute(
                    insert(JOINS).values(team=team, channel=channel, post_ts=post_ts, number=number, **joined)
                )
                detail = {"channel": channel, "post_ts": post_ts}
                await add_event(connection, team, number, asker, "joined", "message", detail, at=at)
        if number is not None:
            await lock_workspace(connection, team, asked_at or at, take=-1)
            return await get_ticket(connection, team, number)
        return await _open(
            connection,
            team,
            next_number,
            who=asker,
            source="message",
            detail={"cause": diagnosis["cause"]},
            at=at,
            channel=channel,
            post_ts=post_ts,
            thread_ts=thread_ts,
            asker=asker,
            raw_text=raw_text,
            bounce_key=key,
            masked_text=clean(masked_text)[:_MAX_MASKED],
            fingerprint=fingerprint,
            **columns_of(diagnosis),
        )


async def part(
    store: TicketStore, team: str, channel: str, post_ts: str, *, who: str, source: str = "button"
) -> Ticket:
    """Give a joined post a ticket of its own, with the diagnosis of the one that it had joined.

    A post that has its own ticket already keeps it.
    """
    post = await store.post(team, channel, post_ts)
    if post is None:
        raise TicketError("This message has no ticket.")
    shared = await store.get(team, post.number)
    if not post.joined:
        return shared
    at = store.clock()
    async with writing(store.engine) as connection:
        next_number = await lock_workspace(connection, team, at, take=1)
        row = (
            await connection.execute(
                JOINS.delete()
                .where(JOINS.c.team == team, JOINS.c.channel == channel, JOINS.c.post_ts == post_ts)
                .returning(JOINS.c.number)
            )
        ).first()
        if row is None:  # another click was first
            await lock_workspace(connection, team, at, take=-1)
            number = await number_of_post(connection, team, channel, post_ts)
            if number is None:
                raise TicketError("This message has no ticket.")
            return await get_ticket(connection, team, number)
        copied = select(*(TICKETS.c[name] for name in _COPIED)).where(*is_ticket(team, shared.number))
        ticket = await _open(
            connection,
            team,
            next_number,
            who=who,
            source=source,
            detail={"cause": shared.cause, "parted_from": shared.number},
            at=at,
            channel=channel,
            post_ts=post_ts,
            thread_ts=post.thread_ts,
            message_ts=post.message_ts,
            asker=post.asker,
            **(await connection.execute(copied)).mappings().one(),
        )
        await add_event(
            connection, team, shared.number, who, "parted", source, {"number": next_number}, at=at
        )
        return ticket


async def _open(
    connection: AsyncConnection,
    team: str,
    number: int,
    *,
    who: str,
    source: str,
    detail: Mapping[str, Any],
    at: datetime,
    **columns: Any,
) -> Ticket:
    """A new ticket with its first event."""
    row = await connection.execute(
        insert(TICKETS)
        .values(
            team=team,
            number=number,
            status=Status.DIAGNOSED.value,
            version=1,
            created_at=at,
            updated_at=at,
            **columns,
        )
        .returning(TICKETS)
    )
    ticket = as_ticket(row.mappings().one())
    await connection.execute(
        insert(EVENTS).values(
            team=team, number=number, seq=1, at=at, who=who, what="diagnosed", source=source, detail=detail
        )
    )
    return ticket


_COPIED = (
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
    "diagnosis",
    "raw_text",
    "bounce_key",
    "masked_text",
    "fingerprint",
    "erased_at",
)
"""Columns that a parted ticket takes with it."""


async def _same_bounce(
    connection: AsyncConnection, team: str, key: str, asker: str, at: datetime
) -> int | None:
    number: int | None = await connection.scalar(
        select(TICKETS.c.number)
        .where(
            TICKETS.c.team == team,
            TICKETS.c.bounce_key == key,
            TICKETS.c.asker != asker,
            TICKETS.c.status != Status.RESOLVED.value,
            TICKETS.c.created_at > at - JOIN_WITHIN,
        )
        .order_by(TICKETS.c.number.desc())
        .limit(1)
    )
    return number


def _bounce_key(raw_text: str) -> str:
    return sha256("".join(raw_text.split()).encode()).hexdigest()

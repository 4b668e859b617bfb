"""How are tickets found and moved on? (bot/tickets/recording.py makes them.)

Everything is asked for by workspace first: there is no query without ``team``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.errors import TicketError
from bot.tickets.database import reading, writing
from bot.tickets.life import Action, State, decide, replay
from bot.tickets.listing import RECENT, WINDOW, needs_word_index, numbers
from bot.tickets.reminders import news_is_due, plan_news, plan_targets
from bot.tickets.rows import as_event, as_post, as_ticket, clean, columns_of
from bot.tickets.tables import EVENTS, JOINS, TICKETS, WORKSPACES
from bot.tickets.ticket import Escalation, Event, Filters, Outcome, Page, Post, Ticket
from bot.tickets.transaction import (
    PROGRAM,
    add_event,
    events_in,
    get_post,
    get_ticket,
    is_ticket,
    missing,
    number_of_post,
)

_MAX_NOTE = 10_000


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """The ticket after an action, and whether the action changed it (the same button twice does not)."""

    ticket: Ticket
    done: bool


class TicketStore:
    """All tickets of all workspaces.

    Methods that take a ticket number raise TicketError when the workspace has no such ticket.
    """

    def __init__(self, engine: AsyncEngine, *, clock: Callable[[], datetime] = now) -> None:
        self.engine = engine
        self.clock = clock

    async def set_answer(
        self, team: str, number: int, message_ts: str, *, post_ts: str | None = None
    ) -> None:
        """Remember the bot's answer. ``post_ts`` tells which post was answered, where one has joined; when it
        has left the ticket since, nothing is remembered."""
        async with writing(self.engine) as connection:
            if post_ts is None:
                changed = await connection.execute(
                    update(TICKETS).where(*is_ticket(team, number)).values(message_ts=message_ts)
                )
                if not changed.rowcount:
                    raise missing(number)
                return
            for table in (JOINS, TICKETS):
                this = (table.c.team == team, table.c.number == number, table.c.post_ts == post_ts)
                await connection.execute(update(table).where(*this).values(message_ts=message_ts))

    async def update_diagnosis(self, team: str, number: int, diagnosis: Mapping[str, Any]) -> Ticket:
        """Keep a newer diagnosis of the same text. The same one again changes nothing."""
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            columns = columns_of(diagnosis)
            if ticket.erased_at is not None or columns["diagnosis"] == ticket.diagnosis:
                return ticket
            await add_event(
                connection,
                team,
                number,
                PROGRAM,
                "looked_up",
                "job",
                {"from": ticket.cause, "cause": columns["cause"]},
                at=self.clock(),
                **columns,
            )
            return await get_ticket(connection, team, number)

    async def set_mx_provider(self, team: str, number: int, provider: str) -> Ticket:
        """Keep who runs the recipient's mail, an id of knowledge/providers.yaml. No change of its history."""
        async with writing(self.engine) as connection:
            await connection.execute(
                update(TICKETS).where(*is_ticket(team, number)).values(mx_provider=provider[:80])
            )
            return await get_ticket(connection, team, number)

    async def post(self, team: str, channel: str, post_ts: str) -> Post | None:
        """Return what is known about a message that was diagnosed."""
        async with reading(self.engine) as connection:
            return await get_post(connection, team, channel, post_ts)

    async def by_post(self, team: str, channel: str, post_ts: str) -> Ticket | None:
        """Return the ticket of a message, its own or the one that it joined."""
        async with reading(self.engine) as connection:
            number = await number_of_post(connection, team, channel, post_ts)
            return None if number is None else await get_ticket(connection, team, number)

    async def get(self, team: str, number: int) -> Ticket:
        async with reading(self.engine) as connection:
            return await get_ticket(connection, team, number)

    async def posts(self, team: str, number: int) -> tuple[Post, ...]:
        """All messages of a ticket, the first one first: where its news is told."""
        ticket = await self.get(team, number)
        async with reading(self.engine) as connection:
            rows = await connection.execute(
                select(JOINS)
                .where(JOINS.c.team == team, JOINS.c.number == number)
                .order_by(JOINS.c.created_at, JOINS.c.post_ts)
            )
            joined = [as_post(team, row.channel, row.post_ts, row, joined=True) for row in rows]
        first = as_post(team, ticket.channel, ticket.post_ts, ticket, joined=False)
        return (first, *joined)

    async def askers(self, team: str, number: int) -> tuple[str, ...]:
        """Who has asked about a ticket: who opened it, then those whose posts have joined it."""
        return tuple(dict.fromkeys(post.asker for post in await self.posts(team, number)))

    async def events(self, team: str, number: int) -> tuple[Event, ...]:
        """The whole history of a ticket, the first event first."""
        async with reading(self.engine) as connection:
            await get_ticket(connection, team, number)
            return await events_in(connection, team, number)

    async def events_of(self, team: str, numbers: Sequence[int]) -> dict[int, tuple[Event, ...]]:
        """The histories of several tickets at once; empty for one that is not there."""
        found: dict[int, list[Event]] = {number: [] for number in numbers}
        async with reading(self.engine) as connection:
            rows = await connection.execute(
                select(EVENTS)
                .where(EVENTS.c.team == team, EVENTS.c.number.in_(numbers))
                .order_by(EVENTS.c.number, EVENTS.c.seq)
            )
            for row in rows:
                found[row.number].append(as_event(row))
        return {number: tuple(events) for number, events in found.items()}

    async def list_tickets(
        self, team: str, filters: Filters | None = None, *, before: int | None = None, limit: int = 20
    ) -> Page:
        """Return tickets of a workspace, the newest first. ``before`` is ``Page.next`` of the page before."""
        filters = filters or Filters()
        async with reading(self.engine) as connection:
            dialect = connection.dialect.name
            tickets: tuple[Ticket, ...] = ()
            for part in await _parts(connection, team, filters, before):
                found = numbers(team, filters, before, limit + 1, dialect, **part).subquery()
                rows = await connection.execute(
                    select(TICKETS)
                    .join(found, (TICKETS.c.team == team) & (TICKETS.c.number == found.c.number))
                    .order_by(TICKETS.c.number.desc())
                )
                tickets = tuple(as_ticket(row) for row in rows.mappings())
                if len(tickets) > limit:
                    break
        more = len(tickets) > limit
        return Page(tickets=tickets[:limit], next=tickets[limit - 1].number if more else None)

    async def teams(self) -> tuple[str, ...]:
        """The workspaces that have tickets or settings. For the command line and for jobs."""
        async with reading(self.engine) as connection:
            return tuple(await connection.scalars(select(WORKSPACES.c.team).order_by(WORKSPACES.c.team)))

    async def escalate(
        self,
        team: str,
        number: int,
        escalation: Escalation,
        *,
        channel: str | None = None,
        source: str = "form",
    ) -> Change:
        """Hand a ticket to the human agents, in ``channel``."""
        data = clean({**asdict(escalation), "note": escalation.note[:_MAX_NOTE]})
        return await self._act(
            team,
            number,
            Action.ESCALATE,
            escalation.who,
            source,
            {"urgency": escalation.urgency.value},
            escalation=data,
            # A reopened ticket keeps the post that it has.
            escalation_channel=case(
                (TICKETS.c.escalation_ts.is_(None), channel), else_=TICKETS.c.escalation_channel
            ),
            urgency=escalation.urgency.value,
        )

    async def set_escalation_post(self, team: str, number: int, channel: str, message_ts: str) -> None:
        """Remember the post in the escalation channel, to update it in place."""
        async with writing(self.engine) as connection:
            changed = await connection.execute(
                update(TICKETS)
                .where(*is_ticket(team, number))
                .values(escalation_channel=channel, escalation_ts=message_ts)
            )
            if not changed.rowcount:
                raise missing(number)

    async def tell_again(self, team: str, number: int, *, channel: str | None = None) -> bool:
        """Promise once more to post an escalation that has no post, in ``channel`` where one is given.

        Returns False when it has its post, or somebody is about to post it.
        """
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            if ticket.escalation_ts is not None or await news_is_due(connection, team, number):
                return False
            if channel is not None:
                await connection.execute(
                    update(TICKETS).where(*is_ticket(team, number)).values(escalation_channel=channel)
                )
            await plan_news(connection, team, number, self.clock())
            return True

    async def claim(self, team: str, number: int, who: str, *, source: str = "button") -> Change:
        return await self._act(team, number, Action.CLAIM, who, source)

    async def hand_over(self, team: str, number: int, who: str, to: str, *, source: str = "form") -> Change:
        return await self._act(team, number, Action.HAND_OVER, who, source, {"to": to}, to=to)

    async def resolve(
        self, team: str, number: int, who: str, outcome: Outcome | None = None, *, source: str = "button"
    ) -> Change:
        outcome = outcome or Outcome()
        return await self._act(
            team,
            number,
            Action.RESOLVE,
            who,
            source,
            clean({"cause": outcome.cause, "helped": outcome.helped[:300]}),
            outcome_cause=outcome.cause,
            outcome_help=clean(outcome.helped)[:300],
            outcome_text=clean(outcome.text)[:_MAX_NOTE],
        )

    async def reopen(self, team: str, number: int, who: str, *, source: str = "button") -> Change:
        return await self._act(team, number, Action.REOPEN, who, source)

    async def note(self, team: str, number: int, who: str, text: str, *, source: str = "form") -> Change:
        """Add an internal note, for agents only. The same person's same last note again adds nothing."""
        text = clean(text).strip()[:_MAX_NOTE]
        if not text:
            raise TicketError("The note is empty.")
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            last = (await events_in(connection, team, number, last=1))[0]
            if last.what == "note" and last.who == who and last.detail.get("text") == text:
                return Change(ticket=ticket, done=False)
            at = self.clock()
            await add_event(connection, team, number, who, "note", source, {"text": text}, at=at)
            await plan_news(connection, team, number, at)
            return Change(ticket=await get_ticket(connection, team, number), done=True)

    async def link(self, team: str, number: int, who: str, url: str, *, source: str = "form") -> Change:
        """Link a ticket of another system, by an http or https URL. An empty one removes the link."""
        url = url.strip()
        if url and (
            not url.startswith(("https://", "http://"))
            or len(url) > 2000
            or not url.isprintable()
            or " " in url
        ):
            raise TicketError("The link must be an http or https URL of at most 2000 characters.")
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            if (ticket.external_url or "") == url:
                return Change(ticket=ticket, done=False)
            at, detail = self.clock(), {"url": url}
            await add_event(
                connection, team, number, who, "linked", source, detail, at=at, external_url=url or None
            )
            await plan_news(connection, team, number, at)
            return Change(ticket=await get_ticket(connection, team, number), done=True)

    async def reply_sent(
        self, team: str, number: int, who: str, letter: str, *, source: str = "form"
    ) -> Change:
        """Note that a person has sent a letter. The same letter by the same person twice in a row is one."""
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            last = (await events_in(connection, team, number, last=1))[0]
            if (last.what, last.who, last.detail.get("letter")) == ("reply_sent", who, letter):
                return Change(ticket=ticket, done=False)
            detail = {"letter": letter}
            await add_event(connection, team, number, who, "reply_sent", source, detail, at=self.clock())
            return Change(ticket=await get_ticket(connection, team, number), done=True)

    async def check(self, team: str, number: int) -> None:
        """Raise ValueError when a ticket's state is not what its events say."""
        async with reading(self.engine) as connection:
            ticket = await get_ticket(connection, team, number)
            events = await events_in(connection, team, number)
        if [event.seq for event in events] != list(range(1, ticket.version + 1)):
            raise ValueError(f"ticket {number} has {ticket.version} events, not {len(events)}")
        if replay(number, events) != _state(ticket):
            raise ValueError(f"ticket {number} is {ticket.status}, which its events do not say")

    async def _act(
        self,
        team: str,
        number: int,
        action: Action,
        who: str,
        source: str,
        detail: Mapping[str, Any] | None = None,
        *,
        to: str | None = None,
        **columns: Any,
    ) -> Change:
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            at = self.clock()
            before = _state(ticket)
            after = decide(before, action, who=who, at=at, to=to)
            if after is None:
                return Change(ticket=ticket, done=False)
            columns |= {
                "status": after.status.value,
                "owner": after.owner,
                "resolved_by": after.resolved_by,
                "resolved_at": after.resolved_at,
            }
            if action is Action.ESCALATE:
                columns["escalated_at"] = at
            if action is Action.CLAIM:
                columns["claimed_at"] = at
            detail = {"from": before.status.value, "status": after.status.value, **(detail or {})}
            await add_event(connection, team, number, who, action.value, source, detail, at=at, **columns)
            if after.status is not before.status:
                await plan_targets(connection, team, number, after.status, at)
            await plan_news(connection, team, number, at)
            return Change(ticket=await get_ticket(connection, team, number), done=True)


def _state(ticket: Ticket) -> State:
    return State(
        number=ticket.number,
        status=ticket.status,
        escalated=ticket.escalated_at is not None,
        owner=ticket.owner,
        resolved_by=ticket.resolved_by,
        resolved_at=ticket.resolved_at,
    )


async def _parts(
    connection: AsyncConnection, team: str, filters: Filters, before: int | None
) -> tuple[dict[str, int], ...]:
    """Which parts of the tickets to look at in turn, until a page is full. Only words need more than one."""
    if not needs_word_index(filters) or connection.dialect.name != "postgresql":
        return ({},)
    if before is None:
        last = await connection.scalar(select(WORKSPACES.c.last_number).where(WORKSPACES.c.team == team))
        before = (last or 0) + 1
    recent = ({"above": before - RECENT},) if before > RECENT else ()
    return ({"window": WINDOW}, *recent, {})

"""How are tickets recorded, found and moved on?

Everything is asked for by workspace first: there is no query without ``team``. A change of a ticket
and its event row are one transaction, which holds the ticket's row (PostgreSQL) or the database
(SQLite), so that of two people who click at once one wins and the other is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.errors import TicketError, UninstalledError
from bot.tickets.database import reading, upsert, writing
from bot.tickets.life import Action, State, decide, replay
from bot.tickets.listing import RECENT, WINDOW, needs_word_index, numbers
from bot.tickets.reminders import news_is_due, plan_news, plan_targets
from bot.tickets.tables import EVENTS, JOINS, TICKETS, WORKSPACES
from bot.tickets.ticket import Escalation, Event, Filters, Outcome, Page, Post, Status, Ticket, Urgency

JOIN_WITHIN = timedelta(days=1)
"""The same bounce, pasted by a second person within this time, joins the first one's ticket."""

PROGRAM = "fivefifty"
"""Who did it, where nobody did."""

_MAX_MASKED = 8_000
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

    async def record(
        self,
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
        open ticket: ``post()`` then says ``joined``. Numbers count from 1 in each workspace, without
        gaps. ``diagnosis`` is the contract's object. ``asked_at`` is when the post was heard of, which may be a
        while ago: raises UninstalledError when the workspace has uninstalled the app since.
        """
        at = self.clock()
        raw_text = clean(raw_text)
        key = _bounce_key(raw_text)
        async with writing(self.engine) as connection:
            # The next number is taken first, which holds the workspace's row; where the post turns out to
            # have a ticket, it is given back within the same transaction.
            next_number = await lock_workspace(connection, team, asked_at or at, take=1)
            number = await _number_of_post(connection, team, channel, post_ts)
            if number is None and join and diagnosis["facts"].get("recipient"):
                number = await _same_bounce(connection, team, key, asker, at)
                if number is not None:
                    joined = {"asker": asker, "thread_ts": thread_ts, "created_at": at}
                    await connection.execute(
                        insert(JOINS).values(
                            team=team, channel=channel, post_ts=post_ts, number=number, **joined
                        )
                    )
                    detail = {"channel": channel, "post_ts": post_ts}
                    await add_event(connection, team, number, asker, "joined", "message", detail, at=at)
            if number is not None:
                await lock_workspace(connection, team, asked_at or at, take=-1)
                return await get_ticket(connection, team, number)
            row = await connection.execute(
                insert(TICKETS)
                .values(
                    team=team,
                    number=next_number,
                    status=Status.DIAGNOSED.value,
                    version=1,
                    channel=channel,
                    post_ts=post_ts,
                    thread_ts=thread_ts,
                    asker=asker,
                    raw_text=raw_text,
                    bounce_key=key,
                    masked_text=clean(masked_text)[:_MAX_MASKED],
                    fingerprint=fingerprint,
                    created_at=at,
                    updated_at=at,
                    **_columns(diagnosis),
                )
                .returning(TICKETS)
            )
            ticket = as_ticket(row.mappings().one())
            await connection.execute(
                insert(EVENTS).values(
                    team=team,
                    number=next_number,
                    seq=1,
                    at=at,
                    who=asker,
                    what="diagnosed",
                    source="message",
                    detail={"cause": diagnosis["cause"]},
                )
            )
            return ticket

    async def part(
        self, team: str, channel: str, post_ts: str, *, who: str, source: str = "button"
    ) -> Ticket:
        """Give a joined post a ticket of its own, with the diagnosis of the one that it had joined.

        A post that has its own ticket already keeps it.
        """
        post = await self.post(team, channel, post_ts)
        if post is None:
            raise TicketError("This message has no ticket.")
        shared = await self.get(team, post.number)
        if not post.joined:
            return shared
        at = self.clock()
        async with writing(self.engine) as connection:
            next_number = await lock_workspace(connection, team, at, take=1)
            row = (
                await connection.execute(
                    JOINS.delete().where(*_is_post(JOINS, post)).returning(JOINS.c.number)
                )
            ).first()
            if row is None:  # another click was first
                await lock_workspace(connection, team, at, take=-1)
                number = await _number_of_post(connection, team, channel, post_ts)
                if number is None:
                    raise TicketError("This message has no ticket.")
                return await get_ticket(connection, team, number)
            number = next_number
            source_row = (
                (await connection.execute(select(TICKETS).where(*_is_ticket(team, shared.number))))
                .mappings()
                .one()
            )
            await connection.execute(
                insert(TICKETS).values(
                    team=team,
                    number=number,
                    status=Status.DIAGNOSED.value,
                    version=1,
                    channel=channel,
                    post_ts=post_ts,
                    thread_ts=post.thread_ts,
                    message_ts=post.message_ts,
                    asker=post.asker,
                    created_at=at,
                    updated_at=at,
                    **{name: source_row[name] for name in _COPIED},
                )
            )
            await connection.execute(
                insert(EVENTS).values(
                    team=team,
                    number=number,
                    seq=1,
                    at=at,
                    who=who,
                    what="diagnosed",
                    source=source,
                    detail={"cause": shared.cause, "parted_from": shared.number},
                )
            )
            await add_event(connection, team, shared.number, who, "parted", source, {"number": number}, at=at)
            return await get_ticket(connection, team, number)

    async def set_answer(
        self, team: str, number: int, message_ts: str, *, post_ts: str | None = None
    ) -> None:
        """Remember the bot's answer. ``post_ts`` tells which post was answered, where one has joined; when it
        has left the ticket since, nothing is remembered."""
        async with writing(self.engine) as connection:
            if post_ts is None:
                changed = await connection.execute(
                    update(TICKETS).where(*_is_ticket(team, number)).values(message_ts=message_ts)
                )
                if not changed.rowcount:
                    raise _missing(number)
                return
            for table in (JOINS, TICKETS):
                this = (table.c.team == team, table.c.number == number, table.c.post_ts == post_ts)
                await connection.execute(update(table).where(*this).values(message_ts=message_ts))

    async def update_diagnosis(self, team: str, number: int, diagnosis: Mapping[str, Any]) -> Ticket:
        """Keep a newer diagnosis of the same text. The same one again changes nothing."""
        async with writing(self.engine) as connection:
            ticket = await get_ticket(connection, team, number, lock=True)
            columns = _columns(diagnosis)
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
                update(TICKETS).where(*_is_ticket(team, number)).values(mx_provider=provider[:80])
            )
            return await get_ticket(connection, team, number)

    async def post(self, team: str, channel: str, post_ts: str) -> Post | None:
        """Return what is known about a message that was diagnosed."""
        async with reading(self.engine) as connection:
            return await get_post(connection, team, channel, post_ts)

    async def by_post(self, team: str, channel: str, post_ts: str) -> Ticket | None:
        """Return the ticket of a message, its own or the one that it joined."""
        async with reading(self.engine) as connection:
            number = await _number_of_post(connection, team, channel, post_ts)
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
            joined = [
                Post(
                    team=team,
                    channel=row.channel,
                    post_ts=row.post_ts,
                    thread_ts=row.thread_ts,
                    message_ts=row.message_ts,
                    asker=row.asker,
                    number=number,
                    joined=True,
                )
                for row in rows
            ]
        first = Post(
            team=team,
            channel=ticket.channel,
            post_ts=ticket.post_ts,
            thread_ts=ticket.thread_ts,
            message_ts=ticket.message_ts,
            asker=ticket.asker,
            number=number,
            joined=False,
        )
        return (first, *joined)

    async def askers(self, team: str, number: int) -> tuple[str, ...]:
        """Who has asked about a ticket: who opened it, then those whose posts have joined it."""
        return tuple(dict.fromkeys(post.asker for post in await self.posts(team, number)))

    async def events(self, team: str, number: int) -> tuple[Event, ...]:
        """The whole history of a ticket, the first event first."""
        async with reading(self.engine) as connection:
            await get_ticket(connection, team, number)
            return await _events_of(connection, team, number)

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
                found[row.number].append(_event(row))
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
                .where(*_is_ticket(team, number))
                .values(escalation_channel=channel, escalation_ts=message_ts)
            )
            if not changed.rowcount:
                raise _missing(number)

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
                    update(TICKETS).where(*_is_ticket(team, number)).values(escalation_channel=channel)
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
            last = (await _events_of(connection, team, number, last=1))[0]
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
            last = (await _events_of(connection, team, number, last=1))[0]
            if (last.what, last.who, last.detail.get("letter")) == ("reply_sent", who, letter):
                return Change(ticket=ticket, done=False)
            detail = {"letter": letter}
            await add_event(connection, team, number, who, "reply_sent", source, detail, at=self.clock())
            return Change(ticket=await get_ticket(connection, team, number), done=True)

    async def check(self, team: str, number: int) -> None:
        """Raise ValueError when a ticket's state is not what its events say."""
        async with reading(self.engine) as connection:
            ticket = await get_ticket(connection, team, number)
            events = await _events_of(connection, team, number)
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


def _columns(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
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


def _bounce_key(raw_text: str) -> str:
    return sha256("".join(raw_text.split()).encode()).hexdigest()


def _state(ticket: Ticket) -> State:
    return State(
        number=ticket.number,
        status=ticket.status,
        escalated=ticket.escalated_at is not None,
        owner=ticket.owner,
        resolved_by=ticket.resolved_by,
        resolved_at=ticket.resolved_at,
    )


def _is_ticket(team: str, number: int) -> tuple[Any, Any]:
    return (TICKETS.c.team == team, TICKETS.c.number == number)


def _is_post(table: Any, post: Post) -> tuple[Any, ...]:
    return (table.c.team == post.team, table.c.channel == post.channel, table.c.post_ts == post.post_ts)


def _missing(number: int) -> TicketError:
    return TicketError(f"There is no ticket {number}.")


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


async def _number_of_post(connection: AsyncConnection, team: str, channel: str, post_ts: str) -> int | None:
    own, joined = (
        select(table.c.number).where(
            table.c.team == team, table.c.channel == channel, table.c.post_ts == post_ts
        )
        for table in (TICKETS, JOINS)
    )
    number: int | None = await connection.scalar(own.union_all(joined))
    return number


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
            .where(*_is_ticket(team, number))
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


async def get_ticket(connection: AsyncConnection, team: str, number: int, *, lock: bool = False) -> Ticket:
    # PostgreSQL's integer ends here; a larger number would be an error rather than an absence.
    if not 0 < number < 2**31:
        raise _missing(number)
    query = select(TICKETS).where(*_is_ticket(team, number))
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise _missing(number)
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
    return Post(
        team=team,
        channel=channel,
        post_ts=post_ts,
        thread_ts=row.thread_ts,
        message_ts=row.message_ts,
        asker=row.asker,
        number=row.number,
        joined=bool(row.joined),
    )


async def _events_of(
    connection: AsyncConnection, team: str, number: int, *, last: int | None = None
) -> tuple[Event, ...]:
    query = select(EVENTS).where(EVENTS.c.team == team, EVENTS.c.number == number)
    rows = await connection.execute(query.order_by(EVENTS.c.seq.desc()).limit(last))
    return tuple(_event(row) for row in reversed(rows.all()))


def _event(row: Any) -> Event:
    return Event(seq=row.seq, at=row.at, who=row.who, what=row.what, source=row.source, detail=row.detail)

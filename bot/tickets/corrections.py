"""What have agents corrected, and what follows from it?

Every correction is kept and shown with later cases of the same wording. A confirmed one wins over the
built-in match for the same masked text in that workspace, and the answer says so.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.decide import conclude
from bot.core.errors import TicketError
from bot.core.mask import fingerprint
from bot.core.model import NOT_A_BOUNCE, Catalogue, Diagnosis
from bot.core.wire import from_json
from bot.tickets.database import reading, upsert, writing
from bot.tickets.reminders import plan_news
from bot.tickets.rows import clean
from bot.tickets.store import Change, TicketStore
from bot.tickets.tables import CORRECTIONS, TICKETS
from bot.tickets.ticket import Ticket
from bot.tickets.transaction import add_event, get_ticket

_CONFIRMED = 0.95
"""The confidence of an answer that a team has confirmed for this wording."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """The newest correction of a wording."""

    number: int
    """The ticket on which it was made."""
    was: str
    cause: str
    comment: str
    who: str
    at: datetime
    confirmed: bool
    times: int
    """How many tickets with this wording were corrected to this cause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A wording that agents have corrected: what a new variant for the knowledge base could be made of."""

    masked_text: str
    raw_text: str | None
    """The first line of the result that was corrected; None after the retention time."""
    was: str
    cause: str
    times: int
    confirmed: bool
    codes: tuple[str, ...]
    provider: str | None
    comments: tuple[str, ...]


async def correct(
    store: TicketStore,
    team: str,
    number: int,
    who: str,
    cause: str,
    comment: str = "",
    *,
    confirm: bool = False,
    may_take_back: bool = False,
    source: str = "form",
) -> Change:
    """Say that a ticket's cause is another one. ``confirm``: from now on, for this wording, always.

    A ticket has one correction, the last one given; the same one again changes nothing. What was said at first
    takes it back: a confirmed one only with ``may_take_back``. Raises TicketError.
    """
    comment = clean(comment).strip()[:1000]
    async with writing(store.engine) as connection:
        ticket = await get_ticket(connection, team, number, lock=True)
        key = (CORRECTIONS.c.team == team) & (CORRECTIONS.c.number == number)
        before = (await connection.execute(select(CORRECTIONS).where(key))).first()
        if cause == ticket.cause:
            if before is None:
                raise TicketError("That is what I said already. Choose another cause.")
            if before.confirmed_by is not None and not may_take_back:
                raise TicketError("An agent has confirmed that correction. An agent can take it back.")
            at = store.clock()
            await connection.execute(CORRECTIONS.delete().where(key))
            detail: dict[str, Any] = {"from": before.cause, "cause": cause}
            await add_event(connection, team, number, who, "taken_back", source, detail, at=at)
            await plan_news(connection, team, number, at)
            return Change(ticket=await get_ticket(connection, team, number), done=True)
        confirmed_by = who if confirm else before.confirmed_by if before and before.cause == cause else None
        if before and (before.cause, before.comment, before.confirmed_by) == (cause, comment, confirmed_by):
            return Change(ticket=ticket, done=False)
        at = store.clock()
        values = {
            "fingerprint": ticket.fingerprint,
            "was": ticket.cause,
            "cause": cause,
            "comment": comment,
            "who": who,
            "at": at,
            "confirmed_by": confirmed_by,
        }
        statement = upsert(connection, CORRECTIONS).values(team=team, number=number, **values)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["team", "number"], set_=values)
        )
        detail = {"from": ticket.cause, "cause": cause, "confirmed": confirmed_by is not None}
        if comment:
            detail["comment"] = comment
        await add_event(connection, team, number, who, "corrected", source, detail, at=at)
        await plan_news(connection, team, number, at)
        return Change(ticket=await get_ticket(connection, team, number), done=True)


async def confirm(store: TicketStore, team: str, number: int, who: str, *, source: str = "button") -> Change:
    """Confirm the correction of a ticket: it wins from now on for its wording. Raises TicketError."""
    async with writing(store.engine) as connection:
        ticket = await get_ticket(connection, team, number, lock=True)
        key = (CORRECTIONS.c.team == team) & (CORRECTIONS.c.number == number)
        row = (await connection.execute(select(CORRECTIONS).where(key))).first()
        if row is None:
            raise TicketError(f"Ticket {number} has no correction to confirm.")
        if row.confirmed_by is not None:
            return Change(ticket=ticket, done=False)
        at = store.clock()
        await connection.execute(update(CORRECTIONS).where(key).values(confirmed_by=who, at=at))
        detail = {"from": row.was, "cause": row.cause}
        await add_event(connection, team, number, who, "confirmed", source, detail, at=at)
        await plan_news(connection, team, number, at)
        return Change(ticket=await get_ticket(connection, team, number), done=True)


async def correction_of(engine: AsyncEngine, team: str, fingerprint: str) -> Correction | None:
    """The correction of a wording: the newest confirmed one, else the newest."""
    async with reading(engine) as connection:
        rows = (
            await connection.execute(
                select(CORRECTIONS)
                .where(CORRECTIONS.c.team == team, CORRECTIONS.c.fingerprint == fingerprint)
                .order_by(CORRECTIONS.c.at.desc(), CORRECTIONS.c.number.desc())
                .limit(200)
            )
        ).all()
    if not rows:
        return None
    row = next((row for row in rows if row.confirmed_by is not None), rows[0])
    return Correction(
        number=row.number,
        was=row.was,
        cause=row.cause,
        comment=row.comment,
        who=row.who,
        at=row.at,
        confirmed=row.confirmed_by is not None,
        times=sum(other.cause == row.cause for other in rows),
    )


def corrected(diagnosis: Diagnosis, correction: Correction, catalogue: Catalogue) -> Diagnosis:
    """``diagnosis`` with the confirmed correction of its first result's wording in place of our own idea.

    Where the team has confirmed that the wording is no bounce, so is the answer, if no other wording is in it.
    """
    first = diagnosis.first
    if first is None or not correction.confirmed:
        return diagnosis
    if correction.cause == NOT_A_BOUNCE:
        if len({fingerprint(result.text) for result in diagnosis.results}) > 1:
            return diagnosis
        return Diagnosis(
            bounce=False,
            results=(),
            title="This is not a bounce",
            summary=f"Your team confirmed that for this wording (ticket {correction.number}).",
            confidence=_CONFIRMED,
        )
    ours = catalogue.causes[first.cause].title if first.cause in catalogue.causes else first.cause
    said = (
        f"Your team confirmed this for this wording (ticket {correction.number}). I would have said: {ours}."
    )
    return with_cause(diagnosis, correction.cause, catalogue, said)


async def corrected_to(engine: AsyncEngine, team: str, number: int) -> str | None:
    """The cause that a ticket was corrected to, if it was."""
    async with reading(engine) as connection:
        found: str | None = await connection.scalar(
            select(CORRECTIONS.c.cause).where(CORRECTIONS.c.team == team, CORRECTIONS.c.number == number)
        )
    return found


async def as_found_out(store: TicketStore, ticket: Ticket, catalogue: Catalogue) -> Diagnosis:
    """The diagnosis of a ticket by what people have found out about it: its outcome, else its correction, else
    what we said."""
    diagnosis = _with_readers(from_json(ticket.diagnosis), catalogue)
    cause = ticket.outcome.cause if ticket.outcome is not None else None
    if cause is None:
        cause = await corrected_to(store.engine, ticket.team, ticket.number)
    return diagnosis if cause is None else with_cause(diagnosis, cause, catalogue)


def _with_readers(diagnosis: Diagnosis, catalogue: Catalogue) -> Diagnosis:
    """A ticket from before steps had readers: who can take which, as the knowledge base has it now."""
    if diagnosis.steps_by or diagnosis.first is None or diagnosis.first.cause not in catalogue.causes:
        return diagnosis
    anew = conclude(diagnosis.results, catalogue)
    return replace(diagnosis, steps_by=anew.steps_by, guide=anew.guide)


def with_cause(diagnosis: Diagnosis, slug: str, catalogue: Catalogue, said: str | None = None) -> Diagnosis:
    """``diagnosis`` with another cause for its first result, and all that the knowledge base says about it. ``said`` is why."""
    first = diagnosis.first
    cause = catalogue.causes.get(slug)
    if first is None or cause is None or cause.slug in (first.cause, NOT_A_BOUNCE):
        return diagnosis

    why = () if said is None else (said,)
    result = replace(
        first,
        cause=cause.slug,
        family=cause.family,
        party=cause.party,
        confidence=_CONFIRMED,
        variant=None,
        matched_text=first.matched_text or first.text,
        alternatives=((first.cause, round(1 - _CONFIRMED, 2)),),
        reasons=why,
    )
    return conclude(
        (result, *diagnosis.results[1:]),
        catalogue,
        evidence=diagnosis.evidence,
        notices=(*why, *diagnosis.notices),
        program=diagnosis.program,
    )


async def candidates(engine: AsyncEngine, team: str) -> AsyncIterator[Candidate]:
    """Every wording of a workspace that was corrected, the most often corrected one first."""
    async with reading(engine) as connection:
        groups = (
            await connection.execute(
                select(
                    CORRECTIONS.c.fingerprint,
                    CORRECTIONS.c.cause,
                    func.count().label("times"),
                    func.max(CORRECTIONS.c.number).label("number"),
                    func.count(CORRECTIONS.c.confirmed_by).label("confirmed"),
                )
                .where(CORRECTIONS.c.team == team)
                .group_by(CORRECTIONS.c.fingerprint, CORRECTIONS.c.cause)
                .order_by(func.count().desc(), func.max(CORRECTIONS.c.number).desc())
            )
        ).all()
        for group in groups:
            row = (
                await connection.execute(
                    select(TICKETS, CORRECTIONS.c.was.label("was"))
                    .join(
                        CORRECTIONS,
                        (CORRECTIONS.c.team == TICKETS.c.team) & (CORRECTIONS.c.number == TICKETS.c.number),
                    )
                    .where(TICKETS.c.team == team, TICKETS.c.number == group.number)
                )
            ).one()
            comments = await connection.scalars(
                select(CORRECTIONS.c.comment)
                .where(
                    CORRECTIONS.c.team == team,
                    CORRECTIONS.c.fingerprint == group.fingerprint,
                    CORRECTIONS.c.cause == group.cause,
                    CORRECTIONS.c.comment != "",
                )
                .order_by(CORRECTIONS.c.at.desc())
                .limit(5)
            )
            results = row.diagnosis.get("results") or [{}]
            yield Candidate(
                masked_text=row.masked_text,
                raw_text=None if row.erased_at else results[0].get("text"),
                was=row.was,
                cause=group.cause,
                times=group.times,
                confirmed=group.confirmed > 0,
                codes=tuple(code for code in (row.reply, row.enhanced) if code),
                provider=row.provider,
                comments=tuple(comments),
            )

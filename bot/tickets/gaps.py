"""Which wordings did the knowledge base not know, or get wrong? What to add next.

A ticket is a gap when its answer was ``unknown``, when somebody corrected it, or when it was resolved with
another cause than the one that was said. Gaps with the same masked text are one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.mask import fingerprint
from bot.core.model import UNKNOWN
from bot.tickets.database import reading
from bot.tickets.tables import CORRECTIONS, TICKETS


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """One masked text with all its tickets."""

    masked_text: str
    text: str | None = field(repr=False)
    """The words of the newest ticket; None after the retention time. They may name people."""
    times: int
    """Tickets: unknown, corrected or both."""
    unknown: int
    corrected: int
    workspaces: int
    said: tuple[tuple[str, int], ...]
    """What people said it was and how often, the commonest first."""
    codes: tuple[str, ...]
    """Reply and status code of the newest ticket."""
    provider: str | None
    last: datetime
    """When the newest ticket was opened."""


async def gaps(engine: AsyncEngine, teams: Sequence[str]) -> AsyncIterator[Gap]:
    """The gaps of some workspaces taken together, the commonest first, then the newest."""
    found: dict[str, _Counts] = {}
    for team in teams:
        await _count(engine, team, found)
    ordered = sorted(found.values(), key=lambda counts: (-counts.times, -counts.last.timestamp()))
    for counts in ordered:
        yield await _gap(engine, counts)


@dataclass(slots=True)
class _Counts:
    last: datetime
    newest: tuple[str, int]
    times: int = 0
    unknown: int = 0
    said: Counter[str] = field(default_factory=Counter)
    teams: set[str] = field(default_factory=set)


async def _count(engine: AsyncEngine, team: str, found: dict[str, _Counts]) -> None:
    outcome = case((TICKETS.c.outcome_cause != TICKETS.c.cause, TICKETS.c.outcome_cause))
    said = func.coalesce(CORRECTIONS.c.cause, outcome)
    same_ticket = (CORRECTIONS.c.team == TICKETS.c.team) & (CORRECTIONS.c.number == TICKETS.c.number)
    statement = (
        select(
            TICKETS.c.fingerprint,
            said.label("said"),
            func.count().label("times"),
            func.sum(case((TICKETS.c.cause == UNKNOWN, 1), else_=0)).label("unknown"),
            func.max(TICKETS.c.number).label("number"),
            func.max(TICKETS.c.created_at).label("last"),
        )
        .select_from(TICKETS.outerjoin(CORRECTIONS, same_ticket))
        .where(TICKETS.c.team == team, or_(TICKETS.c.cause == UNKNOWN, said.is_not(None)))
        # By its place in the list: a repeated expression with a bound value is another one to PostgreSQL.
        .group_by(TICKETS.c.fingerprint, "said")
    )
    async with reading(engine) as connection:
        rows = (await connection.execute(statement)).all()
    for row in rows:
        counts = found.setdefault(row.fingerprint, _Counts(row.last, (team, row.number)))
        counts.times += row.times
        counts.unknown += row.unknown
        counts.teams.add(team)
        if row.said is not None:
            counts.said[row.said] += row.times
        # Numbers count per workspace, so times decide between workspaces.
        if (row.last, row.number) > (counts.last, counts.newest[1] if counts.newest[0] == team else 0):
            counts.last, counts.newest = row.last, (team, row.number)


async def _gap(engine: AsyncEngine, counts: _Counts) -> Gap:
    team, number = counts.newest
    async with reading(engine) as connection:
        row = (
            await connection.execute(
                select(TICKETS).where(TICKETS.c.team == team, TICKETS.c.number == number)
            )
        ).one()
    texts = (
        () if row.erased_at else [str(each.get("text") or "") for each in row.diagnosis.get("results", ())]
    )
    return Gap(
        masked_text=row.masked_text,
        text=next((text for text in texts if fingerprint(text) == row.fingerprint), None),
        times=counts.times,
        unknown=counts.unknown,
        corrected=counts.said.total(),
        workspaces=len(counts.teams),
        said=tuple(counts.said.most_common()),
        codes=tuple(code for code in (row.reply, row.enhanced) if code),
        provider=row.provider,
        last=counts.last,
    )

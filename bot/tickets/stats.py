"""How is a workspace doing? Numbers of the last 30 days, and of what is open now."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bot.tickets.database import reading
from bot.tickets.store import TicketStore
from bot.tickets.tables import CORRECTIONS, TICKETS
from bot.tickets.ticket import Status

PERIOD = timedelta(days=30)
_MOST_TIMES = 5_000
_MOST_NAMES = 8
_OPEN = (Status.DIAGNOSED, Status.ESCALATED, Status.CLAIMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stats:
    open: dict[Status, int]
    """Tickets that are not resolved, by state, of all times."""
    asked: int
    escalated: int
    resolved: int
    causes: tuple[tuple[str, int], ...]
    """The commonest causes."""
    providers: tuple[tuple[str, int], ...]
    corrected: int
    confirmed: int
    claim_minutes: float | None
    """Median from escalation to claim."""
    resolve_hours: float | None
    """Median from escalation to resolution."""


async def stats(store: TicketStore, team: str) -> Stats:
    """The numbers of a workspace. Times are the medians of the latest 5,000 escalated tickets at most."""
    since = store.clock() - PERIOD
    recent = (TICKETS.c.team == team) & (TICKETS.c.created_at > since)
    async with reading(store.engine) as connection:
        by_status = await connection.execute(
            select(TICKETS.c.status, func.count())
            .where(TICKETS.c.team == team, TICKETS.c.status.in_([status.value for status in _OPEN]))
            .group_by(TICKETS.c.status)
        )
        cause = func.coalesce(TICKETS.c.outcome_cause, TICKETS.c.cause)
        # One pass over one index; the few hundred combinations are added up here.
        groups = (
            await connection.execute(
                select(
                    cause.label("cause"),
                    TICKETS.c.provider,
                    func.count().label("asked"),
                    func.count(TICKETS.c.escalated_at).label("escalated"),
                    func.count(TICKETS.c.resolved_at).label("resolved"),
                )
                .where(recent)
                .group_by(cause, TICKETS.c.provider)
            )
        ).all()
        corrections = (
            await connection.execute(
                select(
                    func.count().label("corrected"), func.count(CORRECTIONS.c.confirmed_by).label("confirmed")
                ).where(CORRECTIONS.c.team == team, CORRECTIONS.c.at > since)
            )
        ).one()
        times = (
            await connection.execute(
                select(TICKETS.c.escalated_at, TICKETS.c.claimed_at, TICKETS.c.resolved_at)
                .where(recent, TICKETS.c.escalated_at.is_not(None))
                .order_by(TICKETS.c.created_at.desc())
                .limit(_MOST_TIMES)
            )
        ).all()
    causes: Counter[str] = Counter()
    providers: Counter[str] = Counter()
    for group in groups:
        causes[group.cause] += group.asked
        if group.provider is not None:
            providers[group.provider] += group.asked
    to_claim = [(row.claimed_at - row.escalated_at).total_seconds() for row in times if row.claimed_at]
    to_resolve = [(row.resolved_at - row.escalated_at).total_seconds() for row in times if row.resolved_at]
    return Stats(
        open={Status(status): count for status, count in by_status},
        asked=sum(group.asked for group in groups),
        escalated=sum(group.escalated for group in groups),
        resolved=sum(group.resolved for group in groups),
        causes=_commonest(causes),
        providers=_commonest(providers),
        corrected=corrections.corrected,
        confirmed=corrections.confirmed,
        claim_minutes=_median(to_claim, 60),
        resolve_hours=_median(to_resolve, 3600),
    )


def _commonest(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST_NAMES])


def _median(seconds: list[float], unit: float) -> float | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    middle = len(ordered) // 2
    value = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return round(value / unit, 1)

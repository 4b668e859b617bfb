"""What does a workspace know already about a bounce like this one?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import UninstalledError
from bot.core.mask import fingerprint
from bot.core.model import UNKNOWN, Catalogue, Diagnosis
from bot.tickets.corrections import corrected, correction_of
from bot.tickets.database import reading, writing
from bot.tickets.reminders import plan
from bot.tickets.rights import ERASED, without_addresses
from bot.tickets.store import TicketStore
from bot.tickets.tables import CORRECTIONS, INCIDENTS, TICKETS
from bot.tickets.ticket import Post, Status, Ticket
from bot.tickets.transaction import lock_workspace
from bot.tickets.workspace import settings_in

WEEK = timedelta(days=7)
INCIDENT_WITHIN = timedelta(hours=1)
INCIDENT = "incident"
_MOST = 50
_PROVIDERS = ("mx_provider", "provider")


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """Earlier tickets of the last week that share one thing with a ticket."""

    what: str
    """wording, recipient_domain, sending_ip, sender_domain, mx_provider or provider."""
    value: str
    count: int
    """At most 50 are counted."""
    causes: tuple[tuple[str, int], ...]
    """What they were (what was found out, else what we said), the commonest first."""
    latest: int
    """The number of the newest of them."""
    helped: str | None = None
    """What helped in the newest one that was resolved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """Many customers, one cause, one provider, within an hour."""

    team: str
    provider: str
    cause: str
    opened_at: datetime
    customers: int


async def recall(store: TicketStore, catalogue: Catalogue, team: str, diagnosis: Diagnosis) -> Diagnosis:
    """``diagnosis``, or what the team has confirmed for this wording in its place: perhaps that it is none."""
    if diagnosis.first is None:
        return diagnosis
    correction = await correction_of(store.engine, team, fingerprint(diagnosis.first.text))
    return diagnosis if correction is None else corrected(diagnosis, correction, catalogue)


async def similar(store: TicketStore, ticket: Ticket) -> tuple[Similar, ...]:
    """Earlier tickets of the last week like this one, by what they share. Six short index scans."""
    keys = (
        ("wording", TICKETS.c.fingerprint, ticket.fingerprint),
        ("recipient_domain", TICKETS.c.recipient_domain, ticket.recipient_domain),
        ("sending_ip", TICKETS.c.sending_ip, ticket.sending_ip),
        ("sender_domain", TICKETS.c.sender_domain, ticket.sender_domain),
        ("mx_provider", TICKETS.c.mx_provider, ticket.mx_provider),
        ("provider", TICKETS.c.provider, ticket.provider),
    )
    async with reading(store.engine) as connection:
        found = {
            what: (value, await _earlier(connection, ticket, what, column == value))
            for what, column, value in keys
            if value
        }
        numbers = {row.number for _, rows in found.values() for row in rows}
        # Asked for once, of the few that are there: a join of each list would cost more than the lists.
        corrections = await connection.execute(
            select(CORRECTIONS.c.number, CORRECTIONS.c.cause).where(
                CORRECTIONS.c.team == ticket.team, CORRECTIONS.c.number.in_(numbers)
            )
        )
        corrected_to = {row.number: row.cause for row in corrections}
    return tuple(_similar(what, value, rows, corrected_to) for what, (value, rows) in found.items() if rows)


async def notes(store: TicketStore, ticket: Ticket, post: Post | None, catalogue: Catalogue) -> list[str]:
    """At most three lines for under an answer: joined, corrected before, similar cases."""
    titles = {slug: cause.title for slug, cause in catalogue.causes.items()}
    providers = {slug: provider.name for slug, provider in catalogue.providers.items()}
    lines: list[str] = []
    if post is not None and post.joined:
        lines.append(f"The same bounce was pasted before, so this joins ticket {ticket.number}.")
    correction = await correction_of(store.engine, ticket.team, ticket.fingerprint)
    if correction is not None and not correction.confirmed and correction.cause != ticket.cause:
        times = {1: "once", 2: "twice"}.get(correction.times, f"{correction.times} times")
        # The agent's own comment stays inside: strangers may read this thread.
        title = titles.get(correction.cause, correction.cause)
        # Guests may correct, too: then it was no agent.
        lines.append(f"This wording was corrected {times} to: {title} (ticket {correction.number}).")
    lines += similar_lines(await similar(store, ticket), titles, providers)
    return lines[:3]


def similar_lines(
    found: Sequence[Similar], titles: Mapping[str, str], providers: Mapping[str, str]
) -> list[str]:
    """Similar cases in words, the most telling first."""
    lines = []
    kinds = {each.what for each in found}
    for each in found:
        if each.what in _PROVIDERS and (each.count < 3 or "recipient_domain" in kinds):
            continue  # a large provider has cases every day
        if each.what == "provider" and "mx_provider" in kinds:
            continue  # mostly the same cases
        if each.what == "wording" and not each.helped:
            continue  # the same words alone say nothing new
        where = {
            "wording": "with this wording",
            "recipient_domain": f"with {each.value}",
            "sending_ip": f"with the sending IP {each.value}",
            "sender_domain": f"from {each.value}",
            "mx_provider": f"with mail at {providers.get(each.value, each.value)}",
            "provider": f"at {providers.get(each.value, each.value)}",
        }[each.what]
        count = f"{_MOST} or more" if each.count >= _MOST else str(each.count)
        cases = "earlier case" if each.count == 1 else "earlier cases"
        if len(each.causes) == 1:
            said = titles.get(each.causes[0][0], each.causes[0][0])
            said = said if each.count == 1 else f"all “{said}”"
        else:
            said = ", ".join(f"{number} × {titles.get(cause, cause)}" for cause, number in each.causes[:3])
        line = f"{count} {cases} {where} this week: {said} (latest: ticket {each.latest})."
        if each.helped:
            # A step may name whom or which server it was about; those are another customer's.
            helped = without_addresses(each.helped, instead="the address").replace(ERASED, "the address")
            line += f" What helped: {helped}"
        lines.append(line)
    return lines


async def note_incident(store: TicketStore, ticket: Ticket) -> Incident | None:
    """Return the incident that this ticket opens, or None. The promise to announce it is made here, once.

    An incident: as many different customers as the settings say had this cause at this provider within the
    last hour. It goes on for as long as cases come within an hour of each other. The provider is who refused,
    and where the text does not say, who runs the recipient's mail.
    """
    provider = ticket.provider or ticket.mx_provider
    if not provider or ticket.cause == UNKNOWN:
        return None
    at = ticket.created_at
    # The customer is whose mail came back; where the bounce does not say, each ticket counts.
    customer = func.coalesce(
        TICKETS.c.sender, TICKETS.c.recipient, literal("ticket ") + cast(TICKETS.c.number, String)
    )
    # An OR over two columns would be answered by reading the hour of the whole workspace.
    here, there = (
        select(customer.label("customer")).where(
            TICKETS.c.team == ticket.team,
            *fits,
            TICKETS.c.cause == ticket.cause,
            TICKETS.c.created_at > at - INCIDENT_WITHIN,
            TICKETS.c.created_at <= at,
        )
        for fits in (
            (TICKETS.c.provider == provider,),
            # In words that leave the index on who refused out of it: there are many tickets without.
            (TICKETS.c.mx_provider == provider, func.coalesce(TICKETS.c.provider, "") == ""),
        )
    )
    async with reading(store.engine) as connection:
        customers = (
            await connection.scalar(select(func.count()).select_from(here.union(there).subquery())) or 0
        )
        settings = await settings_in(connection, ticket.team)
    if customers < settings.incident_customers:
        return None
    async with writing(store.engine) as connection:
        try:
            await lock_workspace(connection, ticket.team, at)
        except UninstalledError:
            return None
        this = (
            (INCIDENTS.c.team == ticket.team)
            & (INCIDENTS.c.provider == provider)
            & (INCIDENTS.c.cause == ticket.cause)
        )
        going_on = (
            await connection.execute(
                select(INCIDENTS)
                .where(this, INCIDENTS.c.last_at > at - INCIDENT_WITHIN)
                .order_by(INCIDENTS.c.opened_at.desc())
                .limit(1)
            )
        ).first()
        if going_on is not None:
            await connection.execute(
                update(INCIDENTS)
                .where(this, INCIDENTS.c.opened_at == going_on.opened_at)
                .values(last_at=max(at, going_on.last_at), customers=max(customers, going_on.customers))
            )
            return None
        await connection.execute(
            insert(INCIDENTS).values(
                team=ticket.team,
                provider=provider,
                cause=ticket.cause,
                opened_at=at,
                last_at=at,
                customers=customers,
            )
        )
        await plan(connection, ticket.team, ticket.number, INCIDENT, at)
    return Incident(
        team=ticket.team, provider=provider, cause=ticket.cause, opened_at=at, customers=customers
    )


async def incident_of(store: TicketStore, ticket: Ticket) -> Incident | None:
    """The incident that a ticket has opened."""
    async with reading(store.engine) as connection:
        row = (
            await connection.execute(
                select(INCIDENTS).where(
                    INCIDENTS.c.team == ticket.team,
                    INCIDENTS.c.provider == (ticket.provider or ticket.mx_provider or ""),
                    INCIDENTS.c.cause == ticket.cause,
                    INCIDENTS.c.opened_at == ticket.created_at,
                )
            )
        ).first()
    if row is None:
        return None
    return Incident(
        team=row.team,
        provider=row.provider,
        cause=row.cause,
        opened_at=row.opened_at,
        customers=row.customers,
    )


async def _earlier(
    connection: AsyncConnection, ticket: Ticket, what: str, fits: ColumnElement[bool]
) -> Sequence[Any]:
    """The tickets of the last week that fit, the newest first."""
    query = select(
        TICKETS.c.number,
        TICKETS.c.cause,
        TICKETS.c.status,
        TICKETS.c.outcome_cause,
        TICKETS.c.outcome_help,
        TICKETS.c.created_at,
    ).where(TICKETS.c.team == ticket.team, fits, TICKETS.c.number < ticket.number)
    since = ticket.created_at - WEEK
    if what in _PROVIDERS:
        # Their indexes go by time: a provider that is rare now may have been common once.
        query = query.where(TICKETS.c.created_at > since, TICKETS.c.created_at <= ticket.created_at)
        query = query.order_by(TICKETS.c.created_at.desc(), TICKETS.c.number.desc())
    else:
        query = query.order_by(TICKETS.c.number.desc())
    return [row for row in await connection.execute(query.limit(_MOST)) if row.created_at > since]


def _similar(what: str, value: str, rows: Sequence[Any], corrected_to: Mapping[int, str]) -> Similar:
    helped = (row.outcome_help for row in rows if row.status == Status.RESOLVED.value and row.outcome_help)
    was = Counter(row.outcome_cause or corrected_to.get(row.number) or row.cause for row in rows)
    return Similar(
        what=what,
        value=value if what != "wording" else "",
        count=len(rows),
        causes=tuple(was.most_common()),
        latest=rows[0].number,
        helped=next(helped, None),
    )

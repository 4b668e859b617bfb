"""What becomes of personal data?

A ticket keeps facts that name nobody, the masked text and counts. The raw text and all addresses are erased
after the retention time, at once when the message is deleted in Slack or the app is uninstalled, and when a
person asks for it. Erasing also cleans the diagnosis, the escalation form, outcomes and the history of
addresses. It leaves one event on the ticket, and is repeatable: what is written into an erased ticket
afterwards is erased when it is old itself. What our own posts in Slack still show is promised to be drawn
anew, in the same transaction (bot/tickets/reminders.py).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Text, cast, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mask import mask
from bot.tickets.database import reading, scrub, upsert, writing
from bot.tickets.reminders import FORGET, REDRAW, cancel_all, plan
from bot.tickets.store import TicketStore
from bot.tickets.tables import AUDIT, CORRECTIONS, EVENTS, JOINS, TICKETS, WATCHES, WORKSPACES
from bot.tickets.ticket import Post
from bot.tickets.transaction import PROGRAM, add_event, get_post
from bot.tickets.watches import Place, end_watches, end_watches_at
from bot.tickets.workspace import settings_in

ERASED = "(erased)"
SOMEBODY = "deleted"
"""In place of a person who asked to be forgotten."""
REDRAW_EVERY = timedelta(seconds=2)
"""Posts are drawn anew one after the other: Slack takes fifty updates a minute from an app (Tier 3)."""
_BATCH = 200

_ADDRESS = re.compile(r"(?:\"[^\"\r\n]{1,128}\"|[^\s<>()\[\]\"',;:@]{1,128})@[^\s<>()\[\]\"',;:@]{1,255}")
_NAME_BEGINS = r"(^|[^\w.+-]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})"
_NAME_ENDS = r"($|[^\w.-]|[.-]($|\W))"
"""Around a whole address, in JSON and in links, too: an@example.org is not who dan@example.org is. As PostgreSQL and
Python read patterns."""
_MAYBE_IP = re.compile(
    r"(?<![\w.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\w|\.\w)|[0-9a-fA-F:]{2,45}(?:(?<=:)[0-9.]{7,15})?(?![\w:]))"
)


async def erase_old(store: TicketStore, default_days: int) -> int:
    """Erase what is older than the retention time of each workspace. Returns how many tickets."""
    erased = 0
    for team in await store.teams():
        async with reading(store.engine) as connection:
            days = (await settings_in(connection, team)).retention_days or default_days
        before = store.clock() - timedelta(days=days)
        slots = _slots(store.clock())
        old = (TICKETS.c.erased_at.is_(None), TICKETS.c.created_at < before)
        erased += await _erase_all(store, team, "job", old, slots=slots)
        touched = (
            TICKETS.c.erased_at.is_not(None),
            TICKETS.c.updated_at > TICKETS.c.erased_at,
            TICKETS.c.updated_at < before,
        )
        erased += await _erase_all(store, team, "job", touched, slots=slots, by=TICKETS.c.updated_at)
    if erased:
        await scrub(store.engine)
    return erased


async def erase_post(store: TicketStore, team: str, channel: str, post_ts: str) -> int | None:
    """Erase what a deleted message has left. Returns its ticket's number, or None when it has none.

    Where other people have posted the same bounce, the ticket goes on as the first of theirs, and the deleted
    message leaves only its place. So it does when it was one that had joined another's ticket.
    """
    if await store.post(team, channel, post_ts) is None:
        return None  # as most messages that are deleted; they wait for nobody
    async with writing(store.engine) as connection:
        # Whoever posts the same bounce just now has joined before this, or has a ticket of their own after it.
        await connection.execute(select(WORKSPACES.c.team).where(WORKSPACES.c.team == team).with_for_update())
        post = await get_post(connection, team, channel, post_ts)
        if post is None:
            return None
        if not await _leave_to_others(connection, store, post):
            this = (TICKETS.c.team == team, TICKETS.c.number == post.number, TICKETS.c.erased_at.is_(None))
            row = (await connection.execute(select(*_ERASED).where(*this).with_for_update())).first()
            if row is not None:
                await _erase(connection, store, team, row, "message")
    await scrub(store.engine)
    return post.number


async def _leave_to_others(connection: AsyncConnection, store: TicketStore, post: Post) -> bool:
    """Take a message out of a ticket that others have, too. Returns False when it is the only one."""
    here = (JOINS.c.team == post.team, JOINS.c.number == post.number)
    thread = Place(channel=post.channel, thread_ts=post.thread_ts, number=post.number)
    if post.joined:
        this = (*here, JOINS.c.channel == post.channel, JOINS.c.post_ts == post.post_ts)
        await connection.execute(JOINS.delete().where(*this))
        await end_watches_at(connection, post.team, thread)
        return True
    next_post = (
        await connection.execute(
            select(JOINS).where(*here).order_by(JOINS.c.created_at, JOINS.c.post_ts).limit(1)
        )
    ).first()
    if next_post is None:
        return False
    its = (JOINS.c.channel == next_post.channel, JOINS.c.post_ts == next_post.post_ts)
    await connection.execute(JOINS.delete().where(*here, *its))
    # Whoever joins has posted the very same text: it stays, as theirs.
    place = {name: getattr(next_post, name) for name in ("channel", "post_ts", "thread_ts", "message_ts")}
    await add_event(
        connection,
        post.team,
        post.number,
        PROGRAM,
        "passed_on",
        "message",
        {"to": next_post.asker},
        at=store.clock(),
        asker=next_post.asker,
        **place,
    )
    await end_watches_at(connection, post.team, thread)
    return True


async def erase_workspace(store: TicketStore, team: str) -> int:
    """Erase all texts and addresses of a workspace that has uninstalled the app. Returns how many tickets.

    Nothing more is said there: what was promised is taken back. What was asked before is not recorded any more
    (``lock_workspace``).
    """
    at = store.clock()
    async with writing(store.engine) as connection:
        # Also where nothing is recorded yet: an answer that is under way elsewhere has to find it said.
        gone = upsert(connection, WORKSPACES).values(
            team=team, last_number=0, created_at=at, uninstalled_at=at
        )
        await connection.execute(
            gone.on_conflict_do_update(index_elements=["team"], set_={"uninstalled_at": at, "settings": None})
        )
        await end_watches(connection, team)
        await cancel_all(connection, team)
        await _note(connection, team, PROGRAM, "uninstalled", at, {})
    # Also what was written into tickets after they had been erased.
    unerased = TICKETS.c.erased_at.is_(None) | (TICKETS.c.updated_at > TICKETS.c.erased_at)
    count = await _erase_all(store, team, "job", (unerased,))
    await scrub(store.engine)
    return count


async def forget_person(store: TicketStore, team: str, person: str, *, who: str) -> int:
    """Erase one person's data: a mail address, or a Slack user's id. Returns how many tickets it was about.

    For an address, the tickets that name it are erased. A Slack user's name is taken out of tickets, posts,
    history and corrections, and the tickets that they have asked are erased.
    """
    at = store.clock()
    async with writing(store.engine) as connection:
        kind = "address" if "@" in person else "user"
        await _note(connection, team, who, "forget_person", at, {"kind": kind})
    slots = _slots(at)
    if "@" in person:
        count = await _forget_address(store, team, person.lower().strip(), slots)
    else:
        count = await _forget_user(store, team, person, slots)
    await scrub(store.engine)
    return count


async def _forget_user(store: TicketStore, team: str, person: str, slots: Iterator[datetime]) -> int:
    asked = (TICKETS.c.erased_at.is_(None), TICKETS.c.asker == person)
    count = await _erase_all(store, team, "cli", asked, slots=slots, answers=True)
    async with writing(store.engine) as connection:
        # Their name stands in the escalation posts of tickets that are not theirs, too.
        named = await connection.scalars(
            select(TICKETS.c.number).where(
                TICKETS.c.team == team,
                TICKETS.c.escalation_ts.is_not(None),
                TICKETS.c.number.in_(
                    select(EVENTS.c.number).where(EVENTS.c.team == team, EVENTS.c.who == person)
                )
                | or_(*(column == person for column in (TICKETS.c.owner, TICKETS.c.resolved_by))),
            )
        )
        for number in named.all():
            await plan(connection, team, number, REDRAW, next(slots))
        for table, column in (
            (TICKETS, TICKETS.c.asker),
            (TICKETS, TICKETS.c.owner),
            (TICKETS, TICKETS.c.resolved_by),
            (JOINS, JOINS.c.asker),
            (EVENTS, EVENTS.c.who),
            (CORRECTIONS, CORRECTIONS.c.who),
            (CORRECTIONS, CORRECTIONS.c.confirmed_by),
            (WATCHES, WATCHES.c.who),
        ):
            await connection.execute(
                update(table).where(table.c.team == team, column == person).values({column: SOMEBODY})
            )
        rows = (
            await connection.execute(
                select(EVENTS.c.number, EVENTS.c.seq, EVENTS.c.detail).where(
                    EVENTS.c.team == team, EVENTS.c.what.in_(("hand_over", "passed_on"))
                )
            )
        ).all()
        for event in rows:
            if event.detail.get("to") == person:
                await connection.execute(
                    update(EVENTS)
                    .where(EVENTS.c.team == team, EVENTS.c.number == event.number, EVENTS.c.seq == event.seq)
                    .values(detail={**event.detail, "to": SOMEBODY})
                )
        forms = (
            await connection.execute(
                select(TICKETS.c.number, TICKETS.c.escalation).where(
                    TICKETS.c.team == team, TICKETS.c.escalation.is_not(None)
                )
            )
        ).all()
        for form in forms:
            if form.escalation and form.escalation.get("who") == person:
                await connection.execute(
                    update(TICKETS)
                    .where(TICKETS.c.team == team, TICKETS.c.number == form.number)
                    .values(escalation={**form.escalation, "who": SOMEBODY})
                )
    return count


async def _forget_address(store: TicketStore, team: str, address: str, slots: Iterator[datetime]) -> int:
    # Reads the whole workspace, texts included: slow and rare.
    # In JSON, letters beyond ASCII may stand as escapes; in a link, signs may.
    written = (address, json.dumps(address)[1:-1], quote(address, safe="@"), quote(address))
    spellings = "|".join(dict.fromkeys(re.escape(each.lower()) for each in written))
    whole = f"{_NAME_BEGINS}({spellings}){_NAME_ENDS}"

    def names(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return func.lower(cast(column, Text)).regexp_match(whole)

    # Also tickets that have been erased before: somebody may have written the address into a form since.
    naming = (
        (TICKETS.c.recipient == address)
        | (TICKETS.c.sender == address)
        | names(TICKETS.c.raw_text)
        | names(TICKETS.c.diagnosis)
        | names(TICKETS.c.escalation)
        | names(TICKETS.c.outcome_help)
        | names(TICKETS.c.outcome_text)
        | names(TICKETS.c.external_url)
    )
    count = await _erase_all(store, team, "cli", (naming,), slots=slots, answers=True)
    async with writing(store.engine) as connection:
        notes = await connection.execute(
            select(EVENTS.c.number, EVENTS.c.seq, EVENTS.c.detail, TICKETS.c.escalation_ts)
            .join(TICKETS, (TICKETS.c.team == EVENTS.c.team) & (TICKETS.c.number == EVENTS.c.number))
            .where(EVENTS.c.team == team, names(EVENTS.c.detail))
        )
        for row in notes.all():
            await connection.execute(
                update(EVENTS)
                .where(EVENTS.c.team == team, EVENTS.c.number == row.number, EVENTS.c.seq == row.seq)
                .values(detail=without_addresses(row.detail))
            )
            if row.escalation_ts is not None:
                await plan(connection, team, row.number, REDRAW, next(slots))
        comments = await connection.execute(
            select(CORRECTIONS.c.number, CORRECTIONS.c.comment).where(
                CORRECTIONS.c.team == team, names(CORRECTIONS.c.comment)
            )
        )
        for comment in comments.all():
            await connection.execute(
                update(CORRECTIONS)
                .where(CORRECTIONS.c.team == team, CORRECTIONS.c.number == comment.number)
                .values(comment=without_addresses(comment.comment))
            )
    return count


def without_addresses(value: Any, *, instead: str = ERASED) -> Any:
    """``value`` with mail and IP addresses replaced, in every text of it."""
    if isinstance(value, str):
        # Links write the sign as %40.
        written = value.replace("%40", "@")
        cleaned = _ADDRESS.sub(instead, written)
        kept = value if cleaned == written else cleaned
        return _MAYBE_IP.sub(lambda found: instead if _is_ip(found.group()) else found.group(), kept)
    if isinstance(value, Mapping):
        return {key: without_addresses(entry, instead=instead) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [without_addresses(entry, instead=instead) for entry in value]
    return value


def cleaned_diagnosis(diagnosis: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's object without anything that names a person. The bounce's own words stay masked."""
    cleaned: dict[str, Any] = without_addresses(diagnosis)
    whole = (diagnosis, *diagnosis.get("results", ()))
    for part, before in zip((cleaned, *cleaned.get("results", ())), whole, strict=True):
        for name in ("matched_text", "text"):
            if part.get(name):
                part[name] = mask(before[name])
        part["facts"] = {**part.get("facts", {}), "recipient": None, "sender": None, "sending_ip": None}
        if "recipient" in part:
            part["recipient"] = None
    return cleaned


_ERASED = (
    TICKETS.c.number,
    TICKETS.c.diagnosis,
    TICKETS.c.escalation,
    TICKETS.c.escalation_ts,
    TICKETS.c.message_ts,
    TICKETS.c.outcome_help,
    TICKETS.c.outcome_text,
    TICKETS.c.external_url,
)
"""What has to be known of a ticket to erase it."""


async def _erase_all(
    store: TicketStore,
    team: str,
    source: str,
    which: Sequence[ColumnElement[bool]],
    *,
    slots: Iterator[datetime] | None = None,
    answers: bool = False,
    by: ColumnElement[datetime] = TICKETS.c.created_at,
) -> int:
    """Erase in batches, each a transaction, so that nobody waits long.

    With ``slots``, the escalation post of each is promised to be drawn anew, with ``answers`` those as well.
    """
    erased = 0
    after: tuple[datetime, int] | None = None
    while True:
        # What is left to do is walked through once: a ticket that fits again afterwards makes no endless loop.
        rest = () if after is None else (tuple_(by, TICKETS.c.number) > tuple_(*after),)
        async with writing(store.engine) as connection:
            rows = (
                await connection.execute(
                    select(*_ERASED, by.label("moment"))
                    .where(TICKETS.c.team == team, *which, *rest)
                    .order_by(by, TICKETS.c.number)
                    .limit(_BATCH)
                    .with_for_update()
                )
            ).all()
            for row in rows:
                await _erase(connection, store, team, row, source)
                if slots is not None and (row.escalation_ts or (answers and row.message_ts)):
                    kind = FORGET if answers else REDRAW
                    await plan(connection, team, row.number, kind, next(slots))
            erased += len(rows)
        if len(rows) < _BATCH:
            return erased
        after = (rows[-1].moment, rows[-1].number)


def _slots(at: datetime) -> Iterator[datetime]:
    """Moments from ``at`` on, far enough from each other."""
    while True:
        yield at
        at += REDRAW_EVERY


async def _erase(connection: AsyncConnection, store: TicketStore, team: str, row: Any, source: str) -> None:
    at = store.clock()
    await end_watches(connection, team, number=row.number)
    events = (
        await connection.execute(
            select(EVENTS.c.seq, EVENTS.c.detail).where(EVENTS.c.team == team, EVENTS.c.number == row.number)
        )
    ).all()
    for event in events:
        detail = without_addresses(event.detail)
        if detail != event.detail:
            await connection.execute(
                update(EVENTS)
                .where(EVENTS.c.team == team, EVENTS.c.number == row.number, EVENTS.c.seq == event.seq)
                .values(detail=detail)
            )
    comment = await connection.scalar(
        select(CORRECTIONS.c.comment).where(CORRECTIONS.c.team == team, CORRECTIONS.c.number == row.number)
    )
    if comment:
        await connection.execute(
            update(CORRECTIONS)
            .where(CORRECTIONS.c.team == team, CORRECTIONS.c.number == row.number)
            .values(comment=without_addresses(comment))
        )
    escalation = without_addresses(row.escalation)
    if escalation:
        escalation["contact"] = ERASED if escalation.get("contact") else ""
    await add_event(
        connection,
        team,
        row.number,
        PROGRAM,
        "erased",
        source,
        {},
        at=at,
        raw_text=None,
        bounce_key=None,
        recipient=None,
        sender=None,
        sending_ip=None,
        diagnosis=cleaned_diagnosis(row.diagnosis),
        escalation=escalation,
        outcome_help=without_addresses(row.outcome_help),
        outcome_text=without_addresses(row.outcome_text),
        # A link with a hole leads nowhere.
        external_url=row.external_url if without_addresses(row.external_url) == row.external_url else None,
        erased_at=at,
    )


async def _note(
    connection: AsyncConnection, team: str, who: str, what: str, at: datetime, detail: Mapping[str, Any]
) -> None:
    await connection.execute(
        insert(AUDIT).values(team=team, who=who[:64], what=what, at=at, detail=dict(detail))
    )


def _is_ip(text: str) -> bool:
    try:
        ip_address(text.rstrip("."))
    except ValueError:
        return False
    return True

"""Which tickets fit a person's filters? One query that a database answers from an index."""

from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal, select, table, text, union

from bot.core.mask import mask
from bot.tickets.tables import TICKETS
from bot.tickets.ticket import Filters, Status

_words = table("ticket_words", column("rowid"), column("number"))


WINDOW = 5_000
"""So many of the newest tickets are looked at word by word before PostgreSQL's word index is asked."""
RECENT = 100_000
"""So many of the newest numbers the word index is asked about, before it is asked about all."""


def numbers(
    team: str,
    filters: Filters,
    before: int | None,
    limit: int,
    dialect: str,
    *,
    above: int | None = None,
    window: int | None = None,
) -> Select[Any]:
    """Select at most ``limit`` ticket numbers, the largest first, below ``before`` and above ``above``.

    With ``window``, words are looked for in that many of the newest tickets that the other filters leave.
    Common words are found there at once, where the word index would give half of the workspace to sort;
    rare ones are then for the index.
    """
    # An OR over two columns would be answered by reading the whole workspace; so each combination
    # is its own short list from its own index, and the lists are merged.
    choices = list(product(*_alternatives(filters)))
    lists = [_one_list(team, filters, extra, before, above, limit, dialect, window) for extra in choices]
    if len(lists) == 1:
        return lists[0]
    merged = union(*(select(each.subquery().c.number) for each in lists)).subquery()
    return select(merged.c.number).order_by(merged.c.number.desc()).limit(limit)


def needs_word_index(filters: Filters) -> bool:
    """Whether words are looked for among so many tickets that only an index finds them."""
    return bool(filters.words.strip()) and not (filters.ip or any(_alternatives(filters)))


def _alternatives(filters: Filters) -> list[tuple[ColumnElement[bool], ...]]:
    found: list[tuple[ColumnElement[bool], ...]] = []
    if filters.person is not None:
        found.append((TICKETS.c.asker == filters.person, TICKETS.c.owner == filters.person))
    if filters.domain is not None:
        found.append(
            (TICKETS.c.recipient_domain == filters.domain, TICKETS.c.sender_domain == filters.domain)
        )
    if filters.address is not None:
        found.append((TICKETS.c.recipient == filters.address, TICKETS.c.sender == filters.address))
    return found


def _one_list(
    team: str,
    filters: Filters,
    extra: tuple[ColumnElement[bool], ...],
    before: int | None,
    above: int | None,
    limit: int,
    dialect: str,
    window: int | None,
) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [TICKETS.c.team == team, *extra]
    if filters.open_only:
        # Written out, so that the planner sees that the partial index fits.
        conditions.append(TICKETS.c.status != literal(Status.RESOLVED.value, literal_execute=True))
    if filters.statuses:
        conditions.append(TICKETS.c.status.in_([status.value for status in filters.statuses]))
    if filters.owner is not None:
        conditions.append(TICKETS.c.owner == filters.owner)
    if filters.cause is not None:
        conditions.append(TICKETS.c.cause == filters.cause)
    if filters.ip is not None:
        conditions.append(TICKETS.c.sending_ip == filters.ip)
    if before is not None:
        conditions.append(TICKETS.c.number < before)
    if above is not None:
        conditions.append(TICKETS.c.number > above)
    words = [word for word in mask(filters.words[:500]).split() if not word.startswith("<")][:20]
    if filters.words.strip() and not words:
        conditions.append(literal(False))  # only numbers and the like, which the masked text has not
    if not words:
        return _newest(conditions, limit)
    if not needs_word_index(filters):
        # The other filter leaves few tickets, so their texts are looked at.
        return _newest([*conditions, *_has_words(TICKETS.c.masked_text, words)], limit)
    if window is not None:
        newest = (
            select(TICKETS.c.number, TICKETS.c.masked_text)
            .where(*conditions)
            .order_by(TICKETS.c.number.desc())
            .limit(window)
            .subquery()
        )
        fits = _has_words(newest.c.masked_text, words)
        return select(newest.c.number).where(*fits).order_by(newest.c.number.desc()).limit(limit)
    if dialect == "postgresql":
        vector = func.to_tsvector(text("'simple'"), TICKETS.c.masked_text)
        fit = vector.op("@@")(func.plainto_tsquery(text("'simple'"), " ".join(words)))
        # Without the fence the planner walks all tickets and computes the vector of each.
        found = select(TICKETS.c.number).where(*conditions, fit).offset(0).subquery()
        return select(found.c.number).order_by(found.c.number.desc()).limit(limit)
    # Walk SQLite's word index from the newest row on, and stop at the limit.
    query = 'team : "{}" AND words : ({})'.format(
        team.replace('"', ""), " AND ".join('"' + word.replace('"', "") + '"' for word in words)
    )
    return (
        select(TICKETS.c.number)
        .select_from(_words.join(TICKETS, (TICKETS.c.team == team) & (TICKETS.c.number == _words.c.number)))
        .where(text("ticket_words MATCH :words").bindparams(words=query), *conditions)
        .order_by(_words.c.rowid.desc())
        .limit(limit)
    )


def _newest(conditions: list[ColumnElement[bool]], limit: int) -> Select[Any]:
    return select(TICKETS.c.number).where(*conditions).order_by(TICKETS.c.number.desc()).limit(limit)


def _has_words(masked_text: ColumnElement[str], words: list[str]) -> list[ColumnElement[bool]]:
    """Masked texts have single spaces between their words."""
    spaced = literal(" ").concat(masked_text).concat(" ")
    return [spaced.contains(f" {word} ", autoescape=True) for word in words]

"""The schema: the same on both databases, as the model says, there and back with data in it."""

import multiprocessing
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Column, Connection, bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import SettingError
from bot.tickets.database import downgrade, make_engine, migrate, reading, schema_is_current, writing
from bot.tickets.store import TicketStore
from bot.tickets.tables import TICKETS, WORKSPACES, Base, Instant
from bot.tickets.ticket import Filters
from tests.tickets.samples import a_ticket

SINCE_0002 = {"mx_provider"}
"""Columns of tickets that the version before this one does not know."""


def value_of(column: Column[Any]) -> Any:
    """Something that fits a column."""
    special = {"team": "T1", "number": 1, "status": "diagnosed", "version": 1, "confidence": 0.5}
    if column.name in special:
        return special[column.name]
    if isinstance(column.type, Instant):
        return datetime.now(UTC)
    return {} if isinstance(column.type, JSON) else "x"


async def test_migrate_twice(database_url: str) -> None:
    """The second migration finds nothing to do."""
    migrate(database_url)
    migrate(database_url)
    engine = make_engine(database_url)

    assert await schema_is_current(engine)
    await engine.dispose()


async def test_an_empty_database_is_not_current(database_url: str) -> None:
    """Before the migration, the schema is known to be missing."""
    engine = make_engine(database_url)

    assert not await schema_is_current(engine)
    await engine.dispose()


async def test_migrate_from_four_processes(database_url: str) -> None:
    """Processes that migrate at the same moment wait for each other, and all succeed."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=migrate, args=(database_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    engine = make_engine(database_url)

    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert await schema_is_current(engine)
    await engine.dispose()


async def test_model_is_schema(database_url: str) -> None:
    """The tables of the model are those that the migrations make: autogenerate finds no difference."""
    migrate(database_url)
    engine = make_engine(database_url)

    def differences(connection: Connection) -> list[object]:
        def ours(name: str | None, kind: str, parents: object) -> bool:
            return not (kind == "table" and name is not None and name.startswith("ticket_words"))

        options = {"include_name": ours, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))

    with pytest.warns(UserWarning, match="ix_tickets_words") if "sqlite" in database_url else nullcontext():
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)

    assert found == []
    await engine.dispose()


async def test_down_and_up_with_data(database_url: str) -> None:
    """Each revision can be undone and done again with tickets in the tables."""
    migrate(database_url)
    engine = make_engine(database_url)
    await a_ticket(TicketStore(engine))
    downgrade(database_url, "base")
    async with reading(engine) as connection:
        missing = not await connection.run_sync(lambda sync: sync.dialect.has_table(sync, "tickets"))
    migrate(database_url)
    again = await a_ticket(TicketStore(engine))

    assert missing
    assert again.number == 1
    await engine.dispose()


@pytest.mark.parametrize("revision", ["0003", "0002", "0001"])
async def test_each_step_down_keeps_the_tickets(database_url: str, revision: str) -> None:
    """Going back to any revision and up again loses no ticket; what a column held is looked up anew."""
    migrate(database_url)
    engine = make_engine(database_url)
    store = TicketStore(engine)
    await a_ticket(store)
    await store.set_mx_provider("T1", 1, "google")
    downgrade(database_url, revision)
    async with reading(engine) as connection:
        masked = await connection.scalar(text("SELECT masked_text FROM tickets WHERE number = 1"))
    migrate(database_url)
    ticket = await store.get("T1", 1)
    found = await store.list_tickets("T1", Filters(words="mailbox full"))

    assert masked == ticket.masked_text
    assert ticket.mx_provider == ("google" if revision == "0003" else None)
    assert [each.number for each in found.tickets] == [1]
    assert (await a_ticket(store, post_ts="2.0")).number == 2
    await engine.dispose()


async def test_the_code_before_goes_on_during_a_deploy(database_url: str) -> None:
    """The new schema takes what the version before writes and reads: it knows no column that has come since."""
    migrate(database_url)
    engine = make_engine(database_url)
    before = [column for column in TICKETS.c if column.name not in SINCE_0002]
    async with writing(engine) as connection:
        await connection.execute(
            insert(WORKSPACES).values(team="T1", last_number=1, created_at=datetime.now(UTC))
        )
        values = {column.name: value_of(column) for column in before if not column.nullable}
        names, slots = ", ".join(values), ", ".join(f":{name}" for name in values)
        statement = text(f"INSERT INTO tickets ({names}) VALUES ({slots})")  # noqa: S608 - names of ours
        types = [bindparam(column.name, type_=column.type) for column in before if column.name in values]
        await connection.execute(statement.bindparams(*types), values)
        old = (await connection.execute(select(*before))).mappings().one()
    ticket = await TicketStore(engine).get("T1", 1)

    assert old["cause"] == ticket.cause == "x"
    assert ticket.mx_provider is None
    await engine.dispose()


async def test_times_come_back_in_utc(database_url: str) -> None:
    """A point in time is the same point after it was stored."""
    migrate(database_url)
    engine = make_engine(database_url)
    moment = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)

    ticket = await a_ticket(TicketStore(engine, clock=lambda: moment))

    assert ticket.created_at == moment
    assert ticket.created_at.utcoffset() is not None
    await engine.dispose()


async def test_foreign_keys_are_watched(database_url: str) -> None:
    """An event of a ticket that does not exist is refused."""
    migrate(database_url)
    engine = make_engine(database_url)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with writing(engine) as connection:
            await connection.execute(
                text(
                    "INSERT INTO events (team, number, seq, at, who, what, source, detail) "
                    "VALUES ('T1', 1, 1, '2026-01-01', 'U1', 'note', 'form', '{}')"
                )
            )
    await engine.dispose()


async def test_an_error_shows_no_values(database_url: str) -> None:
    """A statement's values are pasted texts, and errors are logged."""
    engine = make_engine(database_url)
    with pytest.raises(DBAPIError) as caught:
        async with writing(engine) as connection:
            await connection.execute(
                text("INSERT INTO nowhere VALUES (:value)"), {"value": "jane@example.org"}
            )

    assert "jane" not in str(caught.value)
    await engine.dispose()


def test_an_unreachable_database_is_one_line() -> None:
    """The person who deploys reads which variable is wrong, without the password."""
    with pytest.raises(SettingError) as caught:
        migrate("postgresql+psycopg://someone:secret@127.0.0.1:1/fivefifty")

    assert "DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_one_line() -> None:
    """A SQLite file in an impossible place gives one line, too."""
    with pytest.raises(SettingError, match="DATABASE_URL"):
        migrate("sqlite+aiosqlite:////proc/nowhere/test.db")

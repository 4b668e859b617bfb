"""The schema: the same on both databases, as the model says, there and back with data in it."""

import multiprocessing
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import SettingError
from bot.tickets.database import downgrade, make_engine, migrate, reading, schema_is_current, writing
from bot.tickets.store import TicketStore
from bot.tickets.tables import Base
from tests.tickets.samples import a_ticket


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

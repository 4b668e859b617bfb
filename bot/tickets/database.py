"""How do we reach the database, and is its schema the newest?

One connection string serves both databases: ``sqlite+aiosqlite:///file.db`` and
``postgresql+psycopg://…``, as ``Settings.database_url`` has it.
"""

import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import SettingError
from bot.data import data_folder

BUSY_SECONDS = 30
"""How long a SQLite connection waits for another one's write."""
_SCRUB_SECONDS = 2
"""How long it waits for readers before it begins the write-ahead log anew; nobody can write meanwhile."""

_MIGRATION_LOCK = 550_550_550
"""Key of PostgreSQL's advisory lock that lets one process migrate at a time."""


def make_engine(database_url: str) -> AsyncEngine:
    """Return an engine for the URL. Connects at the first use, not now.

    On SQLite: WAL, foreign keys, a busy time-out, and ``BEGIN IMMEDIATE`` for connections with the
    execution option ``write`` (a read that turns into a write could not wait for the lock). Errors do not
    show the values of a statement: those are pasted texts, and errors are logged.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, pool_size=8, max_overflow=0, pool_timeout=120, hide_parameters=True)
        _prepare_sqlite(engine.sync_engine)
        return engine
    return create_async_engine(
        url, pool_size=10, max_overflow=10, pool_timeout=120, pool_pre_ping=True, hide_parameters=True
    )


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that only reads."""
    async with engine.connect() as connection, connection.begin():
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that may write. On SQLite it is the only one until it ends."""
    async with engine.connect() as connection:
        await connection.execution_options(write=True)
        async with connection.begin():
            yield connection


async def scrub(engine: AsyncEngine) -> None:
    """After something was erased: let the old text leave SQLite's files, too.

    What was overwritten in the file still stands in its write-ahead log until that is begun anew. Where
    somebody reads for longer than a moment it is left for the next time; PostgreSQL sees to it by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    async with engine.connect() as connection:
        # Past SQLAlchemy, which would begin a transaction first.
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            return
        await driver.execute(f"PRAGMA busy_timeout = {_SCRUB_SECONDS * 1000}")
        try:
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def upsert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ``on_conflict_do_update``; both databases have it, SQLAlchemy's core has not."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def migrate(database_url: str) -> None:
    """Bring the schema to the newest version. Safe to run twice, and from two processes at once.

    Raises SettingError, with one line, when the database cannot be reached or changed.
    """
    _with_locked_connection(database_url, lambda config: command.upgrade(config, "head"))


def downgrade(database_url: str, revision: str) -> None:
    """Go back to a revision (``base`` for none). For operators and tests."""
    _with_locked_connection(database_url, lambda config: command.downgrade(config, revision))


def newest_revision() -> str | None:
    """Return the revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def schema_is_current(engine: AsyncEngine) -> bool:
    """Say whether the database has the newest schema. Raises SettingError when it cannot be reached."""
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision) == newest_revision()
    except (OSError, DBAPIError) as error:
        raise cannot_use(engine.url, error) from error


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _with_locked_connection(database_url: str, work: Callable[[Config], None]) -> None:
    url = make_url(database_url)
    try:
        _run_locked(url, work)
    except (OSError, DBAPIError) as error:
        raise cannot_use(url, error) from error


def _run_locked(url: URL, work: Callable[[Config], None]) -> None:
    config = _config()
    if url.get_backend_name() == "sqlite":
        _make_folder(url)
        engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool)
        # Alembic changes a SQLite table by copying and dropping it: a drop would cascade.
        _prepare_sqlite(engine, foreign_keys=False)
    else:
        engine = create_engine(url, poolclass=NullPool)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        # On SQLite the transaction itself (BEGIN IMMEDIATE) keeps the others out. The advisory lock is
        # given back with the transaction.
        if url.get_backend_name() == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        work(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _make_folder(url: URL) -> None:
    if url.database and url.database != ":memory:":
        Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool = True) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # Without this the driver begins transactions by itself, too late and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = NORMAL")
        # What is erased is overwritten. Debian's SQLite does that anyway, others do not.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def write_ahead(connection: Any) -> None:
    """Make write-ahead logging the property of a SQLite file that it is, by a connection or cursor of it.

    For the lock of the first time SQLite does not wait as it does for others
    (https://sqlite.org/c3ref/busy_handler.html), so that processes that start together would fail. Blocks.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def cannot_use(url: URL, error: Exception) -> SettingError:
    """The one line that says why this database cannot be used, and what to look at."""
    cause = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
    mend = (
        "is there such a folder, and may we write there?"
        if url.get_backend_name() == "sqlite"
        else "is the server up, and are name and password right?"
    )
    return SettingError(
        f"DATABASE_URL: cannot use {url.render_as_string(hide_password=True)}: {cause}; {mend}"
    )

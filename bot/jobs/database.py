"""Where are jobs kept, and is what DBOS needs there? On SQLite in a file of their own, on PostgreSQL in a schema."""

import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import DBOS
from dbos._migration import get_migration_versions
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.core.errors import SettingError
from bot.tickets.database import write_ahead

SCHEMA = "dbos"
_SCRUB_SECONDS = 2.0
"""How long to wait for readers before the write-ahead log is begun anew; nobody can write meanwhile."""


def system_database_url(database_url: str) -> sqlalchemy.URL:
    """Return the sync URL of DBOS's own database, for the async URL of ours.

    Raises SettingError for a SQLite database in memory: nothing in it would survive.
    """
    url = sqlalchemy.make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql+psycopg")
    if not url.database or url.database == ":memory:":
        raise SettingError(
            "DATABASE_URL is a database in memory; durable jobs take a file, such as sqlite:///fivefifty.db"
        )
    ours = Path(url.database)
    return sqlalchemy.URL.create("sqlite", database=str(ours.with_name(f"{ours.stem}.jobs.db")))


def migrate_jobs(database_url: str) -> None:
    """Bring DBOS's own tables to the newest schema. Blocks; safe to run twice and from two processes at
    once."""
    url = system_database_url(database_url)
    if url.get_backend_name() == "sqlite":
        prepare_file(Path(str(url.database)))
    prepare_connections()
    log_through_us()
    DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA)


def jobs_are_current(database_url: str) -> bool:
    """Return True when the server has the schema that this version needs. Blocks; for PostgreSQL."""
    engine = sqlalchemy.create_engine(system_database_url(database_url), poolclass=sqlalchemy.NullPool)
    try:
        current, newest = get_migration_versions(engine, SCHEMA, True)
    finally:
        engine.dispose()
    return current is not None and current >= newest


def scrub(url: sqlalchemy.URL) -> bool:
    """After something was erased: let the old text leave SQLite's files, too. Blocks.

    What was overwritten in the file still stands in its write-ahead log until that is begun anew. Returns
    False where others were in the way. PostgreSQL sees to it by itself.
    """
    if url.get_backend_name() != "sqlite":
        return True
    connection = sqlite3.connect(str(url.database), timeout=_SCRUB_SECONDS)
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        connection.close()


def prepare_file(path: Path) -> None:
    # Write-ahead logging is a property of the file and halves the time of a commit; it stays as durable.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        try:
            write_ahead(connection)
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise SettingError(f"DATABASE_URL names a file that cannot be written: {path}: {error}") from error


def prepare_connections() -> None:
    """Have every SQLite connection from now on overwrite what is erased; Debian's SQLite does so, others do not.

    And give it the time with milliseconds, where SQLite lacks it: on Python 3.12 and newer DBOS asks for
    ``unixepoch('subsec')``, in its tables' defaults, too. That came with SQLite 3.42; Debian 12 has 3.40,
    which answers NULL (https://sqlite.org/lang_datefunc.html).
    """
    if not event.contains(Pool, "connect", _prepare):
        event.listen(Pool, "connect", _prepare)


def _prepare(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("PRAGMA secure_delete = ON")
    if sqlite3.sqlite_version_info < (3, 42):
        connection.create_function("unixepoch", 1, lambda _what: time.time())


def log_through_us() -> None:
    # DBOS brings a handler of its own; its lines go through ours instead, in the format that was asked for.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = True

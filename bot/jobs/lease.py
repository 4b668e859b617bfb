"""Which process does a job's work? The one that holds the lock on the executor name that the job was started under.

A lock ends with its process, however that ends; so what a dead process has left undone can be told.
"""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy
import structlog

from bot.core.errors import SettingError

_ADVISORY_CLASS = 0x0550
_MOST_EXECUTORS = 64

log = structlog.get_logger(__name__)


class Lease(Protocol):
    """A lock on an executor name that ends with the process, however it ends."""

    executor: str

    def renew(self) -> None: ...
    def try_lock(self, number: int) -> bool: ...
    def unlock(self, number: int) -> None: ...
    def release(self) -> None: ...


class _FileLease:
    """Byte N of a file beside the database is locked by the process that is executor N."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.executor = ""
        _take_first(self)

    def renew(self) -> None:
        """Nothing to do: the lock lives as long as the process."""

    def try_lock(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            return False
        return True

    def unlock(self, number: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)

    def release(self) -> None:
        os.close(self._file)


class _ServerLease:
    """An advisory lock of one PostgreSQL session is held by the process that is executor N."""

    def __init__(self, url: sqlalchemy.URL) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = self._connect()
        self.executor = ""
        try:
            _take_first(self)
        except BaseException:
            self._connection.close()
            raise

    def renew(self) -> None:
        """Look whether the session still stands; take the lock anew in a new one when it does not."""
        try:
            self._connection.execute("SELECT 1")
        except psycopg.OperationalError:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = self._connect()
            number = number_of(self.executor)
            if number is not None and not self.try_lock(number):
                log.error("jobs.executor_name_lost", executor=self.executor)

    def try_lock(self, number: int) -> bool:
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", (_ADVISORY_CLASS, number)
        ).fetchone()
        return bool(row and row[0])

    def unlock(self, number: int) -> None:
        self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_ADVISORY_CLASS, number))

    def release(self) -> None:
        self._connection.close()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            self._dsn,
            autocommit=True,
            connect_timeout=10,
            keepalives_idle=15,
            keepalives_interval=5,
            keepalives_count=3,
        )


def take_lease(url: sqlalchemy.URL) -> Lease:
    if url.get_backend_name() == "sqlite":
        return _FileLease(Path(str(url.database) + ".lock"))
    try:
        return _ServerLease(url)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())[:200]
        raise SettingError(f"DATABASE_URL names a server that cannot be reached: {reason}") from error


def _take_first(lease: _FileLease | _ServerLease) -> None:
    for number in range(1, _MOST_EXECUTORS + 1):
        if lease.try_lock(number):
            lease.executor = f"fivefifty-{number}"
            return
    raise SettingError(f"DATABASE_URL is in use by {_MOST_EXECUTORS} processes already; stop one")


def number_of(executor: str) -> int | None:
    name, _, number = executor.rpartition("-")
    return int(number) if name == "fivefifty" and number.isdecimal() else None

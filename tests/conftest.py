"""Which databases do tests run on? SQLite in a file, and a real PostgreSQL started for the session."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import PostgreSQL


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test session alone."""
    # A folder of its own, not pytest's: that one is cleared away when other sessions begin, and its path
    # can be too long for a socket.
    with TemporaryDirectory(prefix="fivefifty-") as folder, PostgreSQL(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, empty database, as ``Settings.database_url`` has it: once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/test.db"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.fresh_database() as url:
            yield url

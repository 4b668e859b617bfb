"""A running bot for each test: on SQLite, or on both databases where the database matters."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.jobs.database import migrate_jobs
from bot.tickets.database import migrate
from tests.e2e.running import Running, running


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """Tracebacks without local variables, as ``serve`` has them; to draw those takes seconds."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db"


@pytest.fixture
async def bot(sqlite_url: str) -> AsyncIterator[Running]:
    """The bot on SQLite."""
    async with running(sqlite_url) as started:
        yield started


@pytest.fixture
async def bot_on_both(database_url: str) -> AsyncIterator[Running]:
    """The bot on SQLite and on PostgreSQL."""
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with running(database_url) as started:
        yield started

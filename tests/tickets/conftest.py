"""A migrated store on each database, with a clock that tests can turn."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.tickets.database import make_engine, migrate
from bot.tickets.store import TicketStore


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[TicketStore]:
    migrate(database_url)
    engine = make_engine(database_url)
    yield TicketStore(engine, clock=clock)
    await engine.dispose()

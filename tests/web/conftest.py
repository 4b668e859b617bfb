"""A running bot on SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.running import Running, running


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db") as started:
        yield started

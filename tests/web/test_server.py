"""Health, readiness and metrics of a running program."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import build
from bot.core.errors import SettingError
from bot.playground.nameserver import NameServer
from bot.playground.workspace import Workspace
from bot.settings import Settings
from tests.e2e.running import NO_SUCH_USER, Running, running, settings_of


async def _get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_the_process_says_that_it_is_up_and_ready(bot: Running) -> None:
    """Two addresses: an orchestrator restarts for one and waits for the other."""
    assert (await _get(f"{bot.app.url}/healthz"))[0] == 200
    assert await _get(f"{bot.app.url}/readyz") == (200, '{"ready": true, "failing": {}}')


async def test_a_database_that_is_gone_is_named(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with the failing part; the process itself is up."""

    async def gone(_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr("bot.app.schema_is_current", gone)
    status, text = await _get(f"{bot.app.url}/readyz")

    assert status == 503
    assert '"database"' in text
    assert (await _get(f"{bot.app.url}/healthz"))[0] == 200


async def test_an_old_schema_says_what_to_run(bot: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since the last deployment forgot it."""

    async def old(_: object) -> bool:
        return False

    monkeypatch.setattr("bot.app.schema_is_current", old)

    assert "fivefifty migrate" in (await _get(f"{bot.app.url}/readyz"))[1]


async def test_metrics_count_answers_and_name_nobody(bot: Running) -> None:
    """Causes and times, never text, addresses, channels or people."""
    post = await bot.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
    await bot.final(post)
    status, text = await _get(f"{bot.app.url}/metrics")

    assert status == 200
    assert "fivefifty_answers_total{" in text
    assert 'fivefifty_first_answer_seconds_bucket{le="1.0"} 1.0' in text
    assert 'fivefifty_slack_requests_total{kind="first",status="200"}' in text
    for private in ("someone", "example.org", post.channel, str(post.user)):
        assert private not in text


@pytest.mark.parametrize("path", ["/", "/slack/events", "/slack/install", "/admin"])
async def test_other_addresses_are_not_there(bot: Running, path: str) -> None:
    """A 404 or 405, never a page of an error."""
    assert (await _get(f"{bot.app.url}{path}"))[0] in (404, 405)


async def test_a_port_that_is_taken_is_told_in_one_line(bot: Running, tmp_path: Path) -> None:
    """And what was opened before is closed again."""
    port = int(bot.app.url.rpartition(":")[2])
    settings = settings_of(bot.slack, bot.dns, f"sqlite+aiosqlite:///{tmp_path}/other.db", port=port)
    # DBOS is one in a process, so the first program stops; its port stays taken by another server.
    await bot.app.stop()
    async with Workspace(port=port):
        with pytest.raises(SettingError, match=f"PORT {port}"):
            await build(settings).start()


async def test_a_stopped_app_can_be_followed_by_another(tmp_path: Path) -> None:
    """In one process, as the demo and the tests do it; the history is there again."""
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    async with running(url) as bot:
        post = await bot.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
        await bot.final(post)
        team = bot.slack.team.id
    async with running(url) as bot:
        tickets = (await bot.app.services.store.list_tickets(team)).tickets

    assert [ticket.number for ticket in tickets] == [1]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"slack_bot_token": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"slack_app_token": "xapp-1"}, "SLACK_BOT_TOKEN"),
    ],
    ids=["nothing", "no secret", "no bot token"],
)
def test_what_is_missing_is_named(values: dict[str, Any], named: str) -> None:
    """With where to find it."""
    with pytest.raises(SettingError, match=named):
        build(Settings(**values))


async def test_a_server_without_the_schema_is_left_alone(database_url: str) -> None:
    """A file is made and migrated; a server is not touched, and the line says what to run."""
    async with NameServer("") as dns, Workspace() as slack:
        app = build(settings_of(slack, dns, database_url))
        if database_url.startswith("sqlite"):
            await app.start()
            await app.stop()
            return
        with pytest.raises(SettingError, match="fivefifty migrate"):
            await app.start()

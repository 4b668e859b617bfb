"""Socket Mode: the same bot without an address of its own."""

import asyncio

import aiohttp

from bot.app import build
from bot.playground.nameserver import NameServer
from bot.playground.workspace import Workspace
from tests.e2e.running import NO_SUCH_USER, ZONE, running, settings_of


async def _ready(url: str) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as response:
        return response.status, await response.json()


async def test_a_bounce_is_answered_over_the_socket(sqlite_url: str) -> None:
    """Posts, commands and clicks come over one connection."""
    async with running(
        sqlite_url, slack_app_token="xapp-1-A0LOCAL-1-local", slack_signing_secret=None
    ) as bot:
        await bot.until(lambda: bot.slack.delivery.connected)
        post = await bot.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
        answer = await bot.final(post)
        await bot.slack.click(answer, "evidence_show", "alice")
        await bot.slack.modal("alice", seconds=30.0)
        await bot.slack.slash("alice", "support", "help")
        await bot.until(lambda: bot.slack.ephemerals("alice"))

        assert len(bot.answers(post)) == 1
        assert (await _ready(bot.app.url))[0] == 200


async def test_requests_over_http_find_nothing(sqlite_url: str) -> None:
    """Without a signing secret nothing may come in there."""
    async with running(
        sqlite_url, slack_app_token="xapp-1-A0LOCAL-1-local", slack_signing_secret=None
    ) as bot:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{bot.app.url}/slack/events") as response,
        ):
            status = response.status

        assert status == 404


async def test_a_start_needs_no_network(sqlite_url: str, unused_tcp_port: int) -> None:
    """It is not ready then and says why; once Slack is there, it connects by itself."""
    async with NameServer(ZONE) as dns:
        slack = Workspace(port=unused_tcp_port)
        settings = settings_of(
            slack,
            dns,
            sqlite_url,
            slack_app_token=slack.app_token,
            slack_api_url=f"http://127.0.0.1:{unused_tcp_port}/api/",
        )
        app = build(settings)
        await app.start()
        try:
            status, body = await _ready(app.url)
            async with slack:
                await slack.wait_for(lambda: slack.delivery.connected, 20.0)
                await asyncio.sleep(0.1)
                later, _ = await _ready(app.url)
        finally:
            await app.stop()

    assert (status, later) == (503, 200)
    assert body["failing"] == {"socket_mode": "not connected to Slack"}

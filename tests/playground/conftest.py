"""A local workspace with a small real Bolt app as its bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.workspace import Workspace


@dataclass(kw_only=True)
class Bot:
    """The app of a test, to which the test adds its listeners."""

    app: AsyncApp
    client: AsyncWebClient


@pytest.fixture
async def slack() -> AsyncIterator[Workspace]:
    """A workspace with nobody listening yet."""
    async with Workspace(ack_seconds=0.5, retry_delays=(0.01, 0.01, 0.01)) as workspace:
        yield workspace


@pytest.fixture
def client(slack: Workspace) -> AsyncWebClient:
    """Slack's own client, with the bot's token."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def bot(slack: Workspace, client: AsyncWebClient) -> AsyncIterator[Bot]:
    """A Bolt app that listens to the workspace."""
    app = AsyncApp(signing_secret=slack.signing_secret, client=client)

    async def endpoint(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", endpoint)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield Bot(app=app, client=client)
    await runner.cleanup()

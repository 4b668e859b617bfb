"""Files and response URLs are Slack's own, and nobody else gets our token."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.core.errors import InputError
from bot.slack.files import MAX_BYTES, download, is_slack_address, respond

SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com/files-pri/T1-F1/download/bounce.eml",
        "https://slack-files.com/T1-F1",
        "https://hooks.slack.com/commands/T1/2/3",
        "https://SLACK.com/x",
        "https://files.slack.com:443/x",
    ],
)
def test_slacks_own_hosts_are_known(url: str) -> None:
    """Over https."""
    assert is_slack_address(url, SLACK)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        "https://files.slack.com.evil.example/x",
        "https://evilslack.com/x",
        "https://evil.example/?slack.com",
        "https://user:word@files.slack.com/x",
        "https://files.slack.com@evil.example/x",
        "file:///etc/passwd",
        "//files.slack.com/x",
        "https://[::1/x",
        "https://files.slack.com:port/x",
        "http://127.0.0.1/x",
    ],
)
def test_everybody_else_is_refused(url: str) -> None:
    """Look-alikes, other schemes and ports."""
    assert not is_slack_address(url, SLACK)


def test_the_place_of_slack_api_url_is_slacks() -> None:
    """The very scheme, host and port: GovSlack and local ones."""
    ours = "http://127.0.0.1:8000/api/"

    assert is_slack_address("http://127.0.0.1:8000/files/x", ours)
    assert not is_slack_address("http://127.0.0.1:8001/files/x", ours)
    assert not is_slack_address("https://127.0.0.1:8000/files/x", ours)


@pytest.fixture
async def place() -> AsyncIterator[str]:
    """A server with a small file, an endless one, a redirect and an error."""

    async def small(request: web.Request) -> web.Response:
        return web.Response(body=request.headers["Authorization"].encode())

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65_536)
        except ConnectionError:
            return response

    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound("/small")

    async def broken(request: web.Request) -> web.Response:
        return web.Response(status=503)

    app = web.Application()
    app.add_routes(
        [
            web.get("/small", small),
            web.get("/endless", endless),
            web.get("/away", away),
            web.get("/broken", broken),
        ]
    )
    app.router.add_post("/broken", broken)
    app.router.add_post("/gone", small)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_file_is_read_with_our_token(place: str) -> None:
    """Slack gives private files to nobody else."""
    async with aiohttp.ClientSession() as session:
        assert await download(session, f"{place}/small", token="xoxb-1", api_url=place) == b"Bearer xoxb-1"


async def test_no_more_than_the_limit_is_read(place: str) -> None:
    """An endless file ends there."""
    async with aiohttp.ClientSession() as session:
        assert len(await download(session, f"{place}/endless", token="x", api_url=place)) == MAX_BYTES


async def test_a_redirect_is_not_followed(place: str) -> None:
    """It would carry our token to wherever it points."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(InputError, match="302"):
            await download(session, f"{place}/away", token="x", api_url=place)


async def test_a_fault_of_slacks_may_pass(place: str) -> None:
    """It is an error of the network's, which is worth another attempt."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientResponseError):
            await download(session, f"{place}/broken", token="x", api_url=place)
        with pytest.raises(aiohttp.ClientResponseError):
            await respond(session, f"{place}/broken", {"text": "x"}, api_url=place)


async def test_a_strangers_address_is_never_called(place: str) -> None:
    """Neither for files nor for responses."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(InputError, match="does not lie at Slack"):
            await download(session, f"{place}/small", token="x", api_url=SLACK)
        with pytest.raises(InputError, match="does not lie at Slack"):
            await respond(session, f"{place}/gone", {"text": "x"}, api_url=SLACK)

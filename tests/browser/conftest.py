"""A real browser before the demo, and before a bare workspace with a bot that only takes notes."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot.demo import COMMANDS, PEOPLE, PLACES, Demo, completion
from bot.playground.gallery import gallery
from bot.playground.page import Page as PlaygroundPage
from bot.playground.workspace import Workspace
from tests.browser.pressing import listened, offered, pressed, untaken

CHROMIUM = Path("/usr/bin/chromium")

# Many tests share few cores in CI.
expect.set_options(timeout=15_000)


@pytest.fixture
def chromium_path() -> str:
    """Where Debian's chromium is. Skips the test where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed: apt-get install chromium")
    return str(CHROMIUM)


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """Debian's chromium, without a window."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


OpenPage = Callable[..., Any]


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens an address and waits until the page is ready. Fails the test on any error in the console."""
    errors: list[str] = []

    async def opened(url: str, *, dark: bool = False, width: int = 1440, height: int = 900) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                errors.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: _own(request.url, url, errors))
        await page.goto(url)
        await page.wait_for_selector("body[data-ready]")
        return page

    yield opened

    assert errors == []


def _own(requested: str, url: str, errors: list[str]) -> None:
    """The page loads nothing from another host."""
    if not requested.startswith((url, "data:", "blob:")):
        errors.append(f"loaded {requested}")


@pytest.fixture
async def demo(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Demo]:
    """The whole demo. What the bot did was never refused, what people pressed was taken, and the test has
    pressed what it says it presses."""
    running = Demo(port=0, folder=tmp_path / "demo")
    await running.start()
    yield running
    slack = running.slack
    refusals = [(call.method, call.body) for call in slack.refusals]
    await running.stop()
    said = {name for mark in request.node.iter_markers("presses") for name in mark.args}

    assert refusals == []
    assert untaken(slack.deliveries) == []
    assert said - pressed(slack.deliveries) == set()
    assert offered(slack.calls) - listened() == set()


@dataclass(kw_only=True)
class Kitchen:
    """A workspace and its page, with a bot that notes what it is sent and says what it is told."""

    slack: Workspace
    page: PlaygroundPage
    heard: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    """Bodies for the next actions and submissions; an empty answer when there are none left."""


@pytest.fixture
async def kitchen() -> AsyncIterator[Kitchen]:
    slack = Workspace(people=PEOPLE, places=PLACES, retry_delays=())
    page = PlaygroundPage(
        slack=slack,
        switchers=[person.name for person in PEOPLE],
        gallery=gallery(),
        commands=[completion(*each) for each in COMMANDS],
        facts={"dns": "zone"},
    )
    slack.extra_routes = page.routes()
    kitchen = Kitchen(slack=slack, page=page)

    async def listen(request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        if request.content_type == "application/json":
            kitchen.heard.append(json.loads(body))
            return web.Response()
        form = parse_qs(body)
        kitchen.heard.append(json.loads(form["payload"][0]) if "payload" in form else {"form": form})
        return web.json_response(kitchen.answers.pop(0)) if kitchen.answers else web.Response()

    server = web.Application()
    server.router.add_post("/slack/events", listen)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield kitchen
    page.close()
    await slack.stop()
    await runner.cleanup()

"""How is the Bolt app put together? Its clients, its authorization, and all listeners in their order."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError

from bot.slack.client import error_name, make_client
from bot.slack.listeners import commands, errors, events, evidence, shortcuts
from bot.slack.services import Services

Register = Callable[[AsyncApp, Services], None]


class NotAuthorized(Exception):
    """Slack does not say who we are, so a request cannot be handled now. Slack sends an event again."""


class Identity(AsyncAuthorize):
    """Who are we in the workspace of the one bot token? Asked of Slack once, at the first request."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        self._client = make_client(token, api_url, session)
        self._token = token
        self._known: AuthorizeResult | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, *, team_id: str | None = None, **_: Any) -> AuthorizeResult:
        """Return who we are. Raises NotAuthorized: an error of Bolt's own kind would count as an answer, and
        the event would be lost."""
        async with self._lock:
            if self._known is None:
                try:
                    found = await self._client.auth_test()
                except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                    raise NotAuthorized(error_name(error) or type(error).__name__) from error
                self._known = AuthorizeResult.from_auth_test_response(
                    bot_token=self._token, auth_test_response=found
                )
        return self._known


def make_slack_app(services: Services, identity: Identity, *, more: tuple[Register, ...] = ()) -> AsyncApp:
    """Return the app. ``more`` are the listeners of other rooms; they come before the general ones."""
    settings = services.settings
    logger = logging.getLogger("slack_bolt")
    app = _quietly(
        logger,
        lambda: AsyncApp(
            signing_secret=settings.slack_signing_secret or "",
            # bot/web/server.py has checked the signature; in Socket Mode the connection itself is ours.
            request_verification_enabled=False,
            # Bolt would keep the deletion of what we have posted from us as well. posts.py knows our own words.
            ignoring_self_events_enabled=False,
            authorize=identity,
            client=make_client(None, settings.slack_api_url, services.session),
            logger=logger,
        ),
    )
    events.register(app, services)
    for register in more:
        register(app, services)
    for module in (shortcuts, evidence, commands):
        module.register(app, services)
    errors.register(app, services)
    events.acknowledge_the_rest(app)
    return app


def _quietly(logger: logging.Logger, make: Callable[[], AsyncApp]) -> AsyncApp:
    """Bolt reads SLACK_BOT_TOKEN by itself, then warns that the client we give it has another one."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        return make()
    finally:
        logger.setLevel(level)

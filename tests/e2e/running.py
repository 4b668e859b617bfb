"""The real bot, in this process, beside a local Slack and a real name server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.app import App, build
from bot.playground.nameserver import NameServer
from bot.playground.post import Post
from bot.playground.workspace import Workspace
from bot.settings import Settings

T = TypeVar("T")

ZONE = """
example.org.            60 IN MX 10 mail.example.org.
mail.example.org.       60 IN A 192.0.2.25
example.net.            60 IN MX 10 mx.example.net.
mx.example.net.         60 IN A 192.0.2.26
one.example.            60 IN MX 1 aspmx.l.google.com.
two.example.            60 IN MX 1 aspmx.l.google.com.
three.example.          60 IN MX 5 alt1.aspmx.l.google.com.
four.example.           60 IN MX 1 aspmx.l.google.com.
aspmx.l.google.com.     60 IN A 192.0.2.27
alt1.aspmx.l.google.com. 60 IN A 192.0.2.28
"""
NO_SUCH_USER = (
    "550 5.1.1 <{name}@example.org>: Recipient address rejected: User unknown in local recipient table"
)
RELAY_DENIED = "554 5.7.1 <{name}@example.org>: Relay access denied"


@dataclass(frozen=True, kw_only=True)
class Running:
    """A started App and the local Slack that it talks to."""

    app: App
    slack: Workspace
    dns: NameServer
    settings: Settings

    def answers(self, post: Post) -> list[Post]:
        """What the bot has said under a post."""
        return [reply for reply in self.slack.replies(post) if reply.user == self.slack.team.bot_user_id]

    async def until(self, predicate: Callable[[], T | None], seconds: float = 30.0) -> T:
        """Wait for something true. Long, since a busy machine is no fault; what comes is seen at once."""
        return await self.slack.wait_for(predicate, seconds)

    async def answer(self, post: Post, seconds: float = 30.0) -> Post:
        """Wait for the first thing that the bot says under a post."""
        return (await self.slack.wait_for(lambda: self.answers(post)[:1], seconds))[0]

    async def final(self, post: Post, seconds: float = 30.0) -> Post:
        """Wait until the bot's answer has its evidence."""

        def done() -> Post | None:
            found = self.answers(post)
            return found[0] if found and "Looking up" not in found[0].words else None

        await self.slack.wait_for(done, seconds)
        await self.quiet()
        return self.answers(post)[0]

    async def quiet(self) -> None:
        """Wait until every event is acknowledged and every job is done."""
        await self.slack.settled()
        for _ in range(1500):
            # One whose record was erased runs to its end, too.
            if not await self.app.services.jobs.unfinished() and not self.app.services.jobs.running:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the jobs do not come to an end")


def settings_of(slack: Workspace, dns: NameServer, database_url: str, **more: Any) -> Settings:
    """The settings of a bot for this local Slack, as an environment would give them."""
    values: dict[str, Any] = {
        "slack_bot_token": slack.bot_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
        "database_url": database_url,
        "port": 0,
        "dns_servers": (("127.0.0.1", dns.port),),
        "dns_timeout_seconds": 0.5,
        "lookup_budget_seconds": 1.5,
    }
    return Settings(**{**values, **more})


@asynccontextmanager
async def running(
    database_url: str, *, slack: Workspace | None = None, **more: Any
) -> AsyncIterator[Running]:
    """Start everything on a database that has its schema; stop it at the end."""
    async with NameServer(ZONE) as dns, slack or Workspace() as workspace:
        settings = settings_of(workspace, dns, database_url, **more)
        app = build(settings)
        await app.start()
        try:
            workspace.request_url = None if settings.slack_app_token else f"{app.url}/slack/events"
            yield Running(app=app, slack=workspace, dns=dns, settings=settings)
        finally:
            await app.stop()

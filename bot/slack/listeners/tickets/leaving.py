"""What happens when a message is deleted, or the app is uninstalled?

Both are durable workflows, recorded before Slack is acknowledged: what somebody has deleted is erased, also
when the process dies a moment later.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypedDict

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.core.errors import TicketError
from bot.jobs import Payload, StepFailed
from bot.slack.answering import deletion_key
from bot.slack.blocks.ticket_post import erased_answer
from bot.slack.client import ATTEMPTS, error_name, is_passing, worth_repeating
from bot.slack.listeners.tickets.news import News
from bot.slack.posts import deleted_ts
from bot.slack.services import Services
from bot.tickets.rights import erase_post, erase_workspace
from bot.tickets.ticket import Post

DELETED = "message_deleted"
UNINSTALLED = "app_uninstalled"

log = structlog.get_logger(__name__)


class _Had(TypedDict):
    """What a message had before it was deleted; JSON, since it is recorded."""

    number: int
    answer: str | None
    """The ts of our answer."""
    joined: bool
    """Whether the ticket is another message's, from the beginning."""


class _Left(_Had):
    """What a deleted message has left."""

    shared: bool
    """Whether its ticket goes on as others'."""


class Leaving:
    """Registers its workflows, so it is built before the jobs start."""

    def __init__(self, services: Services, news: News) -> None:
        self._services = services
        self._store = services.store
        self._jobs = services.jobs
        self._news = news
        self._jobs.register(DELETED, self._deleted)
        self._jobs.register(UNINSTALLED, self._uninstalled)

    def register(self, app: AsyncApp) -> None:
        """Listen. In a middleware: Bolt acknowledges an event before its listener has run."""

        async def take_up(
            body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
        ) -> None:
            event = body.get("event")
            team = str(context.team_id or body.get("team_id") or "")
            if body.get("type") == "event_callback" and isinstance(event, dict) and team:
                channel, ts = event.get("channel"), deleted_ts(event)
                if isinstance(channel, str) and ts is not None:
                    await self._begin_deleted(team, channel, ts)
                elif event.get("type") == "app_uninstalled":
                    # The key does not begin with the team: all those keys are forgotten just now.
                    key = f"uninstalled:{team}:{body.get('event_id') or event.get('event_ts')}"
                    await self._jobs.run(UNINSTALLED, key, {"team": team})
            await next()

        app.middleware(take_up)

    async def _begin_deleted(self, team: str, channel: str, ts: str) -> None:
        had = await self._store.post(team, channel, ts)
        payload = {"team": team, "channel": channel, "ts": ts, "had": _had(had)}
        await self._jobs.run(DELETED, deletion_key(team, channel, ts), payload)
        # After that: an answer under way that is cut off by it has to find out why.
        await self._services.answering.forget(team, channel, ts)
        await self._services.asking.forget_shared(team)

    async def _deleted(self, payload: Payload) -> None:
        team, channel = payload["team"], payload["channel"]
        try:
            left = await self._jobs.step(
                "erase",
                lambda: self._erase(payload),
                attempts=ATTEMPTS,
                retry=worth_repeating,
            )
            if left is None:
                return
            await self._jobs.step(
                "answer", lambda: self._answer(team, channel, left), attempts=ATTEMPTS, retry=is_passing
            )
            if not left["joined"]:
                await self._jobs.step(
                    "post",
                    lambda: self._news.redraw_post(team, left["number"]),
                    attempts=ATTEMPTS,
                    retry=is_passing,
                )
        except (StepFailed, SlackApiError, TicketError) as error:
            cause = error.__cause__ or error
            log.error("leaving.given_up", error=type(cause).__name__, slack_error=error_name(cause))
            self._services.metrics.failures.labels(where="leaving").inc()

    async def _erase(self, payload: Payload) -> _Left | None:
        team, channel, ts = payload["team"], payload["channel"], payload["ts"]
        had = _had(await self._store.post(team, channel, ts))
        await erase_post(self._store, team, channel, ts)
        # A message that has left its ticket to others is known there no more: an attempt that was cut off after
        # that goes by what we knew before. A process of an earlier version has recorded none.
        had = had or payload.get("had")
        if had is None:
            return None
        gone = (await self._store.get(team, had["number"])).erased_at is not None
        return _Left(**had, shared=not gone)

    async def _answer(self, team: str, channel: str, left: _Left) -> bool:
        if not left["answer"]:
            return False
        # A process of an earlier version has recorded no ``shared``.
        said = erased_answer(left["number"], "shared" if left.get("shared") else "deleted")
        try:
            await self._services.clients(team).chat_update(
                channel=channel, ts=left["answer"], text=said.text, blocks=list(said.blocks)
            )
        except SlackApiError as error:
            if is_passing(error):
                raise
            log.info("leaving.answer_not_erased", slack_error=error_name(error))
            return False
        return True

    async def _uninstalled(self, payload: Payload) -> None:
        async def erase() -> int:
            return await erase_workspace(self._store, payload["team"])

        try:
            await self._jobs.step("erase", erase, attempts=ATTEMPTS, retry=worth_repeating)
        except StepFailed as error:
            log.error("leaving.given_up", error=type(error.__cause__ or error).__name__)
            self._services.metrics.failures.labels(where="leaving").inc()


def _had(post: Post | None) -> _Had | None:
    return None if post is None else _Had(number=post.number, answer=post.message_ts, joined=post.joined)

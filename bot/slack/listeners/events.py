"""What does the bot hear? Posts, mentions, uploads and reactions, before Slack is acknowledged.

Bolt acknowledges an event before its listener has run, so posts are taken up in a middleware: when it is
through, the work is recorded. When recording fails, the error makes the request fail, and Slack sends the
event again.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.slack.posts import EMAIL_APP, Post, is_bot, of_message
from bot.slack.services import Services
from bot.tickets.workspace import workspace_settings

MAGNIFIER = "mag"
"""The name of the reaction that asks for a diagnosis; skin tones do not exist for it."""


def register(app: AsyncApp, services: Services) -> None:
    """Take up posts. ``acknowledge_the_rest`` has to follow when all listeners of events are registered."""

    async def take_up(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        event = body.get("event")
        team = context.team_id or body.get("team_id")
        if body.get("type") == "event_callback" and isinstance(event, Mapping) and team:
            await _take_up(event, str(team), context.bot_user_id, services)
        await next()

    app.middleware(take_up)


def acknowledge_the_rest(app: AsyncApp) -> None:
    """Acknowledge every event that nobody else listens to; Slack would repeat it otherwise."""

    async def nothing_more() -> None:
        return

    app.event(re.compile(".*"))(nothing_more)


async def _take_up(event: Mapping[str, Any], team: str, us: str | None, services: Services) -> None:
    answering = services.answering
    kind = event.get("type")
    if kind in ("message", "app_mention"):
        await _take_up_message(event, team, us, services)
    elif kind == "file_shared":
        file_id, channel = event.get("file_id"), event.get("channel_id")
        if isinstance(file_id, str) and isinstance(channel, str) and event.get("user_id") != us:
            await answering.begin_upload(team, channel, file_id)
    elif kind == "reaction_added":
        post = _of_reaction(event, team, us)
        if post is not None:
            await answering.begin(post)
    elif kind == "app_uninstalled" or (kind == "tokens_revoked" and _revokes_ours(event)):
        await services.jobs.forget_all(f"{team}:")


def _revokes_ours(event: Mapping[str, Any]) -> bool:
    """Whether the bot's own token is gone, not one of a person."""
    tokens = event.get("tokens")
    return isinstance(tokens, Mapping) and bool(tokens.get("bot"))


async def _take_up_message(event: Mapping[str, Any], team: str, us: str | None, services: Services) -> None:
    if us is not None and event.get("user") == us:
        return
    allowed: tuple[str, ...] = (EMAIL_APP,)
    if is_bot(event):
        allowed += (await workspace_settings(services.store.engine, team)).allowed_bots
    post = of_message(event, team=team, us=us, allowed_bots=allowed)
    if post is None or not await services.answering.wants(post):
        return
    if not post.addressed:
        watched = (await workspace_settings(services.store.engine, team)).watched_channels
        if watched and post.channel not in watched:
            return
    await services.answering.begin(post)


def _of_reaction(event: Mapping[str, Any], team: str, us: str | None) -> Post | None:
    """The post that somebody looks at through the magnifier."""
    item = event.get("item")
    user = event.get("user")
    if event.get("reaction") != MAGNIFIER or not isinstance(item, Mapping) or item.get("type") != "message":
        return None
    channel, ts = item.get("channel"), item.get("ts")
    if not (isinstance(channel, str) and isinstance(ts, str) and isinstance(user, str)):
        return None
    if us is not None and us in (user, event.get("item_user")):
        return None
    return Post(team=team, channel=channel, ts=ts, user=user, addressed=True, fetch=True)

"""What happens when a message is deleted, or the app is uninstalled?"""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.slack.blocks.ticket_post import erased_answer
from bot.slack.client import error_name, is_passing
from bot.slack.listeners.tickets.news import News, again
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services
from bot.tickets.rights import erase_post, erase_workspace

log = structlog.get_logger(__name__)


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store

    async def deleted(event: dict[str, Any], context: AsyncBoltContext) -> None:
        team, channel = str(context.team_id), event.get("channel")
        ts = event.get("deleted_ts")
        if not (isinstance(channel, str) and isinstance(ts, str)):
            return
        post = await store.post(team, channel, ts)
        number = await erase_post(store, team, channel, ts)
        if post is None or number is None:
            return
        if post.message_ts:
            said = erased_answer(number)
            try:
                await services.clients(team).chat_update(
                    channel=channel, ts=post.message_ts, text=said.text, blocks=list(said.blocks)
                )
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.info("leaving.answer_not_erased", slack_error=error_name(error))
        ticket = await store.get(team, number)
        if ticket.escalation_ts is not None and not post.joined:
            await news.begin(ticket, again=again())

    async def uninstalled(context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await erase_workspace(store, str(context.team_id or body["team_id"]))

    app.event({"type": "message", "subtype": "message_deleted"})(deleted)
    app.event("app_uninstalled")(uninstalled)

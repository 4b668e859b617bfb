"""What happens when somebody asks what an answer rests on?"""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.core.wire import from_json
from bot.slack.blocks.evidence import evidence_view
from bot.slack.listeners.tickets import asked
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    async def show(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        ticket = await services.store.get(click.team, click.number)
        # Whoever reads an answer may read on, guests too; but not in another case than that of the answer.
        answer = (body["channel"]["id"], body["message"]["ts"])
        posts = await services.store.posts(click.team, click.number)
        if answer not in [(post.channel, post.message_ts) for post in posts]:
            raise TicketError("This button names no ticket.")
        view = evidence_view(from_json(ticket.diagnosis), ticket.number)
        await client.views_open(trigger_id=click.trigger_id, view=view)

    app.action("evidence_show")(show)

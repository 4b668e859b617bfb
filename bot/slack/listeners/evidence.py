"""What happens when somebody asks what an answer rests on?"""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.wire import from_json
from bot.slack.blocks.evidence import evidence_view
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    async def show(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        number = int(body["actions"][0]["value"])
        ticket = await services.store.get(str(context.team_id), number)
        view = evidence_view(from_json(ticket.diagnosis), ticket.number)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    app.action("evidence_show")(show)

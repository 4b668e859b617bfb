"""What happens when somebody chooses "Diagnose bounce" in a message's menu?"""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond

from bot.slack.blocks import words
from bot.slack.posts import Post, text_of, uploads_of
from bot.slack.services import Services

CALLBACK = "diagnose_bounce"


def register(app: AsyncApp, services: Services) -> None:
    async def diagnose(
        body: dict[str, Any], context: AsyncBoltContext, ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        message = body["message"]
        post = Post(
            team=str(context.team_id),
            channel=body["channel"]["id"],
            ts=message["ts"],
            thread_ts=message.get("thread_ts") or None,
            user=body["user"]["id"],
            text=text_of(message),
            uploads=tuple(uploads_of(message)),
            addressed=True,
            response_url=body.get("response_url"),
        )
        started = await services.answering.begin(post)
        await ack()
        if not started:
            await respond(text=words.ALREADY, response_type="ephemeral", replace_original=False)

    app.shortcut({"callback_id": CALLBACK, "type": "message_action"})(diagnose)

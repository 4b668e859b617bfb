"""What does ``/bounce`` do? A text is answered to the asker alone; alone it opens a form; help, explain and
check.

The words about tickets are registered with the tickets.
"""

import json
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkup import check_up
from bot.explain import explain
from bot.slack.blocks import checkup, explanation, form, words
from bot.slack.blocks.answer import Message
from bot.slack.listeners import split, word
from bot.slack.posts import unescape
from bot.slack.services import Services

COMMAND = "/bounce"
_LONGEST_TARGET = 1000
_CHECK_WHAT = "Say what to check: /bounce check example.org, an address or an IP address."


def register(app: AsyncApp, services: Services) -> None:
    """Register the words and, last, everything else: a pasted text."""

    async def help_(ack: AsyncAck) -> None:
        await ack(**_private(words.help_message()))

    async def explain_(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        query = unescape(split(body)[1])
        found = explain(services.catalogue, query or "550", index=services.diagnoser.index)
        await respond(**_private(explanation.message(found)))

    async def check(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        target = unescape(split(body)[1])
        if not target:
            await ack(**_private(words.say(_CHECK_WHAT)))
            return
        await ack()
        (report,) = await check_up([target[:_LONGEST_TARGET]], services.asker, services.catalogue)
        await respond(**_private(checkup.message(report, services.catalogue.providers)))

    async def text(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        pasted = str(body.get("text") or "").strip()
        if not pasted:
            await ack()
            place = {"channel": body["channel_id"], "response_url": body["response_url"]}
            await client.views_open(trigger_id=body["trigger_id"], view=form.diagnose_form(json.dumps(place)))
            return
        await services.asking.begin(
            key=f"{context.team_id}:command:{uuid4().hex}",
            team=str(context.team_id),
            channel=body["channel_id"],
            user=body["user_id"],
            text=unescape(pasted),
            response_url=body["response_url"],
        )
        await ack()

    async def submitted(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        pasted = form.pasted_text(view)
        if not pasted:
            await ack(response_action="errors", errors={form.TEXT_BLOCK: "Paste the text of the bounce."})
            return
        place = json.loads(view["private_metadata"])
        await services.asking.begin(
            key=f"{context.team_id}:command:{view['id']}",
            team=str(context.team_id),
            channel=place["channel"],
            user=body["user"]["id"],
            text=pasted,
            response_url=place["response_url"],
        )
        await ack()

    async def share(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        key = str(body["actions"][0]["value"])
        known = await services.asking.begin_share(
            key, team=str(context.team_id), response_url=body["response_url"]
        )
        await ack()
        if not known:
            await respond(text=words.OVER, response_type="ephemeral", replace_original=False)

    app.command(COMMAND, matchers=[word("help")])(help_)
    app.command(COMMAND, matchers=[word("explain")])(explain_)
    app.command(COMMAND, matchers=[word("check")])(check)
    app.command(COMMAND)(text)
    app.view(form.DIAGNOSE)(submitted)
    app.action("answer_share")(share)


def _private(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}

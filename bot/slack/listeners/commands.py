"""What does ``/bounce`` do? A text is answered to the asker alone; alone it opens a form; help, explain and
check.

The words about tickets are registered with the tickets.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkup import check_up
from bot.core.checkup import targets_in
from bot.core.errors import InputError
from bot.explain import explain
from bot.slack.blocks import checkup, explanation, form, words
from bot.slack.blocks.answer import Message
from bot.slack.files import respond as respond_to
from bot.slack.listeners import split, word
from bot.slack.posts import unescape
from bot.slack.services import Services
from bot.tickets.workspace import workspace_settings

COMMAND = "/bounce"
log = structlog.get_logger(__name__)
_LONGEST_TARGET = 1000
_MOST_TARGETS = 100
_CHECK_WHAT = "Say what to check: an address, a domain or an IP address, one a line."


def register(app: AsyncApp, services: Services) -> None:
    """Register the words and, last, everything else: a pasted text."""

    async def help_(ack: AsyncAck) -> None:
        await ack(**_private(words.help_message()))

    async def explain_(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        query = unescape(split(body)[1])
        found = explain(services.catalogue, query or "550", index=services.diagnoser.index)
        await respond(**_private(explanation.message(found)))

    async def check(
        ack: AsyncAck,
        respond: AsyncRespond,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        targets = targets_in(unescape(split(body)[1]))
        await ack()
        if targets:
            await respond(**await checked(str(context.team_id), targets))
        else:
            place = json.dumps({"response_url": body["response_url"]})
            await client.views_open(trigger_id=body["trigger_id"], view=form.check_form(place))

    async def check_submitted(ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        targets = targets_in(unescape(form.pasted_text(view)))
        if not targets:
            await ack(response_action="errors", errors={form.TEXT_BLOCK: _CHECK_WHAT})
            return
        await ack()
        said = await checked(str(context.team_id), targets)
        url = json.loads(view["private_metadata"])["response_url"]
        body = {"replace_original": False, **said}
        try:
            await respond_to(services.session, url, body, api_url=services.settings.slack_api_url)
        except InputError as error:
            log.warning("check.not_answered", reason=str(error))

    async def checked(team: str, targets: Sequence[str]) -> dict[str, Any]:
        """The word about targets, without the blocklists that the workspace has switched off."""
        off = (await workspace_settings(services.store.engine, team)).blocklists_off
        first = [target[:_LONGEST_TARGET] for target in targets[:_MOST_TARGETS]]
        reports = await check_up(first, services.asker, services.catalogue, lists_off=off)
        if len(reports) == 1:
            return _private(checkup.message(reports[0], services.catalogue.providers))
        return _private(checkup.table(reports, left_out=len(targets) - len(first)))

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
    app.view(form.CHECK)(check_submitted)
    app.action("answer_share")(share)


def _private(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}

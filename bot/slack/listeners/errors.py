"""What happens when a listener fails? The traceback goes into the log, a short honest sentence to the
person."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import FivefiftyError
from bot.slack.blocks import text as t
from bot.slack.blocks import words
from bot.slack.files import is_slack_address
from bot.slack.services import Services

_SEEN_SECONDS = 0.05
_MENTION = re.compile(r"&lt;@([UW][A-Z0-9]{1,30})&gt;")

log = structlog.get_logger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """The one error handler. Errors of ours are sentences for people already."""

    async def failed(
        error: Exception,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
        response: BoltResponse | None,
    ) -> BoltResponse | None:
        if isinstance(error, FivefiftyError):
            # Our sentences may name people (never by pasted text): "already claimed by <@U1>".
            sentence = _MENTION.sub(r"<@\1>", t.escape(str(error)))
        else:
            reference = uuid4().hex[:8]
            sentence = words.fault(reference)
            log.error("listener.failed", reference=reference, kind=_kind(body), exc_info=error)
            services.metrics.failures.labels(where="listener").inc()
        if body.get("type") == "event_callback":
            # Not acknowledged (500): Slack sends the event again.
            return None
        await _tell(sentence, body, context, client, services.settings.slack_api_url)
        if response is not None:
            return BoltResponse(status=200, body="")
        # The listener has acknowledged, and failed. Bolt looks for acknowledgements every 10 ms and forgets
        # one that is not seen before we return, so that the person would read of a time-out.
        await asyncio.sleep(_SEEN_SECONDS)
        return None

    app.error(failed)


async def _tell(
    sentence: str, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, api_url: str
) -> None:
    try:
        if context.respond is not None and is_slack_address(str(context.response_url or ""), api_url):
            await context.respond(text=sentence, response_type="ephemeral", replace_original=False)
        elif context.user_id:
            # A submitted form has no place of its own: the person is told directly.
            await client.chat_postMessage(channel=context.user_id, text=sentence)
    except (SlackApiError, OSError) as error:
        log.warning("listener.fault_not_told", kind=_kind(body), error=type(error).__name__)


def _kind(body: dict[str, Any]) -> str:
    """What was asked, without anybody's text: a command's name, an action's or a view's id."""
    if "command" in body:
        return f"command {body['command']}"
    if body.get("actions"):
        return f"action {body['actions'][0].get('action_id')}"
    view = body.get("view")
    if isinstance(view, dict):
        return f"view {view.get('callback_id')}"
    event = body.get("event")
    return f"event {event.get('type')}" if isinstance(event, dict) else str(body.get("type"))

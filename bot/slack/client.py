"""How do we call Slack's Web API so that nothing is lost and nothing is said twice?

Slack says "later" (429) or fails (5xx, a cut connection) at any time. A call that changes nothing, or sets
a state, is simply repeated. A new message is not: when the outcome of a post is unknown, its thread is
searched for our own message by its metadata before it is posted again.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

ANSWER_EVENT = "fivefifty_answer"
"""The ``event_type`` of our messages' metadata; its payload has the ``key`` of the post that is answered."""
TIMEOUT_SECONDS = 20
ATTEMPTS = 14
"""With a second before the second attempt, doubled each time up to an hour: about five hours in all."""

_PASSING = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "accesslimited",
    }
)
"""Errors of the Web API that go away by themselves. https://docs.slack.dev/reference/methods/chat.postMessage"""

log = structlog.get_logger(__name__)

Clients = Callable[[str], AsyncWebClient]
"""The Web API client of a workspace."""


def make_client(
    token: str | None, api_url: str, session: aiohttp.ClientSession | None = None
) -> AsyncWebClient:
    """Return a client for one workspace. It waits for Slack's ``Retry-After``; other failures are the
    caller's.

    The SDK's own handlers for cut connections are left out: they would post a message again without looking.
    """
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        session=session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)],
    )


def is_passing(error: BaseException) -> bool:
    """Return True when the same call may work later: rate limits, Slack's own faults, the network."""
    if isinstance(error, SlackApiError):
        status = getattr(error.response, "status_code", 200)
        return status == 429 or status >= 500 or error_name(error) in _PASSING
    return isinstance(error, aiohttp.ClientError | TimeoutError | OSError | SlackClientNotConnectedError)


def worth_repeating(error: BaseException) -> bool:
    """Slack's and the database's bad moments pass; a fault of ours does not."""
    return is_passing(error) or type(error).__module__.startswith(("sqlalchemy", "psycopg", "sqlite3"))


def outcome_unknown(error: BaseException) -> bool:
    """Return True when the call may have been carried out although it failed. A 429 was not."""
    if isinstance(error, SlackApiError):
        status = getattr(error.response, "status_code", 200)
        return status >= 500 or error_name(error) in ("internal_error", "fatal_error", "request_timeout")
    return is_passing(error)


def error_name(error: BaseException) -> str:
    """Return Slack's own word for an error, such as ``not_in_channel``; empty for others."""
    if not isinstance(error, SlackApiError):
        return ""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, TypeError, ValueError):
        # The body of a 5xx is a page, not JSON.
        return ""


class Poster:
    """Posts one message once, over any number of attempts and restarts. One Poster for one message."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        key: str,
        channel: str,
        thread_ts: str | None,
        after: str,
        first_run: bool,
        join: bool = False,
    ) -> None:
        """``key`` names the message; ``after`` is a ts that it is newer than; ``first_run`` is False when an
        earlier process may have posted it already. With ``join``, a public channel that we are not in is
        joined."""
        self._client = client
        self._key = key
        self._channel = channel
        self._thread_ts = thread_ts
        self._after = after
        self._in_doubt = not first_run
        self._join = join

    async def post(self, text: str, blocks: Sequence[dict[str, Any]]) -> str:
        """Return the ts of the message, posted now or found. Raises what the Web API raises; then call
        again."""
        try:
            return await self._attempt(text, blocks)
        except SlackApiError as error:
            # Whether it was posted or is only looked for.
            if not self._join or error_name(error) != "not_in_channel":
                raise
            await self._join_channel(error)
        return await self._attempt(text, blocks)

    async def _attempt(self, text: str, blocks: Sequence[dict[str, Any]]) -> str:
        if self._in_doubt:
            found = await self._find()
            if found is not None:
                return found
            self._in_doubt = False
        try:
            response = await self._client.chat_postMessage(
                channel=self._channel,
                thread_ts=self._thread_ts,
                text=text,
                blocks=list(blocks),
                metadata={"event_type": ANSWER_EVENT, "event_payload": {"key": self._key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, asyncio.CancelledError) as error:
            self._in_doubt = isinstance(error, asyncio.CancelledError) or outcome_unknown(error)
            raise
        return str(response["ts"])

    async def _join_channel(self, why: BaseException) -> None:
        """Once; raises ``why`` where Slack refuses: a private channel, or a scope that the app has not got."""
        self._join = False
        try:
            await self._client.conversations_join(channel=self._channel)
        except SlackApiError as refused:
            if is_passing(refused):
                self._join = True
                raise
            log.warning("slack.not_joined", slack_error=error_name(refused))
            raise why from refused

    async def _find(self) -> str | None:
        """Return the ts of our message when it stands in the thread (or channel) already."""
        cursor: str | None = None
        while True:
            asked: dict[str, Any] = {
                "channel": self._channel,
                "oldest": self._after,
                "limit": 200,
                "include_all_metadata": True,
            }
            if cursor:
                asked["cursor"] = cursor
            if self._thread_ts is None:
                page = await self._client.conversations_history(**asked)
            else:
                page = await self._client.conversations_replies(ts=self._thread_ts, **asked)
            for message in page.get("messages") or ():
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == ANSWER_EVENT and payload.get("key") == self._key:
                    log.info("slack.found_own_message", key=self._key)
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

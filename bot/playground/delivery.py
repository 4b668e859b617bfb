"""How do Slack's requests reach the bot?

Over HTTP, signed as Slack signs them (version 0: HMAC-SHA256 of ``v0:timestamp:body``), or over the bot's
own Socket Mode connection. An event that is not acknowledged with 200 within three seconds is sent again, up
to three times, with Slack's ``X-Slack-Retry-Num`` and ``X-Slack-Retry-Reason``.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.playground.store import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the bot answered to one request."""

    status: int
    """The HTTP status; 0 when there was no answer in time or no connection."""
    text: str = ""
    reason: str = ""
    """Slack's word for a failure: http_timeout, http_error or connection_failed."""
    seconds: float = 0.0
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def json(self) -> Json:
        """The answer as an object; empty where it is none."""
        try:
            value = json.loads(self.text) if self.text else {}
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(kw_only=True, slots=True)
class Delivered:
    """One request, event or action, and every answer that it got."""

    kind: str
    payload: Json
    replies: list[Reply] = field(default_factory=list)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's signature of a request, docs.slack.dev/authentication/verifying-requests-from-slack."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Delivery:
    """Sends requests to one bot."""

    def __init__(
        self,
        *,
        request_url: str | None,
        signing_secret: str,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self.request_url = request_url
        self.signing_secret = signing_secret
        self.ack_seconds = ack_seconds
        self.retry_delays = tuple(retry_delays)
        self.log: list[Delivered] = []
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._envelope = 0

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in tuple(self._sockets):
            await socket.close()
        if self._http is not None:
            await self._http.close()

    def event(self, envelope: Json) -> None:
        """Send an Events API envelope in the background, again and again until it is acknowledged."""
        task = asyncio.create_task(self.event_now(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def event_now(self, envelope: Json) -> Delivered:
        """Send an Events API envelope and wait until it is acknowledged or given up."""
        delivered = Delivered(kind=str(envelope.get("type")), payload=envelope)
        self.log.append(delivered)
        for attempt in range(len(self.retry_delays) + 1):
            headers: dict[str, str] = {}
            if attempt:
                await asyncio.sleep(self.retry_delays[attempt - 1])
                reason = delivered.replies[-1].reason
                headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
            reply = await self._send("events_api", envelope, json.dumps(envelope).encode(), "json", headers)
            delivered.replies.append(reply)
            if reply.ok or reply.no_retry:
                break
        return delivered

    async def interaction(self, payload: Json) -> Reply:
        """Send a click, a submitted view or a shortcut. Slack does not send these again."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._once("interactive", payload, body)

    async def command(self, form: Mapping[str, str]) -> Reply:
        """Send a slash command."""
        return await self._once("slash_commands", dict(form), urlencode(form).encode())

    async def raw(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send any bytes with any headers, unsigned: for hostile requests in tests."""
        return await self._post(body, dict(headers))

    async def settled(self) -> None:
        """Wait until no event is under way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def serve_socket(self, socket: web.WebSocketResponse, app_id: str) -> None:
        """Speak Socket Mode with one connected bot until it leaves."""
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets) + 1,
                "debug_info": {"host": "127.0.0.1", "approximate_connection_time": 18060},
                "connection_info": {"app_id": app_id},
            }
        )
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                answer = json.loads(message.data)
                waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        finally:
            self._sockets.remove(socket)

    @property
    def connected(self) -> bool:
        """Whether a bot is connected by Socket Mode."""
        return bool(self._sockets)

    async def _once(self, kind: str, payload: Json, body: bytes) -> Reply:
        delivered = Delivered(kind=str(payload.get("type", kind)), payload=payload)
        self.log.append(delivered)
        reply = await self._send(kind, payload, body, "x-www-form-urlencoded", {})
        delivered.replies.append(reply)
        return reply

    async def _send(
        self, kind: str, payload: Json, body: bytes, content: str, headers: dict[str, str]
    ) -> Reply:
        if self.request_url is None:
            return await self._over_socket(kind, payload, headers)
        timestamp = str(int(time.time()))
        return await self._post(
            body,
            {
                "Content-Type": f"application/{content}",
                "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
                **headers,
            },
        )

    async def _post(self, body: bytes, headers: dict[str, str]) -> Reply:
        if self.request_url is None:
            raise RuntimeError("this workspace has no request URL")
        if self._http is None:
            # Slack follows no proxy of ours, and opens as many connections as it likes.
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False)
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.ack_seconds),
                self._http.post(self.request_url, data=body, headers=headers) as answer,
            ):
                text = await answer.text(errors="replace")
                return Reply(
                    status=answer.status,
                    text=text,
                    reason="" if answer.status == 200 else "http_error",
                    seconds=time.monotonic() - began,
                    no_retry=answer.headers.get("X-Slack-No-Retry") == "1",
                )
        except TimeoutError:
            return Reply(status=0, reason="http_timeout", seconds=time.monotonic() - began)
        except aiohttp.ClientError:
            return Reply(status=0, reason="connection_failed", seconds=time.monotonic() - began)

    async def _over_socket(self, kind: str, payload: Json, headers: dict[str, str]) -> Reply:
        if not self._sockets:
            return Reply(status=0, reason="connection_failed")
        self._envelope += 1
        envelope_id = f"envelope-{self._envelope}"
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        began = time.monotonic()
        try:
            await self._sockets[-1].send_json(
                {
                    "type": kind,
                    "envelope_id": envelope_id,
                    "payload": payload,
                    "accepts_response_payload": kind != "events_api",
                    "retry_attempt": int(headers.get("X-Slack-Retry-Num", "0")),
                    "retry_reason": headers.get("X-Slack-Retry-Reason", ""),
                }
            )
            async with asyncio.timeout(self.ack_seconds):
                body = await answer
        except (TimeoutError, ConnectionError):
            return Reply(status=0, reason="http_timeout", seconds=time.monotonic() - began)
        finally:
            self._waiting.pop(envelope_id, None)
        return Reply(status=200, text=json.dumps(body) if body else "", seconds=time.monotonic() - began)

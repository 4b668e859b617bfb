"""At which addresses does the program answer, and is it well?

``POST /slack/events`` takes everything that Slack sends; ``/healthz`` says that the process is up,
``/readyz`` that it can work, ``/metrics`` what Prometheus reads. aiohttp's own server, on HOST and PORT.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.core.errors import SettingError
from bot.web.metrics import Metrics

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of one request. Slack's largest are a few hundred kilobytes."""
_READY_SECONDS = 3.0

Checks = Mapping[str, Callable[[], Awaitable[str]]]
"""By the name of a part: returns what is wrong with it, or an empty string."""

log = structlog.get_logger(__name__)


class WebServer:
    """The HTTP server of one App. ``slack`` is None in Socket Mode, where Slack sends nothing here.

    Signature and timestamp are checked before a byte is parsed: version 0, at most five minutes old.
    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        slack: AsyncApp | None,
        signing_secret: str,
        checks: Checks,
        metrics: Metrics,
    ) -> None:
        self.host = host
        self.port = port
        """The port asked for; after the start the real one, which matters for port 0."""
        self._slack = slack
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._checks = checks
        self._metrics = metrics
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises SettingError when the address cannot be had."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics_page),
            ]
        )
        if self._slack is not None:
            app.router.add_post("/slack/events", self._slack_events)
        # Cancelling a handler when Slack hangs up would lose work that is being recorded.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=False, shutdown_timeout=5.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, backlog=512)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            self._runner = None
            reason = error.strerror or str(error)
            raise SettingError(f"PORT {self.port} on HOST {self.host} cannot be had: {reason}") from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and let the requests under way finish."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _slack_events(self, request: web.Request) -> web.Response:
        if self._slack is None:
            raise web.HTTPNotFound
        kind = "retry" if "X-Slack-Retry-Num" in request.headers else "first"
        body = await request.read()
        if not self._is_signed(body, request):
            self._metrics.requests.labels(kind=kind, status="401").inc()
            return web.Response(status=401, text="the signature is not Slack's\n")
        try:
            bolt_request = await to_bolt_request(request)
        except (ValueError, LookupError, AttributeError, TypeError):
            # Bolt takes the body for an object without a look: bytes that are no text, JSON of another kind.
            self._metrics.requests.labels(kind=kind, status="400").inc()
            return web.Response(status=400, text="this is not a request of Slack\n")
        answer = await self._slack.async_dispatch(bolt_request)
        self._metrics.requests.labels(kind=kind, status=str(answer.status)).inc()
        return await to_aiohttp_response(answer)

    def _is_signed(self, body: bytes, request: web.Request) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if self._verifier is None or not (
            timestamp.isascii() and timestamp.isdecimal() and signature.isascii()
        ):
            return False
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _readyz(self, request: web.Request) -> web.Response:
        names = list(self._checks)
        faults = await asyncio.gather(*(self._try(name) for name in names))
        failing = {name: fault for name, fault in zip(names, faults, strict=True) if fault}
        return web.json_response({"ready": not failing, "failing": failing}, status=503 if failing else 200)

    async def _try(self, name: str) -> str:
        try:
            async with asyncio.timeout(_READY_SECONDS):
                return await self._checks[name]()
        except TimeoutError:
            return f"no answer within {_READY_SECONDS:g} s"
        except Exception as error:
            # Whatever is wrong, the answer is 503; the log has the rest.
            log.warning("ready.check_failed", part=name, error=type(error).__name__)
            return type(error).__name__

    async def _metrics_page(self, request: web.Request) -> web.Response:
        return web.Response(body=self._metrics.render(), headers={"Content-Type": self._metrics.content_type})

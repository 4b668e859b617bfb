"""How is the program put together? Settings in, a running App out; the one file that knows all the others.

``build(settings)`` looks at the settings alone; ``await app.start()`` opens, in this order, the database,
the resolver, the durable jobs, the HTTP port and Socket Mode; ``await app.stop()`` closes them the other
way round. Nothing asks Slack for anything before the first request, so a start needs no network.
"""

import asyncio
import contextlib
from contextlib import AsyncExitStack

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.catalogue.load import load_catalogue
from bot.core.errors import SettingError
from bot.diagnose import Diagnoser
from bot.jobs import KEEP_SECONDS, Jobs
from bot.jobs.database import jobs_are_current
from bot.lookups.asker import Asker
from bot.settings import Settings
from bot.slack.answering import Answering
from bot.slack.app import Identity, make_slack_app
from bot.slack.asking import Asking
from bot.slack.client import make_client
from bot.slack.diagnosing import Diagnosing
from bot.slack.listeners.tickets import Tickets
from bot.slack.listeners.watches import WatchListeners
from bot.slack.reading import PostReader
from bot.slack.services import Services
from bot.slack.watching import Watching
from bot.tickets.database import make_engine, migrate, schema_is_current
from bot.tickets.store import TicketStore
from bot.web.metrics import Metrics
from bot.web.server import WebServer

log = structlog.get_logger(__name__)


def build(settings: Settings) -> "App":
    """Return the App for these settings, not started. Raises SettingError when a variable for Slack is
    missing."""
    if settings.slack_bot_token is None:
        raise SettingError(
            "SLACK_BOT_TOKEN is not set; it takes the bot token of your app, which begins with xoxb- "
            "(api.slack.com/apps, your app, OAuth & Permissions)"
        )
    if settings.slack_app_token is None and not settings.slack_signing_secret:
        raise SettingError(
            "SLACK_SIGNING_SECRET is not set; it takes the signing secret of your app "
            "(api.slack.com/apps, your app, Basic Information), or set SLACK_APP_TOKEN for Socket Mode"
        )
    return App(settings)


class App:
    """The whole bot in one object, for ``serve``, for the demo and for tests. One at a time in a process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self._open: AsyncExitStack | None = None
        self._services: Services | None = None
        self._web: WebServer | None = None
        self._tickets: Tickets | None = None
        self._watching: Watching | None = None

    @property
    def tickets(self) -> Tickets:
        """Everything about tickets in Slack. Only while the App runs."""
        if self._tickets is None:
            raise RuntimeError("the App is not started")
        return self._tickets

    @property
    def watching(self) -> Watching:
        """What is looked up again and again. Only while the App runs."""
        if self._watching is None:
            raise RuntimeError("the App is not started")
        return self._watching

    @property
    def services(self) -> Services:
        """What the listeners use. Only while the App runs."""
        if self._services is None:
            raise RuntimeError("the App is not started")
        return self._services

    @property
    def url(self) -> str:
        """Where the program listens. Only while the App runs."""
        if self._web is None:
            raise RuntimeError("the App is not started")
        host = "127.0.0.1" if self._web.host in ("0.0.0.0", "") else self._web.host  # noqa: S104 - to reach it from here
        return f"http://{f'[{host}]' if ':' in host else host}:{self._web.port}"

    async def start(self) -> None:
        """Open everything. Raises SettingError for a database, port or knowledge folder that cannot be used;
        then all that was opened is closed again."""
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._open = stack.pop_all()
        log.info("app.started", url=self.url, socket_mode=self.settings.slack_app_token is not None)

    async def stop(self) -> None:
        """Close everything; what is under way gets a few seconds, and goes on after the next start."""
        stack, self._open = self._open, None
        if stack is not None:
            await stack.aclose()
        self._services = self._web = self._tickets = self._watching = None

    async def _start(self, stack: AsyncExitStack) -> None:
        settings = self.settings
        catalogue = await asyncio.to_thread(load_catalogue, settings.knowledge_dir)
        diagnoser = Diagnoser(catalogue)
        await _prepare_database(settings.database_url)
        engine = make_engine(settings.database_url)
        stack.push_async_callback(engine.dispose)
        store = TicketStore(engine)
        asker = Asker.from_settings(settings, catalogue)
        stack.push_async_callback(asker.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        token = settings.slack_bot_token or ""
        client = make_client(token, settings.slack_api_url, session)

        def clients(team: str) -> AsyncWebClient:
            return client

        # What a job was given is pasted text: never kept for longer than tickets keep theirs.
        keep = min(KEEP_SECONDS, settings.retention_days * 86_400.0)
        jobs = Jobs(settings.database_url, keep_seconds=keep)
        self.metrics.running.set_function(lambda: jobs.running)
        diagnosing = Diagnosing(diagnoser=diagnoser, asker=asker, store=store)
        answering = Answering(
            diagnosing=diagnosing,
            reader=PostReader(
                diagnosing=diagnosing, clients=clients, session=session, api_url=settings.slack_api_url
            ),
            catalogue=catalogue,
            store=store,
            jobs=jobs,
            clients=clients,
            session=session,
            api_url=settings.slack_api_url,
            metrics=self.metrics,
        )
        asking = Asking(
            answering=answering,
            diagnosing=diagnosing,
            store=store,
            jobs=jobs,
            clients=clients,
            session=session,
            api_url=settings.slack_api_url,
        )
        services = Services(
            settings=settings,
            catalogue=catalogue,
            diagnoser=diagnoser,
            asker=asker,
            store=store,
            jobs=jobs,
            clients=clients,
            session=session,
            diagnosing=diagnosing,
            answering=answering,
            asking=asking,
            metrics=self.metrics,
        )
        tickets = Tickets(services)
        watching = Watching(services)
        slack = make_slack_app(
            services,
            Identity(token, settings.slack_api_url, session),
            more=(tickets.register, WatchListeners(watching, tickets.people).register),
        )
        await jobs.start()
        stack.push_async_callback(jobs.stop)
        tickets.rounds.start()
        stack.push_async_callback(tickets.rounds.stop)
        watching.start()
        stack.push_async_callback(watching.stop)
        socket: _Socket | None = None

        async def database() -> str:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
            return (
                ""
                if await schema_is_current(engine)
                else "the schema is not the newest; run: fivefifty migrate"
            )

        async def socket_mode() -> str:
            return "" if socket is not None and await socket.connected() else "not connected to Slack"

        in_socket_mode = settings.slack_app_token is not None
        checks = {"database": database} | ({"socket_mode": socket_mode} if in_socket_mode else {})
        web = WebServer(
            host=settings.host,
            port=settings.port,
            slack=None if in_socket_mode else slack,
            signing_secret=settings.slack_signing_secret or "",
            checks=checks,
            metrics=self.metrics,
        )
        await web.start()
        stack.push_async_callback(web.stop)
        if settings.slack_app_token is not None:
            socket = _Socket(slack, settings.slack_app_token)
            socket.start()
            stack.push_async_callback(socket.stop)
        self._services, self._web, self._tickets, self._watching = services, web, tickets, watching


class _Socket:
    """The Socket Mode connection. It connects in the background, again and again: a start needs no
    network."""

    def __init__(self, slack: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(slack, app_token)
        self._connecting: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # Bolt has no types here

    async def connected(self) -> bool:
        return bool(await self._handler.client.is_connected())

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        await self._handler.close_async()  # type: ignore[no-untyped-call] # Bolt has no types here


async def _prepare_database(url: str) -> None:
    """Create and migrate a SQLite file; on PostgreSQL only look. Raises SettingError."""
    if make_url(url).get_backend_name() == "sqlite":
        await asyncio.to_thread(migrate, url)
        return
    engine = make_engine(url)
    try:
        current = await schema_is_current(engine) and await asyncio.to_thread(jobs_are_current, url)
    except (DBAPIError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        raise SettingError(f"DATABASE_URL names a server that cannot be reached: {reason}") from error
    finally:
        await engine.dispose()
    if not current:
        raise SettingError("DATABASE_URL has no up-to-date schema; run: fivefifty migrate")

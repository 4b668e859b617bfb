"""How does the whole bot run on one computer, without a Slack account?

``Demo`` puts together what ``fivefifty demo`` shows: the real App (its own port on 127.0.0.1), the local
workspace that plays Slack toward it with the page for people, and a name server with a small zone, so that
look-ups work without the internet. Tickets and messages are kept in a folder until ``fresh`` forgets them.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, Any

from bot.app import App, build
from bot.core.errors import InputError, SettingError
from bot.lookups.asker import Asker
from bot.lookups.blocklists import Lists
from bot.lookups.resolver import Resolver, system_servers
from bot.playground.gallery import gallery
from bot.playground.nameserver import Fault, NameServer
from bot.playground.page import Page
from bot.playground.people import Group, Person, Place
from bot.playground.workspace import Workspace
from bot.settings import Settings
from bot.slack.manifest import manifest

ZONE = Path(__file__).resolve().parent / "playground" / "zone" / "demo.zone"
LATENCY = 0.06
"""Seconds that each DNS answer takes, so that one can see the evidence arrive."""
SLOW_LIST = Fault(kind="delay", name="dbl.spamhaus.org", seconds=6.0)

PEOPLE = (
    Person(name="alice", real_name="Alice Moreau", title="Customer success"),
    Person(name="bob", real_name="Bob Tanaka", title="Mail support", admin=True),
)
GROUPS = (Group(handle="mail-oncall", name="Mail on call", members=("bob",)),)
PLACES = (
    Place(name="support", purpose="Customers' questions"),
    Place(name="escalations", purpose="Cases that need a mail person"),
)
COMMANDS = (
    ("/bounce", "", "open a form to paste a bounce"),
    ("/bounce TEXT", "", "explain a bounce, to you alone"),
    ("/bounce check", "TARGET …", "check addresses, domains or IPs; alone it opens a form"),
    ("/bounce explain", "CODE or PHRASE", "what a code such as 5.7.26 means"),
    ("/bounce tickets", "open | mine | DOMAIN", "list tickets"),
    ("/bounce ticket", "NUMBER", "show one ticket"),
    ("/bounce watch", "TARGET", "watch a domain or an IP"),
    ("/bounce stats", "", "what bounced lately"),
    ("/bounce settings", "", "where escalations go, who is answered"),
    ("/bounce help", "", "everything that I can do"),
)


class Demo:
    """The whole demo. ``port`` is the page's; 0 takes a free one. ``folder`` keeps its files."""

    def __init__(self, *, port: int, folder: Path, fresh: bool = False) -> None:
        self.port = port
        self.folder = folder
        self.fresh = fresh
        self._slack: Workspace | None = None
        self._app: App | None = None
        self._page: Page | None = None
        self._names = NameServer(ZONE, [SLOW_LIST], latency=LATENCY)
        self._built_in: tuple[Resolver, Lists] | None = None
        self._system: tuple[Resolver, Lists] | None = None
        self._open: AsyncExitStack | None = None

    @property
    def slack(self) -> Workspace:
        """The local workspace. Only while the demo runs."""
        if self._slack is None:
            raise RuntimeError("the demo is not started")
        return self._slack

    @property
    def app(self) -> App:
        """The real bot. Only while the demo runs."""
        if self._app is None:
            raise RuntimeError("the demo is not started")
        return self._app

    @property
    def url(self) -> str:
        """The page's address. Only while the demo runs."""
        return self.slack.url

    async def start(self) -> None:
        """Start everything. Raises InputError where the port or the folder is taken; nothing is left open."""
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._open = stack.pop_all()

    async def stop(self) -> None:
        """Stop everything, the page first."""
        stack, self._open = self._open, None
        if stack is not None:
            await stack.aclose()
        self._slack = self._app = None

    async def _start(self, stack: AsyncExitStack) -> None:
        _make_folder(self.folder)
        stack.enter_context(_lock(self.folder))
        # Only the lock is held when the old files go, so a demo that still runs keeps its own.
        if self.fresh:
            _forget(self.folder)
        slack = Workspace(
            port=self.port,
            path=self.folder / "workspace.db",
            signing_secret=secrets.token_hex(16),
            manifest=manifest("https://playground.invalid"),
            people=PEOPLE,
            places=PLACES,
            groups=GROUPS,
            retry_delays=(0.5, 2.0, 5.0),
        )
        self._page = Page(
            slack=slack,
            switchers=[person.name for person in PEOPLE],
            gallery=gallery(),
            commands=[completion(*each) for each in COMMANDS],
            controls={"dns": self._choose_dns},
            facts={"dns": "zone"},
        )
        slack.extra_routes = self._page.routes()
        try:
            await slack.start()
        except OSError as error:
            raise InputError(_port_taken(self.port, error)) from error
        stack.push_async_callback(slack.stop)
        await self._names.start()
        stack.push_async_callback(self._names.stop)
        app = build(
            Settings(
                slack_bot_token=slack.bot_token,
                slack_signing_secret=slack.signing_secret,
                slack_api_url=slack.api_url,
                database_url=f"sqlite+aiosqlite:///{self.folder / 'tickets.db'}",
                port=0,
                dns_servers=(("127.0.0.1", self._names.port),),
                escalation_channel=slack.team.channel("escalations")["id"],
                log_level="WARNING",
            )
        )
        await app.start()
        stack.push_async_callback(app.stop)
        stack.callback(self._page.close)
        slack.request_url = f"{app.url}/slack/events"
        self._slack, self._app = slack, app

    async def _choose_dns(self, value: Any) -> dict[str, Any]:
        """Ask the built-in zone or the machine's own name servers from now on."""
        if value not in ("zone", "system"):
            raise ValueError("the look-ups take zone or system")
        if self._app is None:
            raise ValueError("fivefifty is still starting")
        asker = self.app.services.asker
        if not isinstance(asker, Asker):
            raise TypeError("the look-ups cannot be switched")
        if self._built_in is None:
            self._built_in = (asker.resolver, asker.lists)
        if self._system is None and value == "system":
            self._system = (Resolver(system_servers(), timeout=1.5), Lists())
        chosen = self._system if value == "system" else self._built_in
        if chosen is not None:
            # What was learned about lists through one resolver says nothing about the other.
            asker.resolver, asker.lists = chosen
        return {"dns": value}


def demo_folder(port: int, environment: Mapping[str, str]) -> Path:
    """Where the demo on this port keeps its files: XDG_DATA_HOME, or ~/.local/share.

    Each port has its own, so that two demos live side by side. Raises SettingError without a home.
    """
    base = environment.get("XDG_DATA_HOME", "")
    try:
        data = Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share"
    except RuntimeError as error:
        raise SettingError("XDG_DATA_HOME is not set and there is no home; it takes a folder") from error
    return data / "fivefifty" / "demo" / str(port)


def completion(command: str, argument: str, words: str) -> dict[str, str]:
    """One entry of the command box: what it shows, and what it fills in."""
    fill = command.removesuffix("TEXT")
    ending = " " if argument and not fill.endswith(" ") else ""
    return {"command": f"{command} {argument}".strip(), "help": words, "fill": fill + ending}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputError(f"the demo cannot keep its files in {folder}: {error.strerror}") from error


@contextlib.contextmanager
def _lock(folder: Path) -> Any:
    """Hold the folder, so that no second demo writes into the same files. Raises InputError."""
    path = folder / "lock"
    try:
        file: IO[str] = path.open("a+", encoding="ascii")
    except OSError as error:
        raise InputError(f"the demo cannot keep its files in {folder}: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"a demo already runs on port {folder.name}; stop it, or choose another port with --port"
            ) from error
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _forget(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == "lock":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _port_taken(port: int, error: OSError) -> str:
    if error.errno in (98, 48):  # EADDRINUSE on Linux and macOS
        return f"port {port} is taken by another program; choose another, such as --port {port + 1}"
    return f"the page cannot listen on port {port}: {os.strerror(error.errno) if error.errno else error}"

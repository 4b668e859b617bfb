"""Does the SMTP probe look at a server and at nothing else? Against real servers on 127.0.0.1."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.model import Answer, Outcome, Question
from bot.lookups.asker import Asker
from bot.lookups.resolver import Queries, Resolver
from bot.lookups.smtp import Prober
from bot.playground.nameserver import NameServer

from .conftest import CATALOGUE

CERTIFICATE = Path(__file__).parent / "certificates" / "mail.good.example.pem"
KEY = CERTIFICATE.with_suffix(".key")
ZONES = """
mail.good.example. A 127.0.0.1
other.good.example. A 127.0.0.1
far.good.example. A 10.1.2.3
"""


class Server:
    """A mail server as far as EHLO, STARTTLS and QUIT go. ``said`` is what the client said."""

    def __init__(
        self,
        greeting: bytes = b"220 mail.good.example ESMTP\r\n",
        *,
        starttls: bool = True,
        flood: bool = False,
    ) -> None:
        self.greeting = greeting
        self.starttls = starttls
        self.flood = flood
        self.said: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.greeting)
            while command := (await reader.readline()).decode("latin-1").strip():
                self.said.append(command)
                if command.startswith("EHLO"):
                    lines = ["mail.good.example", "SIZE 1000", "AUTH PLAIN LOGIN"] + [
                        "STARTTLS"
                    ] * self.starttls
                    if self.flood:
                        lines += ["X"] * 10_000
                    writer.write("".join(f"250-{line}\r\n" for line in lines[:-1]).encode())
                    writer.write(f"250 {lines[-1]}\r\n".encode())
                elif command == "STARTTLS":
                    writer.write(b"220 go\r\n")
                    await writer.drain()
                    await writer.start_tls(tls_context())
                else:
                    writer.write(b"221 bye\r\n")
                    break
        except (ConnectionError, ssl.SSLError):
            pass  # the probe hangs up where a certificate is bad
        finally:
            writer.close()


def tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    return context


Probe = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def probe() -> AsyncIterator[Probe]:
    """``await probe(server, host)`` starts the server and looks at it."""
    async with AsyncExitStack() as stack:
        names = await stack.enter_async_context(NameServer(ZONES))
        resolver = Resolver([("127.0.0.1", names.port)])
        stack.push_async_callback(resolver.close)

        async def look(
            server: Server,
            host: str = "mail.good.example",
            *,
            allow: tuple[str, ...] = ("127.0.0.0/8",),
            tls: bool = False,
        ) -> Answer:
            running = await asyncio.start_server(
                server.serve, "127.0.0.1", 0, ssl=tls_context() if tls else None
            )
            stack.callback(running.close)
            port = running.sockets[0].getsockname()[1]
            trust = ssl.create_default_context(cafile=str(CERTIFICATE))
            prober = Prober(
                timeout=1, allow=allow, ports=(port,), tls_ports=(port,) if tls else (), trust=trust
            )
            question = Question(check="smtp", subject=host, about=str(port))
            return await prober.probe(Queries(resolver), question)

        yield look


async def test_a_server_with_starttls_and_a_good_certificate(probe: Probe) -> None:
    """Banner, TLS, certificate and login are told."""
    answer = await probe(Server())

    assert answer.outcome is Outcome.FOUND
    assert set(answer.values) == {
        "banner=220 mail.good.example ESMTP",
        "starttls",
        "certificate=valid",
        "auth=PLAIN LOGIN",
    }


async def test_no_mailbox_is_ever_tried(probe: Probe) -> None:
    """EHLO, STARTTLS and QUIT are all that is said."""
    server = Server()
    await probe(server)
    await asyncio.sleep(0.05)

    assert {command.split()[0] for command in server.said} <= {"EHLO", "STARTTLS", "QUIT"}


async def test_a_certificate_for_another_name_is_told(probe: Probe) -> None:
    """The connection still counts as an answer."""
    answer = await probe(Server(), "other.good.example")

    assert answer.outcome is Outcome.FOUND
    assert any(value.startswith("certificate=Hostname mismatch") for value in answer.values)


async def test_tls_from_the_start(probe: Probe) -> None:
    """As on port 465."""
    answer = await probe(Server(starttls=False), tls=True)

    assert {"tls", "certificate=valid"} <= set(answer.values)


async def test_a_server_without_tls(probe: Probe) -> None:
    """Found, but nothing about TLS."""
    answer = await probe(Server(starttls=False))

    assert "starttls" not in answer.values


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(Server(b"554 go away\r\n"), id="refusing"),
        pytest.param(Server(b"HTTP/1.1 400 Bad Request\r\n"), id="a-web-server"),
        pytest.param(Server(b"\x00\xff" * 100 + b"\r\n"), id="junk"),
        pytest.param(Server(b"x" * 200_000), id="no-line-end"),
        pytest.param(Server(b""), id="silent"),
        pytest.param(Server(flood=True), id="endless-reply"),
    ],
)
async def test_what_is_no_mail_server_is_unanswered(probe: Probe, server: Server) -> None:
    """In bounded time, without raising."""
    answer = await probe(server)

    assert answer.outcome is Outcome.UNANSWERED
    assert answer.detail.isprintable()


async def test_a_closed_port_is_absent(probe: Probe) -> None:
    """Refused is an answer."""
    async with NameServer(ZONES) as names:
        resolver = Resolver([("127.0.0.1", names.port)])
        prober = Prober(allow=("127.0.0.0/8",), ports=(1,))
        question = Question(check="smtp", subject="mail.good.example", about="1")
        answer = await prober.probe(Queries(resolver), question)

    assert (answer.outcome, answer.reason) == (Outcome.ABSENT, "connection-refused")


@pytest.mark.parametrize(
    "host", ["mail.good.example", "far.good.example", "localhost", "nope.example", "127.0.0.1"]
)
async def test_a_private_address_is_never_reached(probe: Probe, host: str) -> None:
    """Without the tests' own allowance, 127.0.0.1 is as far as the moon."""
    server = Server()
    answer = await probe(server, host, allow=())

    assert answer.outcome is Outcome.SKIPPED
    assert server.said == []


@pytest.mark.parametrize("port", ["22", "3306", "0", "-1", "99999", "", None, "25; rm"])
async def test_other_ports_are_never_tried(port: str | None) -> None:
    """Mail ports only."""
    resolver = Resolver([])
    question = Question(check="smtp", subject="mail.good.example", about=port)
    answer = await Prober().probe(Queries(resolver), question)

    assert answer.outcome is Outcome.SKIPPED


async def test_a_second_look_within_a_minute_is_the_first_one(probe: Probe) -> None:
    """Servers are not hammered."""
    now = [0.0]
    async with NameServer(ZONES) as names:
        resolver = Resolver([("127.0.0.1", names.port)])
        server = Server()
        running = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = running.sockets[0].getsockname()[1]
        prober = Prober(allow=("127.0.0.0/8",), ports=(port,), timeout=1, clock=lambda: now[0])
        question = Question(check="smtp", subject="mail.good.example", about=str(port))
        for moment in (0.0, 30.0):
            now[0] = moment
            await prober.probe(Queries(resolver), question)
        connections_at_first = server.said.count("STARTTLS")
        now[0] = 61.0
        await prober.probe(Queries(resolver), question)
        running.close()

    assert (connections_at_first, server.said.count("STARTTLS")) == (1, 2)


async def test_without_the_setting_nothing_is_connected_to() -> None:
    """ALLOW_SMTP_PROBE is off by default."""
    asker = Asker(Resolver([]), CATALOGUE)
    (answer,) = await asker.ask([Question(check="smtp", subject="mail.good.example", about="25")])

    assert (answer.outcome, answer.reason) == (Outcome.SKIPPED, "ALLOW_SMTP_PROBE is off")

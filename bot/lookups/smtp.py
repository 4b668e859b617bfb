"""Can a mail server be reached, and does it offer TLS and a login? Looks at its greeting, never at a
mailbox.

Off unless ALLOW_SMTP_PROBE is set. No MAIL, no RCPT: servers list those who try addresses. Only public
addresses are connected to, one probe of a host and port in a minute, every step bounded in time.

The check ``smtp`` (subject: the host; about: the port; values: ``banner=…``, ``starttls`` or ``tls``,
``certificate=valid`` or ``certificate=WHY``, ``auth=MECHANISMS``): found when a server answers, absent when
the connection is refused, unanswered when nothing comes back.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from bot.core.model import Answer, Question
from bot.lookups.answers import absent, found, line, skipped, unanswered
from bot.lookups.kit import Kit
from bot.lookups.mx import addresses_of
from bot.lookups.names import is_public
from bot.lookups.resolver import Queries

PORTS = (25, 465, 587)
TLS_PORTS = (465,)  # TLS from the first byte, RFC 8314 section 3.3
AT_ONCE = 4
PAUSE = 60.0
MAX_LINES = 60


async def check(kit: Kit, question: Question) -> Answer:
    if kit.prober is None:
        return skipped(question, f"SMTP at {question.subject}", "ALLOW_SMTP_PROBE is off")
    return await kit.prober.probe(kit.queries, question)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What a server showed."""

    banner: str
    extensions: tuple[str, ...] = ()
    tls: str | None = None
    certificate: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        auth = next((e.partition(" ")[2] for e in self.extensions if e.upper().startswith("AUTH")), "")
        parts = (
            f"banner={self.banner}",
            self.tls,
            f"certificate={self.certificate}" if self.certificate else None,
            f"auth={auth}" if auth else None,
        )
        return tuple(part for part in parts if part)


class Prober:
    """Connects to mail servers. ``allow`` are networks that may be reached although they are not public,
    for tests; ``ports`` those that may be asked, ``tls_ports`` those with TLS from the start; ``trust`` is
    the TLS context that judges certificates.
    """

    def __init__(
        self,
        *,
        timeout: float = 4.0,
        allow: Sequence[str] = (),
        ports: Sequence[int] = PORTS,
        tls_ports: Sequence[int] = TLS_PORTS,
        trust: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout
        self._allow = tuple(ip_network(network) for network in allow)
        self._ports = frozenset(ports)
        self._tls_ports = frozenset(tls_ports)
        self._trust = trust
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._last: dict[tuple[str, int], tuple[float, Answer]] = {}

    async def probe(self, queries: Queries, question: Question) -> Answer:
        host = question.subject
        asked = f"SMTP at {host} port {question.about}"
        if not (question.about or "").isdigit() or int(question.about or 0) not in self._ports:
            return skipped(
                question, asked, f"only ports {', '.join(map(str, sorted(self._ports)))} are looked at"
            )
        port = int(question.about or 0)
        known = self._last.get((host, port))
        if known is not None and known[0] > self._clock():
            return known[1]
        addresses = await addresses_of(queries, host)
        if addresses.failed and not addresses.found:
            return unanswered(question, asked, addresses.failed.reason)
        public = [address for address in addresses.found if self._may_reach(address)]
        if not public:
            return skipped(question, asked, "it has no public address")
        async with self._slots:
            answer = await self._connect(question, asked, host, public[0], port)
        self._last[(host, port)] = (self._clock() + PAUSE, answer)
        return answer

    def _may_reach(self, text: str) -> bool:
        address = ip_address(text)
        return is_public(address) or any(address in network for network in self._allow)

    async def _connect(self, question: Question, asked: str, host: str, address: str, port: int) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                seen = await self._look(host, address, port)
        except ConnectionRefusedError:
            return absent(question, f"{asked}: {address} refuses the connection", "connection-refused")
        except TimeoutError:
            return unanswered(question, asked, "timeout")
        except (OSError, EOFError, ValueError) as error:
            return unanswered(question, asked, f"the connection broke ({type(error).__name__})")
        if not seen.banner.startswith("220"):
            return unanswered(question, asked, f"it greets with “{line(seen.banner, 120)}”")
        return found(
            question, f"{asked}: {'; '.join(line(value, 100) for value in seen.values)}", seen.values
        )

    async def _look(self, host: str, address: str, port: int) -> _Seen:
        """Greeting, EHLO, STARTTLS, EHLO, QUIT. Bad certificates are told, not refused."""
        certificate = None
        if port in self._tls_ports:
            certificate = await self._certificate(address, port, host)
            reader, writer = await asyncio.open_connection(
                address, port, ssl=_any_certificate(), server_hostname=host
            )
        else:
            reader, writer = await asyncio.open_connection(address, port)
        try:
            banner = (await _reply(reader))[-1]
            if not banner.startswith("220"):
                return _Seen(banner=banner)
            extensions = await _ehlo(reader, writer)
            if port in self._tls_ports:
                return _Seen(banner=banner, extensions=extensions, tls="tls", certificate=certificate)
            if not any(extension.upper() == "STARTTLS" for extension in extensions):
                return _Seen(banner=banner, extensions=extensions)
            certificate = await self._start_tls(reader, writer, host)
            if certificate == "valid":
                # What is offered may change once the line is encrypted (RFC 3207 section 4.2).
                extensions = await _ehlo(reader, writer)
            return _Seen(banner=banner, extensions=extensions, tls="starttls", certificate=certificate)
        finally:
            with suppress(OSError):
                writer.write(b"QUIT\r\n")
                await writer.drain()
            writer.close()

    async def _start_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> str:
        writer.write(b"STARTTLS\r\n")
        await writer.drain()
        if not (await _reply(reader))[-1].startswith("220"):
            return "STARTTLS was refused"
        try:
            await writer.start_tls(self._judge(), server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        except (ssl.SSLError, ConnectionError) as error:
            return f"TLS failed ({getattr(error, 'reason', None) or type(error).__name__})"
        return "valid"

    async def _certificate(self, address: str, port: int, host: str) -> str:
        try:
            _, writer = await asyncio.open_connection(address, port, ssl=self._judge(), server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        writer.close()
        return "valid"

    def _judge(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()


def _any_certificate() -> ssl.SSLContext:
    """For reading a greeting whose certificate has been judged already."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _ehlo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, ...]:
    """The extensions offered. An address literal is a valid EHLO name (RFC 5321 section 4.1.3)."""
    own = writer.get_extra_info("sockname")[0]
    literal = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
    writer.write(f"EHLO {literal}\r\n".encode("ascii"))
    await writer.drain()
    return tuple(text[4:] for text in (await _reply(reader))[1:])


async def _reply(reader: asyncio.StreamReader) -> list[str]:
    """One reply, all its lines. Raises ValueError for what is no SMTP reply, EOFError at the end."""
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        raw = await reader.readline()
        if not raw:
            raise EOFError
        text = raw.decode("utf-8", "replace").rstrip()
        lines.append(text)
        if text[3:4] != "-":
            return lines
    raise ValueError("an endless reply")

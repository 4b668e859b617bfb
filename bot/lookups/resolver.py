"""What does the DNS say about one name? Asked once, remembered for its TTL, never longer than a deadline.

Equal questions in flight share one query. Several servers are tried one after the other, the next one
starting before the first has timed out. Every reply is found, absent or unanswered, with the reason.
"""

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver

from bot.core.errors import SettingError
from bot.core.model import Outcome
from bot.lookups.names import NotAskable, public_name

if TYPE_CHECKING:
    from bot.settings import Settings

# DNS flag day 2020: larger UDP answers get lost in fragments.
EDNS_PAYLOAD = 1232
MAX_TTL = 86_400
MIN_TTL = 5  # a TTL of 0 would ask again for each rule of the same diagnosis
MAX_NEGATIVE_TTL = 900  # a mended record should be seen the same hour; RFC 2308 section 5 allows 3 h
NEGATIVE_TTL_WITHOUT_SOA = 60
FAILURE_TTL = 10  # RFC 9520 section 3.2: failures are cached too, for at least 1 s
MAX_CNAMES = 8
MAX_ENTRIES = 20_000
MAX_OPEN = 56
CANARY = "example.com"  # RFC 2606 section 3 keeps it for ever
DEAD_FOR = 30.0  # a server that did not answer is asked last for so many seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back for one name and type."""

    name: str
    rdtype: str
    outcome: Outcome
    reason: str | None = None
    """nxdomain or nodata (absent); timeout, servfail, refused, formerr, notimp, lame, loop, malformed,
    unreachable, limit (unanswered); for a name that was never asked (skipped), the sentence why."""
    records: tuple[dns.rdata.Rdata, ...] = ()
    canonical: str = ""
    """The name at the end of the CNAME chain; the name itself where there is none."""
    ttl: float = 0.0
    cached: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The strings of TXT records, each joined (RFC 7208 section 3.3), undecodable bytes replaced."""
        return tuple(
            b"".join(record.strings).decode("utf-8", "replace")
            for record in self.records
            if hasattr(record, "strings")
        )

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(record.address for record in self.records if hasattr(record, "address"))

    @property
    def targets(self) -> tuple[str, ...]:
        """The names that PTR, CNAME or NS records point to, lower case, without the last dot."""
        return tuple(_plain(record.target) for record in self.records if hasattr(record, "target"))

    @property
    def exchanges(self) -> tuple[tuple[int, str], ...]:
        """MX records as (preference, host), the preferred first; a null MX has the host ``""``."""
        records: tuple[Any, ...] = self.records  # dnspython types the fields of each record class only
        return tuple(sorted((r.preference, _plain(r.exchange)) for r in records if hasattr(r, "exchange")))


class Resolver:
    """One shared resolver with one shared cache; safe for many tasks of one event loop.

    ``servers`` are (IP address, port), tried in this order. ``timeout`` bounds one question in seconds,
    all servers and repetitions included. ``canary`` is a name that exists for sure: while the servers do not
    know it, they are cut off from public DNS, and none of their "no" counts. ``clock`` is for tests.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]],
        *,
        timeout: float = 1.5,
        max_open: int = MAX_OPEN,
        canary: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.servers = tuple(servers)
        self.timeout = timeout
        self.asked = 0
        """How many messages went out, for tests and metrics."""
        self._canary = canary
        self._clock = clock
        self._open = asyncio.Semaphore(max_open)
        self._cache: OrderedDict[tuple[str, str], tuple[float, Reply]] = OrderedDict()
        self._in_flight: dict[tuple[str, str], asyncio.Task[Reply]] = {}
        self._dead_until: dict[tuple[str, int], float] = {}

    @classmethod
    def from_settings(cls, settings: "Settings") -> "Resolver":
        """The resolver of DNS_SERVERS, or of the system. Without any server every reply is unanswered.

        The system's own may be that of a network without a way out, which knows nothing: it has to know the
        canary. Servers that somebody has named are believed. Raises SettingError for a server's name that
        this machine does not know.
        """
        if settings.dns_servers:
            return cls(addresses_of_servers(settings.dns_servers), timeout=settings.dns_timeout_seconds)
        return cls(system_servers(), timeout=settings.dns_timeout_seconds, canary=CANARY)

    async def query(self, name: str, rdtype: str, *, any_letters: bool = False) -> Reply:
        """Ask for one name and type (``"MX"``). Never raises; hostile names are skipped unasked.

        ``any_letters`` as for ``public_name``.
        """
        try:
            name = public_name(name, any_letters=any_letters)
        except NotAskable as error:
            return Reply(name=name[:253], rdtype=rdtype, outcome=Outcome.SKIPPED, reason=str(error))
        reply = await self._remembered(name, rdtype)
        if reply.outcome is Outcome.ABSENT and self._canary and name != self._canary:
            known = await self._remembered(self._canary, "SOA")
            if known.outcome is Outcome.ABSENT:
                return _unanswered(name, rdtype, "cut-off")
        return reply

    async def _remembered(self, name: str, rdtype: str) -> Reply:
        key = (name, rdtype)
        cached = self._cache.get(key)
        if cached is not None and cached[0] > self._clock():
            self._cache.move_to_end(key)
            return replace(cached[1], cached=True)
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(name, rdtype))
            self._in_flight[key] = task
            task.add_done_callback(lambda _: self._in_flight.pop(key, None))
        # Shielded: one impatient asker must not take the answer from the others.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Give up what is still in flight."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, name: str, rdtype: str) -> Reply:
        reply = await self._try_servers(name, rdtype)
        self._cache[(name, rdtype)] = (self._clock() + reply.ttl, reply)
        while len(self._cache) > MAX_ENTRIES:
            self._cache.popitem(last=False)
        return reply

    async def _try_servers(self, name: str, rdtype: str) -> Reply:
        """Ask one server after the other, the next as soon as one failed or took its share of the time."""
        now = self._clock()
        servers = sorted(self.servers, key=lambda server: self._dead_until.get(server, 0.0) > now)
        if not servers:
            return _unanswered(name, rdtype, "no name server is configured")
        # With one server a lost datagram is sent again once; RFC 1035 section 4.2.1 asks for repetition.
        attempts = servers if len(servers) > 1 else servers * 2
        share = self.timeout / 3
        deadline = time.monotonic() + self.timeout
        upcoming = list(attempts)
        running: dict[asyncio.Task[Reply], tuple[str, int]] = {}
        failed: set[tuple[str, int]] = set()
        worst: Reply | None = None
        try:
            while upcoming or running:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                if upcoming:
                    server = upcoming.pop(0)
                    if server in failed:  # it has said no; the same question again would not help
                        continue
                    running[asyncio.create_task(self._exchange(server, name, rdtype, left))] = server
                done, _ = await asyncio.wait(
                    running,
                    timeout=min(share, left) if upcoming else left,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in done:
                    failed.add(running.pop(task))
                    reply = task.result()
                    if reply.outcome is not Outcome.UNANSWERED:
                        # Those that were asked earlier and are silent still get asked last for a while.
                        for silent in running.values():
                            self._dead_until[silent] = self._clock() + DEAD_FOR
                        return reply
                    if worst is None or worst.reason == "timeout":
                        worst = reply
        finally:
            for task in running:
                task.cancel()
        return worst or _unanswered(name, rdtype, "timeout")

    async def _exchange(self, server: tuple[str, int], name: str, rdtype: str, left: float) -> Reply:
        """One question to one server, by TCP where UDP was cut."""
        wait = left
        message = dns.message.make_query(_wire_name(name), rdtype, use_edns=0, payload=EDNS_PAYLOAD)
        deadline = time.monotonic() + left
        try:
            async with self._open:
                wait = deadline - time.monotonic()
                if wait <= 0:
                    return _unanswered(name, rdtype, "timeout")
                self.asked += 1
                answer, _ = await dns.asyncquery.udp_with_fallback(
                    message, server[0], timeout=wait, port=server[1], ignore_errors=True
                )
        except dns.exception.Timeout:
            if wait >= self.timeout / 2:
                self._dead_until[server] = self._clock() + DEAD_FOR
            return _unanswered(name, rdtype, "timeout")
        except (OSError, EOFError):
            self._dead_until[server] = self._clock() + DEAD_FOR
            return _unanswered(name, rdtype, "unreachable")
        except (dns.exception.DNSException, ValueError):
            return _unanswered(name, rdtype, "malformed")
        self._dead_until.pop(server, None)
        return _read(answer, name, rdtype)


class Queries:
    """The questions of one diagnosis: a share of the resolver with a limit on their number."""

    def __init__(self, resolver: Resolver, limit: int = 250) -> None:
        self._resolver = resolver
        self._left = limit
        self.timeout = resolver.timeout

    async def query(self, name: str, rdtype: str, *, any_letters: bool = False) -> Reply:
        """As Resolver.query, but unanswered (``limit``) once the limit is reached."""
        if self._left <= 0:
            return _unanswered(name[:253], rdtype, "limit")
        self._left -= 1
        return await self._resolver.query(name, rdtype, any_letters=any_letters)

    async def unlimited(self, name: str, rdtype: str) -> Reply:
        """As Resolver.query, for questions whose answer serves every diagnosis."""
        return await self._resolver.query(name, rdtype)


def addresses_of_servers(servers: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The servers with names turned into addresses by the machine's own resolver, in the same order.

    Asked once, at the start. Raises SettingError for a name without an address.
    """
    found: dict[tuple[str, int], None] = {}
    for host, port in servers:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "no such name"
            raise SettingError(
                f"DNS_SERVERS got {host[:80]!r}, which this machine finds no address for ({why}); "
                "it takes IP addresses, or names that the machine's own resolver knows"
            ) from None
        found.update(dict.fromkeys((str(entry[4][0]), port) for entry in entries))
    return tuple(found)


def system_servers() -> tuple[tuple[str, int], ...]:
    """The name servers of this machine, or none where it has no configuration to read."""
    try:
        configured = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError):
        return ()
    return tuple((str(server), configured.port) for server in configured.nameservers)


def _read(answer: dns.message.Message, name: str, rdtype: str) -> Reply:
    rcode = answer.rcode()
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return _unanswered(name, rdtype, dns.rcode.to_text(rcode).lower())
    try:
        wanted = dns.rdatatype.from_text(rdtype)
        # Only what hangs together with the question counts; records of other names may be forged.
        owner = _wire_name(name)
        ttls: list[int] = []
        for _ in range(MAX_CNAMES):
            rrset = answer.get_rrset(answer.answer, owner, answer.question[0].rdclass, wanted)
            if rrset is not None:
                ttls.append(rrset.ttl)
                return Reply(
                    name=name,
                    rdtype=rdtype,
                    outcome=Outcome.FOUND,
                    records=tuple(rrset),
                    canonical=_plain(owner),
                    ttl=max(MIN_TTL, min(*ttls, MAX_TTL)),
                )
            cname = answer.get_rrset(answer.answer, owner, answer.question[0].rdclass, dns.rdatatype.CNAME)
            if cname is None:
                break
            ttls.append(cname.ttl)
            owner = cname[0].target
        else:
            return _unanswered(name, rdtype, "loop")
    except (dns.exception.DNSException, KeyError, IndexError):
        return _unanswered(name, rdtype, "malformed")
    soa = next((rrset for rrset in answer.authority if rrset.rdtype == dns.rdatatype.SOA), None)
    referral = any(rrset.rdtype == dns.rdatatype.NS for rrset in answer.authority)
    if rcode == dns.rcode.NOERROR and soa is None and referral and not answer.flags & dns.flags.AA:
        return _unanswered(name, rdtype, "lame")
    ttl = min(soa.ttl, soa[0].minimum) if soa is not None else NEGATIVE_TTL_WITHOUT_SOA
    return Reply(
        name=name,
        rdtype=rdtype,
        outcome=Outcome.ABSENT,
        reason="nxdomain" if rcode == dns.rcode.NXDOMAIN else "nodata",
        canonical=_plain(owner),
        ttl=max(MIN_TTL, min(ttl, MAX_NEGATIVE_TTL)),
    )


def _unanswered(name: str, rdtype: str, reason: str) -> Reply:
    return Reply(name=name, rdtype=rdtype, outcome=Outcome.UNANSWERED, reason=reason, ttl=FAILURE_TTL)


def _wire_name(name: str) -> dns.name.Name:
    """The name label by label, so that no character counts as an escape."""
    return dns.name.Name([*(label.encode("ascii") for label in name.split(".")), b""])


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else ""

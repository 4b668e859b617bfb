"""How does a look-up behave when the name servers of the world misbehave? A real name server to try it with.

It is authoritative for everything on 127.0.0.1, over UDP and TCP, from zone text that people can read
(RFC 1035 section 5, absolute names or ``$ORIGIN``). What is not in the text does not exist (NXDOMAIN).

    async with NameServer("example.org. 60 IN MX 10 mail.example.org.") as server:
        ...  # ask 127.0.0.1, server.port
        assert server.queries == []

Faults say which questions go wrong and how. The log ``queries`` proves what was asked, or that nothing was.
"""

import asyncio
import contextlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tokenizer
import dns.zonefile

KINDS = (
    "delay",  # answer, but only after ``seconds``
    "drop",  # say nothing
    "truncate",  # UDP answers are empty with TC set, so that the asker has to come by TCP
    "servfail",
    "refused",
    "formerr",
    "nxdomain",
    "nodata",
    "lame",  # a referral upwards instead of an answer: not authoritative, no records
    "forge",  # the answer carries records of another name, in the answer and the additional section
    "recase",  # names come back in another case than they were asked in
    "wrong-id",  # the message id is another one
    "garbage",  # bytes that are no DNS message
    "empty-tcp",  # the TCP connection is closed without an answer
)
_RCODES = {
    "servfail": dns.rcode.SERVFAIL,
    "refused": dns.rcode.REFUSED,
    "formerr": dns.rcode.FORMERR,
    "nxdomain": dns.rcode.NXDOMAIN,
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way in which answers go wrong."""

    kind: str
    """One of KINDS."""
    name: str = "."
    """The questions it strikes: this name and everything below it."""
    below: bool = True
    """False: this name alone."""
    rdtype: str | None = None
    """Only questions of this type, such as ``MX``; None for all."""
    seconds: float = 0.0
    """For ``delay``."""
    times: int | None = None
    """Only the first so many questions; None for all."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}: one of {', '.join(KINDS)}")


@dataclass(frozen=True, kw_only=True)
class Query:
    """One question that arrived."""

    name: str
    """Lower case, without the last dot."""
    rdtype: str
    transport: str
    """udp or tcp."""


class NameServer:
    """A name server on 127.0.0.1 for the time of an ``async with`` block.

    ``zones`` is zone text, a file with it, or several of either. ``latency`` (seconds) is the way to a
    server far away: it delays every answer. Raises ValueError for zone text that cannot be read.
    """

    def __init__(
        self,
        zones: str | Path | Iterable[str | Path] = "",
        faults: Iterable[Fault] = (),
        *,
        latency: float = 0.0,
        port: int = 0,
    ) -> None:
        self.faults = list(faults)
        """May be changed while the server runs."""
        self.latency = latency
        self.port = port
        self.queries: list[Query] = []
        self.most_open = 0
        """The largest number of questions that waited for their answer at the same time."""
        self._open = 0
        self._struck: dict[int, int] = {}
        self._rrsets: dict[tuple[dns.name.Name, int], dns.rrset.RRset] = {}
        self._names: set[dns.name.Name] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None
        self.load(zones)

    def load(self, zones: str | Path | Iterable[str | Path]) -> None:
        """Replace everything that the server knows."""
        parts = [zones] if isinstance(zones, (str, Path)) else list(zones)
        rrsets: dict[tuple[dns.name.Name, int], dns.rrset.RRset] = {}
        for part in parts:
            text = part.read_text(encoding="utf-8") if isinstance(part, Path) else part
            try:
                found = _Records().read(text)
            except (dns.exception.DNSException, ValueError) as error:
                raise ValueError(f"zone text cannot be read: {error}") from error
            for name, ttl, rdata in found:
                key = (name.canonicalize(), int(rdata.rdtype))
                rrset = rrsets.setdefault(key, dns.rrset.RRset(name, rdata.rdclass, rdata.rdtype))
                rrset.add(rdata, ttl)
        self._rrsets = rrsets
        self._names = {ancestor for name, _ in rrsets for ancestor in _with_ancestors(name)}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        for attempt in range(20):
            self._udp, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=("127.0.0.1", self.port)
            )
            port = int(self._udp.get_extra_info("sockname")[1])
            try:
                self._tcp = await asyncio.start_server(self._serve_tcp, "127.0.0.1", port)
            except OSError:
                # Another program has this port for TCP: let the system choose a new pair.
                self._udp.close()
                if self.port or attempt == 19:
                    raise
                continue
            self.port = port
            return

    async def stop(self) -> None:
        if self._udp:
            self._udp.close()
        if self._tcp:
            self._tcp.close()
        for writer in list(self._writers):
            writer.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def received(self, wire: bytes, transport: str, reply: Any) -> None:
        """Answer one message in a task of its own; ``reply`` is called with the bytes to send, if any."""
        task = asyncio.create_task(self._handle(wire, transport, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, wire: bytes, transport: str, reply: Any) -> None:
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return  # not a question: nothing to answer, RFC 1035 leaves it open
        if not query.question:
            return
        asked = query.question[0]
        text = asked.name.to_text(omit_final_dot=True).lower()
        self.queries.append(Query(name=text, rdtype=dns.rdatatype.to_text(asked.rdtype), transport=transport))
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            faults = self._faults_for(asked.name, asked.rdtype)
            pause = self.latency + sum(fault.seconds for fault in faults if fault.kind == "delay")
            if pause:
                await asyncio.sleep(pause)
            kinds = {fault.kind for fault in faults}
            if "drop" in kinds:
                return
            if "empty-tcp" in kinds and transport == "tcp":
                reply(b"")
                return
            if "garbage" in kinds:
                reply(b"\x00\xff not a message")
                return
            reply(self._answer(query, kinds, transport))
        finally:
            self._open -= 1

    def _faults_for(self, name: dns.name.Name, rdtype: int) -> list[Fault]:
        struck = []
        for fault in self.faults:
            struck_name = dns.name.from_text(fault.name)
            if not (name.is_subdomain(struck_name) if fault.below else name == struck_name):
                continue
            if fault.rdtype is not None and dns.rdatatype.from_text(fault.rdtype) != rdtype:
                continue
            count = self._struck.get(id(fault), 0)
            if fault.times is not None and count >= fault.times:
                continue
            self._struck[id(fault)] = count + 1
            struck.append(fault)
        return struck

    def _answer(self, query: dns.message.Message, kinds: set[str], transport: str) -> bytes:
        answer = dns.message.make_response(query, recursion_available=True)
        asked = query.question[0]
        failing = next((rcode for kind, rcode in _RCODES.items() if kind in kinds), None)
        if failing is not None:
            answer.set_rcode(failing)
        elif "lame" in kinds:
            answer.authority.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root-servers.example."))
        elif "nodata" not in kinds:
            answer.flags |= dns.flags.AA
            self._fill(answer, asked.name, asked.rdtype)
        if "forge" in kinds:
            answer.answer.append(dns.rrset.from_text("forged.example.", 60, "IN", "A", "203.0.113.66"))
            answer.additional.append(dns.rrset.from_text("forged.example.", 60, "IN", "A", "203.0.113.66"))
        if "recase" in kinds:
            answer.question = [dns.rrset.RRset(_swapcase(asked.name), asked.rdclass, asked.rdtype)]
        if "wrong-id" in kinds:
            answer.id = (answer.id + 1) % 65536
        if transport == "udp":
            if "truncate" in kinds:
                _cut(answer)
            size = query.payload if query.edns >= 0 else 512
            with contextlib.suppress(dns.exception.TooBig):
                return answer.to_wire(max_size=min(size, 1232))
            _cut(answer)
        return answer.to_wire(max_size=65535)

    def _fill(self, answer: dns.message.Message, name: dns.name.Name, rdtype: int) -> None:
        """Follow the algorithm of RFC 1034 section 4.3.2 as far as one flat set of records needs it."""
        for _ in range(12):  # a CNAME loop ends here; the asker has to notice it too
            exists, owner = self._owner(name)
            if not exists or owner is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
                break
            rrset = self._rrsets.get((owner, rdtype))
            if rrset is not None:
                answer.answer.append(_renamed(rrset, name))
                return
            cname = self._rrsets.get((owner, int(dns.rdatatype.CNAME)))
            if cname is None:
                break
            answer.answer.append(_renamed(cname, name))
            name = cname[0].target
        soa = self._soa_above(name)
        if soa is not None:
            answer.authority.append(soa)

    def _owner(self, name: dns.name.Name) -> tuple[bool, dns.name.Name | None]:
        """Does the name exist, and which name's records does it have: its own, or a wildcard's (RFC 4592)?"""
        name = name.canonicalize()
        if name in self._names:
            return True, name
        closest = name
        while closest not in self._names and closest != dns.name.root:
            closest = closest.parent()
        wildcard = dns.name.Name((b"*", *closest.labels))
        return (True, wildcard) if wildcard in self._names else (False, None)

    def _soa_above(self, name: dns.name.Name) -> dns.rrset.RRset | None:
        for ancestor in _with_ancestors(name.canonicalize()):
            soa = self._rrsets.get((ancestor, int(dns.rdatatype.SOA)))
            if soa is not None:
                return soa
        return None

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)

        def reply(wire: bytes) -> None:
            if not writer.is_closing():
                if wire:
                    writer.write(struct.pack("!H", len(wire)) + wire)
                else:
                    writer.close()

        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                self.received(await reader.readexactly(length), "tcp", reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the asker has hung up
        finally:
            self._writers.discard(writer)
            writer.close()


class _Records(dns.zonefile.RRSetsReaderManager):
    """Zone text as a flat list of records. dnspython's own reader takes one zone at a time, with one SOA."""

    def read(self, text: str) -> list[tuple[dns.name.Name, int, dns.rdata.Rdata]]:
        records: list[tuple[dns.name.Name, int, dns.rdata.Rdata]] = []

        class Transaction(dns.zonefile.RRsetsReaderTransaction):
            def add(self, *args: Any) -> None:
                records.append(args)  # the reader passes name, ttl, rdata

        dns.zonefile.Reader(
            dns.tokenizer.Tokenizer(text, "zone"),
            dns.rdataclass.IN,
            Transaction(self, True, False),  # type: ignore[no-untyped-call]  # dnspython's own base
            default_ttl=60,
        ).read()
        return records


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.DatagramTransport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        def reply(wire: bytes) -> None:
            if not self.transport.is_closing():
                self.transport.sendto(wire, address)

        self.server.received(data, "udp", reply)


def _with_ancestors(name: dns.name.Name) -> list[dns.name.Name]:
    names = [name]
    while name != dns.name.root:
        name = name.parent()
        names.append(name)
    return names


def _renamed(rrset: dns.rrset.RRset, name: dns.name.Name) -> dns.rrset.RRset:
    if rrset.name == name:
        return rrset
    copy = dns.rrset.RRset(name, rrset.rdclass, rrset.rdtype)
    for rdata in rrset:
        copy.add(rdata, rrset.ttl)
    return copy


def _cut(answer: dns.message.Message) -> None:
    answer.answer, answer.authority, answer.additional = [], [], []
    answer.flags |= dns.flags.TC


def _swapcase(name: dns.name.Name) -> dns.name.Name:
    return dns.name.Name([label.swapcase() for label in name.labels])

"""Does the resolver tell found, absent and unanswered apart, and ask no more than it must?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from bot.core.model import Outcome
from bot.lookups.resolver import Queries, Resolver
from bot.playground.nameserver import Fault, NameServer

ZONES = f"""
$ORIGIN example.org.
@ 300 SOA ns hostmaster 1 60 60 60 30
@ 20 MX 10 mail
@ MX 5 first.bigmail.example.
mail A 203.0.113.5
alias CNAME mail
one CNAME two
two CNAME one
null MX 0 .
big TXT {" ".join(['"' + "x" * 250 + '"'] * 200)}
"""


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class World:
    """A resolver and its name servers."""

    def __init__(self, *servers: NameServer, timeout: float = 0.4) -> None:
        self.servers = servers
        self.clock = Clock()
        self.resolver = Resolver(
            [("127.0.0.1", server.port) for server in servers], timeout=timeout, clock=self.clock
        )

    @property
    def server(self) -> NameServer:
        return self.servers[0]


@pytest.fixture
async def make() -> AsyncIterator[Callable[..., "asyncio.Future[World]"]]:
    async with AsyncExitStack() as stack:

        async def made(*faults: Fault, more: int = 0, latency: float = 0.0) -> World:
            first = await stack.enter_async_context(NameServer(ZONES, faults, latency=latency))
            others = [await stack.enter_async_context(NameServer(ZONES)) for _ in range(more)]
            world = World(first, *others)
            stack.push_async_callback(world.resolver.close)
            return world

        yield made  # type: ignore[misc]


Make = Callable[..., "asyncio.Future[World]"]


async def test_records_are_found(make: Make) -> None:
    """MX hosts in order of preference."""
    world = await make()
    reply = await world.resolver.query("example.org", "MX")

    assert reply.exchanges == ((5, "first.bigmail.example"), (10, "mail.example.org"))


async def test_a_null_mx_has_the_empty_host(make: Make) -> None:
    """RFC 7505."""
    world = await make()
    reply = await world.resolver.query("null.example.org", "MX")

    assert reply.exchanges == ((0, ""),)


@pytest.mark.parametrize(
    ("name", "rdtype", "reason"),
    [("nope.example.org", "A", "nxdomain"), ("mail.example.org", "MX", "nodata")],
)
async def test_a_no_is_absent_with_its_kind(make: Make, name: str, rdtype: str, reason: str) -> None:
    """NXDOMAIN and NODATA are two things."""
    world = await make()
    reply = await world.resolver.query(name, rdtype)

    assert (reply.outcome, reply.reason) == (Outcome.ABSENT, reason)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(kind="drop"), "timeout"),
        (Fault(kind="servfail"), "servfail"),
        (Fault(kind="refused"), "refused"),
        (Fault(kind="formerr"), "formerr"),
        (Fault(kind="lame"), "lame"),
        (Fault(kind="garbage"), "timeout"),
        (Fault(kind="wrong-id"), "timeout"),
        (Fault(kind="delay", seconds=5), "timeout"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else value,
)
async def test_trouble_is_unanswered_with_its_kind(make: Make, fault: Fault, reason: str) -> None:
    """Never absent."""
    world = await make(fault)
    reply = await world.resolver.query("example.org", "MX")

    assert (reply.outcome, reply.reason) == (Outcome.UNANSWERED, reason)


async def test_a_circle_of_aliases_is_unanswered(make: Make) -> None:
    """It neither exists nor not."""
    world = await make()
    reply = await world.resolver.query("one.example.org", "A")

    assert (reply.outcome, reply.reason) == (Outcome.UNANSWERED, "loop")


async def test_an_alias_leads_to_its_records(make: Make) -> None:
    """And says where it led."""
    world = await make()
    reply = await world.resolver.query("alias.example.org", "A")

    assert (reply.addresses, reply.canonical) == (("203.0.113.5",), "mail.example.org")


async def test_a_forged_section_is_ignored(make: Make) -> None:
    """Records of names that were not asked do not count, nor enter the cache."""
    world = await make(Fault(kind="forge", name="mail.example.org"))
    reply = await world.resolver.query("mail.example.org", "A")
    forged = await world.resolver.query("forged.example", "A")

    assert reply.addresses == ("203.0.113.5",)
    assert forged.outcome is Outcome.ABSENT


async def test_another_case_is_the_same_name(make: Make) -> None:
    """0x20 casing and servers that change it."""
    world = await make(Fault(kind="recase"))
    reply = await world.resolver.query("MAIL.example.org", "A")

    assert reply.addresses == ("203.0.113.5",)


@pytest.mark.parametrize("name", ["big.example.org"])
async def test_a_large_answer_comes_by_tcp(make: Make, name: str) -> None:
    """50 kB of TXT."""
    world = await make()
    reply = await world.resolver.query(name, "TXT")

    assert len(reply.texts[0]) == 50_000


async def test_a_cut_answer_is_fetched_by_tcp(make: Make) -> None:
    """TC is set although the answer is small."""
    world = await make(Fault(kind="truncate"))
    reply = await world.resolver.query("mail.example.org", "A")

    assert reply.addresses == ("203.0.113.5",)


async def test_a_closed_tcp_connection_is_unanswered(make: Make) -> None:
    """The cut answer cannot be fetched."""
    world = await make(Fault(kind="truncate"), Fault(kind="empty-tcp"))
    reply = await world.resolver.query("mail.example.org", "A")

    assert reply.outcome is Outcome.UNANSWERED


async def test_a_lost_datagram_is_sent_again(make: Make) -> None:
    """Within the time of the one question."""
    world = await make(Fault(kind="drop", times=1))
    reply = await world.resolver.query("mail.example.org", "A")

    assert reply.outcome is Outcome.FOUND


@pytest.mark.parametrize("kind", ["drop", "servfail", "refused", "lame"])
async def test_the_next_server_is_asked(make: Make, kind: str) -> None:
    """A dead or failing first one costs a moment, not the answer."""
    world = await make(Fault(kind=kind), more=1)
    reply = await world.resolver.query("mail.example.org", "A")

    assert reply.outcome is Outcome.FOUND


async def test_a_no_of_the_first_server_is_a_no(make: Make) -> None:
    """NXDOMAIN is an answer; the second server is not asked."""
    world = await make(more=1)
    await world.resolver.query("nope.example.org", "A")

    assert world.servers[1].queries == []


async def test_a_dead_server_is_asked_last_afterwards(make: Make) -> None:
    """The second question goes straight to the living one."""
    world = await make(Fault(kind="drop"), more=1)
    await world.resolver.query("example.org", "MX")
    await world.resolver.query("mail.example.org", "A")

    assert [query.name for query in world.server.queries] == ["example.org"]


async def test_a_server_that_is_not_there_is_unanswered() -> None:
    """Nothing listens at that port."""
    async with NameServer(ZONES) as server:
        port = server.port
    resolver = Resolver([("127.0.0.1", port)], timeout=0.3)
    reply = await resolver.query("example.org", "MX")

    assert reply.outcome is Outcome.UNANSWERED


async def test_without_a_server_everything_is_unanswered() -> None:
    """No configuration is no reason to fail."""
    reply = await Resolver([]).query("example.org", "MX")

    assert (reply.outcome, reply.reason) == (Outcome.UNANSWERED, "no name server is configured")


@pytest.mark.parametrize("name", ["localhost", "a b.example", "x.local", "10.0.0.1", ""])
async def test_a_hostile_name_is_never_asked(make: Make, name: str) -> None:
    """The log of the server stays empty."""
    world = await make()
    reply = await world.resolver.query(name, "A")

    assert reply.outcome is Outcome.SKIPPED
    assert world.server.queries == []


@pytest.mark.parametrize(
    ("name", "rdtype", "ttl"),
    [("example.org", "MX", 20), ("nope.example.org", "A", 30), ("nobody.test", "A", 60)],
    ids=["positive", "soa-minimum", "no-soa"],
)
async def test_a_repeat_within_the_ttl_asks_nothing(make: Make, name: str, rdtype: str, ttl: int) -> None:
    """And after it, one more time."""
    world = await make()
    await world.resolver.query(name, rdtype)
    world.clock.now += ttl - 1
    again = await world.resolver.query(name, rdtype)
    asked_within = len(world.server.queries)
    world.clock.now += 2
    await world.resolver.query(name, rdtype)

    assert (asked_within, len(world.server.queries)) == (1, 2)
    assert again.cached


async def test_a_failure_is_remembered_for_a_moment(make: Make) -> None:
    """RFC 9520: failing servers are not hammered."""
    world = await make(Fault(kind="servfail"))
    await world.resolver.query("example.org", "MX")
    await world.resolver.query("example.org", "MX")

    assert len(world.server.queries) == 1


async def test_equal_questions_in_flight_are_one(make: Make) -> None:
    """Fifty askers, one message."""
    world = await make(latency=0.05)
    replies = await asyncio.gather(*(world.resolver.query("example.org", "MX") for _ in range(50)))

    assert {reply.outcome for reply in replies} == {Outcome.FOUND}
    assert len(world.server.queries) == 1


async def test_an_impatient_asker_leaves_the_answer_to_the_others(make: Make) -> None:
    """Cancelling one does not cancel the query."""
    world = await make(latency=0.05)
    impatient = asyncio.create_task(world.resolver.query("example.org", "MX"))
    patient = asyncio.create_task(world.resolver.query("example.org", "MX"))
    await asyncio.sleep(0.01)
    impatient.cancel()

    assert (await patient).outcome is Outcome.FOUND


async def test_open_questions_are_bounded(make: Make) -> None:
    """Three hundred names at once."""
    world = await make(latency=0.02)
    world.resolver.timeout = 5
    await asyncio.gather(*(world.resolver.query(f"n{i}.example.org", "A") for i in range(300)))

    assert world.server.most_open <= 56
    assert len(world.server.queries) == 300


async def test_one_question_is_bounded_in_time(make: Make) -> None:
    """All servers and repetitions included."""
    world = await make(Fault(kind="drop"), more=2)
    for server in world.servers[1:]:
        server.faults.append(Fault(kind="drop"))
    started = time.perf_counter()
    await world.resolver.query("example.org", "MX")

    assert time.perf_counter() - started < 0.7


async def test_the_questions_of_one_diagnosis_are_bounded(make: Make) -> None:
    """The third of two is not asked."""
    world = await make()
    queries = Queries(world.resolver, 2)
    replies = [await queries.query(f"n{i}.example.org", "A") for i in range(3)]

    assert [reply.reason for reply in replies] == ["nxdomain", "nxdomain", "limit"]
    assert len(world.server.queries) == 2

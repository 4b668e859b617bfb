"""Does the doctor's look at DNS tell what can be asked from here?"""

from dataclasses import replace

import pytest

from bot.core.model import Outcome
from bot.lookups.probe import probe_dns
from bot.lookups.resolver import Resolver
from bot.playground.nameserver import Fault, NameServer
from bot.settings import Settings

from .conftest import CATALOGUE, LISTS

WORLD = LISTS + "\nexample.com. SOA ns hostmaster 1 60 60 60 30\n"


def settings(server: NameServer) -> Settings:
    return Settings(dns_servers=(("127.0.0.1", server.port),), dns_timeout_seconds=0.3)


async def test_a_healthy_world_is_all_good() -> None:
    """The resolver and each default list."""
    async with NameServer(WORLD) as server:
        probes = await probe_dns(settings(server), CATALOGUE)

    assert [probe.good for probe in probes] == [True, True, True]


async def test_a_weighty_list_that_refuses_is_a_failure_with_a_mend() -> None:
    """Say what to do about it."""
    async with NameServer(
        WORLD.replace("127.0.0.2\n$ORIGIN dbl", "127.255.255.254\n$ORIGIN dbl", 1)
    ) as server:
        probes = await probe_dns(settings(server), CATALOGUE)
    failed = [probe for probe in probes if not probe.good]

    assert len(failed) == 1
    assert "Listy" in failed[0].text
    assert "resolver of your own" in failed[0].mend


async def test_a_minor_list_that_is_silent_is_no_failure() -> None:
    """It is said all the same."""
    minor = replace(CATALOGUE, blocklists=({**CATALOGUE.blocklists[0], "weight": "low"},))
    async with NameServer(WORLD, [Fault(kind="drop", name="bl.listy.example")]) as server:
        probes = await probe_dns(settings(server), minor)

    assert all(probe.good for probe in probes)
    assert "minor list" in probes[-1].text


@pytest.mark.parametrize(
    ("zones", "faults", "words"),
    [
        (WORLD, [Fault(kind="drop")], "does not answer"),
        (LISTS, [], "knows no public names"),
    ],
    ids=["dead", "cut-off"],
)
async def test_a_resolver_that_is_of_no_use_is_the_one_failure(
    zones: str, faults: list[Fault], words: str
) -> None:
    """Twelve lines about lists would hide it."""
    async with NameServer(zones, faults) as server:
        probes = await probe_dns(settings(server), CATALOGUE)

    assert len(probes) == 1
    assert words in probes[0].text
    assert "DNS_SERVERS" in probes[0].mend


async def test_a_server_by_its_name_is_resolved_once_at_the_start() -> None:
    """By the machine's own resolver; of several addresses, the one that answers serves."""
    async with NameServer(WORLD) as server:
        resolver = Resolver.from_settings(Settings(dns_servers=(("localhost", server.port),)))
        reply = await resolver.query("example.com", "SOA")
        await resolver.close()

    assert reply.outcome is Outcome.FOUND
    assert ("127.0.0.1", server.port) in resolver.servers


async def test_a_server_whose_name_nobody_knows_is_the_one_failure() -> None:
    """With the variable and the name; everything else would fail for the same reason."""
    name = "a" * 64  # no name can have such a label, so nobody is asked
    (probe,) = await probe_dns(Settings(dns_servers=((name, 53),)), CATALOGUE)

    assert not probe.good
    assert probe.text.startswith(f"DNS_SERVERS got '{name}'")


async def test_a_cut_off_resolver_proves_no_absence() -> None:
    """It says NXDOMAIN to everything; with a canary that counts as no answer."""
    async with NameServer("") as server:
        resolver = Resolver([("127.0.0.1", server.port)], canary="example.com")
        reply = await resolver.query("good.example", "MX")
        await resolver.close()

    assert reply.reason == "cut-off"


async def test_a_connected_resolver_may_say_no() -> None:
    """The canary sings."""
    async with NameServer(WORLD) as server:
        resolver = Resolver([("127.0.0.1", server.port)], canary="example.com")
        reply = await resolver.query("good.example", "MX")
        await resolver.close()

    assert reply.reason == "nxdomain"

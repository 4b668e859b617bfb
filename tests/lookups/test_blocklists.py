"""Is a blocklist believed only as far as it can be? Self-tests, refusals, keys, silence."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.core.model import Answer, Outcome, Question
from bot.lookups.asker import Asker
from bot.playground.nameserver import Fault, NameServer

from .conftest import CATALOGUE, LISTS

World = Callable[..., Awaitable[tuple[NameServer, Asker]]]
ZONE, DOMAINS = "bl.listy.example", "dbl.listy.example"


def listing(subject: str, zone: str = ZONE) -> Question:
    return Question(check="blocklist", subject=subject, about=zone)


async def one(asker: Asker, question: Question) -> Answer:
    (answer,) = await asker.ask([question])
    return answer


@pytest.mark.parametrize(
    ("records", "outcome", "reason"),
    [
        ("9.113.0.203 A 127.0.0.2", Outcome.FOUND, "listed"),
        ("9.113.0.203 A 127.0.0.11", Outcome.FOUND, "policy"),
        ("", Outcome.ABSENT, "nxdomain"),
        ("9.113.0.203 TXT hello", Outcome.ABSENT, "nodata"),
        ("9.113.0.203 A 127.0.0.5", Outcome.ABSENT, "not-a-listing"),
        ("9.113.0.203 A 127.0.0.99", Outcome.UNANSWERED, "unknown-code"),
        ("9.113.0.203 A 127.0.0.250", Outcome.UNANSWERED, "refused-by-list"),
        ("9.113.0.203 A 127.255.255.254", Outcome.UNANSWERED, "refused-by-list"),
        ("9.113.0.203 A 203.0.113.66", Outcome.UNANSWERED, "foreign-answer"),
    ],
)
async def test_codes_are_read_by_meaning(world: World, records: str, outcome: Outcome, reason: str) -> None:
    """ "It resolved" is never enough."""
    _, asker = await world(f"{LISTS}\n$ORIGIN {ZONE}.\n{records}")
    answer = await one(asker, listing("203.0.113.9"))

    assert (answer.outcome, answer.reason) == (outcome, reason)


async def test_the_reason_of_the_list_is_shown_on_one_line(world: World) -> None:
    """Its TXT is text of others: shortened, without control characters."""
    text = "first\\009line\\010" + "x" * 200
    _, asker = await world(f'{LISTS}\n9.113.0.203.{ZONE}. A 127.0.0.2\n9.113.0.203.{ZONE}. TXT "{text}"')
    answer = await one(asker, listing("203.0.113.9"))

    assert "“first line xxx" in answer.detail
    assert answer.detail.isprintable()
    assert len(answer.detail) < 260


@pytest.mark.parametrize(
    ("zones", "faults", "words"),
    [
        pytest.param(f"*.{ZONE}. A 127.0.0.2", (), "calls everything listed", id="wildcard"),
        pytest.param(f"*.{ZONE}. A 203.0.113.66", (), "which no blocklist does", id="parked"),
        pytest.param(f"2.0.0.127.{ZONE}. A 127.255.255.254", (), "refuses to answer here", id="refused"),
        pytest.param(LISTS, (Fault(kind="drop", name=ZONE),), "no answer in time", id="black-hole"),
        pytest.param(LISTS, (Fault(kind="servfail", name=ZONE),), "SERVFAIL", id="servfail"),
        pytest.param(LISTS, (Fault(kind="refused", name=ZONE),), "REFUSED", id="refused-rcode"),
    ],
)
async def test_a_list_that_fails_its_self_test_says_nothing(
    world: World, zones: str, faults: tuple[Fault, ...], words: str
) -> None:
    """Neither listed nor clean, and nobody's address is asked."""
    server, asker = await world(zones, *faults)
    answer = await one(asker, listing("203.0.113.9"))

    assert answer.outcome is Outcome.UNANSWERED
    assert words in answer.detail
    assert not any(query.name.startswith("9.113.0.203") for query in server.queries)


async def test_a_list_without_its_test_entry_clears_nobody(world: World) -> None:
    """Some refusals look like an empty list: "not listed" would be a false "clean"."""
    _, asker = await world("")
    answer = await one(asker, listing("203.0.113.9"))

    assert answer.outcome is Outcome.UNANSWERED
    assert "does not know its own test entry" in answer.detail


async def test_a_list_without_its_test_entry_may_list_somebody(world: World) -> None:
    """A known code is no refusal, and the list does not call everything listed."""
    _, asker = await world(f"9.113.0.203.{ZONE}. A 127.0.0.2")
    answer = await one(asker, listing("203.0.113.9"))

    assert (answer.outcome, answer.reason) == (Outcome.FOUND, "listed")


@pytest.mark.parametrize("point", ["own-test.example", "test"])
async def test_a_lists_own_test_entry_or_that_of_the_rfc_will_do(world: World, point: str) -> None:
    """Lists differ in which they keep."""
    entry = {**CATALOGUE.blocklists[1], "test": {"listed": "own-test.example", "unlisted": "invalid"}}
    _, asker = await world(
        f"{point}.{DOMAINS}. A 127.0.0.2", catalogue=replace(CATALOGUE, blocklists=(entry,))
    )
    answer = await one(asker, listing("good.example", DOMAINS))

    assert answer.outcome is Outcome.ABSENT


async def test_the_self_test_is_made_once(world: World) -> None:
    """Two entries of RFC 5782 for all subjects."""
    server, asker = await world(LISTS)
    await asker.ask([listing(f"203.0.113.{n}") for n in range(1, 20)])
    await asker.ask([listing("203.0.113.77")])

    assert [query.name for query in server.queries].count(f"2.0.0.127.{ZONE}") == 1


async def test_a_black_holed_list_is_asked_once_for_all(world: World) -> None:
    """Twenty subjects do not wait twenty times."""
    server, asker = await world(LISTS, Fault(kind="drop", name=ZONE), timeout=0.2)
    answers = await asker.ask([listing(f"203.0.113.{n}") for n in range(1, 20)])

    assert {answer.outcome for answer in answers} == {Outcome.UNANSWERED}
    assert len(server.queries) == 4  # the two test entries, each repeated once


@pytest.mark.parametrize(
    ("subject", "zone", "words"),
    [
        ("10.0.0.1", ZONE, "private or reserved"),
        ("127.0.0.2", ZONE, "private or reserved"),
        ("example.org", ZONE, "holds addresses only"),
        ("203.0.113.9", DOMAINS, "holds domains only"),
        ("localhost", DOMAINS, "single-label"),
        ("203.0.113.9", "dead.example", "must not be asked"),
        ("203.0.113.9", "bl.nobody.example", "not known here"),
    ],
)
async def test_what_must_not_be_asked_is_not(world: World, subject: str, zone: str, words: str) -> None:
    """The server sees no question at all."""
    server, asker = await world(LISTS)
    answer = await one(asker, listing(subject, zone))

    assert answer.outcome is Outcome.SKIPPED
    assert words in answer.detail
    assert server.queries == []


async def test_an_ipv6_address_is_asked_by_nibbles(world: World) -> None:
    """RFC 5782 section 2.4."""
    name = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
    _, asker = await world(f"{LISTS}\n{name}.{ZONE}. A 127.0.0.2")
    answer = await one(asker, listing("2001:db8::1"))

    assert answer.outcome is Outcome.FOUND


async def test_only_the_registrable_domain_goes_to_a_list_that_holds_those(world: World) -> None:
    """A host name would be missed there."""
    _, asker = await world(f"{LISTS}\nbad.example.{DOMAINS}. A 127.0.0.2")
    answer = await one(asker, listing("www.shop.bad.example", DOMAINS))

    assert answer.outcome is Outcome.FOUND


async def test_bits_mark_a_refusal_whatever_else_is_set(world: World) -> None:
    """127.0.0.3 is refused and black: refused."""
    _, asker = await world(f"{LISTS}\nbad.example.{DOMAINS}. A 127.0.0.3")
    answer = await one(asker, listing("bad.example", DOMAINS))

    assert (answer.outcome, answer.reason) == (Outcome.UNANSWERED, "refused-by-list")


async def test_the_key_is_used_and_never_shown(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the detail, nor in what the list echoes, nor in the log."""
    zones = f'{LISTS}\nbad.example.sesame.dbl.keyed.example. A 127.0.0.2\nbad.example.sesame.dbl.keyed.example. TXT "see sesame"'
    server, asker = await world(zones, dqs_key="sesame")
    with caplog.at_level(logging.DEBUG):
        answer = await one(asker, listing("bad.example", DOMAINS))

    assert answer.outcome is Outcome.FOUND
    assert any("sesame" in query.name for query in server.queries)
    assert "sesame" not in repr(answer) + caplog.text

"""Is the name server of the tests itself right? Asked by hand-made messages, over UDP and TCP."""

from collections.abc import AsyncIterator

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import pytest

from bot.playground.nameserver import KINDS, Fault, NameServer, Query

ZONES = f"""
$ORIGIN example.org.
@ 300 SOA ns hostmaster 1 60 60 60 30
@ MX 10 mail
mail A 203.0.113.5
www CNAME mail
one CNAME two
two CNAME one
*.wild A 127.0.0.2
a.b.deep A 203.0.113.6
big TXT {" ".join(['"' + "x" * 250 + '"'] * 12)}
"""


@pytest.fixture
async def server() -> AsyncIterator[NameServer]:
    async with NameServer(ZONES) as running:
        yield running


async def ask(server: NameServer, name: str, rdtype: str, *, timeout: float = 1.0) -> dns.message.Message:  # noqa: ASYNC109 - dnspython's own
    query = dns.message.make_query(name, rdtype, use_edns=0, payload=1232)
    answer, _ = await dns.asyncquery.udp_with_fallback(query, "127.0.0.1", timeout, server.port)
    return answer


async def test_a_record_is_found(server: NameServer) -> None:
    """And authoritative."""
    answer = await ask(server, "example.org", "MX")

    assert answer.answer[0].to_text() == "example.org. 60 IN MX 10 mail.example.org."
    assert answer.flags & dns.flags.AA


@pytest.mark.parametrize(
    ("name", "rcode"),
    [
        ("nope.example.org", dns.rcode.NXDOMAIN),
        ("mail.example.org", dns.rcode.NOERROR),
        ("deep.example.org", dns.rcode.NOERROR),
        ("b.deep.example.org", dns.rcode.NOERROR),
        ("nobody.test", dns.rcode.NXDOMAIN),
    ],
    ids=["absent", "other-type", "empty-non-terminal", "empty-below", "no-zone"],
)
async def test_a_no_is_nxdomain_or_nodata(server: NameServer, name: str, rcode: int) -> None:
    """A name with something below it exists (RFC 8020)."""
    answer = await ask(server, name, "MX")

    assert answer.rcode() == rcode
    assert not answer.answer


async def test_a_no_carries_the_soa_of_its_zone(server: NameServer) -> None:
    """Its minimum is the negative TTL."""
    answer = await ask(server, "nope.example.org", "A")

    assert answer.authority[0][0].minimum == 30


async def test_an_alias_is_followed(server: NameServer) -> None:
    """CNAME and target come in one answer."""
    answer = await ask(server, "www.example.org", "A")

    assert [rrset.name.to_text() for rrset in answer.answer] == ["www.example.org.", "mail.example.org."]


async def test_a_circle_of_aliases_ends(server: NameServer) -> None:
    """The asker has to notice it."""
    answer = await ask(server, "one.example.org", "A")

    assert answer.answer


async def test_a_wildcard_answers_for_names_below_it(server: NameServer) -> None:
    """Under the name that was asked."""
    answer = await ask(server, "some.thing.wild.example.org", "A")

    assert answer.answer[0].to_text() == "some.thing.wild.example.org. 60 IN A 127.0.0.2"


async def test_a_large_answer_comes_by_tcp(server: NameServer) -> None:
    """UDP says that it was cut."""
    await ask(server, "big.example.org", "TXT")

    assert [query.transport for query in server.queries] == ["udp", "tcp"]


async def test_what_was_asked_is_in_the_log(server: NameServer) -> None:
    """Lower case, without the last dot."""
    await ask(server, "MAIL.example.ORG", "AAAA")

    assert server.queries == [Query(name="mail.example.org", rdtype="AAAA", transport="udp")]


@pytest.mark.parametrize(
    ("kind", "rcode"),
    [
        ("servfail", dns.rcode.SERVFAIL),
        ("refused", dns.rcode.REFUSED),
        ("formerr", dns.rcode.FORMERR),
        ("nxdomain", dns.rcode.NXDOMAIN),
    ],
)
async def test_a_fault_gives_its_code(server: NameServer, kind: str, rcode: int) -> None:
    """Records or not."""
    server.faults.append(Fault(kind=kind, name="example.org"))
    answer = await ask(server, "mail.example.org", "A")

    assert answer.rcode() == rcode


async def test_a_fault_strikes_as_often_as_it_says(server: NameServer) -> None:
    """Only the first question, here."""
    server.faults.append(Fault(kind="refused", times=1))
    codes = [(await ask(server, "mail.example.org", "A")).rcode() for _ in range(2)]

    assert codes == [dns.rcode.REFUSED, dns.rcode.NOERROR]


async def test_a_fault_strikes_its_name_and_type_alone(server: NameServer) -> None:
    """``below=False`` leaves the names under it."""
    server.faults.append(Fault(kind="refused", name="example.org", rdtype="MX", below=False))
    codes = [(await ask(server, name, "MX")).rcode() for name in ("example.org", "mail.example.org")]

    assert codes == [dns.rcode.REFUSED, dns.rcode.NOERROR]


async def test_a_dropped_question_gets_silence(server: NameServer) -> None:
    """Nothing comes back at all."""
    server.faults.append(Fault(kind="drop"))

    with pytest.raises(dns.exception.Timeout):
        await ask(server, "example.org", "MX", timeout=0.1)


@pytest.mark.parametrize("kind", ["wrong-id", "garbage"])
async def test_a_damaged_answer_is_no_answer(server: NameServer, kind: str) -> None:
    """dnspython refuses it."""
    server.faults.append(Fault(kind=kind))

    with pytest.raises((dns.exception.DNSException, dns.query.BadResponse)):
        await ask(server, "example.org", "MX", timeout=0.2)


def test_an_unknown_fault_is_an_error() -> None:
    """With the words that are known."""
    with pytest.raises(ValueError, match="unknown fault 'flood'"):
        Fault(kind="flood")


def test_bad_zone_text_is_an_error() -> None:
    """It names the line."""
    with pytest.raises(ValueError, match="zone:2"):
        NameServer("example.org. A 192.0.2.1\nexample.org. A not-an-address")


def test_the_kinds_of_faults_are_told_apart() -> None:
    """No word twice."""
    assert len(set(KINDS)) == len(KINDS)

"""What does each check make of the DNS? Against a real name server."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.model import Answer, Outcome
from bot.lookups.dkim import read_key
from bot.lookups.dmarc import is_record, policy_in_force, read_tags
from bot.lookups.names import public_address
from bot.lookups.ptr import is_generic
from bot.lookups.tls import has_reports, sts_fault
from bot.playground.nameserver import Fault

Ask = Callable[..., Awaitable[Answer]]

MX_ZONES = """
$ORIGIN good.example.
@ MX 20 mx2
@ MX 10 mx1
mx1 A 203.0.113.1
mx2 AAAA 2001:db8::2
old A 203.0.113.77
twin A 203.0.113.1
$ORIGIN shop.example.
@ A 203.0.113.80
$ORIGIN bare.example.
@ TXT "nothing else"
$ORIGIN null.example.
@ MX 0 .
$ORIGIN lost.example.
@ MX 10 gone.lost.example.
$ORIGIN inner.example.
@ MX 10 mx
mx A 192.168.1.1
$ORIGIN alias.example.
@ MX 10 mx
mx CNAME mx1.good.example.
$ORIGIN hosted.example.
@ MX 10 a.mx.bigmail.example.
a.mx.bigmail.example. A 203.0.113.30
b.mx.bigmail.example. A 203.0.113.31
$ORIGIN local.example.
@ MX 10 localhost.
"""


@pytest.mark.parametrize(
    ("domain", "outcome", "reason", "values"),
    [
        ("good.example", Outcome.FOUND, None, ("mx1.good.example", "mx2.good.example")),
        ("shop.example", Outcome.FOUND, "implicit-mx", ("shop.example",)),
        ("bare.example", Outcome.ABSENT, "nodata", ()),
        ("nope.example", Outcome.ABSENT, "nxdomain", ()),
        ("null.example", Outcome.ABSENT, "null-mx", ()),
        ("lost.example", Outcome.FOUND, "no-address", ("gone.lost.example",)),
        ("local.example", Outcome.FOUND, "no-address", ("localhost",)),
        ("inner.example", Outcome.FOUND, "private-address", ("mx.inner.example",)),
        ("alias.example", Outcome.FOUND, "cname", ("mx.alias.example",)),
        ("localhost", Outcome.SKIPPED, "a single-label name, not a public one", ()),
    ],
)
async def test_mx(ask: Ask, domain: str, outcome: Outcome, reason: str, values: tuple[str, ...]) -> None:
    """Every way in which a domain takes mail, or does not."""
    answer = await ask(MX_ZONES, "mx", domain)

    assert (answer.outcome, answer.reason, answer.values) == (outcome, reason, values)


@pytest.mark.parametrize(
    ("fault", "domain"),
    [
        pytest.param(Fault(kind="servfail", rdtype="MX"), "good.example", id="mx"),
        pytest.param(Fault(kind="drop", rdtype="A"), "shop.example", id="address"),
    ],
)
async def test_mx_without_answer_is_unanswered(ask: Ask, fault: Fault, domain: str) -> None:
    """Neither found nor absent."""
    answer = await ask(MX_ZONES, "mx", domain, faults=(fault,))

    assert answer.outcome is Outcome.UNANSWERED
    assert "could not check" in answer.detail


async def test_mx_stands_when_addresses_are_silent(ask: Ask) -> None:
    """The mail hosts are known; nothing is claimed about their addresses."""
    answer = await ask(MX_ZONES, "mx", "lost.example", faults=(Fault(kind="drop", name="gone.lost.example"),))

    assert (answer.outcome, answer.reason) == (Outcome.FOUND, None)


@pytest.mark.parametrize(
    ("host", "domain", "outcome", "reason"),
    [
        ("mx1.good.example", "good.example", Outcome.FOUND, "name"),
        ("twin.good.example", "good.example", Outcome.FOUND, "address"),
        ("203.0.113.1", "good.example", Outcome.FOUND, "address"),
        ("b.mx.bigmail.example", "hosted.example", Outcome.FOUND, "provider"),
        ("old.good.example", "good.example", Outcome.FOUND, "organization"),
        ("old.good.example", "hosted.example", Outcome.ABSENT, "other-hosts"),
        ("203.0.113.99", "good.example", Outcome.ABSENT, "other-hosts"),
        ("old.good.example", "null.example", Outcome.ABSENT, "null-mx"),
        ("old.good.example", "nope.example", Outcome.ABSENT, "nxdomain"),
        ("shop.example", "shop.example", Outcome.FOUND, "name"),
        ("mailsrv", "good.example", Outcome.SKIPPED, "a single-label name, not a public one"),
        ("192.168.1.1", "good.example", Outcome.SKIPPED, "a private or reserved address"),
    ],
)
async def test_mx_host(ask: Ask, host: str, domain: str, outcome: Outcome, reason: str) -> None:
    """By name, by address, by provider, by organisation, or not at all."""
    answer = await ask(MX_ZONES, "mx-host", host, domain)

    assert (answer.outcome, answer.reason) == (outcome, reason)


@pytest.mark.parametrize("name", ["old.good.example", "a.mx.bigmail.example"])
async def test_mx_host_without_all_addresses_is_no_no(ask: Ask, name: str) -> None:
    """The address that could not be asked for may be the shared one."""
    answer = await ask(
        MX_ZONES, "mx-host", "old.good.example", "hosted.example", faults=(Fault(kind="drop", name=name),)
    )

    assert answer.outcome is Outcome.UNANSWERED


PTR_ZONES = """
9.113.0.203.in-addr.arpa. PTR mail.good.example.
mail.good.example. A 203.0.113.9
10.113.0.203.in-addr.arpa. PTR h-203-0-113-10.isp.example.
h-203-0-113-10.isp.example. A 203.0.113.10
11.113.0.203.in-addr.arpa. PTR other.good.example.
other.good.example. A 203.0.113.99
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR six.good.example.
six.good.example. AAAA 2001:db8::1
12.113.0.203.in-addr.arpa. PTR <.good.example.
"""


@pytest.mark.parametrize(
    ("address", "outcome", "reason"),
    [
        ("203.0.113.9", Outcome.FOUND, None),
        ("203.0.113.10", Outcome.FOUND, "generic"),
        ("203.0.113.11", Outcome.FOUND, "unconfirmed"),
        ("203.0.113.12", Outcome.FOUND, "unconfirmed"),
        ("203.0.113.13", Outcome.ABSENT, "nxdomain"),
        ("2001:db8::1", Outcome.FOUND, None),
        ("10.0.0.1", Outcome.SKIPPED, "a private or reserved address"),
    ],
)
async def test_ptr(ask: Ask, address: str, outcome: Outcome, reason: str | None) -> None:
    """Confirmed, generic, unconfirmed, missing, private."""
    answer = await ask(PTR_ZONES, "ptr", address)

    assert (answer.outcome, answer.reason) == (outcome, reason)


async def test_ptr_is_unanswered_when_the_way_back_is_silent(ask: Ask) -> None:
    """It may be confirmed."""
    answer = await ask(
        PTR_ZONES, "ptr", "203.0.113.9", faults=(Fault(kind="drop", name="mail.good.example"),)
    )

    assert answer.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("name", "address", "generic"),
    [
        ("203-0-113-9.isp.example", "203.0.113.9", True),
        ("9.113.0.203.isp.example", "203.0.113.9", True),
        ("ip203.0.113.9.isp.example", "203.0.113.9", True),
        ("cb007109.isp.example", "203.0.113.9", True),
        ("203000113009.isp.example", "203.0.113.9", True),
        ("p5.dynamic.isp.example", "203.0.113.9", True),
        ("dsl12.isp.example", "203.0.113.9", True),
        ("static-203-0-113-9.isp.example", "203.0.113.9", True),
        ("mail.good.example", "203.0.113.9", False),
        ("mx9.good.example", "203.0.113.9", False),
        ("mail113.good.example", "203.0.113.9", False),
        ("poolside.example", "203.0.113.9", False),
    ],
)
def test_a_generic_name_is_made_from_the_address(name: str, address: str, generic: bool) -> None:
    """In whatever order and form; or it says that it is dynamic."""
    assert is_generic(name, public_address(address)) is generic


SPF_ZONES = """
$ORIGIN good.example.
@ TXT "v=spf1 ip4:203.0.113.0/28 include:_spf.big.example -all"
@ TXT "another=text"
$ORIGIN big.example.
_spf TXT "v=spf1 a:out.big.example ?all"
out A 192.0.2.7
$ORIGIN twice.example.
@ TXT "v=spf1 -all"
@ TXT "v=spf1 +all"
$ORIGIN many.example.
@ TXT "v=spf1 include:l1.many.example include:l2.many.example ~all"
l1 TXT "v=spf1 a:a.many.example a:b.many.example a:c.many.example a:d.many.example a:e.many.example ?all"
l2 TXT "v=spf1 a:a.many.example a:b.many.example a:c.many.example a:d.many.example a:e.many.example ?all"
a A 192.0.2.1
b A 192.0.2.2
c A 192.0.2.3
d A 192.0.2.4
e A 192.0.2.5
$ORIGIN open.example.
@ TXT "v=spf1 +all"
$ORIGIN none.example.
@ TXT "v=spf10 -all"
"""


@pytest.mark.parametrize(
    ("domain", "ip", "outcome", "reason"),
    [
        ("good.example", "203.0.113.9", Outcome.FOUND, "pass"),
        ("good.example", "192.0.2.7", Outcome.FOUND, "pass"),
        ("good.example", "198.51.100.1", Outcome.FOUND, "fail"),
        ("good.example", None, Outcome.FOUND, "published"),
        ("open.example", None, Outcome.FOUND, "open"),
        ("twice.example", "192.0.2.7", Outcome.FOUND, "permerror"),
        ("many.example", "198.51.100.1", Outcome.FOUND, "permerror"),
        ("none.example", "192.0.2.7", Outcome.ABSENT, "none"),
        ("nope.example", "192.0.2.7", Outcome.ABSENT, "none"),
        ("good.example", "10.0.0.1", Outcome.SKIPPED, "a private or reserved address"),
    ],
)
async def test_spf(ask: Ask, domain: str, ip: str | None, outcome: Outcome, reason: str) -> None:
    """The result that a receiver gets."""
    answer = await ask(SPF_ZONES, "spf", domain, ip)

    assert (answer.outcome, answer.reason) == (outcome, reason)


NESTED = """
a.example. TXT "v=spf1 mx include:_spf.b.example -all"
_spf.b.example. TXT "v=spf1 include:n1.b.example include:n2.b.example ~all"
n1.b.example. TXT "v=spf1 ip4:203.0.113.1 ?all"
n2.b.example. TXT "v=spf1 ip4:203.0.113.2 redirect=n3.b.example"
n3.b.example. TXT "v=spf1 ip4:203.0.113.3 -all"
r.example. TXT "v=spf1 redirect=n1.b.example"
loop.example. TXT "v=spf1 include:loop.example -all"
"""


@pytest.mark.parametrize(
    ("domain", "ip", "path"),
    [
        ("a.example", "203.0.113.3", "include:_spf.b.example > include:n2.b.example > redirect=n3.b.example > ip4:203.0.113.3"),
        ("a.example", "203.0.113.1", "include:_spf.b.example > include:n1.b.example > ip4:203.0.113.1"),
        ("r.example", "203.0.113.1", "redirect=n1.b.example > ip4:203.0.113.1"),
        ("a.example", "198.51.100.1", None),
        ("n1.b.example", "203.0.113.1", None),
    ],
)  # fmt: skip
async def test_spf_shows_the_way_to_the_term_that_decided(
    ask: Ask, domain: str, ip: str, path: str | None
) -> None:
    """Through includes and redirects; a term of the record itself has no way."""
    answer = await ask(NESTED, "spf", domain, ip)
    paths = [value.removeprefix("path=") for value in answer.values if value.startswith("path=")]

    assert paths == ([path] if path else [])
    assert path is None or f"by {path} in" in answer.detail


@pytest.mark.parametrize(
    ("domain", "ip", "chain"),
    [
        ("a.example", "198.51.100.1", "_spf.b.example (n1.b.example, n2.b.example (n3.b.example))"),
        ("a.example", None, "_spf.b.example (n1.b.example, n2.b.example (n3.b.example))"),
        ("n1.b.example", None, None),
    ],
)
async def test_spf_shows_the_chain_of_includes(
    ask: Ask, domain: str, ip: str | None, chain: str | None
) -> None:
    """Which record brings which."""
    answer = await ask(NESTED, "spf", domain, ip)

    assert (f"chain={chain}" in answer.values) is (chain is not None)


async def test_spf_that_includes_itself_ends(ask: Ask) -> None:
    """Its chain is cut, and the record is broken."""
    answer = await ask(NESTED, "spf", "loop.example", "203.0.113.1")

    assert answer.reason == "permerror"
    assert all(len(value) <= 500 for value in answer.values)


async def test_spf_over_the_limit_says_what_each_include_costs(ask: Ask) -> None:
    """Twelve look-ups, six behind each include."""
    answer = await ask(SPF_ZONES, "spf", "many.example", "198.51.100.1")

    assert {"lookups=12", "cost=include:l1.many.example:6", "cost=include:l2.many.example:6"} <= set(
        answer.values
    )


async def test_spf_with_a_silent_include_is_unanswered(ask: Ask) -> None:
    """A temporary error is no result."""
    answer = await ask(
        SPF_ZONES,
        "spf",
        "good.example",
        "198.51.100.1",
        faults=(Fault(kind="drop", name="_spf.big.example"),),
    )

    assert answer.outcome is Outcome.UNANSWERED


DMARC_ZONES = """
_dmarc.good.example. TXT "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@good.example"
_dmarc.test.good.example. TXT "v=DMARC1; p=reject; t=y"
_dmarc.two.example. TXT "v=DMARC1; p=none"
_dmarc.two.example. TXT "v=DMARC1; p=reject"
_dmarc.odd.example. TXT "v=DMARC1; p=perhaps"
_dmarc.report.example. TXT "v=DMARC1; rua=mailto:d@report.example"
_dmarc.city.example. TXT "v=DMARC1; p=reject; psd=y"
_dmarc.else.example. TXT "v=spf1 -all"
"""


@pytest.mark.parametrize(
    ("domain", "outcome", "reason", "organization"),
    [
        ("good.example", Outcome.FOUND, "reject", "good.example"),
        ("news.good.example", Outcome.FOUND, "quarantine", "good.example"),
        ("a.b.c.d.e.f.g.h.i.good.example", Outcome.FOUND, "quarantine", "good.example"),
        ("test.good.example", Outcome.FOUND, "quarantine", "good.example"),
        ("odd.example", Outcome.FOUND, "broken", "odd.example"),
        ("report.example", Outcome.FOUND, "none", "report.example"),
        ("shop.city.example", Outcome.FOUND, "reject", "shop.city.example"),
        ("two.example", Outcome.ABSENT, "several", None),
        ("else.example", Outcome.ABSENT, "nodata", None),
        ("nope.example", Outcome.ABSENT, "nodata", None),
    ],
)
async def test_dmarc(ask: Ask, domain: str, outcome: Outcome, reason: str, organization: str | None) -> None:
    """Policy and organisational domain by the tree walk of RFC 9989."""
    answer = await ask(DMARC_ZONES, "dmarc", domain)

    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert organization is None or f"organization={organization}" in answer.values


async def test_dmarc_with_a_silent_parent_is_unanswered(ask: Ask) -> None:
    """The parent may have the policy."""
    answer = await ask(
        DMARC_ZONES,
        "dmarc",
        "news.good.example",
        faults=(Fault(kind="servfail", name="_dmarc.good.example"),),
    )

    assert answer.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("v=DMARC1; p=none", True),
        ("v = DMARC1 ;p=none", True),
        ("v=DMARC1", True),
        ("v=DMARC10; p=none", False),
        ("v=dmarc1; p=none", False),
        ("p=none; v=DMARC1", False),
        ("", False),
    ],
)
def test_a_dmarc_record_begins_with_its_version(text: str, yes: bool) -> None:
    """RFC 9989 section 4.7: ``v`` comes first, its value case-sensitive."""
    assert is_record(text) is yes


def test_policies_of_subdomains_fall_back_to_the_domains() -> None:
    """``sp`` where it is given, else ``p``."""
    assert policy_in_force(read_tags("v=DMARC1; p=REJECT"), own=False) == "reject"


DKIM_ZONES = """
$ORIGIN good.example.
@ MX 10 mx.bigmail.example.
mx.bigmail.example. A 203.0.113.1
big1._domainkey TXT "v=DKIM1; k=rsa; p=MIGf" "MA0G"
gone._domainkey TXT "v=DKIM1; p="
text._domainkey TXT "hello"
"""


@pytest.mark.parametrize(
    ("selector", "outcome", "reason", "values"),
    [
        (None, Outcome.FOUND, None, ("big1",)),
        ("big1", Outcome.FOUND, None, ("big1",)),
        ("gone", Outcome.FOUND, "revoked", ("gone",)),
        ("nope", Outcome.ABSENT, "nxdomain", ()),
        ("text", Outcome.ABSENT, "no-key", ()),
    ],
)
async def test_dkim(
    ask: Ask, selector: str | None, outcome: Outcome, reason: str | None, values: tuple[str, ...]
) -> None:
    """Named selectors, and those of the provider behind the MX."""
    answer = await ask(DKIM_ZONES, "dkim", "good.example", selector)

    assert (answer.outcome, answer.reason, answer.values) == (outcome, reason, values)


async def test_dkim_without_a_named_selector_is_never_absent(ask: Ask) -> None:
    """Selectors cannot be listed."""
    answer = await ask("", "dkim", "nope.example")

    assert answer.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("text", "key"), [("p=abc", True), ("v=DKIM1; p=a b", True), ("v=DKIM2; p=a", False), ("k=rsa", False)]
)
def test_a_dkim_key_has_a_p(text: str, key: bool) -> None:
    """RFC 6376 section 3.6.1."""
    assert (read_key(text) is not None) is key


TLS_ZONES = """
$ORIGIN good.example.
@ MX 10 mx
mx A 203.0.113.1
_mta-sts TXT "v=STSv1; id=1"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@good.example"
_25._tcp.mx TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
$ORIGIN plain.example.
@ MX 10 mx
mx A 203.0.113.2
_mta-sts TXT "unrelated"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@plain.example"
$ORIGIN twice.example.
_mta-sts TXT "v=STSv1; id=1"
_mta-sts TXT "v=STSv1; id=2"
$ORIGIN alias.example.
_mta-sts CNAME _mta-sts.good.example.
"""


@pytest.mark.parametrize(
    ("domain", "outcome", "values"),
    [
        ("good.example", Outcome.FOUND, ("mta-sts", "dane", "tlsrpt")),
        ("alias.example", Outcome.FOUND, ("mta-sts",)),
        ("plain.example", Outcome.ABSENT, ("tlsrpt",)),
        ("twice.example", Outcome.ABSENT, ()),
        ("nope.example", Outcome.ABSENT, ()),
    ],
)
async def test_mta_sts(ask: Ask, domain: str, outcome: Outcome, values: tuple[str, ...]) -> None:
    """What DNS announces."""
    answer = await ask(TLS_ZONES, "mta-sts", domain)

    assert (answer.outcome, answer.values) == (outcome, values)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (("v=STSv1; id=20260101T000000;",), ""),
        (("v=STSv1;id=a", "other text"), ""),
        (("v=STSv1; id=1", "v=STSv1; id=1"), "there are 2 of them"),
        (("v=STSv1; id=",), "it has no id"),
        (("v=STSv1;",), "it has no id"),
        (("v=STSv1; id=a-b",), "its id is not 1 to 32 letters and digits"),
        (("v=STSv1; id=" + "a" * 33,), "its id is not 1 to 32 letters and digits"),
        (("v=STSv1",), None),
        (("v=STSv10; id=1",), None),
        (("v=stsv1; id=1",), None),
        (("id=1; v=STSv1",), None),
        (("\x00" * 1000, ";" * 1000), None),
        ((), None),
    ],
)
def test_an_mta_sts_record_counts_alone_and_with_an_id(texts: tuple[str, ...], fault: str | None) -> None:
    """RFC 8461 section 3.1: any other one is none."""
    assert sts_fault(texts) == fault


@pytest.mark.parametrize(
    ("texts", "yes"),
    [
        (("v=TLSRPTv1; rua=https://r.example/x",), True),
        (("v=TLSRPTv1;rua=mailto:a@b.example",), True),
        (("v=TLSRPTv1; rua=",), False),
        (("v=TLSRPTv1",), False),
        (("v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1; rua=mailto:c@b.example"), False),
    ],
)
def test_a_tls_rpt_record_names_where_reports_go(texts: tuple[str, ...], yes: bool) -> None:
    """RFC 8460 section 3."""
    assert has_reports(texts) is yes


async def test_mta_sts_without_answer_is_unanswered(ask: Ask) -> None:
    """It may be announced."""
    answer = await ask(
        TLS_ZONES, "mta-sts", "plain.example", faults=(Fault(kind="drop", name="_mta-sts.plain.example"),)
    )

    assert answer.outcome is Outcome.UNANSWERED


HELO_ZONES = """
mx.good.example. A 203.0.113.9
mx.good.example. AAAA 2001:db8::9
empty.good.example. TXT "no address"
"""


@pytest.mark.parametrize(
    ("name", "ip", "outcome", "reason"),
    [
        ("mx.good.example", "203.0.113.9", Outcome.FOUND, None),
        ("mx.good.example", "2001:db8:0::9", Outcome.FOUND, None),
        ("mx.good.example", None, Outcome.FOUND, None),
        ("mx.good.example", "203.0.113.10", Outcome.FOUND, "other-address"),
        ("empty.good.example", "203.0.113.9", Outcome.ABSENT, "no-address"),
        ("nope.good.example", "203.0.113.9", Outcome.ABSENT, "no-address"),
        ("localhost", "203.0.113.9", Outcome.SKIPPED, "a single-label name, not a public one"),
    ],
)
async def test_helo(ask: Ask, name: str, ip: str | None, outcome: Outcome, reason: str | None) -> None:
    """A name that leads to the server, elsewhere, or nowhere."""
    answer = await ask(HELO_ZONES, "helo", name, ip)

    assert (answer.outcome, answer.reason) == (outcome, reason)


async def test_helo_without_answer_is_unanswered(ask: Ask) -> None:
    """It may lead to the server."""
    answer = await ask(
        HELO_ZONES, "helo", "mx.good.example", "203.0.113.10", faults=(Fault(kind="drop", rdtype="AAAA"),)
    )

    assert answer.outcome is Outcome.UNANSWERED


ALIGNMENT_ZONES = """
$ORIGIN author.example.
_dmarc TXT "v=DMARC1; p=reject"
$ORIGIN strict.example.
_dmarc TXT "v=DMARC1; p=reject; aspf=s; adkim=r"
$ORIGIN mailer.example.
_dmarc TXT "v=DMARC1; p=none"
$ORIGIN host.example.
_dmarc TXT "v=DMARC1; p=none; psd=y"
_dmarc.shop.host.example. TXT "v=DMARC1; p=reject"
$ORIGIN lone.example.
_dmarc.team.lone.example. TXT "v=DMARC1; p=reject; psd=n"
"""


@pytest.mark.parametrize(
    ("author", "about", "outcome", "reason"),
    [
        ("author.example", "spf:author.example", Outcome.FOUND, "identical"),
        ("author.example", "dkim:news.author.example", Outcome.FOUND, "organization"),
        ("news.author.example", "dkim:author.example", Outcome.FOUND, "organization"),
        ("author.example", "spf:bounce.mailer.example", Outcome.ABSENT, "other-organization"),
        ("author.example", "spf:notauthor.example", Outcome.ABSENT, "other-organization"),
        ("strict.example", "spf:strict.example", Outcome.FOUND, "identical"),
        ("strict.example", "spf:b.strict.example", Outcome.ABSENT, "strict"),
        ("strict.example", "dkim:b.strict.example", Outcome.FOUND, "organization"),
        ("strict.example", "spf:mailer.example", Outcome.ABSENT, "other-organization"),
        ("shop.host.example", "spf:cafe.host.example", Outcome.ABSENT, "other-organization"),
        ("shop.host.example", "spf:a.shop.host.example", Outcome.FOUND, "organization"),
        ("team.lone.example", "spf:lone.example", Outcome.ABSENT, "other-organization"),
        ("nope.example", "spf:nope.example", Outcome.SKIPPED, "nope.example has no DMARC record"),
        ("author.example", "spf:localhost", Outcome.SKIPPED, "a single-label name, not a public one"),
        ("author.example", "arc:author.example", Outcome.SKIPPED, "no such mechanism"),
    ],
)
async def test_alignment(ask: Ask, author: str, about: str, outcome: Outcome, reason: str) -> None:
    """The same domain, the same organisation by the tree walk, or neither; strict where the record says so."""
    answer = await ask(ALIGNMENT_ZONES, "alignment", author, about)

    assert (answer.outcome, answer.reason) == (outcome, reason)


async def test_alignment_says_where_the_suffix_list_differs(ask: Ask) -> None:
    """Two customers of one host: the tree says so by psd=y, the list does not know it."""
    answer = await ask(ALIGNMENT_ZONES, "alignment", "shop.host.example", "spf:cafe.host.example")

    assert "suffix-list=aligned" in answer.values
    assert "Public Suffix List" in answer.detail


@pytest.mark.parametrize("silent", ["_dmarc.author.example", "_dmarc.mailer.example"])
async def test_alignment_without_answer_is_unanswered(ask: Ask, silent: str) -> None:
    """Neither aligned nor not."""
    answer = await ask(
        ALIGNMENT_ZONES,
        "alignment",
        "author.example",
        "spf:mailer.example",
        faults=(Fault(kind="servfail", name=silent),),
    )

    assert answer.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize(
    ("domain", "policy", "instead"),
    [
        ("shop.host.example", "reject", False),
        ("a.shop.host.example", "reject", True),
        ("cafe.host.example", "none", False),
        ("news.author.example", "reject", False),
    ],
)
async def test_dmarc_says_where_the_suffix_list_looks(
    ask: Ask, domain: str, policy: str, instead: bool
) -> None:
    """Only where the policy in force would be another one."""
    answer = await ask(ALIGNMENT_ZONES, "dmarc", domain)

    assert answer.reason == policy
    assert ("look at host.example instead" in answer.detail) is instead

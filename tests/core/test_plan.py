"""Are the right questions asked for a rejection, and no others?"""

from typing import Any

import pytest

from bot.core.model import (
    Candidate,
    Catalogue,
    Facts,
    Frame,
    Match,
    Origin,
    Provider,
    Question,
    Rejection,
    Signature,
)
from bot.core.plan import helo_in, listed_domain_in, plan, selector_in

LISTS: tuple[dict[str, Any], ...] = (
    {"id": "big", "kind": "ip", "zone": "bl.big.example", "ask": "default", "subjects": ["ipv4"], "weight": "high", "aliases": ["bigblock"]},
    {"id": "small", "kind": "ip", "zone": "bl.small.example", "ask": "default", "subjects": ["ipv4", "ipv6"], "weight": "low"},
    {"id": "rare", "kind": "ip", "zone": "bl.rare.example", "ask": "named", "subjects": ["ipv4"], "weight": "low"},
    {"id": "gone", "kind": "ip", "zone": "bl.gone.example", "ask": "never", "subjects": ["ipv4"]},
    {"id": "names", "kind": "domain", "zone": "dbl.big.example", "ask": "default", "subjects": ["domain"], "weight": "high"},
)  # fmt: skip
CATALOGUE = Catalogue(
    causes={},
    variants=(),
    blocklists=LISTS,
    providers={"google": Provider(id="google", name="Gmail", domains=("gmail.com",))},
    mail_domains=frozenset({"gmail.com"}),
)
FACTS: dict[str, Any] = {
    "recipient_domain": "rcpt.example",
    "sender_domain": "sender.example",
    "sending_ip": "203.0.113.9",
    "rejecting_host": "mx.far.example",
}

ORIGIN = Origin(
    author_domain="author.example",
    envelope_domain="bounce.mailer.example",
    signatures=(Signature(domain="author.example", selector="s1"), Signature(domain="mailer.example")),
)


def questions(
    *causes: tuple[str, float], text: str = "", origin: Origin | None = None, **facts: Any
) -> set[tuple[str, str, str | None]]:
    rejection = Rejection(text=text, frame=Frame.REPLY, facts=Facts(**{**FACTS, **facts}), origin=origin)
    match = Match(candidates=tuple(Candidate(cause=c, score=s, signal="phrase") for c, s in causes))
    return {(q.check, q.subject, q.about) for q in plan(rejection, match, CATALOGUE)}


MX = ("mx", "rcpt.example", None)


@pytest.mark.parametrize("cause", ["relay-denied", "domain-not-hosted", "auth-required"])
def test_relay_and_hosting_texts_ask_whose_the_host_is(cause: str) -> None:
    """The MX of the recipient's domain decides, and whether the host is the sender's."""
    assert questions((cause, 0.9)) >= {
        MX,
        ("mx-host", "mx.far.example", "rcpt.example"),
        ("mx-host", "mx.far.example", "sender.example"),
    }


def test_without_a_host_only_the_domain_is_asked() -> None:
    """Pastes often lack it."""
    assert questions(("relay-denied", 0.9), rejecting_host=None) == {MX}


def test_a_host_is_not_asked_twice_for_one_domain() -> None:
    """Sender and recipient at the same domain."""
    asked = questions(("relay-denied", 0.9), sender_domain="rcpt.example")

    assert sum(check == "mx-host" for check, _, _ in asked) == 1


def test_the_named_list_alone_is_asked() -> None:
    """A listing explains a bounce only if the bounce names that list."""
    asked = questions(("ip-blocklisted", 0.9), blocklist="bl.rare.example")

    assert {q for q in asked if q[0] == "blocklist"} == {("blocklist", "203.0.113.9", "bl.rare.example")}


def test_a_list_named_in_words_is_asked() -> None:
    """Not every reply has the zone."""
    asked = questions(("ip-blocklisted", 0.9), text="550 refused by BigBlock")

    assert {q for q in asked if q[0] == "blocklist"} == {("blocklist", "203.0.113.9", "bl.big.example")}


def test_without_a_name_the_default_lists_are_asked() -> None:
    """Those that hold such addresses."""
    four = questions(("ip-blocklisted", 0.9))
    six = questions(("ip-blocklisted", 0.9), sending_ip="2001:db8::1")

    assert {q[2] for q in four if q[0] == "blocklist"} == {"bl.big.example", "bl.small.example"}
    assert {q[2] for q in six if q[0] == "blocklist"} == {"bl.small.example"}


@pytest.mark.parametrize("cause", ["ip-blocklisted", "isp-restricted"])
def test_a_dead_list_is_never_asked(cause: str) -> None:
    """Even where the bounce names it."""
    assert not any(q[0] == "blocklist" for q in questions((cause, 0.9), blocklist="bl.gone.example"))


def test_a_domain_listing_asks_about_the_domain() -> None:
    """An address is never asked on a list of domains."""
    asked = questions(("domain-blocklisted", 0.9))

    assert asked == {MX, ("blocklist", "sender.example", "dbl.big.example")}


def test_a_refusal_without_a_name_asks_weighty_lists_only() -> None:
    """Small lists would be noise."""
    asked = questions(("spam-content", 0.9))

    assert {q[2] for q in asked if q[0] == "blocklist"} == {"bl.big.example", "dbl.big.example"}


def test_authentication_asks_the_senders_records() -> None:
    """For the address that sent."""
    asked = questions(("spf-failed", 0.9))

    assert asked == {MX, ("spf", "sender.example", "203.0.113.9"), ("dmarc", "sender.example", None)}


def test_a_selector_in_the_text_is_asked() -> None:
    """And no other."""
    asked = questions(("dkim-failed", 0.9), text="550 5.7.20 no key for sel9._domainkey.sender.example")

    assert ("dkim", "sender.example", "sel9") in asked


def test_a_typo_asks_the_neighbour() -> None:
    """gmial.com is one slip from gmail.com."""
    asked = questions(("no-such-user", 0.9), recipient_domain="gmial.com")

    assert ("mx", "gmail.com", "neighbour") in asked


def test_a_close_second_cause_has_its_questions_too() -> None:
    """A far one has not."""
    close = questions(("relay-denied", 0.6), ("missing-ptr", 0.58))
    far = questions(("relay-denied", 0.9), ("missing-ptr", 0.3))

    assert any(q[0] == "ptr" for q in close)
    assert not any(q[0] == "ptr" for q in far)


@pytest.mark.parametrize(
    "cause", ["mailbox-full", "greylisted", "virus-detected", "message-too-large", "not-a-bounce"]
)
def test_what_dns_cannot_tell_asks_nothing(cause: str) -> None:
    """No look-up for its own sake."""
    assert questions((cause, 0.9)) == set()


def test_no_match_asks_what_may_explain_it() -> None:
    """The domains, and weighty lists."""
    assert MX in questions()


def test_missing_facts_ask_nothing() -> None:
    """Nothing is made up."""
    nothing = dict.fromkeys(FACTS)

    assert questions(("relay-denied", 0.9), ("ip-blocklisted", 0.9), **nothing) == set()


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("bad signature d=sender.example; s=mail2026;", "mail2026"),
        ("key <s1._domainkey.sender.example> not found", "s1"),
        ("s=nothing without a domain", None),
        ("d=x.example s=../../etc/passwd", None),
        ("d=x.example s=" + "a" * 100_000, None),
        ("", None),
    ],
)
def test_a_selector_is_read_from_the_text(text: str, selector: str | None) -> None:
    """Only what can be a DNS label."""
    assert selector_in(text) == selector


def test_every_question_names_a_check_that_exists() -> None:
    """The plan and the look-ups agree."""
    from bot.core.plan import _ASK, _WANTED
    from bot.lookups.asker import CHECKS

    asked = {
        q.check
        for cause in _WANTED
        for q in plan(
            Rejection(text="", frame=Frame.REPLY, facts=Facts(**FACTS), origin=ORIGIN),
            Match(candidates=(Candidate(cause=cause, score=0.9, signal="phrase"),)),
            CATALOGUE,
        )
    }

    assert asked == set(CHECKS) - {"smtp", "helo"}  # nobody knocks for a diagnosis; helo needs a text
    assert {name for names in _WANTED.values() for name in names} == set(_ASK)


def test_a_plan_is_bounded_and_without_repeats() -> None:
    """However many lists there are."""
    many = Catalogue(
        causes={},
        variants=(),
        blocklists=tuple({**LISTS[0], "id": f"l{n}", "zone": f"l{n}.example"} for n in range(100)),
    )
    match = Match(candidates=(Candidate(cause="ip-blocklisted", score=0.9, signal="phrase"),))
    asked = plan(Rejection(text="", frame=Frame.REPLY, facts=Facts(**FACTS)), match, many)

    assert len(asked) == 24
    assert all(isinstance(question, Question) for question in asked)


def test_a_client_without_a_name_has_its_reverse_name_asked() -> None:
    """sendmail's words for it; other relay texts do not ask."""
    asked = questions(("relay-denied", 0.9), text="550 Relaying denied. IP name lookup failed [203.0.113.9]")
    other = questions(("relay-denied", 0.9), text="550 Relaying denied")

    assert ("ptr", "203.0.113.9", None) in asked
    assert not any(q[0] == "ptr" for q in other)


def test_a_refused_helo_name_is_asked() -> None:
    """With the address that it should lead to."""
    asked = questions(("bad-helo", 0.9), text="<srv1.sender.example>: Helo command rejected: Host not found")

    assert ("helo", "srv1.sender.example", "203.0.113.9") in asked


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("450 4.7.1 <mail.sender.example>: Helo command rejected: Host not found", "mail.sender.example"),
        ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", "localhost"),
        ("proto=ESMTP helo=<WIN-7>", "win-7"),
        ("550 invalid HELO name mx.sender.example (see RFC 5321)", "mx.sender.example"),
        ("550 EHLO argument: mx.sender.example does not resolve", "mx.sender.example"),
        ("550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", None),
        ("550 say hello to mx.sender.example", None),
        ("helo " * 100_000, None),
        ("helo=<" * 100_000, None),
        ("", None),
    ],
)
def test_a_helo_name_is_read_from_the_text(text: str, name: str | None) -> None:
    """In the forms that servers use."""
    assert helo_in(text) == name


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("blocked, see https://www.spamhaus.org/query/domain/bad.example", "bad.example"),
        ("listed: http://lookup.uribl.com/?domain=shop.bad.example", "shop.bad.example"),
        ("554 5.7.1 Message contains URL http://www.bad.example listed in SURBL", "www.bad.example"),
        ("550 The domain [bad.example] is on our list", "bad.example"),
        ("554 5.7.1 Client host [mail.bad.example] blocked using multi.uribl.com", "mail.bad.example"),
        ("550 your domain is listed", None),
        ("domain " + "a." * 100_000, None),
        ("", None),
    ],
)
def test_a_listed_domain_is_read_from_the_text(text: str, domain: str | None) -> None:
    """A link to the list's look-up, or the word before it."""
    assert listed_domain_in(text) == domain


def test_the_domain_that_the_text_names_is_asked_on_the_list() -> None:
    """A URL in the message may be listed, not the sender."""
    asked = questions(("domain-blocklisted", 0.9), text="URL http://bad.example listed")

    assert asked == {MX, ("blocklist", "bad.example", "dbl.big.example")}


def test_the_returned_headers_say_what_is_asked() -> None:
    """DMARC and its alignment are about From, SPF about the envelope, DKIM about the signatures."""
    asked = questions(("dmarc-failed", 0.9), origin=ORIGIN)

    assert asked == {
        MX,
        ("dmarc", "author.example", None),
        ("spf", "bounce.mailer.example", "203.0.113.9"),
        ("spf", "author.example", "203.0.113.9"),
        ("dkim", "author.example", "s1"),
        ("dkim", "mailer.example", None),
        ("alignment", "author.example", "spf:bounce.mailer.example"),
        ("alignment", "author.example", "dkim:author.example"),
        ("alignment", "author.example", "dkim:mailer.example"),
    }


@pytest.mark.parametrize(
    "origin", [None, Origin(envelope_domain="bounce.mailer.example"), Origin(author_domain="author.example")]
)
def test_without_both_domains_no_alignment_is_asked(origin: Origin | None) -> None:
    """What From or the envelope was is not guessed."""
    asked = questions(("dmarc-failed", 0.9), origin=origin)

    assert not any(check == "alignment" for check, _, _ in asked)


def test_a_full_mailbox_asks_for_no_alignment() -> None:
    """Headers alone are no reason to ask."""
    assert questions(("mailbox-full", 0.9), origin=ORIGIN) == set()


@pytest.mark.parametrize("cause", ["bad-reputation", "ip-blocklisted", "dmarc-failed", "rate-limited"])
def test_the_provider_behind_the_mx_is_asked_for(cause: str) -> None:
    """Its own pages help further; where the host or the words tell it, nobody is asked."""
    assert MX in questions((cause, 0.9))
    assert MX not in questions((cause, 0.9), provider="google")

"""What do SPF, DKIM, DMARC and PTR add to a refusal for authentication?"""

from collections.abc import Callable

import pytest

from bot.core.evidence import Verdict
from bot.core.evidence.authentication import with_address
from bot.core.model import Outcome

from .conftest import ABSENT, FOUND, IP, UNANSWERED, S, answer

Judge = Callable[..., Verdict]
RECORD = "v=spf1 mx include:_spf.big.example -all"


@pytest.mark.parametrize(
    ("record", "ip", "better"),
    [
        (RECORD, IP, f"v=spf1 mx include:_spf.big.example ip4:{IP} -all"),
        ("v=spf1 ~ALL", IP, f"v=spf1 ip4:{IP} ~ALL"),
        ("v=spf1 redirect=_spf.big.example", IP, f"v=spf1 ip4:{IP} redirect=_spf.big.example"),
        ("v=spf1 mx", "2001:db8::1", "v=spf1 mx ip6:2001:db8::1"),
    ],
    ids=["before-all", "capitals", "before-redirect", "ipv6-at-the-end"],
)
def test_the_address_goes_before_the_end_of_the_record(record: str, ip: str, better: str) -> None:
    """Terms after ``all`` are ignored (RFC 7208 section 5.1)."""
    assert with_address(record, ip) == better


@pytest.mark.parametrize("result", ["fail", "softfail", "neutral"])
def test_a_record_without_the_address_gets_the_exact_mend(judge: Judge, result: str) -> None:
    """The step is the whole record to publish."""
    verdict = judge("spf-failed", answer("spf", S, FOUND, result, RECORD, about=IP))

    assert f"ip4:{IP} -all" in verdict.steps[0].text


@pytest.mark.parametrize(
    ("outcome", "reason"), [(UNANSWERED, "timeout"), (Outcome.SKIPPED, "not a domain name")]
)
def test_an_spf_look_up_without_answer_says_nothing(judge: Judge, outcome: Outcome, reason: str) -> None:
    """A time-out is not a missing record."""
    verdict = judge("spf-failed", answer("spf", S, outcome, reason, about=IP))

    assert verdict.steps == ()


def test_no_record_gets_a_first_one(judge: Judge) -> None:
    """A whole record, with the sending address in it."""
    verdict = judge("spf-failed", answer("spf", S, ABSENT, "none", about=IP))

    assert f"v=spf1 mx ip4:{IP} ~all" in verdict.steps[0].text


def test_a_strangers_address_is_not_let_in(judge: Judge) -> None:
    """Mail with a forged sender comes back too: only the domain's owner knows whose server it was."""
    verdict = judge("spf-failed", answer("spf", S, ABSENT, "none", about=IP))

    assert verdict.steps[0].text.startswith(f"If {IP} is your server, publish")


def test_more_than_ten_look_ups_name_what_to_drop(judge: Judge) -> None:
    """The dearest include comes first."""
    values = (
        RECORD,
        "lookups=14",
        "void=0",
        "cost=include:a.example:3",
        "cost=include:b.example:8",
        "cost=mx:1",
    )
    verdict = judge("spf-failed", answer("spf", S, FOUND, "permerror", *values, about=IP))

    assert "needs 14 DNS look-ups" in verdict.reasons[0]
    assert "include:b.example (8), include:a.example (3)" in verdict.steps[0].text


def test_a_broken_record_is_named_with_its_fault(judge: Judge) -> None:
    """Two records, a wrong term: the words of the evaluator are given."""
    values = (RECORD, "lookups=1", "problem=multiple v=spf1 records")
    verdict = judge("spf-failed", answer("spf", S, FOUND, "permerror", *values, about=IP))

    assert "multiple v=spf1 records" in verdict.steps[0].text


def test_a_pass_now_means_send_again(judge: Judge) -> None:
    """The record was mended since."""
    verdict = judge("spf-failed", answer("spf", S, FOUND, "pass", RECORD, about=IP))

    assert verdict.steps[0].text.startswith("Send the message again")


def test_dmarc_with_a_passing_spf_is_a_matter_of_alignment(judge: Judge) -> None:
    """Something passed, but not for the From domain."""
    verdict = judge(
        "dmarc-failed",
        answer("dmarc", S, FOUND, "reject", "v=DMARC1; p=reject"),
        answer("spf", S, FOUND, "pass", RECORD, about=IP),
    )

    assert "survives forwarding" in verdict.steps[0].text


def test_dmarc_without_spf_for_the_server_names_the_service(judge: Judge) -> None:
    """The server may not send for that domain."""
    verdict = judge(
        "dmarc-failed",
        answer("dmarc", S, FOUND, "reject", "v=DMARC1; p=reject"),
        answer("spf", S, FOUND, "fail", RECORD, about=IP),
    )

    assert any("sign with DKIM as d=sender.example" in step.text for step in verdict.steps)


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [(ABSENT, "nodata", "has no DMARC record now"), (FOUND, "none", "policy of sender.example is none")],
)
def test_dmarc_that_asks_for_nothing_is_named(
    judge: Judge, outcome: Outcome, reason: str, words: str
) -> None:
    """The refusal does not come from the record that is there now."""
    verdict = judge("dmarc-failed", answer("dmarc", S, outcome, reason))

    assert any(words in found for found in verdict.reasons)


def test_unauthenticated_without_dmarc_gets_a_record(judge: Judge) -> None:
    """Large receivers want one."""
    verdict = judge("unauthenticated", answer("dmarc", S, ABSENT, "nodata"))

    assert "_dmarc.sender.example" in verdict.steps[0].text


def test_a_missing_key_of_a_named_selector_is_to_be_published(judge: Judge) -> None:
    """The selector stands in the text."""
    verdict = judge("dkim-failed", answer("dkim", S, ABSENT, "nxdomain", about="sel1"))

    assert "sel1._domainkey.sender.example" in verdict.steps[0].text


def test_unknown_selectors_prove_no_missing_key(judge: Judge) -> None:
    """Selectors cannot be listed, so a miss among the usual ones is no answer."""
    verdict = judge("dkim-failed", answer("dkim", S, UNANSWERED, "no key under 12 usual selectors"))

    assert verdict.reasons == ()


def test_a_revoked_key_is_named(judge: Judge) -> None:
    """An empty p= revokes."""
    verdict = judge("dkim-failed", answer("dkim", S, FOUND, "revoked", "sel1", about="sel1"))

    assert "revoked" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("cause", "outcome", "reason", "words"),
    [
        pytest.param(
            "missing-ptr", ABSENT, "nxdomain", "Ask the company that gives you the address", id="missing"
        ),
        pytest.param(
            "missing-ptr", FOUND, "unconfirmed", "Give h.example an A or AAAA record", id="unconfirmed"
        ),
        pytest.param("missing-ptr", FOUND, "generic", "to a name of your own", id="generic"),
        pytest.param("missing-ptr", FOUND, None, "Send the message again", id="right-now"),
        pytest.param("bad-helo", ABSENT, "nxdomain", "let the server greet with it", id="helo"),
        pytest.param("isp-restricted", FOUND, "generic", "port 587", id="dynamic-line"),
    ],
)
def test_reverse_dns_gets_its_step(
    judge: Judge, cause: str, outcome: Outcome, reason: str | None, words: str
) -> None:
    """Missing, unconfirmed and generic names are mended differently."""
    verdict = judge(cause, answer("ptr", IP, outcome, reason, "h.example"))

    assert any(words in step.text for step in verdict.steps)


def test_reverse_dns_without_answer_says_nothing(judge: Judge) -> None:
    """A time-out is not a missing name."""
    verdict = judge("missing-ptr", answer("ptr", IP, UNANSWERED, "timeout"))

    assert verdict.steps == ()


@pytest.mark.parametrize("reason", ["nxdomain", "nodata", "null-mx"])
def test_a_sender_without_mail_explains_an_unknown_refusal(judge: Judge, reason: str) -> None:
    """Receivers refuse senders that no answer can reach."""
    verdict = judge("unknown", answer("mx", S, ABSENT, reason))

    assert verdict.cause == "sender-unverifiable"


def test_a_sender_that_takes_mail_turns_the_eye_to_the_mailbox(judge: Judge) -> None:
    """The domain is fine, so the address or the call-back is not."""
    verdict = judge("sender-unverifiable", answer("mx", S, FOUND, None, "mx.sender.example"))

    assert verdict.cause is None
    assert "test message" in verdict.steps[0].text


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        pytest.param(
            Outcome.SKIPPED, "a single-label name, not a public one", "full public name", id="no-name"
        ),
        pytest.param(ABSENT, "no-address", "an A or AAAA record with 203.0.113.9", id="no-address"),
        pytest.param(FOUND, "other-address", "the name that the PTR", id="elsewhere"),
    ],
)
def test_a_refused_helo_name_gets_its_step(judge: Judge, outcome: Outcome, reason: str, words: str) -> None:
    """Not public, without an address, or leading elsewhere."""
    verdict = judge("bad-helo", answer("helo", "srv1", outcome, reason, "192.0.2.1", about=IP))

    assert words in verdict.steps[0].text


def test_a_good_helo_name_says_nothing(judge: Judge) -> None:
    """The receiver has another rule."""
    verdict = judge("bad-helo", answer("helo", "mx.sender.example", FOUND, None, IP, about=IP))

    assert verdict.steps == ()


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [(ABSENT, "nxdomain", "has no reverse name"), (FOUND, "unconfirmed", "does not lead back")],
)
def test_sendmail_denies_relay_to_clients_without_a_name(
    judge: Judge, outcome: Outcome, reason: str, words: str
) -> None:
    """Its words say so, and DNS agrees."""
    text = "550 5.7.1 Relaying denied. IP name lookup failed [203.0.113.9]"
    verdict = judge("relay-denied", answer("ptr", IP, outcome, reason, "h.example"), text=text)

    assert words in verdict.reasons[0]
    assert "port 587" in verdict.steps[0].text


def test_other_relay_texts_do_not_blame_the_reverse_name(judge: Judge) -> None:
    """A missing PTR has no part in them."""
    verdict = judge("relay-denied", answer("ptr", IP, ABSENT, "nxdomain"), text="550 Relaying denied")

    assert verdict.reasons == ()

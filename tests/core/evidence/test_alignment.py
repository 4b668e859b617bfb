"""What do the From domain, and what SPF and DKIM vouched for, add to a refusal by DMARC?"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.evidence import Verdict
from bot.core.model import Answer, Origin, Outcome, Signature

from .conftest import ABSENT, FOUND, IP, UNANSWERED, answer

Judge = Callable[..., Verdict]
FROM, MAILER, LIST = "author.example", "bounce.mailer.example", "dev@list.example"
DIRECT = Origin(author_domain=FROM, envelope_domain=FROM)
SERVICE = Origin(author_domain=FROM, envelope_domain=MAILER)


def dmarc(policy: str = "reject") -> Answer:
    return answer("dmarc", FROM, FOUND, policy, f"v=DMARC1; p={policy}", f"at={FROM}")


def spf(domain: str, result: str) -> Answer:
    return answer("spf", domain, FOUND, result, "v=spf1 -all", about=IP)


def counts(about: str, reason: str = "identical", outcome: Outcome = FOUND) -> Answer:
    return answer("alignment", FROM, outcome, reason, "mode=relaxed", f"organization={FROM}", about=about)


def test_it_says_what_from_names_and_what_counts(judge: Judge) -> None:
    """Policy, domains, and which of them counts for the From domain."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf(MAILER, "pass"),
        counts(f"spf:{MAILER}", "other-organization", ABSENT),
        counts("dkim:mailer.example", "other-organization", ABSENT),
        origin=replace(SERVICE, signatures=(Signature(domain="mailer.example", selector="k"),)),
    )

    assert verdict.reasons[0] == (
        f"From names {FROM}, whose DMARC policy is reject. SPF passes for {MAILER}, which does not count: it is another "
        "organisation. DKIM signed as mailer.example, which does not count: it is another organisation."
    )
    assert f"d={FROM}" in verdict.steps[0].text
    assert f"bounce domain below {FROM}" in verdict.steps[1].text


def test_a_strict_record_is_what_stands_in_the_way(judge: Judge) -> None:
    """The same organisation, but not the very same domain."""
    verdict = judge(
        "dmarc-failed",
        dmarc("quarantine"),
        spf(f"b.{FROM}", "pass"),
        counts(f"spf:b.{FROM}", "strict", ABSENT),
        origin=Origin(author_domain=FROM, envelope_domain=f"b.{FROM}"),
    )

    assert verdict.steps[0].text.startswith(f"Take aspf=s out of the DMARC record of {FROM}")


def test_a_signature_that_counts_was_broken_on_the_way(judge: Judge) -> None:
    """Its key is in DNS, SPF is no help, and yet DMARC failed."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf(MAILER, "pass"),
        answer("dkim", FROM, FOUND, None, "s1", about="s1"),
        counts(f"spf:{MAILER}", "other-organization", ABSENT),
        counts(f"dkim:{FROM}"),
        origin=replace(SERVICE, signatures=(Signature(domain=FROM, selector="s1"),)),
    )

    assert "something changed the message on the way" in verdict.steps[0].text


def test_a_signature_without_a_key_is_not_called_broken(judge: Judge) -> None:
    """The missing key is the reason."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        answer("dkim", FROM, ABSENT, "nxdomain", about="s1"),
        counts(f"dkim:{FROM}"),
        origin=Origin(author_domain=FROM, signatures=(Signature(domain=FROM, selector="s1"),)),
    )

    assert not any("on the way" in step.text for step in verdict.steps)
    assert any(f"s1._domainkey.{FROM}" in step.text for step in verdict.steps)


def test_a_list_has_to_rewrite_from(judge: Judge) -> None:
    """SPF passes for the list, which does not count; the list is named."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf("list.example", "pass"),
        counts("spf:list.example", "other-organization", ABSENT),
        origin=Origin(author_domain=FROM, envelope_domain="list.example", mailing_list=LIST),
    )

    assert verdict.steps[0].text.startswith(f"Tell the owner of the list {LIST}")
    assert verdict.steps[1].text == (
        f"For the sender: sign with DKIM as d={FROM}. A signature outlives forwarding, SPF does not."
    )


@pytest.mark.parametrize("envelope", [FROM, "old.example"], ids=["plain", "rewritten-by-srs"])
@pytest.mark.parametrize("cause", ["dmarc-failed", "spf-failed", "unauthenticated", "dkim-failed"])
def test_a_forwarder_has_to_pass_it_on_unchanged(judge: Judge, cause: str, envelope: str) -> None:
    """SRS mends SPF and not DMARC, and the address behind the forwarding can be written to."""
    result, reason, outcome = (
        ("fail", "identical", FOUND) if envelope == FROM else ("pass", "other-organization", ABSENT)
    )
    verdict = judge(
        cause,
        dmarc(),
        spf(envelope, result),
        counts(f"spf:{envelope}", reason, outcome),
        origin=Origin(author_domain=FROM, envelope_domain=envelope, forwarder="old.example"),
    )

    assert verdict.steps[0].text.startswith("Send to the final address directly")
    assert "pass the mail on unchanged" in verdict.steps[1].text
    assert any("forwarded by old.example" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param(replace(DIRECT, mailing_list=f"dev@lists.{FROM}"), id="its-own-list"),
        pytest.param(replace(DIRECT, forwarder=FROM), id="its-own-forwarding"),
    ],
)
def test_what_belongs_to_the_from_domain_is_no_stranger(judge: Judge, origin: Origin) -> None:
    """Its own servers may send for it."""
    verdict = judge("dmarc-failed", dmarc(), spf(FROM, "fail"), counts(f"spf:{FROM}"), origin=origin)

    assert not any("list" in step.text or "forward" in step.text for step in verdict.steps)


def test_a_list_is_not_blamed_where_spf_counts_and_passes(judge: Judge) -> None:
    """Then the list has put its own address into From."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf(FROM, "pass"),
        counts(f"spf:{FROM}"),
        origin=replace(DIRECT, mailing_list=LIST),
    )

    assert not any("owner of the list" in step.text for step in verdict.steps)


def test_an_address_outside_of_the_from_domains_record_hints_at_a_forwarder(judge: Judge) -> None:
    """Without a sign in the headers it is a hint, not a step."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf(MAILER, "pass"),
        spf(FROM, "fail"),
        counts(f"spf:{MAILER}", "other-organization", ABSENT),
        origin=SERVICE,
    )

    assert verdict.reasons[1].startswith(f"{IP} is not in the SPF record of the From domain {FROM}")


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((), id="nothing-asked"),
        pytest.param((answer("dmarc", FROM, ABSENT, "nodata"),), id="no-policy"),
        pytest.param((answer("dmarc", FROM, UNANSWERED, "timeout"), counts(f"spf:{FROM}")), id="silent-policy"),
    ],
)  # fmt: skip
def test_without_a_known_policy_nothing_is_said_of_alignment(
    judge: Judge, answers: tuple[Answer, ...]
) -> None:
    """Could not check is no reason to blame a list."""
    verdict = judge("dmarc-failed", *answers, origin=replace(DIRECT, mailing_list=LIST))

    assert not any("counts" in reason or "mailing list" in reason for reason in verdict.reasons)


def test_an_alignment_that_could_not_be_checked_gives_no_step(judge: Judge) -> None:
    """Neither "counts" nor "does not count"."""
    verdict = judge(
        "dmarc-failed",
        dmarc(),
        spf(MAILER, "pass"),
        answer("alignment", FROM, UNANSWERED, "timeout", about=f"spf:{MAILER}"),
        origin=SERVICE,
    )

    assert "could not be checked" in verdict.reasons[0]
    assert verdict.steps == ()


def test_a_policy_of_none_blames_no_forwarder(judge: Judge) -> None:
    """It asks for no refusal."""
    verdict = judge(
        "dmarc-failed",
        dmarc("none"),
        counts("spf:list.example", "other-organization", ABSENT),
        origin=Origin(author_domain=FROM, envelope_domain="list.example", mailing_list=LIST),
    )

    assert not any("owner of the list" in step.text for step in verdict.steps)


@pytest.mark.parametrize("cause", ["mailbox-full", "no-such-user", "ip-blocklisted"])
def test_other_causes_are_not_about_alignment(judge: Judge, cause: str) -> None:
    """A full mailbox stays full."""
    verdict = judge(cause, dmarc(), counts(f"spf:{FROM}"), origin=replace(DIRECT, mailing_list=LIST))

    assert verdict.reasons == ()

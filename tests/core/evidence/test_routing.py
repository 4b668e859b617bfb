"""Which cause do the MX records turn a refusal to, and which do they leave alone?"""

from collections.abc import Callable

import pytest

from bot.core.evidence import Verdict
from bot.core.model import Answer, Frame, Outcome

from .conftest import ABSENT, FOUND, HOST, UNANSWERED, R, S, answer

Judge = Callable[..., Verdict]


def serves(domain: str, outcome: Outcome, reason: str | None = None, host: str = HOST) -> Answer:
    return answer("mx-host", host, outcome, reason, "mx.new.example", about=domain)


def mx(outcome: Outcome, reason: str | None = None, *hosts: str) -> Answer:
    return answer("mx", R, outcome, reason, *hosts)


NOT_R = serves(R, ABSENT, "other-hosts")
NOT_S = serves(S, ABSENT, "other-hosts")


@pytest.mark.parametrize("how", ["name", "address", "provider"])
def test_a_mail_server_of_the_domain_that_denies_relay_has_lost_the_domain(judge: Judge, how: str) -> None:
    """It is in the MX, so it should accept: the cause is domain-not-hosted."""
    verdict = judge("relay-denied", serves(R, FOUND, how), rejecting_host=HOST)

    assert verdict.cause == "domain-not-hosted"


def test_another_host_of_the_same_hosting_company_proves_nothing(judge: Judge) -> None:
    """Two names below one registrable domain may be servers of two customers."""
    verdict = judge("relay-denied", serves(R, FOUND, "organization"), NOT_S, rejecting_host=HOST)

    assert verdict.cause is None


def test_a_host_inside_the_recipients_own_domain_has_lost_the_domain(judge: Judge) -> None:
    """inner.rcpt.example denies relay for rcpt.example while the MX is inside it too."""
    host = f"inner.{R}"
    verdict = judge("relay-denied", serves(R, FOUND, "organization", host), rejecting_host=host)

    assert verdict.cause == "domain-not-hosted"


@pytest.mark.parametrize("evidence", [serves(S, FOUND, "name"), serves(S, FOUND, "organization")])
def test_the_senders_own_server_wants_a_login(judge: Judge, evidence: Answer) -> None:
    """No MX of the recipient, but one of the sender: auth-required, with port 587 as the first step."""
    verdict = judge("relay-denied", NOT_R, evidence, rejecting_host=HOST)

    assert verdict.cause == "auth-required"
    assert "587" in verdict.steps[0].text


def test_a_host_below_the_senders_domain_wants_a_login(judge: Judge) -> None:
    """mail.sender.example is the sender's own, also where its MX lies elsewhere."""
    host = f"mail.{S}"
    verdict = judge(
        "relay-denied",
        serves(R, ABSENT, "other-hosts", host),
        serves(S, ABSENT, "other-hosts", host),
        rejecting_host=host,
    )

    assert verdict.cause == "auth-required"


def test_the_old_server_of_a_moved_domain_does_not_host_it(judge: Judge) -> None:
    """mail.rcpt.example is not in the MX of rcpt.example any more; the step names the new one."""
    host = f"mail.{R}"
    verdict = judge("relay-denied", serves(R, ABSENT, "other-hosts", host), rejecting_host=host)

    assert verdict.cause == "domain-not-hosted"
    assert "now goes to mx.new.example" in verdict.steps[0].text


def test_a_server_named_for_outgoing_mail_wants_a_login(judge: Judge) -> None:
    """smtp.isp.example relays only for customers who log in."""
    host = "smtp2.isp.example"
    verdict = judge(
        "relay-denied",
        serves(R, ABSENT, "other-hosts", host),
        serves(S, ABSENT, "other-hosts", host),
        rejecting_host=host,
    )

    assert verdict.cause == "auth-required"


@pytest.mark.parametrize("frame", [Frame.DSN, Frame.LOG, Frame.REPORT])
def test_a_stranger_that_a_server_spoke_to_does_not_host_the_domain(judge: Judge, frame: Frame) -> None:
    """A report names the host that the mail was brought to: neither the recipient's nor the sender's."""
    verdict = judge("relay-denied", NOT_R, NOT_S, rejecting_host=HOST, frame=frame)

    assert verdict.cause == "domain-not-hosted"


def test_a_stranger_in_a_bare_reply_stays_relay_denied(judge: Judge) -> None:
    """Without a report the host may be the reader's own server: both ways are named, none is chosen."""
    verdict = judge("relay-denied", NOT_R, NOT_S, rejecting_host=HOST)

    assert verdict.cause is None
    assert "Either a login is missing" in verdict.reasons[0]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((), id="nothing-asked"),
        pytest.param((serves(R, UNANSWERED, "timeout"), serves(S, FOUND, "name")), id="recipient-unanswered"),
        pytest.param((serves(R, UNANSWERED, "servfail"), NOT_S), id="servfail"),
        pytest.param((mx(UNANSWERED, "timeout"),), id="mx-timeout"),
        pytest.param((mx(FOUND, None, "mx.new.example"),), id="host-unknown"),
    ],
)
def test_relay_denied_stays_without_an_answer(judge: Judge, answers: tuple[Answer, ...]) -> None:
    """What could not be checked turns nothing."""
    verdict = judge("relay-denied", *answers, rejecting_host=HOST, frame=Frame.DSN)

    assert verdict.cause is None


def test_no_rejecting_host_turns_nothing(judge: Judge) -> None:
    """Pastes often lack the host."""
    verdict = judge("relay-denied", mx(FOUND, None, "mx.new.example"))

    assert verdict.cause is None
    assert verdict.steps[0].text.startswith("Which server refused? If it is mx.new.example")


def test_two_customers_of_one_provider_need_a_login_at_its_outgoing_server(judge: Judge) -> None:
    """smtp.bigmail.example serves both; as a server for outgoing mail it wants a login."""
    host = "smtp.bigmail.example"
    verdict = judge(
        "relay-denied",
        serves(R, FOUND, "provider", host),
        serves(S, FOUND, "provider", host),
        rejecting_host=host,
    )

    assert verdict.cause == "auth-required"


def test_domain_not_hosted_is_told_where_the_mail_goes(judge: Judge) -> None:
    """The text decides; DNS adds the step."""
    verdict = judge("domain-not-hosted", NOT_R, rejecting_host=HOST)

    assert verdict.cause is None
    assert "now goes to mx.new.example" in verdict.steps[0].text


def test_domain_not_hosted_by_its_own_mx_is_the_owners_matter(judge: Judge) -> None:
    """The MX points to the host that denies the domain."""
    verdict = judge("domain-not-hosted", serves(R, FOUND, "name"), rejecting_host=HOST)

    assert "Tell the owner of rcpt.example" in verdict.steps[0].text


def test_a_login_demanded_by_the_recipients_mx_is_named(judge: Judge) -> None:
    """It should take mail without one; the text keeps its cause."""
    verdict = judge("auth-required", serves(R, FOUND, "name"), NOT_S, rejecting_host=HOST)

    assert verdict.cause is None
    assert "should take its mail without a login" in verdict.reasons[0]


def test_a_login_demanded_by_a_server_of_both_is_in_order(judge: Judge) -> None:
    """The sender's own server may be the recipient's too."""
    verdict = judge("auth-required", serves(R, FOUND, "name"), serves(S, FOUND, "name"), rejecting_host=HOST)

    assert verdict.reasons == ()


@pytest.mark.parametrize("cause", ["server-unreachable", "unknown", "relay-denied", "domain-not-hosted"])
@pytest.mark.parametrize("reason", ["nxdomain", "nodata", "null-mx"])
def test_a_domain_without_mail_explains_the_bounce(judge: Judge, cause: str, reason: str) -> None:
    """NXDOMAIN, no host at all and a null MX all mean domain-not-found."""
    verdict = judge(cause, mx(ABSENT, reason))

    assert verdict.cause == "domain-not-found"


@pytest.mark.parametrize("reason", ["nxdomain", "nodata", "null-mx"])
def test_a_refused_mailbox_keeps_its_cause_and_hears_that_the_domain_is_gone(
    judge: Judge, reason: str
) -> None:
    """A server spoke for the mailbox; the spelling is to be checked first."""
    verdict = judge("no-such-user", mx(ABSENT, reason))

    assert verdict.cause is None
    assert verdict.steps[0].text.startswith("Check the spelling of rcpt.example")


@pytest.mark.parametrize("cause", ["no-such-user", "server-unreachable"])
def test_a_domain_whose_likely_spelling_is_known_is_not_to_be_spelled_again(judge: Judge, cause: str) -> None:
    """The likely spelling is the first step already."""
    verdict = judge(cause, mx(ABSENT, "nxdomain"), suggestion="right.example")

    assert verdict.steps == ()


@pytest.mark.parametrize("cause", ["mailbox-full", "spam-content", "spf-failed", "greylisted"])
def test_a_domain_without_mail_does_not_explain_other_refusals(judge: Judge, cause: str) -> None:
    """Somebody answered for the mailbox, so the domain was there."""
    verdict = judge(cause, mx(ABSENT, "nxdomain"))

    assert verdict.cause is None


def test_mail_hosts_without_an_address_explain_silence(judge: Judge) -> None:
    """An MX that leads nowhere is a domain that is not found."""
    verdict = judge("server-unreachable", mx(FOUND, "no-address", "mx.gone.example"))

    assert verdict.cause == "domain-not-found"


def test_private_mail_hosts_explain_silence(judge: Judge) -> None:
    """192.168.x.x in public DNS cannot be reached: still server-unreachable, now by evidence."""
    verdict = judge("server-unreachable", mx(FOUND, "private-address", "mx.rcpt.example"))

    assert verdict.cause == "server-unreachable"


def test_a_domain_that_resolves_now_is_worth_another_try(judge: Judge) -> None:
    """The text said not found; it is found now."""
    verdict = judge("domain-not-found", mx(FOUND, None, "mx.new.example"))

    assert verdict.cause is None
    assert verdict.steps[0].text.startswith("Send the message again")


@pytest.mark.parametrize("cause", ["domain-not-found", "server-unreachable"])
def test_a_domain_with_an_address_only_should_publish_an_mx(judge: Judge, cause: str) -> None:
    """Its web server is asked for mail."""
    verdict = judge(cause, mx(FOUND, "implicit-mx", R))

    assert "publishes no MX record" in verdict.reasons[0]


def test_a_connection_to_the_wrong_host_is_named(judge: Judge) -> None:
    """The host that did not answer is not in the MX."""
    verdict = judge("server-unreachable", NOT_R, rejecting_host=HOST)

    assert "transport map" in verdict.steps[0].text


def test_no_such_user_at_a_host_that_left_may_be_a_lost_move(judge: Judge) -> None:
    """A report shows that the mail was brought to an old server."""
    verdict = judge("no-such-user", NOT_R, rejecting_host=HOST, frame=Frame.DSN)

    assert verdict.cause is None
    assert "may exist at the new server" in verdict.reasons[0]


def test_no_such_user_in_a_bare_reply_says_nothing_about_hosts(judge: Judge) -> None:
    """The host in a bare reply may be an inner one."""
    verdict = judge("no-such-user", NOT_R, rejecting_host=HOST)

    assert verdict.reasons == ()


def test_an_alias_as_mail_host_is_named(judge: Judge) -> None:
    """RFC 2181 section 10.3 forbids it."""
    verdict = judge("mail-loop", mx(FOUND, "cname", "alias.rcpt.example"))

    assert "RFC 2181" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("outcome", "values", "words"),
    [
        pytest.param(FOUND, ("mta-sts", "tlsrpt"), "only over verified TLS (MTA-STS)", id="mta-sts"),
        pytest.param(FOUND, ("mta-sts", "dane"), "MTA-STS and DANE", id="both"),
        pytest.param(ABSENT, (), "neither MTA-STS nor DANE", id="none"),
    ],
)
def test_a_tls_failure_is_told_what_the_domain_demands(
    judge: Judge, outcome: Outcome, values: tuple[str, ...], words: str
) -> None:
    """DNS says whether the domain itself demands verified TLS."""
    verdict = judge("tls-failure", answer("mta-sts", R, outcome, None, *values))

    assert words in verdict.reasons[0]


def test_a_typo_with_a_neighbour_that_takes_mail_gets_a_suggestion(judge: Judge) -> None:
    """The suggestion is confirmed by an MX."""
    verdict = judge(
        "no-such-user", answer("mx", "right.example", FOUND, None, "mx.right.example", about="neighbour")
    )

    assert verdict.suggestion == "right.example"


@pytest.mark.parametrize("outcome", [ABSENT, UNANSWERED])
def test_a_neighbour_that_takes_no_mail_is_not_suggested(judge: Judge, outcome: Outcome) -> None:
    """A wrong correction is worse than none."""
    verdict = judge("no-such-user", answer("mx", "right.example", outcome, "nxdomain", about="neighbour"))

    assert verdict.suggestion is None

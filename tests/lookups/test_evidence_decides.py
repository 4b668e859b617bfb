"""Does live DNS decide the cause? Whole texts, the real knowledge base, and a real name server."""

from collections.abc import Awaitable, Callable

import pytest
from rapidfuzz import fuzz

from bot.catalogue.load import load_catalogue
from bot.core.model import Diagnosis, Outcome
from bot.diagnose import Diagnoser
from bot.lookups.asker import Asker
from bot.playground.nameserver import Fault, NameServer

World = Callable[..., Awaitable[tuple[NameServer, Asker]]]
CATALOGUE = load_catalogue()
DIAGNOSER = Diagnoser(CATALOGUE)
ZONES = """
$ORIGIN moved.example.
@ MX 10 mx.newhost.example.
mail A 203.0.113.20
mx.newhost.example. A 203.0.113.21
$ORIGIN stay.example.
@ MX 10 mx1
mx1 A 203.0.113.30
$ORIGIN sender.example.
@ MX 10 mail
mail A 203.0.113.40
@ TXT "v=spf1 ip4:198.51.100.1 -all"
$ORIGIN null.example.
@ MX 0 .
$ORIGIN dead.example.
@ MX 10 mx.dead.example.
$ORIGIN author.example.
@ TXT "v=spf1 ip4:203.0.113.80 -all"
_dmarc TXT "v=DMARC1; p=reject"
s1._domainkey TXT "v=DKIM1; p=MIGf"
$ORIGIN list.example.
@ TXT "v=spf1 ip4:203.0.113.81 -all"
gmail.com. MX 5 mx.google.com.
mx.google.com. A 203.0.113.50
2.0.0.127.zen.spamhaus.org. A 127.0.0.2
9.113.0.203.zen.spamhaus.org. A 127.0.0.4
10.113.0.203.zen.spamhaus.org. A 127.0.0.11
9.113.0.203.in-addr.arpa. PTR mail.sender.example.
"""


def log(host: str, ip: str, recipient: str, words: str, sender: str = "") -> str:
    whose = f"from=<{sender}>, " if sender else ""
    return (
        f"Oct  3 10:00:00 out postfix/smtp[123]: 4F2A: {whose}to=<{recipient}>, relay={host}[{ip}]:25, delay=1, dsn=5.7.1, "
        f"status=bounced (host {host}[{ip}] said: 554 5.7.1 <{recipient}>: {words} (in reply to RCPT TO command))"
    )


async def diagnosed(world: World, text: str, *faults: Fault) -> Diagnosis:
    _, asker = await world(ZONES, *faults, catalogue=CATALOGUE)
    return await DIAGNOSER.diagnose(text, asker)


@pytest.mark.parametrize(
    ("text", "cause", "decided_by"),
    [
        pytest.param(
            log("mail.moved.example", "203.0.113.20", "bob@moved.example", "Relay access denied"),
            "domain-not-hosted", "dns", id="the-domain-moved",
        ),
        pytest.param(
            log("mx1.stay.example", "203.0.113.30", "bob@stay.example", "Relay access denied"),
            "domain-not-hosted", "dns", id="its-own-mx-forgot-it",
        ),
        pytest.param(
            "550 5.7.1 <bob@moved.example>: Relay access denied", "relay-denied", "text", id="no-host-no-turn",
        ),
        pytest.param(
            log("smtp.isp.example", "203.0.113.60", "bob@stay.example", "Relay access denied"),
            "auth-required", "dns", id="an-outgoing-server",
        ),
        pytest.param(
            log("mx1.stay.example", "203.0.113.30", "bob@nope.example", "Relay access denied"),
            "domain-not-found", "dns", id="no-such-domain",
        ),
        pytest.param(
            log("mx1.stay.example", "203.0.113.30", "bob@null.example", "Relay access denied"),
            "domain-not-found", "dns", id="null-mx",
        ),
        pytest.param(
            "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
            "ip-blocklisted", "text", id="still-listed",
        ),
        pytest.param(
            "554 5.7.1 Service unavailable; Client host [203.0.113.10] blocked using zen.spamhaus.org",
            "isp-restricted", "dns", id="listed-by-policy",
        ),
        pytest.param("550 5.1.1 <bob@stay.example>: User unknown", "no-such-user", "text", id="nothing-to-turn"),
    ],
)  # fmt: skip
async def test_the_cause(world: World, text: str, cause: str, decided_by: str) -> None:
    """What the text leaves open, DNS decides; what it says, stays."""
    first = (await diagnosed(world, text)).first

    assert first is not None
    assert (first.cause, first.decided_by) == (cause, decided_by)


@pytest.mark.parametrize("kind", ["drop", "servfail", "refused"])
async def test_no_answer_turns_no_cause(world: World, kind: str) -> None:
    """The text's cause stays, and the evidence says "could not check"."""
    text = log("mail.moved.example", "203.0.113.20", "bob@moved.example", "Relay access denied")
    diagnosis = await diagnosed(world, text, Fault(kind=kind))

    assert diagnosis.first is not None
    assert (diagnosis.first.cause, diagnosis.first.decided_by) == ("relay-denied", "text")
    assert {answer.outcome for answer in diagnosis.evidence} == {Outcome.UNANSWERED}


async def test_a_delisting_comes_as_the_first_step(world: World) -> None:
    """Nothing else has to be done."""
    text = "554 5.7.1 Service unavailable; Client host [203.0.113.11] blocked using zen.spamhaus.org"
    diagnosis = await diagnosed(world, text)

    assert diagnosis.steps[0].startswith("Send the message again: 203.0.113.11 is off Spamhaus ZEN")
    assert not any(step.startswith("Removal from") for step in diagnosis.steps)


async def test_a_typo_is_corrected_to_a_domain_that_takes_mail(world: World) -> None:
    """The suggestion is in the facts, as the contract says."""
    diagnosis = await diagnosed(world, "550 5.1.1 <jane@gmial.com>: User unknown")

    assert diagnosis.first is not None
    assert diagnosis.first.facts.suggestion == "gmail.com"


async def test_all_evidence_is_one_readable_line_each(world: World) -> None:
    """What was asked and what came back."""
    text = log("mail.moved.example", "203.0.113.20", "bob@moved.example", "Relay access denied")
    diagnosis = await diagnosed(world, text)

    assert [answer.detail for answer in diagnosis.evidence] == [
        "MX of moved.example: mx.newhost.example",
        "Is mail.moved.example a mail server of moved.example? No, its mail goes to mx.newhost.example",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "550 5.7.23 SPF: 203.0.113.40 is not allowed to send mail from sender.example",
        "550 5.7.26 The MAIL FROM domain [sender.example] has an SPF record with a hard fail policy (-all) but it fails "
        "to pass SPF checks with the ip: [203.0.113.40]. To best protect our users from spam, the message has been blocked.",
    ],
    ids=["plain", "gmail"],
)
async def test_an_spf_failure_gets_the_record_to_publish(world: World, text: str) -> None:
    """The whole record, with the address that the text names."""
    diagnosis = await diagnosed(world, text)

    assert "v=spf1 ip4:198.51.100.1 ip4:203.0.113.40 -all" in diagnosis.steps[0]


BY_A_LIST = """Return-Path: <>
Received: from mx.list.example by in.list.example; Mon, 3 Feb 2025 10:00:00 +0000
From: MAILER-DAEMON@mx.list.example
To: dev-bounces@list.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.list.example

Final-Recipient: rfc822; jo@stay.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 550 5.7.1 [203.0.113.81] Unauthenticated email from author.example is not accepted
 due to domain's DMARC policy.

--b
Content-Type: text/rfc822-headers

Return-Path: <dev-bounces@list.example>
Received: from out.author.example by mx.list.example; Mon, 3 Feb 2025 09:59:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=author.example; s=s1; h=from:subject; bh=YQ==; b=Yg==
From: "Ann" <ann@author.example>
To: dev@list.example
List-Post: <mailto:dev@list.example>

--b--
"""


async def test_a_list_in_front_of_a_reject_policy_is_told_what_to_do(world: World) -> None:
    """From the headers of the returned message to the step, and every look-up is shown."""
    diagnosis = await diagnosed(world, BY_A_LIST)

    assert diagnosis.first is not None
    assert diagnosis.first.cause == "dmarc-failed"
    assert diagnosis.first.facts.sender_domain == "list.example"
    assert diagnosis.steps[0].startswith("Tell the owner of the list dev@list.example")
    assert not any("From line (list.example)" in step for step in diagnosis.steps)
    assert [answer.detail for answer in diagnosis.evidence] == [
        "DMARC of author.example: policy reject (v=DMARC1; p=reject)",
        "SPF of list.example for 203.0.113.81: pass by ip4:203.0.113.81 in v=spf1 ip4:203.0.113.81 -all",
        "DKIM of author.example, selector s1: key under s1",
        "Does SPF for list.example count for From author.example? No: another organisation (list.example, not author.example)",
        "SPF of author.example for 203.0.113.81: fail by -all in v=spf1 ip4:203.0.113.80 -all",
        "Does DKIM for author.example count for From author.example? Yes, it is the same domain",
        "MX of stay.example: mx1.stay.example",
    ]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "550 5.7.25 [203.0.113.13] The IP address sending this message does not have a PTR record setup",
            "missing-ptr",
        ),
        (
            "550 5.7.25 [203.0.113.14] The IP address sending this message does not have a PTR record setup",
            "missing-ptr",
        ),
        (
            "550 5.7.23 SPF validation failed: 203.0.113.40 is not allowed to send mail from sender.example. "
            "Client host [203.0.113.40]",
            "spf-failed",
        ),
        (
            "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
            "ip-blocklisted",
        ),
        ("550 5.7.1 <bob@stay.example>: Relay access denied", "relay-denied"),
        ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", "bad-helo"),
        ("550 5.1.8 <jane@nope.example>: Sender address rejected: Domain not found", "sender-unverifiable"),
        (
            log("mx1.stay.example", "203.0.113.30", "bob@null.example", "Relay access denied"),
            "domain-not-found",
        ),
        (
            log("mail.moved.example", "203.0.113.20", "bob@moved.example", "Relay access denied"),
            "domain-not-hosted",
        ),
    ],
    ids=["no name", "a generic name", "SPF", "listed", "relay", "greeting", "sender", "null MX", "moved"],
)
async def test_no_step_says_what_evidence_says_more_exactly(world: World, text: str, cause: str) -> None:
    """The same advice is read once: no two steps share most of their words."""
    zone = ZONES + "14.113.0.203.in-addr.arpa. PTR 203-0-113-14.dyn.isp.example.\n"
    _, asker = await world(zone, catalogue=CATALOGUE)
    diagnosis = await DIAGNOSER.diagnose(text, asker)
    alike = [
        (one, other)
        for place, one in enumerate(diagnosis.steps)
        for other in diagnosis.steps[:place]
        if fuzz.token_set_ratio(one.lower(), other.lower()) > 70
    ]

    assert diagnosis.first is not None
    assert diagnosis.first.cause == cause
    assert (
        any(answer.outcome in (Outcome.FOUND, Outcome.ABSENT) for answer in diagnosis.evidence)
        or cause == "bad-helo"
    )
    assert alike == []
    assert len(diagnosis.steps) <= 7

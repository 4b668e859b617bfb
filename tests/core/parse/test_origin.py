"""Do the headers of the message that came back tell whose it is and which way it went?"""

import json
import time

import pytest

from bot.core.model import Catalogue, Origin, Signature
from bot.core.parse import parse
from bot.core.parse.mime import headers_of
from bot.core.parse.origin import origin_in, origin_of

HEADERS = """Return-Path: <bounce-77@em.mailer.example>
Received: from out.mailer.example by mx.own.example; Mon, 3 Feb 2025 09:59:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=Author.example;
	s=S1; h=from:to:subject; bh=abc=; b=de f=
DKIM-Signature: v=1; d=mailer.example; s=k
From: "Ann, the author" <Ann@Author.example>
To: jo@big.example
Subject: Hello
Message-ID: <1@author.example>
"""
ORIGIN = Origin(
    author_domain="author.example",
    envelope_domain="em.mailer.example",
    signatures=(
        Signature(domain="author.example", selector="s1"),
        Signature(domain="mailer.example", selector="k"),
    ),
)
REFUSAL = "550 5.7.1 Unauthenticated email from author.example is not accepted due to domain's DMARC policy."
STATUS = (
    "Reporting-MTA: dns; mx.own.example\n\nFinal-Recipient: rfc822; jo@big.example\nAction: failed\nStatus: 5.7.1\n"
    f"Diagnostic-Code: smtp; {REFUSAL}\n"
)
HEAD = (
    "Return-Path: <>\nReceived: from mx.own.example by in.own.example; Mon, 3 Feb 2025 10:00:00 +0000\n"
    "From: MAILER-DAEMON@mx.own.example\nTo: ann@author.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
)
EXIM = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered:\n\n"
    f"  jo@big.example\n    host mx.big.example [203.0.113.5]\n    SMTP error from remote mail server after end of data:\n    {REFUSAL}\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\n"
)


def report(kind: str, headers: str) -> str:
    return (
        f'{HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\nNot delivered.\n\n'
        f"--b\nContent-Type: message/delivery-status\n\n{STATUS}\n--b\nContent-Type: {kind}\n\n{headers}\n--b--\n"
    )


SES = json.dumps(
    {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [
                {"emailAddress": "jo@big.example", "status": "5.7.1", "diagnosticCode": f"smtp; {REFUSAL}"}
            ],
        },
        "mail": {
            "source": "bounce-77@em.mailer.example",
            "headers": [
                {"name": name, "value": value}
                for name, values in headers_of(HEADERS).items()
                for value in values
                if name != "return-path"
            ],
        },
    }
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(report("text/rfc822-headers", HEADERS), id="headers-part"),
        pytest.param(report("message/rfc822", f"{HEADERS}\nFrom: me@body.example\n"), id="message-part"),
        pytest.param(f"{HEAD}\n{EXIM}{HEADERS}\nBody\n", id="exim-mail"),
        pytest.param(f"{EXIM}{HEADERS}\nBody\n", id="exim-pasted"),
        pytest.param(f"> {EXIM}{HEADERS}\nBody\n".replace("\n", "\n> "), id="exim-quoted"),
        pytest.param(SES, id="ses-event"),
    ],
)
def test_the_returned_headers_tell(catalogue: Catalogue, text: str) -> None:
    """In a part of a mail, in a paste, in an event."""
    (rejection,) = parse(text, catalogue).rejections

    assert rejection.origin == ORIGIN


def test_the_bounce_went_to_the_envelope_sender(catalogue: Catalogue) -> None:
    """Where the returned headers have no Return-Path (RFC 5321 section 4.5.5)."""
    text = report("text/rfc822-headers", HEADERS.partition("\n")[2])
    (rejection,) = parse(text, catalogue).rejections

    assert rejection.envelope_domain == "author.example"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (REFUSAL, "author.example"),
        ("550 5.7.509 Access denied, sending domain author.example does not pass DMARC verification", "author.example"),
        ("550 5.7.1 The MAIL FROM domain [em.mailer.example] fails, see DMARC", None),
        ("550 5.1.1 <jo@big.example>: User unknown", None),
    ],
)  # fmt: skip
def test_a_refusal_by_dmarc_names_the_from_domain(
    catalogue: Catalogue, text: str, author: str | None
) -> None:
    """And one that speaks of MAIL FROM does not."""
    (rejection,) = parse(text, catalogue).rejections

    assert (rejection.origin.author_domain if rejection.origin else None) == author


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("ann@author.example", "author.example"),
        ("Ann <ann@author.example>", "author.example"),
        ('"pay@bank.example" <x@author.example>', "author.example"),
        ("=?utf-8?q?pay=40bank=2Eexample?= <x@author.example>", "author.example"),
        ("ann@author.example (Ann)", "author.example"),
        ("Ann <ann@münchen.example>", "münchen.example"),
        ("Ann <ann>", None),
        ("undisclosed", None),
        ("<ann@author.example\x00>", None),
        ("<ann@-.example>", None),
    ],
)
def test_the_domain_after_from(value: str, domain: str | None) -> None:
    """Never one that only stands in a display name."""
    found = origin_of({"from": [value], "dkim-signature": ["d=author.example; s=s"]})

    assert found is not None
    assert found.author_domain == domain


@pytest.mark.parametrize(
    ("fields", "list_", "forwarder"),
    [
        ("List-Id: Dev <dev.list.example>\nList-Post: <mailto:dev@list.example>", "dev@list.example", None),
        ("X-BeenThere: dev@list.example", "dev@list.example", None),
        ("X-Mailman-Version: 2.1\nList-Id: Dev <dev.list.example>", "dev.list.example", None),
        ("List-Id: News <news.author.example>\nList-Unsubscribe: <https://x.example>", None, None),
        ("Delivered-To: info@old.example", None, "old.example"),
        ("X-Forwarded-For: info@old.example jo@big.example", None, "old.example"),
        ("Resent-From: info@old.example", None, "old.example"),
        ("Return-Path: <SRS0=ab=cd=author.example=ann@old.example>", None, "old.example"),
        ("X-Mailman-Version: 2.1", None, None),
        ("Subject: nothing of it", None, None),
    ],
    ids=["post", "beenthere", "mailman", "newsletter", "delivered", "forwarded", "resent", "srs", "no-id", "none"],
)  # fmt: skip
def test_the_way_it_went(fields: str, list_: str | None, forwarder: str | None) -> None:
    """A discussion list has an address to post to, a newsletter has none; a forwarder leaves its marks."""
    found = origin_of(headers_of(f"From: ann@author.example\n{fields}\n"))

    assert found is not None
    assert (found.mailing_list, found.forwarder) == (list_, forwarder)


@pytest.mark.parametrize(
    "value",
    ["", "d=; s=x", "d=a b.example; s=x", "d=localhost", "d=" + "a." * 200 + "example", ";" * 5000, "\x00" * 100],
)  # fmt: skip
def test_a_broken_signature_is_none(value: str) -> None:
    """Nothing of it is asked of the DNS."""
    found = origin_of({"from": ["ann@author.example"], "dkim-signature": [value]})

    assert found is not None
    assert found.signatures == () or all(" " not in s.domain for s in found.signatures)


def test_few_signatures_are_read() -> None:
    """A hundred of them are not a hundred look-ups."""
    many = [f"v=1; d=d{n}.example; s=s" for n in range(100)]
    found = origin_of({"from": ["ann@author.example"], "dkim-signature": many})

    assert found is not None
    assert len(found.signatures) == 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x\nFrom: " + "<" * 500_000, id="brackets"),
        pytest.param("x\nFrom: " + "a@" * 250_000, id="at-signs"),
        pytest.param("x\n\nReceived: a\nReceived: b\nFrom: " + "\t\n" * 250_000, id="folding"),
        pytest.param("x\n\nReceived: a\nDKIM-Signature: " + "d=a.example;" * 50_000 + "\nFrom: a@b.example", id="tags"),
        pytest.param("x\n\nReceived: a\nReceived: b\nList-Post: " + "mailto:" * 80_000 + "\nFrom: a@b.example", id="list"),
    ],
)  # fmt: skip
def test_bait_costs_little(text: str) -> None:
    """Half a megabyte of what patterns may stumble over."""
    started = time.perf_counter()
    origin_in(text)

    assert time.perf_counter() - started < 1.0

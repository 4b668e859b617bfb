"""Hostile input: bounded in time, never an exception, nothing lost without a word."""

import time

import pytest

from bot.core.model import Catalogue
from bot.core.parse import TEXT_LIMIT, parse

MB = 1024 * 1024

BAIT = {
    "one-letter": "a" * MB,
    "at-signs": "a@" * (MB // 2),
    "nul": "\x00" * MB,
    "codes": "550 " * (MB // 4),
    "multi-line-codes": "550-5.7.1 " * (MB // 10),
    "angle-brackets": "<" * MB,
    "newlines": "\n" * MB,
    "spaces": " " * MB,
    "quote-marks": "> " * (MB // 2),
    "mail-to-nobody": "mail to " + "\t\n" * (MB // 2),
    "mail-to-a-fence": "mail to " + "`" * MB,
    "introductions": "the mail says `" + "to: <" * 590,
    "brackets": "(" * MB,
    "json-brackets": "[" * MB,
    "json-events": '{"event":' * (MB // 9),
    "dots": "a." * (MB // 2),
    "ips": "1.1.1.1 " * (MB // 8),
    "colons": "a:" * (MB // 2),
    "said": "host x.example[192.0.2.1] said: 550 no\n" * (MB // 40),
    "signatures": ("\n--\nab\n" + "@" * 60 + "a" * 119) * (MB // 185),
    "labels": "from: a@b.example -> " * (MB // 21),
    "conversations": ("2026-03-04T10:11:12.345Z," + "a," * 30 + ",<,") * (MB // 90),
    "windows-log": "a b 1.2.3.4 OutboundConnectionCommand a b c 25 " * (MB // 48),
    "records": "code=550, message='" * (MB // 19),
    "opensmtpd": "stat=PermFail for abcd: to=<" * (MB // 28),
    "dsn-fields": "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * (MB // 52),
    "nested-multipart": "From: a@b.example\nReceived: x\nContent-Type: multipart/mixed; boundary=b0\n\n"
    + "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(5000)),
    "many-parts": "From: a@b.example\nReceived: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    + "--b\nContent-Type: text/plain\n\nx\n" * 30000,
    "same-boundary": "From: a@b.example\nReceived: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20000,
    "open-tags": "From: mailer-daemon@b.example\nReceived: x\nContent-Type: text/html\n\n"
    + "<style>" * (MB // 7),
    "mail-of-addresses": "From: mailer-daemon@b.example\nReceived: x\nTo: a@b.example\n\nnothing "
    + "a@b.cd x " * (MB // 9),
    "mail-of-lost-lines": "From: mailer-daemon@b.example\nReceived: x\nTo: a@b.example\n"
    + "x: y\nlost\n" * (MB // 10),
    "mail-of-reasons": "From: mailer-daemon@b.example\nReceived: x\nTo: a@b.example\n\n"
    + "reason: because. " * (MB // 17),
    "mail-of-recipients": "From: mailer-daemon@b.example\nReceived: x\nTo: a@b.example\n\n"
    + "--- The following addresses had errors\n<a@b.example>\n" * (MB // 54),
    "folded-header": "From: a@b.example\nReceived: x\n" + "\tfold\n" * 150000 + "\nbody",
}


@pytest.mark.parametrize("name", BAIT)
def test_bait_is_bounded(name: str, catalogue: Catalogue) -> None:
    """A megabyte that is made to hurt takes a fraction of a second of work, as text and as bytes.

    The goal is 0.1 s; the test allows for a slow and busy machine, where the failures it guards against take minutes.
    """
    for data in (BAIT[name], BAIT[name].encode()):
        begin = time.process_time()
        parse(data, catalogue)

        assert time.process_time() - begin < 1.5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xfe\x00\xd8",
        bytes(range(256)) * 50,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 500,
        b"PK\x03\x04" * 90,
    ],
    ids=["empty", "nul", "half-utf16", "all-bytes", "png", "zip"],
)
def test_binary_is_no_bounce(data: bytes, catalogue: Catalogue) -> None:
    """Bytes that are no text give no sure bounce and no exception."""
    assert parse(data, catalogue).strength < 0.5


def test_long_text_is_cut_with_a_notice(catalogue: Catalogue) -> None:
    """What is cut is said, and what stands before the cut is read."""
    parsed = parse("550 5.1.1 <jo@firm.example>: User unknown\n\n" + "word " * TEXT_LIMIT, catalogue)

    assert parsed.rejections[0].facts.recipient == "jo@firm.example"
    assert len(parsed.notices) == 1


def test_a_short_text_has_no_notice(catalogue: Catalogue) -> None:
    """No notice where nothing was cut."""
    assert parse("550 5.1.1 User unknown", catalogue).notices == ()


def test_mentions_stay_words(catalogue: Catalogue) -> None:
    """Chat markup in a bounce is taken apart or kept as words: it never gives an address or a host."""
    facts = parse("550 5.1.1 <!channel> <@U12345> user unknown", catalogue).rejections[0].facts

    assert (facts.recipient, facts.rejecting_host) == (None, None)


@pytest.mark.parametrize(
    "text", ["550 5.1.1 user \ud800 unknown", "Hello,\n\n550 5.1.1 \udfff user unknown\n"]
)
def test_half_of_a_surrogate_pair_goes_no_further(text: str, catalogue: Catalogue) -> None:
    """What comes out can be encoded, whoever prints or keeps it."""
    found = parse(text, catalogue)

    assert found.rejections
    assert all((each.text + each.context).encode() for each in found.rejections)


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_every_unicode_file_is_read(name: str, catalogue: Catalogue) -> None:
    """With a byte order mark or without."""
    found = parse("550 5.1.1 <jane@example.org>: User unknown\n".encode(name), catalogue)

    assert [each.facts.recipient for each in found.rejections] == ["jane@example.org"]

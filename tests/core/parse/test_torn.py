"""Replies in the words of programs: exceptions, dumps and logs of mail libraries."""

import json

import pytest

from bot.core.model import Catalogue, Kind
from bot.core.parse import parse
from bot.core.parse.reply import find_replies
from bot.core.parse.torn import torn_replies, unescaped

WORDS = "Our gate keeps parcels from strangers outside, said <kim@firm.example>"

# name, text, the reply that must come out of it
SHOWN = [
    (
        "nodemailer",
        f"Error: Can't send mail - all recipients were rejected: 550 5.7.9 {WORDS}\n"
        "    at SMTPConnection._formatError (/srv/node_modules/nodemailer/lib/smtp-connection/index.js:1:2) {\n"
        f"  code: 'EENVELOPE',\n  response: '550 5.7.9 {WORDS}',\n  responseCode: 550,\n  command: 'RCPT TO',\n"
        "  rejected: [ 'kim@firm.example' ],\n  rejectedErrors: [Array]\n}",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "ironport",
        f"Info: Bounced: DCID 17 MID 99 to RID 0 - 5.1.0 - Unknown address error ('550', ['5.7.9 {WORDS}']) []",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "nodemailer-on-one-line",
        f"{{ Error: Message failed: 552 {WORDS} code: 'EMESSAGE', response: '552 {WORDS}', responseCode: 552, command: 'DATA' }}",
        f"552 {WORDS}",
    ),
    (
        "nodemailer-code-first",
        f"smtp said {{ responseCode: 550, response: \"550 5.7.9 {WORDS}\", command: 'DATA' }}",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "nodemailer-literal-of-lines",
        "mail failed {\n  code: 'EMESSAGE',\n  response: '550-5.7.9 Our gate keeps parcels\\n' +\n"
        "    '550 5.7.9 from strangers outside',\n  responseCode: 550\n}",
        "550 5.7.9 Our gate keeps parcels from strangers outside",
    ),
    (
        "nodemailer-json",
        json.dumps(
            {
                "code": "EENVELOPE",
                "response": '550 Unter "kim@firm.example" kennt für uns keiner wen',
                "responseCode": 550,
                "command": "RCPT TO",
            }
        ),
        '550 Unter "kim@firm.example" kennt für uns keiner wen',
    ),
    (
        "phpmailer",
        f"SMTP Error: data not accepted.SMTP server error: DATA END command failed Detail: {WORDS} SMTP code: 550 Additional SMTP info: 5.7.9",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "phpmailer-without-status",
        f"Mailer Error: SMTP server error: RCPT TO command failed Detail: {WORDS}\r\n SMTP code: 554",
        f"554 {WORDS}",
    ),
    (
        "phpmailer-other-codes-in-the-words",
        "SMTP server error: DATA END command failed Detail: Refused as 552 parcels came SMTP code: 550",
        "550 Refused as 552 parcels came",
    ),
    (
        "phpmailer-in-german",
        f"SMTP Fehler: SMTP-Serverfehler: Detail: {WORDS} SMTP Code: 550 Zusätzliche SMTP-Informationen: 5.7.9",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "phpmailer-in-french",
        f"Erreur SMTP : Détails : {WORDS} Code SMTP : 550 Informations supplémentaires SMTP : 5.7.9",
        f"550 5.7.9 {WORDS}",
    ),
    (
        "smtplib-recipients",
        "smtplib.SMTPRecipientsRefused: {'kim@firm.example': (550, b'5.1.1 Zu gro\\xc3\\x9f\\n5.1.1 ist die Post')}",
        "550 5.1.1 Zu groß ist die Post",
    ),
    (
        "elixir",
        '{:error, {:permanent_failure, "mx.firm.example", "550 5.7.9 Our gate is closed to kim@firm.example\\r\\n"}}',
        "550 5.7.9 Our gate is closed to kim@firm.example",
    ),
    (
        "smtplib",
        f'smtplib.SMTPDataError: (552, b"{WORDS}, isn\'t it")',
        f"552 {WORDS}, isn't it",
    ),
    (
        "smtplib-lines-and-bytes",
        "smtplib.SMTPDataError: (552, b'5.2.3 Zu gro\\xc3\\x9f\\n5.2.3 die Post von kim@firm.example')\n\n"
        "During handling of the above exception, another exception occurred:",
        "552 5.2.3 Zu groß die Post von kim@firm.example",
    ),
]


@pytest.mark.parametrize(("text", "reply"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_the_reply_is_put_together_again(text: str, reply: str, catalogue: Catalogue) -> None:
    """Of what a program shows, the reply alone is read, with its codes in front."""
    parsed = parse(text, catalogue)

    assert parsed.kind is Kind.BOUNCE
    assert [item.text for item in parsed.rejections] == [reply]


WRAPPED = [
    (
        "phpmailer",
        "SMTP Error: data not accepted. Detail: Our gate keeps\nparcels from strangers outside SMTP\ncode: 550 Additional\nSMTP info: 5.7.9",
    ),
    (
        "dotnet",
        "Mailbox unavailable. The server\nresponse was: 550 5.7.9 Our gate keeps\nparcels from strangers outside",
    ),
    (
        "exchange-trace",
        "Reason: [{LED=550 5.7.9 Our gate keeps\nparcels from strangers outside};\n{MSG=};{FQDN=mx.firm.example}]",
    ),
    (
        "smtplib",
        "smtplib.SMTPRecipientsRefused: {'kim@firm.example':\n(550, b'5.7.9 Our gate keeps\nparcels from strangers outside')}",
    ),
    (
        "nodemailer",
        "Message failed { response: '550 5.7.9 Our gate keeps\nparcels from strangers outside',\nresponseCode: 550 }",
    ),
]


@pytest.mark.parametrize("text", [row[1] for row in WRAPPED], ids=[row[0] for row in WRAPPED])
def test_a_mail_program_wrapped_it(text: str, catalogue: Catalogue) -> None:
    """Lines that were broken on the way are whole again."""
    found = parse(text, catalogue).rejections

    assert [item.text for item in found] == ["550 5.7.9 Our gate keeps parcels from strangers outside"]


# name, text, the server's words, the host that the program names
TOLD = [
    (
        "dotnet",
        f"System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server response was: 5.7.9 {WORDS}\n"
        "   at System.Net.Mail.SmtpTransport.SendMail(MailAddress sender, MailAddressCollection recipients)\n"
        "   at System.Net.Mail.SmtpClient.Send(MailMessage message)",
        f"5.7.9 {WORDS}",
        None,
    ),
    (
        "dotnet-on-one-line",
        f"Unhandled exception. System.Net.Mail.SmtpException: Transaction failed. The server response was: {WORDS}"
        " at System.Net.Mail.DataStopCommand.CheckResponse(SmtpStatusCode statusCode, String serverResponse)",
        WORDS,
        None,
    ),
    (
        "dotnet-quoted",
        f'the shop says "Mailbox unavailable. The server response was: 5.7.9 {WORDS}" and nothing else',
        f"5.7.9 {WORDS}",
        None,
    ),
    (
        "thunderbird",
        f"An error occurred while sending mail. The mail server responded: 5.7.9 {WORDS}. Please check the message "
        'recipient "kim@firm.example" and try again.',
        f"5.7.9 {WORDS}.",
        None,
    ),
    (
        "perl",
        f"SMTP recipient() command failed: \n5.7.9 {WORDS}\n at /usr/share/perl5/MIME/Lite.pm line 2800.",
        f"5.7.9 {WORDS}",
        None,
    ),
    (
        "exchange-trace",
        f"Reason: [{{LED=550 5.7.9 {WORDS}}};{{MSG=}};{{FQDN=mx.firm.example}};{{IP=192.0.2.7}};{{LRT=1/2/2026 3:04:05 AM}}]",
        f"550 5.7.9 {WORDS}",
        "mx.firm.example",
    ),
    (
        "exchange-trace-in-another-order",
        f"250 2.1.5 Event: FAIL Error: [{{LRT=1/2/2026 3:04:05 AM}};{{LED=550 5.7.9 {WORDS}}};{{FQDN=mx.firm.example}}]",
        f"550 5.7.9 {WORDS}",
        "mx.firm.example",
    ),
]


@pytest.mark.parametrize(("text", "words", "host"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_what_a_program_says_that_a_server_said(
    text: str, words: str, host: str | None, catalogue: Catalogue
) -> None:
    """The server's words are read without the program's own, and the recipient that stands beside them."""
    first = parse(text, catalogue).rejections[0]

    assert (first.text, first.facts.rejecting_host) == (words, host)
    assert first.facts.recipient == "kim@firm.example"


@pytest.mark.parametrize(
    "text",
    [
        'Assert.Contains("The server response was: 5.7.9 no", error.Message);\nreturn false;',
        "The server response was:",
        "the web server responded: all is well",
    ],
    ids=["test", "nothing", "web"],
)
def test_no_server_of_mail_said_anything(text: str, catalogue: Catalogue) -> None:
    """What tests expect, an announcement of nothing and other servers are no bounce."""
    assert parse(text, catalogue).strength < 0.5


# name, text: nothing here is a reply in pieces
WHOLE = [
    ("no-code", "SMTP server error: DATA END command failed Detail: Our gate is closed"),
    ("no-words", "SMTP server error: RCPT TO command failed Detail: SMTP code: 550"),
    ("no-detail", "SMTP Error: Could not connect. SMTP code: 553"),
    ("a-tuple-of-numbers", "we sold (550, 'chairs') and (450, 'tables')"),
    ("a-response-of-the-web", "{ response: 'Not Found', responseCode: 404 }"),
    ("an-open-literal", "{ response: '550 5.1.1 it never ends, responseCode: 550 }"),
]


@pytest.mark.parametrize("text", [row[1] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_nothing_is_put_together_that_is_no_reply_in_pieces(text: str) -> None:
    """A piece without its other half, or of something else, gives no reply."""
    assert torn_replies(text) == []


def test_a_code_that_is_told_once_stays(catalogue: Catalogue) -> None:
    """The code beside a reply is a copy of its own code only where the reply stands there."""
    first = parse(
        "mail to kim@firm.example failed { responseCode: 552, command: 'DATA' }", catalogue
    ).rejections[0]

    assert first.facts.reply == "552"


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("it\\'s", "it's"),
        ("f\\u00fcr \\x41", "für A"),
        ("\\ud83d\\ude00", "\U0001f600"),
        ("half \\ud83d", "half \ufffd"),
        ("one\\ntwo\\tthree", "one\ntwo three"),
        ("back\\\\slash", "back\\slash"),
        ("trailing \\", "trailing \\"),
    ],
    ids=["quote", "numbers", "pair", "half-a-pair", "controls", "backslash", "nothing-behind"],
)
def test_escapes(literal: str, text: str) -> None:
    """Escapes of JavaScript, JSON and Python become what they stand for."""
    assert unescaped(literal) == text


@pytest.mark.parametrize(
    "bait",
    [
        "response: '" + "\\'" * 20_000,
        "Detail: SMTP code: 550 " * 3000,
        "(550, b'" * 8000,
        "response: 'a' + " * 4000,
    ],
    ids=["escapes", "details", "tuples", "sums"],
)
def test_bait_takes_no_time(bait: str) -> None:
    """Text made to keep the patterns busy is read in time that grows with its length."""
    assert len(torn_replies("responseCode " + bait)) <= 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Result(ok=False, code=550, message='5.1.1 no such user')", ("550", "5.1.1")),
        ('SmtpError(status_code=452, enhanced="4.2.2", text="mailbox full")', ("452", "4.2.2")),
        ('{smtp_code="554", smtp_message="5.7.1 mail refused"}', ("554", "5.7.1")),
    ],
    ids=["dataclass", "status apart", "map"],
)
def test_records_show_code_and_words_apart(text: str, expected: tuple[str, str]) -> None:
    """What a record of some language names code and message is a reply."""
    (found,) = find_replies(text)

    assert (found.code, found.status) == expected


@pytest.mark.parametrize(
    "text",
    [
        "code=550",
        "exit code=512, duration=3",
        "statusCode=503, body=None",
        "code=550, count='3'",
        "Error(code=503, message='Service Unavailable')",
    ],
)
def test_other_records_are_no_replies(text: str) -> None:
    """A number without a message says nothing."""
    assert find_replies(text) == []

"""What people really paste: ten kinds, each with bounces and with near misses."""

import pytest

from bot.core.model import Catalogue, Frame, Kind
from bot.core.parse import parse

FENCE = "```"

# name, text, facts that must come out (of the first rejection)
BOUNCES = [
    # 1. re-wrapped multi-line replies
    (
        "wrapped-mid-sentence",
        "our invoices to gmail fail:\n550-5.7.26 This mail has been blocked because the sender is\n"
        "unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate\n550-5.7.26 with either SPF or\n"
        "DKIM. 550 5.7.26 ab12-34cd.5 - gsmtp\n\nany hint?",
        {"reply": "550", "status": "5.7.26", "provider": "google"},
    ),
    (
        "repeated-status-only",
        'pop-up says "552 5.7.0 This message was blocked because its content 5.7.0 presents a potential '
        'security 5.7.0 issue. q1-2 - gsmtp"',
        {"reply": "552", "status": "5.7.0", "provider": "google"},
    ),
    # 2. the code torn from its text
    (
        "code-then-additional-info",
        "SMTP Error: Could not connect. SMTP code: 553 Additional SMTP info: 5.7.1 <a@shop.example>: not logged in",
        {"reply": "553", "status": "5.7.1"},
    ),
    (
        "bracketed-code",
        "Mailer said [552] 5.3.4 Message is too big for us",
        {"reply": "552", "status": "5.3.4"},
    ),
    (
        "zoho-codes",
        "jane@firm.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 no such mailbox",
        {"reply": "550", "status": "5.1.1", "recipient": "jane@firm.example"},
    ),
    (
        "python-tuple",
        "smtplib.SMTPDataError: (552, b'5.2.3 Message size exceeds the limit of this server')",
        {"reply": "552", "status": "5.2.3"},
    ),
    (
        "python-refused-dict",
        "smtplib.SMTPRecipientsRefused: {'bob@firm.example': (550, b'5.1.1 <bob@firm.example>: user unknown')}",
        {"reply": "550", "status": "5.1.1", "recipient": "bob@firm.example"},
    ),
    (
        "code-in-brackets-behind",
        "5.7.0 Authentication is needed first (Code: 530) in /srv/app/mail.php on line 551",
        {"reply": "530", "status": "5.7.0"},
    ),
    (
        "go-struct",
        '&textproto.Error{Code:554, Msg:"5.7.1 <z@firm.example>: Relay access denied"}',
        {"reply": "554", "status": "5.7.1", "recipient": "z@firm.example"},
    ),
    (
        "expected-but-got",
        'Expected response code 250 but got code "452", with message "452 4.2.2 The mailbox is over its quota"',
        {"reply": "452", "status": "4.2.2", "temporary": True},
    ),
    # 3. no code whatsoever
    (
        "gmail-address-not-found",
        "> Address not found\n> Your message wasn't delivered to kim@firm.example because the address couldn't be found",
        {"reply": None, "recipient": "kim@firm.example"},
    ),
    (
        "exchange-has-failed",
        "> Delivery has failed to these recipients or groups:\n> \n> jo@firm.example\n> The mailbox is full.",
        {"reply": None, "recipient": "jo@firm.example"},
    ),
    # 4. nested replies
    (
        "nested-smtp",
        "> jo@firm.example\n> Remote Server returned '554 5.7.0 < #5.7.134 smtp;550 5.7.134 "
        "RESOLVER.RST.SenderNotAuthenticatedForMailbox; not allowed>'",
        {"reply": "550", "status": "5.7.134", "recipient": "jo@firm.example", "provider": "microsoft"},
    ),
    (
        "nested-generating-server",
        "The following recipient(s) could not be reached:\n\n  jo@firm.example on 1/2/2012 9:00 AM\n"
        "   There was a problem.\n   <gw.own.example #5.5.0 SMTP; 553 <jo@firm.example>: no relaying here>",
        {"reply": "553", "status": "5.5.0", "recipient": "jo@firm.example", "rejecting_host": None},
    ),
    # 5. contradictory wrappers
    (
        "deferred-around-554",
        "Feb  1 10:00:00 mx postfix/smtp[77]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[198.51.100.7]:25, "
        "delay=5, delays=1/1/1/2, dsn=4.0.0, status=deferred (host mx.firm.example[198.51.100.7] refused to talk to me: "
        "554 No service for your address 192.0.2.9)",
        {
            "reply": "554",
            "status": "4.0.0",
            "temporary": False,
            "rejecting_host": "mx.firm.example",
            "sending_ip": "192.0.2.9",
        },
    ),
    (
        "other-codes-in-the-chatter",
        "is that the same as the 421 from last week?\n> host mx.firm.example[198.51.100.7] said: 550 5.1.1 "
        "<jo@firm.example>: no such user here (in reply to RCPT TO command)",
        {
            "reply": "550",
            "status": "5.1.1",
            "recipient": "jo@firm.example",
            "rejecting_host": "mx.firm.example",
        },
    ),
    # 6. translated reports and chatter
    (
        "german",
        "Kundin schickt das:\n> Ihre Nachricht konnte nicht zugestellt werden an jo@firm.example.\n> "
        "550 5.1.1 Benutzer unbekannt",
        {"reply": "550", "status": "5.1.1", "recipient": "jo@firm.example"},
    ),
    (
        "french",
        "Bonjour, ça veut dire quoi ?\n> Votre message n'a pas pu être remis à jo@firm.example\n> 552 5.2.2 boîte pleine",
        {"reply": "552", "status": "5.2.2", "recipient": "jo@firm.example"},
    ),
    ("chinese", "退信了:550 5.1.1 <jo@firm.example> 用户不存在", {"reply": "550", "status": "5.1.1"}),
    (
        "russian",
        "Вот что пришло: 550 5.7.1 Сообщение отклонено как спам",
        {"reply": "550", "status": "5.7.1"},
    ),
    # 7. mangled hosts and addresses
    (
        "slack-links-everywhere",
        "host <http://mx.firm.example|mx.firm.example>[198.51.100.7] said: 550 5.1.1 "
        "&lt;<mailto:jo@firm.example|jo@firm.example>&gt;: User unknown (in reply to RCPT TO command)",
        {
            "reply": "550",
            "recipient": "jo@firm.example",
            "rejecting_host": "mx.firm.example",
        },
    ),
    (
        "html-mailto",
        '550 5.1.1 <a href="mailto:jo@firm.example">jo@firm.example</a>: Recipient address rejected',
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "smart-quotes",
        "Exception: Expected code 250, got “550 5.1.1 The user does not exist here” instead",
        {"reply": "550", "status": "5.1.1"},
    ),
    # 8. the receiving side's logs
    (
        "noqueue",
        "Feb  1 10:00:00 mx postfix/smtpd[7]: NOQUEUE: reject: RCPT from out.shop.example[192.0.2.9]: 450 4.7.1 "
        "<out.shop.example>: Helo command rejected: Host not found; from=<news@shop.example> to=<jo@firm.example> "
        "proto=ESMTP helo=<out.shop.example>",
        {
            "reply": "450",
            "status": "4.7.1",
            "recipient": "jo@firm.example",
            "sender": "news@shop.example",
            "sending_ip": "192.0.2.9",
            "rejecting_host": None,
            "provider": None,
            "temporary": True,
        },
    ),
    (
        "milter-reject",
        "postfix/cleanup[9]: 4A5B6C7D8E: milter-reject: END-OF-MESSAGE from out.shop.example[192.0.2.9]: 5.7.1 "
        "Looks like spam; from=<news@shop.example> to=<jo@firm.example> proto=ESMTP helo=<x>",
        {"reply": None, "status": "5.7.1", "sending_ip": "192.0.2.9", "recipient": "jo@firm.example"},
    ),
    # 9. typo recipients, several recipients, several pastes
    (
        "typo-domain",
        "550 5.1.2 <jo@hotmial.com>: Recipient address rejected: Domain not found",
        {"recipient": "jo@hotmial.com", "recipient_domain": "hotmial.com", "suggestion": "hotmail.com"},
    ),
    (
        "trailing-underscore",
        "550 5.1.2 <jo@gmail.com_>: Recipient address rejected: Domain not found",
        {"recipient": "jo@gmail.com_", "suggestion": "gmail.com"},
    ),
    # 10. temporary and blocklists
    (
        "blocklist",
        "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org",
        {"blocklist": "zen.spamhaus.org", "sending_ip": "192.0.2.9", "provider": None},
    ),
    (
        "envelope-in-the-words",
        "550 5.7.1 <own@shop.example>: Sender address rejected: not owned by user x",
        {"sender": "own@shop.example", "sender_domain": "shop.example", "recipient": None},
    ),
    (
        "smtp-conversation",
        "$ telnet mx.firm.example 25\n220 mx.firm.example ESMTP\nMAIL FROM:<own@shop.example>\n250 2.1.0 Ok\n"
        "RCPT TO:<jo@firm.example>\n550 5.1.1 User unknown\nQUIT\n221 Bye",
        {
            "reply": "550",
            "recipient": "jo@firm.example",
            "sender": "own@shop.example",
            "rejecting_host": "mx.firm.example",
        },
    ),
]

NOT_BOUNCES = [
    ("ftp-reply", "upload job:\n> STOR report.csv\n< 550 Permission denied, cannot create the file"),
    ("ftp-client", "FileZilla shows 550 File unavailable on the client's server"),
    ("http", "curl says HTTP/1.1 421 Misdirected Request, nginx in front"),
    ("version", "we moved to release 5.7.1 yesterday, all tests are green"),
    ("order-number", "order 550 is still not packed, can someone look?"),
    ("price", "the tool costs $550 instead of $421 from next year"),
    ("count", "550 emails were rejected by the import yesterday"),
    ("what-does-it-mean", "what does 550 5.7.1 mean?"),
    ("list-of-codes", "blog post about codes like 550, 554 or 421, good read"),
    (
        "out-of-office",
        "> Automatic reply: Offer\n> I am out of the office until Monday, please call extension 550",
    ),
    (
        "delivery-receipt",
        "> Your message has been delivered to the following recipients:\n> jo@firm.example\n> Subject: Offer",
    ),
    ("read-receipt", "> Your message was read by jo@firm.example on Monday\n> This is a return receipt"),
    (
        "test-table-in-code",
        FENCE + "\nassert_equal('no-such-user', classify('550 5.1.1 User unknown'))\n" + FENCE,
    ),
    ("constant", "const REJECT = '550 5.7.1 Message rejected'; // sent to the client"),
    ("sql-rule", "INSERT INTO bounce_rules (pattern, kind) VALUES ('550 5.1.1 user unknown', 'hard')"),
    ("bounce-rate", "bounce rate on the landing page is 55.0 % this week"),
    ("bounce-of-money", "the direct debit of customer 550 bounced again"),
    (
        "log-sent",
        "postfix/smtp[7]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)",
    ),
    ("sip", "the trunk answers SIP 486 and sometimes 503, non-success response"),
    ("pod", "mailer-6c9b-x2   0/1   CrashLoopBackOff   550 (3m ago)   2d"),
    ("plain-chat", "morning all, coffee machine is fixed"),
    ("talk-about-bounces", "mails to their list bounce since we changed the MX, I think we should ask them"),
    ("docs-talk", "the paragraph on 5.7.708 is unclear, whose reputation is meant?"),
]


@pytest.mark.parametrize(("text", "facts"), [row[1:] for row in BOUNCES], ids=[row[0] for row in BOUNCES])
def test_facts_of_what_people_paste(text: str, facts: dict[str, object], catalogue: Catalogue) -> None:
    """Each kind of paste gives the facts that it states."""
    parsed = parse(text, catalogue)
    found = {name: getattr(parsed.rejections[0].facts, name) for name in facts}

    assert found == facts


@pytest.mark.parametrize("text", [row[1] for row in BOUNCES], ids=[row[0] for row in BOUNCES])
def test_bounces_are_strong_enough_to_be_decided(text: str, catalogue: Catalogue) -> None:
    """The form of a bounce alone, or with a match beside it, is enough to speak."""
    assert parse(text, catalogue).strength >= 0.4


@pytest.mark.parametrize("text", [row[1] for row in NOT_BOUNCES], ids=[row[0] for row in NOT_BOUNCES])
def test_near_misses_are_not_sure_bounces(text: str, catalogue: Catalogue) -> None:
    """What only looks like a bounce never gets the strength at which the form alone decides."""
    parsed = parse(text, catalogue)

    assert parsed.strength < 0.5 or not parsed.rejections


def test_reply_is_one_clean_line(catalogue: Catalogue) -> None:
    """Continuation codes go, the first codes stay."""
    text = "550-5.1.1 The account does\n550-5.1.1 not exist. Please try\n550 5.1.1 again. x1 - gsmtp"

    assert parse(text, catalogue).rejections[0].text == (
        "550 5.1.1 The account does not exist. Please try again. x1 - gsmtp"
    )


def test_several_recipients_keep_their_own_replies(catalogue: Catalogue) -> None:
    """Two Postfix paragraphs are two rejections with complete facts each."""
    text = (
        "<a@firm.example>: host mx.firm.example[198.51.100.7] said: 550 5.1.1 unknown user\n"
        "    (in reply to RCPT TO command)\n\n"
        "<b@other.example>: host mx.other.example[198.51.100.8] said: 552 5.2.2 mailbox\n"
        "    full (in reply to RCPT TO command)\n"
    )
    found = [
        (item.facts.recipient, item.facts.reply, item.facts.status, item.facts.rejecting_host, item.text)
        for item in parse(text, catalogue).rejections
    ]

    assert found == [
        ("a@firm.example", "550", "5.1.1", "mx.firm.example", "550 5.1.1 unknown user"),
        ("b@other.example", "552", "5.2.2", "mx.other.example", "552 5.2.2 mailbox full"),
    ]


def test_a_bare_line_is_a_reply(catalogue: Catalogue) -> None:
    """The short way for one line gives the same frame as the long one."""
    assert parse("550 5.1.1 User unknown", catalogue).rejections[0].frame is Frame.REPLY


def test_the_receiving_side_is_marked(catalogue: Catalogue) -> None:
    """A refusal in one's own log is told from a bounce that came back."""
    text = "NOQUEUE: reject: RCPT from x.example[192.0.2.9]: 554 5.7.1 <x.example>: Client host rejected; from=<> to=<a@b.example>"

    assert parse(text, catalogue).rejections[0].receiving_side


def test_a_feedback_report_is_its_own_kind(catalogue: Catalogue) -> None:
    """An abuse report names no failed recipient."""
    assert parse("Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1", catalogue).kind is Kind.FEEDBACK_REPORT


def test_several_pastes_in_one_message(catalogue: Catalogue) -> None:
    """Two replies that name two recipients are two rejections, in the order of the text."""
    text = (
        "first one:\n> 550 5.1.1 <a@firm.example>: User unknown\n"
        "and this came later:\n> 552 5.2.2 <b@other.example>: mailbox full\n"
    )
    found = parse(text, catalogue).rejections

    assert [(item.facts.recipient, item.facts.status) for item in found] == [
        ("a@firm.example", "5.1.1"),
        ("b@other.example", "5.2.2"),
    ]


def test_an_outlook_file(catalogue: Catalogue) -> None:
    """Of a .msg file the words of its UTF-16 streams are read."""
    body = "Delivery has failed to these recipients or groups:\r\n\r\njo@firm.example\r\nThe mailbox is full.\r\n"
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + body.encode("utf-16-le") + b"\x00" * 64

    assert parse(data, catalogue).rejections[0].facts.recipient == "jo@firm.example"


@pytest.mark.parametrize(
    "text",
    ["This message has not yet been delivered.", "Your message has not been delivered to jo@firm.example."],
    ids=["delay", "failure"],
)
def test_what_was_not_delivered_is_no_receipt(text: str, catalogue: Catalogue) -> None:
    """The words of a receipt with a "not" in front speak of a failure or a delay."""
    parsed = parse(text, catalogue)

    assert parsed.rejections
    assert parsed.kind is not Kind.RECEIPT


def test_a_backtick_ends_a_reply_that_stands_between_two(catalogue: Catalogue) -> None:
    """Chats mark code so; what follows is the talk of people."""
    parsed = parse("I get `550 5.1.1 User unknown` for all of them", catalogue)

    assert parsed.rejections[0].text == "550 5.1.1 User unknown"


def test_a_quotation_ends_where_it_was_opened(catalogue: Catalogue) -> None:
    """What a person quotes with more before the code; what follows is the person's own."""
    parsed = parse('He writes "Error: the server responded: 530 5.7.0 Log in first". Any idea?', catalogue)

    assert parsed.rejections[0].text == "530 5.7.0 Log in first"


@pytest.mark.parametrize(
    "text",
    [
        '550 5.1.1 The user "jo" is not known here',
        'log="x" said: 550 5.1.1 The user "jo" is not known here',
        '{"error": "smtp; 550 5.1.1 The user \\"jo\\" is not known here"}',
    ],
    ids=["no quotation", "a closed one before", "escaped marks"],
)
def test_a_quoted_word_is_part_of_the_reply(catalogue: Catalogue, text: str) -> None:
    """Only a mark that closes a quotation ends the reply."""
    assert parse(text, catalogue).rejections[0].text.endswith("not known here")


def test_a_line_broken_behind_its_code_goes_on(catalogue: Catalogue) -> None:
    """Postfix breaks long lines anywhere, so the words of a code may begin a line with an address."""
    text = (
        "<a@firm.example>: host mx.firm.example[198.51.100.7] said: 552 5.2.2\n"
        "    <a@firm.example>: Quota exceeded (in reply to end of DATA command)\n\n"
        "<b@firm.example>: host mx.firm.example[198.51.100.7] said: 550 5.1.1\n"
        "    <b@firm.example>: User unknown (in reply to RCPT TO command)\n"
    )
    found = [(item.facts.recipient, item.text) for item in parse(text, catalogue).rejections]

    assert found == [
        ("a@firm.example", "552 5.2.2 <a@firm.example>: Quota exceeded"),
        ("b@firm.example", "550 5.1.1 <b@firm.example>: User unknown"),
    ]


def test_a_name_quoted_with_a_backtick_is_part_of_the_reply(catalogue: Catalogue) -> None:
    """Unix programs write `name'; the reply goes on behind it."""
    parsed = parse("554 Access denied: User `arn:aws:user/mailer' is not authorized", catalogue)

    assert parsed.rejections[0].text.endswith("is not authorized")


@pytest.mark.parametrize(
    "text",
    [
        f"what does it want from us\n{FENCE}\n550 that name is unknown to all of us\n{FENCE}\nthe customer says all is fine",
        "the shop only shows `550 that name is unknown to all of us`",
    ],
    ids=["block", "quotation"],
)
def test_a_reply_that_stands_by_itself(text: str, catalogue: Catalogue) -> None:
    """A block or a quotation with a refusal alone in it is pasted, though no word around it speaks of mail."""
    assert parse(text, catalogue).strength >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        f"what does it want from us\n{FENCE}\n550 cannot open file\n{FENCE}\nupload of the folder over ftp",
        f"so many today\n{FENCE}\n550 chairs, 12 tables\n{FENCE}\nin the warehouse",
        "the shop shows 550 that name is unknown to all of us and then stops",
    ],
    ids=["ftp", "things", "in-a-sentence"],
)
def test_a_number_and_words_are_no_reply(text: str, catalogue: Catalogue) -> None:
    """File transfer, counts, and sentences that nothing sets apart stay doubtful."""
    assert parse(text, catalogue).strength < 0.5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "SMTP Error: The following recipients failed: jo@firm.example: User unknown\nann@other.example: Mailbox full\n",
            [("jo@firm.example", "User unknown"), ("ann@other.example", "Mailbox full")],
        ),
        (
            "Mailer Error: SMTP Error: The following recipients failed: jo@firm.example, ann@other.example",
            [
                ("jo@firm.example", "The following recipients failed"),
                ("ann@other.example", "The following recipients failed"),
            ],
        ),
        (
            "The following recipients failed: jo@firm.example: <jo@firm.example>: Rejected: no such user ann@other.example: "
            "<ann@other.example>: Relay access denied in /var/www/send.php:12",
            [
                ("jo@firm.example", "<jo@firm.example>: Rejected: no such user"),
                ("ann@other.example", "<ann@other.example>: Relay access denied"),
            ],
        ),
    ],
    ids=["one a line", "addresses alone", "on one line"],
)
def test_each_recipient_that_phpmailer_names(
    text: str, found: list[tuple[str, str]], catalogue: Catalogue
) -> None:
    """PHPMailer tells all of them in one sentence, each with what the server said, or none."""
    rejections = parse(text, catalogue).rejections

    assert [(item.facts.recipient, item.text) for item in rejections] == found


def test_one_recipient_that_phpmailer_names(catalogue: Catalogue) -> None:
    """With one recipient the words behind it are the server's."""
    rejections = parse(
        "SMTP Error: The following recipients failed: jo@firm.example: User unknown", catalogue
    ).rejections

    assert [(item.facts.recipient, item.text) for item in rejections] == [("jo@firm.example", "User unknown")]

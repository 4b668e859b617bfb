"""Facts come from what the text states: whose address, whose host, and for how long."""

import pytest

from bot.core.model import Catalogue
from bot.core.parse import parse


@pytest.mark.parametrize(
    ("text", "temporary"),
    [
        ("421 Service is closing, mail is not accepted", True),
        ("550 No such mailbox", False),
        ("mailbox unknown here (#5.1.1)", False),
        ("Your message has not yet been delivered to jo@firm.example. We will keep trying.", True),
        ("A message could not be delivered. This is a permanent error: jo@firm.example", False),
        ("Your message could not be delivered to jo@firm.example.", None),
        ("postfix/smtp[1]: connect to mx.firm.example[198.51.100.7]:25: Connection timed out", None),
        (
            "2024-06-03 09:12:00 1sE1wz-0001Ab-Cd == jo@firm.example R=dnslookup T=remote_smtp defer (110): timed out",
            True,
        ),
        (
            "2024-06-03 09:12:00 1sE1wz-0001Ab-Cd ** jo@firm.example R=dnslookup T=remote_smtp: mailbox unknown",
            None,
        ),
        (
            "2024-06-03 09:12:00 H=mail.shop.example [203.0.113.7] F=<n@shop.example> rejected RCPT <jo@firm.example>: "
            "Sender verify failed",
            None,
        ),
        (
            "2024-06-03 09:12:00 H=mail.shop.example [203.0.113.7] F=<n@shop.example> temporarily rejected RCPT "
            "<jo@firm.example>: greylisted",
            True,
        ),
        (
            "<jo@firm.example>: 554 5.7.1 not now\n\nFinal-Recipient: rfc822; jo@firm.example\nAction: delayed\nStatus: 4.7.1",
            True,
        ),
        (
            "<jo@firm.example>: 554 5.7.1 not now\n\nFinal-Recipient: rfc822; jo@firm.example\nAction: failed\nStatus: 4.7.1",
            False,
        ),
        ("Failed to add recipient: mail is refused here. (Code: 554)", False),
        ("Failed to send the mail: the server answered with an error (code 12)", None),
    ],
    ids=[
        "4xx",
        "5xx",
        "status",
        "delay",
        "permanent",
        "nothing said",
        "no state",
        "exim defers",
        "exim gives up",
        "exim refuses",
        "exim refuses for now",
        "a notice of a delay",
        "a notice of the end",
        "a code behind the words",
        "a number of another kind",
    ],
)
def test_temporary_is_what_the_text_says(text: str, temporary: bool | None, catalogue: Catalogue) -> None:
    """Where neither a code nor a word tells, nobody knows."""
    assert parse(text, catalogue).rejections[0].facts.temporary is temporary


@pytest.mark.parametrize(
    ("text", "recipient", "sender"),
    [
        (
            "A message sent by <n@shop.example> could not be delivered to one of its recipients:\n\n  jo@firm.example\n"
            "    550 No such mailbox",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "X-Postfix-Sender: rfc822; n@shop.example\n<jo@firm.example>: host mx.firm.example[198.51.100.7] said: 550 "
            "5.1.1 mailbox unknown",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "Email From: Shop <n@shop.example>\nEmail To: jo@firm.example\nsending failed: 550 5.1.1 mailbox unknown",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "554 Message rejected. The following identities failed the check in region EU-1: n@shop.example",
            None,
            "n@shop.example",
        ),
        ("550 5.2.0 app@shop.example not allowed to send as boss@shop.example", None, "boss@shop.example"),
        ("501 5.1.3 <jo@firm>: Recipient address rejected: need a full domain", "jo@firm", None),
        (
            "[jo@firm.example](mailto:jo@firm.example)\n    550 5.1.1 mailbox unknown",
            "jo@firm.example",
            None,
        ),
        (
            " -> MAIL FROM:<n@shop.example>\n<-  250 ok\n -> RCPT TO:<jo@firm.example>\n"
            "<** 450 4.1.8 <n@shop.example>: Sender address rejected: Domain not found",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "  mail.login('n@shop.example', 'x')\nSMTPAuthenticationError: (535, b'5.7.8 Log in first')",
            None,
            None,
        ),
        ("auth user=n@shop.example failed: 535 5.7.8 Log in first", None, None),
        ("550 5.1.1 Unknown user: jo@firm.example", "jo@firm.example", None),
        (
            "failed: msgid=<1.2@shop.example> from=<n@shop.example> rcpt=<jo@firm.example> reply: 550 5.1.1 user unknown",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "msmtp: envelope from address n@shop.example not accepted by the server\nmsmtp: server message: 530 5.7.0 Log in",
            None,
            "n@shop.example",
        ),
        (
            "mails to <security@firm.example> are bouncing: 550 5.7.1 Only members may write to this list",
            "security@firm.example",
            None,
        ),
        ("550 5.7.1 Blocked. Questions to <security@firm.example>", None, None),
        ("550 envelope sender not allowed n@shop.example", None, "n@shop.example"),
        (
            "550 5.7.23 <jo@firm.example>: Recipient address rejected: SPF fail - not authorized. See "
            "http://www.openspf.net/Why?s=mfrom;id=n@shop.example;ip=192.0.2.9",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            "550-Verification failed for <n@shop.example>\n550-The mail server does not recognize n@shop.example as a "
            "valid sender.\n550 Sender verify failed",
            None,
            "n@shop.example",
        ),
        (
            "Sent mail to jo@firm.example (729ms)\n\nNet::SMTPFatalError (555 5.5.2 Syntax error. nb15sm15.26)",
            "jo@firm.example",
            None,
        ),
        ("550 5.1.1 no such user rcpt=jo@firm.example", "jo@firm.example", None),
        (
            '"2026-02-17","n@shop.example","jo@firm.example","Hi","Failed","Reason: [{LED=550 5.1.10 Recipient '
            'jo@firm.example not found};{MSG=};{FQDN=};{IP=}]"',
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            'log {"from": "Shop <n@shop.example>", "to": ["jo@firm.example"], "error": "550 5.1.1 mailbox unknown"}',
            "jo@firm.example",
            "n@shop.example",
        ),
        ("550 5.7.1 Blocked. Send mail to <unlock@firm.example>", None, None),
        (
            "log: Failed: n@shop.example → jo@firm.example 'Offer' Server response: 550 5.1.1 User unknown",
            "jo@firm.example",
            "n@shop.example",
        ),
        (
            'queueId = 17, from = "n@shop.example", to = "jo@firm.example", code = 550, details = "550 5.1.1 unknown"',
            "jo@firm.example",
            "n@shop.example",
        ),
        ("mails to jo@firm.example, ann@firm.example: 550 5.1.1 unknown", "jo@firm.example", None),
    ],
    ids=[
        "exim",
        "postfix",
        "a log",
        "SES",
        "send as",
        "no dot",
        "markdown",
        "an answer about the sender",
        "a login",
        "another login",
        "an unknown user",
        "a message-id",
        "msmtp",
        "what bounces",
        "a contact",
        "an envelope sender",
        "a link about the sender",
        "a sender named twice",
        "sent to",
        "a key",
        "two columns of an export",
        "JSON of some program",
        "another contact",
        "an arrow",
        "keys with spaces",
        "two recipients",
    ],
)
def test_whose_address(text: str, recipient: str | None, sender: str | None, catalogue: Catalogue) -> None:
    """The words around an address say whether it is the recipient's or the sender's."""
    facts = parse(text, catalogue).rejections[0].facts

    assert (facts.recipient, facts.sender) == (recipient, sender)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (
            "There was a problem delivering your message to jo@firm.example. The response was: The server did not accept "
            "our requests to connect. [mx.firm.example 198.51.100.7: timed out]",
            "mx.firm.example",
        ),
        (
            "Status: 4.4.1\nDiagnostic-Code: X-Postfix; connect to mx.firm.example[198.51.100.7]:25: timed out",
            "mx.firm.example",
        ),
        (
            "This is the mail system at host own.example.\n\n<jo@firm.example>: Cannot start TLS: handshake failure",
            None,
        ),
        (
            "<jo@firm.example> (host 'mx.firm.example' rejected command 'RCPT' with code 550 (5.1.1) 'nobody here')",
            "mx.firm.example",
        ),
        (
            "DNS Error: DNS type 'mx' lookup of firm.example responded with code NXDOMAIN Domain name not found: firm.example",
            None,
        ),
        ("550 5.1.1 mailbox unknown at remote mailserver mx.firm.example (198.51.100.7)", "mx.firm.example"),
        (
            "mx.firm.example hat Ihre Nachricht an folgende E-Mail-Adressen abgelehnt:\nJo (jo@firm.example)\n"
            "mx.firm.example hat diesen Fehler ausgegeben:\n5.1.1 mailbox unknown",
            "mx.firm.example",
        ),
        (
            "failed sending to jo@firm.example at mx.firm.example:25: 550 5.1.1 mailbox unknown",
            "mx.firm.example",
        ),
        (
            "jo@firm.example\nmx.firm.example\nRemote Server returned '550 5.1.1 mailbox unknown'",
            "mx.firm.example",
        ),
        (
            "<jo@firm.example>:\nConnected to 198.51.100.7 but greeting failed.\nRemote host said: 554 5.7.1 no mail from you",
            "198.51.100.7",
        ),
        (
            "msmtp: host=mx.firm.example tls=on smtpstatus=550 smtpmsg='550 5.1.1 mailbox unknown'",
            "mx.firm.example",
        ),
        ("Reason: 550 5.1.1 mailbox unknown\nMX Server: mx.firm.example", "mx.firm.example"),
        (
            "Cuenta: 'x', Servidor: 'mx.firm.example', Respuesta del servidor: '550 mailbox unknown'",
            "mx.firm.example",
        ),
        ("{:permanent_failure, 'mx.firm.example', \"550 5.1.1 mailbox unknown\"}", "mx.firm.example"),
        ("554 mx.firm.example. Service not available, access denied", "mx.firm.example"),
        (
            "jo@firm.example\n  Remote server (198.51.100.7) issued an error.\n  It replied: 550 5.1.1 mailbox unknown",
            "198.51.100.7",
        ),
        ("421 mx.firm.example cmsmtp 192.0.2.9 blocked", "mx.firm.example"),
        ("Generating server: own.example\n\n550 5.1.1 mailbox unknown", None),
        ("Error: connect ETIMEDOUT 198.51.100.7:587 in the mailer", None),
        ("554 5.7.1 open resolver; https://www.spamhaus.org/returnc/pub/198.51.100.7/", None),
        ("the scanner (mx.firm.example:465) can't mail:\n550 5.1.1 mailbox unknown", "mx.firm.example"),
        ("our page app.firm.example:8080 shows\n550 5.1.1 mailbox unknown", None),
        ("index.js:587 says\n550 5.1.1 mailbox unknown", None),
        ("jo@firm.example:25 gives\n550 5.1.1 mailbox unknown", None),
        (
            "S: 250-mx.firm.example\nS: 250 SIZE 1000\nC: MAIL FROM:<n@shop.example>\nS: 550 5.7.1 not from you",
            "mx.firm.example",
        ),
        ("S: 250-8BITMIME\nC: MAIL FROM:<n@shop.example>\nS: 550 5.7.1 not from you", None),
        (
            'Can\'t send the mail: Connection refused - connect(2) for "mx.firm.example" port 587',
            "mx.firm.example",
        ),
        ("failed to send mail: dial tcp 198.51.100.7:465: i/o timeout", "198.51.100.7"),
        ("failed to send mail: dial tcp 127.0.0.1:465: connection refused", None),
        ("could not send the mail: write tcp 10.0.0.5:8807->198.51.100.7:25: write: broken pipe", None),
        (
            "C: MAIL FROM:<n@shop.example>\nS: 250 ok\nC: RCPT TO:<jo@firm.example>\nS: 550 5.1.1 no\n\n"
            "connected to mx.firm.example",
            "mx.firm.example",
        ),
    ],
    ids=[
        "gmail",
        "postfix",
        "the reporting host",
        "stalwart",
        "a domain that is absent",
        "at remote mailserver",
        "Exchange in German",
        "a port",
        "Exchange in three lines",
        "qmail without a greeting",
        "msmtp",
        "field of a page",
        "Outlook in Spanish",
        "a tuple of Erlang",
        "the reply begins with it",
        "hMailServer",
        "a product behind it",
        "the reporting server",
        "a port of an address",
        "a resolver",
        "a port in brackets",
        "a port of a page",
        "a line of a program",
        "an address before a colon",
        "the answer to EHLO",
        "what a server can do",
        "Ruby",
        "Go",
        "Go to itself",
        "two ends in Go",
        "named behind the conversation",
    ],
)
def test_whose_host(text: str, host: str | None, catalogue: Catalogue) -> None:
    """The host that refused or did not answer, never the one that reports; its address is not the sender's."""
    facts = parse(text, catalogue).rejections[0].facts

    assert facts.rejecting_host == host
    assert facts.sending_ip in (None, "192.0.2.9")


@pytest.mark.parametrize(
    "text",
    [
        "22:30:26 sending failed: 550 5.1.1 mailbox unknown",
        "2024-06-05 18:03:33,410 sending failed: 550 5.1.1 mailbox unknown",
    ],
)
def test_a_time_is_no_address(text: str, catalogue: Catalogue) -> None:
    """Hours, minutes and seconds look like an IPv6 address."""
    assert parse(text, catalogue).rejections[0].facts.sending_ip is None


def test_a_mail_library_speaks_in_its_own_line(catalogue: Catalogue) -> None:
    """What people write around it is no part of the reason."""
    text = "Order mails stopped, the plugin shows\nSMTP Error: Could not authenticate.\n\nOur hoster changed something."

    assert parse(text, catalogue).rejections[0].text == "SMTP Error: Could not authenticate."


def test_a_senders_domain_is_not_who_refused(catalogue: Catalogue) -> None:
    """A refusal names the domain that a letter claims to be from."""
    text = "550 5.7.1 Unauthenticated email from yahoo.com is not wanted here"

    assert parse(text, catalogue).rejections[0].facts.provider is None


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        ("jo@gmail,com", "gmail.com"),
        ("jo@gmail..com", "gmail.com"),
        ("jo@gmailcom", "gmail.com"),
        ("jo@gmail.com.", "gmail.com"),
        ("jo@@firm.example", None),
        ("jo@firm.example", None),
    ],
)
def test_a_malformed_recipient_is_what_the_reply_states(
    address: str, suggestion: str | None, catalogue: Catalogue
) -> None:
    """The fault in the address is the news."""
    facts = parse(f"501 5.1.3 <{address}>: bad address syntax", catalogue).rejections[0].facts

    assert (facts.recipient, facts.suggestion) == (address, suggestion)


def test_a_list_of_addresses_is_no_malformed_one(catalogue: Catalogue) -> None:
    """A comma may stand between two."""
    facts = (
        parse("550 5.1.1 <jo@firm.example,al@firm.example>: mailboxes unknown", catalogue).rejections[0].facts
    )

    assert facts.recipient == "jo@firm.example"


def test_a_mail_port_is_no_reply_code(catalogue: Catalogue) -> None:
    """The numbers of the ports for submission begin like replies (RFC 6409, RFC 8314)."""
    facts = (
        parse("Could not connect to SMTP host: smtp.shop.example, port: 587", catalogue).rejections[0].facts
    )

    assert facts.reply is None


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("551 5.1.6 User not local; please try <jo.new@firm.example>", None),
        ("551 User not local; please try <jo.new@firm.example> (for <jo@firm.example>)", "jo@firm.example"),
        ("550 5.1.1 <jo@firm.example> has moved; please use jo@new.example", "jo@firm.example"),
        ("550 5.1.1 This mailbox is closed. New address is: jo@new.example", None),
        ("550 5.1.1 Mailbox unknown, please try again: jo@firm.example", "jo@firm.example"),
    ],
    ids=["alone", "beside the old one", "use", "new address", "try again"],
)
def test_a_new_address_is_not_who_was_written_to(
    text: str, recipient: str | None, catalogue: Catalogue
) -> None:
    """A server that names where somebody went has not refused that address."""
    facts = parse(text, catalogue).rejections[0].facts

    assert facts.recipient == recipient


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("550 5.7.20 No passing DKIM signature found; required for mail from shop.example", "shop.example"),
        (
            "421-4.7.28 unusual rate of mail from your SPF\n421 4.7.28 domain [shop.example]. Wait.",
            "shop.example",
        ),
        ("554 5.7.0 messages on behalf of (shop.example) are refused by policy", "shop.example"),
        (
            "550-5.7.1 「shop.example」からの未承認のメールは\n550 5.7.1 DMARC ポリシーにより受け入れられません",
            "shop.example",
        ),
        ("550 5.7.1 no mail service for firm.example", None),
        ("550 5.1.1 mail is required for this account", None),
    ],
    ids=["required", "SPF domain", "on behalf of", "Japanese", "another domain", "no domain"],
)
def test_whose_domain_sends(text: str, domain: str | None, catalogue: Catalogue) -> None:
    """A reply may name the sender's domain alone."""
    assert parse(text, catalogue).rejections[0].facts.sender_domain == domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("@firm.example (550 5.1.1 mailbox unknown here)", "firm.example"),
        ("all @firm.example recipients get\n550 5.1.1 mailbox unknown", "firm.example"),
        ("Unable to lookup DNS for firm.example, mail stays\n554 5.4.4 unable to deliver", "firm.example"),
        ("domain=firm.example error=no answer of the MX server\n451 4.4.1 not delivered", "firm.example"),
        ("domain=shop.example is ours\n550 5.1.1 mailbox unknown", None),
        ("our key is for @shop.example, why\n550 5.1.1 mailbox unknown", None),
    ],
    ids=["before the reply", "its recipients", "Amazon", "ZoneMTA", "a setting", "one's own"],
)
def test_a_domain_alone_may_be_the_recipients(text: str, domain: str | None, catalogue: Catalogue) -> None:
    """Where no address is named the domain still tells whose server it is."""
    assert parse(text, catalogue).rejections[0].facts.recipient_domain == domain


def test_a_list_of_ones_own(catalogue: Catalogue) -> None:
    """What a server says it used to block is a list, whatever its name."""
    text = "550 5.7.1 Client host 192.0.2.6 blocked using 88.blocklist.zap; mail refused"

    assert parse(text, catalogue).rejections[0].facts.blocklist == "88.blocklist.zap"


def test_the_server_of_a_failed_connection_did_not_send(catalogue: Catalogue) -> None:
    """Node repeats the address without its port."""
    text = "{ Error: connect ETIMEDOUT 198.51.100.7:587\n  syscall: 'connect',\n  address: '198.51.100.7',\n  port: 587 } mail not sent"

    assert parse(text, catalogue).rejections[0].facts.sending_ip is None


def test_who_relays_is_not_who_has_the_mailbox(catalogue: Catalogue) -> None:
    """Relaying is refused by the server in between: the recipient's domain tells nothing of it."""
    told = "rcpt to:<jo@gmail.com>\n550 {}"

    assert parse(told.format("relay not permitted"), catalogue).rejections[0].facts.provider is None
    assert parse(told.format("no such mailbox"), catalogue).rejections[0].facts.provider == "google"


def test_a_hidden_address_is_none(catalogue: Catalogue) -> None:
    """Somebody has put a word in its place."""
    text = "postfix/smtp[6]: 4A5B6C7D8E: to=<redacted>, relay=mx.firm.example[198.51.100.7]:25, status=bounced (host mx.firm.example[198.51.100.7] said: 550 5.1.1 unknown)"

    assert parse(text, catalogue).rejections[0].facts.recipient is None


def test_fields_behind_the_prose_are_of_its_recipient(catalogue: Catalogue) -> None:
    """Somebody pasted the report's sentence and one field below it."""
    text = (
        "<jo@firm.example>: host mx.firm.example[198.51.100.7] said: 550\n    5.5.0 service refused (in reply to end of DATA command)\n"
        "Diagnostic-Code: smtp; 550 5.5.0 service refused"
    )
    facts = parse(text, catalogue).rejections[0].facts

    assert (facts.recipient, facts.rejecting_host) == ("jo@firm.example", "mx.firm.example")


def test_sendmail_repeats_a_refusal_in_its_own_words(catalogue: Catalogue) -> None:
    """The remote reply above them counts, with the host that sendmail talked to."""
    text = (
        "   ----- The following addresses had permanent fatal errors -----\n<jo@firm.example>\n\n"
        "   ----- Transcript of session follows -----\n... while talking to mx.firm.example.:\n>>> DATA\n"
        "<<< 550 5.4.1 access denied here\n550 5.1.1 <jo@firm.example>... User unknown\n<<< 503 5.0.0 Need RCPT (recipient)"
    )
    first = parse(text, catalogue).rejections[0]

    assert (first.text, first.facts.rejecting_host) == ("550 5.4.1 access denied here", "mx.firm.example")


def test_phpmailer_writes_on_behind_an_address(catalogue: Catalogue) -> None:
    """The recipient ends where PHPMailer's own words begin."""
    text = (
        "SMTP Error: The following recipients failed: jo@firm.exampleSMTP server error: RCPT TO command failed "
        "Detail: mailbox unknown SMTP code: 550 Additional SMTP info: 5.1.1"
    )
    facts = parse(text, catalogue).rejections[0].facts

    assert (facts.recipient, facts.reply, facts.status) == ("jo@firm.example", "550", "5.1.1")


def test_a_sender_that_could_not_be_verified_for_a_recipient(catalogue: Catalogue) -> None:
    """Exim says in two lines what happened; a mail program has wrapped them."""
    text = (
        "2003-06-16 11:53:35 H=out.shop.example [192.0.2.104]\n sender verify fail for <n@shop.example>: response to "
        '"MAIL FROM:<>"\n from mx.shop.example [198.51.100.81] was: 501 bogus mail from\n'
        "2003-06-16 11:53:36 H=out.shop.example [192.0.2.104]\n F=<n@shop.example> rejected RCPT <jo@firm.example>:\n"
        " Sender verify failed"
    )
    (found,) = parse(text, catalogue).rejections

    assert (found.facts.sender, found.facts.recipient) == ("n@shop.example", "jo@firm.example")
    assert (found.facts.reply, found.facts.sending_ip) == ("501", "192.0.2.104")


def test_two_senders_that_could_not_be_verified_stay_two(catalogue: Catalogue) -> None:
    """A refusal of another sender is one of its own."""
    line = "2003-06-16 11:53:3{n} H=out.shop.example [192.0.2.104] "
    text = (
        line.format(n=5)
        + "sender verify fail for <n@shop.example>: 501 bogus\n"
        + line.format(n=6)
        + "F=<other@shop.example> rejected RCPT <jo@firm.example>: Sender verify failed"
    )

    assert [item.facts.sender for item in parse(text, catalogue).rejections] == [
        "n@shop.example",
        "other@shop.example",
    ]

"""Whole mails: delivery reports, the prose of many servers and languages, and mails that are no bounces."""

import base64
import quopri

import pytest

from bot.core.model import Catalogue, Frame, Kind
from bot.core.parse import parse

HEAD = (
    "Return-Path: <>\r\nReceived: from mx.own.example by in.own.example; Mon, 3 Feb 2025 10:00:00 +0000\r\n"
    "From: {sender}\r\nTo: own@shop.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
)
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.own.example>"
ORIGINAL = (
    "Return-Path: <news@shop.example>\nReceived: from x by y; Mon, 3 Feb 2025 09:00:00 +0000\nFrom: Shop <own@shop.example>\n"
    "To: jo@firm.example\nSubject: Offer 550\nMessage-ID: <1@shop.example>\n\n550 5.9.9 this is the customer's own text\n"
)


def plain_mail(
    body: str,
    subject: str = "Undelivered Mail Returned to Sender",
    sender: str = DAEMON,
    charset: str = "utf-8",
) -> bytes:
    """A mail of one text part."""
    head = (
        HEAD.format(sender=sender, subject=subject) + f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    )
    return head.encode() + body.replace("\n", "\r\n").encode(charset)


def report(
    status: str, words: str = "I could not deliver your message.", kind: str = "delivery-status"
) -> bytes:
    """An RFC 3464 report of three parts."""
    head = HEAD.format(sender=DAEMON, subject="Delivery Status Notification (Failure)")
    body = (
        f'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="=_a/b+c?d"\r\n\r\n'
        f"--=_a/b+c?d\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n\n"
        f"--=_a/b+c?d\nContent-Type: message/{kind}\n\n{status}\n"
        f"--=_a/b+c?d\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--=_a/b+c?d--\n"
    )
    return (head + body).encode()


def one(status: str, catalogue: Catalogue) -> tuple[str | None, ...]:
    facts = parse(report(status), catalogue).rejections[0].facts
    return facts.reply, facts.status, facts.recipient, facts.rejecting_host


FIELDS = "Reporting-MTA: dns; mx.own.example\n\nFinal-Recipient: rfc822; Jo@Firm.example\nAction: failed\nStatus: {status}\n{rest}"


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        (
            FIELDS.format(
                status="5.1.1",
                rest="Remote-MTA: dns; mx.firm.example\nDiagnostic-Code: smtp; 550 5.1.1 unknown",
            ),
            ("550", "5.1.1", "jo@firm.example", "mx.firm.example"),
        ),
        (
            FIELDS.format(
                status="5.0.0",
                rest="Diagnostic-Code: smtp; 550-5.1.1 The account does\n 550-5.1.1 not exist, try\n 550 5.1.1 again",
            ),
            ("550", "5.1.1", "jo@firm.example", None),
        ),
        (
            FIELDS.format(
                status="5.3.4", rest="Remote-MTA: dns; [198.51.100.7]\nDiagnostic-Code: SMTP; 552 too big"
            ),
            ("552", "5.3.4", "jo@firm.example", "198.51.100.7"),
        ),
        (
            FIELDS.format(status="5.4.4 (no such domain)", rest=""),
            (None, "5.4.4", "jo@firm.example", None),
        ),
        (
            FIELDS.format(
                status="5.1.0",
                rest="Diagnostic-Code: smtp; 5.1.0 - Unknown address 550-'5.7.1 <x@y.example>... Access denied' (delivery attempts: 0)",
            ),
            ("550", "5.7.1", "jo@firm.example", None),
        ),
        (
            FIELDS.format(status="5.1.1", rest="Diagnostic-Code: smtp;550 5.1.1 cut in the midd"),
            ("550", "5.1.1", "jo@firm.example", None),
        ),
    ],
    ids=["plain", "folded-multi-line", "status-apart", "comment", "quoted-inner-status", "truncated"],
)
def test_delivery_status(fields: str, facts: tuple[str | None, ...], catalogue: Catalogue) -> None:
    """The Diagnostic-Code's reply counts; the Status field fills in where it names none."""
    assert one(fields, catalogue) == facts


def test_recipients_with_causes_of_their_own(catalogue: Catalogue) -> None:
    """A report of three recipients, one of them delivered, is two rejections."""
    fields = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@firm.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n\n"
        "Final-Recipient: rfc822; b@firm.example\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; c@firm.example\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 full\n"
    )
    found = parse(report(fields), catalogue).rejections

    assert [(item.facts.recipient, item.facts.status, item.facts.temporary) for item in found] == [
        ("a@firm.example", "5.1.1", False),
        ("c@firm.example", "4.2.2", True),
    ]


def test_delay_notice_is_a_temporary_bounce(catalogue: Catalogue) -> None:
    """Action: delayed without a reply is a bounce that may mend itself."""
    parsed = parse(report(FIELDS.replace("failed", "delayed").format(status="4.4.1", rest="")), catalogue)

    assert (parsed.kind, parsed.rejections[0].facts.temporary) == (Kind.BOUNCE, True)


def test_internationalised_report(catalogue: Catalogue) -> None:
    """RFC 6533: an address in UTF-8 in a message/global-delivery-status."""
    fields = "Reporting-MTA: dns; mx\n\nFinal-Recipient: utf-8; jö@firm.example\nAction: failed\nStatus: 5.6.7\nDiagnostic-Code: smtp; 553 5.6.7 no SMTPUTF8"

    facts = parse(report(fields, kind="global-delivery-status"), catalogue).rejections[0].facts

    assert (facts.recipient, facts.status) == ("jö@firm.example", "5.6.7")


def test_the_returned_message_is_not_read_for_replies(catalogue: Catalogue) -> None:
    """A reply in the customer's own text is no reply; the envelope sender of the returned message is the sender."""
    first = parse(
        report(FIELDS.format(status="5.1.1", rest="Diagnostic-Code: smtp; 550 5.1.1 no")), catalogue
    ).rejections[0]

    assert (first.text, first.facts.sender) == ("550 5.1.1 no", "news@shop.example")


def test_transcript_fills_an_empty_diagnostic(catalogue: Catalogue) -> None:
    """Sendmail leaves Diagnostic-Code empty and tells the reply in its transcript."""
    words = "   ----- Transcript of session follows -----\n... while talking to mx.firm.example.:\n>>> RCPT To:<jo@firm.example>\n<<< 550 5.1.1 unknown here"
    facts = (
        parse(report(FIELDS.format(status="5.1.1", rest="Diagnostic-Code: x-unix; 67"), words), catalogue)
        .rejections[0]
        .facts
    )

    assert (facts.reply, facts.rejecting_host) == ("550", "mx.firm.example")


PROSE = {
    "postfix": (
        "This is the mail system at host mx.own.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered.\n\n"
        "<jo@firm.example>: host mx.firm.example[198.51.100.7] said: 550 5.1.1\n    <jo@firm.example>: unknown (in reply to RCPT TO command)\n"
    ),
    "exim": (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n  jo@firm.example\n    host mx.firm.example [198.51.100.7]\n"
        "    SMTP error from remote mail server after RCPT TO:<jo@firm.example>:\n    550 5.1.1 unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        + ORIGINAL
    ),
    "qmail": (
        "Hi. This is the qmail-send program at mx.own.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<jo@firm.example>:\nConnected to mx.firm.example but recipient was rejected.\n"
        "Remote host said: 550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\n\n" + ORIGINAL
    ),
    "gmail": (
        "** Address not found **\n\nYour message wasn't delivered to jo@firm.example because the address couldn't be found.\n\nThe response from the remote server mx.firm.example was:\n\n550 5.1.1 unknown\n"
    ),
    "exchange": (
        "Delivery has failed to these recipients or groups:\n\njo@firm.example\nThe e-mail address could not be found.\n\nDiagnostic information for administrators:\n\n"
        "Generating server: gw.own.example\n\njo@firm.example\nmx.firm.example\nRemote Server returned '550 5.1.1 unknown'\n"
    ),
    "german": (
        "Dies ist eine automatisch erzeugte Nachricht.\n\nIhre Nachricht konnte an folgenden Empfänger nicht zugestellt werden:\n\njo@firm.example:\n"
        "SMTP-Fehler vom Server mx.firm.example nach RCPT TO: 550 5.1.1 unbekannt\n"
    ),
    "french": "Votre message n'a pas pu être remis au destinataire suivant :\n\n<jo@firm.example>\n\nRéponse du serveur : 550 5.1.1 inconnu\n",
    "spanish": "No se ha podido entregar su mensaje a:\n\njo@firm.example\n\nRespuesta del servidor: 550 5.1.1 usuario desconocido\n",
    "italian": "Non è stato possibile recapitare il messaggio a:\n\njo@firm.example\n\nMotivo: 550 5.1.1 utente sconosciuto\n",
    "portuguese": "Não foi possível entregar a sua mensagem a:\n\njo@firm.example\n\nMotivo: 550 5.1.1 usuário desconhecido\n",
    "japanese": "次の宛先にメールを配信できませんでした。\n\n<jo@firm.example>\n\n550 5.1.1 ユーザーが存在しません\n",
    "chinese": "您的邮件无法送达以下收件人:\n\njo@firm.example\n\n550 5.1.1 用户不存在\n",
    "russian": "Ваше сообщение не может быть доставлено получателю:\n\n  jo@firm.example\n    550 5.1.1 нет такого пользователя\n",
}


@pytest.mark.parametrize("name", PROSE)
def test_prose_of_servers_and_languages(name: str, catalogue: Catalogue) -> None:
    """Without a delivery status, the prose names the recipient and the reply."""
    parsed = parse(plain_mail(PROSE[name]), catalogue)
    facts = parsed.rejections[0].facts

    assert (parsed.kind, facts.reply, facts.status, facts.recipient) == (
        Kind.BOUNCE,
        "550",
        "5.1.1",
        "jo@firm.example",
    )
    assert len(parsed.rejections) == 1


@pytest.mark.parametrize("name", ["postfix", "exim", "gmail"])
def test_prose_names_the_remote_host(name: str, catalogue: Catalogue) -> None:
    """The host that refused, not the one that reports."""
    assert parse(plain_mail(PROSE[name]), catalogue).rejections[0].facts.rejecting_host == "mx.firm.example"


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("japanese", "iso-2022-jp"),
        ("japanese", "euc-jp"),
        ("japanese", "shift_jis"),
        ("chinese", "gb2312"),
        ("russian", "koi8-r"),
        ("russian", "windows-1251"),
        ("german", "iso-8859-1"),
        ("french", "utf-8"),
    ],
)
def test_charsets(name: str, charset: str, catalogue: Catalogue) -> None:
    """The words of a report come out in every common charset."""
    words = PROSE[name].split("\n\n")[0].split()[-1][:5]
    parsed = parse(plain_mail(PROSE[name], charset=charset), catalogue)
    first = parsed.rejections[0]

    assert first.facts.recipient == "jo@firm.example"
    assert PROSE[name].strip().rpartition(" ")[2] in first.text or words in first.context


def test_several_recipients_of_exim(catalogue: Catalogue) -> None:
    """Each address has the words behind it; a list of addresses shares them."""
    body = (
        "A message that you sent could not be delivered. The following address(es) failed:\n\n  a@firm.example\n    host mx.firm.example [198.51.100.7]\n"
        "    SMTP error from remote mail server after end of data:\n    554 5.7.1 spam\n  b@other.example\n    Unrouteable address\n"
    )
    found = parse(plain_mail(body), catalogue).rejections

    assert [(item.facts.recipient, item.facts.reply, item.text) for item in found] == [
        ("a@firm.example", "554", "554 5.7.1 spam"),
        ("b@other.example", None, "Unrouteable address"),
    ]


def test_html_only_report(catalogue: Catalogue) -> None:
    """An Exchange report in HTML alone is read as its words."""
    html = (
        "<html><head><style>p {color: red} .x550 {}</style></head><body><p>Delivery has failed to these recipients or groups:</p>"
        "<p><a href='mailto:jo@firm.example'>jo@firm.example</a><br>The mailbox is full.</p><p>Remote Server returned &#39;552 5.2.2 mailbox full&#39;</p></body></html>"
    )
    head = HEAD.format(sender="Microsoft Outlook <postmaster@own.example>", subject="Undeliverable: Offer")
    mail = head + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    facts = parse(mail.encode() + base64.encodebytes(html.encode()), catalogue).rejections[0].facts

    assert (facts.recipient, facts.reply, facts.status) == ("jo@firm.example", "552", "5.2.2")


def test_quoted_printable(catalogue: Catalogue) -> None:
    """Soft line breaks do not tear a reply."""
    body = quopri.encodestring(PROSE["postfix"].replace("\n    <jo", " <jo").encode())
    head = HEAD.format(sender=DAEMON, subject="Undelivered Mail Returned to Sender")
    mail = (
        head
        + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )

    assert parse(mail.encode() + body, catalogue).rejections[0].facts.status == "5.1.1"


def test_failed_recipients_header(catalogue: Catalogue) -> None:
    """X-Failed-Recipients makes it a bounce and names the recipient where the prose does not."""
    mail = plain_mail("Sorry.\n\nThe mailbox is over its quota.\n", subject="Hm").replace(
        b"Subject:", b"X-Failed-Recipients: jo@firm.example\r\nSubject:"
    )
    parsed = parse(mail, catalogue)

    assert (parsed.strength, parsed.rejections[0].facts.recipient) == (1.0, "jo@firm.example")


def test_broken_boundary(catalogue: Catalogue) -> None:
    """A report whose header tells another boundary than its body uses is still read."""
    mail = report(FIELDS.format(status="5.1.1", rest="Diagnostic-Code: smtp; 550 5.1.1 no")).replace(
        b'boundary="=_a/b+c?d"', b'boundary="lost"'
    )

    assert parse(mail, catalogue).rejections[0].facts.recipient == "jo@firm.example"


def test_bounce_inside_a_bounce(catalogue: Catalogue) -> None:
    """A bounce that was forwarded as an attachment is read."""
    inner = report(FIELDS.format(status="5.1.1", rest="Diagnostic-Code: smtp; 550 5.1.1 no")).decode()
    head = HEAD.format(sender="Support <help@own.example>", subject="Fwd: Undeliverable")
    mail = f"{head}Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: text/plain\n\nsee attached\n\n--out\nContent-Type: message/rfc822\n\n{inner}\n--out--\n"

    first = parse(mail.encode(), catalogue).rejections[0]

    assert (first.frame, first.facts.recipient) == (Frame.DSN, "jo@firm.example")


NOT_BOUNCES = {
    "vacation": (
        plain_mail(
            "I am out of the office until Monday.\n",
            subject="Automatic reply: Offer",
            sender="Jo <jo@firm.example>",
        ),
        Kind.AUTO_REPLY,
    ),
    "newsletter": (
        plain_mail(
            "Our new collection is here: 550 shoes!\n", subject="News", sender="Shop <news@shop.example>"
        ),
        Kind.CHATTER,
    ),
    "feedback-report": (
        report("x").replace(b"report-type=delivery-status", b"report-type=feedback-report"),
        Kind.FEEDBACK_REPORT,
    ),
    "delivered": (
        report(FIELDS.replace("failed", "delivered").format(status="2.0.0", rest="")),
        Kind.RECEIPT,
    ),
    "relayed": (report(FIELDS.replace("failed", "relayed").format(status="2.0.0", rest="")), Kind.RECEIPT),
    "read": (
        report("x").replace(b"report-type=delivery-status", b"report-type=disposition-notification"),
        Kind.RECEIPT,
    ),
}


@pytest.mark.parametrize("name", NOT_BOUNCES)
def test_mails_that_are_no_bounces(name: str, catalogue: Catalogue) -> None:
    """Vacations, newsletters, abuse reports and receipts have a kind of their own and no rejections."""
    mail, kind = NOT_BOUNCES[name]
    parsed = parse(mail, catalogue)

    assert (parsed.kind, parsed.rejections) == (kind, ())


def test_text_and_bytes_agree(catalogue: Catalogue) -> None:
    """A mail given as text is read as the same mail given as bytes."""
    mail = plain_mail(PROSE["german"])

    assert parse(mail.decode(), catalogue) == parse(mail, catalogue)


# name, From, Subject, body, reply code, words of the reason
SERVERS: list[tuple[str, str, str, str, str | None, str]] = [
    (
        "domino",
        "MAILER-DAEMON@mx.own.example",
        "DELIVERY FAILURE: User jo (jo@firm.example) not listed in Domino Directory",
        "Your message\n"
        "\n"
        "  Subject: Offer\n"
        "\n"
        "was not delivered to:\n"
        "\n"
        "  jo@firm.example\n"
        "\n"
        "because:\n"
        "\n"
        "  User jo (jo@firm.example) not listed in Domino Directory\n"
        "\n",
        None,
        "not listed in Domino Directory",
    ),
    (
        "groupwise",
        "Mail-System <Postmaster@own.example>",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n"
        "\tjo@firm.example (user not found)\n"
        "\tal@firm.example (Mailbox full)\n"
        "\n"
        "Possibly truncated original message follows:\n",
        None,
        "user not found",
    ),
    (
        "notes",
        "MAILER-DAEMON@mx.own.example",
        "DELIVERY FAILURE",
        "------- Failure Reasons  --------\n"
        "\n"
        "User not listed in public Name & Address Book\n"
        "jo@firm.example\n"
        "\n"
        "------- Returned Message --------\n"
        "\n"
        "To: x@y.example\n",
        None,
        "User not listed",
    ),
    (
        "marshal",
        "MAILER-DAEMON@mx.own.example",
        'Undeliverable Mail: "Offer"',
        "Your message:\n"
        "   From:    own@shop.example\n"
        "   To:      jo@firm.example\n"
        "   Subject: Offer\n"
        "\n"
        "Could not be delivered because of\n"
        "\n"
        "550 5.1.1 User unknown\n"
        "\n"
        "The following recipients were affected:\n"
        "    jo@firm.example\n",
        "550",
        "unknown",
    ),
    (
        "x3",
        "MAILER-DAEMON@mx.own.example",
        "Delivery status notification",
        "This message was created automatically by mail delivery software.\n"
        "\n"
        "Unable to deliver message to the following recipients, because the message was forwarded more than the maximum "
        "allowed times.\n"
        "\n"
        "       jo@firm.example\n",
        None,
        "forwarded more than",
    ),
    (
        "facebook",
        "postmaster@facebook.example",
        "Sorry, your message could not be delivered",
        "This message was created automatically by Facebook.\n"
        "\n"
        "<jo@facebook.example>\n"
        "550 5.1.1 RCP-P2 http://postmaster.facebook.com/response_codes?ip=192.0.2.9#rcp Refused due to recipient "
        "preferences\n",
        "550",
        "RCP-P2",
    ),
    (
        "imail",
        "MAILER-DAEMON@mx.own.example",
        "Undeliverable Mail",
        "Unknown user: jo@firm.example\n\nOriginal message follows.\n\nReceived: x\nTo: jo@firm.example\n",
        None,
        "Unknown user",
    ),
    (
        "courier",
        "MAILER-DAEMON@mx.own.example",
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.own.example,\n"
        "running the Courier mail server, version 1.\n"
        "\n"
        "The original message was received on Mon.\n"
        "\n"
        "---------------------------------------------------------------------------\n"
        "\n"
        "                           UNDELIVERABLE MAIL\n"
        "\n"
        "Your message to the following recipients cannot be delivered:\n"
        "\n"
        "<jo@firm.example>:\n"
        "    mx.firm.example [198.51.100.7]:\n"
        ">>> RCPT TO:<jo@firm.example>\n"
        "<<< 550 5.1.1 unknown\n",
        "550",
        "unknown",
    ),
    (
        "mdaemon",
        "MDaemon@own.example",
        "Permanent Delivery Failure",
        "The following data may contain sections which represent BASE64 encoded\n"
        "file attachments.\n"
        "--> Error condition: Failed to deliver message\n"
        "<-- 550 5.1.1 <jo@firm.example> no such user\n"
        "\n"
        "Failed address: jo@firm.example\n",
        "550",
        "no such user",
    ),
    (
        "smartermail",
        "System Administrator",
        "Delivery Failure",
        "Could not deliver message to the following recipient(s):\n"
        "\n"
        "Failed Recipient: jo@firm.example\n"
        "Reason: Remote host said: 550 5.1.1 unknown\n"
        "\n"
        "   -- The header and top 20 lines of the message follows --\n"
        "\n"
        "Received: from x\n",
        "550",
        "unknown",
    ),
    (
        "mailenable",
        "MAILER-DAEMON@mx.own.example",
        "Message Delivery Failure",
        "MailEnable: Message could not be delivered to some recipients.\n"
        "\n"
        "The following recipient(s) could not be reached:\n"
        "\n"
        "\tRecipient: [SMTP:jo@firm.example]\n"
        "\tReason: Remote SMTP Server Returned: 550 no such user\n"
        "\n",
        "550",
        "no such user",
    ),
    (
        "hmail",
        "MAILER-DAEMON@mx.own.example",
        "Message undeliverable: Offer",
        "Your message did not reach some or all of the intended recipients.\n"
        "\n"
        "   Sent: Mon, 3 Feb\n"
        "   Subject: Offer\n"
        "\n"
        "The following recipient(s) could not be reached:\n"
        "\n"
        "jo@firm.example\n"
        "   Error Type: SMTP\n"
        "   Remote server (198.51.100.7) issued an error.\n"
        "   hMailServer sent: RCPT TO:<jo@firm.example>\n"
        "   Remote server replied: 550 5.1.1 unknown\n"
        "\n"
        "hMailServer\n",
        "550",
        "unknown",
    ),
    (
        "zimbra amavis",
        "MAILER-DAEMON@mx.own.example",
        "Undeliverable mail, invalid characters in header",
        "This nondelivery report was generated by the program amavisd-new at host\n"
        "own.example. Our internal reference code for your message is\n"
        "01234-05/abc\n"
        "\n"
        "INVALID HEADER\n"
        "\n"
        "Your message could not be delivered to:\n"
        "<jo@firm.example>\n",
        None,
        "INVALID HEADER",
    ),
    (
        "kerio",
        "MAILER-DAEMON@mx.own.example",
        "Mail delivery failed",
        "Hello,\n"
        "\n"
        "your message could not be delivered to the following recipient:\n"
        "jo@firm.example: 554 5.7.1 Relay denied\n",
        "554",
        "Relay denied",
    ),
    (
        "haraka",
        "MAILER-DAEMON@mx.own.example",
        "Failed Mail Delivery",
        "Your message could not be delivered to:\n\njo@firm.example: Some recipients failed: 550 5.1.1 user unknown\n",
        "550",
        "user unknown",
    ),
    (
        "1und1",
        "Mail Delivery System <mailer-daemon@kundenserver.de>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n"
        "\n"
        "A message that you sent could not be delivered to one or more of\n"
        "its recipients. The following addresses failed:\n"
        "\n"
        "<jo@firm.example>:\n"
        "\n"
        "SMTP error from remote server for TEXT command, host: mx.firm.example (198.51.100.7)\n"
        "reason: 552 5.2.2 mailbox full\n"
        "\n"
        "--- The header of the original message is following. ---\n"
        "\n"
        "Received: from x\n",
        "552",
        "mailbox full",
    ),
    (
        "gmail-es",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** No se ha encontrado la dirección **\n"
        "\n"
        "Tu mensaje no se ha entregado a jo@firm.example porque no se ha encontrado la dirección o esta no puede recibir "
        "correo.\n"
        "\n"
        "La respuesta fue:\n"
        "\n"
        "The email account that you tried to reach does not exist. 550 5.1.1\n",
        "550",
        "does not exist",
    ),
    (
        "gmail-de",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** Adresse nicht gefunden **\n"
        "\n"
        "Deine Nachricht wurde nicht an jo@firm.example zugestellt, weil die Adresse nicht gefunden wurde oder keine "
        "E-Mails empfangen kann.\n"
        "\n"
        "Die Antwort war:\n"
        "\n"
        "DNS Error: DNS type 'mx' lookup of firm.example responded with code NXDOMAIN Domain name not found: "
        "firm.example\n",
        None,
        "NXDOMAIN",
    ),
    (
        "yahoo",
        "MAILER-DAEMON@mx.own.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n"
        "\n"
        "<jo@firm.example>:\n"
        "550: 5.2.1 The email account that you tried to reach is disabled.\n"
        "\n"
        "--- Below this line is a copy of the message.\n"
        "\n"
        "Received: x\n",
        "550",
        "disabled",
    ),
    (
        "rackspace",
        "MAILER-DAEMON@mx.own.example",
        "Undeliverable",
        "Your message did not reach all recipients\n"
        "\n"
        "User: jo@firm.example\n"
        "Reason: The mail server could not deliver mail to jo@firm.example. The account or domain may not exist, they may "
        "be blacklisted, or missing the proper dns entries.\n",
        None,
        "may not exist",
    ),
    (
        "delay",
        "MAILER-DAEMON@mx.own.example",
        "Warning: message delayed",
        "This is a warning message only. You do not need to resend.\n"
        "\n"
        "The following message to <jo@firm.example> could not be delivered for 4 hours and will be retried.\n",
        None,
        "4 hours",
    ),
]


@pytest.mark.parametrize(
    ("sender", "subject", "body", "reply", "words"),
    [row[1:] for row in SERVERS],
    ids=[row[0] for row in SERVERS],
)
def test_servers(
    sender: str, subject: str, body: str, reply: str | None, words: str, catalogue: Catalogue
) -> None:
    """Every server's own way to say it: the recipient, the reply's code and the reason come out."""
    first = parse(plain_mail(body, subject, sender), catalogue).rejections[0]

    assert (first.facts.recipient or "").startswith(("jo@firm.example", "jo@facebook.example"))
    assert first.facts.reply == reply
    assert words in first.text

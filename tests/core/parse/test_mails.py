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

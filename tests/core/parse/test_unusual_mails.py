"""Whole mails of unusual forms: lost empty lines, words of rare languages, and recipients in odd places."""

import pytest

from bot.core.model import Catalogue, Kind, Parsed
from bot.core.parse import parse
from tests.core.parse.test_mails import DAEMON, HEAD, one, plain_mail, report


def read(
    catalogue: Catalogue,
    body: str,
    subject: str = "Undelivered Mail Returned to Sender",
    sender: str = DAEMON,
) -> Parsed:
    return parse(plain_mail(body, subject=subject, sender=sender), catalogue)


def recipients(parsed: Parsed) -> list[str | None]:
    return [item.facts.recipient for item in parsed.rejections]


def test_letters_of_an_internationalised_address(catalogue: Catalogue) -> None:
    r"""RFC 6533 section 3 lets a field of ASCII alone write a letter as ``\x{HEX}``."""
    status = "Final-Recipient: utf-8; j\\x{F6}rg@firm.example\nAction: failed\nStatus: 5.1.1\n"

    assert one(status, catalogue)[2] == "jörg@firm.example"


@pytest.mark.parametrize("letter", ["\\x{D800}", "\\x{110000}", "\\x{}", "\\x{zz}"])
def test_what_is_no_letter_stays(letter: str, catalogue: Catalogue) -> None:
    """Halves of UTF-16 letters, numbers beyond Unicode, and no numbers."""
    status = f"Final-Recipient: utf-8; j{letter}@firm.example\nAction: failed\nStatus: 5.1.1\n"

    assert one(status, catalogue)[2] == f"j{letter}@firm.example".lower()


def test_a_delay_without_a_reason_leaves_the_word_to_the_status(catalogue: Catalogue) -> None:
    """The box of a warning and the list of recipients say nothing of why."""
    status = "Final-Recipient: rfc822; jo@firm.example\nAction: delayed\nStatus: 4.4.7\n"
    words = (
        "This is an automatically generated Delivery Status Notification.\n\nTHIS IS A WARNING MESSAGE ONLY.\n\n"
        "YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipients has been delayed.\n\n"
        "       jo@firm.example\n"
    )

    item = parse(report(status, words), catalogue).rejections[0]

    assert item.text == ""
    assert (item.facts.status, item.facts.temporary) == ("4.4.7", True)


def test_words_in_the_header_block_begin_the_body(catalogue: Catalogue) -> None:
    """The empty line behind the header fields was lost on the way."""
    mail = plain_mail("Your mail could not be delivered.\n<jo@firm.example>: 550 5.1.1 no such user\n")

    parsed = parse(mail.replace(b"\r\n\r\n", b"\r\n", 1), catalogue)

    assert recipients(parsed) == ["jo@firm.example"]
    assert parsed.rejections[0].facts.reply == "550"


def test_a_broken_header_line_is_no_body(catalogue: Catalogue) -> None:
    """Fields that follow show that the header block goes on."""
    mail = plain_mail("<jo@firm.example>: 550 5.1.1 no such user\n")

    parsed = parse(mail.replace(b"MIME-Version", b"torn from a field\r\nMIME-Version", 1), catalogue)

    assert recipients(parsed) == ["jo@firm.example"]


def test_recipients_that_a_transcript_leaves_out(catalogue: Catalogue) -> None:
    """Sendmail lists whom it gave up; its transcript shows the conversation with one server."""
    body = (
        "   ----- The following addresses had permanent fatal errors -----\n<amy@firm.example>\n<jo@firm.example>\n\n"
        "   ----- Transcript of session follows -----\n... while talking to mx.firm.example.:\n"
        ">>> RCPT TO:<jo@firm.example>\n<<< 550 Invalid recipient\n"
    )

    parsed = read(catalogue, body)

    assert sorted(str(address) for address in recipients(parsed)) == ["amy@firm.example", "jo@firm.example"]
    assert {item.facts.reply for item in parsed.rejections} == {"550"}


def test_the_returned_message_tells_the_recipient(catalogue: Catalogue) -> None:
    """A gateway to telephones gives back the fields it had, and names nobody else."""
    body = "Error:  550 - no such subscriber here\n\nSubject:   Offer\nTo: 15550100@phone.example\nFrom: own@shop.example\n"

    assert recipients(read(catalogue, body, sender="post_master@phone.example")) == ["15550100@phone.example"]


def test_the_only_other_address_is_the_recipient(catalogue: Catalogue) -> None:
    """In whatever language: one's own address and the daemon's did not fail."""
    body = "메일 발송 실패\n\n받는 사람 jo@firm.example\n보낸 사람 own@shop.example\n사유 (550 5.1.1 No such user)\n"

    parsed = read(catalogue, body, subject="메일이 전송되지 못했습니다", sender="noreply@portal.example")

    assert recipients(parsed) == ["jo@firm.example"]
    assert parsed.rejections[0].facts.status == "5.1.1"


def test_two_other_addresses_are_no_recipient(catalogue: Catalogue) -> None:
    """Nobody knows then which of them failed."""
    body = "메일 발송 실패\n\njo@firm.example 와 amy@firm.example\n사유 (550 5.1.1 No such user)\n"

    assert recipients(read(catalogue, body, sender="noreply@portal.example")) == [None]


def test_a_mailing_list_that_takes_posts_of_members(catalogue: Catalogue) -> None:
    """The list's own program writes it, in the name of who cares for the list."""
    body = "You seem not a member of the list <talk@lists.example>.\nYour mail is rejected.\n"

    parsed = read(catalogue, body, subject="You are no member", sender="talk-admin@lists.example")

    assert parsed.kind is Kind.BOUNCE
    assert recipients(parsed) == ["talk@lists.example"]


def test_people_write_of_members_too(catalogue: Catalogue) -> None:
    """Neither a daemon wrote it, nor is there a reply."""
    body = "Hi,\n\nJo is not a member of our club any more.\n\nBest\nAmy\n"

    parsed = parse(
        plain_mail(body, subject="Jo", sender="amy@club.example").replace(b"<>", b"<amy@club.example>"),
        catalogue,
    )

    assert parsed.kind is not Kind.BOUNCE


def test_the_heading_is_not_the_reason(catalogue: Catalogue) -> None:
    """What Gmail heads a bounce with says less than the sentence below."""
    body = "\n** Message not delivered **\n\nYou have reached a limit for sending mail.\n\njo@firm.example\n"

    assert read(catalogue, body).rejections[0].text == "You have reached a limit for sending mail."


def test_a_status_in_an_attachment_of_no_type(catalogue: Catalogue) -> None:
    """A gateway turned the delivery status into a file."""
    mail = report(
        "Final-Recipient: rfc822; jo@firm.example\nAction: failed\nStatus: 5.2.1\nDiagnostic-Code: smtp; 550 5.2.1 locked\n"
    ).replace(b"message/delivery-status", b"application/octet-stream")

    item = parse(mail, catalogue).rejections[0]

    assert (item.facts.recipient, item.facts.reply, item.facts.status) == ("jo@firm.example", "550", "5.2.1")


def test_lines_of_a_diagnostic_that_were_not_folded(catalogue: Catalogue) -> None:
    """Header fields never begin with a reply code: the line belongs to the field before it."""
    status = (
        "Final-Recipient: rfc822; jo@firm.example\nAction: failed\nStatus: 5.7.1\n"
        "Diagnostic-Code: smtp; 550-5.7.1 The message is\n550-5.7.1 likely unsolicited. Please see\n550 5.7.1 http://firm.example/why\n"
    )

    text = parse(report(status), catalogue).rejections[0].text

    assert "likely unsolicited" in text
    assert "firm.example/why" in text


def test_a_subject_of_raw_letters(catalogue: Catalogue) -> None:
    """Some programs write their letters into header fields without encoding them."""
    parsed = read(catalogue, "jo@firm.example\n", subject="메일 발송 실패", sender="no-reply@portal.example")

    assert parsed.kind is Kind.BOUNCE
    assert recipients(parsed) == ["jo@firm.example"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("jo@firm.example 주소로 보내지 못했습니다.\n\n원인 : 메일함 용량 초과\n", "메일함 용량 초과"),
        ("Zprávu pro jo@firm.example nelze doručit.\n\nDůvod: schránka je plná\n", "schránka je plná"),
        ("Nothing went to jo@firm.example.\n\nReason:\n\nThe lock has no key\n", "The lock has no key"),
    ],
    ids=["korean", "czech", "line-of-its-own"],
)
def test_the_words_behind_a_label_are_the_reason(body: str, text: str, catalogue: Catalogue) -> None:
    """Filters and portals of many countries name the reason as such."""
    assert read(catalogue, body).rejections[0].text == text


def test_that_it_was_not_delivered_is_no_reason(catalogue: Catalogue) -> None:
    """A sentence that says why counts more than the one before it, which says that it failed."""
    body = "Your message to jo@firm.example was not delivered.\n\nThe key does not fit the lock.\n"

    assert read(catalogue, body).rejections[0].text == "The key does not fit the lock."


def test_a_receipt_without_a_delivery_status(catalogue: Catalogue) -> None:
    """A daemon tells of success, too."""
    parsed = read(
        catalogue, "Your message to jo@firm.example was successfully relayed.\n", subject="Delivery notice"
    )

    assert parsed.kind is Kind.RECEIPT


def test_a_filter_that_stopped_a_message(catalogue: Catalogue) -> None:
    """Nobody's mailbox writes it, and the envelope sender is empty."""
    body = 'The following mail was blocked since it holds a lock.\n\nDestination mailbox: "jo@firm.example"\n'

    parsed = read(catalogue, body, subject="Notice", sender="Gate <gate@gate.example>")

    assert parsed.kind is Kind.BOUNCE
    assert recipients(parsed) == ["jo@firm.example"]


def forwarded(inner: bytes, sender: str = "Amy <amy@firm.example>") -> bytes:
    """A mail that somebody wrote, with another one attached."""
    head = HEAD.format(sender=sender, subject="FW: failure notice").replace("<>", "<amy@firm.example>")
    return (
        head.encode()
        + b'Content-Type: multipart/mixed; boundary="fw"\r\n\r\n--fw\nContent-Type: text/plain\n\nWhat is this?\n'
        + b"--fw\nContent-Type: message/rfc822\n\n"
        + inner.replace(b"\r\n", b"\n")
        + b"\n--fw--\n"
    )


def test_a_bounce_that_somebody_sent_on(catalogue: Catalogue) -> None:
    """The attached mail is what failed, and its own words tell the recipient."""
    inner = plain_mail(
        "Hi. This is the gate.\n\n<jo@firm.example>:\nNo mailbox here by that name. (#5.1.1)\n"
    )

    parsed = parse(forwarded(inner), catalogue)

    assert recipients(parsed) == ["jo@firm.example"]
    assert parsed.rejections[0].facts.status == "5.1.1"


def test_forwarded_bounces_in_one_another_stay_bounded(catalogue: Catalogue) -> None:
    """Only the first attached mail is read as one."""
    inner = plain_mail("<jo@firm.example>: 550 5.1.1 no such user\n")
    for _ in range(40):
        inner = forwarded(inner, sender=DAEMON)

    assert len(parse(forwarded(inner), catalogue).rejections) <= 1


def test_what_a_program_says_before_sendmail_counts(catalogue: Catalogue) -> None:
    """Sendmail's own line says only that the program failed."""
    body = (
        "   ----- Transcript of session follows -----\nmail.local: /var/mail/jo: Disc quota exceeded\n"
        "554 <jo@firm.example>... Service unavailable\n"
    )

    assert read(catalogue, body).rejections[0].text == "554 mail.local: /var/mail/jo: Disc quota exceeded"


def test_a_long_paragraph_is_read_where_it_says_because(catalogue: Catalogue) -> None:
    """What to try next is no reason."""
    advice = "A list of what may have led to this error stands in the manual of the gate on the shelf in the hall. "
    body = f"<jo@firm.example>\n\n{advice}It was not delivered because the key was lost. If you do not have one, ask."

    assert read(catalogue, body).rejections[0].text == "It was not delivered because the key was lost."


def test_a_parcel_is_no_mail(catalogue: Catalogue) -> None:
    """A bounce names whom it was for, or a mail server wrote it."""
    body = "Dear customer,\n\nyour parcel 550 114 could not be delivered. Please choose a new day.\n"
    mail = plain_mail(
        body, subject="Your parcel could not be delivered", sender="Post <noreply@parcels.example>"
    )

    assert parse(mail.replace(b"<>", b"<bounce-1@parcels.example>"), catalogue).kind is not Kind.BOUNCE
    assert parse(mail, catalogue).kind is Kind.BOUNCE


def inside_another(outer: str, inner: str) -> bytes:
    """A gateway's report without a reason, which gives back another report."""
    head = HEAD.format(sender=DAEMON, subject="Mail could not be delivered")
    return (
        f'{head}Content-Type: multipart/mixed; boundary="gw"\r\n\r\n--gw\nContent-Type: text/plain\n\n{outer}\n'
        f"--gw\nContent-Type: message/rfc822\n\nFrom: own@shop.example\nTo: jo@firm.example\nSubject: x\n\n{inner}\n--gw--\n"
    ).encode()


@pytest.mark.parametrize(
    ("address", "reply"), [("jo@firm.example", "550"), ("amy@firm.example", None)], ids=["same", "other"]
)
def test_the_inner_report_has_the_reply(address: str, reply: str | None, catalogue: Catalogue) -> None:
    """Where it speaks of the same recipient, and the outer report says nothing of why."""
    inner = f"----- Transcript of the session follows -----\n>>> RCPT To:<{address}>\n<<< 550 5.1.1 Invalid recipient\n"

    parsed = parse(
        inside_another("Reason: Unable to deliver message to <jo@firm.example>.", inner), catalogue
    )

    assert recipients(parsed) == ["jo@firm.example"]
    assert parsed.rejections[0].facts.reply == reply


def test_the_words_of_a_recipient_end_at_the_next_one(catalogue: Catalogue) -> None:
    """Sendmail puts no empty line between them, and a status without a diagnostic has nothing else."""
    status = (
        "Final-Recipient: RFC822; jo@firm.example\nAction: failed\nStatus: 5.1.2\n\n"
        "Final-Recipient: RFC822; amy@other.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: SMTP; 550 5.7.1 no key\n"
    )
    words = (
        "   ----- The following addresses had permanent fatal errors -----\n<jo@firm.example>\n    (reason: 550 Host unknown)\n"
        "<amy@other.example>\n    (reason: 550 5.7.1 no key)\n"
    )

    first = parse(report(status, words), catalogue).rejections[0]

    assert (first.facts.recipient, first.facts.status) == ("jo@firm.example", "5.1.2")
    assert first.text.startswith("550 Host unknown")


@pytest.mark.parametrize(
    ("final", "original", "recipient"),
    [
        ("jo@queue-daemon", "jo@firm.example", "jo@firm.example"),
        ("jo@mailhub", "amy@firm.example", "jo@mailhub"),
        ("jo@real.example", "jo@firm.example", "jo@real.example"),
        ("jo", "jo@firm.example", "jo@firm.example"),
    ],
    ids=["queue", "another-name", "forwarded", "no-address"],
)
def test_the_recipient_in_a_queue_of_the_servers_own(
    final: str, original: str, recipient: str, catalogue: Catalogue
) -> None:
    """The original address is the same one, and can be written to."""
    status = f"Original-Recipient: rfc822;{original}\nFinal-Recipient: rfc822;{final}\nAction: failed\nStatus: 5.2.2\n"

    assert one(status, catalogue)[2] == recipient


def test_a_success_within_a_failure_says_nothing(catalogue: Catalogue) -> None:
    """The relay's own server had taken the message: the transcript has who refused it."""
    status = "Final-Recipient: RFC822; jo@firm.example\nAction: failed\nStatus: 2.0.0\nDiagnostic-Code: SMTP; 250 OK\n"
    words = "... while talking to mx.firm.example.:\n>>> RCPT TO:<jo@firm.example>\n<<< 550 not from this sender\n"

    assert one(status, catalogue)[:2] == (None, None)
    assert parse(report(status, words), catalogue).rejections[0].facts.reply == "550"


def test_exchange_says_last_why(catalogue: Catalogue) -> None:
    """Its first line says only that it could not reach somebody."""
    body = (
        "did not reach the following recipient(s):\n\njo@firm.example on Mon, 3 Feb 2025 10:00:00 +0000\n"
        "    Unable to deliver the message due to a communications failure\n    MSEXCH:IMS:Firm:HALL:GATE 3902 (000B0909) Host unknown\n"
    )

    assert read(catalogue, body).rejections[0].text == "Host unknown"


def test_two_recipients_of_one_sentence_each(catalogue: Catalogue) -> None:
    """IMail writes a line for each."""
    body = (
        "undeliverable to jo@firm.example\nundeliverable to amy@firm.example\n\nOriginal message follows.\n"
    )

    assert recipients(read(catalogue, body)) == ["jo@firm.example", "amy@firm.example"]


def test_who_cares_for_a_list_is_no_recipient(catalogue: Catalogue) -> None:
    """Their address is where to ask; the list stands in the sentence."""
    body = (
        "Your message to the talk@lists.example mailing list\nhas been rejected. The moderator gave this reason for it:\n\n"
        '"Only members post here."\n\nQuestions go to the list administrator at:\n\n    talk-owner@lists.example\n'
    )

    parsed = read(catalogue, body, sender="talk-owner@lists.example")

    assert recipients(parsed) == ["talk@lists.example"]


def test_an_invitation_to_reply_is_no_reason(catalogue: Catalogue) -> None:
    """What stands behind the recipient may be the postmaster's last sentence."""
    body = (
        "This Message was undeliverable due to the following reason:\n\nThe user(s) account is over quota.\n\n"
        "<jo@firm.example>\n\nPlease reply to Postmaster@own.example\nif you feel this message to be in error.\n"
    )

    assert read(catalogue, body).rejections[0].text == "The user(s) account is over quota."


def test_a_receipt_that_lists_recipients(catalogue: Catalogue) -> None:
    """Exchange 5.5 names them as it does in a report of failure."""
    body = "Your message\n\n  To:      jo@firm.example\n\nwas delivered to the following recipient(s):\n\njo@firm.example on Mon\n"

    assert read(catalogue, body, subject="Delivered: Offer").kind is Kind.RECEIPT


def test_a_list_that_refuses_in_french(catalogue: Catalogue) -> None:
    """The list's program is named after nobody."""
    body = "Votre message à la liste jo@firm.example a été rejeté.\n\nVous n'y êtes pas abonné.\n"

    parsed = read(catalogue, body, subject="liste", sender="robot@firm.example")

    assert parsed.kind is Kind.BOUNCE
    assert recipients(parsed) == ["jo@firm.example"]

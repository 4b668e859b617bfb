"""Webhook events of e-mail services."""

import json
from typing import Any

import pytest

from bot.core.model import Catalogue, Frame, Kind
from bot.core.parse import parse

SES: dict[str, Any] = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": "jo@firm.example",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 no such user",
            },
            {
                "emailAddress": "al@firm.example",
                "status": "5.2.2",
                "diagnosticCode": "smtp; 552 5.2.2 mailbox full",
            },
        ],
    },
    "mail": {"source": "own@shop.example"},
}
SENDGRID: dict[str, Any] = {
    "email": "jo@firm.example",
    "event": "bounce",
    "ip": "192.0.2.9",
    "status": "5.1.1",
    "reason": "550 5.1.1 no such user",
    "type": "bounce",
}
RESEND: dict[str, Any] = {
    "type": "email.bounced",
    "data": {
        "from": "Shop <own@shop.example>",
        "to": ["jo@firm.example"],
        "bounce": {
            "type": "Permanent",
            "subType": "General",
            "message": "smtp; 550 5.1.1 no such user",
        },
    },
}
RESEND_LIST = {
    "type": "email.bounced",
    "data": RESEND["data"]
    | {"bounce": {"message": "A hard bounce.", "diagnosticCode": ["smtp; 550 5.1.1 no such user"]}},
}
QUEUED = {
    "queue_name": "deferred",
    "queue_id": "9F2C41A0B3",
    "sender": "own@shop.example",
    "recipients": [
        {
            "address": "jo@firm.example",
            "delay_reason": "host mx.firm.example[198.51.100.7] said: 550 5.1.1 no such user (in reply to RCPT TO command)",
        }
    ],
}
MAILGUN: dict[str, Any] = {
    "event-data": {
        "event": "failed",
        "severity": "permanent",
        "recipient": "jo@firm.example",
        "envelope": {"sender": "own@shop.example", "sending-ip": "192.0.2.9", "targets": "jo@firm.example"},
        "delivery-status": {"code": 550, "message": "5.1.1 no such user", "mx-host": "mx.firm.example"},
    }
}
POSTMARK: dict[str, Any] = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "Email": "jo@firm.example",
    "From": "own@shop.example",
    "Description": "The server was unable to deliver your message.",
    "Details": "smtp;550 5.1.1 no such user",
}
SPARKPOST: list[dict[str, Any]] = [
    {
        "msys": {
            "message_event": {
                "type": "bounce",
                "rcpt_to": "jo@firm.example",
                "msg_from": "own@shop.example",
                "error_code": "550",
                "raw_reason": "550 5.1.1 no such user",
                "sending_ip": "192.0.2.9",
            }
        }
    }
]
MAILJET: dict[str, Any] = {
    "event": "bounce",
    "email": "jo@firm.example",
    "hard_bounce": True,
    "error_related_to": "recipient",
    "error": "user unknown",
    "comment": "smtp;550 5.1.1 no such user",
}
KUMOMTA: dict[str, Any] = {
    "type": "Bounce",
    "sender": "own@shop.example",
    "recipient": "jo@firm.example",
    "response": {
        "code": 550,
        "enhanced_code": {"class": 5, "subject": 1, "detail": 1},
        "content": "no such user",
        "command": "RCPT TO:<jo@firm.example>\r\n",
    },
    "peer_address": {"name": "mx.firm.example.", "addr": "192.0.2.7"},
}


@pytest.mark.parametrize(
    ("event", "sender", "ip"),
    [
        (SES, "own@shop.example", None),
        (SES | {"mail": {"source": "Shop, orders <own@shop.example>"}}, "own@shop.example", None),
        (SENDGRID, None, "192.0.2.9"),
        (MAILGUN, "own@shop.example", "192.0.2.9"),
        (POSTMARK, "own@shop.example", None),
        (SPARKPOST, "own@shop.example", "192.0.2.9"),
        (MAILJET, None, None),
        (KUMOMTA, "own@shop.example", None),
        (RESEND, "own@shop.example", None),
        (RESEND_LIST, "own@shop.example", None),
        (QUEUED, "own@shop.example", None),
    ],
    ids=[
        "ses",
        "ses-with-a-name",
        "sendgrid",
        "mailgun",
        "postmark",
        "sparkpost",
        "mailjet",
        "kumomta",
        "resend",
        "resend-list",
        "postqueue",
    ],
)
def test_services(event: object, sender: str | None, ip: str | None, catalogue: Catalogue) -> None:
    """Every service's event gives the reply, the recipient and what else it names."""
    first = parse("from our webhook:\n```\n" + json.dumps(event, indent=1) + "\n```", catalogue).rejections[0]
    facts = first.facts

    assert first.frame is Frame.EVENT
    assert (facts.reply, facts.status, facts.recipient) == ("550", "5.1.1", "jo@firm.example")
    assert (facts.sender, facts.sending_ip) == (sender, ip)


@pytest.mark.parametrize(
    ("event", "reply"),
    [
        (MAILJET, "550 5.1.1 no such user"),
        (MAILJET | {"error": "", "comment": "no mailbox here"}, "no mailbox here"),
        (MAILJET | {"comment": ""}, "user unknown"),
        (
            MAILGUN
            | {
                "event-data": MAILGUN["event-data"]
                | {"delivery-status": {"code": 550, "message": "asked back: 450 later"}}
            },
            "550 asked back: 450 later",
        ),
        (KUMOMTA, "550 no such user"),
    ],
    ids=["code-in-the-comment", "comment-alone", "error-alone", "a-code-in-the-words", "pieces"],
)
def test_the_server_s_own_words_of_an_event(event: object, reply: str, catalogue: Catalogue) -> None:
    """Of several fields with words the one that holds a code is what the server said."""
    assert parse(json.dumps(event), catalogue).rejections[0].text == reply


def test_each_recipient_of_one_event(catalogue: Catalogue) -> None:
    """An event with two recipients is two rejections with causes of their own."""
    found = parse(json.dumps(SES), catalogue).rejections

    assert [(item.facts.recipient, item.facts.status) for item in found] == [
        ("jo@firm.example", "5.1.1"),
        ("al@firm.example", "5.2.2"),
    ]


def test_a_queue_without_a_reason_tells_nothing(catalogue: Catalogue) -> None:
    """A message that waits for its first attempt has not failed."""
    waiting = QUEUED | {"recipients": [{"address": "jo@firm.example"}]}

    assert parse(json.dumps(waiting), catalogue).strength < 0.5


def test_the_host_that_an_event_names(catalogue: Catalogue) -> None:
    """Its name counts before its address."""
    event = {
        "event": "bounce",
        "rcpt": "jo@firm.example",
        "host": "mx.firm.example [198.51.100.7]",
        "message": "550 no",
    }

    assert parse(json.dumps(event), catalogue).rejections[0].facts.rejecting_host == "mx.firm.example"


def test_an_event_inside_a_notification(catalogue: Catalogue) -> None:
    """SNS carries the event as a string of JSON."""
    text = json.dumps({"Type": "Notification", "Message": json.dumps(SES)})

    assert parse(text, catalogue).rejections[0].facts.recipient == "jo@firm.example"


def test_an_array_of_events(catalogue: Catalogue) -> None:
    """Of an array the failures count alone."""
    opened = {"email": "x@firm.example", "event": "open"}

    assert len(parse(json.dumps([opened, SENDGRID, SENDGRID]), catalogue).rejections) == 2


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"email": "jo@firm.example", "event": "delivered"}, Kind.RECEIPT),
        ({"notificationType": "Delivery", "mail": {}}, Kind.RECEIPT),
        ({"notificationType": "Complaint", "mail": {}}, Kind.FEEDBACK_REPORT),
        ({"RecordType": "Open", "Email": "x"}, Kind.RECEIPT),
        (
            KUMOMTA | {"type": "Delivery", "response": {"code": 250, "enhanced_code": None, "content": "OK"}},
            Kind.RECEIPT,
        ),
        ({"RecordType": "Bounce", "Type": "AutoResponder", "Email": "x@y.example"}, Kind.AUTO_REPLY),
    ],
)
def test_events_of_no_failure(event: object, kind: Kind, catalogue: Catalogue) -> None:
    """Deliveries, clicks and complaints are told from bounces."""
    parsed = parse(json.dumps(event), catalogue)

    assert (parsed.kind, parsed.rejections) == (kind, ())


def test_a_delay_is_temporary(catalogue: Catalogue) -> None:
    """A delivery delay of SES is a bounce that may mend itself."""
    event = {
        "eventType": "DeliveryDelay",
        "deliveryDelay": {
            "delayType": "MailboxFull",
            "delayedRecipients": [{"emailAddress": "jo@firm.example", "status": "4.2.2"}],
        },
        "mail": {"source": "own@shop.example"},
    }

    assert parse(json.dumps(event), catalogue).rejections[0].facts.temporary


@pytest.mark.parametrize(
    "text",
    [
        '{"event": ',
        '{"event": "bounce", "email": 5}',
        '[{"event":"bounce","email":"a@b.example","reason":null}',
    ],
)
def test_broken_events_do_not_break(text: str, catalogue: Catalogue) -> None:
    """Truncated or odd JSON is read as far as it goes."""
    parse(text, catalogue)

"""Which failed recipients does an event of an e-mail service name? SES, SendGrid, Mailgun, Postmark, SparkPost, Mandrill, Mailjet, KumoMTA."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse.finding import Finding
from bot.core.parse.log import SAID
from bot.core.parse.origin import origin_of
from bot.core.parse.roles import first_address

_HINT = lazy_re(
    r'"(?:notificationType|eventType|bouncedRecipients|event|RecordType|msys|event-data|diagnosticCode|bounce_description|rcpt_to|sg_event_id|TypeCode|Message|raw_reason|event-name|enhanced_code|queue_id)"\s*:|"type"\s*:\s*"email\.'
)
_GOOD = frozenset(
    [
        "delivered",
        "delivery",
        "deliver",
        "open",
        "opened",
        "click",
        "clicked",
        "processed",
        "accepted",
        "send",
        "sent",
        "injection",
        "initial_open",
        "amp_open",
        "amp_click",
        "open_event",
    ]
)
_COMPLAINTS = frozenset(["complaint", "complained", "spamreport", "spam_complaint", "spamcomplaint", "spam"])
_TYPED = lazy_re(r"^\s*[a-z0-9-]{1,20}\s*;\s*", re.I)
_MAX_DEPTH = 20


def read_events(text: str) -> tuple[list[Finding], Kind | None]:
    """Return the failed recipients of the JSON events in ``text``, and what the events are when none failed."""
    if '"' not in text or not _HINT.search(text):
        return [], None
    found: list[Finding] = []
    kind: Kind | None = None
    for value in _values(text):
        for event in _objects(value, 0):
            read = _event(event)
            if read is None:
                continue
            if isinstance(read, Kind):
                kind = read
            else:
                found.extend(read)
    return found, None if found else kind


def _values(text: str) -> Iterator[Any]:
    """The JSON values in the text: the whole of it, one a line, or one in the midst of words."""
    decoder = json.JSONDecoder(strict=False)
    position, tries = 0, 0
    while tries < 200:
        match = re.compile(r"[{\[]").search(text, position)
        if not match:
            return
        tries += 1
        try:
            value, position = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            position = match.start() + 1
            continue
        yield value


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every object that may be an event, the outermost first; strings that hold JSON (SNS) are opened."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:2000]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        message = value.get("Message")
        if isinstance(message, str) and message.lstrip().startswith("{"):
            try:
                yield from _objects(json.loads(message, strict=False), depth + 1)
            except (ValueError, RecursionError):
                return
            return
        if _event(value) is not None:
            yield value
            return
        for item in value.values():
            if isinstance(item, (dict, list)):
                yield from _objects(item, depth + 1)


def _event(event: dict[str, Any]) -> list[Finding] | Kind | None:
    """The findings of one event, the kind of one that reports no failure, or None for what is no event."""
    kind = _text(event, "notificationType") or _text(event, "eventType")
    if kind and isinstance(event.get("mail"), dict):
        return _ses(event, kind.lower())
    if "bouncedRecipients" in event:
        return _ses({"bounce": event, "mail": {}}, "bounce")
    if "RecordType" in event or ("TypeCode" in event and "Email" in event):
        return _postmark(event)
    if isinstance(event.get("event-data"), dict):
        return _mailgun(event["event-data"])
    if isinstance(event.get("delivery-status"), dict) or ("severity" in event and "recipient" in event):
        return _mailgun(event)
    if isinstance(event.get("msys"), dict):
        for inner in event["msys"].values():
            if isinstance(inner, dict):
                return _sparkpost(inner)
        return None
    if isinstance(event.get("response"), dict) and "content" in event["response"] and "recipient" in event:
        return _kumomta(event, event["response"])
    if "queue_id" in event and "recipients" in event:
        return _queued(event)
    if "raw_reason" in event or ("rcpt_to" in event and "type" in event):
        return _sparkpost(event)
    name = (_text(event, "type") or "").lower()
    if name.startswith("email.") and isinstance(event.get("data"), dict):
        return _resend(event["data"], name.removeprefix("email."))
    name = (_text(event, "event") or "").lower()
    if name and isinstance(event.get("msg"), dict):
        return _mandrill(event, name)
    if name and ("email" in event or "recipient" in event or "rcpt" in event):
        return _sendgrid(event, name)
    return None


def _ses(event: dict[str, Any], kind: str) -> list[Finding] | Kind | None:
    mail = event.get("mail")
    sender = _text(mail, "source") if isinstance(mail, dict) else None
    if kind == "bounce":
        bounce, key, late = event.get("bounce"), "bouncedRecipients", None
    elif kind == "deliverydelay":
        bounce, key, late = event.get("deliveryDelay"), "delayedRecipients", True
    else:
        return _kind_of(kind)
    if not isinstance(bounce, dict):
        return None
    if late is None and (_text(bounce, "bounceType") or "").lower() == "transient":
        late = True
    summary = " ".join(
        filter(
            None, (_text(bounce, "bounceType"), _text(bounce, "bounceSubType"), _text(bounce, "delayType"))
        )
    )
    recipients = bounce.get(key)
    found = []
    for item in recipients if isinstance(recipients, list) else []:
        if not isinstance(item, dict):
            continue
        found.append(
            _finding(
                text=_TYPED.sub("", _text(item, "diagnosticCode") or "") or summary,
                context=summary,
                recipient=_text(item, "emailAddress"),
                sender=sender,
                status=_text(item, "status"),
                delayed=late,
            )
        )
    origin = origin_of(_headers(mail), sender) if isinstance(mail, dict) and found else None
    return [replace(item, origin=origin) for item in found] if origin else found


def _headers(mail: dict[str, Any]) -> dict[str, list[str]]:
    """The header fields of the message, where the event was set up to carry them."""
    fields: dict[str, list[str]] = {}
    headers = mail.get("headers")
    for header in headers[:200] if isinstance(headers, list) else []:
        if isinstance(header, dict):
            name, value = _text(header, "name"), _text(header, "value")
            if name and value:
                fields.setdefault(name.lower(), []).append(value)
    return fields


_REASONS = ("reason", "response", "error", "description", "comment", "message")
_HAS_CODE = lazy_re(r"(?<![\w.])[45](?:\d\d(?![\w.])|\.\d{1,3}\.\d{1,3})")
_BEGINS = lazy_re(r"[45]\d\d\b")


def _sendgrid(event: dict[str, Any], name: str) -> list[Finding] | Kind | None:
    recipient = _text(event, "email") or _text(event, "recipient") or _text(event, "rcpt")
    if name in (
        "bounce",
        "bounced",
        "dropped",
        "deferred",
        "blocked",
        "failed",
        "hard_bounce",
        "soft_bounce",
        "hardbounce",
        "softbounce",
        "rejected",
        "error",
        "invalid_email",
    ):
        given = [words for key in _REASONS if (words := _text(event, key))]
        # Mailjet's `error` is its own name for what the server said in `comment`.
        reason = next((words for words in given if _HAS_CODE.search(words)), given[0] if given else "")
        code = _code(event.get("code"))
        return [
            _finding(
                text=reason or name,
                context=" ".join(
                    filter(None, (_text(event, "type"), _text(event, "bounce_classification"), name))
                ),
                recipient=recipient,
                sender=_text(event, "from") or _text(event, "sender"),
                status=_text(event, "status"),
                code=code,
                sending_ip=_text(event, "ip") or _text(event, "sending_ip"),
                host=_text(event, "host") or _text(event, "mx"),
                delayed=name in ("deferred", "soft_bounce", "softbounce")
                or event.get("hard_bounce") is False,
            )
        ]
    return _kind_of(name)


def _resend(data: dict[str, Any], name: str) -> list[Finding] | Kind | None:
    """A webhook of Resend: the bounce stands beside the message that was sent."""
    if name not in ("bounced", "delivery_delayed", "failed"):
        return _kind_of(name)
    told: dict[str, Any] = next(
        (data[key] for key in ("bounce", "failed") if isinstance(data.get(key), dict)), {}
    )
    recipients = data.get("to")
    return [
        _finding(
            text=_TYPED.sub("", _text(told, "diagnosticCode") or "")
            or _text(told, "message")
            or _text(told, "reason")
            or name,
            context=" ".join(
                filter(None, (_text(told, "message"), _text(told, "type"), _text(told, "subType")))
            ),
            recipient=recipient,
            sender=_text(data, "from"),
            delayed=name == "delivery_delayed" or (_text(told, "type") or "").lower() == "transient",
        )
        for recipient in (recipients if isinstance(recipients, list) else [recipients])[:100]
        if isinstance(recipient, str)
    ]


def _mailgun(event: dict[str, Any]) -> list[Finding] | Kind | None:
    name = (_text(event, "event") or "").lower()
    if name not in ("failed", "rejected", "bounced", "dropped"):
        return _kind_of(name)
    raw = event.get("delivery-status")
    status: dict[str, Any] = raw if isinstance(raw, dict) else {}
    envelope = event.get("envelope")
    envelope = envelope if isinstance(envelope, dict) else {}
    reject = event.get("reject")
    words = (
        _text(status, "message")
        or _text(status, "description")
        or (_text(reject, "reason") if isinstance(reject, dict) else None)
        or ""
    )
    description = _text(status, "description") or ""
    return [
        _finding(
            text=words or description or _text(event, "reason") or name,
            context=" ".join(
                filter(None, (description if description != words else "", _text(event, "reason")))
            ),
            recipient=_text(event, "recipient") or _text(envelope, "targets"),
            sender=_text(envelope, "sender"),
            sending_ip=_text(envelope, "sending-ip"),
            host=_text(status, "mx-host"),
            code=_code(status.get("code")),
            status=_text(status, "enhanced-code"),
            delayed=_text(event, "severity") == "temporary",
        )
    ]


def _postmark(event: dict[str, Any]) -> list[Finding] | Kind | None:
    record = (_text(event, "RecordType") or "Bounce").lower()
    kind = (_text(event, "Type") or "").lower()
    if record != "bounce" or kind in (
        "spamcomplaint",
        "autoresponder",
        "challengeverification",
        "subscribe",
        "unsubscribe",
    ):
        return (
            Kind.AUTO_REPLY
            if kind in ("autoresponder", "challengeverification")
            else _kind_of("complaint" if kind == "spamcomplaint" else record)
        )
    details = _text(event, "Details") or ""
    return [
        _finding(
            text=details or _text(event, "Description") or kind,
            context=" ".join(filter(None, (_text(event, "Name"), _text(event, "Description")))),
            recipient=_text(event, "Email"),
            sender=_text(event, "From"),
            delayed=kind in ("softbounce", "transient", "dnserror") or None,
        )
    ]


def _sparkpost(event: dict[str, Any]) -> list[Finding] | Kind | None:
    name = (_text(event, "type") or "").lower()
    if name not in (
        "bounce",
        "delay",
        "out_of_band",
        "policy_rejection",
        "generation_failure",
        "generation_rejection",
    ):
        return _kind_of(name)
    return [
        _finding(
            text=_text(event, "raw_reason") or _text(event, "reason") or name,
            context=_text(event, "reason") or "",
            recipient=_text(event, "rcpt_to") or _text(event, "raw_rcpt_to"),
            sender=_text(event, "msg_from") or _text(event, "friendly_from"),
            sending_ip=_text(event, "sending_ip"),
            host=_text(event, "remote_host") or _text(event, "ip_address"),
            code=_code(event.get("error_code")),
            delayed=name == "delay",
        )
    ]


def _kumomta(event: dict[str, Any], response: dict[str, Any]) -> list[Finding] | Kind | None:
    """A log record of KumoMTA: its parts of a reply stand apart, and no record says "bounce" of a receipt."""
    name = (_text(event, "type") or "").lower()
    code = _code(response.get("code"))
    if name == "delivery" or code is None:
        return _kind_of(name)
    parts = response.get("enhanced_code")
    numbers = [parts.get(key) for key in ("class", "subject", "detail")] if isinstance(parts, dict) else []
    peer = event.get("peer_address")
    recipients = event["recipient"] if isinstance(event["recipient"], list) else [event["recipient"]]
    return [
        _finding(
            text=_text(response, "content") or name,
            context=_text(event, "bounce_classification") or "",
            recipient=recipient,
            sender=_text(event, "sender"),
            host=_text(peer, "name") or _text(peer, "addr"),
            code=code,
            status=".".join(map(str, numbers)),
            delayed=name == "transientfailure",
        )
        for recipient in recipients[:100]
        if isinstance(recipient, str)
    ]


def _queued(event: dict[str, Any]) -> list[Finding] | Kind | None:
    """A message in Postfix's queue, as ``postqueue -j`` shows it."""
    recipients = event["recipients"]
    found = []
    for item in recipients[:500] if isinstance(recipients, list) else []:
        why = _text(item, "delay_reason")
        if why:
            said = SAID.search(why)
            found.append(
                _finding(
                    text=said[3] if said else why,
                    context=why if said else "",
                    recipient=_text(item, "address"),
                    sender=_text(event, "sender"),
                    host=said[1] if said else None,
                    delayed=True,
                )
            )
    return found or None


def _mandrill(event: dict[str, Any], name: str) -> list[Finding] | Kind | None:
    if name not in ("hard_bounce", "soft_bounce", "deferral", "reject"):
        return _kind_of(name)
    message = event["msg"]
    return [
        _finding(
            text=_text(message, "diag") or _text(message, "bounce_description") or name,
            context=_text(message, "bounce_description") or "",
            recipient=_text(message, "email"),
            sender=_text(message, "sender"),
            delayed=name in ("soft_bounce", "deferral"),
        )
    ]


def _kind_of(name: str) -> Kind | None:
    lowered = name.lower().replace("-", "_")
    if lowered in _GOOD:
        return Kind.RECEIPT
    return Kind.FEEDBACK_REPORT if lowered in _COMPLAINTS else None


def _finding(
    *,
    text: str,
    context: str,
    recipient: str | None,
    sender: str | None,
    status: str | None = None,
    code: str | None = None,
    sending_ip: str | None = None,
    host: str | None = None,
    delayed: bool | None = None,
) -> Finding:
    if code and not _BEGINS.match(text):
        text = f"{code} {text}"  # a number in the words is then none of the reply's codes
    return Finding(
        text=text,
        frame=Frame.EVENT,
        strength=1.0,
        recipient=recipient,
        sender=first_address(sender[max(sender.rfind("<"), 0) :]) if sender else None,
        sending_ip=sending_ip,
        host=host,
        code=code,
        status=status if status and re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", status) else None,
        context=context,
        delayed=delayed,
    )


def _code(value: Any) -> str | None:
    digits = str(value) if isinstance(value, (int, str)) else ""
    return digits if re.fullmatch(r"[45]\d\d", digits) else None


def _text(event: Any, name: str) -> str | None:
    value = event.get(name) if isinstance(event, dict) else None
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() or None if isinstance(value, str) else None

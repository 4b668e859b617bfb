"""Which recipients failed, by a whole mail?"""

import re
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind, Origin
from bot.core.parse.clean import one_line, plain
from bot.core.parse.dsn import Status, read_status
from bot.core.parse.facts import first_address
from bot.core.parse.finding import MOST_RECIPIENTS, Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.html import html_text
from bot.core.parse.mime import Part, content_type, decode_words, headers_of, parts
from bot.core.parse.origin import origin_in, origin_of
from bot.core.parse.paste import sure_forms
from bot.core.parse.reason import reason
from bot.core.parse.reply import find_replies, read_reply
from bot.core.parse.report import read_report
from bot.core.parse.returned import without_original
from bot.core.parse.signs import failure, kinds, sentences, talk

_BOUNCE_SENDER = lazy_re(
    r"mailer-daemon|mail(?:er)?[-_. ]?(?:delivery|deliver)|postmaster|post_master|mdaemon|bounce|<>|mail administrator|delivery (?:sub)?system|no-?reply|system administrator|mailer|microsoft outlook",
    re.I,
)
_SUBJECT = lazy_re(
    r"undeliver|deliver(?:y|ed)|fail|return|bounce|reject|warning|delay|unzustellbar|zustell|non remis|échec|remise|no se puede|entrega|entregar|impossibile|recapit|consegn|não|falha|недостав|доставл|配信|不達|送信|返送|退信|失败|失敗|mail system error|error|problem|could not|refus|notif",
    re.I,
)
_FAILED = ("failed", "failure", "delayed", "fail", "undeliverable", "")
_DONE = ("delivered", "relayed", "expanded", "deliverable")
_GENERATED = lazy_re(r"generated (?:by|from) <?([^\s<>()]+@[^\s<>()]+)")
_REPORT_LENGTH = 8000
"""Characters of the prose beside a delivery status that are read."""
_PROSE_LENGTH = 24 * 1024
"""Characters of a mail's prose that are read where it has no delivery status."""


def read_mail(text: str) -> tuple[list[Finding], Kind, float]:
    """Return the findings of a mail, its kind, and how surely the form alone says so."""
    fields, leaves = parts(text)
    statuses: list[Status] = []
    prose: list[str] = []
    html: list[str] = []
    original: dict[str, list[str]] = {}
    _, parameters = content_type(fields)
    report_type = parameters.get("report-type", "").lower()
    for leaf in leaves:
        _sort(leaf, statuses, prose, html, original, 0)
        if leaf.type == "message/feedback-report":
            report_type = "feedback-report"
        elif leaf.type.endswith("disposition-notification"):
            report_type = "disposition-notification"
    raw = "\n\n".join(prose)
    if html and len(raw.strip()) < 40:
        raw = "\n\n".join([raw, *(html_text(part) for part in html)])
    subject = decode_words(_first(fields, "subject"))
    sender = decode_words(_first(fields, "from"))
    if report_type == "feedback-report":
        return [], Kind.FEEDBACK_REPORT, 0.0
    if report_type == "disposition-notification":
        return [], Kind.RECEIPT, 0.0
    envelope = _envelope_sender(fields, original)
    origin = _origin(fields, original, raw, statuses)
    if statuses:
        failed = [
            item for item in statuses if item.action not in _DONE and (item.action in _FAILED or item.status)
        ]
        if failed:
            words = without_original(plain(raw[:_REPORT_LENGTH]))
            found = [_from_status(item, words, envelope, len(failed)) for item in failed[:MOST_RECIPIENTS]]
            return [replace(item, origin=origin) for item in found], Kind.BOUNCE, 1.0
        if any(item.action in _DONE for item in statuses):
            return [], Kind.RECEIPT, 0.0
    words = plain(raw[:_PROSE_LENGTH])
    known = tuple(
        address.strip(" <>").lower()
        for value in fields.get("x-failed-recipients", [])
        for address in value.split(",")
        if "@" in address
    )
    for body in (words, "\n".join(html_text(part) for part in html)):
        if body.strip():
            sure, sure_kind = sure_forms(body if body is words else plain(body[:_PROSE_LENGTH]))
            if sure_kind is not None and sure_kind is not Kind.CHATTER:
                known_too = [_with_sender(item, envelope, origin) for item in sure]
                return known_too, sure_kind, 1.0 if sure else 0.0
    strength, found_kind = _judge(fields, subject, sender, words, known, report_type)
    if found_kind is not Kind.BOUNCE:
        return [], found_kind, 0.0
    findings = read_report(words, strength, known)
    if not findings:
        findings = _from_original(words, original, strength)
    return [_with_sender(item, envelope, origin) for item in findings], Kind.BOUNCE, strength


def _sort(
    leaf: Part,
    statuses: list[Status],
    prose: list[str],
    html: list[str],
    original: dict[str, list[str]],
    depth: int,
) -> None:
    if leaf.type.endswith("delivery-status") or leaf.type == "message/delivery-status":
        statuses.extend(read_status(leaf.text))
    elif leaf.type in (
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/global-headers",
        "message/rfc822-headers",
        "message/partial",
    ):
        fields, inner = (
            parts(leaf.text)
            if leaf.type.startswith("message/") and depth < 2
            else (headers_of(leaf.text[:100_000]), [])
        )
        if not original:
            original.update(fields)
        # A bounce inside a bounce: the inner one knows the recipient that failed first.
        if depth < 2 and not statuses and any(part.type.endswith("delivery-status") for part in inner):
            for part in inner:
                if part.type.endswith("delivery-status"):
                    _sort(part, statuses, prose, html, original, depth + 1)
                elif part.type == "text/plain":
                    prose.append(part.text)
    elif leaf.type == "text/html":
        html.append(leaf.text)
    elif leaf.type.startswith("text/") or leaf.type in ("", "message"):
        if leaf.type == "text/x-preamble" and len(leaf.text) < 400:
            return
        if "Final-Recipient:" in leaf.text and "Action:" in leaf.text and not statuses:
            statuses.extend(read_status(without_original(leaf.text)))
        prose.append(leaf.text)


def _judge(
    fields: dict[str, list[str]],
    subject: str,
    sender: str,
    words: str,
    known: tuple[str, ...],
    report_type: str,
) -> tuple[float, Kind]:
    """How surely a mail without a delivery status is a bounce, and what it is."""
    if known:
        return 1.0, Kind.BOUNCE
    body = without_original(words)[:6000]
    head = body[:1500]
    if kinds.FEEDBACK.search(head):
        return 0.0, Kind.FEEDBACK_REPORT
    daemon = bool(_BOUNCE_SENDER.search(sender or "<>") or "<>" in _first(fields, "return-path"))
    auto = _first(fields, "auto-submitted").lower()
    vacation = kinds.AUTO_REPLY.search(subject) or ("vacation" in auto)
    report = bool(sentences.REPORT.search(body) or sentences.REPORT.search(subject))
    replies = [
        reply
        for reply in find_replies(body)
        if (reply.leads or reply.framed)
        and (reply.status or failure.FAILURE.search(reply.text))
        and not talk.asks(reply.text)
        and not talk.counts(reply.text)
    ]
    if vacation and not replies:
        return 0.0, Kind.AUTO_REPLY
    score = 0.0
    score += 0.35 if daemon else 0.0
    score += 0.4 if report else 0.0
    score += 0.3 if replies else 0.0
    score += 0.25 if _SUBJECT.search(subject) else 0.0
    score += 0.3 if report_type == "delivery-status" else 0.0
    if kinds.AUTO_REPLY.search(head) and not replies and not daemon:
        return 0.0, Kind.AUTO_REPLY
    if score >= 0.6:
        return min(1.0, score), Kind.BOUNCE
    return 0.0, Kind.CHATTER


def _from_status(item: Status, words: str, envelope: str | None, count: int) -> Finding:
    """The finding of one DSN recipient; the prose fills in where the fields say nothing."""
    text = item.diagnostic
    read = read_reply(text) if text else None
    host = item.remote
    context = item.comment
    if read is None or (read.code is None and len(read.text) < 12):
        near = _near(words, item.recipient) if count > 1 else words
        reply = next((found for found in reversed(find_replies(near)) if found.leads or found.framed), None)
        if reply:
            text, host = reply.text, host or remote_host(near)
        elif count == 1 or near:
            reports = [finding for finding in read_report(words, 1.0) if finding.recipient == item.recipient]
            if reports:
                text, host = text or reports[0].text, host or reports[0].host
                context = one_line(f"{context} {reports[0].text}")
        if not text:
            text = item.comment or reason(near)
    recipient = item.recipient
    if recipient and (recipient[0] in "|/" or " " in recipient or "@" not in recipient):
        # A pipe, a file or a local name: the prose tells for whom.
        made = _GENERATED.search(words)
        recipient = made[1] if made else first_address(recipient) or recipient
    if not context:
        context = one_line(words[:2000])[:1000]
    return Finding(
        text=text,
        frame=Frame.DSN,
        strength=1.0,
        recipient=recipient,
        sender=item.sender or envelope,
        host=host,
        status=item.status,
        context=context,
        delayed=item.action == "delayed",
    )


def _near(text: str, recipient: str | None) -> str:
    """The words about one recipient: from its mention to the next empty line."""
    if not recipient:
        return ""
    position = text.lower().find(recipient.lower())
    if position < 0:
        return ""
    end = text.find("\n\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]


def _from_original(words: str, original: dict[str, list[str]], strength: float) -> list[Finding]:
    """A bounce whose prose names nobody: the returned message's own recipient, where it has one alone."""
    to = original.get("to") or []
    recipients = [first_address(value) for value in to]
    recipient = recipients[0] if len(recipients) == 1 and "," not in to[0] else None
    body = without_original(words)
    replies = [reply for reply in find_replies(body) if reply.leads or reply.framed]
    text = replies[-1].text if replies else reason(body)
    if not text and not recipient:
        return []
    return [
        Finding(
            text=text,
            context=one_line(body)[:1000],
            frame=Frame.REPORT,
            strength=strength,
            recipient=recipient,
            host=remote_host(body),
            delayed=failure.is_delay(body[:2000]),
        )
    ]


def _with_sender(finding: Finding, sender: str | None, origin: Origin | None) -> Finding:
    return replace(finding, sender=finding.sender or sender, origin=finding.origin or origin)


def _origin(
    fields: dict[str, list[str]], original: dict[str, list[str]], prose: str, statuses: list[Status]
) -> Origin | None:
    """What the returned headers tell; the bounce itself was sent to the envelope sender (RFC 5321 section 4.5.5)."""
    envelope = next((item.sender for item in statuses if item.sender), None)
    envelope = envelope or first_address(_first(fields, "to"))
    return origin_of(original, envelope) if original else origin_in(prose[:_PROSE_LENGTH], envelope)


def _envelope_sender(fields: dict[str, list[str]], original: dict[str, list[str]]) -> str | None:
    """The envelope sender of the message that came back, else its From, else to whom the bounce was sent."""
    for source, name in ((original, "return-path"), (original, "from"), (fields, "to")):
        for value in source.get(name, []):
            address = first_address(value)
            if address:
                return address
    return None


def _first(fields: dict[str, list[str]], name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""

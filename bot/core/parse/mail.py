"""Which recipients failed, by a whole mail?"""

import re
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse.clean import one_line, plain
from bot.core.parse.dsn import Status, read_status
from bot.core.parse.facts import addresses, first_address
from bot.core.parse.finding import MOST_RECIPIENTS, Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.html import html_text
from bot.core.parse.judge import by_daemon, judge
from bot.core.parse.mime import Fields, Part, content_type, decode_words, first_of, headers_of, parts
from bot.core.parse.origin import origin_in, origin_of
from bot.core.parse.paste import sure_forms
from bot.core.parse.reason import reason, telling
from bot.core.parse.reply import find_replies, read_reply
from bot.core.parse.report import read_report
from bot.core.parse.returned import without_original
from bot.core.parse.signs import failure

_FAILED = ("failed", "failure", "delayed", "fail", "undeliverable", "")
_DONE = ("delivered", "relayed", "expanded", "deliverable")
_GENERATED = lazy_re(r"generated (?:by|from) <?([^\s<>()]+@[^\s<>()]+)")
_LISTED = lazy_re(r"-{3,} ?The following addresses had [^\n]{0,60}\n((?:[^\n]+\n){1,200})")
"""The recipients of a sendmail's report, before its transcript."""
_OTHER = {"feedback-report": Kind.FEEDBACK_REPORT, "disposition-notification": Kind.RECEIPT}
_RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
    "message/partial",
)
_REPORT_LENGTH = 8000
"""Characters of the prose beside a delivery status that are read."""
_MOST_NAMED = 30
"""Addresses that are looked at where none is the recipient by its place."""
_PROSE_LENGTH = 24 * 1024
"""Characters of a mail's prose that are read where it has no delivery status."""


@dataclass(slots=True)
class _Mail:
    """What the parts of a mail hold."""

    fields: Fields
    report_type: str
    statuses: list[Status] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    original: Fields = field(default_factory=dict)
    """The header fields of the message that came back."""
    attached: str = ""
    """That message, where it is whole."""


def read_mail(text: str, *, forwarded: bool = False) -> tuple[list[Finding], Kind, float]:
    """Return the findings of a mail, its kind, and how surely the form alone says so.

    ``forwarded``: it came attached to another mail.
    """
    fields, leaves = parts(text)
    mail = _Mail(fields=fields, report_type=content_type(fields)[1].get("report-type", "").lower())
    for leaf in leaves:
        _sort(leaf, mail, 0)
    if mail.report_type in _OTHER:
        return [], _OTHER[mail.report_type], 0.0
    if not (forwarded or mail.statuses or by_daemon(fields)) and by_daemon(mail.original):
        return read_mail(mail.attached, forwarded=True)  # somebody sent a bounce on, as an attachment
    raw = "\n\n".join(mail.prose)
    if mail.html and len(raw.strip()) < 40:
        raw = "\n\n".join([raw, *(html_text(part) for part in mail.html)])
    found, kind, strength = _from_statuses(mail, raw) or _from_prose(mail, raw)
    if not found:
        return [], kind, strength
    # What the returned headers tell; the bounce itself was sent to the envelope sender (RFC 5321 section 4.5.5).
    sender = next((item.sender for item in mail.statuses if item.sender), None) or first_address(
        first_of(fields, "to")
    )
    origin = origin_of(mail.original, sender) if mail.original else origin_in(raw[:_PROSE_LENGTH], sender)
    envelope = _envelope_sender(mail)
    found = [replace(item, sender=item.sender or envelope, origin=item.origin or origin) for item in found]
    return found, kind, strength


def _sort(leaf: Part, mail: _Mail, depth: int) -> None:
    kind = leaf.type
    if kind.endswith("delivery-status"):
        mail.statuses.extend(read_status(leaf.text))
    elif kind in _RETURNED:
        fields, inner = (
            parts(leaf.text)
            if kind.startswith("message/") and depth < 2
            else (headers_of(leaf.text[:100_000]), [])
        )
        if not mail.original:
            mail.original, mail.attached = fields, leaf.text
        # A bounce inside a bounce: the inner one knows the recipient that failed first.
        if not mail.statuses and any(part.type.endswith("delivery-status") for part in inner):
            for part in inner:
                if part.type.endswith("delivery-status"):
                    _sort(part, mail, depth + 1)
                elif part.type == "text/plain":
                    mail.prose.append(part.text)
    elif kind == "message/feedback-report" or kind.endswith("disposition-notification"):
        mail.report_type = kind.removeprefix("message/")
    elif kind == "text/html":
        mail.html.append(leaf.text)
    elif kind == "text/x-preamble" and len(leaf.text) < 400:
        return
    elif kind.startswith("text/") or kind in ("", "message") or _holds_status(leaf.text):
        if _holds_status(leaf.text) and not mail.statuses:
            mail.statuses.extend(read_status(without_original(leaf.text)))
        mail.prose.append(leaf.text)


def _holds_status(text: str) -> bool:
    return "Final-Recipient:" in text and "Action:" in text


def _from_statuses(mail: _Mail, raw: str) -> tuple[list[Finding], Kind, float] | None:
    """What the delivery status says; None without one that says anything."""
    failed = [
        item for item in mail.statuses if item.action not in _DONE and (item.action in _FAILED or item.status)
    ]
    if failed:
        words = without_original(plain(raw[:_REPORT_LENGTH]))
        found = [_from_status(item, words, len(failed)) for item in map(_failure, failed[:MOST_RECIPIENTS])]
        return found, Kind.BOUNCE, 1.0
    if any(item.action in _DONE for item in mail.statuses):
        return [], Kind.RECEIPT, 0.0
    return None


def _failure(item: Status) -> Status:
    """The fields of a failure: a success that stands in them is of another server (AOL wrote ``2.0.0`` and ``250 OK``)."""
    if (item.status or "")[:1] == "2":
        item = replace(item, status=None)
    return replace(item, diagnostic="") if _SUCCESS.match(item.diagnostic) else item


_SUCCESS = lazy_re(r"\s*smtp\s*;\s*2\d\d\b", re.I)


def _from_status(item: Status, words: str, count: int) -> Finding:
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
                text, host = text or telling(reports[0].text), host or reports[0].host
                context = one_line(f"{context} {reports[0].text}")
        if not text:
            text = item.comment or telling(near)
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
        sender=item.sender,
        host=host,
        status=item.status,
        context=context,
        delayed=item.action == "delayed",
    )


def _near(text: str, recipient: str | None) -> str:
    """The words about one recipient: from its mention to the next empty line, or the next recipient's own line."""
    if not recipient:
        return ""
    position = text.lower().find(recipient.lower())
    if position < 0:
        return ""
    end = _NEXT.search(text, position)
    return text[text.rfind("\n", 0, position) + 1 : end.start() if end else len(text)]


_NEXT = lazy_re(r"\n\n|\n<[^\s<>@]{1,64}@[^\s<>]{1,255}>[ \t]*\n")


def _from_prose(mail: _Mail, raw: str) -> tuple[list[Finding], Kind, float]:
    """What a mail without a delivery status says in its words."""
    words = plain(raw[:_PROSE_LENGTH])
    known = tuple(
        address.strip(" <>").lower()
        for value in mail.fields.get("x-failed-recipients", [])
        for address in value.split(",")
        if "@" in address
    )
    for body in (words, "\n".join(html_text(part) for part in mail.html)):
        if body.strip():
            body = body if body is words else plain(body[:_PROSE_LENGTH])
            sure, sure_kind = sure_forms(body)
            if sure_kind is not None and sure_kind is not Kind.CHATTER:
                return [*sure, *_listed(body, sure)], sure_kind, 1.0 if sure else 0.0
    strength, kind = judge(mail.fields, words, mail.report_type, known=bool(known))
    if kind is not Kind.BOUNCE:
        return [], kind, 0.0
    found = read_report(words, strength, known) or _from_original(mail, words, strength)
    return [_within(mail, item) for item in found], kind, strength


def _within(mail: _Mail, item: Finding) -> Finding:
    """What a report that was returned itself says about a recipient, where the outer one has no reply."""
    if "ranscript of" not in mail.attached or find_replies(item.text):
        return item
    inner = "\n\n".join(part.text for part in parts(mail.attached)[1] if part.type == "text/plain")
    found, kind = sure_forms(plain(inner[:_REPORT_LENGTH]))
    same = (other for other in found if kind is Kind.BOUNCE and other.recipient == item.recipient)
    return next(same, item)


def _listed(words: str, found: list[Finding]) -> list[Finding]:
    """The recipients that sendmail lists and its transcript does not name: the last answer was for them, too."""
    listed = _LISTED.search(words) if found else None
    if not listed:
        return []
    named = {item.recipient for item in found}
    others = dict.fromkeys(
        line.strip(" \t<>").lower()
        for line in listed[1].split("\n")
        if line.lstrip()[:1] == "<" and "@" in line
    )
    return [replace(found[-1], recipient=address) for address in others if address not in named]


def _from_original(mail: _Mail, words: str, strength: float) -> list[Finding]:
    """A bounce whose prose names nobody on a line or in a sentence that we know."""
    body = without_original(words)
    subject = decode_words(first_of(mail.fields, "subject"))
    replies = [reply for reply in find_replies(body) if reply.leads or reply.framed or reply.status]
    text = replies[-1].text if replies else telling(body) or telling(subject) or reason(body)
    recipient = _recipient(mail, words, f"{subject}\n\n{body}")
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


def _recipient(mail: _Mail, words: str, said: str) -> str | None:
    """Whom the returned message was for, where that is one alone; else the only other address that is named."""
    for value in (*mail.original.get("to", [])[:1], *headers_of(words).get("to", [])[:1]):
        address = first_address(value)
        if address and "," not in value:
            return address
    own = {first_address(first_of(mail.fields, name)) for name in ("to", "from", "sender", "reply-to")}
    named = (address.lower() for address, role in addresses(said[:_REPORT_LENGTH]) if role != "contact")
    others = dict.fromkeys(address for address in islice(named, _MOST_NAMED) if address not in own)
    return next(iter(others)) if len(others) == 1 else None


def _envelope_sender(mail: _Mail) -> str | None:
    """The envelope sender of the message that came back, else its From, else to whom the bounce was sent."""
    for source, name in ((mail.original, "return-path"), (mail.original, "from"), (mail.fields, "to")):
        for value in source.get(name, []):
            address = first_address(value)
            if address:
                return address
    return None

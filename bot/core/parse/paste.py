"""Which recipients failed, by a pasted text, and how surely does its form say that mail failed?"""

import re
from dataclasses import replace

from bot.core.model import Frame, Kind
from bot.core.parse import signs
from bot.core.parse.clean import one_line
from bot.core.parse.dsn import read_status
from bot.core.parse.event import read_events
from bot.core.parse.facts import addresses, first_address
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.log import read_csv, read_log
from bot.core.parse.reply import BASIC_CODES, Reply, find_replies, find_status
from bot.core.parse.report import read_report, without_original

_BARE = re.compile(r"\s*([45]\d\d)(?:[ -](?:\d\.\d{1,3}\.\d{1,3}[ :])?)[^\n`]{3,2000}\s*\Z")
_FIELDS = re.compile(r"^[ \t]*(?:final-recipient|original-recipient|diagnostic-code)[ \t]*:", re.I | re.M)


def read_line(text: str) -> Finding | None:
    """Read a bare one-line reply: the commonest input of bulk work, so it has a short way. None for anything else."""
    if len(text) > 2000 or not _BARE.match(text):
        return None
    if "&" in text or "`" in text or "<mailto:" in text or "|" in text or not text.isascii():
        return None
    if (
        text.lstrip()[:3] not in BASIC_CODES
        or signs.FTP.search(text)
        or signs.CODE.search(text)
        or signs.HTTP.search(text)
    ):
        return None
    return Finding(text=text, frame=Frame.REPLY, strength=0.9 if find_status(text) else 0.75)


def read_paste(text: str) -> tuple[list[Finding], Kind, float]:
    """Return the findings of a cleaned paste, its kind, and how surely the form alone says that it is a bounce."""
    events, kind = read_events(text)
    if events:
        return events, Kind.BOUNCE, 1.0
    if kind:
        return [], kind, 0.0
    if _FIELDS.search(text):
        found = _fields(text)
        if found is not None:
            return found, Kind.BOUNCE if found else Kind.RECEIPT, 1.0 if found else 0.0
    found = read_csv(text) or read_log(text)
    if found:
        return found, Kind.BOUNCE, max(item.strength for item in found)
    if signs.FEEDBACK.search(text):
        return [], Kind.FEEDBACK_REPORT, 0.0
    return _prose(text)


def _fields(text: str) -> list[Finding] | None:
    """Delivery status fields in a paste, with the prose around them. None when they hold nothing."""
    start = _FIELDS.search(text)
    if not start:
        return None
    statuses = read_status(re.sub(r"^[ \t]+(?=[A-Z][A-Za-z-]+:)", "", without_original(text), flags=re.M))
    done = [item for item in statuses if item.action in ("delivered", "relayed", "expanded")]
    failed = [item for item in statuses if item not in done and (item.recipient or item.diagnostic)]
    if not failed:
        return [] if done else None
    found = []
    prose = (
        [finding for finding in read_report(text[: start.start()], 1.0)]
        if len(text[: start.start()].strip()) > 20
        else []
    )
    for item in failed:
        twin = next(
            (finding for finding in prose if finding.recipient == (item.recipient or "").lower()), None
        )
        words = item.diagnostic
        host = item.remote
        if not words and twin:
            words = twin.text
        host = host or (twin.host if twin else None)
        found.append(
            Finding(
                text=words or item.comment,
                frame=Frame.DSN,
                strength=1.0,
                recipient=item.recipient,
                sender=item.sender,
                host=host,
                status=item.status,
                context=one_line(text)[:1000],
                delayed=item.action == "delayed",
            )
        )
    return found


def _prose(text: str) -> tuple[list[Finding], Kind, float]:
    replies = [reply for reply in find_replies(text) if reply.code in BASIC_CODES]
    report = signs.REPORT.search(text)
    other = _other_kind(text, replies)
    if other is not None:
        return [], other, 0.0
    if report and "@" in text:
        found = read_report(text, 0.0)
        if found:
            strength = 0.95 if any(reply.leads or reply.framed for reply in replies) else 0.8
            strength -= _doubt(text)
            return [replace(item, strength=strength) for item in found], Kind.BOUNCE, max(strength, 0.0)
    if replies:
        reply, strength = _best(replies, text)
        strength -= _doubt(text)
        return (
            [_from_reply(reply, text, strength)],
            Kind.BOUNCE if strength >= 0.5 else Kind.CHATTER,
            max(strength, 0.0),
        )
    status = find_status(text)
    if status and signs.MAIL.search(text):
        line = text[text.rfind("\n", 0, status.start()) + 1 :].partition("\n")[0]
        strength = 0.5 - _doubt(text)
        words = text[status.start() :].partition("\n")[0]
        finding = Finding(text=words or line, frame=Frame.WORDS, strength=strength, host=remote_host(text))
        return (
            [_with_addresses(finding, text)],
            Kind.BOUNCE if strength >= 0.5 else Kind.CHATTER,
            max(strength, 0.0),
        )
    if report:
        paragraph = _paragraph(text, report.start())
        strength = (0.6 if _stands_alone(text, report.start()) else 0.2) - _doubt(text)
        finding = Finding(
            text=one_line(paragraph)[:1500],
            frame=Frame.WORDS,
            strength=strength,
            host=remote_host(text),
            delayed=signs.is_delay(paragraph),
            context=one_line(text)[:1500],
        )
        return (
            [_with_addresses(finding, text)],
            Kind.BOUNCE if strength >= 0.5 else Kind.CHATTER,
            max(strength, 0.0),
        )
    return [], Kind.CHATTER, 0.0


def _other_kind(text: str, replies: list[Reply]) -> Kind | None:
    strong = any((reply.leads or reply.framed) and reply.status for reply in replies)
    if strong:
        return None
    if signs.RECEIPT.search(text) and not any(reply.framed for reply in replies):
        return Kind.RECEIPT
    if signs.AUTO_REPLY.search(text) and not signs.REPORT.search(text):
        return Kind.AUTO_REPLY
    return None


def _best(replies: list[Reply], text: str) -> tuple[Reply, float]:
    scored = [(_weight(reply), number, reply) for number, reply in enumerate(replies)]
    strength, _, reply = max(scored, key=lambda item: (item[0], -item[1]))
    return reply, strength


def _weight(reply: Reply) -> float:
    words = len(re.findall(r"[^\W\d_]{2,}", reply.text))
    weight = 0.2
    if reply.framed and reply.status:
        weight = 0.95
    elif reply.leads and reply.status:
        weight = 0.9
    elif reply.framed:
        weight = 0.7
    elif reply.leads:
        weight = 0.55
    elif reply.status:
        weight = 0.4
    return weight if words >= 2 else weight - 0.3


def _doubt(text: str) -> float:
    doubt = 0.0
    if signs.FTP.search(text):
        doubt += 0.6
    if signs.HTTP.search(text):
        doubt += 0.4
    if signs.CODE.search(text):
        doubt += 0.5
    if not signs.MAIL.search(text):
        doubt += 0.3
    return doubt


def _from_reply(reply: Reply, text: str, strength: float) -> Finding:
    around = text[max(0, reply.start - 800) : reply.end + 300]
    finding = Finding(
        text=reply.text,
        frame=Frame.REPLY,
        strength=strength,
        host=remote_host(around),
        status=reply.status,
        context=one_line(text)[:1500],
    )
    return _with_addresses(finding, text)


def _with_addresses(finding: Finding, text: str) -> Finding:
    """Addresses around the reply that the reply itself does not name: ``RCPT TO:<x>``, ``to x``."""
    if "@" not in text:
        return finding
    recipient = sender = None
    for address, role in addresses(text):
        if role == "sender" and sender is None:
            sender = address
        elif role == "recipient" and recipient is None:
            recipient = address
    rcpt = re.search(r"(?:RCPT TO:|\bto=)\s*<?([^<>\s]+@[^<>\s]+?)>?(?=[\s:,;]|$)", text, re.I)
    mail = re.search(r"(?:MAIL FROM:|\bfrom=)\s*<?([^<>\s]+@[^<>\s]+?)>?(?=[\s:,;]|$)", text, re.I)
    recipient = first_address(rcpt[1]) if rcpt else recipient
    sender = first_address(mail[1]) if mail else sender
    if recipient == sender:
        recipient = None
    return replace(finding, recipient=finding.recipient or recipient, sender=finding.sender or sender)


def _paragraph(text: str, position: int) -> str:
    start = text.rfind("\n\n", 0, position)
    end = text.find("\n\n", position)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]


def _stands_alone(text: str, position: int) -> bool:
    """Whether the words begin their line, as in a quoted report, rather than stand in a sentence of chatter."""
    line = text.rfind("\n", 0, position) + 1
    return not text[line:position].strip(" \t\"'*-:>") and "\n" in text.strip()

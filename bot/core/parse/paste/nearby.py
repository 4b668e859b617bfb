"""Which addresses, domain and hosts stand around a reply that does not name them?"""

import re
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.parse.facts import HOST_PATTERN, addresses, first_address
from bot.core.parse.finding import Finding
from bot.core.parse.report import SENT_BY


def with_addresses(finding: Finding, text: str) -> Finding:
    """Addresses around the reply that the reply itself does not name: ``RCPT TO:<x>``, ``to x``."""
    if "@" not in text:
        return replace(finding, recipient_domain=_recipient_domain(text))
    own = {role: address for address, role in reversed(list(addresses(finding.text)))}
    if not (finding.recipient or finding.sender or own):
        both = _FROM_TO.search(text)
        if both:
            return replace(finding, sender=both[1].lower(), recipient=both[2].lower())
    to, sender_match = _TO.search(text), _FROM.search(text) or _REFUSED_SENDER.search(text)
    recipient = finding.recipient or own.get("recipient") or (first_address(to[1]) if to else None)
    sender = finding.sender or own.get("sender") or (first_address(sender_match[1]) if sender_match else None)
    for address, role in addresses(text):
        if role == "sender" and sender is None:
            sender = address
        elif role == "recipient" and recipient is None and address != sender:
            recipient = address
    if recipient == sender:
        recipient = None
    return replace(finding, recipient=recipient, sender=sender)


_TO = lazy_re(
    r"(?:RCPT TO:|\brecipient:(?=\s?<)|\bto=|\bto = (?=[\"'<])|--to[ =]|-t |\be-?mail to:|['\"](?:to|recipient|rcpt|rcpt_to|to_email)['\"]\s?:\s?\[?)\s*['\"]?<?([^\s<>'\"]+@[^\s<>'\"]+?)>?(?=[\s:,;'\"]|$)",
    re.I,
)
_FROM = lazy_re(
    r"(?:MAIL FROM:|\bfrom=|\bfrom = (?=[\"'<])|--from[ =]|-f |['\"](?:from|sender|from_email|mail_from)['\"]\s?:\s?(?:['\"][^\n<>@\"]{0,80}(?=<))?|\be-?mail from:(?:[^\n<>@]{0,80}(?=<))?)\s*['\"]?<?([^\s<>'\"]+@[^\s<>'\"]+?)>?(?=[\s:,;'\"]|$)",
    re.I,
)
_REFUSED_SENDER = lazy_re(r"SMTPSenderRefused: \([^\n]{0,600}?, '([^\s']+@[^\s']+)'\)")
ADDRESS = r"[^\s<>@\"',;:|()\[\]]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"
_FROM_TO = lazy_re(rf"({ADDRESS})>? {{0,3}}(?:→|-{{1,2}}>|=>) {{0,3}}<?({ADDRESS})")
"""Who wrote to whom, with an arrow between them."""


def sender_in(text: str) -> str | None:
    """The sender that a command, an option or a field around a report names."""
    found = SENT_BY.search(text) or _FROM.search(text) or _REFUSED_SENDER.search(text)
    return first_address(found[1]) if found else None


def _recipient_domain(text: str) -> str | None:
    """A domain that the words around a reply name for the recipient: ``any gmx.example address``."""
    found = _DOMAIN.search(text)
    return found[1].lower() if found else None


_DOMAIN = lazy_re(
    rf"\b(?:to|for|at|an|zu)\s+(?:a|an|any|all|some|the|one|eine|einer|alle)?\s*({HOST_PATTERN})[\s-]+(?:e-?mail[\s-]?)?"
    r"(?:address|recipient|mailbox|account|user|adress|empfänger|postf)",
    re.I,
)

"""Which addresses and domain stand around a reply that does not name them?"""

import re
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.parse.facts import HOST_PATTERN
from bot.core.parse.finding import Finding
from bot.core.parse.report import SENT_BY
from bot.core.parse.roles import parties


def with_addresses(finding: Finding, text: str) -> Finding:
    """Addresses around the reply that the reply itself does not name: ``RCPT TO:<x>``, ``to x``."""
    if "@" not in text:
        return replace(finding, recipient_domain=_recipient_domain(text))
    own_sender, own_recipient = parties(finding.text)
    sender = finding.sender or own_sender
    recipient = finding.recipient or own_recipient
    to_oneself = False
    if sender is None or recipient is None:
        named, addressed = parties(text)
        to_oneself = named is not None and named == addressed
        sender = sender or named
        recipient = recipient or addressed
    if recipient == sender and not to_oneself:
        recipient = None
    domain = _recipient_domain(text) if recipient is None else None
    return replace(finding, recipient=recipient, sender=sender, recipient_domain=domain)


ADDRESS = r"[^\s<>@\"',;:|()\[\]]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"


def sender_in(text: str) -> str | None:
    """The sender that a command, an option or a field around a report names."""
    found = SENT_BY.search(text)
    return found[1].lower() if found else parties(text)[0]


def _recipient_domain(text: str) -> str | None:
    """A domain that the words around a reply name for the recipient: ``any gmx.example address``, ``@gmx.example (550 …``."""
    found = _DOMAIN.search(text)
    return next(filter(None, found.groups())).lower() if found else None


_DOMAIN = lazy_re(
    rf"\b(?:to|for|at|an|zu)\s+(?:(?:a|an|any|all|some|the|one|eine|einer|alle)\s*)?({HOST_PATTERN})[\s-]+(?:e-?mail[\s-]?)?"
    r"(?:address|recipient|mailbox|account|user|adress|empfänger|postf)"
    rf"|(?<![\w.>])@({HOST_PATTERN})(?= ?[(:] ?[45]\d\d[ -]| (?:addresses|recipients|users|mailboxes|adressen)\b)"
    rf"|\bdomain=[\"']?({HOST_PATTERN})(?=[\"' ][^\n]{{0,80}}\bmx\b)|\blookup dns for ({HOST_PATTERN})",
    re.I,
)

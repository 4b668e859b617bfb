"""How do the knowledge base's texts speak of this very case?

``{recipient}`` and its like become the fact, or plain words where the bounce does not name it. A slot in brackets,
``({sending_ip})``, only adds the fact: without one it goes, brackets and all. ``{check_sender_domain}`` becomes the
command that checks it, ``fivefifty check example.org``; Slack says ``/bounce check`` for it.
"""

import re
from collections.abc import Mapping

from bot.core.model import Facts, Provider

SLOT_WORDS: Mapping[str, str] = {
    "recipient": "the recipient",
    "recipient_domain": "the recipient's domain",
    "sender": "the sender's address",
    "sender_domain": "the sender's domain",
    "sending_ip": "the sending server's IP address",
    "rejecting_host": "the receiving server",
    "provider": "the receiving provider",
    "blocklist": "the blocklist",
    "suggestion": "the corrected domain",
}
"""Each slot that a text may hold, and the words for it when the bounce does not name it."""

CHECK = "fivefifty check "
"""How a command begins that checks a domain or an address."""
CHECKS: Mapping[str, tuple[str, str]] = {
    "check_recipient_domain": ("recipient_domain", "DOMAIN"),
    "check_sender_domain": ("sender_domain", "DOMAIN"),
    "check_sending_ip": ("sending_ip", "ADDRESS"),
}
"""Each slot that becomes a command: the fact that is checked, and what stands for it where the bounce names none."""

_SLOT = re.compile(r"\{([a-z_]+)\}")
_SUBJECT = re.compile(r"[\w.:-]{1,255}")
_BRACKETED = re.compile(r" \(\{([a-z_]+)\}\)")


def fill(text: str, facts: Facts, providers: Mapping[str, Provider]) -> str:
    """``text`` with its slots filled. A word in braces that is no slot stays as it is."""
    if "{" not in text:  # most texts
        return text

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in CHECKS:
            fact, unknown = CHECKS[name]
            # It will be copied into a terminal: nothing goes along that is no name or address.
            subject = getattr(facts, fact) or ""
            return CHECK + (subject if _SUBJECT.fullmatch(subject) else unknown)
        if name not in SLOT_WORDS:
            return found.group()
        fact = getattr(facts, name)
        if name == "provider" and fact in providers:
            fact = providers[fact].name
        return fact or SLOT_WORDS[name]

    def aside(found: re.Match[str]) -> str:
        name = found.group(1)
        return found.group() if name not in SLOT_WORDS or getattr(facts, name) else ""

    filled = _SLOT.sub(value, _BRACKETED.sub(aside, text))
    # A slot's plain words may begin a sentence.
    return (
        filled[:1].upper() + filled[1:]
        if text.startswith("{") and not text.startswith("{check_") and not _names_fact(text, facts)
        else filled
    )


def _names_fact(text: str, facts: Facts) -> bool:
    found = _SLOT.match(text)
    return bool(found and found.group(1) in SLOT_WORDS and getattr(facts, found.group(1)))

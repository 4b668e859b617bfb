"""Where does the message that came back say that it comes from, and which way did it go? Read from its own headers.

These are claims of whoever wrote them: the look-ups show what they are worth.
"""

import re

from bot.core.lazy import lazy_re
from bot.core.model import Origin, Signature
from bot.core.parse.facts import HOST_PATTERN, first_address
from bot.core.parse.mime import MAX_HEADERS, decode_words, headers_of
from bot.core.parse.returned import returned_headers

MOST_SIGNATURES = 3
_VALUE = 2000
"""Characters of a field's value that are read: addresses and tags stand at its beginning."""
_DOMAIN = lazy_re(HOST_PATTERN, re.I)
_SELECTOR = lazy_re(r"[a-z0-9_](?:[a-z0-9_.-]{0,61}[a-z0-9_])?", re.I)
_FIELD = lazy_re(r"[a-z][a-z0-9-]{1,75}[ \t]{0,5}:", re.I)
_IN_BRACKETS = lazy_re(r"<\s{0,5}([^<>\s]{1,320}@[^<>\s]{1,253})\s{0,5}>")
_REWRITTEN = lazy_re(r"srs[01][=+-][^@\s]{1,300}@", re.I)
"""An envelope sender that a forwarder rewrote by the Sender Rewriting Scheme (SRS)."""


def origin_of(fields: dict[str, list[str]], envelope: str | None = None) -> Origin | None:
    """Read the header fields of the returned message; None where they tell nothing.

    ``envelope`` is the envelope sender, where the report knows it better than the message's Return-Path.
    """
    author = _author(fields)
    path = _IN_BRACKETS.search(_first(fields, "return-path")[:_VALUE])
    sender = (path[1] if path else first_address(_first(fields, "return-path")[:_VALUE])) or envelope or ""
    signatures = _signatures(fields)
    if author is None and not signatures:
        return None
    return Origin(
        author_domain=author,
        envelope_domain=_domain_of(sender),
        signatures=signatures,
        mailing_list=_mailing_list(fields),
        forwarder=_forwarder(fields, sender),
    )


def origin_in(text: str, envelope: str | None = None) -> Origin | None:
    """Read the headers of the returned message that stand in a pasted report, behind its own words."""
    if "\nfrom:" not in text.lower():
        return None
    block = returned_headers(text)
    if not block:
        return None
    # A quote mark may have taken the white space that marks a folded line.
    lines = (
        line if _FIELD.match(line) or line[:1] in " \t" else f" {line}"
        for line in block[:MAX_HEADERS].split("\n")
    )
    return origin_of(headers_of("\n".join(lines)), envelope)


def _author(fields: dict[str, list[str]]) -> str | None:
    """The domain after From:, never one that stands in a display name (``"pay@bank.example" <x@y.example>``)."""
    value = decode_words(_first(fields, "from"))[:_VALUE]
    if "<" in value:
        found = _IN_BRACKETS.findall(value)
        return _domain_of(found[0]) if found else None
    return _domain_of(first_address(value) or "")


def _signatures(fields: dict[str, list[str]]) -> tuple[Signature, ...]:
    """The domain and selector of each DKIM signature (RFC 6376 section 3.5)."""
    found: dict[Signature, None] = {}
    for value in fields.get("dkim-signature", [])[: 2 * MOST_SIGNATURES]:
        tags: dict[str, str] = {}
        for part in value[:_VALUE].split(";"):
            name, equals, text = part.partition("=")
            if equals:
                tags.setdefault(name.strip().lower(), "".join(text.split()).lower())
        domain, selector = _whole_domain(tags.get("d", "")), tags.get("s", "")
        if domain:
            good = _SELECTOR.fullmatch(selector) is not None
            found[Signature(domain=domain, selector=selector if good else None)] = None
    return tuple(found)[:MOST_SIGNATURES]


def _mailing_list(fields: dict[str, list[str]]) -> str | None:
    """The address of the list that sent the message on.

    List-Post (RFC 2369) is what newsletters do not have; they have List-Id and List-Unsubscribe as well.
    """
    for name in ("list-post", "x-beenthere"):
        value = _first(fields, name)[:_VALUE].replace("mailto:", "")
        address = first_address(value)
        if address:
            return address
    if "x-mailman-version" in fields or _first(fields, "mailing-list"):
        return _domain_of("@" + _first(fields, "list-id")[:_VALUE].rpartition("<")[2].rstrip("> "))
    return None


def _forwarder(fields: dict[str, list[str]], sender: str) -> str | None:
    """The domain of a mailbox that the message was delivered to first, and sent on from."""
    if _REWRITTEN.match(sender):
        return _domain_of(sender)
    for name in ("x-forwarded-for", "resent-from", "delivered-to", "x-original-to"):
        address = first_address(_first(fields, name)[:_VALUE])
        if address:
            return _domain_of(address)
    return None


def _domain_of(address: str) -> str | None:
    return _whole_domain(address.rpartition("@")[2])


def _whole_domain(text: str) -> str | None:
    domain = text.strip().rstrip(".").lower()
    if not domain.isascii():
        # An international name: whoever asks about it puts it into its ASCII form, or turns it away.
        good = len(domain) <= 253 and "." in domain and all(c.isalnum() or c in ".-" for c in domain)
        return domain if good else None
    return domain if len(domain) <= 253 and _DOMAIN.fullmatch(domain) else None


def _first(fields: dict[str, list[str]], name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""

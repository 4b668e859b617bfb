"""Which recipients does a delivery status (RFC 3464, RFC 6533) name, and what became of each?"""

import re
from dataclasses import dataclass, replace

from bot.core.lazy import lazy_re
from bot.core.parse.mime import Fields, first_of, headers_of

_GAP = lazy_re(r"\n[ \t]*\n")
_UNFOLDED = lazy_re(r"\n(?=[245]\d\d[ -])")
"""A further line of a reply that stands at the beginning of a line, as no header field's does (RFC 5322 section 2.2.3)."""
_TYPED = lazy_re(r"^\s*[a-z0-9-]{1,30}\s*;\s*", re.I)
_STATUS = lazy_re(r"[245]\.\d{1,3}\.\d{1,3}")
_COMMENT = lazy_re(r"\(([^()]*)\)")
_ADDRESS_TYPES = lazy_re(r"^\s*(?:rfc822|utf-8|utf8|smtp|x400|unknown|system|local|x-[a-z-]+)\s*;\s*", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """The fields of one recipient."""

    recipient: str | None
    action: str
    """failed, delayed, delivered, relayed or expanded; lower-cased."""
    status: str | None
    comment: str
    """What stands in brackets behind the status code."""
    diagnostic: str
    remote: str | None
    sender: str | None
    """The envelope sender, where a field of the reporting server names it."""


def read_status(text: str) -> list[Status]:
    """Read the body of a message/delivery-status part, or fields that were pasted. Order is kept."""
    found: list[Status] = []
    sender: str | None = None
    for group in _GAP.split(text.replace("\r", "")):
        fields = headers_of(_UNFOLDED.sub("\n ", group.strip("\n")))
        if not fields:
            continue
        for name in ("x-postfix-sender", "x-postcow-sender", "x-sender", "return-path"):
            if name in fields:
                sender = _address(fields[name][0]) or sender
        for name, values in fields.items():
            if sender is None and name.startswith("x-") and name.endswith("-sender"):
                sender = _address(values[0])
        if not (
            fields.keys() & {"final-recipient", "original-recipient", "action", "status", "diagnostic-code"}
        ):
            continue
        if (
            "final-recipient" not in fields
            and "original-recipient" not in fields
            and found
            and not found[-1].diagnostic
        ):
            # Broken senders put an empty line inside a recipient's fields: join what follows.
            found[-1] = _merged(found[-1], fields)
            continue
        found.append(_status(fields, sender))
    if sender:
        found = [item if item.sender else replace(item, sender=sender) for item in found]
    return found


def _status(fields: Fields, sender: str | None) -> Status:
    code = _STATUS.search(first_of(fields, "status"))
    comment = _COMMENT.search(first_of(fields, "status"))
    return Status(
        recipient=_recipient(fields),
        action=re.split(r"[\s(;]", first_of(fields, "action").strip().lower() or " ", maxsplit=1)[0],
        status=code[0] if code else None,
        comment=comment[1].strip() if comment else "",
        diagnostic=_diagnostic(fields),
        remote=_remote(first_of(fields, "remote-mta")),
        sender=sender,
    )


def _merged(item: Status, fields: Fields) -> Status:
    """What stands before counts more; the sender is the same."""
    more = _status(fields, item.sender)
    told = {name: getattr(item, name) or getattr(more, name) for name in Status.__slots__}
    return Status(**told)


def _recipient(fields: Fields) -> str | None:
    """The final recipient; the original one where that is no address (a local name, an X.400 name), or is the same
    name in a queue of the server's own (``jo@ims-ms-daemon``)."""
    final = _address(first_of(fields, "final-recipient"))
    local, _, domain = (final or "").rpartition("@")
    if local and "." in domain:
        return final
    for name in ("original-recipient", "x-actual-recipient", "x-original-recipient"):
        other = _address(first_of(fields, name))
        if other and "@" in other and (not local or other.startswith(f"{local}@")):
            return other
    return final


def _address(value: str) -> str | None:
    value = _ADDRESS_TYPES.sub("", value, count=1).strip().strip("<>").strip()
    if "\\x{" in value:
        value = _HEX.sub(_letter, value)
    return value or None


_HEX = lazy_re(r"\\x\{([0-9a-f]{2,6})\}", re.I)
"""A letter outside of ASCII, as RFC 6533 section 3 writes it."""


def _letter(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if number >= _NO_LETTER or number in _SURROGATES else chr(number)


_NO_LETTER = 0x110000
_SURROGATES = range(0xD800, 0xE000)
"""Halves of letters in UTF-16: no letters by themselves."""


def _diagnostic(fields: Fields) -> str:
    values = [value for value in fields.get("diagnostic-code", []) if _TYPED.sub("", value).strip()]
    if not values:
        return ""
    smtp = [value for value in values if value.lower().startswith("smtp")]
    return (smtp or values)[-1]


def _remote(value: str) -> str | None:
    value = _TYPED.sub("", value, count=1).strip()
    return value.split(" ", 1)[0].strip() or None if value else None

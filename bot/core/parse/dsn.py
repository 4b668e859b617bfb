"""Which recipients does a delivery status (RFC 3464, RFC 6533) name, and what became of each?"""

import re
from dataclasses import dataclass

from bot.core.lazy import lazy_re
from bot.core.parse.mime import headers_of

_GAP = lazy_re(r"\n[ \t]*\n")
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
        fields = headers_of(group.strip("\n"))
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
        found = [item if item.sender else _with_sender(item, sender) for item in found]
    return found


def _status(fields: dict[str, list[str]], sender: str | None) -> Status:
    code = _STATUS.search(_first(fields, "status"))
    comment = _COMMENT.search(_first(fields, "status"))
    return Status(
        recipient=_recipient(fields),
        action=re.split(r"[\s(;]", _first(fields, "action").strip().lower() or " ", maxsplit=1)[0],
        status=code[0] if code else None,
        comment=comment[1].strip() if comment else "",
        diagnostic=_diagnostic(fields),
        remote=_remote(_first(fields, "remote-mta")),
        sender=sender,
    )


def _merged(item: Status, fields: dict[str, list[str]]) -> Status:
    more = _status(fields, item.sender)
    return Status(
        recipient=item.recipient or more.recipient,
        action=item.action or more.action,
        status=item.status or more.status,
        comment=item.comment or more.comment,
        diagnostic=item.diagnostic or more.diagnostic,
        remote=item.remote or more.remote,
        sender=item.sender,
    )


def _with_sender(item: Status, sender: str) -> Status:
    return Status(
        recipient=item.recipient,
        action=item.action,
        status=item.status,
        comment=item.comment,
        diagnostic=item.diagnostic,
        remote=item.remote,
        sender=sender,
    )


def _recipient(fields: dict[str, list[str]]) -> str | None:
    """The final recipient; where that is no address (a local name, an X.400 name), the original one."""
    final = _address(_first(fields, "final-recipient"))
    if final and "@" in final:
        return final
    for name in ("original-recipient", "x-actual-recipient", "x-original-recipient"):
        other = _address(_first(fields, name))
        if other and "@" in other:
            return other
    return final


def _address(value: str) -> str | None:
    value = _ADDRESS_TYPES.sub("", value, count=1).strip().strip("<>").strip()
    return value or None


def _diagnostic(fields: dict[str, list[str]]) -> str:
    values = [value for value in fields.get("diagnostic-code", []) if _TYPED.sub("", value).strip()]
    if not values:
        return ""
    smtp = [value for value in values if value.lower().startswith("smtp")]
    return (smtp or values)[-1]


def _remote(value: str) -> str | None:
    value = _TYPED.sub("", value, count=1).strip()
    return value.split(" ", 1)[0].strip() or None if value else None


def _first(fields: dict[str, list[str]], name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""

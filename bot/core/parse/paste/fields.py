"""Which recipients do delivery status fields (RFC 3464) in a paste name?"""

import re

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.clean import one_line
from bot.core.parse.dsn import read_status
from bot.core.parse.finding import MOST_RECIPIENTS, Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.reply import find_replies
from bot.core.parse.report import read_report


def read_fields(text: str) -> list[Finding] | None:
    """Delivery status fields in a paste, with the prose around them. None when they hold nothing."""
    start = _FIELDS.search(text)
    if not start:
        return None
    statuses = read_status(_refolded(_INDENTED.sub("", text)))
    done = [item for item in statuses if item.action in ("delivered", "relayed", "expanded")]
    failed = [item for item in statuses if item not in done and (item.recipient or item.diagnostic)]
    if not failed:
        return [] if done else None
    found = []
    of_all = _OF_ALL.search(text, 0, start.start())
    before = text[: of_all.start() if of_all else start.start()]
    if len(before.strip()) <= 60 and not any(item.diagnostic for item in failed):
        before = text  # the prose stands behind
    prose = read_report(before, 1.0) if len(before.strip()) > 20 else []
    replies = find_replies(before[-4000:]) if len(failed) == 1 else []
    context = one_line(text[:4000])[:1000]
    for item in failed[:MOST_RECIPIENTS]:
        twin = next((one for one in prose if one.recipient == (item.recipient or "").lower()), None)
        if item.recipient is None and len(prose) == len(failed) == 1:
            twin = prose[0]  # the fields go on where the prose ends
        words = item.diagnostic or (twin.text if twin else "") or (prose[0].text if len(prose) == 1 else "")
        words = words or (replies[-1].text if replies else "")
        found.append(
            Finding(
                text=words or item.comment,
                frame=Frame.DSN,
                strength=1.0,
                recipient=item.recipient or (twin.recipient if twin else None),
                sender=item.sender or (twin.sender if twin else None),
                host=item.remote or (twin.host if twin else None) or remote_host(words),
                status=item.status,
                context=context,
                delayed=item.action == "delayed",
            )
        )
    return found


_FIELDS = lazy_re(r"^[ \t]*(?:final-recipient|original-recipient|diagnostic-code)[ \t]*:", re.I | re.M)
_OF_ALL = lazy_re(r"^[ \t]*(?:reporting-mta|received-from-mta|arrival-date)[ \t]*:", re.I | re.M)
"""Fields of the whole report (RFC 3464 section 2.2), which may stand before those of a recipient."""
_INDENTED = lazy_re(
    r"^[ \t]+(?=(?:(?:Final|Original)-Recipient|Action|Status|Diagnostic-Code|(?:Remote|Reporting|Received-From)-MTA|"
    r"Original-Envelope-Id|DSN-Gateway|Last-Attempt-Date|Arrival-Date|Will-Retry-Until|Final-Log-ID|X-[A-Za-z-]{2,40}) ?:)",
    re.I | re.M,
)
"""Delivery status fields (RFC 3464) that a chat or a person moved in; other words with a colon may be folded."""


def _refolded(text: str) -> str:
    """Delivery status fields with white space before each line that goes on: a mail program has wrapped them anew."""
    lines = text.split("\n")
    inside = False
    for number, line in enumerate(lines):
        if _FIELD_LINE.match(line):
            inside = line[:16].lower() == "diagnostic-code:"
        elif inside and line.strip():
            lines[number] = " " + line
        else:
            inside = False
    return "\n".join(lines)


_FIELD_LINE = lazy_re(r"[A-Za-z][A-Za-z-]{2,40} ?:")

"""Which recipients failed, by a pasted text, and how surely does its form say that mail failed?"""

from bot.core.lazy import lazy_re
from bot.core.model import Kind
from bot.core.parse.event import read_events
from bot.core.parse.finding import Finding
from bot.core.parse.log import read_log
from bot.core.parse.paste.fields import read_fields
from bot.core.parse.paste.library import failed_recipients, refused_recipients, told_by_a_client
from bot.core.parse.paste.prose import read_prose
from bot.core.parse.report import read_report, without_expansion
from bot.core.parse.signs import kinds, source
from bot.core.parse.signs.reach import NEAR
from bot.core.parse.table import read_csv
from bot.core.parse.transcript import read_transcript


def read_paste(text: str) -> tuple[list[Finding], Kind, float]:
    """Return the findings of a cleaned paste, its kind, and how surely the form alone says that it is a bounce."""
    text = without_expansion(text)
    if source.has_pattern(text) or source.has_literals(text[:NEAR]):
        return [], Kind.CHATTER, 0.0
    found, kind = sure_forms(text)
    if kind is not None:
        return found, kind, max((item.strength for item in found), default=0.0)
    return read_prose(text)


def sure_forms(text: str) -> tuple[list[Finding], Kind | None]:
    """Read the forms that only machines write. The kind is None when the text holds none of them."""
    events, kind = read_events(text)
    if events:
        return events, Kind.BOUNCE
    if kind:
        return [], kind
    fields = read_fields(text)
    if fields is not None:
        return fields, Kind.BOUNCE if fields else Kind.RECEIPT
    found = [] if source.has_literals(text) else read_csv(text) or read_log(text)
    if found and all(_SUCCESS.match(item.text) for item in found):
        return [], Kind.RECEIPT
    if found:
        return found, Kind.BOUNCE
    found = refused_recipients(text) or failed_recipients(text) or told_by_a_client(text)
    if found:
        return found, Kind.BOUNCE
    found = read_transcript(text)
    if found and not source.TESTED.search(found[0].text):
        named = any(item.recipient for item in found)
        return found if named else read_report(text, 1.0) or found, Kind.BOUNCE
    if "status=sent" in text and all(
        "status=sent" in line for line in text.split("\n") if line.strip(" \t`")
    ):
        return [], Kind.RECEIPT  # whatever happened before it was sent
    if kinds.FEEDBACK.search(text):
        return [], Kind.FEEDBACK_REPORT
    return [], None


_SUCCESS = lazy_re(r"2\d\d[ -]")
"""A reply of success (RFC 5321, section 4.2.1): a log has such lines, too."""

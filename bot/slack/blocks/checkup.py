"""How is the check of an address, a domain or an IP shown in Slack?"""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.core.checkup import Grade, Line, Report
from bot.core.evidence.recipient import provider_links
from bot.core.model import Provider
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message
from bot.slack.blocks.text import Block

_VERDICTS = {
    Grade.GOOD: "fine",
    Grade.WARNING: "works, but look at this",
    Grade.UNKNOWN: "could not be checked",
    Grade.BAD: "needs to be mended",
}
_ORDER = (Grade.BAD, Grade.WARNING, Grade.UNKNOWN, Grade.GOOD)
_HEADS = {
    Grade.BAD: "To mend",
    Grade.WARNING: "To look at",
    Grade.UNKNOWN: "Could not check",
    Grade.GOOD: "Fine",
}
_COUNTED = {
    Grade.BAD: "to mend",
    Grade.WARNING: "to look at",
    Grade.UNKNOWN: "could not be checked",
    Grade.GOOD: "fine",
}
_LINES = 12
_ROWS = 50
_ROW = 180
"""Rows of a table, and the characters of one: a message holds some 12,000 (text.py, ``weight``)."""
_LINE = 220


def message(report: Report, providers: Mapping[str, Provider]) -> Message:
    """Return what ``/bounce check`` says: the verdict, then every finding, what needs a hand first."""
    target = t.clip(report.target.text, 200)
    verdict = f"{target}: {_VERDICTS[report.grade]}"
    blocks: list[Block] = [t.header(verdict)]
    provider = providers.get(report.provider or "")
    if provider is not None:
        pages = [t.link(link.title, link.url) for link in provider_links(provider, removal=True)]
        spaced = [element for page in pages for element in (t.words(" "), page)]
        blocks.append(t.rich(t.paragraph(t.words(f"Its mail is at {provider.name}."), *spaced)))
    for grade in _ORDER:
        lines = [line for line in report.lines if line.grade is grade]
        if lines:
            blocks.append(t.rich(t.paragraph(t.words(_HEADS[grade], bold=True)), t.bullets(_said(lines))))
    worst = next((line for grade in _ORDER for line in report.lines if line.grade is grade), None)
    return Message(text=t.fallback(f"{verdict}. {worst.text if worst else ''}"), blocks=blocks)


def table(reports: Sequence[Report], *, left_out: int = 0) -> Message:
    """Return what is said about several targets: the counts, then a line for each, the worst first.

    ``left_out`` is how many were not looked at, because there are too many for one message.
    """
    counts = Counter(report.grade for report in reports)
    counted = ", ".join(f"{counts[grade]} {_COUNTED[grade]}" for grade in _ORDER if counts[grade])
    blocks: list[Block] = [t.header(f"{len(reports)} checked: {counted}")]
    left = _ROWS
    for grade in _ORDER:
        rows = [_row(report) for report in reports if report.grade is grade]
        if not rows:
            continue
        # Of what is not fine there is always one.
        shown = rows[: max(left, 0 if grade is Grade.GOOD else 1)]
        left -= len(shown)
        if len(shown) < len(rows):
            shown.append(f"and {len(rows) - len(shown)} more")
        blocks.append(t.rich(t.paragraph(t.words(_HEADS[grade], bold=True)), t.bullets(shown)))
    if left_out:
        blocks.append(
            t.context(
                f"The other {left_out} were not checked: that many fit in a file for `fivefifty check -`."
            )
        )
    blocks.append(t.context("/bounce check with one of them alone shows everything that was found."))
    return Message(text=t.fallback(f"{len(reports)} checked: {counted}"), blocks=blocks)


def _row(report: Report) -> str:
    worst = next((line for grade in _ORDER for line in report.lines if line.grade is grade), None)
    words = f"{worst.text} {worst.fix}".strip() if worst is not None else _VERDICTS[report.grade]
    return t.clip(f"{t.clip(report.target.text, 100)}: {words}", _ROW)


def _said(lines: Sequence[Line]) -> list[str]:
    said = [t.clip(f"{line.text} {line.fix}".strip(), _LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        said.append(f"and {len(lines) - _LINES} more")
    return said

"""How is the check of an address, a domain or an IP shown in Slack?"""

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
_LINES = 12
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


def _said(lines: Sequence[Line]) -> list[str]:
    said = [t.clip(f"{line.text} {line.fix}".strip(), _LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        said.append(f"and {len(lines) - _LINES} more")
    return said

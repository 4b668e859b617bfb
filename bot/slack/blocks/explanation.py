"""How is the meaning of a code or phrase shown in Slack?"""

from collections.abc import Callable

from bot.explain import Explanation, Variation
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import fitting

_CAUSES = 4
_LINES = 3
_LINE = 320


def message(found: Explanation) -> Message:
    """Return what ``/bounce explain`` says: the meaning, then each cause with wordings, fixes and
    prevention."""

    def make(cut: Callable[[int], int]) -> list[Block]:
        blocks: list[Block] = [t.header(found.title)]
        if found.meaning.strip():
            blocks.append(t.section(t.clip(found.meaning, 900)))
        for cause in found.causes[:_CAUSES]:
            parts = [t.paragraph(t.words(t.clip(cause.summary, cut(500))))]
            for head, lines in (
                ("How it reads", [_wording(each, cut(_LINE)) for each in cause.variations]),
                ("What to do", cause.fixes),
                ("How to prevent it", cause.prevention),
            ):
                if lines:
                    parts.append(t.paragraph(t.words(head, bold=True)))
                    parts.append(t.bullets([t.clip(t.commands(line), cut(_LINE)) for line in lines[:_LINES]]))
            blocks += [t.divider(), t.header(cause.title), t.rich(*parts)]
        if len(found.causes) > _CAUSES:
            rest = ", ".join(cause.title for cause in found.causes[_CAUSES:])
            blocks.append(t.context(t.clip(f"It can also mean: {rest}", 600)))
        if found.links:
            elements: list[Block] = [t.words("Read more: ")]
            for number, link in enumerate(found.links[:4]):
                elements += [t.words(", ")] if number else []
                elements.append(t.link(t.clip(link.title, 120), link.url))
            blocks.append(t.rich(t.paragraph(*elements)))
        return blocks

    return Message(text=t.fallback(f"{found.title}. {found.meaning}"), blocks=fitting(make))


def _wording(found: Variation, limit: int) -> str:
    """A wording with who says it and where that is documented; of a long one the end goes, not its origin."""
    origin = f" ({t.clip(found.origin, limit // 2)})" if found.origin else ""
    return t.clip(found.text, limit - len(origin)) + origin

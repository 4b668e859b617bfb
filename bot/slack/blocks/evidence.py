"""What does "Show evidence" show? What to click in each mail program, where that helps, and everything that the
answer rests on."""

from bot.core.model import Diagnosis
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import confidence_words, evidence_line
from bot.slack.blocks.text import Block

_FACTS = {
    "reply": "Reply code",
    "status": "Status code",
    "recipient": "Recipient",
    "sender": "Sender",
    "sending_ip": "Sending IP",
    "rejecting_host": "Refused by",
    "provider": "Provider",
    "blocklist": "Blocklist",
    "suggestion": "Did they mean",
}
_LINES = 40


def evidence_view(diagnosis: Diagnosis, ticket: int) -> Block:
    """Return a modal with the facts, the reasons and every look-up of a ticket's diagnosis."""
    blocks: list[Block] = [t.header(diagnosis.title)]
    if diagnosis.guide is not None and diagnosis.guide.clicks:
        clicks = [
            t.paragraph(t.words(f"{t.clip(each.program, 60)}: ", bold=True), t.words(t.clip(each.text, 400)))
            for each in diagnosis.guide.clicks[:_LINES]
        ]
        blocks.append(
            t.rich(
                t.paragraph(t.words(diagnosis.guide.title, bold=True)),
                {"type": "rich_text_list", "style": "bullet", "elements": clicks},
            )
        )
    first = diagnosis.first
    if first is not None:
        facts = [
            t.paragraph(
                t.words(f"{name}: ", bold=True), t.words(t.clip(str(getattr(first.facts, field)), 400))
            )
            for field, name in _FACTS.items()
            if getattr(first.facts, field)
        ]
        if facts:
            blocks.append(
                t.rich(
                    t.paragraph(t.words("What the text states", bold=True)),
                    {"type": "rich_text_list", "style": "bullet", "elements": facts},
                )
            )
        reasons = [t.clip(reason, 400) for reason in first.reasons[:_LINES]]
        # Nothing is ever certain; 99.7 % would be rounded to it.
        sure = f"{confidence_words(first.confidence)} ({min(first.confidence, 0.99):.0%})"
        sure += f", decided by {_DECIDED.get(first.decided_by, first.decided_by)}"
        blocks.append(t.rich(t.paragraph(t.words("Why", bold=True)), t.bullets([*reasons, sure])))
        if first.alternatives:
            others = [f"{cause} ({confidence:.0%})" for cause, confidence in first.alternatives[:5]]
            blocks.append(t.context(f"It may also be: {', '.join(others)}"))
    lines = [evidence_line(found, 600) for found in diagnosis.evidence[:_LINES]]
    shown = lines or ["Nothing so far. Where the text decides by itself, nothing has to be."]
    blocks.append(t.rich(t.paragraph(t.words("What was looked up", bold=True)), t.bullets(shown)))
    return {
        "type": "modal",
        "callback_id": "evidence_view",
        "title": t.plain(f"Ticket {ticket}", 24),
        "close": t.plain("Close", 24),
        "blocks": blocks,
    }


_DECIDED = {"text": "the wording", "code": "the code alone", "dns": "a look-up"}

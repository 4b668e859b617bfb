"""What does the answer to a bounce look like in Slack?

A pure function of a Diagnosis and its ticket. Everything that was pasted, or comes from DNS, is literal.
The sizes below keep any message under Slack's limits: 50 blocks, and about 13,000 characters in all of them
together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model import UNKNOWN, Answer, Diagnosis, Outcome, Party, Result
from bot.slack.blocks import text as t
from bot.slack.blocks.text import Block

_SUMMARY = 1100
_STEPS = 12
_STEP = 400
_RECIPIENTS = 15
_EVIDENCE = 8
_EVIDENCE_LINE = 240
_PREVENTION = 3
_QUOTE = 900
_NOTES = 5
_NOTE = 280
_LINKS = 4

_SCALES = (1.0, 0.7, 0.5, 0.3)
"""A message that is too long in all is made again with shorter parts; ordinary ones never are."""
_OUTCOMES = {
    Outcome.FOUND: "Found",
    Outcome.ABSENT: "Not there",
    Outcome.UNANSWERED: "Could not check",
    Outcome.SKIPPED: "Not checked",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What ``chat.postMessage`` takes."""

    text: str
    blocks: list[Block]


def answer(
    diagnosis: Diagnosis,
    *,
    ticket: int | None = None,
    looking_up: bool = False,
    titles: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    actions: Sequence[Block] | None = None,
    part: str | None = None,
    watch: str | None = None,
) -> Message:
    """Return the answer to a bounce.

    ``looking_up`` is true while the look-ups are under way. ``titles`` gives each cause's words, for several
    recipients. ``notes`` are lines below the evidence, such as earlier tickets. ``actions`` replaces the
    buttons. ``part`` is the ts of a post that joined another one's ticket; a button parts them. ``watch``
    is the label of the button that looks again until all is mended, where there is something to wait for.
    """
    buttons = (
        list(actions)
        if actions is not None
        else answer_buttons(
            ticket,
            evidence=bool(diagnosis.evidence),
            guide=diagnosis.guide is not None,
            watch=watch,
        )
    )
    if part is not None:
        buttons.append(t.button("Not the same case", "ticket_part", part))
    for scale in _SCALES:
        blocks = _blocks(diagnosis, ticket, looking_up, titles or {}, notes, scale)
        if buttons:
            blocks.append(t.actions(*buttons))
        if t.weight(blocks) <= t.MESSAGE_WEIGHT:
            break
    return Message(text=answer_text(diagnosis), blocks=blocks)


def answer_text(diagnosis: Diagnosis) -> str:
    """Return the ``text`` for notifications and screen readers: the cause and the first step."""
    words = t.clip(_sentence(diagnosis.title), 300)
    if len(diagnosis.results) > 1:
        words += f" {len(diagnosis.results)} recipients failed."
    if diagnosis.steps:
        words += f" First step: {t.clip(t.commands(diagnosis.steps[0]), 600)}"
    return t.fallback(words)


def answer_buttons(
    ticket: int | None, *, evidence: bool, guide: bool = False, watch: str | None = None
) -> list[Block]:
    """Return the buttons of an answer with a ticket; each has the ticket's number as its value.

    ``guide``: there is something to click in a mail program; it is shown where the evidence is.
    """
    if ticket is None:
        return []
    value = str(ticket)
    buttons = [
        t.button("This solved it", "diagnosis_solved", value, style="primary"),
        t.button("Escalate", "ticket_escalate", value),
        t.button("Not right?", "diagnosis_wrong", value),
        t.button("Draft reply", "reply_draft", value),
    ]
    if evidence or guide:
        label = (
            "Show evidence" if not guide else "What to click, and evidence" if evidence else "What to click"
        )
        buttons.append(t.button(label, "evidence_show", value))
    if watch is not None:
        buttons.append(t.button(watch, "blocklist_watch", value))
    return buttons


def who_acts(diagnosis: Diagnosis) -> str:
    """Return who has to act, in words."""
    first = diagnosis.first
    if first is None or first.cause == UNKNOWN:
        return "not clear from this text"
    if first.party is Party.SENDER:
        return "the sender, or whoever runs the sender's mail"
    if first.party is Party.RECIPIENT:
        return "the recipient, or whoever runs the recipient's mail"
    return "nobody; the mail systems settle this by themselves"


def confidence_words(confidence: float) -> str:
    """Return a calibrated confidence, 0 to 1, in words."""
    for least, words in (
        (0.95, "almost certain"),
        (0.85, "very likely"),
        (0.65, "likely"),
        (0.4, "a fair guess"),
    ):
        if confidence >= least:
            return words
    return "only a guess, check before you act"


def evidence_lines(evidence: Sequence[Answer], most: int = _EVIDENCE) -> list[str]:
    """Return one line for each look-up, those with something to say first, and how many were left out."""
    order = {Outcome.FOUND: 0, Outcome.ABSENT: 0, Outcome.UNANSWERED: 1, Outcome.SKIPPED: 2}
    ranked = sorted(evidence, key=lambda found: order[found.outcome])
    lines = [evidence_line(found) for found in ranked[:most]]
    if len(ranked) > most:
        lines.append(f"{len(ranked) - most} more: Show evidence")
    return lines


def evidence_line(found: Answer, limit: int = _EVIDENCE_LINE) -> str:
    """Return one look-up's outcome in one line. No answer is never told as absence."""
    words = found.detail or f"{found.question.check} of {found.question.subject}"
    if found.outcome in (Outcome.UNANSWERED, Outcome.SKIPPED) and found.reason and found.reason not in words:
        words = f"{words} ({found.reason})"
    start = _OUTCOMES[found.outcome]
    # The line begins with the outcome; what a look-up says of itself ("MX of x: could not check, …") is not
    # said twice.
    words = words.replace(": could not check, ", ": ").replace(": not asked, ", ": ")
    # A question that says its own answer ("Is x a mail server of y? No, …") needs no word before it.
    answered = found.outcome in (Outcome.FOUND, Outcome.ABSENT) and "? " in words
    line = words if answered or words.lower().startswith(start.lower()) else f"{start}: {words}"
    return t.clip(" ".join(line.split()), limit)


def footer(diagnosis: Diagnosis, ticket: int | None) -> str:
    """Return the last line: how sure, what else it may be, which ticket."""
    first = diagnosis.first
    parts = [f"Confidence: {confidence_words(first.confidence)}"] if first is not None else []
    if first is not None and first.confidence < 0.85 and first.alternatives:
        others = ", ".join(cause for cause, _ in first.alternatives[:2])
        parts.append(f"may also be: {others}")
    if ticket is not None:
        parts.append(f"Ticket {ticket}")
    return " · ".join(parts) or "-"


def _blocks(
    diagnosis: Diagnosis,
    ticket: int | None,
    looking_up: bool,
    titles: Mapping[str, str],
    notes: Sequence[str],
    scale: float,
) -> list[Block]:
    def clip(text: str, limit: int) -> str:
        return t.clip(text, int(limit * scale))

    blocks = [t.header(diagnosis.title)]
    blocks.append(t.rich(t.paragraph(t.words("Who has to act: ", bold=True), t.words(who_acts(diagnosis)))))
    blocks.append(t.section(clip(diagnosis.summary, _SUMMARY)))
    if len(diagnosis.results) > 1:
        blocks.append(_recipients(diagnosis.results, titles, scale))
    if diagnosis.steps:
        steps = [clip(t.commands(step), _STEP) for step in diagnosis.steps[:_STEPS]]
        if len(diagnosis.steps) > _STEPS:
            steps.append(f"and {len(diagnosis.steps) - _STEPS} more")
        blocks.append(t.rich(t.paragraph(t.words("What to do", bold=True)), t.numbered(steps)))
    if diagnosis.prevention:
        prevention = [clip(t.commands(text), _STEP) for text in diagnosis.prevention[:_PREVENTION]]
        blocks.append(t.rich(t.paragraph(t.words("How to prevent it", bold=True)), t.bullets(prevention)))
    first = diagnosis.first
    if first is not None and (first.matched_text or first.text).strip():
        quote = clip((first.matched_text or first.text).strip(), _QUOTE)
        blocks.append(t.rich(t.paragraph(t.words("The words that say so", bold=True)), t.preformatted(quote)))
    if looking_up:
        blocks.append(t.context("Looking up DNS and blocklists now. This answer will be updated."))
    elif diagnosis.evidence:
        lines = evidence_lines(diagnosis.evidence)
        blocks.append(t.context(*(clip(line, _EVIDENCE_LINE) for line in lines)))
    for note in [*diagnosis.notices, *notes][:_NOTES]:
        blocks.append(t.context(clip(t.commands(note), _NOTE)))
    if diagnosis.links:
        blocks.append(_links(diagnosis))
    blocks.append(t.context(footer(diagnosis, ticket)))
    return blocks


def _recipients(results: Sequence[Result], titles: Mapping[str, str], scale: float) -> Block:
    lines = [
        f"{t.clip(result.facts.recipient or 'an unnamed recipient', int(260 * scale))}: "
        f"{t.clip(titles.get(result.cause, result.cause), 120)}"
        for result in results[:_RECIPIENTS]
    ]
    if len(results) > _RECIPIENTS:
        lines.append(f"and {len(results) - _RECIPIENTS} more")
    causes = len({result.cause for result in results})
    head = f"{len(results)} recipients failed, " + (
        "all for this reason" if causes == 1 else "for several reasons"
    )
    return t.rich(t.paragraph(t.words(head, bold=True)), t.bullets(lines))


def _links(diagnosis: Diagnosis) -> Block:
    elements: list[Block] = [t.words("Read more: ")]
    for number, link in enumerate(diagnosis.links[:_LINKS]):
        if number:
            elements.append(t.words(", "))
        elements.append(t.link(t.clip(link.title, 120), link.url))
    return t.rich(t.paragraph(*elements))


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."

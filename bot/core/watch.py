"""What has changed since last time, and for the better or the worse? Compares the answers of two looks.

Pure: whoever watches keeps the answers of the last look and asks the same questions again. A look-up that
was not answered changes nothing: silence is neither a delisting nor a lost record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.checkup import Grade, grade
from bot.core.model import Answer, Catalogue, Outcome

_RANK = {Grade.GOOD: 0, Grade.WARNING: 1, Grade.BAD: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that is different now."""

    check: str
    subject: str
    better: bool
    text: str
    """One sentence for people: what it is now."""
    fix: str = ""
    """What to do, where it got worse."""
    before: str = ""
    """What it was."""


def changes(before: Sequence[Answer], after: Sequence[Answer], catalogue: Catalogue) -> tuple[Change, ...]:
    """The changes for the better or the worse from one look to the next, the worse ones first.

    Answers are paired by their Question. A new question, and one that was or is not answered, has none.
    """
    old = {answer.question: answer for answer in before}
    found = []
    for answer in after:
        earlier = old.get(answer.question)
        if earlier is None or not _known(earlier) or not _known(answer):
            continue
        was, is_ = grade(earlier, catalogue), grade(answer, catalogue)
        if _RANK[was.grade] == _RANK[is_.grade]:
            continue
        better = _RANK[is_.grade] < _RANK[was.grade]
        found.append(
            Change(
                check=answer.question.check,
                subject=answer.question.subject,
                better=better,
                text=is_.text,
                fix="" if better else is_.fix,
                before=was.text,
            )
        )
    return tuple(sorted(found, key=lambda change: change.better))


def merged(before: Sequence[Answer], after: Sequence[Answer]) -> tuple[Answer, ...]:
    """What to keep for the next look: the newest answer to each question that said something.

    So a night without DNS does not hide a change that happened in it.
    """
    old = {answer.question: answer for answer in before}
    return tuple(answer if _known(answer) else old.get(answer.question, answer) for answer in after)


def _known(answer: Answer) -> bool:
    return answer.outcome in (Outcome.FOUND, Outcome.ABSENT)

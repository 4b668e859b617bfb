"""What has changed since last time, and for the better or the worse? Compares the answers of two looks.

Pure: whoever watches keeps the answers of the last look and asks the same questions again. A look-up that
was not answered changes nothing: silence is neither a delisting nor a lost record.

There are two kinds. A case is watched for what is wrong in it (``worth_watching``) until that is mended
(``progress``). A team's own domains and sending addresses are watched for changes (``changes``, ``worse``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.checkup import Grade, Line, Target, grade, questions_for
from bot.core.evidence.listings import entry_for
from bot.core.model import Answer, Catalogue, Diagnosis, Outcome, Question

MAX_SELECTORS = 5
"""DKIM selectors of a domain that are watched by their names."""
_RANK = {Grade.GOOD: 0, Grade.WARNING: 1, Grade.BAD: 2}
_POLICIES = ("none", "quarantine", "reject")
# Records whose smaller faults are what the cause is about; elsewhere only what is plainly broken counts.
_CARES = {
    "spf-failed": ("spf",),
    "dkim-failed": ("dkim",),
    "dmarc-failed": ("dmarc", "spf", "dkim"),
    "unauthenticated": ("spf", "dkim", "dmarc", "ptr"),
    "missing-ptr": ("ptr",),
    "bad-helo": ("helo", "ptr"),
}
_PASSING = frozenset({"timeout", "budget", "servfail", "refused", "unreachable", "lame"})
"""Reasons for no answer that may be gone an hour later."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What became of the faults of a case."""

    fixed: tuple[Change, ...]
    pending: tuple[Answer, ...]
    """What is still wrong, or not known: the newest answer that said something."""


def worth_watching(diagnosis: Diagnosis, catalogue: Catalogue) -> tuple[Answer, ...]:
    """The answers of a diagnosis that show something that can be mended: listings, and broken records.

    Also the list that the bounce names, where it could not be asked just now.
    """
    first = diagnosis.first
    if first is None:
        return ()
    named = entry_for(catalogue, first.facts.blocklist)
    found = []
    for answer in diagnosis.evidence:
        question = answer.question
        if question.check == "mx" and question.about is not None:
            continue  # a neighbour's or a made-up name's: not the fault of the case
        if _known(answer):
            cares = question.check == "blocklist" or question.check in _CARES.get(first.cause, ())
            if trouble(answer, catalogue) and (cares or _line(answer, catalogue).grade is Grade.BAD):
                found.append(answer)
        elif (
            question.check == "blocklist"
            and answer.reason in _PASSING
            and named is not None
            and entry_for(catalogue, question.about) is named
        ):
            found.append(answer)
    return tuple({answer.question: answer for answer in found}.values())


def trouble(answer: Answer, catalogue: Catalogue) -> str:
    """What is wrong, in a sentence; empty where nothing is, and where it is not known."""
    if not _known(answer):
        return ""
    line = _line(answer, catalogue)
    return "" if line.grade is Grade.GOOD else line.text


def progress(pending: Sequence[Answer], now: Sequence[Answer], catalogue: Catalogue) -> Progress:
    """Sort the faults of a case into those that are mended now and those that are left."""
    newest = {answer.question: answer for answer in now}
    fixed, left = [], []
    for earlier in pending:
        answer = newest.get(earlier.question, earlier)
        if not _known(answer):
            left.append(earlier)
        elif trouble(answer, catalogue):
            left.append(answer)
        else:
            fixed.append(
                Change(
                    check=answer.question.check,
                    subject=answer.question.subject,
                    better=True,
                    text=_line(answer, catalogue).text,
                    before=trouble(earlier, catalogue),
                )
            )
    return Progress(fixed=tuple(fixed), pending=tuple(left))


def own_questions(target: Target, catalogue: Catalogue) -> tuple[Question, ...]:
    """What to look up about an own domain or sending address at every look."""
    return tuple(
        question
        for question in questions_for(target, catalogue)
        if not (question.check == "mx" and question.about is not None)
    )


def selector_questions(kept: Sequence[Answer], answers: Sequence[Answer]) -> tuple[Question, ...]:
    """The DKIM keys that were ever found, by their names: only so can their loss be told from silence."""
    return tuple(
        Question(check="dkim", subject=answer.question.subject, about=selector)
        for answer in {a.question: a for a in (*kept, *answers)}.values()
        if answer.question.check == "dkim" and answer.question.about is None
        for selector in _selectors(answer, kept)
    )


def folded(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers of a look with those about single DKIM selectors folded into one.

    A domain has DKIM while any key of it is there: a selector that is exchanged for another is no loss.
    """
    single = [a for a in answers if a.question.check == "dkim" and a.question.about is not None]
    whole = []
    for answer in answers:
        question = answer.question
        if question.check != "dkim":
            whole.append(answer)
        elif question.about is None:
            own = [a for a in single if a.question.subject == question.subject]
            whole.append(_fold(answer, own))
    return tuple(whole)


def losses(found: Sequence[Change], after: Sequence[Answer]) -> tuple[Change, ...]:
    """The changes for the worse. A domain that is gone has no records to mend, so it is said alone."""
    bad = tuple(change for change in found if not change.better)
    gone = {a.question.subject for a in after if a.question.check == "mx" and a.reason == "nxdomain"}
    return tuple(change for change in bad if change.check == "mx" or change.subject not in gone)


def gains(found: Sequence[Change]) -> tuple[Change, ...]:
    """The changes for the better."""
    return tuple(change for change in found if change.better)


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
        was, is_ = _line(earlier, catalogue), _line(answer, catalogue)
        step = _RANK[was.grade] - _RANK[is_.grade] or _policy_step(earlier, answer)
        if not step:
            continue
        better = step > 0
        found.append(
            Change(
                check=answer.question.check,
                subject=answer.question.subject,
                better=better,
                text=is_.text,
                fix="" if better else _fix(earlier, answer, is_),
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


def _line(answer: Answer, catalogue: Catalogue) -> Line:
    """As ``grade``, and for the questions that only a diagnosis asks: SPF for an address, HELO."""
    if answer.question.check in ("mx-host", "alignment"):
        return Line(check=answer.question.check, grade=Grade.GOOD, text=answer.detail, evidence=(answer,))
    return grade(answer, catalogue)


def _fix(before: Answer, after: Answer, line: Line) -> str:
    """A record that was there and is gone is put back as it was, not made anew by a general rule."""
    gone = before.outcome is Outcome.FOUND and after.outcome is Outcome.ABSENT
    if gone and after.question.check in ("mx", "spf", "dmarc", "dkim"):
        return "If nobody meant that, publish again what was there."
    return line.fix


def _policy_step(before: Answer, after: Answer) -> int:
    """A DMARC policy that got weaker (below 0) or stronger is still a good record, but not the same."""
    if before.question.check != "dmarc" or not {before.reason, after.reason} <= set(_POLICIES):
        return 0
    return _POLICIES.index(str(after.reason)) - _POLICIES.index(str(before.reason))


def _selectors(answer: Answer, kept: Sequence[Answer]) -> tuple[str, ...]:
    earlier = [a for a in kept if a.question == answer.question]
    names = (name for a in (*earlier, answer) for name in a.values)
    return tuple(dict.fromkeys(names))[:MAX_SELECTORS]


def _fold(whole: Answer, single: Sequence[Answer]) -> Answer:
    alive = tuple(str(a.question.about) for a in single if a.outcome is Outcome.FOUND and a.reason is None)
    if whole.outcome is Outcome.FOUND and whole.reason is None:
        return replace(whole, values=tuple(dict.fromkeys((*whole.values, *alive))))
    if alive:
        return replace(single[0], question=whole.question, outcome=Outcome.FOUND, values=alive, reason=None)
    if whole.outcome is Outcome.FOUND or not single:
        return whole
    revoked = next((a for a in single if a.outcome is Outcome.FOUND), None)
    if revoked is not None:
        return replace(revoked, question=whole.question)
    silent = next((a for a in single if a.outcome is not Outcome.ABSENT), None)
    names = tuple(str(a.question.about) for a in single)
    return replace(silent or single[0], question=whole.question, values=() if silent else names)

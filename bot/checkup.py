"""Is it safe to send there, or from there? The use case: look up, judge, and on demand knock at the
servers.
"""

from collections.abc import Sequence
from typing import Protocol

from bot.core.checkup import Report, Target, judge, questions_for, target_of
from bot.core.model import Answer, Catalogue, Outcome, Question

MAX_TARGETS = 500
"""Of one call; a list of addresses asks each domain once."""
MAX_HOSTS = 2
PORTION = 16
"""Questions asked at once: one domain's, or those of a dozen addresses."""
SMTP_BUDGET = 15.0


class Asker(Protocol):
    """Whoever looks things up; bot/lookups/asker.py."""

    async def ask(self, questions: Sequence[Question], *, budget: float | None = None) -> tuple[Answer, ...]:
        """As in bot/diagnose.py; ``budget`` in seconds in place of the usual one."""
        ...


async def check_up(
    texts: Sequence[str], asker: Asker, catalogue: Catalogue, *, smtp: bool = False
) -> tuple[Report, ...]:
    """One Report a target, in order. Never raises for what a target holds; looks at most at MAX_TARGETS."""
    targets = [target_of(text) for text in texts[:MAX_TARGETS]]
    wanted = {target: questions_for(target, catalogue) for target in dict.fromkeys(targets)}
    answers = await _ask(asker, [question for questions in wanted.values() for question in questions])
    if smtp:
        knocks = {
            target: _knocks(target, [answers[q] for q in questions]) for target, questions in wanted.items()
        }
        every = tuple(dict.fromkeys(question for questions in knocks.values() for question in questions))
        answers |= dict(zip(every, await asker.ask(every, budget=SMTP_BUDGET), strict=True))
        wanted = {target: (*questions, *knocks[target]) for target, questions in wanted.items()}
    return tuple(judge(target, [answers[q] for q in wanted[target]], catalogue) for target in targets)


async def _ask(asker: Asker, questions: Sequence[Question]) -> dict[Question, Answer]:
    """In portions, so that a long list does not share the few seconds of one diagnosis."""
    answers: dict[Question, Answer] = {}
    every = list(dict.fromkeys(questions))
    for start in range(0, len(every), PORTION):
        portion = every[start : start + PORTION]
        answers |= dict(zip(portion, await asker.ask(portion), strict=True))
    return answers


def _knocks(target: Target, answers: Sequence[Answer]) -> tuple[Question, ...]:
    """Port 25 of the mail servers; all three ports of a host that has no MX of its own."""
    mx = next((a for a in answers if a.question.check == "mx" and a.question.about is None), None)
    if mx is None or mx.outcome is not Outcome.FOUND:
        return ()
    ports = ("25", "465", "587") if mx.reason == "implicit-mx" else ("25",)
    return tuple(
        Question(check="smtp", subject=host, about=port) for host in mx.values[:MAX_HOSTS] for port in ports
    )

"""What does the evidence say? ``weigh`` runs every rule on one case and joins what they conclude.

A rule is a pure function from a Case to a Finding or None; its docstring names its source. Rules never
turn a cause on a look-up that was not answered: "could not check" is not "absent".
"""

from collections.abc import Callable, Sequence

from bot.core.evidence import alignment, authentication, recipient, reputation, routing
from bot.core.evidence.case import Case
from bot.core.evidence.verdict import Finding, Verdict
from bot.core.model import Answer, Catalogue, Match, Rejection

Rule = Callable[[Case], Finding | None]

RULES: tuple[Rule, ...] = (
    *routing.RULES,
    *recipient.RULES,
    *alignment.RULES,
    *authentication.RULES,
    *reputation.RULES,
)

TEXT_RULES: tuple[Rule, ...] = reputation.TEXT_RULES
"""Those that look at the text alone. All others say nothing without an answer."""

__all__ = ["RULES", "TEXT_RULES", "Case", "Finding", "Rule", "Verdict", "weigh"]


def weigh(rejection: Rejection, match: Match, answers: Sequence[Answer], catalogue: Catalogue) -> Verdict:
    """Join the findings of all rules; without answers the Verdict says nothing that the text does not.

    The cause is that of the surest finding that turned it. Findings that turned it to another cause are
    left out, steps included: two answers at once would be none.
    """
    case = Case(rejection=rejection, match=match, answers=tuple(answers), catalogue=catalogue)
    rules = RULES if answers else TEXT_RULES
    findings = [finding for rule in rules if (finding := rule(case)) is not None]
    if not findings:
        return Verdict()
    turns = [finding for finding in findings if finding.cause is not None]
    surest = max(turns, key=lambda finding: finding.confidence or 0.0, default=None)
    if surest is not None:
        findings = [surest] + [f for f in findings if f is not surest and f.cause in (None, surest.cause)]
    return Verdict(
        cause=surest.cause if surest else None,
        confidence=surest.confidence if surest else None,
        reasons=tuple(dict.fromkeys(finding.reason for finding in findings if finding.reason)),
        steps=tuple(dict.fromkeys(step for finding in findings for step in finding.steps)),
        covers=tuple(dict.fromkeys(topic for finding in findings for topic in finding.covers)),
        suggestion=next((finding.suggestion for finding in findings if finding.suggestion), None),
        links=tuple(dict.fromkeys(link for finding in findings for link in finding.links)),
    )

"""Is it safe to send there, or from there? The use case: look up, judge, and on demand knock at the
servers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from bot.core.checkup import Report, Target, judge, questions_for, target_of
from bot.core.model import Answer, Catalogue, Outcome, Question

MAX_TARGETS = 500
"""Of one call; a list of addresses asks each domain once."""
MAX_HOSTS = 2
PORTION = 16
"""Questions asked at once: one domain's, or those of a dozen addresses."""
SMTP_BUDGET = 15.0
SMTP_PORTS = ("25", "465", "587")
DOMAINS_TOGETHER = 2
ADDRESSES_TOGETHER = 5
"""At most so many of one call are looked at as sender and sending servers."""


class Asker(Protocol):
    """Whoever looks things up; bot/lookups/asker.py."""

    async def ask(self, questions: Sequence[Question], *, budget: float | None = None) -> tuple[Answer, ...]:
        """As in bot/diagnose.py; ``budget`` in seconds in place of the usual one."""
        ...


async def check_up(
    texts: Sequence[str],
    asker: Asker,
    catalogue: Catalogue,
    *,
    smtp: bool = False,
    lists_off: Collection[str] = (),
) -> tuple[Report, ...]:
    """One Report a target, in order. Never raises for what a target holds; looks at most at MAX_TARGETS.

    Domains and IP addresses that are given together are looked at as sender and sending server, too: may the
    address send for the domain? ``lists_off`` are zones of blocklists that are not asked.
    """
    targets = [target_of(text) for text in texts[:MAX_TARGETS]]
    wanted = {
        target: tuple(
            q for q in questions_for(target, catalogue) if q.check != "blocklist" or q.about not in lists_off
        )
        for target in dict.fromkeys(targets)
    }
    answers = await _ask(asker, [question for questions in wanted.values() for question in questions])
    together = _together(wanted, answers)
    answers |= await _ask(asker, [question for questions in together.values() for question in questions])
    wanted |= {target: (*wanted[target], *questions) for target, questions in together.items()}
    if smtp:
        knocks = {
            target: _knocks(target, [answers[q] for q in questions]) for target, questions in wanted.items()
        }
        every = tuple(dict.fromkeys(question for questions in knocks.values() for question in questions))
        answers |= dict(zip(every, await asker.ask(every, budget=SMTP_BUDGET), strict=True))
        wanted = {target: (*questions, *knocks[target]) for target, questions in wanted.items()}
    return tuple(judge(target, [answers[q] for q in wanted[target]], catalogue) for target in targets)


def _together(
    targets: Iterable[Target], answers: Mapping[Question, Answer]
) -> dict[Target, tuple[Question, ...]]:
    """What each IP address may do for the domain that is given with it: SPF, and the HELO name for a host (a name
    without an MX of its own). In a longer list they have nothing to do with each other."""
    every = tuple(targets)
    domains = [target.subject for target in every if target.kind == "domain"]
    addresses = [target for target in every if target.kind == "ip"]
    if not 0 < len(domains) <= DOMAINS_TOGETHER or len(addresses) > ADDRESSES_TOGETHER:
        return {}
    asked = [name for domain in domains if (name := _check_together(domain, answers))]
    return {
        target: tuple(Question(check=check, subject=domain, about=target.subject) for check, domain in asked)
        for target in addresses
    }


def _check_together(domain: str, answers: Mapping[Question, Answer]) -> tuple[str, str] | None:
    mx = answers.get(Question(check="mx", subject=domain))
    if mx is None or mx.outcome in (Outcome.SKIPPED, Outcome.UNANSWERED) or mx.reason == "nxdomain":
        return None
    if mx.reason == "implicit-mx":
        return "helo", domain
    spf = answers.get(Question(check="spf", subject=domain))
    return ("spf", domain) if spf is not None and spf.outcome is Outcome.FOUND else None


async def _ask(asker: Asker, questions: Sequence[Question]) -> dict[Question, Answer]:
    """In portions, so that a long list does not share the few seconds of one diagnosis."""
    answers: dict[Question, Answer] = {}
    every = list(dict.fromkeys(questions))
    for start in range(0, len(every), PORTION):
        portion = every[start : start + PORTION]
        answers |= dict(zip(portion, await asker.ask(portion), strict=True))
    return answers


def _knocks(target: Target, answers: Sequence[Answer]) -> tuple[Question, ...]:
    """All three ports of the first mail servers, or of a host that has no MX of its own."""
    mx = next((a for a in answers if a.question.check == "mx" and a.question.about is None), None)
    if mx is None or mx.outcome is not Outcome.FOUND:
        return ()
    return tuple(
        Question(check="smtp", subject=host, about=port)
        for host in mx.values[:MAX_HOSTS]
        for port in SMTP_PORTS
    )

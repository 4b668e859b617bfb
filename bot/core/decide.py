"""What is the answer? Joins the match of each rejection with the evidence into a Diagnosis.

``unknown`` below a threshold: then the two best guesses are named as guesses.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.advice import advise, when_of
from bot.core.evidence import Verdict, weigh
from bot.core.evidence.recipient import provider_links
from bot.core.model import (
    NOT_A_BOUNCE,
    UNKNOWN,
    Answer,
    Candidate,
    Catalogue,
    Diagnosis,
    Facts,
    Kind,
    Link,
    Match,
    Parsed,
    Party,
    Reader,
    Rejection,
    Result,
    Step,
)
from bot.core.render import fill

THRESHOLD = 0.3
"""Below this confidence the answer is ``unknown``: on texts that nobody has seen, two of three answers there are wrong."""
_SLOT = re.compile(r"<[a-z]+>")
"""What stands in a wording for an address, a number or any word: people read it as a gap."""
_ABOUT_FROM = ("dmarc-failed", "unauthenticated")
"""Causes whose texts speak of the domain after From:, which need not be the envelope sender's."""
UNKNOWN_CONFIDENCE = 0.2
"""How often ``unknown`` is what an expert says of such a text: it is our ignorance, not the text's."""


def decide(
    parsed: Parsed,
    matches: Sequence[Match],
    answers: Sequence[Answer],
    catalogue: Catalogue,
    parties: Mapping[str, Party] | None = None,
) -> Diagnosis:
    """The Diagnosis of a bounce: one result a rejection, the texts of the first one's cause.

    ``matches`` has one Match a rejection; ``answers`` are those of all look-ups, empty when none
    were made. ``parties`` is what ``parties_of(catalogue)`` gives: who decides often makes it once.
    """
    if parties is None:
        parties = parties_of(catalogue)
    verdicts = [
        weigh(rejection, match, answers, catalogue)
        for rejection, match in zip(parsed.rejections, matches, strict=True)
    ]
    results = tuple(
        _result(rejection, match, verdict, catalogue, parties)
        for rejection, match, verdict in zip(parsed.rejections, matches, verdicts, strict=True)
    )
    first = results[0]
    facts = first.facts
    if first.cause in _ABOUT_FROM:
        facts = replace(facts, sender_domain=parsed.rejections[0].author_domain)
    return conclude(
        results,
        catalogue,
        facts=facts,
        verdict=verdicts[0],
        evidence=answers,
        notices=parsed.notices,
        program=parsed.program,
    )


def conclude(
    results: tuple[Result, ...],
    catalogue: Catalogue,
    *,
    facts: Facts | None = None,
    verdict: Verdict | None = None,
    evidence: Sequence[Answer] = (),
    notices: tuple[str, ...] = (),
    program: str | None = None,
) -> Diagnosis:
    """The Diagnosis of these results, at least one: all that the knowledge base says about the first one's cause.

    ``facts`` fill its texts, those of the first result where none are given. ``verdict`` is what the evidence says
    about it, ``program`` the mail program that the text names.
    """
    first = results[0]
    cause = catalogue.causes[first.cause]
    facts = facts or first.facts
    verdict = verdict or Verdict()
    advice = advise(
        cause,
        facts,
        catalogue.providers,
        # A slip of the pen comes first: nothing else helps then.
        seen=(*_suggestion_steps(first.facts), *verdict.steps),
        covered=verdict.covers,
        when=when_of(facts, given_up=first.given_up),
        program=program,
    )
    return Diagnosis(
        bounce=True,
        results=results,
        title=cause.title,
        summary=_fill(cause.summary, facts, catalogue),
        steps=advice.steps,
        steps_by=advice.steps_by,
        guide=advice.guide,
        program=program,
        prevention=tuple(_fill(text, facts, catalogue) for text in cause.prevention),
        links=_unlike([*verdict.links, *_provider_links(first, catalogue), *cause.links]),
        collect=tuple(_fill(text, facts, catalogue) for text in cause.escalation.collect),
        evidence=tuple(evidence),
        notices=notices,
        confidence=first.confidence,
    )


def parties_of(catalogue: Catalogue) -> Mapping[str, Party]:
    """The variants that make another party act than their cause does, by their ids."""
    if catalogue.kept is not None:
        return catalogue.kept.parties
    return {variant.id: variant.party for variant in catalogue.variants if variant.party is not None}


def not_a_bounce(
    parsed: Parsed, catalogue: Catalogue, confidence: float, *, known: bool = False
) -> Diagnosis:
    """The Diagnosis of a text that is no bounce. ``known``: its words are known, as those of something else.

    Where nothing was recognised, it says that and no more: people ask about bounces in words of their own, too.
    """
    cause = catalogue.causes[NOT_A_BOUNCE]
    advice = advise(cause, Facts(), catalogue.providers)
    recognised = known or parsed.kind in _INSTEAD
    title, summary = _INSTEAD.get(parsed.kind, (cause.title, _ELSEWHERE) if known else _NOT_FOUND)
    if not recognised:
        advice = replace(
            advice,
            steps=advice.steps_by.get(Reader.AGENT, ()),
            steps_by={reader: steps for reader, steps in advice.steps_by.items() if reader is Reader.AGENT},
        )
    return Diagnosis(
        bounce=False,
        results=(),
        title=title,
        summary=summary,
        steps=advice.steps,
        steps_by=advice.steps_by,
        links=cause.links if recognised else (),
        notices=parsed.notices,
        confidence=confidence,
    )


_INSTEAD: Mapping[Kind, tuple[str, str]] = {
    Kind.AUTO_REPLY: (
        "This is an automatic reply, not a bounce",
        "The message has arrived, and a program has answered it.",
    ),
    Kind.FEEDBACK_REPORT: (
        "This is a complaint report, not a bounce",
        "The message has arrived, and its recipient has marked it as spam.",
    ),
    Kind.RECEIPT: (
        "This is a receipt, not a bounce",
        "It says that a message was delivered, handed on or read.",
    ),
}
_ELSEWHERE = (
    "Its words are known from something else: an automatic reply, a receipt, a complaint report, or a program that "
    "sends no mail, such as FTP."
)
_NOT_FOUND = (
    "No bounce found in this text",
    "That does not mean that the mail has arrived: the text has none of the words that mail servers and mail programs "
    "have for a failure, or too few of them.",
)


def _result(
    rejection: Rejection, match: Match, verdict: Verdict, catalogue: Catalogue, parties: Mapping[str, Party]
) -> Result:
    ranked = [candidate for candidate in match.candidates if candidate.cause in catalogue.causes]
    # A text that came as a bounce is not answered with "this is none".
    ranked = [candidate for candidate in ranked if candidate.cause != NOT_A_BOUNCE]
    best = ranked[0] if ranked else None
    facts = rejection.facts
    reasons: list[str] = []
    if verdict.cause is not None and verdict.cause in catalogue.causes:
        slug, confidence, decided_by = verdict.cause, verdict.confidence or 0.9, "dns"
    elif best is None or best.score < THRESHOLD:
        slug, confidence, decided_by = UNKNOWN, UNKNOWN_CONFIDENCE, "text"
    else:
        slug, confidence = best.cause, best.score
        decided_by = "code" if best.signal == "code" else "text"
    if best is not None:
        reasons.append(_reason(best, slug, catalogue))
    reasons.extend(verdict.reasons)
    if verdict.suggestion and not facts.suggestion:
        facts = replace(facts, suggestion=verdict.suggestion)
    cause = catalogue.causes[slug]
    variant = best.variant if best is not None and slug == best.cause else None
    return Result(
        cause=slug,
        family=cause.family,
        party=parties.get(variant or "", cause.party),
        confidence=min(max(confidence, 0.0), 1.0),
        facts=facts,
        text=rejection.text,
        variant=variant,
        matched_text=rejection.text if best is not None and slug != UNKNOWN else "",
        decided_by=decided_by,
        alternatives=tuple(
            (candidate.cause, candidate.score) for candidate in ranked if candidate.cause != slug
        )[:3],
        reasons=tuple(reasons),
        given_up=rejection.given_up,
    )


def _reason(best: Candidate, slug: str, catalogue: Catalogue) -> str:
    title = catalogue.causes[best.cause].title
    if best.cause == UNKNOWN:
        return "The words give no reason."
    if slug == UNKNOWN:
        return f"The words do not say enough. The nearest guess is “{title}” ({best.score:.0%})."
    if best.signal == "exact":
        return "The reply is word for word one that we know."
    if best.signal == "phrase":
        return f"The words “{_SLOT.sub('…', best.words)}” mean this."
    if best.signal == "fuzzy":
        return f"The reply is close to one that we know: “{_SLOT.sub('…', best.words)}”."
    if best.signal == "code":
        return "The code means this; the words add nothing."
    return "The words are those that such replies use."


def _suggestion_steps(facts: Facts) -> tuple[Step, ...]:
    if not facts.suggestion:
        return ()
    text = f"Check the address: {facts.recipient_domain} looks like a typo of {facts.suggestion}."
    if facts.recipient and "@" in facts.recipient:
        local = facts.recipient.rpartition("@")[0]
        text = f"Check the address: {facts.recipient_domain} looks like a typo. Send to {local}@{facts.suggestion} instead."
    return (Step(text=text, about="spelling"),)


def _unlike(links: Sequence[Link]) -> tuple[Link, ...]:
    """Each page once, under the first title that it has."""
    pages: dict[str, Link] = {}
    for link in links:
        pages.setdefault(link.url, link)
    return tuple(pages.values())


def _provider_links(result: Result, catalogue: Catalogue) -> tuple[Link, ...]:
    provider = catalogue.providers.get(result.facts.provider or "")
    if provider is None or result.family not in ("reputation", "authentication", "policy", "throttling"):
        return ()
    return provider_links(provider, removal=result.family == "reputation")


def _fill(text: str, facts: Facts, catalogue: Catalogue) -> str:
    return fill(text, facts, catalogue.providers)

"""How does a Diagnosis become the contract's JSON object, and come back?

The object is what ``--json`` prints, what a ticket keeps and what a durable job passes on.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.core.model import (
    NOT_A_BOUNCE,
    Answer,
    Clicks,
    Diagnosis,
    Facts,
    Guide,
    Link,
    Outcome,
    Party,
    Question,
    Reader,
    Result,
)

SCHEMA = 1

_FACTS = tuple(field.name for field in fields(Facts))


def as_json(diagnosis: Diagnosis, id: str | None = None) -> dict[str, Any]:
    """The object of the contract, made of plain values. The top level repeats the first result."""
    first = diagnosis.first
    if first is None:
        first = Result(
            cause=NOT_A_BOUNCE,
            family="none",
            party=Party.NOBODY,
            confidence=diagnosis.confidence,
            facts=Facts(),
        )
    return {
        "schema": SCHEMA,
        "id": id,
        "bounce": diagnosis.bounce,
        **_verdict(first),
        "matched_text": first.matched_text,
        "decided_by": first.decided_by,
        "alternatives": [
            {"cause": cause, "confidence": round(confidence, 3)} for cause, confidence in first.alternatives
        ],
        "title": diagnosis.title,
        "summary": diagnosis.summary,
        "steps": list(diagnosis.steps),
        "steps_by": {reader.value: list(steps) for reader, steps in diagnosis.steps_by.items()},
        "guide": _guide_as_json(diagnosis.guide),
        "program": diagnosis.program,
        "prevention": list(diagnosis.prevention),
        "links": [{"title": link.title, "url": link.url} for link in diagnosis.links],
        "collect": list(diagnosis.collect),
        "facts": _facts(first.facts),
        "evidence": [answer_as_json(answer) for answer in diagnosis.evidence],
        "notices": list(diagnosis.notices),
        "results": [
            {
                "recipient": result.facts.recipient,
                **_verdict(result),
                "facts": _facts(result.facts),
                "matched_text": result.matched_text,
                "decided_by": result.decided_by,
                "alternatives": [
                    {"cause": cause, "confidence": round(confidence, 3)}
                    for cause, confidence in result.alternatives
                ],
                "reasons": list(result.reasons),
                "given_up": result.given_up,
                "text": result.text,
            }
            for result in diagnosis.results
        ],
    }


def from_json(value: Mapping[str, Any]) -> Diagnosis:
    """The Diagnosis of an object that ``as_json`` made. Raises KeyError, TypeError or ValueError for another one."""
    return Diagnosis(
        bounce=value["bounce"],
        results=tuple(_result(result) for result in value["results"]),
        title=value["title"],
        summary=value["summary"],
        steps=tuple(value["steps"]),
        steps_by={Reader(reader): tuple(steps) for reader, steps in (value.get("steps_by") or {}).items()},
        guide=_guide(value.get("guide")),
        program=value.get("program"),
        prevention=tuple(value["prevention"]),
        links=tuple(Link(title=link["title"], url=link["url"]) for link in value["links"]),
        collect=tuple(value.get("collect", ())),
        evidence=tuple(answer_from_json(entry) for entry in value["evidence"]),
        notices=tuple(value.get("notices", ())),
        confidence=value["confidence"],
    )


def _guide(value: Mapping[str, Any] | None) -> Guide | None:
    if value is None:
        return None
    return Guide(title=value["title"], clicks=tuple(Clicks(**each) for each in value["clicks"]))


def _guide_as_json(guide: Guide | None) -> dict[str, Any] | None:
    if guide is None:
        return None
    clicks = [{"program": each.program, "family": each.family, "text": each.text} for each in guide.clicks]
    return {"title": guide.title, "clicks": clicks}


def _facts(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACTS}


def _verdict(result: Result) -> dict[str, Any]:
    return {
        "cause": result.cause,
        "family": result.family,
        "party": result.party.value,
        "confidence": round(result.confidence, 3),
        "variant": result.variant,
    }


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """One look-up as an entry of ``evidence``. Also what a watch keeps."""
    return {
        "check": answer.question.check,
        "subject": answer.question.subject,
        "about": answer.question.about,
        "outcome": answer.outcome.value,
        "detail": answer.detail,
        "values": list(answer.values),
        "reason": answer.reason,
        "seconds": round(answer.seconds, 3),
    }


def _result(value: Mapping[str, Any]) -> Result:
    return Result(
        cause=value["cause"],
        family=value["family"],
        party=Party(value["party"]),
        confidence=value["confidence"],
        facts=Facts(**{name: value["facts"][name] for name in _FACTS}),
        text=value["text"],
        variant=value["variant"],
        matched_text=value["matched_text"],
        decided_by=value["decided_by"],
        alternatives=tuple((entry["cause"], entry["confidence"]) for entry in value["alternatives"]),
        reasons=tuple(value["reasons"]),
        given_up=value.get("given_up", False),
    )


def answer_from_json(value: Mapping[str, Any]) -> Answer:
    """The Answer of an entry that ``answer_as_json`` made."""
    return Answer(
        question=Question(check=value["check"], subject=value["subject"], about=value["about"]),
        outcome=Outcome(value["outcome"]),
        detail=value["detail"],
        values=tuple(value["values"]),
        reason=value["reason"],
        seconds=value["seconds"],
    )

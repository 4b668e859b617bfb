"""A Diagnosis becomes the contract's JSON and comes back the same."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from bot.core.wire import as_json, from_json

TEXT = st.text(max_size=60)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
MAYBE = st.none() | TEXT
# The object keeps three digits: more would only look exact.
SHARE = st.integers(0, 1000).map(lambda number: number / 1000)
FACTS = st.builds(
    Facts,
    **{field.name: MAYBE for field in fields(Facts) if field.name != "temporary"},
    temporary=st.booleans(),
)
RESULT = st.builds(
    Result,
    cause=TEXT,
    family=TEXT,
    party=st.sampled_from(Party),
    confidence=SHARE,
    facts=FACTS,
    text=TEXT,
    variant=MAYBE,
    matched_text=TEXT,
    decided_by=st.sampled_from(("text", "code", "dns")),
    alternatives=st.lists(st.tuples(TEXT, SHARE), max_size=3).map(tuple),
    reasons=TEXTS,
    given_up=st.booleans(),
)
ANSWER = st.builds(
    Answer,
    question=st.builds(Question, check=TEXT, subject=TEXT, about=MAYBE),
    outcome=st.sampled_from(Outcome),
    detail=TEXT,
    values=TEXTS,
    reason=MAYBE,
    seconds=SHARE,
)
GUIDE = st.builds(
    Guide,
    title=TEXT,
    clicks=st.lists(st.builds(Clicks, program=TEXT, family=TEXT, text=TEXT), max_size=2).map(tuple),
)
DIAGNOSIS = st.builds(
    Diagnosis,
    bounce=st.booleans(),
    results=st.lists(RESULT, max_size=3).map(tuple),
    title=TEXT,
    summary=TEXT,
    steps=TEXTS,
    steps_by=st.dictionaries(st.sampled_from(Reader), TEXTS, max_size=3),
    guide=st.none() | GUIDE,
    program=st.none() | TEXT,
    prevention=TEXTS,
    links=st.lists(st.builds(Link, title=TEXT, url=TEXT), max_size=2).map(tuple),
    collect=TEXTS,
    evidence=st.lists(ANSWER, max_size=3).map(tuple),
    notices=TEXTS,
    confidence=SHARE,
)


def with_first_confidence(diagnosis: Diagnosis) -> Diagnosis:
    """A diagnosis says the confidence of its first result, if it has one."""
    first = diagnosis.first
    return diagnosis if first is None else replace(diagnosis, confidence=first.confidence)


@given(DIAGNOSIS.map(with_first_confidence))
@settings(max_examples=150, deadline=None)
def test_a_diagnosis_comes_back_the_same(diagnosis: Diagnosis) -> None:
    """Through real JSON text: all fields, all results, all look-ups."""
    assert from_json(json.loads(json.dumps(as_json(diagnosis)))) == diagnosis


@given(DIAGNOSIS)
@settings(max_examples=50, deadline=None)
def test_what_came_back_gives_the_same_object(diagnosis: Diagnosis) -> None:
    """A ticket that is read and kept again does not wander."""
    once = as_json(diagnosis)

    assert as_json(from_json(once)) == once


@given(DIAGNOSIS)
@settings(max_examples=50, deadline=None)
def test_the_top_level_repeats_the_first_result(diagnosis: Diagnosis) -> None:
    """Who looks at one recipient need not open ``results``."""
    value = as_json(diagnosis)
    first = value["results"][0] if value["results"] else None
    repeated = ("cause", "family", "party", "confidence", "variant", "facts", "matched_text", "decided_by")

    assert first is None or all(value[name] == first[name] for name in repeated)
    assert first is None or first["recipient"] == first["facts"]["recipient"]


def small(**changes: Any) -> Diagnosis:
    values: dict[str, Any] = {"bounce": True, "results": (), "title": "A title", "summary": "A summary."}
    return Diagnosis(**{**values, **changes})


def test_what_is_no_bounce_has_the_contracts_form() -> None:
    """No results, the slug ``not-a-bounce``, and how sure we are of that."""
    value = as_json(small(bounce=False, confidence=0.98))

    assert (value["bounce"], value["cause"], value["family"], value["party"]) == (
        False,
        NOT_A_BOUNCE,
        "none",
        "nobody",
    )
    assert (value["results"], value["confidence"]) == ([], 0.98)
    assert set(value["facts"]) == {field.name for field in fields(Facts)}


def test_the_id_is_passed_on() -> None:
    """The caller's own name for a row."""
    assert as_json(small(), id="row 7")["id"] == "row 7"
    assert as_json(small())["id"] is None


def test_the_object_is_plain() -> None:
    """No enum, no tuple: what is kept as JSON is what programs compare with."""

    def types(value: Any) -> set[type]:
        if isinstance(value, dict):
            return {dict}.union(*(types(inner) for inner in value.values()))
        if isinstance(value, list):
            return {list}.union(*(types(inner) for inner in value))
        return {type(value)}

    result = Result(cause="a", family="b", party=Party.SENDER, confidence=0.12345, facts=Facts())
    value = as_json(small(results=(result,)))

    assert types(value) <= {dict, list, str, int, float, bool, type(None)}
    assert value["confidence"] == 0.123


@pytest.mark.parametrize(
    "change",
    [
        {"results": None},
        {"results": [{}]},
        {"evidence": [{"check": "mx"}]},
        {"links": [{"title": "no url"}]},
        {"confidence": None, "results": 5},
    ],
    ids=["no list", "empty result", "half an answer", "half a link", "number"],
)
def test_an_object_that_is_not_ours_is_refused(change: dict[str, Any]) -> None:
    """With an error of its kind, never a Diagnosis that is half filled."""
    with pytest.raises((KeyError, ValueError, TypeError)):
        from_json({**as_json(small()), **change})


@pytest.mark.parametrize(("name", "value"), [("party", "somebody"), ("party", None)])
def test_a_party_that_nobody_knows_is_refused(name: str, value: object) -> None:
    """Who has to act is one of three."""
    result = Result(cause="a", family="b", party=Party.SENDER, confidence=0.5, facts=Facts())
    kept = as_json(small(results=(result,)))
    kept["results"][0][name] = value

    with pytest.raises(ValueError, match="valid Party"):
        from_json(kept)


def test_a_field_of_a_newer_program_is_stepped_over() -> None:
    """After a step back to an older version its tickets can still be read."""
    kept = as_json(small())
    kept["a_new_field"] = {"of": "tomorrow"}

    assert from_json(kept) == small()


def test_a_ticket_of_an_older_program_can_be_read() -> None:
    """Before steps had readers, the object had none of these fields."""
    kept = as_json(small(steps=("Ask Bob.",)))
    del kept["steps_by"], kept["guide"], kept["program"]

    assert from_json(kept) == small(steps=("Ask Bob.",))

"""Which steps are said in a case: of this time, of this program, not what evidence says better, and by whom."""

import json
from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.advice import LEADS, TOPICS, advise, when_of
from bot.core.model import Clicks, Facts, Guide, Reader, Step, When
from bot.core.program import FAMILIES
from bot.data import data_folder
from tests.core.small import cause

BUILT_IN = load_catalogue()
GUIDE = Guide(
    title="What to click",
    clicks=(
        Clicks(program="Thunderbird", family="thunderbird", text="Menu > Account Settings."),
        Clicks(program="Old Outlook", family="outlook", text="File."),
        Clicks(program="New Outlook", family="outlook", text="Gear."),
    ),
)
CASE = replace(
    cause("mailbox-full"),
    steps=(
        Step(text="Wait.", when=When.TEMPORARY),
        Step(text="Send it again.", when=When.PERMANENT),
        Step(text="Ask {recipient}."),
        Step(text="All programs: look.", about="mail-program"),
        Step(text="Administrators: set the PTR.", by=Reader.ADMIN, about="ptr"),
        Step(text="Run {check_recipient_domain}.", by=Reader.AGENT),
    ),
    guide=GUIDE,
)


@pytest.mark.parametrize(
    ("when", "said", "left_out"),
    [
        (When.TEMPORARY, ["Wait."], ["Send it again."]),
        (When.PERMANENT, ["Send it again."], ["Wait."]),
        (None, ["Only delayed? Wait.", "Has it come back for good? Send it again."], []),
    ],
)
def test_a_step_is_of_its_time(when: When | None, said: list[str], left_out: list[str]) -> None:
    """What is known is not asked; where it is not known, both are said, each with its condition."""
    steps = advise(CASE, Facts(), {}, when=when).steps

    assert set(said) <= set(steps)
    assert not set(left_out) & set(steps)


@pytest.mark.parametrize(
    ("facts", "given_up", "when"),
    [
        (Facts(temporary=True), False, When.TEMPORARY),
        (Facts(temporary=True), True, When.PERMANENT),
        (Facts(temporary=False), False, When.PERMANENT),
        (Facts(), False, None),
        (Facts(), True, When.PERMANENT),
    ],
    ids=["4xx", "4xx and given up", "5xx", "silent", "given up without a code"],
)
def test_who_has_given_up_does_not_try_again(facts: Facts, given_up: bool, when: When | None) -> None:
    """A queue that expired says so, whatever code it heard last."""
    assert when_of(facts, given_up=given_up) is when


def test_evidence_takes_the_place_of_what_is_about_the_same() -> None:
    """Its step comes first, the general one goes."""
    seen = Step(text="Set the PTR of 192.0.2.1 to mail.example.org.", by=Reader.ADMIN, about="ptr")
    steps = advise(CASE, Facts(), {}, seen=(seen,)).steps

    assert steps[0] == seen.text
    assert "Administrators: set the PTR." not in steps


def test_what_is_settled_needs_no_step() -> None:
    """Evidence may cover a topic without a step of its own."""
    assert "Administrators: set the PTR." not in advise(CASE, Facts(), {}, covered=("ptr",)).steps
    assert "Administrators: set the PTR." in advise(CASE, Facts(), {}, covered=("spf",)).steps


def test_a_named_program_has_its_own_clicks() -> None:
    """In place of the words about all programs; the guide to the others is not needed."""
    advice = advise(CASE, Facts(), {}, program="outlook")

    assert [step for step in advice.steps if "Outlook" in step] == [
        "Old Outlook: File.",
        "New Outlook: Gear.",
    ]
    assert "All programs: look." not in advice.steps
    assert advice.guide is None
    assert "Old Outlook: File." in advice.steps_by[Reader.WRITER]


@pytest.mark.parametrize("program", [None, "android"], ids=["not named", "without clicks"])
def test_without_a_program_the_guide_goes_along(program: str | None) -> None:
    """Short words in the answer; a letter has the whole guide, and so not the short words."""
    advice = advise(CASE, Facts(), {}, program=program)

    assert "All programs: look." in advice.steps
    assert advice.guide == GUIDE
    assert "All programs: look." not in advice.steps_by[Reader.WRITER]


def test_a_step_is_kept_for_its_reader_without_the_lead() -> None:
    """An administrator need not be told that it is for administrators."""
    by = advise(CASE, Facts(recipient="jane@example.org"), {}, when=When.TEMPORARY).steps_by

    assert by[Reader.WRITER] == ("Wait.", "Ask jane@example.org.")
    assert by[Reader.ADMIN] == ("Set the PTR.",)
    assert by[Reader.AGENT] == ("Run fivefifty check DOMAIN.",)
    assert Reader.RECIPIENT not in by


def test_braces_in_evidence_are_no_slots() -> None:
    """A pasted address may look like one."""
    seen = (Step(text="Write to {sender}@example.org."),)

    assert (
        advise(CASE, Facts(sender="eve@example.org"), {}, seen=seen).steps[0]
        == "Write to {sender}@example.org."
    )


@pytest.mark.parametrize("slug", sorted(BUILT_IN.causes))
@pytest.mark.parametrize("when", [*When, None])
def test_an_agent_in_a_hurry_reads_few_steps(slug: str, when: When | None) -> None:
    """Seven at most, whatever is known, and none said twice."""
    steps = advise(BUILT_IN.causes[slug], Facts(), BUILT_IN.providers, when=when).steps

    assert 3 <= len(steps) <= 7
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize("slug", sorted(BUILT_IN.causes))
def test_the_lead_says_for_whom_a_step_is(slug: str) -> None:
    """What begins like a step for somebody is marked for them."""
    for step in BUILT_IN.causes[slug].steps:
        named = [reader for reader, leads in LEADS.items() if step.text.startswith(leads)]

        assert not named or named == [step.by]


def test_the_schema_knows_the_topics_and_programs() -> None:
    """One list for those who write knowledge, one for the code, and both the same."""
    definitions = json.loads((data_folder("knowledge") / "schema.json").read_text("utf-8"))["$defs"]
    step = definitions["step"]["oneOf"][1]["properties"]

    assert set(step["about"]["enum"]) == set(TOPICS)
    assert set(step["by"]["enum"]) == set(Reader)
    assert set(step["when"]["enum"]) == set(When)
    assert set(definitions["clicks"]["properties"]["family"]["enum"]) == {*FAMILIES, "other"}


def test_every_program_of_the_families_has_clicks() -> None:
    """Whoever is told by name gets something to click."""
    guide = BUILT_IN.causes["auth-required"].guide

    assert guide is not None
    assert {each.family for each in guide.clicks} >= set(FAMILIES)

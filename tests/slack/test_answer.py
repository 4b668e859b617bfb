"""The answer: what it says, and that Slack takes it whatever the diagnosis holds."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.model import Answer, Clicks, Diagnosis, Facts, Guide, Link, Outcome, Party, Question, Result
from bot.playground.limits import check_message_blocks, check_view
from bot.slack.blocks.answer import answer, answer_text, confidence_words, evidence_line, who_acts
from bot.slack.blocks.evidence import evidence_view


def result(**more: Any) -> Result:
    values: dict[str, Any] = {
        "cause": "no-such-user",
        "family": "recipient",
        "party": Party.SENDER,
        "confidence": 0.97,
        "facts": Facts(recipient="someone@example.org", reply="550", status="5.1.1"),
        "text": "550 5.1.1 <someone@example.org>: User unknown",
    }
    return Result(**{**values, **more})


def diagnosis(**more: Any) -> Diagnosis:
    values: dict[str, Any] = {
        "bounce": True,
        "results": (result(),),
        "title": "The address does not exist",
        "summary": "The receiving server knows nobody of this name.",
        "steps": ("Check the address for typing mistakes.", "Ask the recipient."),
    }
    return Diagnosis(**{**values, **more})


def found(
    outcome: Outcome = Outcome.FOUND, detail: str = "MX of example.org: mail.example.org", **more: Any
) -> Answer:
    return Answer(
        question=Question(check="mx", subject="example.org"), outcome=outcome, detail=detail, **more
    )


def words(blocks: Any) -> str:
    """Everything that can be read in the blocks."""
    return json.dumps(blocks, ensure_ascii=False)


def test_the_answer_says_what_happened_who_acts_and_what_to_do() -> None:
    """Cause, party, summary, steps, the words of the bounce, confidence and ticket."""
    made = answer(diagnosis(), ticket=12)

    assert made.blocks[0]["text"]["text"] == "The address does not exist"
    for part in (
        "the sender",
        "knows nobody",
        "Check the address",
        "550 5.1.1 <someone@example.org>: User unknown",
        "almost certain",
        "Ticket 12",
    ):
        assert part in words(made.blocks)


def test_the_answer_says_how_to_prevent_it() -> None:
    """Three sentences of prevention at most, below the steps."""
    message = answer(diagnosis(prevention=("One.", "Two.", "Three.", "Four.")))

    said = words(message.blocks)
    assert "How to prevent it" in said
    assert "Three." in said
    assert "Four." not in said


def test_the_text_names_the_cause_and_the_first_step() -> None:
    """On one line, for notifications."""
    assert (
        answer_text(diagnosis())
        == "The address does not exist. First step: Check the address for typing mistakes."
    )


def test_the_buttons_stand_in_an_actions_block_at_the_top_level() -> None:
    """Each carries the ticket's number."""
    last = answer(diagnosis(evidence=(found(),)), ticket=12).blocks[-1]

    assert last["type"] == "actions"
    assert [element["action_id"] for element in last["elements"]] == [
        "diagnosis_solved",
        "ticket_escalate",
        "diagnosis_wrong",
        "reply_draft",
        "evidence_show",
    ]
    assert {element["value"] for element in last["elements"]} == {"12"}


GUIDE = Guide(
    title="What to click",
    clicks=(Clicks(program="Thunderbird", family="thunderbird", text="Menu > Settings."),),
)


def test_what_to_click_is_one_press_away() -> None:
    """The message stays short; the window has every program."""
    made = answer(diagnosis(guide=GUIDE, evidence=()), ticket=7)
    both = answer(diagnosis(guide=GUIDE, evidence=(found(),)), ticket=7)
    labels = [
        next(
            each["text"]["text"]
            for each in one.blocks[-1]["elements"]
            if each["action_id"] == "evidence_show"
        )
        for one in (made, both)
    ]

    assert labels == ["What to click", "What to click, and evidence"]
    assert "Menu > Settings." not in words(made.blocks)
    assert "Menu > Settings." in words(evidence_view(diagnosis(guide=GUIDE), 7))


def test_without_anything_to_click_the_window_shows_evidence() -> None:
    """And without either there is no button."""
    shown = answer(diagnosis(evidence=(found(),)), ticket=7).blocks[-1]["elements"]
    bare = answer(diagnosis(evidence=()), ticket=7).blocks[-1]["elements"]

    assert "Show evidence" in words(shown)
    assert "evidence_show" not in words(bare)


def test_a_command_is_said_as_slack_has_it() -> None:
    """Nobody types the program's own name there."""
    made = answer(diagnosis(steps=("Run fivefifty check example.org: it tells.",)), ticket=7)

    assert "Run /bounce check example.org: it tells." in words(made.blocks)
    assert "First step: Run /bounce check example.org" in made.text
    assert "fivefifty" not in words(made.blocks) + made.text


def test_without_a_ticket_there_are_no_buttons() -> None:
    """Nothing could be done with them."""
    assert all(block["type"] != "actions" for block in answer(diagnosis()).blocks)


@pytest.mark.parametrize(
    ("outcome", "start"),
    [
        (Outcome.FOUND, "Found: "),
        (Outcome.ABSENT, "Not there: "),
        (Outcome.UNANSWERED, "Could not check: "),
        (Outcome.SKIPPED, "Not checked: "),
    ],
)
def test_no_answer_is_never_told_as_absence(outcome: Outcome, start: str) -> None:
    """Four outcomes, four words."""
    assert evidence_line(found(outcome, "MX of example.org")).startswith(start)


def test_a_question_with_its_answer_stands_alone() -> None:
    """ "Not there: Is it a mail server? No" would be read twice."""
    line = evidence_line(found(Outcome.ABSENT, "Is mx.example.org a mail server of example.org? No."))

    assert line == "Is mx.example.org a mail server of example.org? No."


def test_a_question_without_an_answer_says_that_it_could_not_be_checked() -> None:
    """No answer is never told as one."""
    line = evidence_line(found(Outcome.UNANSWERED, "Is mx.example.org a mail server of example.org? timeout"))

    assert line.startswith("Could not check: ")


def test_the_reason_for_no_answer_is_told() -> None:
    """A timeout is something else than a refusal."""
    assert "(timeout)" in evidence_line(found(Outcome.UNANSWERED, "MX of example.org", reason="timeout"))


def test_while_looking_up_it_says_so() -> None:
    """And not before or after."""
    assert "Looking up" in words(answer(diagnosis(), looking_up=True).blocks)
    assert "Looking up" not in words(answer(diagnosis(evidence=(found(),))).blocks)


def test_every_failed_recipient_is_named_with_its_cause() -> None:
    """In the words of the knowledge base."""
    other = result(cause="mailbox-full", facts=Facts(recipient="other@example.org"))
    made = answer(diagnosis(results=(result(), other)), titles={"mailbox-full": "The mailbox is full"})

    assert "2 recipients failed, for several reasons" in words(made.blocks)
    assert "someone@example.org: no-such-user" in words(made.blocks)
    assert "other@example.org: The mailbox is full" in words(made.blocks)
    assert "2 recipients failed." in made.text


def test_an_unknown_cause_accuses_nobody() -> None:
    """Its party is nobody, but that does not mean that nobody has to act."""
    unknown = result(cause="unknown", family="none", party=Party.NOBODY)

    assert who_acts(diagnosis(results=(unknown,))) == "not clear from this text"


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (1.0, "almost certain"),
        (0.9, "very likely"),
        (0.7, "likely"),
        (0.5, "a fair guess"),
        (0.1, "only a guess"),
    ],
)
def test_confidence_is_told_in_words(confidence: float, said: str) -> None:
    """Percentages are for the evidence."""
    assert confidence_words(confidence).startswith(said)


def test_an_unsure_answer_names_what_else_it_may_be() -> None:
    """A sure one does not."""
    alternatives = (("mailbox-disabled", 0.3),)
    unsure = diagnosis(results=(result(confidence=0.5, alternatives=alternatives),))
    sure = diagnosis(results=(result(alternatives=alternatives),))

    assert "mailbox-disabled" in words(answer(unsure).blocks)
    assert "mailbox-disabled" not in words(answer(sure).blocks)


nasty = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.sampled_from(
        ["", " ", "<!channel>", "<@U1>", "*b*", "&lt;", "\U0001f4e7" * 3000, "x" * 20_000, "\x00\ud800"]
    ),
)
answers = st.builds(
    Answer,
    question=st.builds(Question, check=nasty, subject=nasty),
    outcome=st.sampled_from(Outcome),
    detail=nasty,
    reason=st.none() | nasty,
)
facts = st.builds(
    Facts, recipient=st.none() | nasty, sending_ip=st.none() | nasty, provider=st.none() | nasty
)
results = st.builds(
    Result,
    cause=st.sampled_from(["no-such-user", "unknown", "mailbox-full"]),
    family=st.just("recipient"),
    party=st.sampled_from(Party),
    confidence=st.floats(0, 1),
    facts=facts,
    text=nasty,
    matched_text=nasty,
    alternatives=st.lists(st.tuples(st.just("mailbox-full"), st.floats(0, 1)), max_size=3).map(tuple),
    reasons=st.lists(nasty, max_size=60).map(tuple),
)
diagnoses = st.builds(
    Diagnosis,
    bounce=st.just(True),
    results=st.lists(results, min_size=1, max_size=60).map(tuple),
    title=nasty,
    summary=nasty,
    steps=st.lists(nasty, max_size=20).map(tuple),
    guide=st.none()
    | st.builds(
        Guide,
        title=nasty,
        clicks=st.lists(st.builds(Clicks, program=nasty, family=nasty, text=nasty), max_size=60).map(tuple),
    ),
    links=st.lists(st.builds(Link, title=nasty, url=st.just("https://example.org/x")), max_size=8).map(tuple),
    evidence=st.lists(answers, max_size=60).map(tuple),
    notices=st.lists(nasty, max_size=8).map(tuple),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(diagnoses, st.none() | st.integers(1, 10**9), st.booleans(), st.lists(nasty, max_size=8))
def test_slack_takes_any_answer(
    given_: Diagnosis, ticket: int | None, looking_up: bool, notes: list[str]
) -> None:
    """Whatever was pasted or came from DNS: within the limits, literal, and as UTF-8."""
    made = answer(given_, ticket=ticket, looking_up=looking_up, notes=notes)

    check_message_blocks(made.blocks)
    assert "mrkdwn" not in words(made.blocks)
    assert not {"<", ">"} & set(made.text)
    words(made.blocks).encode()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(diagnoses)
def test_slack_takes_any_evidence(given_: Diagnosis) -> None:
    """The window has its limits, too."""
    view = evidence_view(given_, 7)

    check_view(view)
    assert "mrkdwn" not in words(view)


def test_slack_takes_the_longest_answer() -> None:
    """Every part at its longest at once: all of them are made shorter."""
    long = "x" * 20_000
    worst = diagnosis(
        title=long,
        summary=long,
        steps=(long,) * 20,
        results=(result(facts=Facts(recipient=long), text=long, confidence=0.1),) * 60,
        evidence=(found(detail=long),) * 60,
        notices=(long,) * 8,
        links=(Link(title=long, url="https://example.org/" + "x" * 2900),) * 8,
    )
    made = answer(worst, ticket=10**9, notes=[long] * 8, titles={"no-such-user": long})

    check_message_blocks(made.blocks)
    assert made.blocks[-1]["type"] == "actions"

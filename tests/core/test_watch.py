"""What counts as a change, and what is only silence?"""

import pytest

from bot.core.model import Answer, Catalogue, Outcome, Question
from bot.core.watch import changes, merged

LISTY = {
    "id": "listy", "name": "Listy", "kind": "ip", "zone": "bl.listy.example", "ask": "default", "subjects": ["ipv4"],
    "match": "exact", "weight": "high", "listed": [{"code": "127.0.0.2", "list": "SPAM", "meaning": "spam source"}],
}  # fmt: skip
CATALOGUE = Catalogue(causes={}, variants=(), blocklists=(LISTY,))


def listed(outcome: Outcome, *codes: str) -> Answer:
    question = Question(check="blocklist", subject="203.0.113.9", about="bl.listy.example")
    return Answer(question=question, outcome=outcome, detail="", values=codes)


def mx(outcome: Outcome, reason: str | None = None, *hosts: str) -> Answer:
    return Answer(
        question=Question(check="mx", subject="our.example"),
        outcome=outcome,
        detail="",
        values=hosts,
        reason=reason,
    )


LISTED, CLEAN, SILENT = listed(Outcome.FOUND, "127.0.0.2"), listed(Outcome.ABSENT), listed(Outcome.UNANSWERED)


def test_a_delisting_is_a_change_for_the_better() -> None:
    """It says what it is now, and what it was."""
    (change,) = changes([LISTED], [CLEAN], CATALOGUE)

    assert (change.better, change.text, change.before) == (
        True,
        "Not on Listy.",
        "On Listy: SPAM: spam source.",
    )


def test_a_listing_is_a_change_for_the_worse_with_a_mend() -> None:
    """Somebody has to act."""
    (change,) = changes([CLEAN], [LISTED], CATALOGUE)

    assert not change.better
    assert change.fix


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([LISTED], [LISTED], id="same"),
        pytest.param([LISTED], [SILENT], id="silence-is-no-delisting"),
        pytest.param([SILENT], [LISTED], id="nothing-known-before"),
        pytest.param([], [LISTED], id="new-question"),
        pytest.param([LISTED], [], id="gone-question"),
        pytest.param([mx(Outcome.FOUND, None, "a.our.example")], [mx(Outcome.FOUND, None, "b.our.example")], id="other-host"),
    ],
)  # fmt: skip
def test_no_change(before: list[Answer], after: list[Answer]) -> None:
    """Neither for the better nor for the worse."""
    assert changes(before, after, CATALOGUE) == ()


def test_the_worse_comes_first() -> None:
    """Two changes at once."""
    found = changes(
        [LISTED, mx(Outcome.FOUND, None, "a.our.example")], [CLEAN, mx(Outcome.ABSENT, "nxdomain")], CATALOGUE
    )

    assert [change.better for change in found] == [False, True]


def test_a_night_without_dns_hides_no_change() -> None:
    """What was known is kept until the next answer."""
    kept = merged([LISTED], [SILENT])
    (change,) = changes(kept, [CLEAN], CATALOGUE)

    assert change.better


def test_a_new_answer_takes_the_place_of_the_old() -> None:
    """And a question that never had an answer keeps its silence."""
    assert merged([LISTED], [CLEAN]) == (CLEAN,)
    assert merged([], [SILENT]) == (SILENT,)

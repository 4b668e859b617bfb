"""Single words: what a text's terms are, and what their weights come to."""

import pytest

from bot.core.model import WordModel
from bot.core.words import WordWeights, terms

MODEL = WordModel(
    causes=("full", "unknown", "gone"),
    terms={
        "always": ((0, 1, 2), (-0.5, 0.25, 0.1)),
        "quota": ((0,), (2.75,)),
        "user": ((1, 0), (1.5, -3.25)),
        "huge": ((0, 1), (10_000.0, -10_000.0)),
    },
)


def test_terms_keep_the_order_of_the_text() -> None:
    """Sums and ties come out the same in every process, whatever the seed of Python's hashes."""
    found = terms(["user", "unknown", "user"], "550", "5.1.1")

    assert found == [
        "always",
        "user",
        "unknown",
        "user unknown",
        "unknown user",
        "reply:550",
        "status:5.1.1",
        "status:.1.1",
    ]


@pytest.mark.parametrize(
    ("found", "totals"),
    [
        ([], [0.0, 0.0]),
        (["always", "nobody", "knows"], [-0.5, 0.25]),
        (["always", "quota"], [2.25, 0.25]),
        (["always", "user", "quota"], [-1.0, 1.75]),
        (["user", "user"], [-6.5, 3.0]),
        (["huge", "always"], [9_999.5, -9_999.75]),
    ],
    ids=["nothing", "unknown terms", "a sum", "a negative sum", "twice", "far from zero"],
)
def test_weights_add_up_for_each_cause(found: list[str], totals: list[float]) -> None:
    """Totals are exact and do not run into each other, and a cause that is no longer there is left out."""
    weights = WordWeights(MODEL, ("full", "unknown"))

    assert weights.totals(found) == totals


def test_totals_come_in_the_order_asked_for() -> None:
    """The model's causes may stand in another order, or be fewer."""
    weights = WordWeights(MODEL, ("gone", "new", "full"))

    assert weights.totals(["always"]) == [0.1, 0.0, -0.5]

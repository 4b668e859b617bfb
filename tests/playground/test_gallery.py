"""The playground's examples are what they claim to be."""

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.model import NOT_A_BOUNCE
from bot.diagnose import Diagnoser
from bot.playground.gallery import Example, gallery


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize("example", gallery(), ids=lambda example: example.cause)
def test_an_example_has_the_cause_it_is_there_for(example: Example, diagnoser: Diagnoser) -> None:
    """From the text alone, as the first answer in the thread."""
    first = diagnoser.first(diagnoser.read(example.text)).first
    found = NOT_A_BOUNCE if first is None else first.cause

    assert found == example.cause


def test_there_are_twelve_causes_of_every_family(diagnoser: Diagnoser) -> None:
    """Twelve bounces, no cause twice, no family left out, and one text that is no bounce."""
    causes = [example.cause for example in gallery()]
    families = {example.family for example in gallery()}

    assert len(causes) == len(set(causes)) == 13
    assert families == {cause.family for cause in load_catalogue().causes.values()}

"""Which rules speak before anything was looked up?"""

from bot.catalogue.load import load_catalogue
from bot.core.evidence import RULES, TEXT_RULES, Case, weigh
from bot.core.model import Variant
from bot.diagnose import Diagnoser

CATALOGUE = load_catalogue()
DIAGNOSER = Diagnoser(CATALOGUE)


def cases(variants: tuple[Variant, ...]) -> list[Case]:
    return [
        Case(rejection=rejection, match=match, answers=(), catalogue=CATALOGUE)
        for variant in variants
        for reading in [DIAGNOSER.read(variant.example)]
        for rejection, match in zip(reading.parsed.rejections, reading.matches, strict=True)
    ]


def test_no_other_rule_speaks_without_an_answer() -> None:
    """Those are left out when nothing was asked, so none of them may have something to say."""
    sample = cases(CATALOGUE.variants[::7])
    spoken = {rule.__name__ for case in sample for rule in RULES if rule(case) is not None}

    assert len(sample) > 1000
    assert spoken
    assert spoken <= {rule.__name__ for rule in TEXT_RULES}


def test_a_list_that_the_text_names_is_said_at_once() -> None:
    """The first answer has the way off the list."""
    reading = DIAGNOSER.read("554 5.7.1 Client host [192.0.2.9] blocked using zen.spamhaus.org")
    verdict = weigh(reading.parsed.rejections[0], reading.matches[0], (), CATALOGUE)

    assert any("spamhaus" in link.url for link in verdict.links)

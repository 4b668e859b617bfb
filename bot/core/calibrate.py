"""How do several signals become one calibrated confidence?

A cause's score is a weighted sum of its signals; a softmax over all causes gives probabilities.
The weights are fitted by benchmarks/fit.py from labelled texts, with each text's own variant left
out, so that a probability of 0.9 is right nine times in ten on texts that nobody has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEATURES = ("phrase", "phrase_share", "exact", "fuzzy", "beaten", "words", "status", "reply")
"""The signals, in the order of a Weights. The first five only few causes have; the others are for all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """One weight a signal. A cause's score is the weighted sum; only differences between causes have a meaning."""

    phrase: float
    phrase_share: float
    exact: float
    fuzzy: float
    beaten: float
    words: float
    status: float
    reply: float

    def special(self, row: Sequence[float]) -> float:
        """The part of a score that comes from the first five signals of ``row``."""
        phrase, phrase_share, exact, fuzzy, beaten, *_ = row
        return (
            self.phrase * phrase
            + self.phrase_share * phrase_share
            + self.exact * exact
            + self.fuzzy * fuzzy
            + self.beaten * beaten
        )


WEIGHTS = Weights(
    phrase=0.432,
    phrase_share=0.418,
    exact=0.971,
    fuzzy=1.646,
    beaten=-1.517,
    words=1.119,
    status=0.291,
    reply=0.165,
)

"""How do several signals become one calibrated confidence?

A cause's score is a weighted sum of its signals; a softmax over all causes gives probabilities.
The weights are fitted by benchmarks/fit.py from labelled texts, with each text's own variant left
out, so that a probability of 0.9 is right nine times in ten on texts that nobody has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

FEATURES = ("phrase", "phrase_share", "exact", "fuzzy", "words", "status", "reply", "beaten")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """One weight a signal, in the order of FEATURES."""

    signals: tuple[float, ...]

    def score(self, row: Sequence[float]) -> float:
        """The score of one cause: only differences between causes have a meaning. No signal gives 0."""
        return float(sum(map(mul, self.signals, row)))


WEIGHTS = Weights(signals=(1.5, 1.5, 3.0, 3.0, 0.25, 0.5, 0.3, -2.5))

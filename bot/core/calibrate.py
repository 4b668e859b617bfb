"""How do several signals become one calibrated confidence?

A cause's score is a weighted sum of its signals; a softmax over all causes gives probabilities.
The weights are fitted by benchmarks/fit.py from labelled texts, with each text's own variant left
out, so that a probability of 0.9 is right nine times in ten on texts that nobody has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEATURES = ("phrase", "phrase_share", "exact", "fuzzy", "words", "status", "reply", "beaten")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """One weight a signal, in the order of FEATURES, and one number a cause for how common it is."""

    signals: tuple[float, ...]
    bias: tuple[tuple[str, float], ...] = ()

    def score(self, cause: str, row: Sequence[float]) -> float:
        """The score of one cause: only differences between causes have a meaning."""
        value = sum(weight * signal for weight, signal in zip(self.signals, row, strict=True))
        for slug, bias in self.bias:
            if slug == cause:
                return value + bias
        return value


WEIGHTS = Weights(signals=(1.5, 1.5, 3.0, 3.0, 0.25, 0.5, 0.3, -2.5))

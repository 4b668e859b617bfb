"""How much do the single words of a text speak for each cause?

The word model (knowledge/words.json) gives each term a weight in nats for some causes; a cause's total
is the sum over the terms of the text.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from struct import Struct

from bot.core.model import WordModel

MAX_TERMS = 160
"""Words that are looked at: the first ones tell the reason, the rest is advice."""
STEPS = 20
"""What the file of the word model counts weights in: twentieths of a nat."""
ALWAYS = "always"
"""The term of every text: it holds how common a cause is."""

# A term's weights for all causes are packed into one whole number, with a field of 32 bits for each cause. One
# addition of two such numbers then adds the weights of all causes, which is ten times as fast as a loop. Weights
# have two decimals, so these sums are exact; a field holds 20,000 nats, and MAX_TERMS terms stay far below that.
_BITS = 32
_SCALE = 100_000
_MIDDLE = 1 << (_BITS - 1)
"""What stands for zero in a field: totals may be negative, fields may not."""


def terms(words: Sequence[str], reply: str | None, status: str | None) -> list[str]:
    """What the word model looks at: words, neighbouring pairs, and the codes (status with and without its class).

    Each once, in the order of the text.
    """
    kept = [word for word in words if word != "<any>"][:MAX_TERMS]
    found = [ALWAYS, *kept, *(f"{first} {second}" for first, second in pairwise(kept))]
    if reply is not None:
        found.append(f"reply:{reply}")
    if status is not None:
        found += (f"status:{status}", f"status:{status[1:]}")
    return list(dict.fromkeys(found))


class WordWeights:
    """A word model, ready for the sums over many texts. ``causes`` gives the order of the totals."""

    def __init__(self, model: WordModel, causes: Sequence[str]) -> None:
        self._model = model.terms
        place = {cause: place for place, cause in enumerate(causes)}
        self._shifts = [_BITS * place[cause] if cause in place else None for cause in model.causes]
        self._fields = Struct(f"<{len(causes)}I")
        self._zero = sum(_MIDDLE << (_BITS * place) for place in range(len(causes)))
        self._packed: dict[str, int] = {}
        """The weights of the terms that texts had so far."""

    def totals(self, terms: Iterable[str]) -> list[float]:
        """The sum of the weights of ``terms``, in nats, for each cause in order."""
        model, packed = self._model, self._packed
        total = self._zero
        for term in terms:
            if term in model:
                weights = packed.get(term)
                total += self._pack(term) if weights is None else weights
        return [
            (field - _MIDDLE) / _SCALE
            for field in self._fields.unpack(total.to_bytes(self._fields.size, "little"))
        ]

    def _pack(self, term: str) -> int:
        packed = 0
        for place, weight in zip(*self._model[term], strict=True):
            shift = self._shifts[place]
            if shift is not None:
                packed += round(weight * _SCALE) << shift
        self._packed[term] = packed
        return packed

"""Fit the weights of bot/core/calibrate.py, reproducibly.

Usage: python benchmarks/fit.py [CORPUS_FOLDER] [--write]

Training rows are the knowledge base's own examples, each matched with the variants of its own source
left out (else every text would be known word for word), and the labelled replies of CORPUS_FOLDER.
The loss is the log loss of a softmax over causes, with a small pull towards the starting weights;
the minimum is found by gradient descent with a fixed number of steps, so that the same input gives
the same weights. Prints the weights; ``--write`` puts them into bot/core/calibrate.py.
"""

import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.catalogue.load import load_catalogue
from bot.core import calibrate
from bot.core.calibrate import FEATURES, Weights
from bot.core.match import Index, Signals, split_codes
from bot.core.model import Catalogue, Facts, Frame, Rejection

STEPS = 400
RATE = 0.3
PULL = 0.002
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text: the signals of each cause, and the causes that are right."""

    signals: tuple[tuple[str, tuple[float, ...]], ...]
    accept: frozenset[str]
    weight: float


def main() -> int:
    catalogue = load_catalogue()
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    rows = list(_own_examples(catalogue))
    if arguments:
        rows += list(_corpus(Path(arguments[0]), catalogue))
    causes = tuple(catalogue.causes)
    weights = fit(rows, causes, calibrate.WEIGHTS)
    print("loss before", round(loss(rows, causes, calibrate.WEIGHTS), 4), "after", round(loss(rows, causes, weights), 4))
    for name, value in zip(FEATURES, weights.signals, strict=True):
        print(f"{name:14} {value:.3f}")
    if "--write" in sys.argv:
        _write(weights)
    return 0


def fit(rows: Sequence[Row], causes: Sequence[str], start: Weights) -> Weights:
    """The weights with the smallest loss near ``start``. No weight changes its sign."""
    signals = list(start.signals)
    signs = [1 if value >= 0 else -1 for value in signals]
    for step in range(STEPS):
        gradient = [0.0] * len(signals)
        total = 0.0
        for row in rows:
            probabilities = _probabilities(row, causes, signals)
            right = sum(probabilities[cause] for cause in row.accept if cause in probabilities)
            total += row.weight
            for cause, values in row.signals:
                chance = probabilities[cause]
                wanted = chance / right if cause in row.accept and right > 0 else 0.0
                error = (chance - wanted) * row.weight
                for place, value in enumerate(values):
                    if value:
                        gradient[place] += error * value
        rate = RATE / (1 + step / 100)
        for place in range(len(signals)):
            slope = gradient[place] / total + PULL * (signals[place] - start.signals[place])
            signals[place] -= rate * slope
            if signals[place] * signs[place] < 0.01:
                signals[place] = 0.01 * signs[place]
    return replace(start, signals=tuple(round(value, 3) for value in signals))


def loss(rows: Sequence[Row], causes: Sequence[str], weights: Weights) -> float:
    """The mean log loss."""
    value = total = 0.0
    for row in rows:
        probabilities = _probabilities(row, causes, weights.signals)
        right = sum(probabilities.get(cause, 0.0) for cause in row.accept)
        value -= math.log(max(right, 1e-9)) * row.weight
        total += row.weight
    return value / total


def _probabilities(row: Row, causes: Sequence[str], signals: Sequence[float]) -> dict[str, float]:
    scores = dict.fromkeys(causes, 0.0)
    for cause, values in row.signals:
        scores[cause] = sum(weight * value for weight, value in zip(signals, values, strict=True))
    top = max(scores.values())
    powers = {cause: math.exp(score - top) for cause, score in scores.items()}
    total = sum(powers.values())
    return {cause: power / total for cause, power in powers.items()}


def _own_examples(catalogue: Catalogue) -> Iterable[Row]:
    """Each example, matched by an index without its fold: folds are by provider and source."""
    folds: dict[str, int] = {}
    groups: dict[int, list[int]] = defaultdict(list)
    for place, variant in enumerate(catalogue.variants):
        key = f"{variant.provider}"
        fold = folds.setdefault(key, len(folds) % FOLDS) if variant.provider else place % FOLDS
        groups[fold].append(place)
    for places in groups.values():
        out = set(places)
        kept = tuple(variant for place, variant in enumerate(catalogue.variants) if place not in out)
        index = Index(replace(catalogue, variants=kept))
        for place in places:
            variant = catalogue.variants[place]
            yield _row(index, variant.example, (variant.cause,), 0.5)


def _corpus(folder: Path, catalogue: Catalogue) -> Iterable[Row]:
    index = Index(catalogue)
    for line in (folder / "replies-dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield _row(index, row["text"], row["accept"], 1.0)


def _row(index: Index, text: str, accept: Sequence[str], weight: float) -> Row:
    reply, status, _ = split_codes(text)
    rejection = Rejection(text=text, facts=Facts(reply=reply, status=status), frame=Frame.REPLY)
    signals: dict[str, Signals] = index.signals(rejection)
    return Row(
        tuple((cause, signal.row()) for cause, signal in signals.items()), frozenset(accept), weight
    )


def _write(weights: Weights) -> None:
    path = Path(calibrate.__file__)
    numbers = ", ".join(str(value) for value in weights.signals)
    text = re.sub(r"WEIGHTS = Weights\(.*\)\n", f"WEIGHTS = Weights(signals=({numbers}))\n", path.read_text("utf-8"))
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())

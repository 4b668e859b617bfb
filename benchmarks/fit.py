"""Fit the word model (knowledge/words.json) and the weights of bot/core/calibrate.py, reproducibly.

Usage: python benchmarks/fit.py CORPUS_FOLDER [--write] [--errors]    (``make fit`` installs what it needs)

Training texts are the knowledge base's own variants and examples, and the labelled replies, mails and
pastes of CORPUS_FOLDER. The word model is a logistic regression over words, pairs of words and codes; only terms
that the knowledge base itself uses are kept, so no text of the corpus gets into the repository.

The weights that join the signals must be fitted on texts that neither the variants nor the word model
have seen: the texts are split into folds (the knowledge base by provider, so that a source's own style
is unseen too), each fold is scored by an index and a word model made from the others, and the weights
are those with the smallest log loss there. Prints accuracy, log loss and calibration on the unseen folds.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bot.catalogue.load import load_catalogue
from bot.core import calibrate
from bot.core.calibrate import FEATURES
from bot.core.match import Index, split_codes, words_of
from bot.core.model import NOT_A_BOUNCE, Catalogue, WordModel
from bot.core.parse import parse
from bot.core.words import ALWAYS, STEPS, terms
from bot.data import data_folder

FILES = ("replies-dev.jsonl", "emails-dev.jsonl", "pastes-dev.jsonl")
FOLDS = 6
REGULARISATION = 3.0
"""The inverse strength of the pull of word weights to zero: the best of 0.3, 1, 3, 10 on unseen folds."""
SMALLEST = 0.14
"""Word weights nearer to zero are left out."""
PULL = 0.03
START = (0.6, 0.5, 1.0, 1.5, -1.5, 0.9, 0.2, 0.1)
"""Where the search for the weights begins, and what PULL pulls to: the same input gives the same weights."""


@dataclass(frozen=True)
class Text:
    """One labelled text."""

    text: str
    accept: tuple[str, ...]
    fold: int
    file: str = ""
    """Of the corpus; empty for an example of the knowledge base."""
    reply: str | None = None
    status: str | None = None
    """The codes that the report gives beside the text."""

    @property
    def corpus(self) -> bool:
        return bool(self.file)

    @property
    def weight(self) -> float:
        """A text of the corpus counts whole; those of the knowledge base are many and not as frequent in life."""
        return 1.0 if self.corpus else 0.1


def main() -> int:
    catalogue = load_catalogue()
    folder = Path(sys.argv[1])
    causes = tuple(catalogue.causes)
    texts = _texts(catalogue, folder)
    signals = unseen_signals(catalogue, texts)
    accept = np.array([[cause in text.accept for cause in causes] for text in texts], float)
    weight = np.array([text.weight for text in texts])
    start = np.array(START)
    fitted = minimize(_loss, start, args=(signals, accept, weight, start), jac=True).x.round(3)
    file = np.array([text.file for text in texts])
    parts = [("corpus, word model unseen", file != ""), *((f"  {name}", file == name) for name in FILES)]
    for name, which in (*parts, ("own examples, source unseen", file == "")):
        print(f"{name:30} {_report(fitted, signals[which], accept[which])}")
    if "--errors" in sys.argv:
        _print_errors(texts, causes, _chances(fitted, signals), accept)
    for name, value in zip(FEATURES, fitted, strict=True):
        print(f"{name:14} {value:7.3f}")
    if "--write" in sys.argv:
        _write(catalogue, texts, causes, fitted)
    return 0


def unseen_signals(catalogue: Catalogue, texts: Sequence[Text]) -> Any:
    """The signals of each text from an index and a word model that have not seen it: texts × causes × features."""
    causes = tuple(catalogue.causes)
    result = np.zeros((len(texts), len(causes), len(FEATURES)))
    for fold in range(FOLDS):
        seen = [text for text in texts if text.fold != fold]
        known = replace(
            catalogue,
            variants=tuple(
                v for place, v in enumerate(catalogue.variants) if _fold(v.provider, place) != fold
            ),
        )
        # Texts of the corpus are matched with the whole knowledge base, which was written without them.
        indices = {
            corpus: Index(replace(base, words=word_model(base, seen)))
            for corpus, base in ((False, known), (True, catalogue))
        }
        for place, text in enumerate(texts):
            if text.fold == fold:
                for cause, signal in indices[text.corpus].signals(text.text, text.reply, text.status).items():
                    result[place, causes.index(cause)] = signal.row()
    return result


def word_model(catalogue: Catalogue, texts: Sequence[Text]) -> WordModel:
    """For each term the causes it speaks for or against, with its weight."""
    literal = Index(catalogue).literal
    own = set[str]()
    features: list[dict[str, float]] = []
    labels: list[str] = []
    weights: list[float] = []
    for variant in catalogue.variants:
        for text in (variant.text, variant.example):
            found = _features(Text(text, (variant.cause,), 0), literal)
            own.update(found)
            features.append(found)
            labels.append(variant.cause)
            weights.append(1.0)
    for text in texts:
        if text.corpus:
            features.append(_features(text, literal))
            labels.append(text.accept[0])
            weights.append(1.5)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{term: 1.0 for term in found if term in own and term != ALWAYS} for found in features]
    )
    model = LogisticRegression(C=REGULARISATION, max_iter=1000).fit(matrix, labels, sample_weight=weights)
    names = vectorizer.get_feature_names_out()
    causes = tuple(str(cause) for cause in model.classes_)
    found_terms: dict[str, tuple[list[int], list[float]]] = {}
    for place, term in enumerate(names):
        column = model.coef_[:, place]
        places = [int(number) for number in np.flatnonzero(np.abs(column) >= SMALLEST)]
        if places:
            found_terms[str(term)] = (places, [round(float(column[number]), 2) for number in places])
    found_terms[ALWAYS] = (list(range(len(causes))), [round(float(weight), 2) for weight in model.intercept_])
    return WordModel(causes=causes, terms=found_terms)


def _features(text: Text, literal: frozenset[str]) -> dict[str, float]:
    reply, status, rest = split_codes(text.text)
    return dict.fromkeys(terms(words_of(rest, literal), reply or text.reply, status or text.status), 1.0)


def _texts(catalogue: Catalogue, folder: Path) -> list[Text]:
    texts = [
        Text(variant.example, (variant.cause,), _fold(variant.provider, place))
        for place, variant in enumerate(catalogue.variants)
    ]
    for file in FILES:
        lines = (folder / file).read_text("utf-8").splitlines()
        for place, row in enumerate(map(json.loads, lines)):
            texts.extend(_labelled(row, folder / file, place % FOLDS, catalogue))
    return texts


def _labelled(row: Mapping[str, Any], path: Path, fold: int, catalogue: Catalogue) -> Iterator[Text]:
    """The texts of one row of the corpus, as the parser gives them to matching, with their labels."""
    labels = row.get("recipients") or [row]
    parsed = parse((path.parent / row["file"]).read_bytes() if "file" in row else row["text"], catalogue)
    for place, label in enumerate(labels):
        if label["cause"] == NOT_A_BOUNCE:
            continue
        wanted = (label.get("recipient") or "").lower()
        own = [rejection for rejection in parsed.rejections if wanted and rejection.facts.recipient == wanted]
        chosen = (
            own[0]
            if own
            else parsed.rejections[min(place, len(parsed.rejections) - 1)]
            if parsed.rejections
            else None
        )
        accept = (label["cause"], *(cause for cause in label["accept"] if cause != label["cause"]))
        if chosen is None:
            yield Text(str(label.get("diagnostic") or row.get("text", "")), accept, fold, path.name)
        else:
            yield Text(chosen.text, accept, fold, path.name, chosen.facts.reply, chosen.facts.status)


def _fold(provider: str | None, place: int) -> int:
    return sum(provider.encode()) % FOLDS if provider else place % FOLDS


def _loss(weights: Any, signals: Any, accept: Any, weight: Any, start: Any) -> tuple[float, Any]:
    chances = _chances(weights, signals)
    right = (chances * accept).sum(1) + 1e-12
    wanted = chances * accept / right[:, None]
    gradient = np.einsum("nc,ncf,n->f", chances - wanted, signals, weight) / weight.sum()
    value = -(np.log(right) * weight).sum() / weight.sum()
    return value + PULL * ((weights - start) ** 2).sum(), gradient + 2 * PULL * (weights - start)


def _chances(weights: Any, signals: Any) -> Any:
    scores = signals @ weights
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _report(weights: Any, signals: Any, accept: Any) -> str:
    chances = _chances(weights, signals)
    best = chances.argmax(1)
    right = accept[np.arange(len(best)), best]
    sure = chances.max(1)
    bins = np.minimum((sure * 10).astype(int), 9)
    error = sum(
        abs(sure[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean()
        for place in range(10)
        if (bins == place).any()
    )
    loss = -np.log((chances * accept).sum(1) + 1e-12).mean()
    return f"texts {len(best)}  right {right.mean():.3f}  log loss {loss:.3f}  calibration error {error:.3f}"


def _print_errors(order: Sequence[Text], causes: Sequence[str], chances: Any, accept: Any) -> None:
    for text, chance, right in zip(order, chances, accept, strict=True):
        best = int(chance.argmax())
        if text.corpus and not right[best]:
            print(f"{text.accept[0]:20} taken for {causes[best]:20} {chance[best]:.2f}  {text.text[:150]!r}")


def _write(
    catalogue: Catalogue, texts: Sequence[Text], causes: Sequence[str], fitted: Sequence[float]
) -> None:
    model = word_model(catalogue, texts)
    place = {cause: number for number, cause in enumerate(causes)}
    # In the order of the knowledge base's causes, so that the program can use the file as it stands; the weights in
    # steps, so that the file stays under a megabyte.
    value = {
        "causes": list(causes),
        "terms": {
            term: [
                [place[model.causes[old]] for old in places],
                [round(weight * STEPS) for weight in weights],
            ]
            for term, (places, weights) in sorted(model.terms.items())
        },
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace(']],"', ']],\n"')
    (data_folder("knowledge") / "words.json").write_text(text + "\n", "utf-8")
    path = Path(calibrate.__file__)
    numbers = "".join(f"\n    {name}={value:g}," for name, value in zip(FEATURES, fitted, strict=True))
    path.write_text(
        re.sub(r"WEIGHTS = Weights\([^)]*\)\n", f"WEIGHTS = Weights({numbers}\n)\n", path.read_text("utf-8")),
        "utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())

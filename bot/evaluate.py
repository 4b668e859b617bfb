"""How often is fivefifty right on a labelled corpus, how honest is its confidence, how fast is it?

Rows are those of three kinds of files: single replies ``{"id", "text", "cause", "accept"}``, whole
mails ``{"id", "file", "recipients": [{"recipient", "cause", "accept"}]}`` and pastes ``{"id", "text",
"bounce", "cause", "accept", "facts"}``. An answer in ``accept`` is right; a missing answer is wrong.
Accuracy is over items: recipients for mails. A row that cannot be used is told with its line; the rest count.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.core.errors import InputError
from bot.core.model import NOT_A_BOUNCE, Catalogue, Diagnosis
from bot.diagnose import Diagnoser


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One labelled item and the answer to it."""

    id: str
    text: str
    cause: str
    accept: tuple[str, ...]
    answer: str
    confidence: float
    provider: str
    variant: str | None
    bounce: bool
    answered_bounce: bool
    facts: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Each labelled fact: what was expected and what was found."""

    @property
    def right(self) -> bool:
        return self.answer in self.accept


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that cannot be used."""

    line: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The measure of one corpus."""

    items: tuple[Item, ...]
    rows: int
    """That were diagnosed."""
    seconds: float
    families: Mapping[str, str]
    bad: tuple[BadRow, ...] = ()

    @property
    def accuracy(self) -> float:
        return _share(item.right for item in self.items)

    @property
    def family_accuracy(self) -> float:
        return _share(
            # An answer that is missing is in no family; a label that nobody knows is only itself.
            item.right
            or (
                item.answer in self.families
                and self.families[item.answer] in {self.families.get(cause) for cause in item.accept}
            )
            for item in self.items
        )

    @property
    def macro_recall(self) -> float:
        """The mean over causes of the share of their items that are right."""
        per_cause = self.per_cause()
        return (
            sum(right / total for right, total in per_cause.values()) / len(per_cause) if per_cause else 0.0
        )

    def per_cause(self) -> dict[str, tuple[int, int]]:
        return _table((item.cause, item.right) for item in self.items)

    def per_provider(self) -> dict[str, tuple[int, int]]:
        return _table((item.provider or "-", item.right) for item in self.items)

    def detection(self) -> dict[str, float]:
        """Of what is called a bounce how much is one (precision), of all bounces how many are found (recall)."""
        both = sum(item.bounce and item.answered_bounce for item in self.items)
        called = sum(item.answered_bounce for item in self.items)
        true = sum(item.bounce for item in self.items)
        return {
            "accuracy": _share(item.bounce == item.answered_bounce for item in self.items),
            "precision": both / called if called else 1.0,
            "recall": both / true if true else 1.0,
        }

    def per_fact(self) -> dict[str, tuple[int, int]]:
        return _table(
            (name, expected == found) for item in self.items for name, (expected, found) in item.facts.items()
        )

    def calibration(self) -> list[tuple[float, float, int]]:
        """For each tenth of confidence: mean confidence, share right, count."""
        bins: dict[int, list[Item]] = defaultdict(list)
        for item in self.items:
            bins[min(int(item.confidence * 10), 9)].append(item)
        return [
            (
                sum(item.confidence for item in bins[key]) / len(bins[key]),
                _share(item.right for item in bins[key]),
                len(bins[key]),
            )
            for key in sorted(bins)
        ]

    @property
    def calibration_error(self) -> float:
        """The expected calibration error over ten bins."""
        total = len(self.items) or 1
        return sum(count * abs(mean - share) for mean, share, count in self.calibration()) / total

    def confusions(self) -> list[tuple[str, str, int]]:
        wrong = Counter((item.cause, item.answer) for item in self.items if not item.right)
        return [(cause, answer, count) for (cause, answer), count in wrong.most_common()]

    def as_json(self, errors: int = 0) -> dict[str, Any]:
        return {
            "items": len(self.items),
            "accuracy": round(self.accuracy, 4),
            "family_accuracy": round(self.family_accuracy, 4),
            "macro_recall": round(self.macro_recall, 4),
            "detection": {name: round(value, 4) for name, value in self.detection().items()},
            "calibration_error": round(self.calibration_error, 4),
            "per_second": round(self.rows / self.seconds, 1) if self.seconds else None,
            "facts": {name: round(right / total, 4) for name, (right, total) in self.per_fact().items()},
            "per_cause": {
                name: {"right": right, "total": total} for name, (right, total) in self.per_cause().items()
            },
            "per_provider": {
                name: {"right": right, "total": total} for name, (right, total) in self.per_provider().items()
            },
            "calibration": [
                {"confidence": round(mean, 3), "right": round(share, 3), "items": count}
                for mean, share, count in self.calibration()
            ],
            "confusions": [
                {"cause": cause, "answer": answer, "items": count}
                for cause, answer, count in self.confusions()
            ],
            "bad_rows": [{"line": row.line, "message": row.message} for row in self.bad],
            "errors": [
                {"id": item.id, "cause": item.cause, "answer": item.answer, "text": item.text[:300]}
                for item in self.wrong()[:errors]
            ],
        }

    def wrong(self) -> list[Item]:
        return [item for item in self.items if not item.right]


def evaluate(corpus: Path, catalogue: Catalogue) -> Report:
    """Diagnose every row of ``corpus`` offline. Raises InputError when there is no row that can be used."""
    diagnoser = Diagnoser(catalogue)
    rows: list[tuple[dict[str, Any], str | bytes]] = []
    bad: list[BadRow] = []
    for number, line in enumerate(_lines(corpus), 1):
        if line.strip():
            try:
                row = _row(line)
                rows.append((row, _input(row, corpus.parent)))
            except _Unusable as error:
                bad.append(BadRow(line=number, message=str(error)))
    if not rows:
        first = f"{corpus}:{bad[0].line}: {bad[0].message}" if bad else f"{corpus}: the file is empty"
        raise InputError(f"{first}; give a JSONL file of labelled rows")
    started = time.perf_counter()
    diagnoses = [diagnoser.first(diagnoser.read(data)) for _, data in rows]
    seconds = time.perf_counter() - started
    items = [
        item
        for (row, _), diagnosis in zip(rows, diagnoses, strict=True)
        for item in (_mail_items(row, diagnosis) if "recipients" in row else _text_items(row, diagnosis))
    ]
    families = {slug: cause.family for slug, cause in catalogue.causes.items()}
    return Report(items=tuple(items), rows=len(rows), seconds=seconds, families=families, bad=tuple(bad))


class _Unusable(Exception):
    """One row cannot be used."""


def _lines(corpus: Path) -> list[str]:
    try:
        # Not splitlines: a text within JSON may hold other signs that end a line, such as U+2028.
        return corpus.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(
            f"{corpus}: cannot be read: {error.strerror}; give a JSONL file of labelled rows"
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{corpus}: not UTF-8; give a JSONL file of labelled rows") from None


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise _Unusable("not JSON; each line is one labelled row") from None
    if not isinstance(row, dict):
        raise _Unusable("not an object; each line is one labelled row")
    labels = row.get("recipients", [row])
    if not isinstance(labels, list) or not all(isinstance(label, dict) for label in labels):
        raise _Unusable("recipients must be a list of objects")
    for label in labels:
        if not isinstance(label.get("cause"), str):
            raise _Unusable("no labelled row; it needs a cause, or recipients with causes")
        accept = label.get("accept") or []
        if not isinstance(accept, list) or not all(isinstance(cause, str) for cause in accept):
            raise _Unusable("accept must be a list of causes")
    if not isinstance(row.get("facts") or {}, dict):
        raise _Unusable("facts must be an object")
    if not isinstance(row.get("file", row.get("text")), str):
        raise _Unusable("it needs a text or a file")
    return row


def _input(row: Mapping[str, Any], folder: Path) -> str | bytes:
    if "file" not in row:
        return str(row["text"])
    try:
        return (folder / str(row["file"])).read_bytes()
    except OSError as error:
        raise _Unusable(f"{row['file']} cannot be read: {error.strerror}") from None
    except ValueError:
        raise _Unusable("the name of the file is none") from None


def _text_items(row: Mapping[str, Any], diagnosis: Diagnosis) -> list[Item]:
    first = diagnosis.first
    expected = row.get("facts") if row.get("bounce", True) else None
    found = asdict(first.facts) if first else {}
    return [
        Item(
            id=str(row.get("id", "")),
            text=str(row.get("text", "")),
            cause=row["cause"],
            accept=tuple(row.get("accept") or (row["cause"],)),
            answer=first.cause if first else NOT_A_BOUNCE,
            confidence=first.confidence if first else diagnosis.confidence,
            provider=str(row.get("provider") or (expected or {}).get("provider") or ""),
            variant=first.variant if first else None,
            bounce=row.get("bounce", row["cause"] != NOT_A_BOUNCE),
            answered_bounce=diagnosis.bounce,
            facts={name: (value, found.get(name)) for name, value in (expected or {}).items()},
        )
    ]


def _mail_items(row: Mapping[str, Any], diagnosis: Diagnosis) -> list[Item]:
    left = list(diagnosis.results)
    items = []
    for label in row["recipients"] or ({"cause": NOT_A_BOUNCE, "diagnostic": ""},):
        wanted = (label.get("recipient") or "").lower()
        chosen = next((result for result in left if result.facts.recipient == wanted), None)
        if chosen is None and left and (not wanted or len(row["recipients"]) == 1):
            chosen = left[0]
        if chosen is not None:
            left.remove(chosen)
        missing = diagnosis.bounce and chosen is None
        items.append(
            Item(
                id=str(row.get("id", "")),
                text=str(label.get("diagnostic", "")),
                cause=label["cause"],
                accept=tuple(label.get("accept") or (label["cause"],)),
                answer=chosen.cause if chosen else "(no answer)" if missing else NOT_A_BOUNCE,
                confidence=chosen.confidence if chosen else diagnosis.confidence,
                provider=(chosen.facts.provider or "") if chosen else "",
                variant=chosen.variant if chosen else None,
                bounce=label["cause"] != NOT_A_BOUNCE,
                answered_bounce=diagnosis.bounce,
                facts={
                    name: (
                        str(label[name] or "").lower() or None,
                        getattr(chosen.facts, name) if chosen else None,
                    )
                    for name in ("recipient", "reply", "status")
                    if name in label
                }
                if label["cause"] != NOT_A_BOUNCE
                else {},
            )
        )
    return items


def _share(values: Iterator[bool] | Sequence[bool] | Any) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0


def _table(pairs: Iterator[tuple[str, bool]] | Any) -> dict[str, tuple[int, int]]:
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, right in pairs:
        totals[name][0] += bool(right)
        totals[name][1] += 1
    return {name: (right, total) for name, (right, total) in sorted(totals.items())}

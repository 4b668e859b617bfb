"""Is accuracy on the labelled corpus still at or above its floors? The floors only ever rise.

Usage: python benchmarks/floors.py CORPUS_FOLDER [--raise]
``--raise`` writes today's figures, rounded down to a tenth of a per cent, where they are higher.
"""

import json
import math
import sys
from pathlib import Path

from bot.catalogue.load import load_catalogue
from bot.evaluate import Report, evaluate

FLOORS = Path(__file__).with_name("floors.json")


def main() -> int:
    folder = Path(sys.argv[1])
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    catalogue = load_catalogue()
    failed = False
    for name in ("replies-dev.jsonl", "emails-dev.jsonl", "pastes-dev.jsonl"):
        figures = _figures(evaluate(folder / name, catalogue))
        for figure, value in figures.items():
            floor = floors.get(name, {}).get(figure, 0.0)
            mark = "" if value >= floor else "   BELOW THE FLOOR"
            failed = failed or value < floor
            print(f"{name:20} {figure:12} {value:.3f}  floor {floor:.3f}{mark}")
            if "--raise" in sys.argv:
                floors.setdefault(name, {})[figure] = max(floor, math.floor(value * 1000) / 1000)
    if "--raise" in sys.argv:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n")
    return 1 if failed else 0


def _figures(report: Report) -> dict[str, float]:
    detection = report.detection()
    return {
        "cause": report.accuracy,
        "family": report.family_accuracy,
        "macro_recall": report.macro_recall,
        "precision": detection["precision"],
        "recall": detection["recall"],
    }


if __name__ == "__main__":
    sys.exit(main())

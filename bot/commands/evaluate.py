"""``fivefifty evaluate``: accuracy and speed on a labelled corpus."""

import json
import sys
from pathlib import Path

import click

from bot.catalogue.load import load_catalogue
from bot.commands.environment import settings
from bot.evaluate import Report
from bot.evaluate import evaluate as measure

_MOST_BAD = 20


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--errors", type=click.IntRange(0), default=0, metavar="N", help="Show the first N wrong answers."
)
@click.option("--time", "with_time", is_flag=True, help="Show messages per second.")
def evaluate(corpus: Path, as_json: bool, errors: int, with_time: bool) -> None:
    """Measure accuracy on CORPUS, a JSONL file of labelled replies, mails or pastes. Nothing is looked up."""
    report = measure(corpus, load_catalogue(settings().knowledge_dir))
    if as_json:
        click.echo(json.dumps(report.as_json(errors), ensure_ascii=False))
    else:
        _print(report, errors, with_time)
    for row in report.bad[:_MOST_BAD]:
        click.echo(f"fivefifty: {corpus}:{row.line}: {row.message}", err=True)
    if report.bad:
        left_out = "1 row was left out" if len(report.bad) == 1 else f"{len(report.bad)} rows were left out"
        click.echo(f"fivefifty: {left_out}", err=True)
        sys.exit(1)


def _print(report: Report, errors: int, with_time: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    detection = report.detection()
    console.print(
        f"items {len(report.items)}   cause {report.accuracy:.1%}   family {report.family_accuracy:.1%}   "
        f"macro recall {report.macro_recall:.1%}"
    )
    console.print(
        f"bounce or not {detection['accuracy']:.1%}   precision {detection['precision']:.1%}   "
        f"recall {detection['recall']:.1%}   calibration error {report.calibration_error:.3f}"
    )
    if with_time and report.seconds:
        console.print(f"{report.rows / report.seconds:,.0f} messages a second")
    facts = report.per_fact()
    if facts:
        console.print(
            "facts  " + "   ".join(f"{name} {right}/{total}" for name, (right, total) in facts.items())
        )
    for title, rows in (("cause", report.per_cause()), ("provider", report.per_provider())):
        table = Table(title=f"Right per {title}", box=None, title_justify="left")
        table.add_column(title)
        table.add_column("right", justify="right")
        table.add_column("of", justify="right")
        for name, (right, total) in rows.items():
            table.add_row(Text(name), str(right), str(total), style="" if right == total else "yellow")
        console.print(table)
    table = Table(title="Confidence", box=None, title_justify="left")
    for column in ("said", "was right", "items"):
        table.add_column(column, justify="right")
    for mean, share, count in report.calibration():
        table.add_row(f"{mean:.2f}", f"{share:.2f}", str(count))
    console.print(table)
    for cause, answer, count in report.confusions()[:20]:
        console.print(f"{count:3}  {cause} taken for {answer}", markup=False)
    for item in report.wrong()[:errors]:
        console.print(
            f"{item.id}  {item.cause} taken for {item.answer} ({item.confidence:.2f}, {item.variant}): "
            f"{item.text[:240]!r}",
            markup=False,
        )

"""``fivefifty check``: is it safe to send to this address, or from this domain or IP address?"""

import asyncio
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from bot.catalogue.load import load_catalogue
from bot.checkup import MAX_TARGETS, check_up
from bot.commands.environment import settings, standard_input
from bot.core.checkup import Grade, Line, Report
from bot.core.errors import InputError
from bot.core.evidence.recipient import provider_links
from bot.core.model import Answer, Catalogue
from bot.settings import Settings

MAX_LENGTH = 1000


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a row for each finding.")
@click.option(
    "--smtp",
    "knock",
    is_flag=True,
    help="Also connect to the mail servers (needs ALLOW_SMTP_PROBE=1). No mailbox is ever tried.",
)
def check(targets: tuple[str, ...], as_json: bool, as_csv: bool, knock: bool) -> None:
    """Check addresses, domains and IP addresses before sending.

    TARGET is an address, a domain or an IP address; "-" reads one a line from standard input. Exit code
    1 when one of them is bad or could not be checked.
    """
    current = settings()
    if as_json and as_csv:
        raise InputError("--json and --csv: choose one")
    if knock and not current.allow_smtp_probe:
        raise InputError("--smtp connects to mail servers: allow that with ALLOW_SMTP_PROBE=1")
    texts = _texts(targets)
    catalogue = load_catalogue(current.knowledge_dir)
    reports = asyncio.run(_check(texts, current, catalogue, knock=knock))
    if as_json:
        click.echo(
            json.dumps({"targets": [as_object(report, catalogue) for report in reports]}, ensure_ascii=False)
        )
    elif as_csv:
        _print_csv(reports)
    else:
        _print_table(reports, catalogue)
    sys.exit(0 if all(report.grade in (Grade.GOOD, Grade.WARNING) for report in reports) else 1)


def as_object(report: Report, catalogue: Catalogue) -> dict[str, Any]:
    """One report as JSON: verdicts are good, warning, unknown or bad."""
    provider = catalogue.providers.get(report.provider or "")
    links = provider_links(provider, removal=True) if provider else ()
    return {
        "target": report.target.text,
        "kind": report.target.kind,
        "verdict": report.grade.value,
        "provider": report.provider,
        "links": [{"title": link.title, "url": link.url} for link in links],
        "suggestion": report.suggestion,
        "findings": [
            {
                "check": line.check,
                "verdict": line.grade.value,
                "text": line.text,
                "fix": line.fix or None,
                "evidence": [_evidence(answer) for answer in line.evidence],
            }
            for line in report.lines
        ],
    }


async def _check(
    texts: Sequence[str], current: Settings, catalogue: Catalogue, *, knock: bool
) -> tuple[Report, ...]:
    # The resolver's libraries are loaded only when something is looked up: --help stays fast.
    from bot.lookups.asker import Asker

    asker = Asker.from_settings(current, catalogue)
    try:
        return await check_up(texts, asker, catalogue, smtp=knock)
    finally:
        await asker.close()


def _texts(targets: Iterable[str]) -> list[str]:
    texts: list[str] = []
    for target in targets:
        if target == "-":
            data = standard_input().read(MAX_TARGETS * MAX_LENGTH + 1).decode("utf-8", "replace")
            texts += [line.strip() for line in data.splitlines() if line.strip()]
        else:
            texts.append(target)
    if not texts:
        raise InputError("nothing to check: give an address, a domain or an IP address")
    if len(texts) > MAX_TARGETS:
        raise InputError(f"{len(texts)} targets are too many: at most {MAX_TARGETS} at once")
    too_long = next((number for number, text in enumerate(texts, 1) if len(text) > MAX_LENGTH), None)
    if too_long is not None:
        raise InputError(f"target {too_long} is longer than {MAX_LENGTH} characters: no address is")
    return texts


def _evidence(answer: Answer) -> dict[str, Any]:
    return {
        "check": answer.question.check,
        "subject": answer.question.subject,
        "outcome": answer.outcome.value,
        "detail": answer.detail,
        "seconds": answer.seconds,
    }


def _print_csv(reports: Iterable[Report]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(["target", "kind", "verdict", "check", "finding_verdict", "finding", "fix"])
    for report in reports:
        for line in report.lines:
            row = [report.target.text, report.target.kind, report.grade.value]
            writer.writerow(
                [_cell(text) for text in (*row, line.check, line.grade.value, line.text, line.fix)]
            )


def _cell(text: str) -> str:
    """A spreadsheet takes text that begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


_LOOKS = {
    Grade.GOOD: ("✓", "green", "fine"),
    Grade.WARNING: ("!", "yellow", "works, but look"),
    Grade.UNKNOWN: ("?", "magenta", "could not check"),
    Grade.BAD: ("✗", "red", "bad"),
}
_NAMES = {
    "mx": "mail servers",
    "ptr": "reverse DNS",
    "spf": "SPF",
    "dmarc": "DMARC",
    "dkim": "DKIM",
    "mta-sts": "TLS policy",
    "helo": "HELO name",
    "smtp": "connection",
}


def _print_table(reports: Sequence[Report], catalogue: Catalogue) -> None:
    # Rich is slow to import, and --json does without it.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Without a terminal the width is fixed, so that a file or a test reads the same everywhere.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    for report in reports:
        mark, colour, words = _LOOKS[report.grade]
        provider = catalogue.providers.get(report.provider or "")
        console.print(
            Text.assemble(
                (f"{mark} ", f"bold {colour}"),
                (_printable(report.target.text), "bold"),
                (f"  {words}", colour),
                (f"  mail at {provider.name}" if provider else "", "bright_black"),
            )
        )
        table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
        table.add_column(width=3, justify="right")
        table.add_column(width=13, style="bright_black")
        table.add_column(ratio=1)
        for line in _by_weight(report.lines):
            mark, colour, _ = _LOOKS[line.grade]
            said = Text(_printable(line.text))
            if line.fix:
                said.append("\n→ " + _printable(line.fix), style="cyan")
            table.add_row(Text(mark, style=colour), _NAMES.get(line.check, line.check), said)
        console.print(table)
        for link in provider_links(provider, removal=True) if provider else ():
            console.print(Text(f"  {link.title}: {link.url}", style="bright_black"), soft_wrap=True)
        console.print()


def _by_weight(lines: Iterable[Line]) -> list[Line]:
    """What needs a hand first, what is fine last."""
    order = (Grade.BAD, Grade.WARNING, Grade.UNKNOWN, Grade.GOOD)
    return sorted(lines, key=lambda line: order.index(line.grade))


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )

"""``fivefifty knowledge gaps``: the commonest wordings that were unknown or corrected."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.catalogue.load import load_catalogue
from bot.commands.candidates import documented, without_codes
from bot.commands.environment import settings
from bot.commands.tickets import open_store
from bot.core.model import NOT_A_BOUNCE, UNKNOWN
from bot.diagnose import Diagnoser
from bot.tickets.gaps import Gap, gaps

_MOST_WORDS = 600
"""Characters of a masked text that are printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    gap: Gap
    cause: str
    """What the knowledge base says of it today."""
    guess: str | None
    """The nearest cause where it says ``unknown``."""

    @property
    def settled(self) -> bool:
        """True when today's answer is the right one, as far as anybody has said."""
        if not self.gap.said:
            return self.cause != UNKNOWN
        most = self.gap.said[0][1]
        return any(cause == self.cause for cause, times in self.gap.said if times == most)


def print_gaps(team: str | None, most: int, *, everything: bool, as_json: bool) -> None:
    """Print the gaps of one workspace or of all. Those that today's knowledge base answers are left out."""
    found, settled = asyncio.run(_gather(team, most, everything=everything))
    if as_json:
        value = {"gaps": [_as_json(each) for each in found], "settled": settled}
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    if found:
        _print(found)
    click.echo(_said(found, settled, everything=everything), err=True)


async def _gather(team: str | None, most: int, *, everything: bool) -> tuple[list[_Judged], int]:
    diagnoser = Diagnoser(load_catalogue(settings().knowledge_dir))
    found: list[_Judged] = []
    settled = 0
    async with open_store() as store:
        async for gap in gaps(store.engine, (team,) if team else await store.teams()):
            judged = _judge(diagnoser, gap)
            settled += judged.settled
            if everything or not judged.settled:
                found.append(judged)
            if len(found) == most:
                break
    return found, settled


def _judge(diagnoser: Diagnoser, gap: Gap) -> _Judged:
    text = gap.text or " ".join((*gap.codes, documented(without_codes(gap.masked_text))))
    reading = diagnoser.read(text)
    if reading.matches:
        # The text came as a bounce; alone, without the mail around it, it may look like none.
        reading = replace(reading, bounce=True)
    first = diagnoser.first(reading).first
    if first is None:
        return _Judged(gap=gap, cause=NOT_A_BOUNCE, guess=None)
    guess = first.alternatives[0][0] if first.cause == UNKNOWN and first.alternatives else None
    return _Judged(gap=gap, cause=first.cause, guess=guess)


def _as_json(judged: _Judged) -> Mapping[str, Any]:
    gap = judged.gap
    return {
        "text": gap.masked_text[:_MOST_WORDS],
        "times": gap.times,
        "unknown": gap.unknown,
        "corrected": gap.corrected,
        "workspaces": gap.workspaces,
        "said": [{"cause": cause, "times": times} for cause, times in gap.said],
        "codes": list(gap.codes),
        "provider": gap.provider,
        "today": judged.cause,
        "guess": judged.guess,
        "settled": judged.settled,
        "last": gap.last.isoformat(),
    }


def _print(found: list[_Judged]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("Times", "Unknown", "Corrected"):
        table.add_column(name, justify="right")
    for name in ("Agents say", "Answer today", "Codes", "Provider", "Masked text"):
        table.add_column(name)
    for judged in found:
        gap = judged.gap
        said = ", ".join(cause if times == 1 else f"{cause} ({times})" for cause, times in gap.said[:3])
        today = f"{judged.cause} (near {judged.guess})" if judged.guess else judged.cause
        words = without_codes(gap.masked_text)
        row = (str(gap.times), str(gap.unknown), str(gap.corrected), said, today)
        table.add_row(
            *map(Text, row),
            Text(" ".join(gap.codes)),
            Text(gap.provider or ""),
            Text(words[:200] + ("…" if len(words) > 200 else "")),
        )
    console = Console(highlight=False)
    (console if console.is_terminal else Console(highlight=False, width=200)).print(table)


def _said(found: list[_Judged], settled: int, *, everything: bool) -> str:
    line = f"{len(found)} gap{'s' if len(found) > 1 else ''}." if found else "No gaps."
    if settled and not everything:
        line += f" {settled} that today's knowledge base answers are left out (--all shows them)."
    return line

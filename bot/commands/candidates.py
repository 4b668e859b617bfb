"""``fivefifty knowledge candidates``: what agents have corrected, as variants to review."""

import asyncio
import os
import re
from collections.abc import Mapping
from typing import Any

import click
import yaml

from bot.catalogue.load import load_catalogue
from bot.commands.tickets import open_store
from bot.core.model import Catalogue
from bot.settings import Settings
from bot.tickets.corrections import Candidate, candidates

_MOST_WORDS = 600


def print_candidates(team: str | None, confirmed: bool) -> None:
    """Print the corrections of one workspace or of all; those that a team has confirmed alone if wanted."""
    current = Settings.from_environment(os.environ)
    catalogue = load_catalogue(current.knowledge_dir)
    # What masking has left no words of cannot become a wording.
    found = [each for each in asyncio.run(_all(team, confirmed)) if _has_words(each.masked_text)]
    if not found:
        click.echo("No corrections.", err=True)
        return
    by_cause: dict[str, list[dict[str, Any]]] = {}
    for number, each in enumerate(found, 1):
        by_cause.setdefault(each.cause, []).append(entry(each, number, catalogue))
    click.echo(as_yaml(by_cause), nl=False)


def entry(candidate: Candidate, number: int, catalogue: Catalogue) -> dict[str, Any]:
    """One variant, as knowledge/README.md describes it."""
    words = without_codes(candidate.masked_text)[:_MOST_WORDS]
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"<[a-z]+>", " ", words)).strip("-")[:48].strip("-")
    codes = " ".join(candidate.codes)
    example = f"{codes} {documented(words)}".strip()
    made: dict[str, Any] = {"id": f"{slug or 'corrected'}-{number}"}
    if candidate.provider in catalogue.providers:
        made["provider"] = candidate.provider
    if candidate.codes:
        made["codes"] = list(candidate.codes)
    said = "; ".join(candidate.comments)
    times = "once" if candidate.times == 1 else f"{candidate.times} times"
    sure = ", confirmed" if candidate.confirmed else ""
    made["text"] = words
    made["source"] = f"corrected {times} by agents from {candidate.was}{sure}{': ' + said if said else ''}"[
        :500
    ]
    made["example"] = example[:2000]
    return made


def as_yaml(by_cause: Mapping[str, list[dict[str, Any]]]) -> str:
    """The entries as YAML, each cause with its ``variants``."""
    value = {cause: {"variants": entries} for cause, entries in by_cause.items()}
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)


def _has_words(masked_text: str) -> bool:
    return any(token.isalpha() for token in masked_text.split())


def without_codes(masked_text: str) -> str:
    """A masked text without the number slots in front: those are what masking has made of the codes."""
    while masked_text.startswith("<number> "):
        masked_text = masked_text.removeprefix("<number> ")
    return masked_text


def documented(words: str) -> str:
    """Masked words with names and addresses that are reserved for documentation in their slots."""
    slots = {
        "<address>": "jane@example.org",
        "<host>": "mail.example.org",
        "<ip>": "192.0.2.1",
        "<number>": "12345",
        "<any>": "something",
    }
    for slot, value in slots.items():
        words = words.replace(slot, value)
    return words


async def _all(team: str | None, confirmed: bool) -> list[Candidate]:
    async with open_store() as store:
        teams = (team,) if team else await store.teams()
        return [
            each
            for name in teams
            async for each in candidates(store.engine, name)
            if each.confirmed or not confirmed
        ]

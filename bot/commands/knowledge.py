"""``fivefifty knowledge``: look into the knowledge base and check it."""

import json
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.catalogue.load import load_catalogue
from bot.commands.environment import settings
from bot.core.errors import InputError
from bot.core.mask import mask
from bot.core.model import Catalogue, Reader, Step, Variant


@click.group()
def knowledge() -> None:
    """The knowledge base: causes and the wordings that say them."""


@knowledge.command("lint")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def lint_command(folder: Path | None) -> None:
    """Check every file: shape, ids, references, examples. FOLDER is laid over the built-in one (or KNOWLEDGE_DIR)."""
    from bot.catalogue.lint import lint, processors

    alone = threading.active_count() == 1
    findings = lint(
        folder or settings().knowledge_dir,
        today=datetime.now(UTC).date(),
        processes=processors() if alone else 1,
    )
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{len(findings)} findings", err=True)
        sys.exit(1)
    click.echo("No findings.", err=True)


@knowledge.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--providers", is_flag=True, help="Count variants per provider instead.")
def list_command(as_json: bool, providers: bool) -> None:
    """List all causes with the number of their variants, and of those for reply code 550."""
    catalogue = load_catalogue(settings().knowledge_dir)
    rows = _causes(catalogue)
    by_provider = Counter(
        variant.provider or "(many)" for variant in catalogue.variants if not variant.general
    )
    if as_json:
        value: dict[str, Any] = {"causes": rows}
        if providers:
            value["providers"] = [
                {"provider": name, "variants": count} for name, count in by_provider.most_common()
            ]
        click.echo(json.dumps(value))
        return
    if providers:
        for name, count in by_provider.most_common():
            click.echo(f"{count:5}  {name}")
    else:
        click.echo(f"{'cause':24} {'family':15} {'party':10} variants  for 550  phrases")
        for row in rows:
            click.echo(
                f"{row['cause']:24} {row['family']:15} {row['party']:10} {row['variants']:8} {row['reply_550']:8} "
                f"{row['phrases']:8}"
            )
    click.echo(
        f"{len(catalogue.causes)} causes, {sum(row['variants'] for row in rows)} variants, "
        f"{sum(row['reply_550'] for row in rows)} of them for 550; {sum(row['phrases'] for row in rows)} phrases",
        err=True,
    )


@knowledge.command("show")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_command(slug: str, as_json: bool) -> None:
    """Show a cause with its texts and variants, or one variant by its id."""
    catalogue = load_catalogue(settings().knowledge_dir)
    slug = slug.lower()
    variants = [variant for variant in catalogue.variants if slug in (variant.cause, variant.id)]
    if slug not in catalogue.causes and not variants:
        from rapidfuzz import fuzz, process

        found = process.extract(slug, [*catalogue.causes], scorer=fuzz.WRatio, limit=3, score_cutoff=70)
        near = [name for name, _, _ in found]
        hint = f"did you mean {', '.join(near)}?" if near else "'fivefifty knowledge list' names them all"
        click.echo(f"fivefifty: there is no cause and no variant {slug!r}; {hint}", err=True)
        sys.exit(1)
    cause = catalogue.causes.get(slug)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "cause": slug if cause else variants[0].cause,
                    "title": cause.title if cause else None,
                    "variants": [_variant_json(variant) for variant in variants],
                },
                ensure_ascii=False,
            )
        )
        return
    if cause:
        click.echo(f"{cause.title}   ({cause.slug}, {cause.family}, {cause.party} acts)\n\n{cause.summary}\n")
        clicks = cause.guide.clicks if cause.guide else ()
        for title, texts in (
            ("Steps", tuple(_step_line(step) for step in cause.steps)),
            (cause.guide.title if cause.guide else "", [f"{each.program}: {each.text}" for each in clicks]),
            ("Prevention", cause.prevention),
            (f"Escalate when: {cause.escalation.when}", cause.escalation.collect),
        ):
            if title:
                click.echo(title)
            for text in texts:
                click.echo(f"  - {text}")
        click.echo(f"Wins over: {', '.join(cause.beats) or 'nothing'}\n")
    for variant in variants:
        click.echo(f"{variant.id}  [{' '.join(variant.codes)}] {variant.provider or ''}\n    {variant.text}")


@knowledge.command("search")
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("-n", "most", type=click.IntRange(1, 200), default=15, help="How many to show.")
def search_command(words: tuple[str, ...], most: int) -> None:
    """Find the variants nearest to TEXT."""
    from rapidfuzz import fuzz, process

    catalogue = load_catalogue(settings().knowledge_dir)
    text = mask(" ".join(words)[:2000])
    choices = {
        place: f"{mask(variant.text)} {variant.id.replace('-', ' ')} {' '.join(variant.codes)}"
        for place, variant in enumerate(catalogue.variants)
    }
    found = process.extract(text, choices, scorer=fuzz.token_set_ratio, limit=10 * most, score_cutoff=55)
    # Many hold all the words; of those the one that holds least beside them is the nearest.
    found.sort(key=lambda each: (-each[1], -fuzz.ratio(text, mask(catalogue.variants[each[2]].text))))
    for _, score, place in found[:most]:
        variant = catalogue.variants[place]
        click.echo(f"{score:3.0f}  {variant.cause:22} {variant.id}\n     {variant.text}")
    if not found:
        click.echo("fivefifty: no variant is near to that text; try fewer words", err=True)
        sys.exit(1)


@knowledge.command("try")
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
def try_command(words: tuple[str, ...]) -> None:
    """Show what would match TEXT, and why."""
    from bot.commands.terminal import print_signals
    from bot.diagnose import Diagnoser

    diagnoser = Diagnoser(load_catalogue(settings().knowledge_dir))
    text = " ".join(words)
    reading = diagnoser.read(text)
    click.echo(f"kind {reading.parsed.kind}, form {reading.parsed.strength:.2f}, bounce {reading.bounce}")
    print_signals(diagnoser, text)


@knowledge.command("page")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def page_command(file: Path | None) -> None:
    """Write the whole knowledge base as one Markdown page to FILE, or to standard output."""
    from bot.catalogue.page import page

    text = page(load_catalogue(settings().knowledge_dir))
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"{file}: cannot be written: {error.strerror}; give a file in a folder that exists"
        ) from None
    click.echo(f"Wrote {file}.", err=True)


@knowledge.command("gaps")
@click.option("--team", help="Only this workspace. Default: all together.")
@click.option(
    "-n", "most", type=click.IntRange(1, 10_000), default=30, show_default=True, help="How many to show."
)
@click.option("--all", "everything", is_flag=True, help="Also those that today's knowledge base answers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def gaps_command(team: str | None, most: int, everything: bool, as_json: bool) -> None:
    """List the commonest masked texts that got "unknown" or were corrected: what to add next."""
    from bot.commands.gaps import print_gaps

    print_gaps(team, most, everything=everything, as_json=as_json)


@knowledge.command("candidates")
@click.option("--team", help="Only this workspace. Default: all.")
@click.option("--confirmed", is_flag=True, help="Only what a team has confirmed.")
def candidates_command(team: str | None, confirmed: bool) -> None:
    """Print the wordings that agents have corrected, ready to be reviewed and put into a cause's file."""
    # The database's libraries are loaded only when they are needed: starting stays fast.
    from bot.commands.candidates import print_candidates

    print_candidates(team, confirmed)


def _causes(catalogue: Catalogue) -> list[dict[str, Any]]:
    real = [variant for variant in catalogue.variants if not variant.general]
    totals = Counter(variant.cause for variant in real)
    for_550 = Counter(variant.cause for variant in real if "550" in variant.codes)
    phrases = Counter(variant.cause for variant in catalogue.variants if variant.general)
    return [
        {
            "cause": slug,
            "family": cause.family,
            "party": cause.party.value,
            "variants": totals[slug],
            "reply_550": for_550[slug],
            "phrases": phrases[slug],
        }
        for slug, cause in catalogue.causes.items()
    ]


def _step_line(step: Step) -> str:
    """A step with whom it is for and when, where that is not the writer and always."""
    marks = [mark for mark in (step.by if step.by is not Reader.WRITER else None, step.when) if mark]
    return f"[{', '.join(marks)}] {step.text}" if marks else step.text


def _variant_json(variant: Variant) -> dict[str, Any]:
    return {
        "id": variant.id,
        "provider": variant.provider,
        "codes": list(variant.codes),
        "text": variant.text,
        "source": variant.source,
        "example": variant.example,
    }

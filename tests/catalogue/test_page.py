"""docs/causes.md: made from the knowledge base, and current."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue.load import load_catalogue
from bot.catalogue.page import page
from bot.core.model import Catalogue, Party
from tests.commands.program import run
from tests.core.small import small_catalogue, variant

PAGE = Path(__file__).parents[2] / "docs" / "causes.md"


def of(*texts: str) -> str:
    """The page of a small knowledge base with these wordings of no-such-user more."""
    catalogue = small_catalogue()
    more = tuple(variant(f"more-{place}", "no-such-user", text) for place, text in enumerate(texts))
    return page(replace(catalogue, variants=(*catalogue.variants, *more)))


def test_the_page_is_current() -> None:
    """Who changes knowledge/ makes the page again."""
    there = PAGE.read_text("utf-8") if PAGE.exists() else ""
    made = page(load_catalogue())

    if there != made:
        pytest.fail(_first_difference(there, made), pytrace=False)


def test_the_page_stays_readable_on_the_web() -> None:
    """Code hosts show no Markdown above some size."""
    assert len(page(load_catalogue()).encode()) < 1_000_000


def test_every_cause_and_every_variant_is_there() -> None:
    """Nothing that the bot knows is missing."""
    catalogue = load_catalogue()
    lines = page(catalogue).splitlines()
    entries = [line for line in lines if line.startswith("- `")]

    assert [line[4:] for line in lines if line.startswith("### ")].count("mailbox-full") == 1
    assert {line[4:] for line in lines if line.startswith("### ")} == set(catalogue.causes)
    assert len(entries) == sum(not each.general for each in catalogue.variants)


def test_phrases_are_only_counted() -> None:
    """General ways of saying it are too many to read."""
    catalogue = small_catalogue()
    phrase = replace(variant("phrase-1", "mailbox-full", "bursting at the seams"), general=True)
    made = page(replace(catalogue, variants=(*catalogue.variants, phrase)))

    assert "bursting" not in made
    assert "2 variants and 1 general phrase:" in made


def test_the_order_of_files_does_not_matter() -> None:
    """Two machines make the same page."""
    catalogue = small_catalogue()
    turned = Catalogue(
        causes=dict(reversed([*catalogue.causes.items()])), variants=tuple(reversed(catalogue.variants))
    )

    assert page(turned) == page(catalogue)


def test_a_variant_with_its_own_party_says_so() -> None:
    """The exception stands where the wording stands."""
    catalogue = small_catalogue()
    own = variant("own", "no-such-user", "ask your administrator", "550", party=Party.RECIPIENT)

    assert "- `ask your administrator`, 550, here the recipient's side acts" in page(
        replace(catalogue, variants=(own,))
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user <address> unknown", "`user <address> unknown`"),
        ("a `quoted' word", "``a `quoted' word``"),
        ("ends with `", "`` ends with ` ``"),
        ("<script>alert(1)</script>", "`<script>alert(1)</script>`"),
        ("two\nlines\n# of text", "`two lines # of text`"),
        ("a | b", "`a | b`"),
    ],
    ids=["slot", "backtick", "backtick at the end", "markup", "lines", "pipe"],
)
def test_wordings_are_code(text: str, shown: str) -> None:
    """No wording becomes markup, a new line or a heading."""
    assert f"- {shown}" in of(text).splitlines()


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("Use <b> *now* [here](x)", "Use \\<b> \\*now\\* \\[here\\](x)"),
        ("Set smtp_tls in a_b", "Set smtp_tls in a_b"),
        ("an _odd_ one", "an \\_odd\\_ one"),
        ("of {recipient}", "of the recipient"),
    ],
    ids=["markup", "underscores in words", "emphasis", "slot"],
)
def test_prose_is_prose(summary: str, shown: str) -> None:
    """Markup in a cause's texts is shown as it stands, slots as plain words."""
    catalogue = small_catalogue()
    cause = replace(catalogue.causes["no-such-user"], summary=summary)

    assert shown in page(replace(catalogue, causes={**catalogue.causes, "no-such-user": cause}))


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    """To a file or to standard output, the same."""
    written = run("knowledge", "page", str(tmp_path / "page.md"))
    printed = run("knowledge", "page")

    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "page.md").read_text("utf-8") == printed.out == page(load_catalogue())


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """What cannot be written is told, exit code 2."""
    done = run("knowledge", "page", str(tmp_path / "none" / "page.md"))

    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(r"fivefifty: .*page\.md: cannot be written: .*\n", done.err)


def _first_difference(there: str, made: str) -> str:
    pairs = zip([*there.splitlines(), "(end)"], [*made.splitlines(), "(end)"], strict=False)
    line, (old, new) = next((line, pair) for line, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return f"docs/causes.md:{line} is not current; run: make page\n  there: {old[:200]}\n  now:   {new[:200]}"

"""A small, whole knowledge base in a folder, for tests that break one thing in it."""

from pathlib import Path

from bot.catalogue.contract import CAUSES

CAUSE = """\
cause: {slug}
family: {family}
party: {party}
title: About {words}
summary: "Something happened that is called {words} here."
steps:
  - "Look at {{recipient}}."
prevention: []
escalation: {{when: "it goes on", collect: ["the whole reply"]}}
links: []
variants: {variants}
"""
VARIANT = """
  - id: test-{slug}
    codes: ["550", "{status}"]
    text: "{words}"
    source: "a test"
    example: "550 {status} <jane@example.org>: {words}"
"""
# Wordings with which the word model agrees: it is the real one in all tests.
WORDINGS = {
    "no-such-user": ("5.1.1", "no such user here"),
    "mailbox-full": ("5.2.2", "the mailbox is full, over quota"),
    "relay-denied": ("5.7.1", "relaying denied, relay access denied"),
}


def write_base(folder: Path) -> Path:
    """Write one file for every cause of the contract, some with one variant. Takes a few milliseconds."""
    for slug, (family, party) in CAUSES.items():
        file = cause_file(folder, slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        wording = WORDINGS.get(slug)
        variants = VARIANT.format(slug=slug, status=wording[0], words=wording[1]) if wording else "[]\n"
        text = CAUSE.format(
            slug=slug,
            family=family,
            party=party,
            words=slug.replace("-", " "),
            variants=variants.rstrip("\n"),
        )
        file.write_text(text, encoding="utf-8")
    return folder


def cause_file(folder: Path, slug: str) -> Path:
    return folder / "causes" / CAUSES[slug][0] / f"{slug}.yaml"


def change(file: Path, old: str, new: str) -> None:
    """Put ``new`` in place of ``old``, which must be there once."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")

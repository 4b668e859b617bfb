"""``fivefifty knowledge list|show|search|try``: looking into the knowledge base."""

import json

import pytest

from bot.catalogue.contract import CAUSES
from tests.commands.program import run


def test_the_list_as_json() -> None:
    """The contract's form: every cause once, with counts."""
    done = run("knowledge", "list", "--json", "--providers")
    value = json.loads(done.out)

    assert done.code == 0
    assert {row["cause"]: (row["family"], row["party"]) for row in value["causes"]} == dict(CAUSES)
    assert all(0 <= row["reply_550"] <= row["variants"] for row in value["causes"])
    assert sum(row["variants"] for row in value["providers"]) == sum(
        row["variants"] for row in value["causes"]
    )


@pytest.mark.parametrize(
    ("option", "words"), [((), "mailbox-full "), (("--providers",), "postfix")], ids=["causes", "providers"]
)
def test_the_list_for_people(option: tuple[str, ...], words: str) -> None:
    """A line each, the sums on standard error."""
    done = run("knowledge", "list", *option)

    assert words in done.out
    assert done.err.startswith(f"{len(CAUSES)} causes, ")


@pytest.mark.parametrize("slug", ["mailbox-full", "MAILBOX-FULL"])
def test_a_cause_is_shown(slug: str) -> None:
    """Its texts and all its wordings."""
    done = run("knowledge", "show", slug)

    assert done.code == 0
    for words in (
        "(mailbox-full, recipient, recipient acts)",
        "Steps",
        "Prevention",
        "Escalate when",
        "Wins over",
    ):
        assert words in done.out


def test_a_variant_is_shown() -> None:
    """By its id, with its source."""
    value = json.loads(run("knowledge", "show", "mailbox-full", "--json").out)
    wanted = value["variants"][0]["id"]
    one = json.loads(run("knowledge", "show", wanted, "--json").out)

    assert (one["cause"], [each["id"] for each in one["variants"]]) == ("mailbox-full", [wanted])
    assert set(one["variants"][0]) == {"id", "provider", "codes", "text", "source", "example"}


@pytest.mark.parametrize(
    ("slug", "hint"),
    [
        ("mailbox-ful", "did you mean mailbox-full"),
        ("no-user", "no-such-user"),
        ("xyzzy", "'fivefifty knowledge list' names them all"),
        ("", "'fivefifty knowledge list' names them all"),
    ],
    ids=["typo", "half", "nothing near", "empty"],
)
def test_what_is_not_there_is_one_line(slug: str, hint: str) -> None:
    """With what may have been meant; exit code 1."""
    done = run("knowledge", "show", slug)

    assert (done.code, done.out) == (1, "")
    assert hint in done.err
    assert done.err.count("\n") == 1


def test_the_nearest_wordings_are_found() -> None:
    """No more than asked for; of those that hold all the words, the one with least beside them comes first."""
    done = run("knowledge", "search", "mailbox", "full", "-n", "3")
    lines = done.out.splitlines()

    assert done.code == 0
    assert "mailbox-full" in lines[0]
    assert lines[1].strip() == "mailbox full"
    assert len(lines) == 6


@pytest.mark.parametrize("words", ["", "zzzzqqqq", "\u0301" * 50], ids=["empty", "nothing near", "marks"])
def test_nothing_near_is_one_line(words: str) -> None:
    """Exit code 1."""
    done = run("knowledge", "search", words)

    assert (done.code, done.out) == (1, "")
    assert done.err.count("\n") == 1


def test_a_text_is_tried() -> None:
    """What it is taken for, which signal says so, which variant."""
    done = run("knowledge", "try", "550 5.1.1 User unknown in virtual mailbox table")

    assert done.code == 0
    assert "bounce True" in done.out
    assert "no-such-user" in done.out


@pytest.mark.parametrize(
    "text",
    ["", "my order 550", "[/bold] [red]", "550 [/bold] no such user", "\x1b[31m550 no", "x " * 50_000],
    ids=["empty", "chatter", "markup", "markup in a reply", "escape", "long"],
)
def test_hostile_texts_are_tried(text: str) -> None:
    """No markup, no control character, no traceback."""
    done = run("knowledge", "try", text)

    assert done.code == 0
    assert "Traceback" not in done.err
    assert "\x1b" not in done.out

"""``fivefifty explain``: codes, statuses and phrases."""

import pytest

from tests.commands.program import run


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("550", "550"),
        ("5.1.1", "mailbox does not exist"),
        ("550 5.7.26", "5.7.26"),
        ("relay access denied", "relay"),
        ("s3150", "Common wordings"),
        ("mailbox-full", "mailbox"),
        ("599", "not a standard code"),
    ],
    ids=["overview", "status", "both", "phrase", "provider's code", "slug", "strange code"],
)
def test_what_is_known_is_explained(question: str, word: str) -> None:
    """A question with an answer says what it means."""
    done = run("explain", *question.split())

    assert word.lower() in done.out.lower()


def test_the_overview_has_causes_wordings_and_fixes() -> None:
    """``explain 550`` names common causes, how servers word them, fixes and prevention."""
    done = run("explain", "550")

    assert done.code == 0
    for word in ("Common wordings", "Fixes", "Prevention", "no-such-user"):
        assert word in done.out


def test_nothing_known_is_exit_code_1() -> None:
    """A phrase that nobody uses is told as unknown."""
    done = run("explain", "xyzzy plugh")

    assert done.code == 1
    assert "Traceback" not in done.err


def test_no_question_is_wrong_usage() -> None:
    """Without a code or phrase the usage is shown, exit code 2."""
    assert run("explain").code == 2

"""The program as a whole: help, version, wrong usage."""

import re

import pytest

from bot.cli import cli
from tests.commands.program import run


def test_help_lists_every_command() -> None:
    """``--help`` lists the commands of the table, each with a sentence."""
    done = run("--help")

    assert done.code == 0
    for name in cli.list_commands(None):  # type: ignore[arg-type] # our group needs no context
        assert re.search(rf"^  {name}\s+\S", done.out, re.MULTILINE), name


@pytest.mark.parametrize("arguments", [("nonsense",), ("diagnose", "--nonsense")], ids=["command", "flag"])
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    """An unknown command or flag ends with 2 and no traceback."""
    done = run(*arguments)

    assert done.code == 2
    assert "Traceback" not in done.err


def test_the_version_is_told() -> None:
    """``--version`` names program and version."""
    assert run("--version").out.startswith("fivefifty, version ")

"""The program as a whole: help, version, wrong usage."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import cli
from tests.commands.program import run

ROOT = Path(__file__).parents[2]


def test_help_lists_every_command() -> None:
    """``--help`` lists the commands of the table, each with a sentence."""
    done = run("--help")

    assert done.code == 0
    for name in cli.list_commands(None):  # type: ignore[arg-type] # our group needs no context
        assert re.search(rf"^  {name}\s+\S", done.out, re.MULTILINE), name


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("nonsense",), "nonsense"),
        (("diagnose", "--nonsense"), "--nonsense"),
        (("explain",), "CODE-OR-PHRASE"),
        (("knowledge", "lint", "/no/such/folder"), "/no/such/folder"),
        (("tickets", "show", "many"), "many"),
        (("demo", "--port", "99999"), "--port"),
    ],
    ids=["command", "flag", "argument", "path", "number", "range"],
)
def test_wrong_usage_is_exit_code_2_and_one_line(arguments: tuple[str, ...], named: str) -> None:
    """The line names what is wrong and where the mend stands."""
    done = run(*arguments)

    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert named in done.err
    assert "--help" in done.err


def test_no_command_shows_the_help() -> None:
    """Who calls the program alone reads what it can do."""
    done = run()

    assert done.code == 2
    assert "Commands:" in done.err


@pytest.mark.parametrize(
    "arguments", [("diagnose",), ("diagnose", "--jsonl"), ("diagnose", "-"), ("check", "-")]
)
def test_a_closed_standard_input_is_told(arguments: tuple[str, ...]) -> None:
    """Started with ``<&-`` the program has nothing to read, and says so."""
    done = _shell(f"{_program(*arguments)} <&-")

    assert done.returncode == 2
    assert done.stderr.startswith("fivefifty: standard input cannot be read")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("knowledge", "page"), ("explain", "550"), ("knowledge", "show", "no-such-user", "--json")]
)
def test_a_reader_that_leaves_is_no_error(arguments: tuple[str, ...]) -> None:
    """``| head -1`` ends the program without a word."""
    done = _shell(f"{_program(*arguments)} | head -c 10")

    assert done.stderr == ""


def test_a_full_disk_is_one_line() -> None:
    """Output that cannot be written ends with 2 and no traceback."""
    done = _shell(f"{_program('knowledge', 'list', '--json')} >/dev/full")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("diagnose", "--offline"), ("diagnose", "--jsonl", "--offline")])
def test_the_first_ctrl_c_ends_a_wait_for_input(arguments: tuple[str, ...]) -> None:
    """Without a traceback."""
    command = [sys.executable, "-c", _TELLS_WHEN_IT_READS, *arguments]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
        said = process.stderr.read()

    assert code == 1
    assert said.strip() == "Aborted!"


_TELLS_WHEN_IT_READS = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from bot.cli import main
class Input:
    def __init__(self, raw): self.buffer = self; self.raw = raw
    def isatty(self): return False
    def read(self, size): print("reads", file=sys.stderr, flush=True); return self.raw.read(size)
    def __iter__(self): print("reads", file=sys.stderr, flush=True); return iter(self.raw)
sys.stdin = Input(sys.stdin.buffer)
main()
"""


def _program(*arguments: str) -> str:
    return f"exec '{sys.executable}' -m bot {' '.join(arguments)}"


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a line of ours
        ["/bin/sh", "-c", line],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )


def test_the_version_is_told() -> None:
    """``--version`` names program and version."""
    assert run("--version").out.startswith("fivefifty, version ")

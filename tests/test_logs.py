"""Log lines are readable, and hold no secrets and nobody's text."""

import json
import logging
from pathlib import Path

import pytest
import structlog

from bot.logs import configure, without_secrets
from tests.e2e.running import NO_SUCH_USER, running

TOKEN = "xoxb-1234567890-abcDEF"


@pytest.fixture(autouse=True)
def _restored() -> object:
    """The process's logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"token {TOKEN}!", "token xoxb-***!"),
        ("xapp-1-A0-123-abc", "xapp-***"),
        ("postgresql://bot:s3cret@db/x", "postgresql://bot:***@db/x"),
        ("550 5.1.1 no secret", "550 5.1.1 no secret"),
    ],
)
def test_secrets_are_blacked_out(text: str, shown: str) -> None:
    """Wherever they stand."""
    assert without_secrets(text) == shown


def test_json_lines_are_objects(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and the libraries' alike, with the traceback inside."""
    configure("json", "INFO")
    structlog.get_logger("ours").info("app.started", url="http://x", token=TOKEN)
    try:
        raise ZeroDivisionError(TOKEN)
    except ZeroDivisionError:
        logging.getLogger("theirs").exception("it broke with %s", TOKEN)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [line["event"] for line in lines] == ["app.started", "it broke with xoxb-***"]
    assert "ZeroDivisionError" in lines[1]["exception"]
    assert TOKEN not in json.dumps(lines)


def test_console_lines_show_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback with them would show what was pasted."""
    configure("console", "INFO")
    pasted = "somebody's private text"
    try:
        len(pasted) / 0
    except ZeroDivisionError:
        structlog.get_logger("ours").exception("it.broke")
    shown = capsys.readouterr().err

    assert "ZeroDivisionError" in shown
    assert pasted not in shown


def test_an_error_that_quotes_a_token_is_blackened_on_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    """Its message stands at the end of the traceback."""
    configure("console", "INFO")
    try:
        raise ZeroDivisionError(f"no {TOKEN} at postgresql://bot:s3cret@db/x")
    except ZeroDivisionError:
        structlog.get_logger("ours").exception("it.broke")
    shown = capsys.readouterr().err

    assert "ZeroDivisionError" in shown
    assert TOKEN not in shown
    assert "s3cret" not in shown


def test_configuring_twice_does_not_double_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo and the tests do."""
    configure("json", "INFO")
    configure("json", "INFO")
    structlog.get_logger("ours").info("once")

    assert len(capsys.readouterr().err.splitlines()) == 1


async def test_nothing_pasted_and_no_token_is_logged_at_any_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At DEBUG, with faults of Slack's and an answer, a command and a form on the way."""
    configure("console", "DEBUG")
    secret = "verysecretperson"
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db") as bot:
        token, signing = bot.slack.bot_token, bot.slack.signing_secret
        bot.slack.fail("chat.postMessage", status=500, times=1)
        bot.slack.fail("chat.update", error="internal_error", times=1)
        post = await bot.slack.post("alice", "support", NO_SUCH_USER.format(name=secret))
        await bot.final(post)
        await bot.slack.slash("alice", "support", NO_SUCH_USER.format(name=secret))
        await bot.slack.slash("alice", "support", f"explain {secret}")
        await bot.slack.post("alice", "support", f"chatter about {secret}")
        await bot.quiet()
    shown = capsys.readouterr().err

    assert "app.started" in shown
    assert secret not in shown
    assert token not in shown
    assert signing not in shown

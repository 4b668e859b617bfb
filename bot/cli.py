"""Which commands does ``fivefifty`` have? Each lives in bot/commands and is imported only when used."""

import gc
import importlib
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from bot import __version__
from bot.core.errors import FivefiftyError

_COMMANDS = {
    "demo": "bot.commands.demo:demo",
    "diagnose": "bot.commands.diagnose:diagnose",
    "check": "bot.commands.check:check",
    "explain": "bot.commands.explain:explain",
    "knowledge": "bot.commands.knowledge:knowledge",
    "evaluate": "bot.commands.evaluate:evaluate",
    "tickets": "bot.commands.tickets:tickets",
    "serve": "bot.commands.serve:serve",
    "migrate": "bot.commands.migrate:migrate",
    "manifest": "bot.commands.manifest:manifest",
    "doctor": "bot.commands.doctor:doctor",
}
"""The name of a command, and ``module:function`` of it, in the order of ``--help``."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0 done, 1 something failed, 2 wrong usage, 3 not a bounce.

    Errors of ours, wrong usage and a disk or pipe that fails become one line on standard error, never a
    traceback.
    """
    _prepare()
    try:
        # Commands end with their own code; Click gives back that of --help and --version.
        code = cli.main(
            args=list(argv) if argv is not None else None, prog_name="fivefifty", standalone_mode=False
        )
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "fivefifty"
        message = " ".join(error.format_message().split()).rstrip(".")
        _fail(f"{message}; '{path} --help' shows what it takes")
    except (click.Abort, KeyboardInterrupt):
        click.echo("Aborted!", err=True)
        sys.exit(1)
    except FivefiftyError as error:
        _fail(str(error))
    except OSError as error:
        _fail(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(line: str) -> NoReturn:
    click.echo(f"fivefifty: {line}", err=True)
    sys.exit(2)


def _prepare() -> None:
    """Make the process one that a pasted text or an impatient person does not upset."""
    # The knowledge base is some hundred thousand objects that stay. Looking for garbage among them every 700 new
    # ones, as Python does by itself, takes a fifth of the start.
    gc.set_threshold(50_000, 20, 20)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # asyncio would only cancel its task at the first Ctrl-C, which a blocking read does not notice.
        signal.signal(signal.SIGINT, _interrupt)
    # Half of a surrogate pair has no bytes; as an escape it is readable, and in JSON the very same text.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


class _LazyGroup(click.Group):
    """A group that imports a command when it is called, so that starting stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, function = _COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), function)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{function} is not a click command")
        return command


@click.command(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="fivefifty")
def cli() -> None:
    """Explain bounced e-mail: what happened, who has to act, what to do."""

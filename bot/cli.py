"""Which commands does ``fivefifty`` have? Each lives in bot/commands and is imported only when used."""

import importlib
import sys
from collections.abc import Sequence

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

    Errors of ours become one line on standard error, never a traceback.
    """
    try:
        # Click exits by itself with the command's own code, and with 2 for wrong usage.
        cli.main(args=list(argv) if argv is not None else None, prog_name="fivefifty")
    except FivefiftyError as error:
        click.echo(f"fivefifty: {error}", err=True)
        sys.exit(2)


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

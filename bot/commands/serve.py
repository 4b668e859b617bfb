"""``fivefifty serve``: run the Slack app."""

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import click

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App


@click.command()
def serve() -> None:
    """Run the Slack app: HTTP on $PORT (3000), or Socket Mode when SLACK_APP_TOKEN is set.

    Stops at SIGTERM and SIGINT; what is under way then goes on after the next start.
    """
    # The program is imported here, so that --help stays fast.
    from bot.app import build
    from bot.logs import configure

    settings = Settings.from_environment(os.environ)
    configure(settings.log_format, settings.log_level)
    asyncio.run(_serve(build(settings)))


async def _serve(app: "App") -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await app.start()
    try:
        await stopping.wait()
    finally:
        await app.stop()

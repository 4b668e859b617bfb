"""``fivefifty demo``: the whole bot in a browser, without a Slack account."""

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.demo import Demo


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=5500, show_default=True, help="Port of the page."
)
@click.option("--fresh", is_flag=True, help="Forget the tickets and messages of earlier runs.")
def demo(port: int, fresh: bool) -> None:
    """Start a local workspace with fivefifty in it, and a page to use it.

    Nothing leaves this computer. Tickets are kept for the next start; Ctrl-C stops everything.
    """
    # The program is imported here, so that --help stays fast.
    from bot.demo import Demo, demo_folder
    from bot.logs import configure

    configure("console", "WARNING")
    asyncio.run(_run(Demo(port=port, folder=demo_folder(port, os.environ), fresh=fresh)))


async def _run(demo: "Demo") -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    click.echo("Starting fivefifty …", err=True)
    await demo.start()
    try:
        click.echo(f"Open {demo.url} in a browser. Ctrl-C stops.")
        click.echo("Tickets are kept for the next start; --fresh forgets them.")
        await stopping.wait()
    finally:
        await demo.stop()

"""``fivefifty migrate``: bring the database to the newest schema."""

import os

import click

from bot.jobs.database import migrate_jobs
from bot.settings import Settings
from bot.tickets.database import migrate as migrate_tickets
from bot.tickets.database import newest_revision


@click.command()
def migrate() -> None:
    """Bring DATABASE_URL to the newest schema. Safe to run twice, and from two processes at once."""
    url = Settings.from_environment(os.environ).database_url
    migrate_tickets(url)
    migrate_jobs(url)
    click.echo(f"The schema is up to date (revision {newest_revision()}).", err=True)

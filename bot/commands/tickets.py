"""``fivefifty tickets``: the ticket history, on the command line."""

import asyncio
import getpass
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.core.errors import SettingError, TicketError
from bot.jobs.erasing import forget_naming
from bot.settings import Settings
from bot.tickets.audit import AuditEntry, read_audit, write_audit
from bot.tickets.database import cannot_use, make_engine, migrate, schema_is_current
from bot.tickets.export import all_histories, all_tickets, csv_line, flat, full
from bot.tickets.rights import forget_person
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Event, Filters, Status, Ticket

_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_STATUSES = click.Choice([status.value for status in Status])


@click.group()
def tickets() -> None:
    """The tickets of the workspaces that use this database."""


@tickets.command("list")
@click.option("--team", help="Only this workspace (T0123…). Default: all.")
@click.option("--status", type=_STATUSES, help="Only tickets in this state.")
@click.option(
    "-n", "most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many to show."
)
@click.option("--json", "style", flag_value="json", help="Print one JSON object.")
@click.option("--csv", "style", flag_value="csv", help="Print a CSV table, safe to open in a spreadsheet.")
def list_command(team: str | None, status: str | None, most: int, style: str | None) -> None:
    """List tickets, the newest of each workspace first."""
    found = asyncio.run(_list(team, Status(status) if status else None, most))
    if style == "csv":
        click.echo(csv_line() + "".join(csv_line(flat(ticket)) for ticket in found), nl=False)
        return
    if style == "json":
        click.echo(json.dumps({"tickets": [flat(ticket) for ticket in found]}, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("Workspace", "No.", "Status", "Cause", "Recipient", "Asked by", "Owner", "When (UTC)"):
        table.add_column(name)
    for ticket in found:
        table.add_row(
            Text(ticket.team),
            Text(str(ticket.number)),
            Text(ticket.status.value),
            Text(ticket.cause),
            Text(ticket.recipient or ticket.recipient_domain or ""),
            Text(ticket.asker),
            Text(ticket.owner or ""),
            Text(_when(ticket.created_at)),
        )
    console = Console(highlight=False)
    (console if console.is_terminal else Console(highlight=False, width=160)).print(table)
    if not found:
        click.echo("No tickets.", err=True)


@tickets.command("show")
@click.argument("number", type=int, metavar="N")
@click.option("--team", help="The workspace; needed when there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_command(number: int, team: str | None, as_json: bool) -> None:
    """Show ticket N with its history."""
    try:
        ticket, events = asyncio.run(_show(number, team))
    except TicketError as error:
        click.echo(f"fivefifty: {error}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(full(ticket, events), ensure_ascii=False))
    else:
        _print(ticket, events)


@tickets.command("export")
@click.option("--team", help="Only this workspace. Default: all.")
@click.option("--status", type=_STATUSES, help="Only tickets in this state.")
@click.option(
    "--json", "style", flag_value="json", default=True, help="One JSON object, a ticket a line (the default)."
)
@click.option("--jsonl", "style", flag_value="jsonl", help="One JSON object a ticket, each on its own line.")
@click.option("--csv", "style", flag_value="csv", help="A CSV table, safe to open in a spreadsheet.")
def export_command(team: str | None, status: str | None, style: str) -> None:
    """Print all tickets, however many. The export is noted in the audit table."""
    asyncio.run(_export(team, Status(status) if status else None, style))


@tickets.command("forget")
@click.argument("person")
@click.option("--team", required=True, help="The workspace.")
def forget_command(person: str, team: str) -> None:
    """Erase the data of one PERSON: a mail address, or a Slack user's id such as U012AB3CD."""
    person = person.strip()
    if not ("@" in person.strip("@") or _USER.fullmatch(person)):
        raise click.BadParameter(
            "give a whole mail address, or a Slack user's id such as U012AB3CD", param_hint="PERSON"
        )
    count = asyncio.run(_forget(person, team))
    click.echo(f"Erased the texts and addresses of {count} tickets.", err=True)
    erased, left = forget_naming(Settings.from_environment(os.environ).database_url, f"{team}:", person)
    if erased:
        click.echo(f"Erased what {erased} finished job{'' if erased == 1 else 's'} kept.", err=True)
    if left:
        click.echo(f"Jobs under way that name them: {left}. Run this again in a minute.", err=True)
    if count:
        click.echo("What I have posted about them in Slack is erased by the running bot.", err=True)


@tickets.command("audit")
@click.option("--team", help="Only this workspace, and what was done to all. Default: all.")
@click.option(
    "-n", "most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many to show."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def audit_command(team: str | None, most: int, as_json: bool) -> None:
    """Show who exported, erased or changed settings, the newest first."""
    found = asyncio.run(_audit(team, most))
    if as_json:
        entries = [{**asdict(each), "at": each.at.isoformat()} for each in found]
        click.echo(json.dumps({"audit": entries}, ensure_ascii=False))
        return
    for each in found:
        detail = json.dumps(dict(each.detail), ensure_ascii=False) if each.detail else ""
        click.echo(f"{_when(each.at)}  {each.team or 'all'}  {each.who}  {each.what}  {detail}".rstrip())
    if not found:
        click.echo("Nothing.", err=True)


async def _audit(team: str | None, most: int) -> tuple[AuditEntry, ...]:
    async with open_store() as store:
        return await read_audit(store.engine, team, limit=most)


async def _forget(person: str, team: str) -> int:
    async with open_store() as store:
        return await forget_person(store, team, person, who=f"cli:{getpass.getuser()}"[:64])


async def _list(team: str | None, status: Status | None, most: int) -> list[Ticket]:
    filters = Filters(statuses=(status,) if status else ())
    found: list[Ticket] = []
    async with open_store() as store:
        for each in (team,) if team else await store.teams():
            page = await store.list_tickets(each, filters, limit=most - len(found))
            found += page.tickets
            if len(found) >= most:
                break
    return found


async def _show(number: int, team: str | None) -> tuple[Ticket, tuple[Event, ...]]:
    async with open_store() as store:
        if team is None:
            teams = await store.teams()
            if len(teams) > 1:
                raise click.UsageError(
                    f"several workspaces have tickets; give --team, one of {', '.join(teams[:20])}"
                )
            team = teams[0] if teams else ""
        return await store.get(team, number), await store.events(team, number)


async def _export(team: str | None, status: Status | None, style: str) -> None:
    async with open_store() as store:
        detail = {"style": style, "status": status.value if status else None}
        await write_audit(
            store.engine, team=team, who=f"cli:{getpass.getuser()}"[:64], what="export", detail=detail
        )
        # Printed as it is read, however much it is.
        click.echo({"csv": csv_line(), "json": '{"tickets": [', "jsonl": ""}[style], nl=False)
        between = "\n" if style == "json" else ""
        for each in (team,) if team else await store.teams():
            if style == "csv":
                async for ticket in all_tickets(store, each, status):
                    click.echo(csv_line(flat(ticket)), nl=False)
                continue
            async for ticket, events in all_histories(store, each, status):
                line = json.dumps(full(ticket, events), ensure_ascii=False)
                click.echo(between + line, nl=style == "jsonl")
                between = ",\n" if style == "json" else ""
        if style == "json":
            click.echo("\n]}")


@asynccontextmanager
async def open_store() -> AsyncIterator[TicketStore]:
    """The store of DATABASE_URL. Creates and migrates a SQLite file. Raises SettingError."""
    url = Settings.from_environment(os.environ).database_url
    if make_url(url).get_backend_name() == "sqlite":
        await asyncio.to_thread(migrate, url)
    engine = make_engine(url)
    try:
        if not await schema_is_current(engine):
            raise SettingError("DATABASE_URL has no up-to-date schema; run: fivefifty migrate")
        yield TicketStore(engine)
    except DBAPIError as error:
        raise cannot_use(engine.url, error) from error
    finally:
        await engine.dispose()


def _print(ticket: Ticket, events: tuple[Event, ...]) -> None:
    console = Console(highlight=False, width=None if Console().is_terminal else 100)
    console.print(
        Text(f"Ticket {ticket.number}: {ticket.diagnosis.get('title', ticket.cause)}", style="bold")
    )
    grid = Table.grid(padding=(0, 2))
    values = flat(ticket)
    for name in values:
        if values[name] not in (None, "") and name not in ("number", "masked_text"):
            grid.add_row(Text(name, style="bright_black"), Text(str(values[name])))
    console.print(grid)
    if ticket.raw_text:
        console.print(Text("\nThe text", style="bold"))
        console.print(Text(ticket.raw_text[:4000]))
    console.print(Text("\nHistory", style="bold"))
    for event in events:
        detail = " ".join(f"{key}={value}" for key, value in event.detail.items())
        console.print(
            Text(f"{event.seq:3}  {_when(event.at)}  {event.who}  {event.what} ({event.source})  {detail}")
        )


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"

"""``fivefifty tickets`` and ``fivefifty migrate``, as whole commands on each database."""

import asyncio
import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from bot.cli import cli
from bot.core.errors import FivefiftyError
from bot.data import data_folder
from bot.jobs import Jobs, Payload
from bot.jobs.database import jobs_are_current, migrate_jobs
from bot.tickets.audit import read_audit
from bot.tickets.corrections import correct
from bot.tickets.database import make_engine, migrate, schema_is_current
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Escalation, Urgency
from tests.tickets.samples import a_diagnosis, a_ticket


async def run(url: str, *arguments: str) -> Result:
    """Run one command in a thread of its own, as it has its own event loop."""
    variable = {"DATABASE_URL": url.replace("+aiosqlite", "").replace("+psycopg", "")}
    return await asyncio.to_thread(CliRunner().invoke, cli, list(arguments), env=variable)


async def test_migrate_command(database_url: str) -> None:
    """Our schema and DBOS's are there afterwards; the second run finds them."""
    first = await run(database_url, "migrate")
    second = await run(database_url, "migrate")
    engine = make_engine(database_url)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert await schema_is_current(engine)
    if "sqlite" in database_url:
        assert Path(make_url(database_url).database or "").with_suffix(".jobs.db").is_file()
    else:
        assert jobs_are_current(database_url)
    await engine.dispose()


async def test_list_as_json(database_url: str, store: TicketStore) -> None:
    """The contract's form: one object with all tickets of all workspaces."""
    await a_ticket(store)
    await a_ticket(store, "T2")
    found = json.loads((await run(database_url, "tickets", "list", "--json")).stdout)
    only_one = json.loads((await run(database_url, "tickets", "list", "--json", "--team", "T2")).stdout)
    none = json.loads((await run(database_url, "tickets", "list", "--json", "--status", "resolved")).stdout)

    assert [(each["team"], each["number"], each["status"], each["cause"]) for each in found["tickets"]] == [
        ("T1", 1, "diagnosed", "mailbox-full"),
        ("T2", 1, "diagnosed", "mailbox-full"),
    ]
    assert [each["team"] for each in only_one["tickets"]] == ["T2"]
    assert none == {"tickets": []}


async def test_show(database_url: str, store: TicketStore) -> None:
    """A ticket with its history, for people and for programs."""
    await a_ticket(store)
    text = (await run(database_url, "tickets", "show", "1")).stdout
    value = json.loads((await run(database_url, "tickets", "show", "1", "--json")).stdout)

    assert "Ticket 1: The mailbox is full" in text
    assert "diagnosed" in text
    assert value["diagnosis"] == a_diagnosis()
    assert [event["what"] for event in value["events"]] == ["diagnosed"]


async def test_show_what_was_written_in_the_escalation_form(database_url: str, store: TicketStore) -> None:
    """All of it, for programs."""
    await a_ticket(store)
    form = Escalation(
        who="U1",
        steps=("Ask them",),
        note="see",
        urgency=Urgency.HIGH,
        contact="ring Ann",
        collected=(("Since when", "May"),),
    )
    await store.escalate("T1", 1, form)
    value = json.loads((await run(database_url, "tickets", "show", "1", "--json")).stdout)

    assert value["escalation"] == {
        "who": "U1",
        "steps": ["Ask them"],
        "note": "see",
        "urgency": "high",
        "contact": "ring Ann",
        "collected": [{"what": "Since when", "said": "May"}],
    }


async def test_show_what_is_missing(database_url: str, store: TicketStore) -> None:
    """A number that was never given is one line and exit code 1."""
    result = await run(database_url, "tickets", "show", "5")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "fivefifty: There is no ticket 5.\n"


async def test_show_needs_the_workspace_among_several(database_url: str, store: TicketStore) -> None:
    """Ticket 1 of which workspace? The person is asked."""
    await a_ticket(store)
    await a_ticket(store, "T2")
    result = await run(database_url, "tickets", "show", "1")

    assert result.exit_code == 2
    assert "--team" in result.stderr


async def test_list_as_csv(database_url: str, store: TicketStore) -> None:
    """The same columns as the export, for a spreadsheet."""
    await a_ticket(store)
    result = await run(database_url, "tickets", "list", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))

    assert [(row["team"], row["number"], row["cause"]) for row in rows] == [("T1", "1", "mailbox-full")]


async def test_export_as_json(database_url: str, store: TicketStore) -> None:
    """One object, a ticket a line, also when there is none; the export is in the audit table."""
    empty = await run(database_url, "tickets", "export", "--json", "--team", "T2")
    for number in range(3):
        await a_ticket(store, post_ts=f"{number}.0")
    result = await run(database_url, "tickets", "export", "--team", "T1")
    lines = json.loads(result.stdout)["tickets"]
    audit = await read_audit(store.engine, "T1")

    assert json.loads(empty.stdout) == {"tickets": []}
    assert len(result.stdout.splitlines()) == 5
    assert [line["number"] for line in lines] == [3, 2, 1]
    assert lines[0]["events"][0]["what"] == "diagnosed"
    assert [(entry.what, entry.team, entry.detail["style"]) for entry in audit] == [("export", "T1", "json")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n=", "  =", "\uff1d"])
async def test_export_as_csv_has_no_formulas(database_url: str, store: TicketStore, start: str) -> None:
    """A pasted formula stays text when a spreadsheet opens the export, quotes included."""
    formula = start + 'HYPERLINK("https://evil.example";"x,y")\nsecond line'
    await a_ticket(store, diagnosis=a_diagnosis(recipient=formula))
    result = await run(database_url, "tickets", "export", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))

    assert len(rows) == 1
    assert rows[0]["recipient"] == "'" + formula
    assert rows[0]["number"] == "1"


async def test_a_database_without_schema(database_url: str) -> None:
    """A look changes no PostgreSQL: the person is told to migrate. SQLite is set up by itself."""
    result = await run(database_url, "tickets", "list", "--json")

    if "sqlite" in database_url:
        assert json.loads(result.stdout) == {"tickets": []}
    else:
        assert isinstance(result.exception, FivefiftyError)
        assert "fivefifty migrate" in str(result.exception)


def test_migrations_are_found_from_anywhere(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is found however the program is started."""
    monkeypatch.chdir("/")

    migrate(f"sqlite+aiosqlite:///{tmp_path}/a folder with % sign/test.db")


async def test_knowledge_candidates(database_url: str, store: TicketStore) -> None:
    """Corrections come out as variants that the knowledge base's own rules accept."""
    said = "552 5.2.2 <jane@example.org>: Mailbox is on a long holiday"
    await a_ticket(store, text=said, diagnosis=a_diagnosis(said))
    await correct(store, "T1", 1, "U1", "mailbox-disabled", "She is on leave", confirm=True)
    result = await run(database_url, "knowledge", "candidates")
    found = yaml.safe_load(result.stdout)
    variant = found["mailbox-disabled"]["variants"][0]
    schema = json.loads((data_folder("knowledge") / "schema.json").read_text())

    assert result.exit_code == 0
    assert variant["text"] == "<address> mailbox is on a long holiday"
    assert variant["codes"] == ["552", "5.2.2"]
    assert variant["example"] == "552 5.2.2 jane@example.org mailbox is on a long holiday"
    assert "corrected once by agents from mailbox-full, confirmed: She is on leave" in variant["source"]
    jsonschema.validate(variant, {**schema["$defs"]["variant"], "$defs": schema["$defs"]})


async def test_knowledge_candidates_of_nothing(database_url: str, store: TicketStore) -> None:
    """Without a correction there is one line and nothing to parse."""
    result = await run(database_url, "knowledge", "candidates", "--team", "T1")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No corrections.\n")


async def test_knowledge_candidates_need_words(database_url: str, store: TicketStore) -> None:
    """Of a bare code nothing is left after masking: no variant is made of it."""
    await a_ticket(store, text="550", diagnosis=a_diagnosis("550"))
    await correct(store, "T1", 1, "U1", "mailbox-disabled")
    result = await run(database_url, "knowledge", "candidates")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No corrections.\n")


async def test_forget(database_url: str, store: TicketStore) -> None:
    """One person's data goes, and the audit says that somebody was forgotten, not who."""
    await a_ticket(store)
    result = await run(database_url, "tickets", "forget", "jane@example.org", "--team", "T1")
    audit = await read_audit(store.engine, "T1")

    assert result.exit_code == 0
    assert (await store.get("T1", 1)).recipient is None
    assert audit[0].what == "forget_person"
    assert "jane" not in repr(audit)


async def test_forget_what_jobs_keep(database_url: str, store: TicketStore) -> None:
    """What somebody has asked behind the command, and never shared, goes as well."""
    await asyncio.to_thread(migrate_jobs, database_url)
    jobs = Jobs(database_url)

    async def ask(payload: Payload) -> None:
        return

    jobs.register("ask", ask)
    await jobs.start()
    await jobs.run("ask", "T1:command:1", {"text": "550 <jane@example.org>: unknown"})
    await jobs.run("ask", "T2:command:1", {"text": "550 <jane@example.org>: unknown"})
    await asyncio.sleep(0.5)
    result = await run(database_url, "tickets", "forget", "jane@example.org", "--team", "T1")
    known = [await jobs.is_known(key) for key in ("T1:command:1", "T2:command:1")]
    await jobs.stop()

    assert "Erased what 1 finished job kept." in result.stderr
    assert known == [False, True]


@pytest.mark.parametrize("person", ["", " ", "jane", "@", "u1", "U1 OR 1=1", "%"])
async def test_forget_takes_a_whole_name(database_url: str, store: TicketStore, person: str) -> None:
    """A part of one would erase other people's data."""
    await a_ticket(store)
    result = await run(database_url, "tickets", "forget", person, "--team", "T1")

    assert result.exit_code == 2
    assert "whole mail address" in result.stderr
    assert (await store.get("T1", 1)).recipient is not None


async def test_an_export_does_not_stop_at_a_batch(database_url: str, store: TicketStore) -> None:
    """More tickets than one batch holds all come out, once each."""
    for number in range(1, 1_051):
        await a_ticket(store, post_ts=f"{number}.0", join=False)
    result = await run(database_url, "tickets", "export", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))

    assert [int(row["number"]) for row in rows] == list(range(1_050, 0, -1))


async def test_export_as_jsonl(database_url: str, store: TicketStore) -> None:
    """A ticket a line, with its history; more than a batch of them, and of all workspaces."""
    for number in range(1, 601):
        await a_ticket(store, post_ts=f"{number}.0")
    await a_ticket(store, "T2", text='550 <evil@example.org> line\u2028break "quoted" \x00 \ud800')
    await store.note("T1", 7, "U2", "a note")
    done = await run(database_url, "tickets", "export", "--jsonl")
    rows = [json.loads(line) for line in done.stdout.split("\n") if line]

    assert [(row["team"], row["number"]) for row in rows] == [
        *(("T1", number) for number in range(600, 0, -1)),
        ("T2", 1),
    ]
    assert [event["what"] for event in rows[593]["events"]] == ["diagnosed", "note"]
    assert all(row["events"] for row in rows)


async def test_audit(database_url: str, store: TicketStore) -> None:
    """What was exported and erased, by whom; of one workspace and of all."""
    await a_ticket(store)
    await a_ticket(store, "T2")
    await run(database_url, "tickets", "export", "--csv", "--team", "T1")
    await run(database_url, "tickets", "forget", "jane@example.org", "--team", "T2")
    one = json.loads((await run(database_url, "tickets", "audit", "--json", "--team", "T1")).stdout)
    both = await run(database_url, "tickets", "audit")
    none = await run(database_url, "tickets", "audit", "--team", "T9")

    assert [(each["team"], each["what"], each["detail"]["style"]) for each in one["audit"]] == [
        ("T1", "export", "csv")
    ]
    assert one["audit"][0]["who"].startswith("cli:")
    assert len(both.stdout.splitlines()) == 2
    assert "jane" not in both.stdout
    assert (none.stdout, none.exit_code) == ("", 0)

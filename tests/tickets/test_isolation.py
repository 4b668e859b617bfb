"""A workspace never sees another's tickets: shown for every statement, and for every answer."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.catalogue.load import load_catalogue
from bot.core.mask import fingerprint
from bot.core.wire import from_json
from bot.tickets import memory, rights
from bot.tickets.audit import read_audit, write_audit
from bot.tickets.corrections import as_found_out, candidates, confirm, correct, correction_of
from bot.tickets.export import all_histories, all_tickets
from bot.tickets.recording import part
from bot.tickets.stats import stats
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Escalation, Filters, Outcome, Status
from bot.tickets.workspace import WorkspaceSettings, save_settings, workspace_settings
from tests.tickets.conftest import Clock
from tests.tickets.samples import FULL, a_diagnosis, a_ticket

FILTERS = (
    Filters(),
    Filters(open_only=True),
    Filters(statuses=(Status.RESOLVED,)),
    Filters(person="U1"),
    Filters(owner="U2"),
    Filters(cause="mailbox-full"),
    Filters(domain="example.org"),
    Filters(address="jane@example.org"),
    Filters(ip="203.0.113.9"),
    Filters(words="mailbox full"),
    Filters(words="mailbox", domain="example.org"),
)
# Statements that are about all workspaces on purpose: the list of them, what is due in any, the schema.
FOR_ALL = (
    "FROM workspaces ORDER BY",
    "reminders.due_at <=",
    "alembic_version",
    "PRAGMA",
    "sqlite_master",
    "pg_catalog",
)


async def live(store: TicketStore, team: str, clock: Clock, outcome: str) -> None:
    """Do everything that writes, in one workspace."""
    facts = {
        "sending_ip": "203.0.113.9",
        "sender": "bob@s.example",
        "sender_domain": "s.example",
        "provider": "google",
    }
    diagnosis = a_diagnosis(FULL, **facts)
    await save_settings(
        store.engine,
        team,
        WorkspaceSettings(incident_customers=2, first_response_minutes=10),
        who="U9",
        at=clock(),
    )
    for place in range(3):
        ticket = await a_ticket(
            store, team, post_ts=f"{place}.0", diagnosis={**diagnosis, "id": outcome}, join=False
        )
        await memory.note_incident(store, ticket)
    await a_ticket(store, team, post_ts="9.0", asker="U7", diagnosis=diagnosis)
    await part(store, team, "C1", "9.0", who="U7")
    await a_ticket(store, team, post_ts="9.5", asker="U7", diagnosis=diagnosis)
    await store.set_answer(team, 1, "0.1", post_ts="0.0")
    await store.update_diagnosis(team, 2, {**diagnosis, "id": f"new {outcome}"})
    await store.set_mx_provider(team, 1, "google")
    await store.set_mx_provider(team, 3, "google")
    await store.escalate(team, 1, Escalation(who="U1", note=outcome), channel="C9")
    await store.set_escalation_post(team, 1, "C9", "5.5")
    await store.claim(team, 1, "U2")
    await store.hand_over(team, 1, "U2", "U3")
    await store.note(team, 1, "U3", outcome)
    await store.link(team, 1, "U3", f"https://x.example/{outcome}")
    await store.reply_sent(team, 1, "U3", outcome)
    await store.resolve(team, 1, "U3", Outcome(cause="mailbox-disabled", helped=outcome, text=outcome))
    await store.reopen(team, 1, "U1")
    await store.resolve(team, 2, "U1", Outcome(helped=outcome))
    await correct(store, team, 3, "U2", "mailbox-disabled", outcome)
    await confirm(store, team, 3, "U2")
    await write_audit(store.engine, team=team, who="U9", what="export", detail={"of": outcome})


async def look(store: TicketStore, team: str) -> dict[str, Any]:
    """Everything that can be read of one workspace."""
    seen: dict[str, Any] = {}
    catalogue = load_catalogue()
    for filters in FILTERS:
        seen[str(filters)] = await store.list_tickets(team, filters)
    for number in range(1, 5):
        ticket = await store.get(team, number)
        seen[f"ticket {number}"] = (
            ticket,
            await store.events(team, number),
            await store.posts(team, number),
            await memory.similar(store, ticket),
            await memory.notes(store, ticket, None, catalogue),
            await memory.incident_of(store, ticket),
        )
    for post_ts in ("0.0", "9.0", "9.5", "77.0"):
        seen[f"post {post_ts}"] = (
            await store.post(team, "C1", post_ts),
            await store.by_post(team, "C1", post_ts),
        )
    seen["correction"] = await correction_of(store.engine, team, fingerprint(FULL))
    seen["recall"] = await memory.recall(store, catalogue, team, from_json(a_diagnosis()))
    seen["candidates"] = [each async for each in candidates(store.engine, team)]
    seen["export"] = [each async for each in all_tickets(store, team)]
    seen["histories"] = [each async for each in all_histories(store, team)]
    seen["askers"] = [await store.askers(team, number) for number in range(1, 5)]
    seen["found out"] = await as_found_out(store, await store.get(team, 1), catalogue)
    seen["stats"] = await stats(store, team)
    seen["settings"] = await workspace_settings(store.engine, team)
    seen["audit"] = await read_audit(store.engine, team)
    return seen


async def test_nothing_changes_for_one_when_another_lives(store: TicketStore, clock: Clock) -> None:
    """The same posts, people, texts and numbers in a second workspace leave every answer of the first as it
    was, whatever is done there, erasing included."""
    await live(store, "T1", clock, "this-team")
    before = await look(store, "T1")
    await live(store, "T2", clock, "other-team")
    after = await look(store, "T1")
    await rights.forget_person(store, "T2", "jane@example.org", who="cli")
    await rights.forget_person(store, "T2", "U1", who="cli")
    await rights.erase_post(store, "T2", "C1", "0.0")
    await rights.erase_workspace(store, "T2")
    erased = await look(store, "T1")

    assert after == before
    assert erased == before
    assert "other-team" not in repr(after)
    assert "this-team" in repr(after)


@pytest.fixture
def statements(store: TicketStore) -> Iterator[list[str]]:
    """Every statement that the store's engine sends."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(" ".join(statement.split()))

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def test_every_statement_names_the_workspace(
    store: TicketStore, clock: Clock, statements: list[str]
) -> None:
    """Each SELECT, UPDATE and DELETE on our tables has the workspace in its condition, each INSERT in its row."""
    await live(store, "T1", clock, "this-team")
    await look(store, "T1")
    await rights.forget_person(store, "T1", "U1", who="cli")
    await rights.forget_person(store, "T1", "jane@example.org", who="cli")
    await rights.erase_post(store, "T1", "C1", "1.0")
    clock.now += timedelta(days=60)
    await rights.erase_old(store, 30)
    await rights.erase_workspace(store, "T1")
    ours = [sent for sent in statements if not any(words in sent for words in FOR_ALL)]
    # One condition for each part of a union.
    without = [
        sent
        for sent in ours
        for part in re.split(r"\bUNION(?: ALL)?\b", sent)
        if re.match(r"\(*\s*(?:SELECT|UPDATE|DELETE)", part)
        and not re.search(r"\bteam = |\bteam : ", part)
        and "anon_" not in part[:30]
    ]
    inserts = [sent for sent in ours if sent.startswith("INSERT") and "(team" not in sent]

    assert len(ours) > 200
    assert without == []
    assert inserts == []

"""Every question that grows with the history is answered from an index, on both databases.

The plans at 1,000,000 tickets are those of benchmarks/tickets.py; here is the same with two thousand.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from bot.tickets.database import reading, writing
from bot.tickets.memory import note_incident, similar
from bot.tickets.rights import erase_old
from bot.tickets.stats import stats
from bot.tickets.store import TicketStore
from bot.tickets.tables import TICKETS, WORKSPACES
from bot.tickets.ticket import Filters, Status
from tests.tickets.conftest import Clock

MANY = 2_000


async def fill(store: TicketStore, clock: Clock) -> None:
    """Two thousand tickets of 500 days, most of them resolved, in one workspace, and what the planner knows of
    them."""
    rows = []
    for number in range(1, MANY + 1):
        at = clock() - timedelta(hours=6 * (MANY - number))
        rows.append(
            {
                "team": "T1",
                "number": number,
                "status": "resolved" if number % 20 else "escalated",
                "version": 1,
                "channel": "C1",
                "post_ts": f"{number}.0",
                "thread_ts": f"{number}.0",
                "asker": f"U{number % 97}",
                "owner": f"U{number % 31}",
                "cause": f"cause-{number % 13}",
                "family": "recipient",
                "party": "sender",
                "confidence": 0.9,
                "provider": f"provider-{number % 11}",
                "mx_provider": f"mx-{number % 17}",
                "recipient": f"u{number % 500}@d{number % 211}.example",
                "recipient_domain": f"d{number % 211}.example",
                "sender": f"s{number % 300}@s{number % 101}.example",
                "sender_domain": f"s{number % 101}.example",
                "sending_ip": f"192.0.2.{number % 250}",
                "diagnosis": {},
                "bounce_key": f"{number:064}",
                "masked_text": f"word{number % 50} refused " * 10,
                "fingerprint": f"{number % 400:064}",
                "created_at": at,
                "updated_at": at,
                "erased_at": at if number < MANY * 9 // 10 else None,
            }
        )
    async with writing(store.engine) as connection:
        await connection.execute(
            insert(WORKSPACES).values(team="T1", last_number=MANY, created_at=clock(), settings=None)
        )
        await connection.execute(insert(TICKETS), rows)
    async with store.engine.connect() as connection:
        ready = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await ready.execute(
            text("VACUUM ANALYZE tickets" if connection.dialect.name == "postgresql" else "ANALYZE")
        )


@pytest.fixture
def asked(store: TicketStore) -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT with its values, as the driver gets it."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.lstrip("( ").startswith("SELECT") and "tickets" in statement:
            sent.append((statement, values))

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def plan_of(store: TicketStore, statement: str, values: Any) -> str:
    explain = "EXPLAIN " if store.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    async with reading(store.engine) as connection:
        rows = await connection.exec_driver_sql(explain + statement, values)
        return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


Ask = Callable[[TicketStore], Awaitable[Any]]
ASKS: dict[str, tuple[Ask, set[str]]] = {
    "similar": (
        lambda store: _similar(store),
        {
            "ix_tickets_fingerprint",
            "ix_tickets_recipient_domain",
            "ix_tickets_sending_ip",
            "ix_tickets_sender_domain",
            "ix_tickets_mx_provider",
            "ix_tickets_provider",
        },
    ),
    "incident": (lambda store: _incident(store), {"ix_tickets_provider", "ix_tickets_mx_provider"}),
    "stats": (lambda store: stats(store, "T1"), {"ix_tickets_numbers"}),
    "list a person": (lambda store: store.list_tickets("T1", Filters(person="U7")), {"ix_tickets_asker"}),
    "list a cause": (lambda store: store.list_tickets("T1", Filters(cause="cause-3")), {"ix_tickets_cause"}),
    "list claimed": (
        lambda store: store.list_tickets("T1", Filters(statuses=(Status.CLAIMED,))),
        {"ix_tickets_status"},
    ),
    "search a domain": (
        lambda store: store.list_tickets("T1", Filters(domain="d7.example")),
        {"ix_tickets_recipient_domain", "ix_tickets_sender_domain"},
    ),
    "search an address": (
        lambda store: store.list_tickets("T1", Filters(address="u7@d7.example")),
        {"ix_tickets_recipient", "ix_tickets_sender"},
    ),
    "search an IP": (
        lambda store: store.list_tickets("T1", Filters(ip="192.0.2.7")),
        {"ix_tickets_sending_ip"},
    ),
    "erase": (lambda store: erase_old(store, 45), {"ix_tickets_touched"}),
}


async def _similar(store: TicketStore) -> Any:
    return await similar(store, await store.get("T1", MANY))


async def _incident(store: TicketStore) -> Any:
    return await note_incident(store, await store.get("T1", MANY))


@pytest.mark.parametrize(("ask", "indexes"), ASKS.values(), ids=ASKS.keys())
async def test_from_an_index(
    store: TicketStore, clock: Clock, asked: list[tuple[str, Any]], ask: Ask, indexes: set[str]
) -> None:
    """The plan names the index that was made for the question, and reads no whole table."""
    await fill(store, clock)
    asked.clear()
    await ask(store)
    plans = [await plan_of(store, *each) for each in list(asked)]
    whole = "\n".join(plans)

    assert [index for index in indexes if index not in whole] == []
    assert "Seq Scan on tickets" not in whole
    assert "SCAN tickets\n" not in whole + "\n"

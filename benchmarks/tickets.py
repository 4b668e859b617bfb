"""How fast are tickets with a long history behind them?

    python benchmarks/tickets.py sqlite       # 100,000 tickets
    python benchmarks/tickets.py postgresql   # 1,000,000 tickets, on a server that is started for it
    python benchmarks/tickets.py postgresql --tickets 50000

Nine in ten tickets are in one workspace, 97 in 100 are resolved; domains, wordings and causes are as uneven
as in life. Prints medians in milliseconds and exits with 1 when one is over its limit, or when PostgreSQL
would read the whole table for a listing. Limits: listing, similar and search 50 ms, insert 5 ms on
PostgreSQL; twice that on SQLite.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, event, insert, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.mask import mask
from bot.tickets.audit import write_audit
from bot.tickets.database import make_engine, migrate, reading
from bot.tickets.listing import numbers
from bot.tickets.memory import note_incident, similar
from bot.tickets.recording import record
from bot.tickets.stats import stats
from bot.tickets.store import TicketStore
from bot.tickets.tables import EVENTS, TICKETS, WORKSPACES
from bot.tickets.ticket import Filters, Status
from tests.databases import PostgreSQL

BIG = "T0BIG"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CAUSES = (
    "no-such-user",
    "mailbox-full",
    "policy-violation",
    "spam-content",
    "ip-blocklisted",
    "relay-denied",
    "greylisted",
)
PROVIDERS = ("google", "microsoft-365", "yahoo", "postfix", "exim", None)
RARE = tuple(f"rare-{number}" for number in range(200))
"""Providers with a ticket in ten thousand each."""
WORDS = [
    "recipient",
    "address",
    "rejected",
    "user",
    "unknown",
    "in",
    "virtual",
    "mailbox",
    "table",
    "service",
    "unavailable",
    "client",
    "host",
    "blocked",
    "using",
    "mailbox",
    "full",
    "quota",
    "exceeded",
    "relay",
    "access",
    "denied",
    "authentication",
    "required",
    "message",
    "considered",
    "spam",
    "content",
    "policy",
    "temporarily",
    "deferred",
    "try",
    "again",
    "later",
    "too",
    "many",
    "connections",
    "greylisted",
    "invalid",
    "domain",
    "not",
    "found",
    "no",
    "such",
    "host",
    "certificate",
    "verification",
    "failed",
    "sender",
    "verify",
    "unauthenticated",
    "message",
    "size",
    "limit",
    "attachment",
    "virus",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", choices=["sqlite", "postgresql"])
    parser.add_argument("--tickets", type=int)
    parser.add_argument("--times", type=int, default=60, help="how often each question is asked")
    arguments = parser.parse_args()
    count = arguments.tickets or (100_000 if arguments.database == "sqlite" else 1_000_000)
    with tempfile.TemporaryDirectory(prefix="fivefifty-bench-") as folder:
        if arguments.database == "sqlite":
            good = run(f"sqlite+aiosqlite:///{folder}/bench.db", count, arguments.times)
        else:
            with PostgreSQL(Path(folder), durable=True) as server, server.fresh_database() as url:
                good = run(url, count, arguments.times)
    sys.exit(0 if good else 1)


def run(url: str, count: int, times: int) -> bool:
    migrate(url)
    began = time.perf_counter()
    (load_sqlite if "sqlite" in url else load_postgresql)(url, count)
    print(f"{count:,} tickets loaded in {time.perf_counter() - began:.0f} s")
    return asyncio.run(measure(url, count, times))


async def measure(url: str, count: int, times: int) -> bool:
    engine = make_engine(url)
    store = TicketStore(engine, clock=lambda: NOW)
    chance = random.Random(550)
    factor = 2 if "sqlite" in url else 1
    last = (await store.list_tickets(BIG, limit=1)).tickets[0].number

    def listed(make: Callable[[], Filters]) -> Callable[[], Awaitable[Any]]:
        return lambda: store.list_tickets(BIG, make(), limit=20)

    async def insert_one() -> None:
        row = ticket_row(chance.randrange(10**9), BIG, 0, chance)
        diagnosis = json.loads(row["diagnosis"])
        key = f"{chance.random():.12f}"
        await record(
            store,
            BIG,
            "C0NEW",
            key,
            asker=row["asker"],
            thread_ts=key,
            diagnosis=diagnosis,
            raw_text=row["raw_text"] + key,
            masked_text=row["masked_text"],
            fingerprint=row["fingerprint"],
        )

    async def similar_one() -> None:
        ticket = await store.get(BIG, chance.randrange(max(1, last - 5000), last))
        await similar(store, ticket)

    async def similar_rare() -> None:
        ticket = await store.get(BIG, chance.randrange(max(1, last - 5000), last))
        await similar(store, replace(ticket, provider=chance.choice(RARE), mx_provider=chance.choice(RARE)))

    async def incident_one() -> None:
        await note_incident(store, await store.get(BIG, chance.randrange(max(1, last - 5000), last)))

    questions: dict[str, tuple[Callable[[], Awaitable[Any]], float]] = {
        "list all": (listed(Filters), 50),
        "list open": (listed(lambda: Filters(open_only=True)), 50),
        "list claimed": (listed(lambda: Filters(statuses=(Status.CLAIMED,))), 50),
        "list mine": (listed(lambda: Filters(person=f"U{chance.randrange(300)}")), 50),
        "list mine, open": (listed(lambda: Filters(person=f"U{chance.randrange(300)}", open_only=True)), 50),
        "list a cause": (listed(lambda: Filters(cause=chance.choice(CAUSES))), 50),
        "list a deep page": (
            lambda: store.list_tickets(BIG, Filters(), before=chance.randrange(2, last), limit=20),
            50,
        ),
        "search a common domain": (listed(lambda: Filters(domain=domain(0, chance))), 50),
        "search a rare domain": (listed(lambda: Filters(domain=f"d{chance.randrange(20_000)}.example")), 50),
        "search an address": (
            listed(lambda: Filters(address=f"u{chance.randrange(count)}@{domain(0, chance)}")),
            50,
        ),
        "search an IP": (listed(lambda: Filters(ip=address(chance.randrange(5_000)))), 50),
        "search common words": (listed(lambda: Filters(words="user unknown")), 50),
        "search two words": (listed(lambda: Filters(words=" ".join(chance.sample(WORDS, 2)))), 50),
        "search three words": (listed(lambda: Filters(words=" ".join(chance.sample(WORDS, 3)))), 50),
        "search words, open": (listed(lambda: Filters(words=chance.choice(WORDS), open_only=True)), 50),
        "search no such word": (listed(lambda: Filters(words="zebra")), 50),
        "search words and domain": (
            listed(lambda: Filters(words=chance.choice(WORDS), domain=domain(0, chance))),
            50,
        ),
        "similar": (similar_one, 50),
        "similar, rare providers": (similar_rare, 50),
        "incident": (incident_one, 50),
        "show one": (lambda: store.get(BIG, chance.randrange(1, last)), 50),
        "insert": (insert_one, 5),
        "stats of 30 days (no limit)": (lambda: stats(store, BIG), float("inf")),
    }

    async def floor() -> None:
        async with reading(engine) as connection:
            await connection.execute(text("SELECT 1"))

    async def commit() -> None:
        await write_audit(store.engine, team=BIG, who="U1", what="bench", detail={})

    floors = {
        "(SELECT 1, for comparison)": (floor, float("inf")),
        "(one row and a commit, likewise)": (commit, float("inf")),
    }
    questions = {**floors, **questions}
    good = True
    for name, (ask, limit) in questions.items():
        spent = []
        for _ in range(5 if "stats" in name else times):
            began = time.perf_counter()
            await ask()
            spent.append((time.perf_counter() - began) * 1000)
        median, best, worst = statistics.median(spent), min(spent), max(spent)
        fine = median <= limit * factor
        good = good and fine
        mark = "" if fine else f"   OVER {limit * factor:g}"
        print(f"{name:32} median {median:8.2f} ms   best {best:8.2f} ms   worst {worst:8.2f} ms{mark}")
    if "postgresql" in url:
        good = await plans(engine) and good
    await engine.dispose()
    return good


async def plans(engine: AsyncEngine) -> bool:
    """Say for each listing which indexes PostgreSQL uses; False when one reads the whole table."""
    good = True
    for filters in (
        Filters(),
        Filters(open_only=True),
        Filters(statuses=(Status.CLAIMED,)),
        Filters(person="U7"),
        Filters(owner="U7", open_only=True),
        Filters(cause="relay-denied"),
        Filters(domain="d77.example"),
        Filters(address="u1@d77.example"),
        Filters(ip="192.0.2.1"),
        Filters(words="relay greylisted"),
    ):
        query = numbers(BIG, filters, None, 21, "postgresql")
        compiled = query.compile(engine.sync_engine, compile_kwargs={"literal_binds": True})
        async with reading(engine) as connection:
            plan = "\n".join(
                await connection.scalars(text(f"EXPLAIN {str(compiled).replace(':', chr(92) + ':')}"))
            )
        whole = "Seq Scan on tickets" in plan
        used = sorted(
            {
                word
                for line in plan.splitlines()
                for word in line.split()
                if word.startswith(("ix_", "pk_", "uq_"))
            }
        )
        shown = {name: value for name, value in vars_of(filters).items() if value}
        print(f"plan {shown or 'all'}: {', '.join(used)}{'   READS THE WHOLE TABLE' if whole else ''}")
        good = good and not whole
    return await sent_plans(engine) and good


async def sent_plans(engine: AsyncEngine) -> bool:
    """The same for what similar cases, incidents and numbers send, with the values that they send."""
    store = TicketStore(engine, clock=lambda: NOW)
    ticket = (await store.list_tickets(BIG, limit=1)).tickets[0]
    good = True
    asks: dict[str, Callable[[], Awaitable[Any]]] = {
        "similar": lambda: similar(store, replace(ticket, provider="rare-7", mx_provider="google")),
        "incident": lambda: note_incident(store, replace(ticket, provider="google")),
        "stats": lambda: stats(store, BIG),
    }
    for name, ask in asks.items():
        sent: list[tuple[str, Any]] = []

        def note(
            _c: object,
            _cursor: object,
            statement: str,
            values: Any,
            *_: object,
            sent: list[tuple[str, Any]] = sent,
        ) -> None:
            if "tickets" in statement and statement.lstrip("( ").startswith("SELECT"):
                sent.append((statement, values))

        event.listen(engine.sync_engine, "before_cursor_execute", note)
        await ask()
        event.remove(engine.sync_engine, "before_cursor_execute", note)
        for statement, values in sent:
            async with reading(engine) as connection:
                rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
                plan = "\n".join(row[0] for row in rows)
            whole = "Seq Scan on tickets" in plan
            used = sorted({word for word in plan.split() if word.startswith(("ix_", "pk_", "uq_"))})
            print(f"plan of {name}: {', '.join(used)}{'   READS THE WHOLE TABLE' if whole else ''}")
            good = good and not whole
    return good


def vars_of(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in Filters.__dataclass_fields__}


def rows(count: int) -> Iterator[dict[str, Any]]:
    """The tickets, the oldest first. The same ones each time."""
    chance = random.Random(1)
    last: dict[str, int] = {}
    for place in range(count):
        team = BIG if chance.random() < 0.9 else f"T{chance.randrange(20)}"
        last[team] = last.get(team, 0) + 1
        yield ticket_row(place, team, last[team], chance, at=NOW - timedelta(seconds=20 * (count - place)))


def ticket_row(
    place: int, team: str, number: int, chance: random.Random, at: datetime = NOW
) -> dict[str, Any]:
    wording = WORDINGS[int(len(WORDINGS) * chance.random() ** 3)]
    cause = CAUSES[int(len(CAUSES) * chance.random() ** 2)]
    recipient_domain, sender_domain = domain(0, chance), domain(1, chance)
    recipient, sender = f"u{place}@{recipient_domain}", f"s{place % 70_000}@{sender_domain}"
    ip, provider = address(int(5_000 * chance.random() ** 2)), chance.choice(PROVIDERS)
    mx_provider = chance.choice(("google", "microsoft-365", None))
    if chance.random() < 0.02:
        provider = mx_provider = chance.choice(RARE)
    raw = f"550 5.1.1 <{recipient}>: {wording} ({ip})"
    facts = {
        "reply": "550",
        "status": "5.1.1",
        "recipient": recipient,
        "recipient_domain": recipient_domain,
        "sender": sender,
        "sender_domain": sender_domain,
        "sending_ip": ip,
        "rejecting_host": f"mx.{recipient_domain}",
        "provider": provider,
        "blocklist": None,
        "suggestion": None,
        "temporary": False,
    }
    diagnosis = {
        "schema": 1,
        "bounce": True,
        "cause": cause,
        "family": "recipient",
        "party": "sender",
        "confidence": 0.97,
        "variant": None,
        "matched_text": raw,
        "title": cause,
        "summary": "The server refused the message. " * 4,
        "steps": ["Do this, then that, and look whether it helped."] * 5,
        "facts": facts,
        "evidence": [],
        "results": [{"facts": facts, "text": raw}],
    }
    state = chance.random()
    status = (
        "resolved"
        if state < 0.97
        else "claimed"
        if state < 0.98
        else "escalated"
        if state < 0.985
        else "diagnosed"
    )
    masked = mask(wording)
    return {
        "team": team,
        "number": number,
        "status": status,
        "version": 1,
        "channel": f"C{place % 50}",
        "post_ts": f"{place}.0",
        "thread_ts": f"{place}.0",
        "asker": f"U{int(300 * chance.random() ** 2)}",
        "owner": f"U{chance.randrange(60)}"
        if status in ("claimed", "resolved") and chance.random() < 0.5
        else None,
        "cause": cause,
        "family": "recipient",
        "party": "sender",
        "confidence": 0.97,
        "reply": "550",
        "enhanced": "5.1.1",
        "provider": provider,
        "mx_provider": mx_provider,
        "recipient": recipient,
        "recipient_domain": recipient_domain,
        "sender": sender,
        "sender_domain": sender_domain,
        "sending_ip": ip,
        "diagnosis": json.dumps(diagnosis),
        "raw_text": raw,
        "bounce_key": sha256(raw.encode()).hexdigest(),
        "masked_text": masked,
        "fingerprint": sha256(masked.encode()).hexdigest(),
        "created_at": at,
        "updated_at": at,
        "resolved_at": at if status == "resolved" else None,
    }


def domain(kind: int, chance: random.Random) -> str:
    return f"d{int(20_000 * chance.random() ** 3) + kind}.example"


def address(number: int) -> str:
    return f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}"


def _wordings() -> list[str]:
    chance = random.Random(2)
    made = [" ".join(chance.choices(WORDS, k=chance.randrange(4, 14))) for _ in range(2_000)]
    return ["recipient address rejected user unknown", *made]


WORDINGS = _wordings()


def load_sqlite(url: str, count: int) -> None:
    engine = create_engine(make_url(url).set(drivername="sqlite"))
    with engine.begin() as connection:
        batch: list[dict[str, Any]] = []
        teams: dict[str, int] = {}
        for row in rows(count):
            row["diagnosis"] = json.loads(row["diagnosis"])
            if row["team"] not in teams:
                connection.execute(insert(WORKSPACES).values(team=row["team"], last_number=0, created_at=NOW))
            teams[row["team"]] = row["number"]
            batch.append(row)
            if len(batch) == 5_000:
                _flush(connection, batch)
        _flush(connection, batch)
        for team, number in teams.items():
            connection.execute(
                WORKSPACES.update().where(WORKSPACES.c.team == team).values(last_number=number)
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _flush(connection: Any, batch: list[dict[str, Any]]) -> None:
    if batch:
        connection.execute(insert(TICKETS), batch)
        connection.execute(insert(EVENTS), [_event(row) for row in batch])
        batch.clear()


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "team": row["team"],
        "number": row["number"],
        "seq": 1,
        "at": row["created_at"],
        "who": row["asker"],
        "what": "diagnosed",
        "source": "message",
        "detail": {},
    }


def load_postgresql(url: str, count: int) -> None:
    """COPY without the secondary indexes, which are made afterwards as they were."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('tickets', 'events') AND indexname !~ '^pk_'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')  # type: ignore[arg-type] # psycopg wants literals; the name is from the catalogue
        teams = [BIG, *(f"T{number}" for number in range(20))]
        for team in teams:
            connection.execute("INSERT INTO workspaces (team, created_at) VALUES (%s, now())", [team])
        columns = list(ticket_row(0, BIG, 1, random.Random(0)))
        with (
            connection.cursor() as cursor,
            cursor.copy(
                f"COPY tickets ({', '.join(columns)}) FROM STDIN"  # type: ignore[arg-type] # psycopg wants literals; the columns are our own
            ) as copy,
        ):
            for row in rows(count):
                copy.write_row([row[column] for column in columns])
        connection.execute(
            "INSERT INTO events (team, number, seq, at, who, what, source, detail) "
            "SELECT team, number, 1, created_at, asker, 'diagnosed', 'message', '{}' FROM tickets"
        )
        connection.execute(
            "UPDATE workspaces SET last_number = coalesce((SELECT max(number) FROM tickets "
            "WHERE tickets.team = workspaces.team), 0)"
        )
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE")
        # What was loaded is on the disk before anything is measured.
        connection.execute("CHECKPOINT")


if __name__ == "__main__":
    main()

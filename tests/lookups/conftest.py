"""What the look-up tests share: a catalogue without files, and an asker at a name server of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.core.model import Answer, Catalogue, Provider, Question
from bot.lookups.asker import Asker
from bot.lookups.resolver import Resolver
from bot.playground.nameserver import Fault, NameServer

CATALOGUE = Catalogue(
    causes={},
    variants=(),
    providers={
        "bigmail": Provider(id="bigmail", name="Bigmail", mx=("bigmail.example",), dkim_selectors=("big1",)),
    },
    blocklists=(
        {
            "id": "listy",
            "name": "Listy",
            "kind": "ip",
            "zone": "bl.listy.example",
            "ask": "default",
            "subjects": ["ipv4", "ipv6"],
            "match": "exact",
            "weight": "high",
            "listed": [
                {"code": "127.0.0.2", "list": "SPAM", "meaning": "spam source"},
                {
                    "code": "127.0.0.10-127.0.0.11",
                    "list": "POLICY",
                    "meaning": "dynamic range",
                    "blame": False,
                },
            ],
            "refused": [{"code": "127.0.0.250", "reason": "over the limit", "mend": "use a key"}],
            "ignored": ["127.0.0.5"],
            "aliases": ["listy"],
        },
        {
            "id": "domainy",
            "name": "Domainy",
            "kind": "domain",
            "zone": "dbl.listy.example",
            "keyed_zone": "{key}.dbl.keyed.example",
            "key_setting": "SPAMHAUS_DQS_KEY",
            "ask": "default",
            "subjects": ["domain"],
            "match": "bits",
            "weight": "medium",
            "listed": [{"bit": 2, "list": "BLACK", "meaning": "spam domain"}],
            "refused": [{"bit": 1, "reason": "query refused", "mend": "use an own resolver"}],
        },
        {
            "id": "deady",
            "name": "Deady",
            "kind": "ip",
            "zone": "dead.example",
            "ask": "never",
            "subjects": ["ipv4"],
            "status": {"state": "dead"},
        },
    ),
)
# The test entries of RFC 5782 section 5 for the lists above.
LISTS = """
$ORIGIN bl.listy.example.
2.0.0.127 A 127.0.0.2
$ORIGIN dbl.listy.example.
test A 127.0.0.2
$ORIGIN dbl.keyed.example.
test.sesame A 127.0.0.2
"""

Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def world() -> AsyncIterator[Callable[..., Awaitable[tuple[NameServer, Asker]]]]:
    """``await world(zones, *faults)`` gives a running name server and an Asker that asks it."""
    async with AsyncExitStack() as stack:

        async def make(
            zones: str = "",
            *faults: Fault,
            timeout: float = 0.5,  # noqa: ASYNC109 - of one question, handed on
            budget: float = 2.0,
            dqs_key: str | None = None,
            latency: float = 0.0,
            catalogue: Catalogue = CATALOGUE,
        ) -> tuple[NameServer, Asker]:
            server = await stack.enter_async_context(NameServer(zones, faults, latency=latency))
            resolver = Resolver([("127.0.0.1", server.port)], timeout=timeout)
            asker = Asker(resolver, catalogue, budget=budget, dqs_key=dqs_key)
            stack.push_async_callback(asker.close)
            return server, asker

        yield make


@pytest.fixture
async def ask(world: Callable[..., Awaitable[tuple[NameServer, Asker]]]) -> Ask:
    """``await ask(zones, check, subject, about)`` gives the one Answer."""

    async def one(
        zones: str, check: str, subject: str, about: str | None = None, faults: tuple[Fault, ...] = ()
    ) -> Answer:
        _, asker = await world(zones, *faults)
        (answer,) = await asker.ask([Question(check=check, subject=subject, about=about)])
        return answer

    return one

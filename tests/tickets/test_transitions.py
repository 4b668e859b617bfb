"""Transitions in the database: one winner, complete histories, nothing twice."""

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import TicketError
from bot.tickets.database import make_engine, migrate
from bot.tickets.recording import part
from bot.tickets.store import Change, TicketStore
from bot.tickets.ticket import Escalation, Outcome, Status, Urgency
from tests.databases import PostgreSQL
from tests.tickets.conftest import Clock
from tests.tickets.samples import a_ticket


async def escalated(store: TicketStore) -> None:
    await a_ticket(store)
    await store.escalate("T1", 1, Escalation(who="U1"))


async def test_a_whole_life(store: TicketStore, clock: Clock) -> None:
    """Every step leaves an event that says who, when, what and from where."""
    await a_ticket(store)
    clock.pass_by(minutes=1)
    form = Escalation(
        who="U1",
        steps=("Ask the recipient to make room.",),
        note="They are waiting",
        urgency=Urgency.HIGH,
        contact="+1 555 0100",
        collected=(("Whether others get through", "yes"),),
    )
    await store.escalate("T1", 1, form)
    await store.claim("T1", 1, "U2")
    await store.hand_over("T1", 1, "U2", "U3")
    await store.note("T1", 1, "U3", "The mailbox belongs to sales")
    await store.link("T1", 1, "U3", "https://tracker.example/browse/MAIL-7")
    outcome = Outcome(cause="mailbox-disabled", helped="Send it again later.", text="They left the company")
    await store.resolve("T1", 1, "U3", outcome, source="form")
    await store.reopen("T1", 1, "U1")
    ticket = await store.get("T1", 1)
    events = await store.events("T1", 1)
    await store.check("T1", 1)

    assert (ticket.status, ticket.owner, ticket.escalation) == (Status.CLAIMED, "U3", form)
    assert ticket.external_url == "https://tracker.example/browse/MAIL-7"
    assert [(event.who, event.what, event.source) for event in events] == [
        ("U1", "diagnosed", "message"),
        ("U1", "escalate", "form"),
        ("U2", "claim", "button"),
        ("U2", "hand_over", "form"),
        ("U3", "note", "form"),
        ("U3", "linked", "form"),
        ("U3", "resolve", "form"),
        ("U1", "reopen", "button"),
    ]
    assert events[1].at == clock()
    assert events[1].detail["from"] == "diagnosed"


async def test_the_outcome_is_kept(store: TicketStore) -> None:
    """How a ticket ended can be read later."""
    await a_ticket(store)
    outcome = Outcome(cause="mailbox-full", helped="Ask the recipient to make room.", text="done\x00")
    change = await store.resolve("T1", 1, "U1", outcome)

    assert change.ticket.outcome == Outcome(
        cause="mailbox-full", helped="Ask the recipient to make room.", text="done\ufffd"
    )


async def test_fifty_claims_at_once(store: TicketStore) -> None:
    """One agent wins; all others read who it was."""
    await escalated(store)
    results = await asyncio.gather(
        *(store.claim("T1", 1, f"A{number}") for number in range(50)), return_exceptions=True
    )
    winner = (await store.get("T1", 1)).owner
    changes = [result for result in results if isinstance(result, Change)]
    errors = [str(result) for result in results if isinstance(result, TicketError)]

    assert len(changes) == 1
    assert len(errors) == 49
    assert set(errors) == {f"Ticket 1 has already been claimed by <@{winner}>."}


async def test_the_same_button_fifty_times(store: TicketStore) -> None:
    """A person who hammers a button does it once."""
    await escalated(store)
    changes = await asyncio.gather(*(store.claim("T1", 1, "U2") for _ in range(50)))
    events = await store.events("T1", 1)

    assert sum(change.done for change in changes) == 1
    assert [event.what for event in events] == ["diagnosed", "escalate", "claim"]


async def test_the_same_note_twice(store: TicketStore) -> None:
    """A note that is sent twice in a row stands there once; another one in between makes it new."""
    await a_ticket(store)
    done = [
        (await store.note("T1", 1, "U1", text)).done for text in ("called", "called ", "mailed", "called")
    ]

    assert done == [True, False, True, True]


@pytest.mark.parametrize("text", ["", "  \n ", "\t"])
async def test_an_empty_note(store: TicketStore, text: str) -> None:
    """Nothing is said about nothing."""
    await a_ticket(store)
    with pytest.raises(TicketError, match="empty"):
        await store.note("T1", 1, "U1", text)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("javascript:alert(1)", id="javascript"),
        pytest.param("ftp://x.example", id="ftp"),
        pytest.param("https://x.example/a b", id="space"),
        pytest.param("https://x.example/\x00a", id="nul"),
        pytest.param("x", id="no scheme"),
        pytest.param("https://" + "x" * 2000, id="too long"),
    ],
)
async def test_a_link_that_is_none(store: TicketStore, url: str) -> None:
    """Only web addresses are linked."""
    await a_ticket(store)
    with pytest.raises(TicketError, match="http or https"):
        await store.link("T1", 1, "U1", url)


async def test_other_workspaces_tickets_cannot_be_moved(store: TicketStore) -> None:
    """Team B's ticket does not exist for team A, whatever A tries."""
    await escalated(store)
    for attempt in (
        store.claim("T2", 1, "U2"),
        store.resolve("T2", 1, "U2"),
        store.reopen("T2", 1, "U2"),
        store.hand_over("T2", 1, "U2", "U3"),
        store.note("T2", 1, "U2", "hello"),
        store.link("T2", 1, "U2", "https://x.example"),
        store.escalate("T2", 1, Escalation(who="U2")),
        store.set_answer("T2", 1, "9.9"),
        store.set_escalation_post("T2", 1, "C2", "9.9"),
        store.events("T2", 1),
        store.posts("T2", 1),
        part(store, "T2", "C1", "1.1", who="U2"),
    ):
        with pytest.raises(TicketError):
            await attempt

    assert await store.by_post("T2", "C1", "1.1") is None
    assert await store.post("T2", "C1", "1.1") is None
    assert (await store.get("T1", 1)).version == 2


@dataclass(frozen=True)
class Click:
    who: str
    verb: str
    wait: int
    """Turns of the event loop before it arrives: this is what interleaves them."""


CLICKS = st.lists(
    st.builds(
        Click,
        who=st.sampled_from(["U1", "U2", "U3", "U4"]),
        verb=st.sampled_from(["escalate", "claim", "hand_over", "resolve", "reopen", "note"]),
        wait=st.integers(0, 8),
    ),
    min_size=2,
    max_size=24,
)


async def click(store: TicketStore, number: int, each: Click) -> Change | TicketError:
    for _ in range(each.wait):
        await asyncio.sleep(0)
    try:
        match each.verb:
            case "escalate":
                return await store.escalate("T1", number, Escalation(who=each.who))
            case "claim":
                return await store.claim("T1", number, each.who)
            case "hand_over":
                return await store.hand_over("T1", number, each.who, "U4")
            case "resolve":
                return await store.resolve("T1", number, each.who)
            case "reopen":
                return await store.reopen("T1", number, each.who)
            case _:
                return await store.note("T1", number, each.who, f"{each.who} was here")
    except TicketError as error:
        return error


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_random_interleavings(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is clicked by whomever at once: what was reported as done stands in the history once, the
    rest changed nothing, and the state is what the history says."""

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(clicks=CLICKS)
    def interleave(clicks: list[Click]) -> None:
        asyncio.run(one_example(clicks))

    async def one_example(clicks: list[Click]) -> None:
        engine = make_engine(url)
        store = TicketStore(engine)
        try:
            counter.append(1)
            number = (await a_ticket(store, post_ts=f"{len(counter)}.0")).number
            results = await asyncio.gather(*(click(store, number, each) for each in clicks))
            events = await store.events("T1", number)
            await store.check("T1", number)
        finally:
            await engine.dispose()
        done = sorted(
            (each.who, each.verb)
            for each, result in zip(clicks, results, strict=True)
            if isinstance(result, Change) and result.done
        )

        assert done == sorted((event.who, event.what) for event in events[1:])

    counter: list[int] = []
    if kind == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('clicks')}/test.db"
        migrate(url)
        interleave()
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.fresh_database() as url:
            migrate(url)
            interleave()


async def test_two_hundred_agents_at_once(store: TicketStore) -> None:
    """Two hundred clicks on twenty tickets at the same moment: none lost, none doubled."""
    for number in range(1, 21):
        await a_ticket(store, post_ts=f"{number}.0", join=False)
        await store.escalate("T1", number, Escalation(who="U1"))
    results = await asyncio.gather(
        *(store.claim("T1", agent % 20 + 1, f"A{agent}") for agent in range(200)), return_exceptions=True
    )
    for number in range(1, 21):
        await store.check("T1", number)

    assert sum(isinstance(result, Change) and result.done for result in results) == 20
    assert sum(isinstance(result, TicketError) for result in results) == 180

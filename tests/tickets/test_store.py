"""Recording and finding tickets, on both databases."""

import asyncio

import pytest

from bot.core.errors import TicketError
from bot.tickets.database import reading
from bot.tickets.listing import numbers
from bot.tickets.recording import part
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Filters, Status
from tests.tickets.conftest import Clock
from tests.tickets.samples import FULL, a_diagnosis, a_ticket


async def test_the_first_ticket(store: TicketStore) -> None:
    """A ticket keeps the diagnosis, its facts, who asked and where."""
    ticket = await a_ticket(store)

    assert (ticket.number, ticket.status, ticket.version) == (1, Status.DIAGNOSED, 1)
    assert (ticket.asker, ticket.channel, ticket.post_ts) == ("U1", "C1", "1.1")
    assert (ticket.cause, ticket.reply, ticket.enhanced) == ("mailbox-full", "552", "5.2.2")
    assert (ticket.recipient, ticket.recipient_domain) == ("jane@example.org", "example.org")
    assert ticket.diagnosis == a_diagnosis()
    assert ticket.raw_text == FULL
    assert await store.get("T1", 1) == ticket


async def test_the_same_post_twice(store: TicketStore) -> None:
    """A retried event finds the ticket that is there."""
    first = await a_ticket(store)
    second = await a_ticket(store)

    assert second == first


async def test_two_workspaces_count_apart(store: TicketStore) -> None:
    """Numbers begin with 1 in each workspace, and the same channel and ts are two posts."""
    await a_ticket(store, "T1")
    other = await a_ticket(store, "T2")

    assert (other.team, other.number) == ("T2", 1)


async def test_numbers_have_no_gaps_under_concurrency(store: TicketStore) -> None:
    """Sixty posts at once, each delivered twice, get the numbers 1 to 60."""
    posts = [f"{number}.0" for number in range(60)] * 2
    tickets = await asyncio.gather(*(a_ticket(store, post_ts=post, join=False) for post in posts))

    assert sorted({ticket.number for ticket in tickets}) == list(range(1, 61))
    assert len({(ticket.post_ts, ticket.number) for ticket in tickets}) == 60


async def test_an_unknown_number(store: TicketStore) -> None:
    """A number that was never given, or could not be, is said to be missing."""
    for number in (1, 0, -1, 2**31, 10**30):
        with pytest.raises(TicketError, match=f"no ticket {number}"):
            await store.get("T1", number)


async def test_the_answer_is_remembered(store: TicketStore) -> None:
    """The bot's own message is found again for its updates."""
    await a_ticket(store)
    await store.set_answer("T1", 1, "1.2")

    assert (await store.get("T1", 1)).message_ts == "1.2"


async def test_an_answer_to_nothing(store: TicketStore) -> None:
    """An answer of a ticket that does not exist is an error, not a silent nothing."""
    with pytest.raises(TicketError):
        await store.set_answer("T1", 7, "1.2")


async def test_a_newer_diagnosis(store: TicketStore) -> None:
    """The look-ups' diagnosis replaces the first one, with an event that says what changed."""
    await a_ticket(store)
    newer = a_diagnosis(cause="mailbox-disabled")
    await store.update_diagnosis("T1", 1, newer)
    after = await store.update_diagnosis("T1", 1, newer)
    events = await store.events("T1", 1)

    assert (after.cause, after.diagnosis) == ("mailbox-disabled", newer)
    assert [event.what for event in events] == ["diagnosed", "looked_up"]
    assert events[1].detail == {"from": "mailbox-full", "cause": "mailbox-disabled"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("550 \x00 broken", id="nul"),
        pytest.param("550 \ud800 broken", id="lone surrogate"),
        pytest.param("550 " + "x" * 1_000_000, id="one megabyte"),
        pytest.param("550 '); DROP TABLE tickets; --", id="sql"),
        pytest.param("550 ünïcode 😀 \u202e", id="unicode"),
        pytest.param("", id="empty"),
    ],
)
async def test_hostile_text_is_kept(store: TicketStore, text: str) -> None:
    """Whatever is pasted can be stored, in the text, the facts and the diagnosis, and comes back."""
    diagnosis = a_diagnosis(text, recipient=text[:2000] + "@example.org")
    ticket = await a_ticket(store, text=text, diagnosis=diagnosis)
    again = await store.get("T1", 1)

    assert again == ticket
    assert again.raw_text is not None
    assert len(again.raw_text) == len(text)
    assert "\x00" not in again.raw_text


async def test_a_second_person_joins(store: TicketStore) -> None:
    """The very same bounce from somebody else within a day has no ticket of its own."""
    await a_ticket(store)
    joined = await a_ticket(store, post_ts="2.1", asker="U2", text=FULL.replace(" ", "\n "))
    post = await store.post("T1", "C1", "2.1")
    by_post = await store.by_post("T1", "C1", "2.1")

    assert (joined.number, joined.asker) == (1, "U1")
    assert post is not None
    assert (post.joined, post.asker, post.number) == (True, "U2", 1)
    assert by_post == joined
    assert [each.post_ts for each in await store.posts("T1", 1)] == ["1.1", "2.1"]
    assert [event.what for event in await store.events("T1", 1)] == ["diagnosed", "joined"]


async def test_the_answer_to_a_joined_post(store: TicketStore) -> None:
    """Each post keeps the answer in its own thread."""
    await a_ticket(store)
    await store.set_answer("T1", 1, "1.2", post_ts="1.1")
    await a_ticket(store, post_ts="2.1", asker="U2")
    await store.set_answer("T1", 1, "2.2", post_ts="2.1")

    assert [each.message_ts for each in await store.posts("T1", 1)] == ["1.2", "2.2"]


@pytest.mark.parametrize(
    "case", ["same person", "other text", "a day later", "resolved", "other team", "no recipient"]
)
async def test_who_does_not_join(store: TicketStore, clock: Clock, case: str) -> None:
    """Anything but the same bounce from a second person within a day gets a ticket of its own."""
    bare = a_diagnosis(recipient=None, recipient_domain=None) if case == "no recipient" else None
    await a_ticket(store, diagnosis=bare)
    if case == "a day later":
        clock.pass_by(days=1, seconds=1)
    if case == "resolved":
        await store.resolve("T1", 1, "U1")
    second = await a_ticket(
        store,
        "T2" if case == "other team" else "T1",
        post_ts="2.1",
        asker="U1" if case == "same person" else "U2",
        text=FULL + " indeed" if case == "other text" else FULL,
        diagnosis=bare,
    )

    assert second.post_ts == "2.1"
    assert second.asker == ("U1" if case == "same person" else "U2")


async def test_parting(store: TicketStore) -> None:
    """A joined post can be given its own ticket, once, with the next number."""
    await a_ticket(store)
    await a_ticket(store, post_ts="2.1", asker="U2")
    await store.set_answer("T1", 1, "2.2", post_ts="2.1")
    parted = await asyncio.gather(*(part(store, "T1", "C1", "2.1", who="U2") for _ in range(5)))
    post = await store.post("T1", "C1", "2.1")
    next_one = await a_ticket(store, post_ts="3.1", join=False)

    assert {ticket.number for ticket in parted} == {2}
    assert (parted[0].asker, parted[0].message_ts, parted[0].cause) == ("U2", "2.2", "mailbox-full")
    assert post is not None
    assert not post.joined
    assert next_one.number == 3
    assert [event.what for event in await store.events("T1", 1)] == ["diagnosed", "joined", "parted"]


async def test_parting_what_never_joined(store: TicketStore) -> None:
    """A post with its own ticket keeps it; an unknown one is an error."""
    first = await a_ticket(store)

    assert await part(store, "T1", "C1", "1.1", who="U1") == first
    with pytest.raises(TicketError, match="no ticket"):
        await part(store, "T1", "C1", "9.9", who="U1")


async def test_paging(store: TicketStore) -> None:
    """Pages are in order, without overlap, and the last one says that it is the last."""
    for number in range(1, 8):
        await a_ticket(store, post_ts=f"{number}.0")
    first = await store.list_tickets("T1", limit=3)
    second = await store.list_tickets("T1", before=first.next, limit=3)
    third = await store.list_tickets("T1", before=second.next, limit=3)

    assert [[ticket.number for ticket in page.tickets] for page in (first, second, third)] == [
        [7, 6, 5],
        [4, 3, 2],
        [1],
    ]
    assert (first.next, second.next, third.next) == (5, 2, None)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(Filters(), [4, 3, 2, 1], id="all"),
        pytest.param(Filters(open_only=True), [4, 3, 2], id="open"),
        pytest.param(Filters(statuses=(Status.RESOLVED,)), [1], id="resolved"),
        pytest.param(Filters(statuses=(Status.RESOLVED, Status.DIAGNOSED)), [4, 3, 2, 1], id="two statuses"),
        pytest.param(Filters(person="U2"), [3], id="person"),
        pytest.param(Filters(owner="U2"), [], id="owner"),
        pytest.param(Filters(cause="no-such-user"), [2], id="cause"),
        pytest.param(Filters(domain="example.org"), [4, 3, 1], id="recipient domain"),
        pytest.param(Filters(domain="sender.example"), [2], id="sender domain"),
        pytest.param(Filters(address="jane@example.org"), [4, 3, 1], id="address"),
        pytest.param(Filters(address="bob@sender.example"), [2], id="sender address"),
        pytest.param(Filters(ip="203.0.113.9"), [2], id="ip"),
        pytest.param(Filters(words="user unknown"), [2], id="words"),
        pytest.param(Filters(words="MAILBOX  full!"), [4, 3, 1], id="words in other letters"),
        pytest.param(Filters(words="mailbox nonsense"), [], id="a word that is nowhere"),
        pytest.param(Filters(words="1234"), [], id="only a number"),
        pytest.param(Filters(words='" OR 1=1 -- ) ( * NEAR:'), [], id="query syntax"),
        pytest.param(Filters(domain="example.org", open_only=True, words="mailbox"), [4, 3], id="several"),
        pytest.param(Filters(person="U1", domain="example.org"), [4, 1], id="two alternatives"),
    ],
)
async def test_filters(store: TicketStore, filters: Filters, expected: list[int]) -> None:
    """Every filter finds its tickets, the newest first, and only those of the workspace."""
    await a_ticket(store, post_ts="1.0")
    other = a_diagnosis(
        cause="no-such-user",
        recipient="jo@other.example",
        recipient_domain="other.example",
        sender="bob@sender.example",
        sender_domain="sender.example",
        sending_ip="203.0.113.9",
    )
    await a_ticket(store, post_ts="2.0", text="550 5.1.1 User unknown", diagnosis=other)
    await a_ticket(store, post_ts="3.0", asker="U2", join=False)
    await a_ticket(store, post_ts="4.0", join=False)
    await a_ticket(store, "T2", post_ts="1.0")
    await store.resolve("T1", 1, "U1")
    page = await store.list_tickets("T1", filters)

    assert [ticket.number for ticket in page.tickets] == expected
    assert {ticket.team for ticket in page.tickets} <= {"T1"}


async def test_words_with_paging(store: TicketStore) -> None:
    """A search goes on where its page ended."""
    for number in range(1, 6):
        await a_ticket(store, post_ts=f"{number}.0")
    first = await store.list_tickets("T1", Filters(words="mailbox"), limit=2)
    second = await store.list_tickets("T1", Filters(words="mailbox"), before=first.next, limit=2)

    assert [ticket.number for ticket in first.tickets + second.tickets] == [5, 4, 3, 2]


async def test_words_are_looked_for_part_by_part(store: TicketStore) -> None:
    """The newest tickets, then recent numbers, then all: each part finds its own, and all finds everything."""
    for number in range(1, 11):
        said = "552 mailbox full" if number % 3 == 0 else "550 user unknown"
        await a_ticket(store, post_ts=f"{number}.0", text=said)
    filters = Filters(words="mailbox")
    parts: list[dict[str, int]] = [{"window": 3}, {"window": 100}, {"above": 5}, {}]
    found = []
    async with reading(store.engine) as connection:
        for part in parts:
            query = numbers("T1", filters, None, 21, connection.dialect.name, **part)
            found.append(list(await connection.scalars(query)))

    assert found == [[9], [9, 6, 3], [9, 6], [9, 6, 3]]

"""What is watched: kept once, looked at by one, told from its last look on; and never another team's."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.core.errors import TicketError
from bot.core.model import Answer, Outcome, Question
from bot.tickets import rights
from bot.tickets.database import downgrade, migrate, reading
from bot.tickets.store import TicketStore
from bot.tickets.watches import (
    LEASE,
    MOST,
    Kind,
    Place,
    Watch,
    end_watch,
    keep_look,
    note_told,
    put_back,
    put_off,
    set_watch,
    take_due,
    watch_of,
    watch_there,
    watches_of,
)
from tests.tickets.conftest import Clock
from tests.tickets.samples import a_ticket

IP = "203.0.113.9"


def said(outcome: Outcome = Outcome.FOUND, zone: str = "bl.listy.example", detail: str = "listed") -> Answer:
    question = Question(check="blocklist", subject=IP, about=zone)
    return Answer(question=question, outcome=outcome, detail=detail, values=("127.0.0.2",))


async def a_watch(
    store: TicketStore, team: str = "T1", *, subject: str = IP, kind: Kind = Kind.OWN, **more: Any
) -> Watch:
    at = store.clock()
    place = Place(
        channel=more.pop("channel", "C1"),
        thread_ts=more.pop("thread_ts", None),
        number=more.pop("number", None),
    )
    values = {"who": "U1", "answers": (said(),), "at": at, "due_at": at + timedelta(hours=1), **more}
    watch, _ = await set_watch(store.engine, team, kind, subject, place, **values)
    return watch


async def test_a_watch_comes_back_as_it_was_set(store: TicketStore) -> None:
    """With the answers of the last look."""
    watch = await a_watch(store, ends_at=store.clock() + timedelta(days=14))

    assert await watch_of(store.engine, "T1", watch.id) == watch
    assert await watches_of(store.engine, "T1") == (watch,)
    assert watch.answers == (said(),)
    assert watch.look is None


async def test_the_same_is_watched_once(store: TicketStore) -> None:
    """Ten people at once set one watch; another channel, kind or thing is another one."""
    first = await asyncio.gather(*(a_watch(store) for _ in range(10)))
    await a_watch(store, channel="C2")
    await a_watch(store, kind=Kind.CASE)
    await a_watch(store, subject="our.example")

    assert len({watch.id for watch in first}) == 1
    assert len(await watches_of(store.engine, "T1")) == 4


async def test_a_case_is_watched_once(store: TicketStore) -> None:
    """Whatever it is watched for."""
    await a_ticket(store)
    first = await a_watch(store, kind=Kind.CASE, number=1)
    second = await a_watch(store, kind=Kind.CASE, number=1, subject="our.example")

    assert second == first
    assert await watch_there(store.engine, "T1", Kind.CASE, "", Place(channel="C1", number=1)) == first
    assert await watch_there(store.engine, "T1", Kind.CASE, "", Place(channel="C1", number=2)) is None


async def test_the_limit_of_a_workspace(store: TicketStore) -> None:
    """Also for many at once; another workspace has its own, and an ended one makes room."""
    tries = [a_watch(store, subject=f"d{number}.example") for number in range(MOST + 5)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in found if isinstance(each, TicketError)]
    await a_watch(store, "T2")
    kept = await watches_of(store.engine, "T1")
    await end_watch(store.engine, "T1", kept[0].id)
    await a_watch(store, subject="one-more.example")

    assert len(refused) == 5
    assert "/bounce watch" in str(refused[0])
    assert len(kept) == MOST


async def test_a_look_is_taken_by_one(store: TicketStore, clock: Clock) -> None:
    """Not before it is due; who dies with it loses it after the lease."""
    watch = await a_watch(store)
    early = await take_due(store.engine, clock(), limit=4)
    clock.pass_by(hours=1)
    taken = await asyncio.gather(*(take_due(store.engine, clock(), limit=4) for _ in range(8)))
    clock.now += LEASE
    again = await take_due(store.engine, clock(), limit=4)

    assert early == ()
    assert [each.id for each in sum(taken, ())] == [watch.id]
    assert [each.id for each in again] == [watch.id]


async def test_a_look_that_was_put_off(store: TicketStore, clock: Clock) -> None:
    """It is due at its new time, and the same put off twice moves once."""
    await a_watch(store)
    clock.pass_by(hours=1)
    (watch,) = await take_due(store.engine, clock(), limit=4)
    await put_off(store.engine, watch, clock() + timedelta(days=1))
    await put_off(store.engine, watch, clock() + timedelta(days=9))
    clock.pass_by(hours=23)
    early = await take_due(store.engine, clock(), limit=4)
    clock.pass_by(hours=1)

    assert early == ()
    assert len(await take_due(store.engine, clock(), limit=4)) == 1


async def test_few_are_taken_at_once(store: TicketStore, clock: Clock) -> None:
    """Those that wait longest."""
    for number in range(6):
        await a_watch(store, subject=f"d{number}.example", due_at=clock() + timedelta(minutes=60 - number))
    clock.pass_by(hours=2)
    first = await take_due(store.engine, clock(), limit=4)

    assert [watch.subject for watch in first] == [f"d{number}.example" for number in (5, 4, 3, 2)]
    assert len(await take_due(store.engine, clock(), limit=4)) == 2


async def test_of_two_looks_one_counts(store: TicketStore) -> None:
    """The one that is kept first; the same one again is no other; after it, the next begins from it."""
    watch = await a_watch(store)
    clean = said(Outcome.ABSENT)

    async def keep(look: str, after: str | None) -> bool:
        return await keep_look(store.engine, "T1", watch.id, look=look, after=after, answers=(clean,))

    assert await keep("a", None)
    assert await keep("a", None)
    assert not await keep("b", None)
    assert await keep("b", "a")
    assert (await watches_of(store.engine, "T1"))[0].answers == (clean,)


async def test_an_ended_watch_keeps_nothing(store: TicketStore) -> None:
    """A look that was under way when it was cancelled has nothing to tell."""
    watch = await a_watch(store)

    assert await end_watch(store.engine, "T1", watch.id)
    assert not await end_watch(store.engine, "T1", watch.id)
    assert not await keep_look(store.engine, "T1", watch.id, look="a", after=None, answers=())
    assert await watch_of(store.engine, "T1", watch.id) is None
    await put_back(store.engine, "T1", watch.id, look="b", answers=(said(),))


async def test_what_was_not_told_is_put_back(store: TicketStore) -> None:
    """Into what another look has kept since."""
    watch = await a_watch(store, answers=(said(), said(zone="other.example")))
    other = said(Outcome.ABSENT, "other.example")
    await keep_look(store.engine, "T1", watch.id, look="a", after=None, answers=(other,))
    for _ in range(2):
        await put_back(store.engine, "T1", watch.id, look="a:back", answers=(said(),))
    found = await watch_of(store.engine, "T1", watch.id)

    assert found is not None
    assert set(found.answers) == {other, said()}
    assert found.look == "a:back"


async def test_hostile_words_are_kept(store: TicketStore) -> None:
    """NULs, lone surrogates and megabytes in records of strangers do no harm."""
    hostile = said(detail="\x00\ud800<!channel>" + "x" * 1_000_000)
    watch = await a_watch(store, subject="a" * 1_000 + "\x00", answers=(hostile,))
    found = await watch_of(store.engine, "T1", watch.id)

    assert found is not None
    assert len(found.answers[0].detail) > 1_000_000
    assert "\x00" not in found.subject + found.answers[0].detail


async def test_down_and_up_with_watches(store: TicketStore, database_url: str) -> None:
    """The table can be taken away and made again; tickets stay."""
    await a_ticket(store)
    await a_watch(store, kind=Kind.CASE, number=1)
    downgrade(database_url, "0001")
    async with reading(store.engine) as connection:
        before = await connection.scalar(text("SELECT count(*) FROM tickets"))
    migrate(database_url)
    await a_watch(store)

    assert before == 1
    assert len(await watches_of(store.engine, "T1")) == 1


async def test_erasing_ends_watches(store: TicketStore, clock: Clock) -> None:
    """That of an erased ticket, and all of a workspace that has uninstalled; others stay."""
    await a_ticket(store)
    await a_watch(store, kind=Kind.CASE, number=1)
    own = await a_watch(store)
    other = await a_watch(store, "T2")
    await rights.erase_post(store, "T1", "C1", "1.1")
    after_post = await watches_of(store.engine, "T1")
    await rights.forget_person(store, "T1", "U1", who="cli")
    forgotten = await watches_of(store.engine, "T1")
    await rights.erase_workspace(store, "T1")

    assert [watch.id for watch in after_post] == [own.id]
    assert [watch.who for watch in forgotten] == ["deleted"]
    assert await watches_of(store.engine, "T1") == ()
    assert await watches_of(store.engine, "T2") == (other,)


@pytest.fixture
def statements(store: TicketStore) -> Iterator[list[str]]:
    """Every statement that the store's engine sends."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(" ".join(statement.split()))

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("deleted", "left"), [("1.1", "2.2"), ("2.2", "1.1")], ids=["first", "joined"])
async def test_a_message_is_deleted_that_is_not_alone(store: TicketStore, deleted: str, left: str) -> None:
    """What is watched in its thread is watched no longer; the case goes on in the others' threads."""
    await a_ticket(store)
    await a_ticket(store, post_ts="2.2", asker="U2")
    for thread in ("1.1", "2.2"):
        await a_watch(store, kind=Kind.CASE, number=1, thread_ts=thread)
    await rights.erase_post(store, "T1", "C1", deleted)

    assert [watch.thread_ts for watch in await watches_of(store.engine, "T1")] == [left]


async def test_a_workspace_never_touches_another(
    store: TicketStore, clock: Clock, statements: list[str]
) -> None:
    """The id of one team's watch is nothing to another; every statement but "what is due" names the team."""
    watch = await a_watch(store)
    await a_ticket(store)
    await a_watch(store, "T2", subject="theirs.example")
    assert await watch_of(store.engine, "T2", watch.id) is None
    assert await watch_there(store.engine, "T2", Kind.OWN, IP, Place(channel="C1")) is None
    assert not await end_watch(store.engine, "T2", watch.id)
    assert not await keep_look(store.engine, "T2", watch.id, look="a", after=None, answers=())
    await put_back(store.engine, "T2", watch.id, look="a", answers=())
    await note_told(store.engine, "T2", watch.id, "1.1")
    clock.pass_by(hours=1)
    for due in await take_due(store.engine, clock(), limit=4):
        await put_off(store.engine, due, due.due_at)
    ours = [sent for sent in statements if "watches" in sent and not sent.startswith("INSERT")]
    without = [sent for sent in ours if "team = " not in sent.partition(" WHERE ")[2]]

    assert await watches_of(store.engine, "T1") == (watch,)
    assert len(ours) > 8
    assert all("due_at <= " in sent for sent in without)

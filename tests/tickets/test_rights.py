"""Personal data: what goes, when, and what stays."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.errors import UninstalledError
from bot.core.mask import mask
from bot.tickets.database import make_engine, migrate, reading
from bot.tickets.memory import note_incident
from bot.tickets.reminders import take_due
from bot.tickets.rights import (
    cleaned_diagnosis,
    erase_old,
    erase_post,
    erase_workspace,
    forget_person,
    without_addresses,
)
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Escalation, Outcome
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.tickets.conftest import Clock
from tests.tickets.samples import FULL, a_diagnosis, a_ticket

SECRETS = (
    "jane@example.org",
    "jane%40example.org",
    "bob@sender.example",
    "203.0.113.9",
    "2001:db8::7",
    "+1 555 0100",
)


async def a_full_ticket(store: TicketStore, **more: str) -> None:
    said = "550 5.1.1 <jane@example.org>: from 203.0.113.9 and 2001:db8::7 of bob@sender.example"
    diagnosis = a_diagnosis(
        said, sender="bob@sender.example", sender_domain="sender.example", sending_ip="203.0.113.9"
    )
    ticket = await a_ticket(store, text=said, diagnosis=diagnosis, **more)
    number = ticket.number
    form = Escalation(
        who="U1", note="ask bob@sender.example", contact="+1 555 0100", collected=(("IP", "203.0.113.9"),)
    )
    await store.escalate("T1", number, form)
    await store.note("T1", number, "U2", "jane@example.org is on holiday")
    await store.link("T1", number, "U2", "https://desk.example/search?q=jane%40example.org")
    await store.resolve(
        "T1", number, "U2", Outcome(helped="wrote to jane@example.org", text="bob@sender.example")
    )


async def everything(store: TicketStore) -> str:
    """All columns of all tables as one text."""
    found = []
    async with reading(store.engine) as connection:
        for table in ("tickets", "events", "joins", "corrections", "reminders", "workspaces", "audit"):
            rows = await connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - names of ours
            found += [json.dumps([str(cell) for cell in row]) for row in rows]
    return "\n".join(found)


async def test_after_the_retention_time(store: TicketStore, clock: Clock) -> None:
    """Nothing that names a person is left in any table; facts, masked text and counts are."""
    await a_full_ticket(store)
    before = await everything(store)
    clock.pass_by(days=30, seconds=1)
    erased = await erase_old(store, 30)
    again = await erase_old(store, 30)
    after = await everything(store)
    ticket = await store.get("T1", 1)
    await store.check("T1", 1)

    assert (erased, again) == (1, 0)
    assert all(secret in before for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in after] == []
    assert (ticket.raw_text, ticket.recipient, ticket.sender, ticket.sending_ip) == (None, None, None, None)
    assert (ticket.cause, ticket.reply, ticket.recipient_domain) == ("mailbox-full", "552", "example.org")
    assert "<address>" in ticket.masked_text
    assert ticket.erased_at == clock()


@pytest.mark.parametrize("how", ["time", "deletion", "person", "uninstalling"])
async def test_the_files_of_sqlite(tmp_path: Path, clock: Clock, how: str) -> None:
    """What was erased is in none of them, while the program runs."""
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    migrate(url)
    store = TicketStore(make_engine(url), clock=clock)
    await a_full_ticket(store)
    before = files(tmp_path)
    if how == "time":
        clock.pass_by(days=31)
        await erase_old(store, 30)
    elif how == "deletion":
        await erase_post(store, "T1", "C1", "1.1")
    elif how == "person":
        await forget_person(store, "T1", "jane@example.org", who="cli")
    else:
        await erase_workspace(store, "T1")
    after = files(tmp_path)
    await store.engine.dispose()

    assert all(secret.encode() in before for secret in SECRETS)
    assert [secret for secret in SECRETS if secret.encode() in after] == []


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_before_the_retention_time(store: TicketStore, clock: Clock) -> None:
    """Nothing is erased a second too early."""
    await a_full_ticket(store)
    clock.pass_by(days=30)

    assert await erase_old(store, 30) == 0
    assert (await store.get("T1", 1)).raw_text is not None


async def test_a_workspaces_own_retention(store: TicketStore, clock: Clock) -> None:
    """The settings of a workspace count for its tickets alone."""
    await a_full_ticket(store)
    await a_ticket(store, "T2")
    await save_settings(store.engine, "T1", WorkspaceSettings(retention_days=7), who="U9", at=clock())
    clock.pass_by(days=8)
    erased = await erase_old(store, 30)

    assert erased == 1
    assert (await store.get("T1", 1)).raw_text is None
    assert (await store.get("T2", 1)).raw_text is not None


async def test_many_old_tickets(store: TicketStore, clock: Clock) -> None:
    """Erasing goes on over its batches."""
    for number in range(450):
        await a_ticket(store, post_ts=f"{number}.0")
    clock.pass_by(days=31)

    assert await erase_old(store, 30) == 450


async def test_what_is_written_into_an_erased_ticket(store: TicketStore, clock: Clock) -> None:
    """It goes as well, when it is as old itself, and not a second earlier."""
    await a_ticket(store)
    clock.pass_by(days=31)
    await erase_old(store, 30)
    clock.pass_by(minutes=1)
    await store.escalate("T1", 1, Escalation(who="U1", note="ask bob@sender.example", contact="+1 555 0100"))
    await store.note("T1", 1, "U2", "jane@example.org is on holiday")
    clock.pass_by(days=30)
    early = await erase_old(store, 30)
    clock.pass_by(seconds=1)
    late = [await erase_old(store, 30) for _ in range(3)]
    after = await everything(store)

    assert early == 0
    assert late == [1, 0, 0]
    assert [secret for secret in SECRETS if secret in after] == []


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://desk.example/tickets/12?view=a%20b", True),
        ("https://desk.example/find?q=jane@example.org", False),
        ("https://desk.example/find?q=jane%40example.org&sort=new", False),
        ("https://desk.example/from/203.0.113.9", False),
    ],
)
async def test_a_link_that_names_somebody(store: TicketStore, clock: Clock, url: str, kept: bool) -> None:
    """A link to an outside ticket stays, unless an address stands in it."""
    await a_ticket(store)
    await store.link("T1", 1, "U2", url)
    clock.pass_by(days=31)
    await erase_old(store, 30)

    assert (await store.get("T1", 1)).external_url == (url if kept else None)
    assert (url in await everything(store)) is kept


async def test_forgetting_an_address_in_a_link(store: TicketStore) -> None:
    """It is found as links write it, too."""
    await a_ticket(store, text="552 full", diagnosis=a_diagnosis("552 full", recipient=None))
    await store.link("T1", 1, "U2", "https://desk.example/find?q=Ann%40example.net")
    count = await forget_person(store, "T1", "ann@example.net", who="cli")

    assert count == 1
    assert "ann" not in (await everything(store)).lower()


async def test_uninstalling_after_something_was_written_into_an_erased_ticket(
    store: TicketStore, clock: Clock
) -> None:
    """That goes as well, at once."""
    await a_ticket(store)
    clock.pass_by(days=31)
    await erase_old(store, 30)
    clock.pass_by(minutes=1)
    await store.note("T1", 1, "U2", "jane@example.org is on holiday")
    count = await erase_workspace(store, "T1")

    assert count == 1
    assert "jane@example.org" not in await everything(store)


async def test_forgetting_an_address_in_an_erased_ticket(store: TicketStore, clock: Clock) -> None:
    """What was written after the erasure is found when somebody asks to be forgotten."""
    await a_ticket(store)
    clock.pass_by(days=31)
    await erase_old(store, 30)
    await store.resolve("T1", 1, "U2", Outcome(helped="rang jane@example.org", text="see Jane@Example.org"))
    count = await forget_person(store, "T1", "jane@example.org", who="cli")

    assert count == 1
    assert "jane@example.org" not in (await everything(store)).lower()


async def test_an_address_that_cannot_be_recognized(store: TicketStore) -> None:
    """A ticket that names it even after erasing makes no endless loop."""
    await a_ticket(store, text='552 <"a b"@c> full', diagnosis=a_diagnosis('552 <"a b"@c> full'))

    assert await forget_person(store, "T1", 'b"@c', who="cli") == 1


@pytest.mark.parametrize("person", ["jürgen@example.org", "'o\"brien'@example.org", "用户@例子.example"])
async def test_forgetting_an_address_that_json_writes_in_escapes(store: TicketStore, person: str) -> None:
    """Named in a note alone, or as the second recipient of a report, it is found all the same."""
    diagnosis = a_diagnosis("550 5.1.1 no such user")
    other = {**diagnosis["results"][0], "recipient": person}
    await a_ticket(store, diagnosis={**diagnosis, "results": [*diagnosis["results"], other]})
    await a_ticket(store, post_ts="2.2", join=False)
    await store.note("T1", 2, "U2", f"wrote to {person}")
    count = await forget_person(store, "T1", person, who="cli")
    ticket, events = await store.get("T1", 1), await store.events("T1", 2)

    assert count == 1
    assert person not in str(ticket.diagnosis)
    assert person not in str(events)


async def test_only_escalated_posts_are_drawn_anew(store: TicketStore, clock: Clock) -> None:
    """A ticket without a post in the escalation channel promises nothing at its retention; two posts are
    apart by two seconds."""
    for number in (1, 2, 3):
        await a_ticket(store, post_ts=f"{number}.0")
    for number in (1, 3):
        await store.escalate("T1", number, Escalation(who="U1"), channel="C9")
        await store.set_escalation_post("T1", number, "C9", f"9.{number}")
    clock.pass_by(days=31)
    await erase_old(store, 30)
    due = [
        each for each in await take_due(store.engine, clock() + timedelta(minutes=1)) if each.kind != "news"
    ]

    assert [(each.number, each.kind, (each.due_at - clock()).seconds) for each in due] == [
        (1, "redraw", 0),
        (3, "redraw", 2),
    ]


async def test_the_flag_of_an_uninstalled_workspace(store: TicketStore, clock: Clock) -> None:
    """It stands until a ticket or saved settings show that the app is there again."""
    await a_full_ticket(store)
    await erase_workspace(store, "T1")
    gone = await uninstalled(store)
    clock.pass_by(seconds=2)
    await a_ticket(store, post_ts="2.0")
    back = await uninstalled(store)
    await erase_workspace(store, "T1")
    await save_settings(
        store.engine, "T1", WorkspaceSettings(retention_days=7), who="U9", at=datetime.now(UTC)
    )

    assert (gone, back, await uninstalled(store)) == (True, False, False)


@pytest.mark.parametrize("known", [True, False], ids=["with tickets", "unknown until then"])
async def test_what_was_asked_before_an_uninstallation_is_not_recorded_after_it(
    store: TicketStore, clock: Clock, known: bool
) -> None:
    """An answer may have been under way in another process. Who asks after the next installation is answered."""
    if known:
        await a_full_ticket(store)
    heard = clock.now
    clock.pass_by(seconds=2)
    await erase_workspace(store, "T1")
    clock.pass_by(seconds=2)
    with pytest.raises(UninstalledError):
        await a_ticket(store, post_ts="2.0", asked_at=heard)
    gone = await uninstalled(store)
    ticket = await a_ticket(store, post_ts="3.0", asked_at=clock.now)

    assert gone
    assert ticket.number == (2 if known else 1)
    assert not await uninstalled(store)


async def test_tickets_that_are_recorded_while_the_app_is_uninstalled(
    store: TicketStore, clock: Clock
) -> None:
    """Twenty at once: each was recorded before and is erased, or is not recorded any more."""
    recording = [a_ticket(store, post_ts=f"{place}.0", join=False, asked_at=clock.now) for place in range(20)]
    done = await asyncio.gather(
        *recording[:10], erase_workspace(store, "T1"), *recording[10:], return_exceptions=True
    )
    kept = (await store.list_tickets("T1", limit=50)).tickets

    assert [
        each for each in done if isinstance(each, Exception) and not isinstance(each, UninstalledError)
    ] == []
    assert [ticket.number for ticket in kept if ticket.raw_text or ticket.recipient] == []
    assert await uninstalled(store)


async def test_an_incident_of_a_workspace_that_has_left(store: TicketStore, clock: Clock) -> None:
    """A ticket of before opens none any more, and the workspace stays one that has left."""
    for place in range(5):
        ticket = await a_ticket(
            store,
            post_ts=f"{place}.0",
            diagnosis=a_diagnosis(provider="google", sender=f"u{place}@example.net"),
        )
    clock.pass_by(seconds=2)
    await erase_workspace(store, "T1")

    assert await note_incident(store, ticket) is None
    assert await uninstalled(store)


async def uninstalled(store: TicketStore) -> bool:
    async with reading(store.engine) as connection:
        return (
            await connection.scalar(text("SELECT uninstalled_at FROM workspaces WHERE team = 'T1'"))
        ) is not None


async def test_a_deleted_message(store: TicketStore) -> None:
    """Its text and addresses go at once; other tickets stay."""
    await a_full_ticket(store)
    await a_ticket(store, post_ts="2.0")
    number = await erase_post(store, "T1", "C1", "1.1")

    assert number == 1
    assert (await store.get("T1", 1)).raw_text is None
    assert (await store.get("T1", 2)).raw_text is not None


async def test_a_deleted_message_that_had_joined(store: TicketStore) -> None:
    """Only its place is forgotten."""
    await a_ticket(store)
    await a_ticket(store, post_ts="2.0", asker="U2")
    await erase_post(store, "T1", "C1", "2.0")

    assert await store.post("T1", "C1", "2.0") is None
    assert (await store.get("T1", 1)).raw_text is not None


async def test_a_deleted_message_that_others_have_joined(store: TicketStore) -> None:
    """The ticket goes on as the first of theirs, with the text that they have posted, too; the last one takes it
    with it."""
    await a_ticket(store)
    await a_ticket(store, post_ts="2.0", asker="U2")
    await a_ticket(store, post_ts="3.0", asker="U3")
    await store.set_answer("T1", 1, "2.1", post_ts="2.0")
    await erase_post(store, "T1", "C1", "1.1")
    ticket = await store.get("T1", 1)
    posts = [(post.post_ts, post.joined) for post in await store.posts("T1", 1)]
    gone = await store.post("T1", "C1", "1.1")
    events = await store.events("T1", 1)
    for ts in ("2.0", "3.0"):
        await erase_post(store, "T1", "C1", ts)

    assert ticket.raw_text is not None
    assert (ticket.asker, ticket.post_ts, ticket.message_ts) == ("U2", "2.0", "2.1")
    assert posts == [("2.0", False), ("3.0", True)]
    assert gone is None
    assert (events[-1].what, events[-1].detail) == ("passed_on", {"to": "U2"})
    assert (await store.get("T1", 1)).raw_text is None


async def test_messages_of_a_ticket_that_are_deleted_at_once(store: TicketStore) -> None:
    """Whoever is first, no text stays, and the ticket is erased once."""
    await a_ticket(store)
    for place in range(2, 8):
        await a_ticket(store, post_ts=f"{place}.0", asker=f"U{place}")
    stamps = [post.post_ts for post in await store.posts("T1", 1)]
    await asyncio.gather(*(erase_post(store, "T1", "C1", ts) for ts in stamps * 2))
    events = await store.events("T1", 1)

    assert (await store.get("T1", 1)).raw_text is None
    assert [event.what for event in events].count("erased") == 1
    assert len({event.seq for event in events}) == len(events)


async def test_the_same_bounce_is_pasted_while_the_first_message_is_deleted(store: TicketStore) -> None:
    """Whoever is first: the second person's text stays, in the first one's ticket or in their own."""
    for number in range(30):
        text = f"552 5.2.2 <jane@example.org>: Mailbox full {number}"
        await a_ticket(store, post_ts=f"{number}.1", text=text)

        async def paste(number: int = number, text: str = text) -> None:
            await asyncio.sleep((number % 10) * 0.0007)
            await a_ticket(store, post_ts=f"{number}.2", asker="U2", text=text)

        await asyncio.gather(erase_post(store, "T1", "C1", f"{number}.1"), paste())
    kept = [await store.by_post("T1", "C1", f"{number}.2") for number in range(30)]

    assert [ticket.number for ticket in kept if ticket is None or ticket.raw_text is None] == []


async def test_a_deleted_message_of_another_workspace(store: TicketStore) -> None:
    """The same channel and ts in another workspace is another message."""
    await a_full_ticket(store)

    assert await erase_post(store, "T2", "C1", "1.1") is None
    assert (await store.get("T1", 1)).raw_text is not None


async def test_uninstalling(store: TicketStore) -> None:
    """Everything that names a person goes, of this workspace alone."""
    await a_full_ticket(store)
    await a_ticket(store, "T2")
    await erase_workspace(store, "T1")

    assert (await store.get("T1", 1)).raw_text is None
    assert (await store.get("T2", 1)).raw_text is not None


async def test_forgetting_an_address(store: TicketStore) -> None:
    """The tickets that name it are erased; the others stay."""
    await a_full_ticket(store)
    said = "552 <else@example.org> full"
    await a_ticket(store, post_ts="2.0", text=said, diagnosis=a_diagnosis(said, recipient="else@example.org"))
    await a_ticket(
        store,
        post_ts="3.0",
        text="550 two failed: x@x.example, JANE@example.org",
        diagnosis=a_diagnosis(said),
    )
    await store.note("T1", 2, "U2", "not the same as jane@example.org")
    count = await forget_person(store, "T1", "Jane@Example.org", who="cli")
    after = await everything(store)

    assert count == 2
    assert "jane@example.org" not in after.lower()
    assert (await store.get("T1", 2)).recipient == "else@example.org"


async def test_forgetting_a_slack_user(store: TicketStore) -> None:
    """Their id is in no table any more, and the histories still fit their tickets."""
    await a_full_ticket(store, asker="UGONE")
    await a_ticket(store, post_ts="2.0", asker="U1")
    await store.escalate("T1", 2, Escalation(who="UGONE"))
    await store.claim("T1", 2, "UGONE")
    await store.hand_over("T1", 2, "UGONE", "U5")
    await store.hand_over("T1", 2, "U5", "UGONE")
    await forget_person(store, "T1", "UGONE", who="cli")
    after = await everything(store)
    await store.check("T1", 1)
    await store.check("T1", 2)

    assert "UGONE" not in after
    assert (await store.get("T1", 2)).owner == "deleted"


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("write to jane@example.org.", "write to (erased)"),
        ("<jane@example.org>", "<(erased)>"),
        ("from 203.0.113.9:25 and [2001:db8::1]", "from (erased):25 and [(erased)]"),
        ("::1 and fe80::1", "(erased) and (erased)"),
        ("version 1.2.3 at 10:30:15", "version 1.2.3 at 10:30:15"),
        ("550 5.1.1 code", "550 5.1.1 code"),
        ("a @ b", "a @ b"),
        ('no "jane doe"@example.org here', "no (erased) here"),
        ('said "no" to jane@example.org', 'said "no" to (erased)'),
        ("999.999.999.999", "999.999.999.999"),
    ],
)
def test_addresses_in_texts(said: str, cleaned: str) -> None:
    """Mail and IP addresses go, what only looks like one stays."""
    assert without_addresses({"a": [said]}) == {"a": [cleaned]}


def test_hostile_texts_are_cleaned_in_time() -> None:
    """No text makes the patterns go back and forth."""
    for bait in ("a@" * 200_000, "@" * 400_000, ":" * 400_000, "1.1.1." * 100_000, "a" * 400_000 + "@"):
        without_addresses(bait)


def test_a_cleaned_diagnosis_is_still_one() -> None:
    """It keeps the contract's shape: cause, codes and domains stay."""
    from bot.core.wire import from_json

    once = cleaned_diagnosis(a_diagnosis())
    diagnosis = from_json(once)

    assert diagnosis.first is not None
    assert diagnosis.first.cause == "mailbox-full"
    assert diagnosis.first.facts.recipient is None
    assert diagnosis.first.facts.recipient_domain == "example.org"
    assert diagnosis.first.text == diagnosis.first.matched_text == mask(FULL)
    assert "jane" not in repr(diagnosis)
    assert cleaned_diagnosis(once) == once


@pytest.mark.parametrize(
    ("around", "named"),
    [
        pytest.param("550 <{}>: unknown", True, id="brackets"),
        pytest.param("{}\nwas refused", True, id="a line of its own"),
        pytest.param("to:\n{}\n550 unknown", True, id="behind the end of a line"),
        pytest.param("550 no {}. Sorry", True, id="the end of a sentence"),
        pytest.param("550 é\u2028{} unknown", True, id="behind a rare sign"),
        pytest.param("550 https://example.net/?to=%20{}", True, id="a link"),
        pytest.param("550 <d{}>: unknown", False, id="the end of another"),
        pytest.param("550 <jo.{}>: unknown", False, id="the end of one with a dot"),
        pytest.param("550 <{}.uk>: unknown", False, id="the beginning of another"),
        pytest.param("550 <{}-x.example>: unknown", False, id="of another domain"),
    ],
)
async def test_forgetting_no_one_else(store: TicketStore, around: str, named: bool) -> None:
    """Only the whole address is one's own."""
    await a_ticket(store, text=around.format("an@example.org"))
    count = await forget_person(store, "T1", "an@example.org", who="cli")

    assert count == named

"""What a workspace knows already: similar cases, corrections, incidents."""

import asyncio
from typing import Any

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.errors import TicketError
from bot.core.mask import fingerprint
from bot.core.model import NOT_A_BOUNCE, Party
from bot.core.wire import as_json, from_json
from bot.diagnose import Diagnoser
from bot.tickets.corrections import (
    Correction,
    as_found_out,
    correct,
    corrected,
    correction_of,
    with_cause,
)
from bot.tickets.memory import incident_of, note_incident, notes, recall, similar, similar_lines
from bot.tickets.recording import part
from bot.tickets.reminders import take_due
from bot.tickets.reply import Letter, draft
from bot.tickets.rights import erase_post
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Outcome, Ticket
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.tickets.conftest import Clock
from tests.tickets.samples import FULL, a_diagnosis, a_ticket

TITLES = {"mailbox-full": "Mailbox full", "mailbox-disabled": "Mailbox disabled"}


async def test_similar_cases(store: TicketStore, clock: Clock) -> None:
    """Cases of this week with the same domain, by what they turned out to be."""
    await a_ticket(store, post_ts="1.0")
    await store.resolve("T1", 1, "U1", Outcome(cause="mailbox-disabled", helped="Wrote to another address."))
    clock.pass_by(days=6)
    await a_ticket(store, post_ts="2.0")
    last = await a_ticket(store, post_ts="3.0")
    lines = similar_lines(await similar(store, last), TITLES, {})

    assert lines[0].startswith(
        "2 earlier cases with this wording this week: 1 × Mailbox full, 1 × Mailbox disabled"
    )
    assert lines[0].endswith("What helped: Wrote to another address.")
    assert any("with example.org" in line for line in lines)


@pytest.mark.parametrize(
    ("helped", "shown"),
    [
        ("Reached <jane@customer.example> by phone.", "Reached <the address> by phone."),
        ("Asked whose server it is (203.0.113.9).", "Asked whose server it is (the address)."),
        ("Reached (erased) by phone.", "Reached the address by phone."),
    ],
    ids=["mail", "IP", "erased since"],
)
async def test_what_helped_names_nobody(store: TicketStore, helped: str, shown: str) -> None:
    """A step that was filled in for another customer may stand in a thread that strangers read."""
    await a_ticket(store, post_ts="1.0")
    await store.resolve("T1", 1, "U1", Outcome(cause="mailbox-disabled", helped=helped))
    last = await a_ticket(store, post_ts="2.0")
    lines = similar_lines(await similar(store, last), TITLES, {})

    assert lines[0].endswith(f"What helped: {shown}")


async def with_mail_at(
    store: TicketStore, number: int, mx_provider: str, domain: str, **facts: Any
) -> Ticket:
    """A ticket about a domain whose MX is this provider's."""
    known = a_diagnosis(recipient=f"jane@{domain}", recipient_domain=domain, **facts)
    await a_ticket(store, post_ts=f"{number}.0", diagnosis=known, text=f"552 full {domain}", join=False)
    return await store.set_mx_provider("T1", number, mx_provider)


async def test_similar_by_mx_provider(store: TicketStore, clock: Clock) -> None:
    """Cases of other domains with the same provider behind their MX, from three of a week on."""
    await with_mail_at(store, 1, "google", "old.example")
    clock.pass_by(days=7, seconds=1)
    await with_mail_at(store, 2, "google", "a.example")
    await with_mail_at(store, 3, "mimecast", "b.example")
    third = await with_mail_at(store, 4, "google", "c.example")
    await with_mail_at(store, 5, "google", "d.example")
    last = await with_mail_at(store, 6, "google", "e.example")
    few = similar_lines(await similar(store, third), TITLES, {})
    enough = similar_lines(await similar(store, last), TITLES, {"google": "Google"})

    assert few == []
    assert enough == ["3 earlier cases with mail at Google this week: all “Mailbox full” (latest: ticket 5)."]


async def test_one_line_about_providers(store: TicketStore) -> None:
    """Who refused and who runs the mail are mostly the same: one line is enough."""
    for number in range(1, 6):
        last = await with_mail_at(store, number, "google", f"d{number}.example", provider="google")
    lines = similar_lines(await similar(store, last), TITLES, {})

    assert len(lines) == 1
    assert "with mail at google" in lines[0]


async def test_a_parted_ticket_keeps_the_provider(store: TicketStore) -> None:
    """What was looked up for the shared case is true of the parted one."""
    await a_ticket(store)
    await store.set_mx_provider("T1", 1, "google")
    await a_ticket(store, post_ts="2.0", asker="U2")

    assert (await part(store, "T1", "C1", "2.0", who="U2")).mx_provider == "google"


async def test_a_provider_for_a_ticket_that_is_not_there(store: TicketStore) -> None:
    """Nothing is made up for it."""
    with pytest.raises(TicketError):
        await store.set_mx_provider("T1", 7, "google")


async def test_similar_cases_are_what_they_were_corrected_to(store: TicketStore) -> None:
    """What we said counts only where nobody has found out anything else."""
    for number in (1, 2, 3):
        await a_ticket(store, post_ts=f"{number}.0")
    await correct(store, "T1", 1, "U1", "mailbox-disabled")
    await correct(store, "T1", 2, "U1", "mailbox-disabled")
    await store.resolve("T1", 2, "U1", Outcome(cause="relay-denied"))
    last = await a_ticket(store, post_ts="4.0")
    (domain,) = [each for each in await similar(store, last) if each.what == "recipient_domain"]

    assert dict(domain.causes) == {"mailbox-disabled": 1, "relay-denied": 1, "mailbox-full": 1}


async def test_last_weeks_cases_are_not_similar(store: TicketStore, clock: Clock) -> None:
    """What is older than a week is not told."""
    await a_ticket(store, post_ts="1.0")
    clock.pass_by(days=7, seconds=1)

    assert await similar(store, await a_ticket(store, post_ts="2.0")) == ()


async def test_the_first_case(store: TicketStore) -> None:
    """Nothing is said where nothing is known."""
    ticket = await a_ticket(store)

    assert await notes(store, ticket, None, load_catalogue()) == []


async def test_a_later_case_is_not_an_earlier_one(store: TicketStore) -> None:
    """Looking at an old ticket does not count what came after it."""
    first = await a_ticket(store, post_ts="1.0")
    await a_ticket(store, post_ts="2.0")

    assert await similar(store, first) == ()


def a_correction(**more: Any) -> Correction:
    values: dict[str, Any] = {
        "number": 7,
        "was": "mailbox-full",
        "cause": "relay-denied",
        "comment": "",
        "who": "U1",
        "at": Clock().now,
        "confirmed": True,
        "times": 1,
        **more,
    }
    return Correction(**values)


def test_a_confirmed_correction_takes_over() -> None:
    """Cause, family, party, texts and reason are the team's; the facts and the evidence stay."""
    catalogue = load_catalogue()
    before = from_json(a_diagnosis())
    after = corrected(before, a_correction(), catalogue)
    first = after.first

    assert first is not None
    assert (first.cause, first.family) == ("relay-denied", "routing")
    assert first.party is Party.SENDER
    assert after.title == catalogue.causes["relay-denied"].title
    assert after.evidence == before.evidence
    assert before.first is not None
    assert first.facts == before.first.facts
    assert "ticket 7" in after.notices[0]
    assert first.variant is None


BY_THUNDERBIRD = (
    "An error occurred while sending mail. The mail server responded: 554 5.7.1 <jane@gmial.com>: Relay access"
    " denied. Please check the message recipient jane@gmial.com and try again."
)


def test_a_corrected_answer_is_made_as_a_first_one() -> None:
    """It knows the mail program that the bounce names, and the slip of the pen in the address."""
    catalogue = load_catalogue()
    diagnoser = Diagnoser(catalogue)
    first = diagnoser.first(diagnoser.read(BY_THUNDERBIRD))
    wrong = from_json(as_json(with_cause(first, "mailbox-full", catalogue)))
    after = corrected(wrong, a_correction(was="mailbox-full"), catalogue)

    assert first.program == "thunderbird"
    assert any(step.startswith("Thunderbird: ") for step in first.steps)
    assert after.steps == first.steps
    assert (after.steps_by, after.guide, after.links) == (first.steps_by, first.guide, first.links)


@pytest.mark.parametrize("erased", [False, True], ids=["kept", "erased"])
async def test_a_ticket_of_before_steps_had_readers(store: TicketStore, erased: bool) -> None:
    """Its own steps stay; who can take which is as the knowledge base has it, so that letters have steps."""
    catalogue = load_catalogue()
    kept = a_diagnosis()
    del kept["steps_by"], kept["guide"], kept["program"]
    await a_ticket(store, diagnosis=kept)
    if erased:
        await erase_post(store, "T1", "C1", "1.1")
    diagnosis = await as_found_out(store, await store.get("T1", 1), catalogue)

    assert diagnosis.steps == ("Ask the recipient to make room.", "Send it again later.")
    assert set(diagnosis.steps_by) == {step.by for step in catalogue.causes["mailbox-full"].steps}
    assert "\n1. " in draft(diagnosis, Letter.CUSTOMER_WAITS, providers={}).body


@pytest.mark.parametrize(
    "correction",
    [
        pytest.param(a_correction(confirmed=False), id="not confirmed"),
        pytest.param(a_correction(cause="no-longer-known"), id="unknown cause"),
        pytest.param(a_correction(cause="mailbox-full"), id="the same cause"),
    ],
)
def test_what_changes_nothing(correction: Correction) -> None:
    """Only a confirmed correction to another cause of the knowledge base takes over."""
    before = from_json(a_diagnosis())

    assert corrected(before, correction, load_catalogue()) == before


def test_a_wording_that_is_no_bounce() -> None:
    """Where the team has confirmed that, there is no result, and the answer says whose idea it is."""
    after = corrected(from_json(a_diagnosis()), a_correction(cause=NOT_A_BOUNCE), load_catalogue())

    assert not after.bounce
    assert after.results == ()
    assert "ticket 7" in after.summary


async def test_as_found_out(store: TicketStore) -> None:
    """What people have found out about a ticket counts in the order of weight: the outcome, the correction,
    what we said."""
    catalogue = load_catalogue()
    causes = []
    for step in ("nothing", "corrected", "resolved", "another's correction"):
        if step == "nothing":
            await a_ticket(store)
        elif step == "corrected":
            await correct(store, "T1", 1, "U1", "relay-denied")
        elif step == "resolved":
            await store.resolve("T1", 1, "U1", Outcome(cause="mailbox-disabled"))
        else:
            await a_ticket(store, "T2")
            await correct(store, "T2", 1, "U1", "spam-content")
        diagnosis = await as_found_out(store, await store.get("T1", 1), catalogue)
        causes.append(diagnosis.first.cause if diagnosis.first else None)

    assert causes == ["mailbox-full", "relay-denied", "mailbox-disabled", "mailbox-disabled"]


async def test_the_newest_confirmed_correction_counts(store: TicketStore, clock: Clock) -> None:
    """A later unconfirmed one does not push it away; a later confirmed one does."""
    for number in (1, 2, 3):
        await a_ticket(store, post_ts=f"{number}.0")
    wanted = []
    for number, cause, sure in (
        (1, "relay-denied", True),
        (2, "spam-content", False),
        (3, "server-error", True),
    ):
        clock.pass_by(minutes=1)
        await correct(store, "T1", number, "U1", cause, confirm=sure)
        found = await correction_of(store.engine, "T1", fingerprint(FULL))
        wanted.append(found.cause if found else None)
    diagnosis = await recall(store, load_catalogue(), "T1", from_json(a_diagnosis()))

    assert wanted == ["relay-denied", "relay-denied", "server-error"]
    assert diagnosis.first is not None
    assert diagnosis.first.cause == "server-error"


async def test_correcting_twice_is_correcting_once(store: TicketStore) -> None:
    """The same correction again adds nothing to the history."""
    await a_ticket(store)
    done = [(await correct(store, "T1", 1, "U1", "relay-denied", " why ")).done for _ in range(3)]

    assert done == [True, False, False]
    assert [event.what for event in await store.events("T1", 1)] == ["diagnosed", "corrected"]


async def customer(store: TicketStore, number: int, **facts: Any) -> Ticket:
    known = {"provider": "google", "sender": f"s{number}@s.example", **facts}
    return await a_ticket(store, post_ts=f"{number}.0", diagnosis=a_diagnosis(**known), join=False)


async def test_an_incident(store: TicketStore, clock: Clock) -> None:
    """The customer who makes the number full opens it; the next ones, within an hour of each other, do not."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=3), who="U9", at=clock())
    opened = []
    for number in range(1, 7):
        clock.pass_by(minutes=19)
        ticket = await customer(store, number)
        opened.append(await note_incident(store, ticket) is not None)
    due = await take_due(store.engine, clock())

    assert opened == [False, False, True, False, False, False]
    assert [(each.kind, each.number) for each in due] == [("incident", 3)]
    found = await incident_of(store, await store.get("T1", 3))
    assert found is not None
    assert (found.provider, found.cause, found.customers) == ("google", "mailbox-full", 4)


async def test_after_a_quiet_hour_there_is_a_new_incident(store: TicketStore, clock: Clock) -> None:
    """What begins again is told again."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=2), who="U9", at=clock())
    opened = []
    for number in range(1, 5):
        clock.pass_by(minutes=5 if number != 3 else 120)
        opened.append(await note_incident(store, await customer(store, number)) is not None)

    assert opened == [False, True, False, True]


@pytest.mark.parametrize(
    "facts", [{"sender": "same@s.example"}, {"provider": None}, {"cause": "unknown", "family": "none"}],
    ids=["one customer", "no provider", "unknown cause"],
)  # fmt: skip
async def test_what_is_no_incident(store: TicketStore, clock: Clock, facts: dict[str, Any]) -> None:
    """One customer with many mails, an unknown provider or an unknown cause make none."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=2), who="U9", at=clock())

    for number in range(1, 6):
        assert await note_incident(store, await customer(store, number, **facts)) is None


async def test_an_incident_behind_the_mx(store: TicketStore, clock: Clock) -> None:
    """Where a bounce does not say who refused, who runs the recipient's mail counts; both are one place."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=3), who="U9", at=clock())
    opened = []
    for number in range(1, 5):
        clock.pass_by(minutes=1)
        facts = {"provider": "google" if number == 2 else None, "sender": f"s{number}@s.example"}
        ticket = await with_mail_at(store, number, "google", f"d{number}.example", **facts)
        opened.append(await note_incident(store, ticket))
    found = await incident_of(store, await store.get("T1", 3))

    assert [each is not None for each in opened] == [False, False, True, False]
    assert found is not None
    assert (found.provider, found.customers) == ("google", 4)


async def test_a_refusal_by_somebody_else_is_no_incident_there(store: TicketStore, clock: Clock) -> None:
    """A filter in front refused: that is not counted for who runs the mail behind it."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=2), who="U9", at=clock())
    for number in range(1, 4):
        facts = {"provider": f"filter{number}", "sender": f"s{number}@s.example"}
        ticket = await with_mail_at(store, number, "google", f"d{number}.example", **facts)

        assert await note_incident(store, ticket) is None


async def test_many_at_once_open_one_incident(store: TicketStore, clock: Clock) -> None:
    """Twenty workers that see it at the same moment announce it once."""
    await save_settings(store.engine, "T1", WorkspaceSettings(incident_customers=2), who="U9", at=clock())
    tickets = [await customer(store, number) for number in range(1, 21)]
    opened = await asyncio.gather(*(note_incident(store, ticket) for ticket in tickets))

    assert sum(each is not None for each in opened) == 1

"""Lists, cards, numbers and the Home tab."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.tickets.rights import erase_old
from tests.e2e.running import NO_SUCH_USER, RELAY_DENIED
from tests.slack.tickets.conftest import Desk


async def ask(desk: Desk, user: str, words: str) -> str:
    """What ``/bounce words`` says to one person."""
    before = len(desk.slack.ephemerals(user))
    await desk.slack.slash(user, "support", words)
    await desk.settle()
    said = await desk.slack.wait_for(lambda: desk.slack.ephemerals(user)[before:])
    return said[-1].words


async def test_lists(desk: Desk) -> None:
    """Open, mine, by domain, address, state, cause and words."""
    await desk.paste("alice", NO_SUCH_USER.format(name="one"))
    relay = await desk.paste("bob", RELAY_DENIED.format(name="two").replace("example.org", "example.net"))
    await desk.press(relay, "diagnosis_solved", "bob")
    said = {
        words: await ask(desk, "alice", f"tickets {words}".strip())
        for words in (
            "",
            "all",
            "mine",
            "example.net",
            "two@example.net",
            "resolved",
            "relay access",
            "user unknown",
            "nowhere.example",
        )
    }

    assert "one@example.org" in said[""]
    assert "two@example.net" not in said[""]
    assert "one@example.org" in said["all"]
    assert "two@example.net" in said["all"]
    assert "two@example.net" not in said["mine"]
    assert "one@example.org" not in said["example.net"]
    assert "two@example.net" in said["two@example.net"]
    assert "two@example.net" in said["resolved"]
    assert "two@example.net" in said["relay access"]
    assert "one@example.org" in said["user unknown"]
    assert "There are none" in said["nowhere.example"]
    assert not desk.slack.refusals


async def test_paging(desk: Desk) -> None:
    """The button goes to the older ones, in place."""
    for number in range(12):
        await desk.slack.post("alice", "support", NO_SUCH_USER.format(name=f"user{number}"))
    await desk.bot.quiet()
    await ask(desk, "alice", "tickets")
    first = desk.slack.ephemerals("alice")[-1]
    await desk.press(first, "ticket_page", "alice")
    second = desk.slack.ephemerals("alice")[-1]

    assert first.words.count("@example.org") == 10
    assert second.words.count("@example.org") == 2
    assert "ticket_page" not in second.actions


async def test_paging_through_words_of_another_script(desk: Desk) -> None:
    """Many of them fit into the button for the older ones."""
    for number in range(11):
        text = f"550 5.1.1 <user{number}@example.org>: User unknown (адрес неизвестен)"
        await desk.slack.post("alice", "support", text)
    await desk.bot.quiet()
    await ask(desk, "alice", "tickets " + "адрес неизвестен " * 28)
    await desk.press(desk.slack.ephemerals("alice")[-1], "ticket_page", "alice")

    assert desk.slack.ephemerals("alice")[-1].words.count("@example.org") == 1


async def test_a_card(desk: Desk) -> None:
    """A whole ticket with its history, as a message and as a window."""
    answer = await desk.paste()
    written = {"note": "They are waiting", "urgency": "high", "contact": "ring Ann", "collect_0": "as in May"}
    case = await desk.escalate(answer, **written)
    await desk.fill(case, "ticket_note", "bob", {"note": "internal words"})
    card = await ask(desk, "bob", "ticket 1")
    await ask(desk, "bob", "tickets")
    await desk.press(desk.slack.ephemerals("bob")[-1], "ticket_open", "bob")
    view = await desk.slack.modal("bob", callback_id="ticket_view")

    for words in ("Ticket 1", "someone@example.org", "They are waiting", "internal words", "escalated it"):
        assert words in card
    for words in ("High: customers cannot work", "ring Ann", "as in May"):
        assert words in card
    assert "internal words" in str(view)
    assert not desk.slack.refusals


@pytest.mark.parametrize("words", ["ticket", "ticket x", "ticket 99", "ticket -1", "ticket " + "9" * 50])
async def test_a_card_that_is_not_there(desk: Desk, words: str) -> None:
    """A wrong number gets one clear line."""
    said = await ask(desk, "alice", words)

    assert said.startswith(("There is no ticket", "Say which one"))


@pytest.mark.parametrize("words", ["tickets", "ticket 1", "stats"])
async def test_guests_see_nothing(desk: Desk, words: str) -> None:
    """Guests may ask, but tickets are not shown to them."""
    await desk.paste("dave")

    assert await ask(desk, "dave", words) == "Only full members of this workspace see tickets."


async def test_numbers(desk: Desk) -> None:
    """What came, what is open, what was corrected."""
    answer = await desk.paste("alice")
    await desk.paste("bob", RELAY_DENIED.format(name="two"))
    await desk.press(answer, "diagnosis_solved", "alice")
    said = await ask(desk, "alice", "stats")

    assert "Open now: 1 (1 answered)" in said
    assert "Asked: 2" in said
    assert "Resolved: 1" in said


async def test_home(desk: Desk) -> None:
    """My tickets, the team's, and numbers; for guests only how to ask."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await desk.press(case, "ticket_claim", "bob")
    for user in ("alice", "bob", "carol", "dave"):
        await desk.slack.open_home(user)
    await desk.settle()
    homes = {
        user: await desk.slack.wait_for(lambda user=user: desk.slack.home(user))
        for user in ("alice", "bob", "carol", "dave")
    }

    assert "You have no open ticket" in str(homes["carol"])
    assert "someone@example.org" in str(homes["carol"])
    # Alice has asked, Bob has claimed: it is both's.
    assert "You have no open ticket" not in str(homes["alice"]) + str(homes["bob"])
    assert "someone@example.org" not in str(homes["dave"])
    assert not desk.slack.refusals


async def test_hostile_words(desk: Desk) -> None:
    """A query is never mark-up and never a query language."""
    await desk.paste()
    for words in ("<!channel> *x*", "' OR 1=1 --", "tickets " * 300, "\u202eevil", '"words : *'):
        said = await ask(desk, "alice", f"tickets {words}")

        assert said.startswith("Tickets:")
    assert all(post.mentions == [] for post in desk.slack.ephemerals("alice"))
    assert not desk.slack.refusals


async def test_a_letter_says_what_was_found_out(desk: Desk) -> None:
    """After "Not right?" the customer does not read of the cause that was wrong."""
    answer = await desk.paste()
    causes = desk.bot.app.services.catalogue.causes
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "mailbox-full", "note": "between us"})
    await desk.slack.click(answer, "reply_draft", "alice")
    view = str(await desk.slack.modal("alice", callback_id="reply_form"))

    assert causes["mailbox-full"].summary[:40] in view
    assert causes["no-such-user"].summary[:40] not in view
    assert "someone@example.org" in view
    assert "between us" not in view


async def test_draft_reply(desk: Desk) -> None:
    """A letter for each who may have to act, to copy and to mark as sent; never with what is internal."""
    answer = await desk.paste()
    case = await desk.escalate(answer, note="internal words", contact="+1 555 0100")
    await desk.fill(case, "ticket_note", "bob", {"note": "secret of ours"})
    await desk.slack.click(answer, "reply_draft", "alice")
    view = await desk.slack.modal("alice", callback_id="reply_form")
    select = next(block for block in view["blocks"] if block["block_id"] == "letter")
    letters = [option["value"] for option in select["accessory"]["options"]]
    seen = [str(view)]
    for letter in letters[1:]:
        await desk.slack.click(view, "reply_letter", "alice", letter)
        await desk.settle()
        view = desk.slack.view("alice")
        seen.append(str(view))
    await desk.slack.submit(view, {}, "alice")
    await desk.settle()
    events = await desk.store.events(desk.team, 1)

    assert len(letters) >= 2
    assert len(set(seen)) == len(seen)
    assert all("someone@example.org" in each for each in seen)
    assert not any(words in each for each in seen for words in ("internal words", "secret", "555 0100"))
    assert events[-1].what == "reply_sent"
    assert events[-1].detail == {"letter": letters[-1]}
    assert not desk.slack.refusals


@pytest.mark.parametrize(
    "said",
    [
        "552 5.2.2 <someone@example.org>: Mailbox full",
        "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
        "550 5.1.1 <someone@example.org>: something that nobody has ever said zqxj",
    ],
    ids=["recipient", "sending IP", "unknown"],
)
async def test_a_letter_after_the_retention_time(desk: Desk, said: str) -> None:
    """It is a whole letter, without holes where somebody was named, and without masks."""
    answer = await desk.paste("alice", said)
    now = datetime.now(UTC) + timedelta(days=31)
    desk.store.clock = lambda: now
    await erase_old(desk.store, 30)
    await desk.slack.click(answer, "reply_draft", "alice")
    view = await desk.slack.modal("alice", callback_id="reply_form")
    fields = [block["element"]["initial_value"] for block in view["blocks"] if block["type"] == "input"]
    letter = "\n".join(fields)

    assert len(letter) > 200
    assert [hole for hole in ("erased", "<number>", "<address>", "<ip>", "someone") if hole in letter] == []

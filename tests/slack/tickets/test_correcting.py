"""Right or wrong: corrections, and what the team makes of them; joined posts and how they part."""

import pytest

from bot.tickets.corrections import candidates, correction_of
from bot.tickets.ticket import Filters
from tests.e2e.running import NO_SUCH_USER
from tests.slack.tickets.conftest import BOUNCE, Desk

OTHER = NO_SUCH_USER.format(name="another")


async def test_a_correction_is_kept_and_shown(desk: Desk) -> None:
    """Not confirmed, it changes no answer: it is a line under the next one; the comment stays on the card."""
    answer = await desk.paste()
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "mailbox-disabled", "note": "she left"})
    later = await desk.paste("bob", OTHER)
    ticket = await desk.ticket(2)
    await desk.slack.slash("bob", "support", "ticket 1")
    card = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("bob")))[-1].words

    assert ticket.cause == "no-such-user"
    assert "This wording was corrected once to: " in later.words
    assert "she left" not in later.words
    assert "she left" in card
    assert any("is noted as" in line for line in desk.whispers("alice"))
    assert not desk.slack.refusals


async def test_a_confirmed_correction_wins(desk_on_both: Desk) -> None:
    """From then on this wording gets the team's cause, and the answer says whose idea it is."""
    desk = desk_on_both
    answer = await desk.paste()
    values = {"cause": "mailbox-disabled", "always": ["always"]}
    await desk.fill(answer, "diagnosis_wrong", "alice", values)
    later = await desk.paste("bob", OTHER)
    ticket = await desk.ticket(2)
    title = desk.bot.app.services.catalogue.causes["mailbox-disabled"].title

    assert ticket.cause == "mailbox-disabled"
    assert title in later.words
    assert "Your team confirmed this for this wording (ticket 1)" in later.words
    assert ticket.diagnosis["facts"]["recipient"] == "another@example.org"


async def test_the_escalation_post_shows_a_correction(desk: Desk) -> None:
    """Agents read what somebody thinks it is, and why; the requester's thread does not."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    lines = len(desk.thread(answer))
    values = {"cause": "mailbox-disabled", "note": "she left"}
    await desk.fill(answer, "diagnosis_wrong", "alice", values)
    title = desk.bot.app.services.catalogue.causes["mailbox-disabled"].title

    assert f"says that it is: {title} (she left)" in desk.slack.now(case).words
    assert len(desk.thread(answer)) == lines
    assert not desk.slack.refusals


async def test_confirmed_to_be_no_bounce(desk: Desk) -> None:
    """From then on this wording is met with silence, and whoever asks is told why."""
    answer = await desk.paste()
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "not-a-bounce", "always": ["always"]})
    silent = await desk.slack.post("bob", "support", OTHER)
    asked = await desk.slack.mention("bob", "support", OTHER)
    said = await desk.bot.answer(asked)
    await desk.settle()

    assert desk.slack.replies(silent) == []
    assert "Your team confirmed that for this wording (ticket 1)" in said.words
    assert len((await desk.store.list_tickets(desk.team, Filters())).tickets) == 1


@pytest.mark.parametrize("in_one_text", [True, False], ids=["one text", "text and file"])
async def test_no_bounce_beside_a_bounce(desk: Desk, in_one_text: bool) -> None:
    """A wording that the team has confirmed to be none takes no other bounce of the same post with it."""
    full = "452 4.2.2 <full@example.org>: Mailbox is full"
    answer = await desk.paste()
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "not-a-bounce", "always": ["always"]})
    if in_one_text:
        post = await desk.slack.post("bob", "support", f"{OTHER}\n{full}")
    else:
        post = await desk.slack.upload("bob", "support", "bounce.txt", full.encode(), text=OTHER)
    said = await desk.bot.final(post)
    ticket = await desk.ticket(2)

    assert "full" in said.words.lower()
    assert "mailbox-full" in [result["cause"] for result in ticket.diagnosis["results"]]


async def test_a_command_knows_the_teams_corrections(desk: Desk) -> None:
    """/bounce TEXT gets the same answer as a pasted message, alone and shared."""
    answer = await desk.paste()
    values = {"cause": "mailbox-disabled", "always": ["always"]}
    await desk.fill(answer, "diagnosis_wrong", "alice", values)
    await desk.slack.slash("bob", "support", OTHER)
    whisper = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("bob")))[-1]
    await desk.press(whisper, "answer_share", "bob")
    shared = desk.slack.messages("support")[-1]
    ticket = await desk.ticket(2)

    assert "Your team confirmed this for this wording (ticket 1)" in whisper.words
    assert "Your team confirmed this for this wording (ticket 1)" in shared.words
    assert "1 earlier case with example.org this week" in shared.words
    assert (ticket.cause, ticket.asker) == ("mailbox-disabled", desk.user("bob"))
    assert not desk.slack.refusals


async def test_an_agent_from_elsewhere_corrects(desk: Desk) -> None:
    """Who is not in the channel of the case is not thanked there; the correction counts all the same."""
    answer = await desk.paste()
    desk.slack.fail("chat.postEphemeral", error="user_not_in_channel")
    reply = await desk.fill(answer, "diagnosis_wrong", "bob", {"cause": "mailbox-disabled"})
    correction = await correction_of(desk.store.engine, desk.team, (await desk.ticket()).fingerprint)

    assert not (reply or {}).get("errors")
    assert correction is not None


async def test_a_correction_counts_in_its_own_workspace_alone(desk: Desk) -> None:
    """Another team's idea of a wording is nobody else's."""
    answer = await desk.paste()
    values = {"cause": "mailbox-disabled", "always": ["always"]}
    await desk.fill(answer, "diagnosis_wrong", "alice", values)
    fingerprint = (await desk.ticket()).fingerprint

    assert await correction_of(desk.store.engine, desk.team, fingerprint) is not None
    assert await correction_of(desk.store.engine, "T0OTHER", fingerprint) is None
    assert [each async for each in candidates(desk.store.engine, "T0OTHER")] == []


async def test_guests_cannot_confirm(desk: Desk) -> None:
    """A guest may say that an answer is wrong, but the box that makes it the rule is not there."""
    answer = await desk.paste("dave")
    await desk.slack.click(answer, "diagnosis_wrong", "dave")
    view = await desk.slack.modal("dave")

    assert "always" not in {block.get("block_id") for block in view["blocks"]}


async def test_confirming_later(desk: Desk) -> None:
    """An agent finds an unconfirmed correction on the ticket's card and confirms it."""
    answer = await desk.paste("dave")
    await desk.fill(answer, "diagnosis_wrong", "dave", {"cause": "mailbox-disabled"})
    await desk.slack.slash("bob", "support", "ticket 1")
    card = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("bob")))[-1]
    await desk.press(card, "correction_confirm", "bob")
    correction = await correction_of(desk.store.engine, desk.team, (await desk.ticket()).fingerprint)

    assert correction is not None
    assert correction.confirmed


async def test_a_correction_is_taken_back(desk: Desk) -> None:
    """What was said at first is offered then, and chosen it is as if nothing had been corrected."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    values = {"cause": "mailbox-disabled", "note": "she left", "always": ["always"]}
    await desk.fill(answer, "diagnosis_wrong", "alice", values)
    await desk.slack.click(answer, "diagnosis_wrong", "alice")
    shown = str(await desk.slack.modal("alice"))
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "no-such-user"})
    later = await desk.paste("bob", OTHER)

    assert "To take that back" in shown
    assert "taken back" in desk.whispers("alice")[-1]
    assert "Your team confirmed" not in later.words
    assert "was corrected" not in later.words
    assert "she left" not in desk.slack.now(case).words
    assert await correction_of(desk.store.engine, desk.team, (await desk.ticket()).fingerprint) is None
    assert not desk.slack.refusals


async def test_a_guest_takes_back_only_what_nobody_has_confirmed(desk: Desk) -> None:
    """An agent's word stays until an agent takes it back."""
    answer = await desk.paste("dave")
    await desk.fill(answer, "diagnosis_wrong", "dave", {"cause": "mailbox-disabled"})
    await desk.slack.slash("bob", "support", "ticket 1")
    card = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("bob")))[-1]
    await desk.press(card, "correction_confirm", "bob")
    said = await desk.fill(answer, "diagnosis_wrong", "dave", {"cause": "no-such-user"})
    kept = await correction_of(desk.store.engine, desk.team, (await desk.ticket()).fingerprint)

    assert "An agent can take it back" in str(said)
    assert kept is not None
    assert kept.confirmed


async def test_the_same_cause_is_no_correction(desk: Desk) -> None:
    """What was said already is not offered."""
    answer = await desk.paste()
    await desk.slack.click(answer, "diagnosis_wrong", "alice")
    view = await desk.slack.modal("alice")
    select = next(block for block in view["blocks"] if block.get("block_id") == "cause")
    offered = [o["value"] for group in select["element"]["option_groups"] for o in group["options"]]

    assert "no-such-user" not in offered
    assert "mailbox-disabled" in offered
    assert len(offered) == len(set(offered))


async def test_knowledge_candidates(desk: Desk) -> None:
    """Corrected wordings come out ready to become variants."""
    answer = await desk.paste()
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "mailbox-disabled", "note": "she left"})
    again = await desk.paste("bob", OTHER)
    await desk.fill(again, "diagnosis_wrong", "bob", {"cause": "mailbox-disabled"})
    found = [each async for each in candidates(desk.store.engine, desk.team)]

    assert len(found) == 1
    assert (found[0].cause, found[0].was, found[0].times) == ("mailbox-disabled", "no-such-user", 2)
    assert found[0].codes == ("550", "5.1.1")
    assert "<address>" in found[0].masked_text
    assert found[0].comments == ("she left",)


async def test_a_second_persons_paste_joins(desk: Desk) -> None:
    """It says so, has the first one's number, and one press gives it a ticket of its own."""
    first = await desk.paste("alice")
    second = await desk.paste("bob")
    joined = await desk.store.list_tickets(desk.team, Filters())
    await desk.press(second, "ticket_part", "bob")
    parted = desk.slack.now(second)

    assert len(joined.tickets) == 1
    assert "joins ticket 1" in second.words
    assert "Ticket 2" in parted.words
    assert "ticket_part" not in parted.actions
    assert "ticket_part" not in first.actions
    assert (await desk.ticket(2)).asker == desk.user("bob")


async def test_news_reach_both_threads(desk: Desk) -> None:
    """Who joined a case hears of it, too."""
    first = await desk.paste("alice")
    second = await desk.paste("bob")
    await desk.escalate(first)

    assert len(desk.thread(first)) == 1
    assert len(desk.thread(second)) == 1


async def test_the_same_person_pastes_again(desk: Desk) -> None:
    """Their second post is a second ticket."""
    await desk.paste("alice")
    second = await desk.paste("alice")

    assert "Ticket 2" in second.words
    assert BOUNCE not in second.text

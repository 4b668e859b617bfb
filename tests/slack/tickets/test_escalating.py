"""From *Escalate* to *Resolve*, with people clicking in the running bot."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.workspace import Workspace
from bot.slack.manifest import BOT_SCOPES
from bot.tickets.ticket import Status, Urgency
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.e2e.running import running
from tests.slack.tickets.conftest import BOUNCE, Desk


async def test_the_whole_way(desk_on_both: Desk) -> None:
    """Escalate, claim, note, hand over, resolve, reopen: one post, updated in place; one line each in the
    thread; the note stays inside."""
    desk = desk_on_both
    answer = await desk.paste()
    case = await desk.escalate(
        answer, note="They are waiting.", urgency="high", contact="+1 555 0100", collect_0="since Monday"
    )
    escalated = await desk.ticket()
    await desk.press(case, "ticket_claim", "bob")
    await desk.fill(desk.slack.now(case), "ticket_note", "bob", {"note": "Their admin is on holiday"})
    await desk.fill(desk.slack.now(case), "ticket_hand_over", "bob", {"person": desk.user("carol")})
    claimed = desk.slack.now(case)
    values = {"cause": "mailbox-disabled", "note": "They left"}
    await desk.fill(desk.slack.now(case), "ticket_resolve", "carol", values)
    resolved = desk.slack.now(case)
    await desk.press(case, "ticket_reopen", "alice")
    ticket = await desk.ticket()
    await desk.store.check(desk.team, 1)

    assert escalated.escalation is not None
    assert escalated.escalation.urgency is Urgency.HIGH
    assert escalated.escalation.contact == "+1 555 0100"
    assert "+1 555 0100" in case.words
    assert "They are waiting." in case.words
    assert "someone@example.org" in case.words
    assert "550" in case.words
    assert "5.1.1" in case.words
    assert "Claimed by" in claimed.words
    assert "Their admin is on holiday" in claimed.words
    assert "Resolved by" in resolved.words
    assert "They left" in resolved.words
    assert len(desk.slack.messages("escalations")) == 1
    assert (ticket.status, ticket.owner) == (Status.CLAIMED, desk.user("carol"))
    lines = desk.thread(answer)
    assert len(lines) == 5
    assert not any("holiday" in line for line in lines)
    assert [
        word in line
        for word, line in zip(
            ("escalated", "takes care", "handed over", "resolved", "reopened"), lines, strict=True
        )
    ] == [True] * 5
    assert not desk.slack.refusals


async def test_the_form_asks_nothing_twice(desk: Desk) -> None:
    """What the bounce says stands in the form already; the answer's steps are there to tick."""
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice", callback_id="escalate_form")
    ticket = await desk.ticket()
    blocks = {block.get("block_id"): block for block in view["blocks"]}

    assert "someone@example.org" in str(view["blocks"][0])
    assert len(blocks["steps_0"]["element"]["options"]) == min(10, len(ticket.diagnosis["steps"]))
    assert not any("full reply" in str(block.get("label")) for block in view["blocks"])


async def test_ticked_steps_are_kept_whole(desk: Desk) -> None:
    """An option shows a shortened step; the ticket keeps the whole one."""
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    steps = next(block for block in view["blocks"] if block.get("block_id") == "steps_0")
    ticked = [option["value"] for option in steps["element"]["options"][:2]]
    values = {"steps_0": ticked, "channel": desk.channel("escalations")}
    if any(block.get("block_id") == "collect_0" for block in view["blocks"]):
        values["collect_0"] = "not known"
    await desk.slack.submit(view, values, "alice")
    await desk.settle()
    ticket = await desk.ticket()

    assert ticket.escalation is not None
    assert list(ticket.escalation.steps) == ticket.diagnosis["steps"][:2]


async def test_this_solved_it(desk: Desk) -> None:
    """The asker closes the case alone; pressing again changes nothing and says nothing."""
    answer = await desk.paste()
    await desk.press(answer, "diagnosis_solved", "alice")
    await desk.press(answer, "diagnosis_solved", "alice")
    ticket = await desk.ticket()

    assert (ticket.status, ticket.resolved_by) == (Status.RESOLVED, desk.user("alice"))
    assert len(desk.thread(answer)) == 1
    assert desk.slack.messages("escalations") == []


async def test_reopening_from_the_thread(desk: Desk) -> None:
    """It was not solved after all: the line that says so has the button."""
    answer = await desk.paste()
    await desk.press(answer, "diagnosis_solved", "alice")
    line = desk.slack.messages("support", answer.thread_ts)[-1]
    await desk.press(line, "ticket_reopen", "alice")
    await desk.press(line, "ticket_reopen", "alice")

    assert (await desk.ticket()).status is Status.DIAGNOSED
    assert [event.what for event in await desk.store.events(desk.team, 1)][-2:] == ["resolve", "reopen"]


async def test_two_agents_claim_at_once(desk_on_both: Desk) -> None:
    """One wins; the other reads who it was; the thread is told once."""
    desk = desk_on_both
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await asyncio.gather(
        desk.slack.click(case, "ticket_claim", "bob"), desk.slack.click(case, "ticket_claim", "carol")
    )
    await desk.settle()
    ticket = await desk.ticket()
    winner, loser = ("bob", "carol") if ticket.owner == desk.user("bob") else ("carol", "bob")
    await desk.slack.wait_for(lambda: desk.whispers(loser))

    assert desk.whispers(winner) == []
    assert desk.whispers(loser) == [f"Ticket 1 has already been claimed by <@{desk.user(winner)}>."]
    assert sum("takes care" in line for line in desk.thread(answer)) == 1


async def test_escalating_twice(desk: Desk) -> None:
    """Who comes second is told, and a form that was open already loses nothing that was written in it."""
    answer = await desk.paste()
    for user in ("alice", "bob"):
        await desk.slack.click(answer, "ticket_escalate", user)
    for user in ("alice", "bob"):
        view = await desk.slack.modal(user)
        there = {block.get("block_id") for block in view["blocks"]}
        values = {
            "collect_0": f"as {user} knows",
            "channel": desk.channel("escalations"),
            "note": f"from {user}",
            "contact": f"ring {user}",
        }
        await desk.slack.submit(view, {k: v for k, v in values.items() if k in there}, user)
    await desk.settle()
    await desk.press(answer, "ticket_escalate", "carol")
    await desk.slack.wait_for(lambda: desk.whispers("carol"))
    case = desk.slack.messages("escalations")

    assert len(case) == 1
    assert "from alice" in case[0].words
    assert all(said in case[0].words for said in ("from bob", "as bob knows", "ring bob"))
    assert desk.whispers("carol") == ["Ticket 1 has been escalated already. An agent will look at it."]


async def test_resolving_a_resolved_ticket(desk: Desk) -> None:
    """An open form of a case that somebody else has closed says so, with the name, and stays open."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await desk.slack.click(case, "ticket_resolve", "bob")
    form = await desk.slack.modal("bob")
    await desk.press(answer, "diagnosis_solved", "alice")
    reply = await desk.slack.submit(form, {"note": "too late"}, "bob")

    assert reply.json["errors"] == {"cause": "Ticket 1 has already been resolved by Alice Moreau."}


async def test_guests_may_ask_and_escalate_but_not_work(desk: Desk) -> None:
    """A guest's own case goes its way; a guest's click on Claim does nothing but say why."""
    answer = await desk.paste("dave")
    case = await desk.escalate(answer, "dave")
    await desk.press(case, "ticket_claim", "dave")
    await desk.slack.wait_for(lambda: desk.whispers("dave"))

    assert (await desk.ticket()).status is Status.ESCALATED
    assert desk.whispers("dave") == ["Only full members of this workspace see tickets."]


async def test_guests_do_not_escalate_other_peoples_cases(desk: Desk) -> None:
    """Somebody else's case is none of a guest's business."""
    answer = await desk.paste("alice")
    await desk.press(answer, "ticket_escalate", "dave")
    await desk.press(answer, "diagnosis_solved", "dave")
    await desk.slack.wait_for(lambda: len(desk.whispers("dave")) == 2)

    assert (await desk.ticket()).status is Status.DIAGNOSED
    assert desk.slack.view("dave") is None


async def test_a_channel_that_we_are_not_in_is_joined(desk: Desk) -> None:
    """A public escalation channel needs no invitation."""
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    there = {block.get("block_id") for block in view["blocks"]}
    values = {"collect_0": "not known", "channel": desk.channel("random")}
    await desk.slack.submit(view, {k: v for k, v in values.items() if k in there}, "alice")
    await desk.settle()

    assert len([p for p in desk.slack.messages("random") if "Ticket 1" in p.words]) == 1


async def choose_channel(desk: Desk, channel: str) -> None:
    settings = WorkspaceSettings(escalation_channel=channel)
    await save_settings(desk.store.engine, desk.team, settings, who="U0CAROL", at=datetime.now(UTC))


async def test_a_post_in_doubt_in_a_channel_that_we_are_not_in(desk: Desk) -> None:
    """Slack fails at the first attempt: before the second we have to look there, and join for that, too."""
    await choose_channel(desk, desk.channel("random"))
    answer = await desk.paste()
    desk.slack.fail("chat.postMessage", status=500)
    await desk.fill(answer, "ticket_escalate", "alice", {"collect_0": "not known"})

    assert len([p for p in desk.slack.messages("random") if "Ticket 1" in p.words]) == 1
    assert not any("nobody was told" in line for line in desk.thread(answer))


async def test_a_channel_that_is_closed_to_us(desk: Desk) -> None:
    """The thread says that nobody was told and how to mend it; after the mend, Escalate posts it."""
    await choose_channel(desk, desk.channel("backroom"))
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    there = {block.get("block_id") for block in view["blocks"]}
    await desk.slack.submit(view, {"collect_0": "not known"} if "collect_0" in there else {}, "alice")
    await desk.settle()
    lines = desk.thread(answer)
    await desk.slack.join(desk.slack.team.bot_user_id, "backroom")
    await desk.press(answer, "ticket_escalate", "alice")

    assert len(lines) == 1
    assert "nobody was told" in lines[0]
    assert len([p for p in desk.slack.messages("backroom") if "Ticket 1" in p.words]) == 1


async def test_a_channel_that_was_archived(desk: Desk) -> None:
    """The thread says so; when an admin has chosen another one, Escalate posts it there."""
    await choose_channel(desk, desk.channel("escalations"))
    desk.slack.team.channel("escalations")["is_archived"] = True
    answer = await desk.paste()
    await desk.fill(answer, "ticket_escalate", "alice", {"collect_0": "not known"})
    lines = desk.thread(answer)
    await choose_channel(desk, desk.channel("random"))
    await desk.press(answer, "ticket_escalate", "alice")
    case = [post for post in desk.slack.messages("random") if "Ticket 1" in post.words]
    await desk.press(case[0], "ticket_claim", "bob")

    assert "the escalation channel is archived" in lines[0]
    assert len(case) == 1
    assert "Claimed by" in desk.slack.now(case[0]).words
    assert sum("nobody was told" in line for line in desk.thread(answer)) == 1


async def test_a_channel_that_others_have_come_to_read(desk: Desk) -> None:
    """It was shared with another company after it had been chosen: nothing is posted there, and the thread says
    so."""
    await choose_channel(desk, desk.channel("escalations"))
    desk.slack.team.channel("escalations")["is_ext_shared"] = True
    answer = await desk.paste()
    await desk.fill(answer, "ticket_escalate", "alice", {"collect_0": "not known"})

    assert desk.slack.messages("escalations") == []
    assert "people of another company read the escalation channel" in desk.thread(answer)[0]


async def test_escalate_is_pressed_while_it_is_told(desk_on_both: Desk) -> None:
    """Slack takes its time with the post, and somebody presses Escalate meanwhile: there is one post."""
    desk = desk_on_both
    await choose_channel(desk, desk.channel("escalations"))
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    desk.slack.slow("chat.postMessage", 2.0, times=2)
    await desk.slack.submit(view, {"collect_0": "not known"}, "alice")
    # Another attempt is named by the second in which it begins.
    await asyncio.sleep(1.1)
    await desk.press(answer, "ticket_escalate", "bob")
    await desk.slack.wait_for(lambda: desk.whispers("bob"))

    assert len(desk.slack.messages("escalations")) == 1
    assert desk.whispers("bob") == ["Ticket 1 has been escalated already. An agent will look at it."]


async def test_an_app_that_may_not_join(tmp_path: Path) -> None:
    """An app of before has no scope to join: the thread says whom to invite, nothing is lost, and Escalate posts
    it after the invitation."""
    scopes = sorted(set(BOT_SCOPES) - {"channels:join"})
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db", slack=Workspace(scopes=scopes)) as bot:
        desk = Desk(bot)
        await choose_channel(desk, desk.channel("random"))
        answer = await desk.paste()
        await desk.fill(answer, "ticket_escalate", "alice", {"collect_0": "not known"})
        lines = desk.thread(answer)
        await desk.slack.join(desk.slack.team.bot_user_id, "random")
        await desk.press(answer, "ticket_escalate", "alice")

        assert "nobody was told: I am not in the escalation channel; invite me there" in lines[0]
        assert len([p for p in desk.slack.messages("random") if "Ticket 1" in p.words]) == 1


async def escalate_to(desk: Desk, channel: str) -> dict[str, str]:
    """Escalate with a channel of one's own choice; what the form complains about."""
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    there = {block.get("block_id") for block in view["blocks"]}
    values = {"collect_0": "not known", "channel": channel}
    reply = await desk.slack.submit(view, {k: v for k, v in values.items() if k in there}, "alice")
    await desk.settle()
    return (reply.json or {}).get("errors") or {}


async def test_a_private_channel_without_us(desk: Desk) -> None:
    """The form says so at once, and stays open; nothing is escalated into nowhere."""
    errors = await escalate_to(desk, desk.channel("backroom"))

    assert "invite me there first" in errors["note"]
    assert (await desk.ticket()).status is Status.DIAGNOSED


async def test_a_channel_that_others_read(desk: Desk) -> None:
    """Agents' notes would stand before people of another company."""
    desk.slack.team.channel("random")["is_ext_shared"] = True
    errors = await escalate_to(desk, desk.channel("random"))

    assert "people of another company read that channel" in errors["note"]
    assert desk.slack.messages("random") == []


async def test_a_guest_who_joined_may_escalate(desk: Desk) -> None:
    """The same bounce is theirs, too: they ask for help with it, and hear what becomes of it. They see no
    ticket, work on none and close nobody's."""
    await desk.paste("alice")
    joined = await desk.paste("dave")
    await desk.press(joined, "diagnosis_solved", "dave")
    await desk.slack.wait_for(lambda: desk.whispers("dave"))
    still = (await desk.ticket()).status
    case = await desk.escalate(joined, "dave", note="mine as well")
    await desk.press(case, "ticket_claim", "dave")
    await desk.press(case, "ticket_note", "dave")
    await desk.slack.slash("dave", "support", "ticket 1")
    await desk.slack.wait_for(lambda: len(desk.whispers("dave")) == 4)

    assert still is Status.DIAGNOSED
    assert "theirs to close" in desk.whispers("dave")[0]
    assert "joins ticket 1" in joined.words
    assert "mine as well" in case.words
    assert (await desk.ticket()).status is Status.ESCALATED
    assert desk.whispers("dave")[1:] == ["Only full members of this workspace see tickets."] * 3
    assert any("was escalated" in line for line in desk.thread(joined))


async def test_a_guest_who_joined_may_reopen_and_draft(desk: Desk) -> None:
    """It was not solved for them; and the letter is about their own bounce."""
    first = await desk.paste("alice")
    joined = await desk.paste("dave")
    await desk.press(first, "diagnosis_solved", "alice")
    line = desk.slack.messages("support", joined.thread_ts)[-1]
    await desk.press(line, "ticket_reopen", "dave")
    await desk.slack.click(joined, "reply_draft", "dave")
    view = await desk.slack.modal("dave", callback_id="reply_form")

    assert (await desk.ticket()).status is Status.DIAGNOSED
    assert "someone@example.org" in str(view)


async def test_a_guest_who_has_parted(desk: Desk) -> None:
    """The case that was left is none of theirs any more; their own is."""
    first = await desk.paste("alice")
    joined = await desk.paste("dave")
    await desk.press(joined, "ticket_part", "dave")
    await desk.press(first, "ticket_escalate", "dave")
    await desk.slack.wait_for(lambda: desk.whispers("dave"))
    await desk.press(joined, "diagnosis_solved", "dave")

    assert (await desk.ticket(1)).status is Status.DIAGNOSED
    assert (await desk.ticket(2)).status is Status.RESOLVED


async def test_what_helped_depends_on_the_cause(desk: Desk) -> None:
    """Choosing what it really was brings that cause's steps; the chosen one is kept whole and told next time."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await desk.slack.click(case, "ticket_resolve", "bob")
    first = await desk.slack.modal("bob", callback_id="resolve_form")
    await desk.slack.click(first, "resolve_cause", "bob", "relay-denied")
    await desk.settle()
    second = desk.slack.view("bob")
    assert second is not None
    helped = next(b for b in second["blocks"] if b["block_id"] == "helped_relay-denied")
    option = helped["element"]["options"][0]
    await desk.slack.submit(second, {"helped_relay-denied": option["value"], "note": "done"}, "bob")
    await desk.settle()
    ticket = await desk.ticket()
    steps = desk.bot.app.services.catalogue.causes["relay-denied"].steps

    assert str(first) != str(second)
    assert ticket.outcome is not None
    assert (ticket.outcome.cause, ticket.outcome.text) == ("relay-denied", "done")
    assert any(ticket.outcome.helped[-40:] == step.text[-40:] for step in steps)
    assert "done" not in " ".join(desk.thread(answer))
    assert not desk.slack.refusals


@pytest.mark.parametrize("after", [False, True], ids=["lost before", "lost after"])
async def test_slack_fails_in_the_middle(desk: Desk, after: bool) -> None:
    """Whether Slack's failure came before or after it posted: there is one escalation post and one line."""
    answer = await desk.paste()
    desk.slack.fail("chat.postMessage", status=500, times=2, after=after)
    case = await desk.escalate(answer)
    await desk.slack.wait_for(lambda: desk.thread(answer), 10)
    await desk.settle()

    assert len(desk.slack.messages("escalations")) == 1
    assert "Ticket 1" in case.words
    assert len(desk.thread(answer)) == 1


async def test_pasted_text_calls_nobody(desk: Desk) -> None:
    """A bounce and a form full of mentions and mark-up stay text in every place."""
    evil = "<!channel> <@U0CAROL> *bold* <https://evil.example|click>"
    answer = await desk.paste(text=BOUNCE + " " + evil)
    case = await desk.escalate(answer, note=evil, contact=evil)
    await desk.press(case, "ticket_claim", "bob")
    await desk.fill(desk.slack.now(case), "ticket_note", "bob", {"note": evil})
    await desk.fill(desk.slack.now(case), "ticket_resolve", "bob", {"note": evil})
    case = desk.slack.now(case)

    assert evil in case.words
    assert set(case.mentions) <= {desk.user("alice"), desk.user("bob")}
    assert not desk.slack.refusals


@pytest.mark.parametrize(
    "value", ["", "2", "-1", "0", "1e3", "1; DROP TABLE tickets", "\u0661", "9" * 40, "x"]
)
async def test_a_forged_button(desk: Desk, value: str) -> None:
    """A button with a wrong number finds nothing, and says so."""
    answer = await desk.paste()
    body = desk.slack.now(answer).body
    for block in body["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == "diagnosis_solved":
                element["value"] = value
    await desk.press(answer, "diagnosis_solved", "alice")
    await desk.slack.wait_for(lambda: desk.whispers("alice"))

    assert (await desk.ticket()).status is Status.DIAGNOSED
    assert desk.whispers("alice")[0].startswith(("There is no ticket", "This button names no ticket"))


async def test_evidence_of_another_case(desk: Desk) -> None:
    """Whoever reads an answer may see what it rests on, a guest too; a button that was made to name another case
    shows nothing of that."""
    other = await desk.paste("alice", BOUNCE.replace("someone", "secret"))
    answer = await desk.paste("dave")
    await desk.slack.click(answer, "evidence_show", "dave")
    own = await desk.slack.modal("dave", callback_id="evidence_view")
    await desk.slack.close_view("dave")
    for block in desk.slack.now(answer).body["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == "evidence_show":
                element["value"] = "1"
    await desk.press(answer, "evidence_show", "dave")
    await desk.slack.wait_for(lambda: desk.whispers("dave"))

    assert "secret" in other.words
    assert "someone" in str(own)
    assert desk.slack.view("dave") is None
    assert desk.whispers("dave") == ["This button names no ticket."]


@pytest.mark.parametrize(
    ("to", "trouble", "said"),
    [
        ("dave", False, "That person may not work on tickets."),
        ("fivefifty", False, "That person may not work on tickets."),
        ("carol", True, "Slack did not tell me who that is. Try again."),
    ],
    ids=["a guest", "a bot", "Slack is away"],
)
async def test_handing_over_to_nobody(desk: Desk, to: str, trouble: bool, said: str) -> None:
    """The form says why, and the ticket stays where it is."""
    case = await desk.escalate(await desk.paste())
    await desk.press(case, "ticket_claim", "bob")
    await desk.slack.click(desk.slack.now(case), "ticket_hand_over", "bob")
    view = await desk.slack.modal("bob")
    if trouble:
        desk.slack.fail("users.info", status=500)
    person = desk.slack.team.bot_user_id if to == "fivefifty" else desk.user(to)
    reply = await desk.slack.submit(view, {"person": person}, "bob")

    assert reply.json["errors"] == {"person": said}
    assert (await desk.ticket()).owner == desk.user("bob")


async def test_a_channel_that_is_shared_later(desk: Desk) -> None:
    """The case is still drawn there, without what agents have written for each other."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await desk.fill(case, "ticket_note", "bob", {"note": "between us"})
    await desk.fill(answer, "diagnosis_wrong", "alice", {"cause": "mailbox-disabled", "note": "she left"})
    before = desk.slack.now(case).words
    desk.slack.team.channel("escalations")["is_ext_shared"] = True
    await desk.press(case, "ticket_claim", "bob")
    after = desk.slack.now(case).words

    assert "between us" in before
    assert "she left" in before
    assert "Claimed" in after
    assert "between us" not in after
    assert "she left" not in after

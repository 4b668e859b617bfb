"""Settings, reminders, incidents, deletion and uninstalling, in the running bot."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.jobs import _ago
from bot.playground.nameserver import Fault
from bot.playground.post import Post
from bot.slack.answering import ANSWER
from bot.slack.posts import Post as Heard
from bot.tickets.audit import read_audit
from bot.tickets.database import reading
from bot.tickets.hours import Hours
from bot.tickets.reminders import take_due
from bot.tickets.rights import erase_old, erase_post, forget_person
from bot.tickets.store import TicketStore
from bot.tickets.tables import REMINDERS, WORKSPACES
from bot.tickets.workspace import WorkspaceSettings, save_settings, workspace_settings
from tests.e2e.running import NO_SUCH_USER, running
from tests.slack.tickets.conftest import Desk

ALWAYS = Hours(days=tuple(range(7)), start=datetime.min.time(), end=datetime.min.time())


async def open_settings(desk: Desk, user: str) -> None:
    await desk.slack.slash(user, "support", "settings")
    await desk.settle()


async def choose(desk: Desk, **values: object) -> None:
    settings = replace(await workspace_settings(desk.store.engine, desk.team), **values)
    await save_settings(desk.store.engine, desk.team, settings, who="U0CAROL", at=datetime.now(UTC))


async def test_an_admin_saves_the_settings(desk: Desk) -> None:
    """What was chosen is kept, shown again, and noted in the audit table."""
    await open_settings(desk, "carol")
    view = await desk.slack.modal("carol", callback_id="settings_form")
    values = {
        "escalation_channel": desk.channel("escalations"),
        "first_response_minutes": "30",
        "days": ["0", "1"],
        "zone": "Europe/Berlin",
        "retention_days": "7",
        "allowed_bots": "B012AB3CD, B0OTHER",
    }
    reply = await desk.slack.submit(view, values, "carol")
    settings = await workspace_settings(desk.store.engine, desk.team)
    await open_settings(desk, "carol")
    again = await desk.slack.modal("carol", callback_id="settings_form")
    audit = await read_audit(desk.store.engine, desk.team)

    assert not (reply.json or {}).get("errors")
    assert settings.escalation_channel == desk.channel("escalations")
    assert (settings.first_response_minutes, settings.retention_days) == (30, 7)
    assert (settings.hours.days, settings.hours.zone) == ((0, 1), "Europe/Berlin")
    assert settings.allowed_bots == ("B012AB3CD", "B0OTHER")
    assert "Europe/Berlin" in str(again)
    assert (audit[0].what, audit[0].who) == ("settings", desk.user("carol"))
    assert not desk.slack.refusals


@pytest.mark.parametrize(
    ("channel", "shared", "said"),
    [("backroom", False, "invite me there first"), ("random", True, "people of another company")],
)
async def test_an_escalation_channel_that_will_not_do(
    desk: Desk, channel: str, shared: bool, said: str
) -> None:
    """The form says so, and keeps what was chosen before."""
    desk.slack.team.channel(channel)["is_ext_shared"] = shared
    await open_settings(desk, "carol")
    view = await desk.slack.modal("carol", callback_id="settings_form")
    reply = await desk.slack.submit(view, {"escalation_channel": desk.channel(channel)}, "carol")

    assert said in reply.json["errors"]["escalation_channel"]
    assert (await workspace_settings(desk.store.engine, desk.team)).escalation_channel is None


async def test_a_public_escalation_channel_is_joined_when_it_is_chosen(desk: Desk) -> None:
    """The first escalation finds us there."""
    await open_settings(desk, "carol")
    view = await desk.slack.modal("carol", callback_id="settings_form")
    reply = await desk.slack.submit(view, {"escalation_channel": desk.channel("random")}, "carol")

    assert not (reply.json or {}).get("errors")
    assert desk.slack.team.bot_user_id in desk.slack.team.channel("random")["members"]
    assert not desk.slack.refusals


async def test_slack_is_slow_to_tell_of_a_channel(desk: Desk) -> None:
    """The form is answered within Slack's three seconds, says so, and nothing is saved."""
    await open_settings(desk, "carol")
    view = await desk.slack.modal("carol", callback_id="settings_form")
    desk.slack.slow("conversations.info", 4.0)
    begun = asyncio.get_running_loop().time()
    reply = await desk.slack.submit(view, {"escalation_channel": desk.channel("random")}, "carol")
    seconds = asyncio.get_running_loop().time() - begun

    assert "Try again" in reply.json["errors"]["escalation_channel"]
    assert seconds < 3
    assert (await workspace_settings(desk.store.engine, desk.team)).escalation_channel is None


@pytest.mark.parametrize("user", ["alice", "dave"])
async def test_others_do_not_see_the_settings(desk: Desk, user: str) -> None:
    """Members and guests are told who may change them."""
    await open_settings(desk, user)
    await desk.slack.wait_for(lambda: desk.whispers(user))

    assert "Only workspace admins" in desk.whispers(user)[0]
    assert desk.slack.view(user) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("allowed_bots", "<!channel>"),
        ("days", []),
    ],
)
async def test_settings_that_cannot_be(desk: Desk, field: str, value: object) -> None:
    """The form stays open with a sentence at the field, and nothing is saved."""
    await open_settings(desk, "carol")
    view = await desk.slack.modal("carol")
    reply = await desk.slack.submit(view, {"resolution_minutes": "60", field: value}, "carol")

    assert list(reply.json["errors"]) == [field]
    assert await workspace_settings(desk.store.engine, desk.team) == WorkspaceSettings()


async def test_the_chosen_channel_is_used(desk: Desk) -> None:
    """With a channel in the settings, the form asks for none."""
    await choose(desk, escalation_channel=desk.channel("escalations"))
    answer = await desk.paste()
    await desk.slack.click(answer, "ticket_escalate", "alice")
    view = await desk.slack.modal("alice")
    there = {block.get("block_id") for block in view["blocks"]}
    await desk.slack.submit(view, {"collect_0": "?"} if "collect_0" in there else {}, "alice")
    await desk.settle()

    assert "channel" not in there
    assert len(desk.slack.messages("escalations")) == 1


async def later(desk: Desk, **amount: float) -> None:
    """Turn the clock of the store, look what is due, and wait until it is said."""
    end = datetime.now(UTC) + timedelta(**amount)
    desk.store.clock = lambda: end
    rounds = desk.bot.app.tickets.rounds
    while await rounds.round():
        await desk.settle()
    await desk.settle()


async def test_a_reminder_comes_once(desk_on_both: Desk) -> None:
    """When nobody has claimed in time, the channel hears of it once, however many look."""
    desk = desk_on_both
    await choose(desk, first_response_minutes=30, hours=ALWAYS)
    case = await desk.escalate(await desk.paste())
    await later(desk, minutes=29)
    early = len(desk.slack.messages("escalations"))
    await asyncio.gather(later(desk, minutes=31), later(desk, minutes=31))
    await later(desk, minutes=300)
    said = [post.words for post in desk.slack.messages("escalations") if post.ts != case.ts]

    assert early == 1
    assert len(said) == 1
    assert "obody has claimed ticket 1" in said[0]


async def test_quiet_when_claimed(desk: Desk) -> None:
    """A claimed ticket needs no reminder to claim it; its resolution target still counts."""
    await choose(desk, first_response_minutes=30, resolution_minutes=60, hours=ALWAYS)
    case = await desk.escalate(await desk.paste())
    await desk.press(case, "ticket_claim", "bob")
    await later(desk, minutes=45)
    quiet = len(desk.slack.messages("escalations"))
    await later(desk, minutes=61)
    said = desk.slack.messages("escalations")[-1]

    assert quiet == 1
    assert "the target is over for ticket 1" in said.words
    assert said.mentions[-1] == desk.user("bob")


async def test_resolved_tickets_are_silent(desk: Desk) -> None:
    """Nothing is said about what is done."""
    await choose(desk, first_response_minutes=30, resolution_minutes=60, hours=ALWAYS)
    answer = await desk.paste()
    await desk.escalate(answer)
    await desk.press(answer, "diagnosis_solved", "alice")
    await later(desk, days=3)

    assert len(desk.slack.messages("escalations")) == 1


async def test_the_on_call_group_comes_second(desk: Desk) -> None:
    """First the channel, a quarter of an hour later the group."""
    await choose(desk, first_response_minutes=30, on_call_group="S0ONCALL", hours=ALWAYS)
    await desk.escalate(await desk.paste())
    await later(desk, minutes=31)
    first = desk.slack.messages("escalations")[-1]
    await later(desk, minutes=46)
    second = desk.slack.messages("escalations")[-1]

    assert "subteam^S0ONCALL" not in first.mentions
    assert "S0ONCALL" in str(second.mentions)
    assert len(desk.slack.messages("escalations")) == 3


async def test_a_reminder_of_a_case_whose_channel_is_gone(desk: Desk) -> None:
    """It is said where escalations go now, once."""
    await choose(
        desk, first_response_minutes=30, escalation_channel=desk.channel("escalations"), hours=ALWAYS
    )
    await desk.escalate(await desk.paste())
    desk.slack.team.channel("escalations")["is_archived"] = True
    await choose(desk, escalation_channel=desk.channel("random"))
    await later(desk, minutes=31)
    await later(desk, minutes=300)
    said = [post.words for post in desk.slack.messages("random") if "ticket 1" in post.words]

    assert len(said) == 1
    assert "obody has claimed ticket 1" in said[0]


async def test_the_on_call_group_is_called_again_for_a_reopened_ticket(desk: Desk) -> None:
    """It was called before the case was closed; now the case waits anew."""
    await choose(desk, first_response_minutes=30, on_call_group="S0ONCALL", hours=ALWAYS)
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await later(desk, minutes=31)
    await later(desk, minutes=46)
    await desk.press(answer, "diagnosis_solved", "alice")
    await desk.press(case, "ticket_reopen", "bob")
    await later(desk, minutes=46 + 31)
    await later(desk, minutes=46 + 46)
    said = [post for post in desk.slack.messages("escalations") if post.ts != case.ts]

    assert ["S0ONCALL" in str(post.mentions) for post in said] == [False, True, False, True]


async def test_an_incident_is_told_once(desk: Desk) -> None:
    """The third customer with the same trouble at the same provider makes an incident; the fourth none."""
    await choose(desk, incident_customers=3, escalation_channel=desk.channel("escalations"))
    reply = "550-5.7.26 <{name}@gmail.com>: This mail has been blocked because the sender is unauthenticated. gsmtp"
    counts = []
    for name in ("one", "two", "three", "four"):
        await desk.paste("alice", reply.format(name=name))
        await later(desk, seconds=1)
        counts.append(len(desk.slack.messages("escalations")))

    assert counts == [0, 0, 1, 1]
    assert "3 customers within an hour" in desk.slack.messages("escalations")[0].words


async def test_similar_cases_stand_under_the_answer(desk: Desk) -> None:
    """What happened with the same domain this week is said with the next case."""
    await desk.paste("alice", NO_SUCH_USER.format(name="one"))
    await desk.paste("alice", NO_SUCH_USER.format(name="two"))
    third = await desk.paste("alice", NO_SUCH_USER.format(name="three"))

    assert "2 earlier cases with example.org this week: all “" in third.words


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("550 5.1.1 <jane@{domain}>: Recipient address rejected: User unknown", id="look-ups"),
        pytest.param("552 5.2.2 <jane@{domain}>: Mailbox full", id="nothing to look up"),
    ],
)
async def test_similar_cases_by_who_runs_the_mail(desk_on_both: Desk, said: str) -> None:
    """Different domains, one provider behind their MX: the look-ups find it, and the answer names the cases."""
    desk = desk_on_both
    answers = [
        await desk.paste("alice", said.format(domain=f"{name}.example"))
        for name in ("one", "two", "three", "four")
    ]
    providers = [(await desk.ticket(number)).mx_provider for number in range(1, 5)]

    assert providers == ["google"] * 4
    assert "3 earlier cases with mail at Gmail and Google Workspace" in answers[-1].words
    assert not any("with mail at" in answer.words for answer in answers[:-1])


async def test_nobody_answers_who_runs_the_mail(desk: Desk) -> None:
    """Without an answer nothing is kept as the provider, and the bounce is answered all the same."""
    answer = await desk.paste("alice", "552 5.2.2 <jane@nowhere.example>: Mailbox full")
    ticket = await desk.ticket()

    assert ticket.mx_provider is None
    assert "full" in answer.words


async def test_a_deleted_message(desk: Desk) -> None:
    """Its text goes from the database, from the answer and from the escalation post."""
    post = await desk.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
    answer = await desk.bot.final(post)
    case = await desk.escalate(answer)
    await desk.slack.delete(post)
    await desk.slack.settled()
    await desk.settle()
    ticket = await desk.ticket()

    assert ticket.raw_text is None
    assert ticket.recipient is None
    assert "someone" not in desk.slack.now(answer).words
    assert "someone@example.org" not in desk.slack.now(case).words
    assert "erased" in desk.slack.now(answer).words


async def test_a_deleted_message_of_ours(desk: Desk) -> None:
    """An answer that was shared is the message that its ticket is about: its text goes when that is deleted."""
    await desk.slack.slash("alice", "support", NO_SUCH_USER.format(name="someone"))
    answer = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("alice")))[0]
    await desk.press(answer, "answer_share", "alice")
    shared = desk.slack.messages("support")[0]
    kept = (await desk.ticket()).raw_text
    await desk.slack.delete(shared)
    await desk.slack.settled()
    await desk.settle()
    ticket = await desk.ticket()

    assert "someone" in (kept or "")
    assert ticket.raw_text is None
    assert ticket.recipient is None


@pytest.mark.parametrize("when", ["when all is done", "when it is posted", "while it is recorded"])
async def test_a_deleted_answer_of_ours_leaves_nothing_in_the_jobs(desk_on_both: Desk, when: str) -> None:
    """What was typed behind the command is erased with the ticket that it became, whoever is first."""
    desk = desk_on_both
    await desk.slack.slash("alice", "support", NO_SUCH_USER.format(name="someone"))
    answer = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("alice")))[0]
    await desk.settle()
    asked = await desk.named("someone@example.org")
    if when == "while it is recorded":
        desk.slack.slow("chat.update", 0.5)
    await desk.slack.click(answer, "answer_share", "alice")
    shared = (await desk.slack.wait_for(lambda: desk.slack.messages("support")))[0]
    if when == "when all is done":
        await desk.settle()
    elif when == "while it is recorded":
        await asyncio.sleep(0.2)
    await desk.slack.delete(shared)
    await desk.slack.settled()
    await desk.settle()
    await desk.bot.app.services.asking.forget_shared(desk.team)
    tickets = (await desk.store.list_tickets(desk.team)).tickets

    assert asked == 1
    assert await desk.named("someone@example.org") == 0
    assert [ticket.number for ticket in tickets if ticket.raw_text or ticket.recipient] == []
    assert "went wrong" not in " ".join(post.words for post in desk.slack.ephemerals("alice"))


async def test_a_shared_question_is_forgotten(desk_on_both: Desk) -> None:
    """From then on its text is the ticket's alone."""
    desk = desk_on_both
    await desk.slack.slash("alice", "support", NO_SUCH_USER.format(name="someone"))
    answer = (await desk.slack.wait_for(lambda: desk.slack.ephemerals("alice")))[0]
    await desk.press(answer, "answer_share", "alice")
    await desk.bot.app.services.asking.forget_shared(desk.team)

    assert "someone" in ((await desk.ticket()).raw_text or "")
    assert await desk.named("someone@example.org") == 0


@pytest.mark.parametrize(("days", "kept"), [(1, 0), (2, 1), (None, 1)], ids=["one", "two", "the default"])
async def test_jobs_keep_texts_no_longer_than_tickets(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, days: int | None, kept: int
) -> None:
    """A workspace that keeps texts for a day has none of them in the jobs' records after that."""
    await desk.paste()
    await choose(desk, retention_days=days)
    monkeypatch.setattr("bot.jobs._ago", lambda seconds: _ago(seconds - 1.5 * 86_400))
    await desk.bot.app.tickets.rounds._forget_jobs()

    assert await desk.named("someone@example.org") == kept


async def test_the_first_of_two_messages_is_deleted(desk_on_both: Desk) -> None:
    """Who has posted the same bounce keeps the case, with its facts; the first one's answer says so."""
    desk = desk_on_both
    first = await desk.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
    answer = await desk.bot.final(first)
    joined = await desk.paste("bob")
    case = await desk.escalate(answer)
    await desk.slack.delete(first)
    await desk.slack.settled()
    await desk.settle()
    ticket = await desk.ticket()

    assert "someone" not in desk.slack.now(answer).words
    assert "Ticket 1 goes on" in desk.slack.now(answer).words
    assert "someone@example.org" in desk.slack.now(joined).words
    assert "someone@example.org" in desk.slack.now(case).words
    assert (ticket.asker, ticket.message_ts) == (desk.user("bob"), joined.ts)
    assert not desk.slack.refusals


@pytest.mark.parametrize("place", ["first", "joined"])
async def test_a_deletion_that_is_cut_off_after_its_first_step(
    desk_on_both: Desk, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The ticket has been left to others, then the database goes away: the next attempt still finds the answer."""
    desk = desk_on_both
    posts = {}
    for user, name in (("alice", "first"), ("bob", "joined")):
        posts[name] = await desk.slack.post(user, "support", NO_SUCH_USER.format(name="someone"))
        await desk.bot.final(posts[name])
    answer = desk.bot.answers(posts[place])[0]
    attempts = []

    async def cut_off(store: TicketStore, team: str, channel: str, ts: str) -> int | None:
        number = await erase_post(store, team, channel, ts)
        attempts.append(ts)
        if len(attempts) == 1:
            raise OperationalError("COMMIT", {}, Exception("connection lost"))
        return number

    monkeypatch.setattr("bot.slack.listeners.tickets.leaving.erase_post", cut_off)
    await desk.slack.delete(posts[place])
    await desk.slack.settled()
    await desk.settle()

    assert len(attempts) == 2
    assert "someone" not in desk.slack.now(answer).words
    assert "Ticket 1 goes on" in desk.slack.now(answer).words


@pytest.mark.parametrize("form", ["escalate", "resolve"])
async def test_a_form_that_was_open_when_the_message_was_deleted(desk: Desk, form: str) -> None:
    """Its steps were made of the text of before; what is ticked there does not bring the address back."""
    post = await desk.slack.post("alice", "support", "552 5.2.2 <someone@example.org>: Mailbox full")
    answer = await desk.bot.final(post)
    place = answer if form == "escalate" else await desk.escalate(answer)
    await desk.slack.click(place, f"ticket_{form}", "alice")
    view = await desk.slack.modal("alice")
    name = "steps_0" if form == "escalate" else "helped_mailbox-full"
    options = next(block for block in view["blocks"] if block.get("block_id") == name)["element"]["options"]
    ticked = next(option for option in options if "someone@example.org" in option["text"]["text"])["value"]
    await desk.slack.delete(post)
    await desk.slack.settled()
    await desk.settle()
    values = (
        {name: [ticked], "channel": desk.channel("escalations")} if form == "escalate" else {name: ticked}
    )
    asked = (
        {"collect_0": "not known"} if any(b.get("block_id") == "collect_0" for b in view["blocks"]) else {}
    )
    reply = await desk.slack.submit(view, {**asked, **values}, "alice")
    await desk.settle()
    ticket = await desk.ticket()
    said = [each.words for each in desk.slack.messages("escalations")] + desk.thread(answer)

    assert not (reply.json or {}).get("errors")
    assert "Reach (erased) another way" in repr((ticket.escalation, ticket.outcome))
    assert "someone" not in repr((ticket.escalation, ticket.outcome))
    assert not any("someone" in words for words in said)


async def test_deleted_at_once(desk_on_both: Desk) -> None:
    """A message that is deleted while its answer is under way leaves no text, whoever is first."""
    desk = desk_on_both
    for place in range(6):
        post = await desk.slack.post("alice", "support", NO_SUCH_USER.format(name=f"someone{place}"))
        await asyncio.sleep(place * 0.02)
        await desk.slack.delete(post)
    await desk.slack.settled()
    await desk.settle()
    found = (await desk.store.list_tickets(desk.team)).tickets
    said = " ".join(post.words for post in desk.slack.messages("support"))
    answers = " ".join(reply.words for ticket in found for reply in replies_to(desk, ticket.post_ts))

    assert "went wrong" not in answers
    assert [ticket.number for ticket in found if ticket.raw_text or ticket.recipient] == []
    assert "someone" not in said
    assert "someone" not in answers


def replies_to(desk: Desk, ts: str) -> list[Post]:
    return desk.slack.messages("support", ts)


async def test_deleted_between_answer_and_evidence(desk: Desk) -> None:
    """The look-ups that come in afterwards do not write the addresses into the answer again."""
    desk.bot.dns.faults.append(Fault(kind="delay", seconds=0.4))
    post = await desk.slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
    await desk.bot.answer(post)
    await desk.slack.delete(post)
    await desk.slack.settled()
    await desk.settle()

    assert not any("someone" in reply.words for reply in replies_to(desk, post.ts))
    assert (await desk.ticket()).raw_text is None


async def test_old_escalation_posts_are_drawn_anew(desk_on_both: Desk) -> None:
    """After the retention time the post in the escalation channel loses texts and addresses, once, and nobody
    is told."""
    desk = desk_on_both
    answer = await desk.paste()
    case = await desk.escalate(answer, note="ask someone@example.org", contact="+1 555 0100")
    lines = len(desk.thread(answer))
    store = desk.store
    store.clock = lambda: datetime.now(UTC) + timedelta(days=31)
    await erase_old(store, 30)
    await desk.bot.app.tickets.rounds.round()
    await desk.settle()
    updates = sum(call.method == "chat.update" for call in desk.slack.calls)
    await desk.bot.app.tickets.rounds.round()
    await desk.settle()
    shown = desk.slack.now(case).words

    assert "someone@example.org" in case.words
    assert "someone" not in shown
    assert "555 0100" not in shown
    assert "Ticket 1" in shown
    assert sum(call.method == "chat.update" for call in desk.slack.calls) == updates
    assert len(desk.thread(answer)) == lines
    assert not desk.slack.refusals


async def test_redrawing_goes_on_after_slack_was_away(desk: Desk) -> None:
    """Slack refuses for a while: the post is drawn anew when it is back."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    desk.store.clock = lambda: datetime.now(UTC) + timedelta(days=31)
    await erase_old(desk.store, 30)
    desk.slack.fail("chat.update", status=500, times=2)
    await desk.bot.app.tickets.rounds.round()
    await desk.settle()

    assert "someone" not in desk.slack.now(case).words


async def test_many_posts_are_drawn_one_after_the_other(desk: Desk) -> None:
    """A day's worth of old escalations is spread over time, within Slack's limit."""
    for number in range(1, 4):
        answer = await desk.paste("alice", NO_SUCH_USER.format(name=f"someone{number}"))
        await desk.escalate(answer)
    start = datetime.now(UTC) + timedelta(days=31)
    desk.store.clock = lambda: start
    await erase_old(desk.store, 30)
    async with reading(desk.store.engine) as connection:
        due = (
            await connection.scalars(
                select(REMINDERS.c.due_at).where(REMINDERS.c.kind == "redraw").order_by(REMINDERS.c.due_at)
            )
        ).all()

    assert [(at - start).total_seconds() for at in due] == [0, 2, 4]


async def test_forgetting_a_person_in_slack(desk: Desk) -> None:
    """Their address goes from the answers, also from one that joined, and from the escalation post."""
    answer = await desk.paste("alice")
    joined = await desk.paste("bob")
    case = await desk.escalate(answer)
    other = await desk.paste("alice", NO_SUCH_USER.format(name="nobody"))
    await desk.fill(case, "ticket_note", "bob", {"note": "called someone@example.org"})
    await forget_person(desk.store, desk.team, "someone@example.org", who="cli")
    await later(desk, minutes=1)
    shown = [desk.slack.now(post).words for post in (answer, joined, case)]

    assert not any("someone" in words for words in shown)
    assert "nobody@example.org" in desk.slack.now(other).words
    assert "were erased" in shown[0]
    assert not desk.slack.refusals


async def test_forgetting_a_colleague_in_slack(desk: Desk) -> None:
    """Who has claimed a case and asks to be forgotten is no longer named in its post."""
    answer = await desk.paste("alice")
    case = await desk.escalate(answer)
    await desk.press(case, "ticket_claim", "bob")
    named = desk.slack.now(case).mentions
    await forget_person(desk.store, desk.team, desk.user("bob"), who="cli")
    await later(desk, minutes=1)

    assert desk.user("bob") in named
    assert desk.user("bob") not in desk.slack.now(case).mentions
    assert "Claimed by deleted" in desk.slack.now(case).words


async def test_installed_again(desk: Desk) -> None:
    """After an uninstallation nothing is promised any more; the first paste after the next installation says
    that the app is there."""
    await choose(desk, first_response_minutes=30, hours=ALWAYS)
    await desk.escalate(await desk.paste())
    await desk.slack.uninstall()
    await desk.slack.settled()
    await desk.settle()
    gone = await uninstalled_at(desk)
    promised = await take_due(desk.store.engine, datetime.now(UTC) + timedelta(days=3))
    desk.slack.team.installed = True
    await desk.paste("alice", NO_SUCH_USER.format(name="another"))

    assert gone is not None
    assert promised == ()
    assert await uninstalled_at(desk) is None


async def uninstalled_at(desk: Desk) -> datetime | None:
    async with reading(desk.store.engine) as connection:
        found: datetime | None = await connection.scalar(
            select(WORKSPACES.c.uninstalled_at).where(WORKSPACES.c.team == desk.team)
        )
    return found


async def test_uninstalling(desk: Desk) -> None:
    """All texts and addresses of the workspace go at once."""
    await desk.paste()
    await desk.slack.uninstall()
    await desk.slack.settled()
    await desk.settle()
    ticket = await desk.ticket()

    assert ticket.raw_text is None
    assert ticket.recipient is None
    assert ticket.cause == "no-such-user"


async def test_uninstalled_while_an_answer_is_under_way(desk_on_both: Desk) -> None:
    """In another process, say, which goes on with what was recorded before: it keeps nothing of the message."""
    desk = desk_on_both
    await desk.paste()
    said = desk.slack.messages("support")[0]
    under_way = Heard(
        team=desk.team,
        channel=said.channel,
        ts="1700000000.000100",
        user=desk.user("bob"),
        text="552 5.2.2 <another@example.org>: Mailbox full",
        heard_at=desk.store.clock().timestamp(),
    )
    await desk.slack.uninstall()
    await desk.slack.settled()
    await desk.settle()
    await desk.bot.app.services.jobs.run(ANSWER, under_way.key, under_way.as_json())
    await desk.settle()
    found = (await desk.store.list_tickets(desk.team)).tickets

    assert [(ticket.number, ticket.raw_text, ticket.recipient) for ticket in found] == [(1, None, None)]
    assert await uninstalled_at(desk) is not None


async def test_news_that_a_crash_has_swallowed(desk: Desk) -> None:
    """A change that was made but never told is told by the next round."""
    answer = await desk.paste()
    case = await desk.escalate(answer)
    await desk.store.claim(desk.team, 1, desk.user("bob"))
    untold = desk.slack.now(case).words
    await later(desk, minutes=2)

    assert "Claimed by" not in untold
    assert "Claimed by" in desk.slack.now(case).words
    assert sum("takes care" in line for line in desk.thread(answer)) == 1


async def test_a_blocklist_that_is_switched_off(desk: Desk) -> None:
    """It is not asked about any more, and the answer says so rather than nothing."""
    said = "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org"
    first = await desk.paste("alice", said)
    asked = [
        str(each) for each in (await desk.ticket(1)).diagnosis["evidence"] if each["check"] == "blocklist"
    ]
    await choose(desk, blocklists_off=("zen.spamhaus.org",))
    await desk.paste("alice", said.replace("203.0.113.9", "203.0.113.10"))
    evidence = [each for each in (await desk.ticket(2)).diagnosis["evidence"] if each["check"] == "blocklist"]
    off = [each for each in evidence if each["about"] == "zen.spamhaus.org"]

    assert "zen.spamhaus.org" in first.words
    assert any("zen.spamhaus.org" in each for each in asked)
    assert [(each["outcome"], each["reason"]) for each in off] == [("skipped", "switched off")]


@pytest.mark.parametrize("name", ["#escalations", "Escalations", "#random"])
async def test_a_default_channel_by_its_name(tmp_path: Path, name: str) -> None:
    """ESCALATION_CHANNEL may be a name: the post is made there, and updated."""
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db", escalation_channel=name) as bot:
        desk = Desk(bot)
        answer = await desk.paste()
        await desk.slack.click(answer, "ticket_escalate", "alice")
        view = await desk.slack.modal("alice")
        there = {block.get("block_id") for block in view["blocks"]}
        await desk.slack.submit(view, {"collect_0": "?"} if "collect_0" in there else {}, "alice")
        await desk.settle()
        channel = name.lstrip("#").lower()
        case = next(post for post in desk.slack.messages(channel) if "Ticket 1" in post.words)
        await desk.press(case, "ticket_claim", "bob")

        assert "channel" not in there
        assert "Claimed by" in desk.slack.now(case).words
        assert (await desk.ticket()).escalation_channel == desk.channel(channel)


async def test_a_default_channel_that_is_not_there(tmp_path: Path) -> None:
    """Who presses Escalate reads what is wrong and who can mend it."""
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db", escalation_channel="#nowhere") as bot:
        desk = Desk(bot)
        answer = await desk.paste()
        await desk.press(answer, "ticket_escalate", "alice")
        said = await desk.slack.wait_for(lambda: desk.whispers("alice"))

        assert "#nowhere, is not there" in said[0]
        assert desk.slack.view("alice") is None

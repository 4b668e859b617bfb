"""A bounce, however it is brought, is answered once in its thread."""

import time

import pytest

from bot.playground.nameserver import Fault
from bot.playground.post import Post
from tests.e2e.running import NO_SUCH_USER, RELAY_DENIED, Running

BOUNCE = NO_SUCH_USER.format(name="someone")
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
EML = b"""\
From: MAILER-DAEMON@mx.example.net\r
To: alice@acme.example\r
Subject: Undelivered Mail Returned to Sender\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
MIME-Version: 1.0\r
\r
--b\r
Content-Type: text/plain\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.net\r
\r
Final-Recipient: rfc822; someone@example.org\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 <someone@example.org>: Recipient address rejected: User unknown\r
\r
--b--\r
"""


async def test_a_pasted_bounce_is_answered_in_its_thread_with_a_ticket(bot_on_both: Running) -> None:
    """The cause, the steps, the ticket number and the buttons stand in one message under the post."""
    bot = bot_on_both
    post = await bot.slack.post("alice", "support", BOUNCE)
    answer = await bot.final(post)

    assert len(bot.answers(post)) == 1
    assert answer.thread_ts == post.ts
    assert "Ticket 1" in answer.words
    assert "someone@example.org" in answer.words
    assert {"diagnosis_solved", "ticket_escalate", "diagnosis_wrong", "evidence_show", "reply_draft"} <= set(
        answer.actions
    )
    assert not bot.slack.refusals


async def test_the_first_answer_comes_within_a_second(bot: Running) -> None:
    """It does not wait for the look-ups, which take longer here. The best of three: others use the
    machine."""
    bot.dns.faults.append(Fault(kind="delay", seconds=0.4))
    await bot.slack.mention("alice", "support", "help")
    await bot.quiet()
    taken = []
    for number in range(3):
        began = time.monotonic()
        post = await bot.slack.post("alice", "support", NO_SUCH_USER.format(name=f"person{number}"))
        await bot.answer(post)
        taken.append(time.monotonic() - began)
        await bot.final(post)

    assert min(taken) < 1.0


async def test_the_answer_is_updated_in_place_with_the_evidence(bot: Running) -> None:
    """What the name server says is in the message that was posted first."""
    post = await bot.slack.post("alice", "support", RELAY_DENIED.format(name="someone"))
    answer = await bot.final(post)

    assert "mail.example.org" in answer.words
    assert len(bot.answers(post)) == 1
    assert bot.dns.queries


async def test_a_name_server_that_is_silent_is_not_told_as_absence(sqlite_url: str) -> None:
    """An unanswered look-up reads "could not check"."""
    from tests.e2e.running import running

    async with running(sqlite_url, dns_servers=(("127.0.0.1", 9),)) as bot:
        post = await bot.slack.post("alice", "support", RELAY_DENIED.format(name="someone"))
        answer = await bot.final(post)

        assert "Could not check" in answer.words
        assert "Not there" not in answer.words


async def test_the_text_of_the_answer_names_the_cause_and_the_first_step(bot: Running) -> None:
    """Notifications and screen readers have nothing but the text."""
    post = await bot.slack.post("alice", "support", BOUNCE)
    answer = await bot.final(post)

    title = answer.blocks[0]["text"]["text"]
    assert title.rstrip(".") in answer.text
    assert "First step:" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "hello everyone",
        "my order 550 has not arrived",
        "lunch at 5.30, room 550?",
        ":mag: who has seen my ticket 554?",
        "thanks, that solved it!",
    ],
)
async def test_chatter_is_met_with_silence(bot: Running, text: str) -> None:
    """Nothing is said and no ticket is made."""
    post = await bot.slack.post("alice", "support", text)
    await bot.quiet()

    assert not bot.answers(post)
    assert not (await bot.app.services.store.list_tickets(bot.slack.team.id)).tickets


async def test_edits_joins_and_other_bots_are_met_with_silence(bot: Running) -> None:
    """Only what a person posts counts."""
    post = await bot.slack.post("alice", "support", "hello")
    await bot.slack.edit(post, BOUNCE)
    other = await bot.slack.other_bot("support", BOUNCE)
    await bot.slack.leave("dave", "support")
    await bot.slack.join("dave", "support")
    await bot.quiet()

    assert not bot.answers(post)
    assert not bot.answers(other)


async def test_an_edit_of_an_answered_post_brings_no_second_answer(bot: Running) -> None:
    """Nor does a preview that Slack adds."""
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)
    await bot.slack.edit(post, BOUNCE + " ")
    await bot.slack.unfurl(post)
    await bot.quiet()

    assert len(bot.answers(post)) == 1


async def test_slacks_own_mail_app_is_answered(bot: Running) -> None:
    """A bounce that was mailed to the channel is a bounce in the channel."""
    post = await bot.slack.email("support", "Undelivered Mail Returned to Sender", BOUNCE)

    assert "someone@example.org" in (await bot.final(post)).words


async def test_a_mention_that_is_a_bounce_is_answered_once(bot: Running) -> None:
    """It arrives as message and as app_mention."""
    post = await bot.slack.mention("alice", "support", BOUNCE)
    await bot.final(post)

    assert sorted(_kinds(bot, post)) == ["app_mention", "message"]
    assert len(bot.answers(post)) == 1


async def test_a_mention_that_is_no_bounce_gets_a_short_word(bot: Running) -> None:
    """Silence would look like a broken bot."""
    post = await bot.slack.mention("alice", "support", "can you read this for me?")
    answer = await bot.final(post)

    assert ".eml" in answer.words
    assert "Ticket" not in answer.words
    assert len(bot.answers(post)) == 1


async def test_a_mention_under_a_bounce_is_about_the_bounce(bot: Running) -> None:
    """The post above was made before the bot was there."""
    team = bot.slack.team
    await bot.slack.leave(team.bot_user_id, "support")
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.slack.join(team.bot_user_id, "support")
    await bot.slack.mention("bob", "support", "what is this?", thread_ts=post.ts)
    answer = await bot.final(post)

    assert "Ticket 1" in answer.words
    ticket = await bot.app.services.store.by_post(team.id, post.channel, post.ts)
    assert ticket is not None
    assert ticket.message_ts == answer.ts


async def test_a_direct_message_is_answered(bot: Running) -> None:
    """In its thread, as everywhere."""
    post = await bot.slack.direct("alice", BOUNCE)

    assert "Ticket 1" in (await bot.final(post)).words


async def test_chatter_in_a_direct_message_gets_a_short_word(bot: Running) -> None:
    """Whoever writes to the bot alone wants to hear something."""
    post = await bot.slack.direct("alice", "hello")

    assert "Paste a bounce" in (await bot.final(post)).words


async def test_an_uploaded_mail_is_answered_once(bot_on_both: Running) -> None:
    """It arrives as message and as file_shared; the key is the ts of the message that shares it."""
    bot = bot_on_both
    post = await bot.slack.upload("alice", "support", "bounce.eml", EML)
    answer = await bot.final(post)

    assert {"file_shared", "message"} <= _kinds(bot)
    assert "someone@example.org" in answer.words
    assert len(bot.answers(post)) == 1


async def test_an_upload_with_a_mention_is_answered_once(bot: Running) -> None:
    """message, app_mention and file_shared are one post."""
    name = bot.slack.team.users[bot.slack.team.bot_user_id]["name"]
    post = await bot.slack.upload("alice", "support", "bounce.eml", EML, text=f"@{name} what is this?")
    await bot.final(post)

    assert _kinds(bot) >= {"message", "app_mention", "file_shared"}
    assert len(bot.answers(post)) == 1


async def test_a_text_file_is_answered(bot: Running) -> None:
    """Also one that Windows wrote as UTF-16."""
    post = await bot.slack.upload("alice", "support", "bounce.txt", BOUNCE.encode("utf-16"))

    assert "someone@example.org" in (await bot.final(post)).words


async def test_files_that_are_no_bounce_are_met_with_silence(bot: Running) -> None:
    """A picture, a note and a mail that is none are chatter."""
    posts = [
        await bot.slack.upload("alice", "support", "cat.png", b"\x89PNG\r\n\x1a\n"),
        await bot.slack.upload("alice", "support", "notes.txt", b"milk, bread, 550 g flour"),
        await bot.slack.upload(
            "alice", "support", "hi.eml", b"From: a@example.org\r\nSubject: Hi\r\n\r\nHello!\r\n"
        ),
    ]
    await bot.quiet()

    assert not any(bot.answers(post) for post in posts)


async def test_an_outlook_file_is_read(bot: Running) -> None:
    """The words of a .msg file are UTF-16 streams; the bounce in them is answered."""
    data = OUTLOOK + BOUNCE.encode("utf-16-le") + bytes(64)
    post = await bot.slack.upload("alice", "support", "bounce.msg", data)

    assert "someone@" in (await bot.final(post)).words


async def test_an_outlook_file_without_a_bounce_is_told_how_to_be_saved(bot: Running) -> None:
    """Where no bounce can be read in it, the same mail in another form may help, and the bot says so."""
    post = await bot.slack.upload("alice", "support", "bounce.msg", OUTLOOK)

    assert ".eml" in (await bot.final(post)).words


async def test_the_magnifier_asks_about_a_post(bot: Running) -> None:
    """Twice is once."""
    team = bot.slack.team
    await bot.slack.leave(team.bot_user_id, "support")
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.slack.join(team.bot_user_id, "support")
    await bot.slack.react(post, "mag", "bob")
    await bot.final(post)
    await bot.slack.react(post, "mag", "carol")
    await bot.slack.react(post, "eyes", "carol")
    await bot.quiet()

    assert len(bot.answers(post)) == 1


async def test_the_magnifier_finds_a_reply_in_a_thread(bot: Running) -> None:
    """The bounce is the reply, and the answer goes into the same thread."""
    team = bot.slack.team
    root = await bot.slack.post("alice", "support", "look at this")
    await bot.slack.leave(team.bot_user_id, "support")
    reply = await bot.slack.post("alice", "support", BOUNCE, thread_ts=root.ts)
    await bot.slack.join(team.bot_user_id, "support")
    await bot.slack.react(reply, "mag", "bob")

    assert "Ticket 1" in (await bot.final(root)).words


async def test_the_magnifier_on_chatter_gets_a_short_word(bot: Running) -> None:
    """Somebody has asked."""
    post = await bot.slack.post("alice", "support", "good morning")
    await bot.slack.react(post, "mag", "bob")

    assert ".eml" in (await bot.final(post)).words


async def test_the_message_shortcut_asks_about_a_post(bot: Running) -> None:
    """A second time it says that the answer is there."""
    post = await bot.slack.post("alice", "support", "good morning")
    await bot.slack.edit(post, BOUNCE)
    await bot.slack.shortcut("diagnose_bounce", "bob", post)
    await bot.final(post)
    await bot.slack.shortcut("diagnose_bounce", "bob", post)
    await bot.until(lambda: bot.slack.ephemerals("bob"))

    assert len(bot.answers(post)) == 1
    assert "already" in bot.slack.ephemerals("bob")[0].text


async def test_the_shortcut_works_where_the_bot_is_not(bot: Running) -> None:
    """It cannot post there, so the asker alone gets the answer."""
    post = await bot.slack.post("alice", "random", BOUNCE)
    await bot.slack.shortcut("diagnose_bounce", "bob", post)
    whispered = (await bot.until(lambda: bot.slack.ephemerals("bob")))[0]

    assert "someone@example.org" in whispered.words
    assert not bot.answers(post)


async def test_several_recipients_are_each_named(bot: Running) -> None:
    """A report with two failed recipients lists both."""
    two = EML.replace(
        b"--b--",
        b"\r\nFinal-Recipient: rfc822; other@example.org\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        b"Diagnostic-Code: smtp; 552 5.2.2 <other@example.org>: Mailbox full\r\n\r\n--b--",
    ).replace(b"User unknown\r\n\r\n\r\n", b"User unknown\r\n\r\n")
    post = await bot.slack.upload("alice", "support", "bounce.eml", two)
    words = (await bot.final(post)).words

    assert "2 recipients failed" in words
    assert "someone@example.org" in words
    assert "other@example.org" in words


async def test_two_mails_in_one_post_are_one_answer(bot: Running) -> None:
    """It names the recipients of both."""
    other = EML.replace(b"someone@", b"other@")
    post = await bot.slack.post("alice", "support", "", files=[("a.eml", EML), ("b.eml", other)])
    words = (await bot.final(post)).words

    assert "other@example.org" in words
    assert "someone@example.org" in words
    assert len(bot.answers(post)) == 1


def _kinds(bot: Running, post: Post | None = None) -> set[str]:
    """The kinds of events that the bot was told, of one post or at all."""
    events = [delivered.payload.get("event", {}) for delivered in bot.slack.deliveries]
    return {event["type"] for event in events if post is None or event.get("ts") == post.ts}


async def test_parting_while_the_look_ups_run(bot: Running) -> None:
    """Whoever is quicker than the name server keeps the ticket of their own; the evidence comes all the same."""
    text = RELAY_DENIED.format(name="someone")
    bot.dns.faults.append(Fault(kind="delay", seconds=0.8))
    await bot.answer(await bot.slack.post("alice", "support", text))
    other = await bot.slack.post("bob", "support", text)
    joined = await bot.answer(other)
    await bot.slack.click(joined, "ticket_part", "bob")
    answer = await bot.final(other)

    assert "joins ticket 1" in joined.words
    assert "Ticket 2" in answer.words
    assert "joins ticket" not in answer.words
    assert "ticket_part" not in answer.actions

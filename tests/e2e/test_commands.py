"""``/bounce``: help, explain, a text for the asker alone, the form, and sharing."""

import pytest

from bot.playground.post import Post
from tests.e2e.running import NO_SUCH_USER, Running

BOUNCE = NO_SUCH_USER.format(name="someone")


async def _whispered(bot: Running, user: str = "alice") -> Post:
    return (await bot.until(lambda: bot.slack.ephemerals(user)))[-1]


async def test_a_text_is_answered_to_the_asker_alone(bot_on_both: Running) -> None:
    """With a button to share, and without a ticket."""
    bot = bot_on_both
    reply = await bot.slack.slash("alice", "support", BOUNCE)
    said = await _whispered(bot)

    assert reply.ok
    assert "someone@example.org" in said.words
    assert said.actions == ["answer_share"]
    assert not bot.slack.messages("support")
    assert not (await bot.app.services.store.list_tickets(bot.slack.team.id)).tickets
    assert not bot.slack.refusals


async def test_sharing_posts_the_answer_with_a_ticket(bot_on_both: Running) -> None:
    """The shared message is the post that the ticket is about, and the private one goes."""
    bot = bot_on_both
    await bot.slack.slash("alice", "support", BOUNCE)
    said = await _whispered(bot)
    await bot.slack.click(said, "answer_share", "alice")
    await bot.until(lambda: bot.slack.messages("support"))
    await bot.quiet()
    shared = bot.slack.messages("support")

    assert len(shared) == 1
    assert "Ticket 1" in shared[0].words
    assert "ticket_escalate" in shared[0].actions
    assert not bot.slack.ephemerals("alice")
    assert not bot.slack.refusals


async def test_sharing_twice_posts_once(bot: Running) -> None:
    """Two fast clicks are one."""
    await bot.slack.slash("alice", "support", BOUNCE)
    said = await _whispered(bot)
    bot.slack.slow("chat.postMessage", 0.3)
    await bot.slack.click(said, "answer_share", "alice")
    await bot.slack.click(said, "answer_share", "alice")
    await bot.quiet()

    assert len(bot.slack.messages("support")) == 1


async def test_sharing_where_the_bot_is_not_says_so(bot: Running) -> None:
    """With what to do."""
    await bot.slack.slash("alice", "random", BOUNCE)
    said = await _whispered(bot)
    await bot.slack.click(said, "answer_share", "alice")
    await bot.quiet()

    assert any("/invite" in each.text for each in bot.slack.ephemerals("alice"))


async def test_sharing_again_when_the_bot_was_invited(bot: Running) -> None:
    """The same button works, without asking again."""
    await bot.slack.slash("alice", "random", BOUNCE)
    said = await _whispered(bot)
    await bot.slack.click(said, "answer_share", "alice")
    await bot.quiet()
    bot.slack.team.channel("random")["members"].append(bot.slack.team.bot_user_id)
    await bot.slack.click(said, "answer_share", "alice")
    await bot.quiet()

    assert len(bot.slack.messages("random")) == 1
    assert (await bot.app.services.store.list_tickets(bot.slack.team.id)).tickets


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("my parcel has not come", "No bounce found in this text"),
        ("a customer says the mail bounced because the mailbox was full", "No bounce found in this text"),
        ("Die Kundin schreibt, ihre Mail an Herrn Meier kam zurück.", "No bounce found in this text"),
        (
            "Nov 24 16:01:12 mx1 postfix/smtp[2211]: 4F2A1: to=<a@example.org>, relay=mx.example.org[192.0.2.7]:25,",
            "No bounce found in this text",
        ),
        ("550 Failed to change directory.", "known from something else"),
        ("Subject: Out of office\n\nI am away until Monday.", "an automatic reply, not a bounce"),
    ],
    ids=["chatter", "hearsay", "paraphrase", "half a log line", "FTP", "auto-reply"],
)
async def test_a_text_that_is_no_bounce_gets_a_short_word(bot: Running, text: str, instead: str) -> None:
    """Whoever asks is answered: what it is, as far as that is known, and how to go on. What was not recognised is not
    said to have arrived."""
    await bot.slack.slash("alice", "support", text)
    said = (await _whispered(bot)).words

    assert instead in said
    assert "got through" not in said
    assert ".eml" in said
    assert "Ask whoever runs your mail" in said


async def test_a_text_is_read_as_typed(bot: Running) -> None:
    """What Slack has marked up is undone before the reading."""
    await bot.slack.slash(
        "alice", "support", "550 5.1.1 <mailto:a@example.org|a@example.org>: User unknown &amp; gone"
    )

    assert "a@example.org" in (await _whispered(bot)).words


async def test_alone_it_opens_a_form(bot: Running) -> None:
    """What is typed there is answered to the asker alone."""
    await bot.slack.slash("alice", "support", "")
    view = await bot.slack.modal("alice", callback_id="diagnose_form", seconds=30.0)
    await bot.slack.submit(view, {"text": BOUNCE}, "alice")

    assert "someone@example.org" in (await _whispered(bot)).words
    assert bot.slack.view("alice") is None


async def test_an_empty_form_stays_open(bot: Running) -> None:
    """It says what is missing."""
    await bot.slack.slash("alice", "support", "")
    view = await bot.slack.modal("alice", callback_id="diagnose_form", seconds=30.0)
    await bot.slack.submit(view, {"text": "   "}, "alice")

    assert bot.slack.view("alice") is not None


async def test_help_names_the_ways_to_ask(bot: Running) -> None:
    """All of it is there at once, in the acknowledgement."""
    await bot.slack.slash("alice", "support", "help")
    said = await _whispered(bot)

    for word in ("/bounce", "explain", "check", "tickets", ":mag:", ".eml"):
        assert word in said.words


@pytest.mark.parametrize("query", ["550", "5.7.26", "relay access denied", "", "xyzzy <@U1> `"])
async def test_explain_says_what_is_known(bot: Running, query: str) -> None:
    """Also that nothing is known; and nothing that was typed calls anybody."""
    await bot.slack.slash("alice", "support", f"explain {query}")
    said = await _whispered(bot)

    assert said.text
    assert not said.mentions
    assert not bot.slack.refusals


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("example.org", "mail.example.org"),
        ("someone@example.net", "mx.example.net"),
        ("no-such-domain.example", "to be mended"),
        ("a b@@example.org", "to be mended"),
        ("192.0.2.1", "192.0.2.1"),
        ("<!channel> *b* " + "x" * 2000, "xxx"),
        ("<mailto:someone@example.net|someone@example.net>", "mx.example.net"),
    ],
    ids=["domain", "address", "absent", "syntax", "ip", "hostile", "linked"],
)
async def test_check_looks_at_a_target(bot: Running, target: str, said: str) -> None:
    """From live DNS, shown to the asker alone."""
    await bot.slack.slash("alice", "support", f"check {target}")
    answer = await _whispered(bot)

    assert said in answer.words
    assert not answer.mentions
    assert not bot.slack.refusals


LIST = "someone@example.net, Bob <bob@no-such-domain.example>; a b@@example.org\nexample.org"


async def test_check_takes_a_list(bot: Running) -> None:
    """The counts, then a line for each, the worst first."""
    await bot.slack.slash("alice", "support", f"check {LIST}")
    said = (await _whispered(bot)).words

    assert "4 checked: 2 to mend" in said
    assert said.index("bob@no-such-domain.example") < said.index("someone@example.net")
    assert "a b@@example.org" in said
    assert not bot.slack.refusals


async def test_check_alone_opens_a_form(bot: Running) -> None:
    """What is typed there is checked, and shown to the asker alone."""
    await bot.slack.slash("alice", "support", "check")
    view = await bot.slack.modal("alice", callback_id="check_form", seconds=30.0)
    await bot.slack.submit(view, {"text": LIST}, "alice")

    assert "4 checked" in (await _whispered(bot)).words
    assert bot.slack.view("alice") is None
    assert not bot.slack.refusals


async def test_an_empty_check_form_stays_open(bot: Running) -> None:
    """It says what is missing."""
    await bot.slack.slash("alice", "support", "check")
    view = await bot.slack.modal("alice", callback_id="check_form", seconds=30.0)
    await bot.slack.submit(view, {"text": " , ;\n "}, "alice")

    assert bot.slack.view("alice") is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"{'x' * 18}{n}@no-such{n}.example" for n in range(70)), id="many"),
        pytest.param("<!channel>,<@U1>,*b*," + "\u202e" * 300 + "," + "a@b," * 200, id="hostile"),
    ],
)
async def test_a_long_or_hostile_list_fits_a_message(bot: Running, text: str) -> None:
    """Nothing is refused by Slack, and nobody is called."""
    await bot.slack.slash("alice", "support", "check")
    view = await bot.slack.modal("alice", callback_id="check_form", seconds=30.0)
    await bot.slack.submit(view, {"text": text[:3000]}, "alice")
    said = await _whispered(bot)

    assert "checked" in said.words
    assert not said.mentions
    assert not bot.slack.refusals


async def test_the_evidence_opens_in_a_window(bot: Running) -> None:
    """Facts, reasons and look-ups."""
    post = await bot.slack.post("alice", "support", BOUNCE)
    answer = await bot.final(post)
    await bot.slack.click(answer, "evidence_show", "bob")
    view = await bot.slack.modal("bob", seconds=30.0)
    shown = Post(team=post.team, body={"blocks": view["blocks"], "channel": "", "ts": ""}).words

    assert "someone@example.org" in shown
    assert "5.1.1" in shown
    assert not bot.slack.refusals

"""Slack fails, is slow, repeats itself or is not Slack at all: every bounce is still answered once."""

import asyncio
import json
import time

import pytest

from bot.playground.delivery import sign
from tests.e2e.running import NO_SUCH_USER, Running

BOUNCE = NO_SUCH_USER.format(name="someone")


async def _envelope(bot: Running, text: str, ts: str) -> dict[str, object]:
    team, channel = bot.slack.team, bot.slack.team.channel("support")["id"]
    return {
        "type": "event_callback",
        "team_id": team.id,
        "api_app_id": team.app_id,
        "event_id": f"Ev{time.monotonic_ns()}",
        "event": {
            "type": "message",
            "channel": channel,
            "channel_type": "channel",
            "user": team.user("alice")["id"],
            "text": text,
            "ts": ts,
        },
        "authorizations": [{"team_id": team.id, "user_id": team.bot_user_id, "is_bot": True}],
    }


async def test_the_same_event_many_times_is_answered_once(bot_on_both: Running) -> None:
    """Twenty at once, each with an event id of its own."""
    bot = bot_on_both
    post = await bot.slack.post("alice", "support", BOUNCE)
    envelopes = [await _envelope(bot, BOUNCE, post.ts) for _ in range(20)]
    delivered = await asyncio.gather(*(bot.slack.delivery.event_now(envelope) for envelope in envelopes))
    await bot.final(post)

    assert all(sent.replies[-1].ok for sent in delivered)
    assert len(bot.answers(post)) == 1


async def test_an_event_that_comes_again_after_the_answer_is_not_answered_again(bot: Running) -> None:
    """Not even when what the jobs keep has been swept away."""
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)
    await bot.app.services.jobs.forget(f"{bot.slack.team.id}:{post.channel}:{post.ts}")
    await bot.slack.delivery.event_now(await _envelope(bot, BOUNCE, post.ts))
    await bot.quiet()

    assert len(bot.answers(post)) == 1


@pytest.mark.parametrize(
    ("status", "after"),
    [(500, False), (500, True), (503, True), (200, True)],
    ids=["refused", "carried out, answer lost", "unavailable, carried out", "internal_error, carried out"],
)
async def test_a_post_whose_outcome_is_unknown_is_looked_for(bot: Running, status: int, after: bool) -> None:
    """Slack has posted it, or has not; either way it stands there once."""
    bot.slack.fail("chat.postMessage", status=status, error="internal_error", after=after)
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)

    assert len(bot.answers(post)) == 1


async def test_a_rate_limit_is_waited_out(bot: Running) -> None:
    """As long as Slack asks for."""
    bot.slack.fail("chat.postMessage", status=429, retry_after=1, times=2)
    bot.slack.fail("chat.update", status=429, retry_after=1)
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)

    assert len(bot.answers(post)) == 1
    assert not bot.slack.refusals


async def test_an_update_that_fails_is_repeated(bot: Running) -> None:
    """The evidence arrives later, but it arrives."""
    bot.slack.fail("chat.update", status=500, times=2)
    post = await bot.slack.post("alice", "support", BOUNCE)

    assert "Looking up" not in (await bot.final(post)).words


async def test_slack_not_saying_who_we_are_loses_nothing(bot: Running) -> None:
    """The event is not acknowledged then, so Slack sends it again."""
    bot.slack.fail("auth.test", status=500, times=2)
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)

    assert len(bot.answers(post)) == 1


async def test_a_file_that_slack_gives_late_is_read_later(bot: Running) -> None:
    """A fault of files.info does not end the work."""
    bot.slack.fail("files.info", status=500, times=1)
    post = await bot.slack.upload("alice", "support", "bounce.txt", BOUNCE.encode())
    await bot.final(post)

    assert len(bot.answers(post)) == 1


async def test_a_channel_that_is_closed_to_us_is_given_up_quietly(bot: Running) -> None:
    """Nothing is repeated for hours, and other posts go on."""
    bot.slack.fail("chat.postMessage", error="is_archived")
    lost = await bot.slack.post("alice", "support", BOUNCE)
    await bot.quiet()
    post = await bot.slack.post("bob", "support", NO_SUCH_USER.format(name="other"))
    await bot.final(post)

    assert not bot.answers(lost)


@pytest.mark.parametrize(
    ("secret", "age"),
    [("another-secret", 0), ("right", 3600), ("right", -3600), (None, 0)],
    ids=["wrong secret", "an hour old", "an hour ahead", "unsigned"],
)
async def test_a_request_that_slack_has_not_signed_is_refused(
    bot: Running, secret: str | None, age: int
) -> None:
    """401, and nothing happens."""
    body = json.dumps(await _envelope(bot, BOUNCE, "1700000000.000001")).encode()
    timestamp = str(int(time.time()) - age)
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        key = bot.slack.signing_secret if secret == "right" else secret
        headers |= {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(key, timestamp, body)}
    reply = await bot.slack.delivery.raw(body, headers)
    await bot.quiet()

    assert reply.status == 401
    assert not bot.slack.calls


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'"text"', b"payload=%7B", b"payload=[]", b"{}" * 1000],
    ids=["empty", "half", "bytes", "list", "null", "string", "half form", "list form", "many"],
)
async def test_junk_is_refused(bot: Running, body: bytes) -> None:
    """Signed or not: a 4xx, and the program lives."""
    timestamp = str(int(time.time()))
    statuses = []
    for signature in ("v0=00", "é", sign(bot.slack.signing_secret, timestamp, body)):
        for at in (timestamp, "now"):
            headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
            for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain; charset=no"):
                reply = await bot.slack.delivery.raw(body, {**headers, "Content-Type": kind})
                statuses.append(reply.status)

    assert all(400 <= status < 500 for status in statuses)


async def test_slack_can_verify_the_address(bot: Running) -> None:
    """When the app is created, before there is a token that works."""
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"}).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(bot.slack.signing_secret, timestamp, body),
    }
    reply = await bot.slack.delivery.raw(body, headers)

    assert reply.status == 200
    assert "3eZbrw1a" in reply.text
    assert not bot.slack.calls


async def test_a_huge_request_is_refused(bot: Running) -> None:
    """Ten megabytes are not read into memory."""
    reply = await bot.slack.delivery.raw(b"x" * 10_000_000, {"Content-Type": "application/json"})

    assert reply.status in (0, 413)


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <@U0BOB> <!channel> *bold* _it_ ~no~ `code` <http://evil.example|click> user unknown",
        "550 5.1.1 \u202eevil\u202c <a&amp;b@example.org>: user unknown \x00\x07",
        "550 5.1.1 <" + "a" * 5000 + "@example.org>: user unknown",
        "550 5.1.1 <x@example.org>: user unknown\n" + "\U0001f4e7" * 3000,
    ],
    ids=["markup", "controls", "long address", "astral"],
)
async def test_what_was_pasted_is_shown_literally(bot: Running, text: str) -> None:
    """No mention, no link, no mark-up, and Slack takes the message."""
    post = await bot.slack.mention("alice", "support", text)
    answer = await bot.final(post)

    assert not answer.mentions
    assert "mrkdwn" not in json.dumps(answer.blocks)
    assert not bot.slack.refusals


async def test_a_very_long_paste_is_answered(bot: Running) -> None:
    """A megabyte arrives as a snippet; its beginning holds the bounce."""
    post = await bot.slack.post("alice", "support", BOUNCE + "\n" + "Received: from junk\n" * 52_000)
    answer = await bot.final(post)

    assert "someone@example.org" in answer.words


async def test_a_deleted_post_is_forgotten_by_the_jobs(bot: Running) -> None:
    """What was pasted stays nowhere."""
    post = await bot.slack.post("alice", "support", BOUNCE)
    await bot.final(post)
    key = f"{bot.slack.team.id}:{post.channel}:{post.ts}"
    assert await bot.app.services.jobs.payload(key) is not None

    await bot.slack.delete(post)
    await bot.quiet()

    assert await bot.app.services.jobs.payload(key) is None


async def test_a_fault_of_ours_is_told_with_a_reference(
    bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An honest sentence, not silence; the same reference stands in the log."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(bot.app.services.diagnoser), "first", broken)
    post = await bot.slack.post("alice", "support", BOUNCE)

    assert "reference" in (await bot.answer(post)).words


async def test_a_command_that_fails_is_told_with_a_reference(
    bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person who typed it sees it, and nobody else."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.slack.listeners.commands.explain", broken)
    await bot.slack.slash("alice", "support", "explain 550")
    told = await bot.until(lambda: bot.slack.ephemerals("alice"))

    assert "reference" in told[0].text


@pytest.mark.parametrize("broken_part", ["final", "read"])
async def test_a_question_that_fails_is_told_with_a_reference(
    bot: Running, monkeypatch: pytest.MonkeyPatch, broken_part: str
) -> None:
    """``/bounce TEXT`` is answered by a job: the asker hears of its fault as of any other."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(bot.app.services.diagnoser), broken_part, broken)
    await bot.slack.slash("alice", "support", BOUNCE)
    told = await bot.until(lambda: bot.slack.ephemerals("alice"))

    assert "reference" in told[0].text
    assert len(told) == 1


async def test_sharing_that_fails_is_told_with_a_reference(
    bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer has come; what goes wrong behind its button is said, too."""
    await bot.slack.slash("alice", "support", BOUNCE)
    answer = (await bot.until(lambda: bot.slack.ephemerals("alice")))[0]

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(bot.app.services.diagnoser), "final", broken)
    await bot.slack.click(answer, "answer_share", "alice")
    told = await bot.until(lambda: bot.slack.ephemerals("alice")[1:])

    assert "reference" in told[0].text

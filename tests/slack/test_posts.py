"""Which messages are asked of us, and what text do they hold?"""

from typing import Any

import pytest

from bot.slack.posts import (
    EMAIL_APP,
    Post,
    Upload,
    deleted_ts,
    of_message,
    shared_at,
    text_of,
    unescape,
    uploads_of,
)


def message(**more: Any) -> dict[str, Any]:
    return {"type": "message", "channel": "C1", "user": "U1", "text": "550 no", "ts": "1.2", **more}


def taken(event: dict[str, Any], **more: Any) -> Post | None:
    return of_message(event, team="T1", us="U0BOT", **more)


def test_a_message_of_a_person_is_taken() -> None:
    """Under team, channel and ts."""
    post = taken(message())

    assert post is not None
    assert post.key == "T1:C1:1.2"
    assert not post.addressed


@pytest.mark.parametrize(
    "event",
    [
        message(subtype="message_changed"),
        message(subtype="message_deleted"),
        message(subtype="channel_join"),
        message(subtype="channel_topic"),
        message(subtype="reminder_add"),
        message(subtype="bot_message", bot_id="B1", user=None),
        message(bot_id="B1"),
        message(user="U0BOT"),
        message(user="USLACKBOT"),
        message(user=None),
        message(hidden=True),
        message(edited={"user": "U1", "ts": "1.3"}),
        message(channel=None),
        message(ts=7),
    ],
    ids=lambda event: str(event.get("subtype") or event),
)
def test_silence_is_kept(event: dict[str, Any]) -> None:
    """For edits, joins, bots, ourselves, and what is no message at all."""
    assert taken(event) is None


@pytest.mark.parametrize(
    "event",
    [
        message(bot_id="B7"),
        message(bot_id="B1", app_id="A7"),
        message(bot_id="B1", bot_profile={"app_id": "A7"}),
        message(bot_id="B1", user="U7"),
    ],
    ids=["bot", "app", "profile", "user"],
)
def test_an_allowed_bot_is_taken(event: dict[str, Any]) -> None:
    """By any of its ids."""
    assert taken(event, allowed_bots=("B7", "A7", "U7")) is not None


def test_slacks_mail_app_is_allowed_from_the_start() -> None:
    """Also where Slackbot hands the mail over; whatever else Slackbot says is not taken."""
    mail = {"id": "F1", "name": "Undelivered", "filetype": "email", "mode": "email", "plain_text": "550 no"}
    by_app = taken(message(bot_id="B1", app_id=EMAIL_APP))
    by_slackbot = taken(message(user="USLACKBOT", subtype="file_share", files=[mail]))

    assert by_app is not None
    assert by_slackbot is not None
    assert by_slackbot.uploads[0].text == "550 no"
    assert taken(message(user="USLACKBOT", subtype="file_share", files=[mail]), allowed_bots=()) is None


@pytest.mark.parametrize(
    ("event", "addressed"),
    [
        (message(), False),
        (message(channel_type="im"), True),
        (message(type="app_mention"), True),
        (message(text="<@U0BOT> look"), True),
        (message(text="<@U2> look"), False),
        (message(bot_id="B7", text="<@U0BOT> look"), False),
    ],
    ids=["channel", "direct", "mention", "mention in text", "another's mention", "bot"],
)
def test_who_asks_us_is_known(event: dict[str, Any], addressed: bool) -> None:
    """Bots are never owed a word."""
    post = taken(event, allowed_bots=("B7",))

    assert post is not None
    assert post.addressed is addressed


@pytest.mark.parametrize(
    ("marked", "typed"),
    [
        ("550 &lt;a@example.org&gt; &amp; more", "550 <a@example.org> & more"),
        ("&amp;lt;", "&lt;"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<http://example.org|example.org> said", "example.org said"),
        ("<https://example.org/x>", "https://example.org/x"),
        ("<@U0BOT> see <#C1|general> <!here>", " see #general "),
        ("<!date^1^{date}|today>", "today"),
        ("550 <nothing-of-slacks> kept", "550 <nothing-of-slacks> kept"),
        ("a < b", "a < b"),
    ],
)
def test_markup_is_undone(marked: str, typed: str) -> None:
    """As the author typed it."""
    assert unescape(marked) == typed


def test_a_bait_for_expressions_is_read_in_no_time() -> None:
    """A megabyte of angle brackets."""
    assert unescape("<" * 500_000 + "&lt;" * 100_000).startswith("<")


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def test_rich_text_is_read_literally() -> None:
    """Boxes, quotes, lists, links, emoji by chance; mentions are left out."""
    blocks = [
        rich(
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "user", "user_id": "U0BOT"},
                    {"type": "text", "text": " see "},
                    {"type": "link", "url": "mailto:a@example.org"},
                    {"type": "emoji", "name": "100"},
                ],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "550 5.1.1 <a&b>"}]},
            {
                "type": "rich_text_list",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}],
            },
        )
    ]

    assert text_of({"text": "other", "blocks": blocks}) == "see a@example.org:100:\n550 5.1.1 <a&b>\nitem"


def test_a_forwarded_message_is_read() -> None:
    """What was forwarded is the bounce, not the words above it."""
    inner = {
        "message": {
            "blocks": [rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "550 x"}]})]
        }
    }
    attachments = [{"text": "550 y", "message_blocks": [inner]}, {"fallback": "554 &lt;z&gt;"}]

    assert text_of({"text": "look", "attachments": attachments}) == "look\n550 x\n554 <z>"


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"text": None, "blocks": "no", "attachments": 7, "files": {}},
        {"blocks": [None, 7, {"type": "rich_text", "elements": [None, {"elements": "x"}]}]},
        {"attachments": [None, {"message_blocks": [{"message": 7}]}], "files": [None, {"id": 7}]},
    ],
)
def test_junk_has_no_text(junk: dict[str, Any]) -> None:
    """And no error."""
    assert text_of(junk) == ""
    assert list(uploads_of(junk)) == []


def test_a_post_comes_back_from_json() -> None:
    """As jobs keep it."""
    post = Post(team="T1", channel="C1", ts="1.2", user="U1", uploads=(Upload(id="F1", name="a.eml"),))

    assert Post.from_json(post.as_json()) == post


@pytest.mark.parametrize(
    ("name", "kind", "readable"),
    [
        ("bounce.eml", "", True),
        ("Bounce.EML", "", True),
        ("x", "email", True),
        ("notes.txt", "text", True),
        ("bounce.msg", "binary", True),
        ("cat.png", "png", False),
        ("eml", "", False),
        ("", "", False),
    ],
)
def test_files_that_can_be_bounces_are_known(name: str, kind: str, readable: bool) -> None:
    """By their name or by Slack's kind."""
    assert Upload(id="F1", name=name, kind=kind).readable is readable


def test_deleted_files_are_left_out() -> None:
    """Slack leaves a tombstone."""
    assert list(uploads_of({"files": [{"id": "F1", "mode": "tombstone"}]})) == []


@pytest.mark.parametrize(
    ("shares", "ts"),
    [
        ({"public": {"C1": [{"ts": "1.2"}]}}, "1.2"),
        ({"private": {"C1": [{"ts": "1.3"}]}}, "1.3"),
        ({"public": {"C2": [{"ts": "1.2"}]}}, None),
        ({}, None),
        ({"public": {"C1": [{}]}}, None),
        ("no", None),
    ],
)
def test_where_a_file_was_shared_is_known(shares: Any, ts: str | None) -> None:
    """In this channel alone."""
    assert shared_at({"shares": shares}, "C1") == ts


TOMBSTONE = {"type": "message", "subtype": "tombstone", "ts": "1.2", "text": "This message was deleted."}


@pytest.mark.parametrize(
    ("event", "ts"),
    [
        pytest.param(message(subtype="message_deleted", deleted_ts="1.2"), "1.2", id="without replies"),
        pytest.param(message(subtype="message_changed", message=TOMBSTONE), "1.2", id="with replies"),
        pytest.param(message(subtype="message_changed", message={"ts": "1.2"}), None, id="an edit"),
        pytest.param(message(subtype="message_changed", message="tombstone"), None, id="no object"),
        pytest.param(message(subtype="message_deleted", deleted_ts=7), None, id="no ts"),
        pytest.param(message(subtype="tombstone"), None, id="a tombstone by itself"),
        pytest.param(
            message(type="app_mention", subtype="message_deleted", deleted_ts="1.2"), None, id="mention"
        ),
    ],
)
def test_what_a_deletion_is(event: dict[str, Any], ts: str | None) -> None:
    """Slack tells of it in two ways, by whether the message has replies."""
    assert deleted_ts(event) == ts

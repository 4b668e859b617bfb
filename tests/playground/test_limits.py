"""What Slack refuses: limits of blocks and views, and errors of methods. Allowed and refused side by side."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.limits import check_message_blocks, check_metadata, check_view
from bot.playground.refusal import Refusal
from bot.playground.workspace import BOT_SCOPES, Workspace


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str = "One", value: str = "1", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def words(*inline: dict[str, Any], kind: str = "rich_text_section", **more: Any) -> dict[str, Any]:
    return {"type": kind, "elements": list(inline), **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": [{"type": "divider"}], **more}


TEXT = {"type": "text", "text": "x"}
CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}

ALLOWED = {
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "section of 3000": [{"type": "section", "text": mrkdwn("x" * 3000)}],
    "ten fields of 1000": [{"type": "section", "fields": [mrkdwn("x" * 1000)] * 10}],
    "fifty blocks": [{"type": "divider"}] * 50,
    "button with everything": [
        actions(button(value="x" * 2000, style="danger", confirm=CONFIRM, url="https://example.org/"))
    ],
    "two buttons": [actions(button(), button(action_id="other"))],
    "overflow of one": [
        {
            "type": "section",
            "text": plain("x"),
            "accessory": {"type": "overflow", "action_id": "o", "options": [option()]},
        }
    ],
    "select with initial": [
        actions(
            {"type": "static_select", "action_id": "s", "options": [option()], "initial_option": option()}
        )
    ],
    "rich text of all kinds": [
        rich(
            words(TEXT, {"type": "link", "url": "https://example.org/", "text": "x"}),
            words(TEXT, kind="rich_text_quote"),
            words(TEXT, kind="rich_text_preformatted", border=0),
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [words(TEXT)]},
        )
    ],
    "context of text and image": [
        {
            "type": "context",
            "elements": [
                mrkdwn("x"),
                {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x"},
            ],
        }
    ],
}
REFUSED = {
    "header too long in UTF-16": ([{"type": "header", "text": plain("📫" * 76)}], "less than 151"),
    "header too long": ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "must be a plain_text object"),
    "section too long": ([{"type": "section", "text": mrkdwn("x" * 3001)}], "less than 3001"),
    "section empty": ([{"type": "section"}], "either `text` or `fields`"),
    "section with empty text": ([{"type": "section", "text": mrkdwn("")}], "more than 0"),
    "eleven fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "no more than 10"),
    "field too long": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "less than 2001"),
    "fifty-one blocks": ([{"type": "divider"}] * 51, "no more than 50"),
    "button text too long": ([actions(button(text=plain("x" * 76)))], "less than 76"),
    "button in mrkdwn": ([actions(button(text=mrkdwn("x")))], "plain_text"),
    "button value too long": ([actions(button(value="x" * 2001))], "less than 2001"),
    "button of another style": ([actions(button(style="big"))], "must be one of"),
    "button with a strange url": ([actions(button(url="javascript:alert(1)"))], "invalid url"),
    "action_id too long": ([actions(button(action_id="x" * 256))], "less than 256"),
    "action_id twice": ([actions(button(), button())], "already exists"),
    "block_id twice": ([{"type": "divider", "block_id": "a"}] * 2, "already exists"),
    "no elements": ([actions()], "no less than 1"),
    "twenty-six elements": ([actions(*(button(action_id=str(n)) for n in range(26)))], "no more than 25"),
    "eleven in a context": ([{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10"),
    "unknown block": ([{"type": "carousel"}], "unsupported type"),
    "unknown property": ([{"type": "divider", "color": "red"}], "invalid additional property"),
    "null property": ([{"type": "divider", "block_id": None}], "must not be null"),
    "no object": (["divider"], "must provide an object"),
    "confirm title too long": ([actions(button(confirm={**CONFIRM, "title": plain("x" * 101)}))], "than 101"),
    "confirm text too long": ([actions(button(confirm={**CONFIRM, "text": plain("x" * 301)}))], "than 301"),
    "confirm button too long": (
        [actions(button(confirm={**CONFIRM, "confirm": plain("x" * 31)}))],
        "less than 31",
    ),
    "deny button too long": ([actions(button(confirm={**CONFIRM, "deny": plain("x" * 31)}))], "less than 31"),
    "confirm of another style": ([actions(button(confirm={**CONFIRM, "style": "big"}))], "must be one of"),
    "label for screen readers too long": ([actions(button(accessibility_label="x" * 76))], "less than 76"),
    "url too long": ([actions(button(url="https://example.org/" + "x" * 3000))], "less than 3001"),
    "block_id too long": ([{"type": "divider", "block_id": "x" * 256}], "less than 256"),
    "context text too long": ([{"type": "context", "elements": [mrkdwn("x" * 3001)]}], "less than 3001"),
    "option description too long": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "s",
                    "options": [option(description=plain("x" * 76))],
                }
            )
        ],
        "less than 76",
    ),
    "option in mrkdwn": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "s",
                    "options": [{"text": mrkdwn("x"), "value": "1"}],
                }
            )
        ],
        "must be a plain_text object",
    ),
    "option values twice": (
        [actions({"type": "static_select", "action_id": "s", "options": [option(), option("Two")]})],
        "must be unique",
    ),
    "a hundred and one options": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "s",
                    "options": [option(value=str(n)) for n in range(101)],
                }
            )
        ],
        "no more than 100",
    ),
    "placeholder too long": (
        [actions({"type": "users_select", "action_id": "u", "placeholder": plain("x" * 151)})],
        "less than 151",
    ),
    "several people in actions": ([actions({"type": "multi_users_select", "action_id": "u"})], "unsupported"),
    "rich text without elements": ([{"type": "rich_text", "elements": []}], "no less than 1"),
    "rich text list of another style": (
        [rich({"type": "rich_text_list", "style": "roman", "elements": [words(TEXT)]})],
        "must be one of",
    ),
    "rich text with a strange link": ([rich(words({"type": "link", "url": "file:///etc"}))], "invalid url"),
    "broadcast to others": ([rich(words({"type": "broadcast", "range": "all"}))], "must be one of"),
    "confirm without deny": (
        [actions(button(confirm={k: v for k, v in CONFIRM.items() if k != "deny"}))],
        "missing required field: deny",
    ),
    "six overflow options": (
        [
            actions(
                {"type": "overflow", "action_id": "o", "options": [option(value=str(n)) for n in range(6)]}
            )
        ],
        "no more than 5",
    ),
    "option text too long": (
        [actions({"type": "static_select", "action_id": "s", "options": [option("x" * 76)]})],
        "less than 76",
    ),
    "option value too long": (
        [actions({"type": "static_select", "action_id": "s", "options": [option(value="x" * 151)]})],
        "less than 151",
    ),
    "initial option not among them": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "s",
                    "options": [option()],
                    "initial_option": option(value="2"),
                }
            )
        ],
        "one of the options",
    ),
    "select without options": ([actions({"type": "static_select", "action_id": "s"})], "either `options`"),
    "text input in actions": ([actions({"type": "plain_text_input", "action_id": "t"})], "unsupported type"),
    "rich text with empty text": ([rich(words({"type": "text", "text": ""}))], "more than 0"),
    "rich text list of text": (
        [rich({"type": "rich_text_list", "style": "bullet", "elements": [TEXT]})],
        "unsupported type",
    ),
    "user in preformatted": (
        [rich(words({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted"))],
        "unsupported type",
    ),
    "indent too deep": (
        [rich({"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": [words(TEXT)]})],
        "from 0 to 8",
    ),
    "image without alt text": (
        [{"type": "image", "image_url": "https://example.org/x.png"}],
        "missing required field: alt_text",
    ),
}


@pytest.mark.parametrize("blocks", ALLOWED.values(), ids=ALLOWED.keys())
def test_blocks_that_slack_takes(blocks: list[Any]) -> None:
    """At the limit, and every kind that the bot may use."""
    assert check_message_blocks(blocks) == blocks


@pytest.mark.parametrize(("blocks", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_blocks_that_slack_refuses(blocks: list[Any], message: str) -> None:
    """invalid_blocks, with a message that points at the fault."""
    with pytest.raises(Refusal) as caught:
        check_message_blocks(blocks)

    assert caught.value.error == "invalid_blocks"
    assert any(message in each for each in caught.value.messages)
    assert "[json-pointer:/blocks" in caught.value.messages[0]


def test_too_many_words_in_all() -> None:
    """Each section within its limit, all together over that of a message."""
    with pytest.raises(Refusal, match="msg_blocks_too_long"):
        check_message_blocks([{"type": "section", "text": mrkdwn("x" * 2700)}] * 5)


TEXT_INPUT = {"type": "plain_text_input", "action_id": "t"}
VIEWS_ALLOWED = {
    "smallest": modal(),
    "a hundred blocks": modal(blocks=[{"type": "divider"}] * 100),
    "inputs": modal(
        submit=plain("x" * 24),
        close=plain("x" * 24),
        private_metadata="x" * 3000,
        callback_id="form",
        notify_on_close=True,
        blocks=[
            field({**TEXT_INPUT, "multiline": True, "max_length": 3000, "initial_value": "x" * 3000}),
            field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1"}),
            field({"type": "radio_buttons", "action_id": "r", "options": [option()]}, optional=True),
            field({"type": "conversations_select", "action_id": "c", "filter": {"include": ["public"]}}),
            field({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-01"}, hint=plain("x")),
        ],
    ),
    "home": {"type": "home", "blocks": [{"type": "divider"}], "private_metadata": "x"},
}
VIEWS_REFUSED = {
    "title too long": (modal(title=plain("x" * 25)), "less than 25"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "submit too long": (modal(submit=plain("x" * 25)), "less than 25"),
    "close too long": (modal(close=plain("x" * 25)), "less than 25"),
    "metadata too long": (modal(private_metadata="x" * 3001), "less than 3001"),
    "callback_id too long": (modal(callback_id="x" * 256), "less than 256"),
    "a hundred and one blocks": (modal(blocks=[{"type": "divider"}] * 101), "no more than 100"),
    "input without submit": (modal(blocks=[field(TEXT_INPUT)]), "missing required field: submit"),
    "button as input": (modal(submit=plain("x"), blocks=[field(button())]), "unsupported type"),
    "eleven check boxes": (
        modal(
            submit=plain("x"),
            blocks=[
                field(
                    {
                        "type": "checkboxes",
                        "action_id": "c",
                        "options": [option(value=str(n)) for n in range(11)],
                    }
                )
            ],
        ),
        "no more than 10",
    ),
    "two in focus": (
        modal(
            submit=plain("x"),
            blocks=[field({**TEXT_INPUT, "action_id": str(n), "focus_on_load": True}) for n in range(2)],
        ),
        "only one element",
    ),
    "unknown property": (modal(colour="red"), "invalid additional property"),
    "external_id too long": (modal(external_id="x" * 256), "less than 256"),
    "label too long": (
        modal(submit=plain("x"), blocks=[field(TEXT_INPUT, label=plain("x" * 2001))]),
        "less than 2001",
    ),
    "hint too long": (
        modal(submit=plain("x"), blocks=[field(TEXT_INPUT, hint=plain("x" * 2001))]),
        "less than 2001",
    ),
    "placeholder too long": (
        modal(submit=plain("x"), blocks=[field({**TEXT_INPUT, "placeholder": plain("x" * 151)})]),
        "less than 151",
    ),
    "more than 3000 to type": (
        modal(submit=plain("x"), blocks=[field({**TEXT_INPUT, "max_length": 3001})]),
        "from 1 to 3000",
    ),
    "least above most": (
        modal(submit=plain("x"), blocks=[field({**TEXT_INPUT, "min_length": 9, "max_length": 3})]),
        "must not be greater",
    ),
    "smallest above largest": (
        modal(
            submit=plain("x"),
            blocks=[
                field(
                    {
                        "type": "number_input",
                        "action_id": "n",
                        "is_decimal_allowed": False,
                        "min_value": "9",
                        "max_value": "3",
                    }
                )
            ],
        ),
        "must not be greater",
    ),
    "a number that is none": (
        modal(
            submit=plain("x"),
            blocks=[
                field(
                    {
                        "type": "number_input",
                        "action_id": "n",
                        "is_decimal_allowed": False,
                        "min_value": "few",
                    }
                )
            ],
        ),
        "must be a number",
    ),
    "home with a title": (
        {"type": "home", "blocks": [], "title": plain("x")},
        "invalid additional property: title",
    ),
    "workflow step": ({"type": "workflow_step", "blocks": []}, "unsupported type"),
}


@pytest.mark.parametrize("view", VIEWS_ALLOWED.values(), ids=VIEWS_ALLOWED.keys())
def test_views_that_slack_takes(view: dict[str, Any]) -> None:
    """At the limit, with every input that the bot may use."""
    assert check_view(view) == view


@pytest.mark.parametrize(("view", "message"), VIEWS_REFUSED.values(), ids=VIEWS_REFUSED.keys())
def test_views_that_slack_refuses(view: dict[str, Any], message: str) -> None:
    """invalid_arguments, with a message that points at the fault."""
    with pytest.raises(Refusal) as caught:
        check_view(view)

    assert caught.value.error == "invalid_arguments"
    assert any(message in each for each in caught.value.messages)


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": []}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {"x": "y" * 17_000}}, "metadata_too_large"),
    ],
    ids=["no type", "no payload", "payload is a list", "unknown field", "too large"],
)
def test_metadata_that_slack_refuses(metadata: dict[str, Any], error: str) -> None:
    """The event type and an object."""
    with pytest.raises(Refusal, match=error):
        check_metadata(metadata)


TEXTS = {"channel": "C0SUPPORT", "text": "x"}
CALLS = {
    "no channel": ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
    "private channel": ("chat.postMessage", {"channel": "G0BACKROOM", "text": "x"}, "channel_not_found"),
    "not in channel": ("chat.postMessage", {"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
    "no text": ("chat.postMessage", {"channel": "C0SUPPORT"}, "no_text"),
    "empty text": ("chat.postMessage", {"channel": "C0SUPPORT", "text": ""}, "no_text"),
    "text too long": ("chat.postMessage", {**TEXTS, "text": "x" * 40_001}, "msg_too_long"),
    "blocks are no list": ("chat.postMessage", {**TEXTS, "blocks": "{"}, "invalid_blocks_format"),
    "thread is missing": ("chat.postMessage", {**TEXTS, "thread_ts": "1.000001"}, "invalid_thread_ts"),
    "another name": ("chat.postMessage", {**TEXTS, "username": "x"}, "missing_scope"),
    "text too long in UTF-16": ("chat.postMessage", {**TEXTS, "text": "📫" * 20_001}, "msg_too_long"),
    "unknown argument": ("chat.postMessage", {**TEXTS, "colour": "red"}, "invalid_arguments"),
    "update of nothing": ("chat.update", {**TEXTS, "ts": "1.000001"}, "message_not_found"),
    "ephemeral for nobody": ("chat.postEphemeral", {**TEXTS, "user": "U404"}, "user_not_found"),
    "unknown person": ("users.info", {"user": "U404"}, "user_not_found"),
    "unknown file": ("files.info", {"file": "F404"}, "file_not_found"),
    "history elsewhere": ("conversations.history", {"channel": "C0RANDOM"}, "not_in_channel"),
    "replies of nothing": (
        "conversations.replies",
        {"channel": "C0SUPPORT", "ts": "1.000001"},
        "thread_not_found",
    ),
    "open for nobody": ("conversations.open", {"users": "U404"}, "user_not_found"),
    "permalink of nothing": (
        "chat.getPermalink",
        {"channel": "C0SUPPORT", "message_ts": "1.1"},
        "message_not_found",
    ),
    "unknown view": ("views.update", {"view_id": "V404", "view": modal()}, "not_found"),
    "unknown method": ("chat.shout", TEXTS, "unknown_method"),
    "wrong token type": ("apps.connections.open", {}, "not_allowed_token_type"),
}


@pytest.mark.parametrize(("method", "arguments", "error"), CALLS.values(), ids=CALLS.keys())
async def test_calls_that_slack_refuses(
    client: AsyncWebClient, slack: Workspace, method: str, arguments: dict[str, Any], error: str
) -> None:
    """Slack's own error string, and the refusal is kept for the test to see."""
    with pytest.raises(SlackApiError, match=error):
        await client.api_call(method, json=arguments)

    assert slack.refusals[-1].body["error"] == error


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")], ids=["none", "wrong"]
)
async def test_tokens_that_slack_refuses(slack: Workspace, token: str, error: str) -> None:
    """No token, and one that nobody gave out."""
    with pytest.raises(SlackApiError, match=error):
        await AsyncWebClient(token=token, base_url=slack.api_url).auth_test()


async def test_an_update_takes_a_tenth_of_a_posts_text(slack: Workspace, client: AsyncWebClient) -> None:
    """4,000 characters, where a new message takes 40,000."""
    post = await client.chat_postMessage(channel="C0SUPPORT", text="x" * 40_000)
    await client.chat_update(channel="C0SUPPORT", ts=post["ts"], text="x" * 4_000)

    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C0SUPPORT", ts=post["ts"], text="x" * 4_001)


SCOPED = {
    "chat:write": ("chat.postMessage", TEXTS),
    "users:read": ("users.info", {"user": "U0ALICE"}),
    "files:read": ("files.info", {"file": "F1"}),
    "channels:history": ("conversations.history", {"channel": "C0SUPPORT"}),
    "channels:read": ("conversations.info", {"channel": "C0SUPPORT"}),
    "im:write": ("conversations.open", {"users": "U0ALICE"}),
    "reactions:write": ("reactions.add", {"channel": "C0SUPPORT", "timestamp": "1.1", "name": "eyes"}),
    "usergroups:read": ("usergroups.list", {}),
}


@pytest.mark.parametrize(("scope", "call"), SCOPED.items(), ids=SCOPED.keys())
async def test_a_scope_that_was_not_given_is_missing(scope: str, call: tuple[str, dict[str, Any]]) -> None:
    """missing_scope, with the scope that is needed and those that the bot has."""
    async with Workspace(scopes=sorted(BOT_SCOPES - {scope})) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="missing_scope") as caught:
            await client.api_call(call[0], json=call[1])

    assert caught.value.response["needed"] == scope
    assert scope not in caught.value.response["provided"].split(",")


async def test_a_rate_limit_says_how_long_to_wait(slack: Workspace, client: AsyncWebClient) -> None:
    """Status 429, the error ratelimited, and Retry-After in seconds."""
    slack.fail("chat.postMessage", status=429, retry_after=30)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(**TEXTS)

    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "30"
    assert not slack.messages("support")


async def test_a_view_that_has_changed_meanwhile_is_a_conflict(
    slack: Workspace, client: AsyncWebClient
) -> None:
    """hash_conflict, for a modal and for the Home tab; without a hash the last one wins."""
    opened = await client.views_open(trigger_id=slack.acting.trigger(slack.team, "U0ALICE"), view=modal())
    old = opened["view"]
    await client.views_update(view_id=old["id"], hash=old["hash"], view=modal())
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    published = (await client.views_publish(user_id="U0ALICE", view=home))["view"]
    again = (await client.views_publish(user_id="U0ALICE", view=home, hash=published["hash"]))["view"]

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=old["id"], hash=old["hash"], view=modal())
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U0ALICE", view=home, hash=published["hash"])
    assert again["id"] == published["id"]
    assert (await client.views_update(view_id=old["id"], view=modal()))["ok"]


async def test_an_external_id_stands_for_one_open_view(slack: Workspace, client: AsyncWebClient) -> None:
    """duplicate_external_id; a closed view gives it back."""
    view = modal(external_id="mine")
    await client.views_open(trigger_id=slack.acting.trigger(slack.team, "U0ALICE"), view=view)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=slack.acting.trigger(slack.team, "U0BOB"), view=view)
    await slack.close_view("alice")

    assert (await client.views_open(trigger_id=slack.acting.trigger(slack.team, "U0BOB"), view=view))["ok"]


async def test_another_persons_message_cannot_be_changed(slack: Workspace, client: AsyncWebClient) -> None:
    """cant_update_message and cant_delete_message."""
    post = await slack.post("alice", "support", "mine")

    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=post.channel, ts=post.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=post.channel, ts=post.ts)


async def test_the_second_same_reaction_is_refused(slack: Workspace, client: AsyncWebClient) -> None:
    """already_reacted."""
    post = await slack.post("alice", "support", "x")
    await client.reactions_add(channel=post.channel, timestamp=post.ts, name="eyes")

    with pytest.raises(SlackApiError, match="already_reacted"):
        await client.reactions_add(channel=post.channel, timestamp=post.ts, name="eyes")

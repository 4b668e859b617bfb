"""The local workspace toward a real Bolt app: events, actions, forms, commands, faults."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import acting
from bot.playground.delivery import sign
from bot.playground.people import Group
from bot.playground.refusal import Refusal
from bot.playground.workspace import Workspace
from tests.playground.conftest import Bot

BUTTON = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "note_text"},
        },
        {
            "type": "input",
            "block_id": "steps",
            "optional": True,
            "label": {"type": "plain_text", "text": "Steps"},
            "element": {
                "type": "checkboxes",
                "action_id": "steps_done",
                "options": [
                    {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
                    {"text": {"type": "plain_text", "text": "Two"}, "value": "2"},
                ],
            },
        },
    ],
}


def heard(bot: Bot, kind: str) -> list[dict[str, Any]]:
    """A list that fills with the events of one kind."""
    events: list[dict[str, Any]] = []

    @bot.app.event(kind)
    async def listen(event: dict[str, Any]) -> None:
        events.append(event)

    return events


async def test_a_post_reaches_the_bot_as_a_signed_message_event(slack: Workspace, bot: Bot) -> None:
    """Bolt verifies the signature, and the event is shaped as Slack shapes it."""
    events = heard(bot, "message")
    post = await slack.post("alice", "#support", "550 <x@example.org>: unknown & gone")
    await slack.wait_for(lambda: events)

    assert events[0]["ts"] == post.ts
    assert events[0]["user"] == "U0ALICE"
    assert events[0]["channel_type"] == "channel"
    assert events[0]["text"] == "550 &lt;<mailto:x@example.org|x@example.org>&gt;: unknown &amp; gone"


async def test_a_wrong_signing_secret_is_refused_by_the_bot(slack: Workspace, bot: Bot) -> None:
    """The signature is real: another secret gives 401, three retries, and no listener runs."""
    events = heard(bot, "message")
    slack.delivery.signing_secret = "another"
    await slack.post("alice", "support", "hello")
    await slack.settled()

    assert not events
    assert [reply.status for reply in slack.deliveries[0].replies] == [401, 401, 401, 401]


async def test_an_event_without_acknowledgement_comes_again(slack: Workspace, bot: Bot) -> None:
    """A slow bot gets the same event id again with the retry headers."""
    seen: list[tuple[str, str, str]] = []

    @bot.app.middleware
    async def slow(req: Any, next: Any, body: Any) -> None:
        headers = req.headers
        seen.append(
            (
                body["event_id"],
                headers.get("x-slack-retry-num", ["0"])[0],
                headers.get("x-slack-retry-reason", [""])[0],
            )
        )
        if len(seen) < 3:
            await asyncio.sleep(0.7)
        await next()

    heard(bot, "message")
    await slack.post("alice", "support", "hello")
    await slack.settled()

    assert len({event_id for event_id, _, _ in seen}) == 1
    assert [(number, reason) for _, number, reason in seen] == [
        ("0", ""),
        ("1", "http_timeout"),
        ("2", "http_timeout"),
    ]


async def test_nobody_listening_is_a_failed_connection(slack: Workspace) -> None:
    """With no server at the request URL the event is given up after three retries."""
    slack.request_url = "http://127.0.0.1:9/slack/events"
    await slack.post("alice", "support", "hello")
    await slack.settled()

    assert [reply.reason for reply in slack.deliveries[0].replies] == ["connection_failed"] * 4


async def test_a_channel_without_the_bot_is_silent(slack: Workspace, bot: Bot) -> None:
    """Slack tells a bot nothing about channels that it is not in."""
    await slack.post("alice", "random", "550 user unknown")
    await slack.mention("alice", "random", "550 user unknown")

    assert not slack.deliveries


async def test_a_mention_arrives_twice(slack: Workspace, bot: Bot) -> None:
    """Once as message and once as app_mention, with the same ts."""
    messages, mentions = heard(bot, "message"), heard(bot, "app_mention")
    post = await slack.mention("alice", "support", "550 user unknown")
    await slack.settled()

    assert [event["ts"] for event in messages + mentions] == [post.ts, post.ts]
    assert mentions[0]["text"].startswith("<@U0BOT1> ")


async def test_a_direct_message_is_no_mention(slack: Workspace, bot: Bot) -> None:
    """In the direct channel the bot gets message.im alone."""
    messages, mentions = heard(bot, "message"), heard(bot, "app_mention")
    await slack.direct("alice", "@fivefifty hello")
    await slack.settled()

    assert [event["channel_type"] for event in messages] == ["im"]
    assert not mentions


async def test_typed_markup_is_no_mention(slack: Workspace) -> None:
    """Angle brackets that a person types stay words; a name that Slack knows becomes a mention."""
    hostile = await slack.post("alice", "support", "<!channel> <@U0BOB> <script>alert(1)</script>")
    real = await slack.post("alice", "support", "@channel @bob")

    assert hostile.mentions == []
    assert real.mentions == ["channel", "U0BOB", "channel", "U0BOB"]


async def test_an_upload_is_shared_and_downloadable_with_the_token(
    slack: Workspace, bot: Bot, client: AsyncWebClient
) -> None:
    """The file comes as message and file_shared; its content needs the bot's token."""
    shared = heard(bot, "file_shared")
    post = await slack.upload("alice", "support", "bounce.eml", b"Subject: x\r\n\r\n550")
    await slack.wait_for(lambda: shared)
    file = (await client.files_info(file=shared[0]["file_id"]))["file"]
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        async with http.get(file["url_private_download"], headers=headers) as answer:
            content = await answer.read()
        async with http.get(file["url_private_download"]) as answer:
            stranger = await answer.text()

    assert content == b"Subject: x\r\n\r\n550"
    assert "<!DOCTYPE html>" in stranger
    assert file["shares"]["public"]["C0SUPPORT"][0]["ts"] == post.ts


async def test_a_very_long_paste_becomes_a_snippet(slack: Workspace) -> None:
    """As Slack's client does."""
    post = await slack.post("alice", "support", "550 " * 5000)

    assert post.body["subtype"] == "file_share"
    assert post.body["files"][0]["mode"] == "snippet"


async def test_edits_deletions_joins_and_other_bots_are_told(slack: Workspace, bot: Bot) -> None:
    """The events that a bot must not answer come with Slack's subtypes."""
    events = heard(bot, "message")
    post = await slack.post("alice", "support", "one")
    await slack.edit(post, "two")
    await slack.unfurl(post)
    await slack.delete(post)
    await slack.other_bot("support", "550")
    await slack.leave("bob", "support")
    await slack.join("bob", "support")
    await slack.settled()

    subtypes = sorted(str(event.get("subtype")) for event in events)
    assert subtypes == [
        "None",
        "bot_message",
        "channel_join",
        "message_changed",
        "message_changed",
        "message_deleted",
    ]


async def test_a_deleted_message_with_replies_leaves_a_tombstone(
    slack: Workspace, client: AsyncWebClient, bot: Bot
) -> None:
    """Slack tells of it as of a change; the thread stays."""
    events = heard(bot, "message")
    post = await slack.post("alice", "support", "parent")
    await client.chat_postMessage(channel=post.channel, thread_ts=post.ts, text="reply")
    await slack.delete(post)
    await slack.settled()
    thread = await client.conversations_replies(channel=post.channel, ts=post.ts)
    told = [event for event in events if event.get("subtype") in ("message_changed", "message_deleted")]

    assert [message["text"] for message in thread["messages"]] == ["This message was deleted.", "reply"]
    assert [(event["subtype"], event["message"]["subtype"]) for event in told] == [
        ("message_changed", "tombstone")
    ]


async def test_the_bots_own_message_comes_back_to_it(slack: Workspace, bot: Bot) -> None:
    """Slack tells a bot about its own posts too (Bolt drops them before any listener)."""
    await bot.client.chat_postMessage(channel="C0SUPPORT", text="mine")
    await slack.settled()

    assert slack.deliveries[0].payload["event"]["bot_id"] == "B0BOT1"
    assert slack.deliveries[0].replies[0].ok


async def test_replies_count_in_their_thread(slack: Workspace, client: AsyncWebClient) -> None:
    """A reply stands in the thread, and history shows only the parent."""
    post = await slack.post("alice", "support", "parent")
    await client.chat_postMessage(channel=post.channel, thread_ts=post.ts, text="reply")
    history = await client.conversations_history(channel=post.channel)
    thread = await client.conversations_replies(channel=post.channel, ts=post.ts)

    assert [message["text"] for message in history["messages"]] == ["parent"]
    assert history["messages"][0]["reply_count"] == 1
    assert [message["text"] for message in thread["messages"]] == ["parent", "reply"]
    assert [reply.text for reply in slack.replies(post)] == ["reply"]


async def test_metadata_is_kept_and_given_back_on_request(slack: Workspace, client: AsyncWebClient) -> None:
    """``include_all_metadata`` decides."""
    metadata = {"event_type": "answer", "event_payload": {"key": "T/C/1"}}
    await client.chat_postMessage(channel="C0SUPPORT", text="x", metadata=metadata)
    plain = await client.conversations_history(channel="C0SUPPORT")
    full = await client.conversations_history(channel="C0SUPPORT", include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_an_update_keeps_what_it_does_not_name(slack: Workspace, client: AsyncWebClient) -> None:
    """Blocks and metadata stay when only the text is changed."""
    metadata = {"event_type": "answer", "event_payload": {}}
    sent = await client.chat_postMessage(
        channel="C0SUPPORT", text="one", blocks=[{"type": "divider"}], metadata=metadata
    )
    await client.chat_update(channel="C0SUPPORT", ts=sent["ts"], text="two")
    post = slack.messages("support")[-1]

    assert (post.text, post.blocks[0]["type"], post.metadata) == ("two", "divider", metadata)


async def test_a_click_opens_a_form_and_the_form_comes_back(slack: Workspace, bot: Bot) -> None:
    """block_actions with a trigger id, views.open, view_submission with the state."""
    submitted: list[dict[str, Any]] = []

    @bot.app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bot.app.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        await ack()

    await bot.client.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[BUTTON])
    await slack.click(slack.messages("support")[-1], "go", "alice")
    view = await slack.modal("alice")
    await slack.submit(view, {"note_text": "urgent", "steps": ["2"]}, "alice")

    assert submitted[0]["note"]["note_text"] == {"type": "plain_text_input", "value": "urgent"}
    assert [option["value"] for option in submitted[0]["steps"]["steps_done"]["selected_options"]] == ["2"]
    assert slack.view("alice") is None
    assert not slack.refusals


async def test_a_form_that_the_bot_rejects_stays_open(slack: Workspace, bot: Bot) -> None:
    """response_action errors."""

    @bot.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"note": "Too short"})

    slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, "U0ALICE"), MODAL)
    view = await slack.modal("alice")
    reply = await slack.submit(view, {"note": "x"}, "alice")

    assert reply.json["errors"] == {"note": "Too short"}
    assert slack.view("alice") is not None


async def test_errors_for_an_unknown_block_are_refused(slack: Workspace, bot: Bot) -> None:
    """Slack shows 'We had some trouble' for those."""

    @bot.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"nope": "Too short"})

    slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, "U0ALICE"), MODAL)
    view = await slack.modal("alice")

    with pytest.raises(Refusal, match="invalid_response"):
        await slack.submit(view, {"note": "x"}, "alice")


async def test_an_empty_required_field_cannot_be_submitted(slack: Workspace) -> None:
    """Slack's client stops it before the bot hears of it."""
    slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, "U0ALICE"), MODAL)
    view = await slack.modal("alice")

    with pytest.raises(ValueError, match="required"):
        await slack.submit(view, {}, "alice")


async def test_a_form_can_be_replaced_and_stacked(slack: Workspace, bot: Bot) -> None:
    """response_action push and update, and views.update by id."""
    answers = ["push", "update"]

    @bot.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action=answers.pop(0), view=MODAL)

    first = slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, "U0ALICE"), MODAL)
    await slack.submit(first, {"note": "x"}, "alice")
    second = await slack.modal("alice")
    await slack.submit(second, {"note": "x"}, "alice")
    third = await slack.modal("alice")
    await slack.close_view("alice")

    assert second["previous_view_id"] == first["id"]
    assert third["id"] == second["id"]
    assert (await slack.modal("alice"))["id"] == first["id"]


async def test_a_trigger_id_works_once_and_for_a_short_time(slack: Workspace, client: AsyncWebClient) -> None:
    """exchanged_trigger_id and expired_trigger_id."""
    once = slack.acting.trigger(slack.team, "U0ALICE")
    await client.views_open(trigger_id=once, view=MODAL)
    slack.acting.trigger_seconds = 0
    late = slack.acting.trigger(slack.team, "U0ALICE")

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=once, view=MODAL)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=MODAL)


async def test_a_slash_command_is_answered_to_the_asker_alone(slack: Workspace, bot: Bot) -> None:
    """The immediate answer and one by response_url both become ephemeral messages."""

    @bot.app.command("/bounce")
    async def bounce(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack(f"looking at {command['text']}")
        await respond("done")

    await slack.slash("alice", "support", "550 unknown")
    await slack.wait_for(lambda: len(slack.ephemerals("alice")) == 2)

    assert {post.text for post in slack.ephemerals("alice")} == {"looking at 550 unknown", "done"}
    assert not slack.ephemerals("bob")
    assert not slack.messages("support")


async def test_a_command_that_nobody_takes_says_so(slack: Workspace, bot: Bot) -> None:
    """As Slack does: the person sees that it failed."""
    await slack.slash("alice", "support", "x", command="/other")

    assert "dispatch_failed" in slack.ephemerals("alice")[0].text


async def test_an_ephemeral_message_can_be_replaced_and_removed(slack: Workspace, bot: Bot) -> None:
    """Only by the response URL of its own button."""
    steps: list[dict[str, Any]] = [{"text": "two", "replace_original": True}, {"delete_original": True}]

    @bot.app.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await ack()
        for step in steps:
            await respond(**step)

    await bot.client.chat_postEphemeral(channel="C0SUPPORT", user="U0ALICE", text="one", blocks=[BUTTON])
    await slack.click(slack.ephemerals("alice")[0], "go", "alice")
    await slack.wait_for(lambda: len([call for call in slack.calls if call.method == "response_url"]) == 2)

    assert not slack.ephemerals("alice")
    assert not slack.refusals


async def test_a_response_url_works_five_times(slack: Workspace, bot: Bot) -> None:
    """Then it says used_url."""
    url = slack.acting.response_url(slack.team, "U0ALICE", "C0SUPPORT", None)
    async with aiohttp.ClientSession() as http:
        statuses = []
        for _ in range(6):
            async with http.post(url, json={"text": "x"}) as answer:
                statuses.append(answer.status)

    assert statuses == [200] * 5 + [404]


async def test_a_response_url_ends_with_its_time(slack: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour in Slack; then it says expired_url, as it does for an address that nobody gave out."""
    seconds = acting.RESPONSE_SECONDS
    monkeypatch.setattr(acting, "RESPONSE_SECONDS", 0)
    url = slack.acting.response_url(slack.team, "U0ALICE", "C0SUPPORT", None)
    async with aiohttp.ClientSession() as http, http.post(url, json={"text": "x"}) as answer:
        status, body = answer.status, await answer.json()

    assert seconds == 30 * 60
    assert (status, body["error"]) == (404, "expired_url")
    assert not slack.ephemerals("alice")


async def test_a_home_view_is_no_answer_to_a_form(slack: Workspace, bot: Bot) -> None:
    """Slack would refuse it: a form is replaced by a modal alone."""
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    @bot.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="update", view=home)

    slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, "U0ALICE"), MODAL)
    with pytest.raises(Refusal, match="invalid_arguments"):
        await slack.submit(await slack.modal("alice"), {"note": "x"}, "alice")


async def test_shortcuts_reactions_and_the_home_tab_are_told(slack: Workspace, bot: Bot) -> None:
    """message_action with the message in it, reaction_added, app_home_opened; views.publish shows."""
    reactions, homes = heard(bot, "reaction_added"), heard(bot, "app_home_opened")
    chosen: list[dict[str, Any]] = []

    @bot.app.shortcut("diagnose_bounce")
    async def diagnose(ack: Any, body: dict[str, Any]) -> None:
        chosen.append(body)
        await ack()

    post = await slack.post("alice", "support", "550")
    await slack.react(post, "mag", "bob")
    await slack.open_home("bob")
    await slack.shortcut("diagnose_bounce", "bob", post)
    await slack.settled()
    await bot.client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": [{"type": "divider"}]})

    assert chosen[0]["message"]["ts"] == post.ts
    assert reactions[0]["item"] == {"type": "message", "channel": post.channel, "ts": post.ts}
    assert homes[0]["user"] == "U0BOB"
    assert slack.home("bob") is not None


async def test_ordered_faults_are_met_and_waited_out(slack: Workspace, client: AsyncWebClient) -> None:
    """A 429 with Retry-After is retried by Slack's own handler; a fault after the fact posts all the same."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    slack.fail("chat.postMessage", status=429, retry_after=0)
    await client.chat_postMessage(channel="C0SUPPORT", text="one")
    slack.fail("chat.postMessage", status=500, after=True)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0SUPPORT", text="two")

    assert [post.text for post in slack.messages("support")] == ["one", "two"]
    assert not slack.refusals


async def test_two_teams_know_nothing_of_each_other(slack: Workspace, client: AsyncWebClient) -> None:
    """A token opens its own team alone."""
    other = slack.add_team("Globex")
    await slack.post("alice", "support", "here", team=other)
    stranger = AsyncWebClient(token=other.bot_token, base_url=slack.api_url)

    assert (await stranger.auth_test())["team_id"] == other.id
    assert not slack.messages("support")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel="C0SUPPORT2", text="x")


async def test_an_uninstalled_bot_is_told_and_locked_out(slack: Workspace, bot: Bot) -> None:
    """app_uninstalled, tokens_revoked, then account_inactive."""
    gone = heard(bot, "app_uninstalled")
    await slack.uninstall()
    await slack.wait_for(lambda: gone)

    with pytest.raises(SlackApiError, match="account_inactive"):
        await bot.client.auth_test()


async def test_oauth_gives_the_token_once(slack: Workspace) -> None:
    """oauth.v2.access takes a code once, with the right client secret."""
    code = slack.oauth_code(slack.team)
    client = AsyncWebClient(base_url=slack.api_url)
    given = await client.oauth_v2_access(client_id="1.1", client_secret="local-client-secret", code=code)

    assert given["access_token"] == slack.bot_token
    with pytest.raises(SlackApiError, match="invalid_code"):
        await client.oauth_v2_access(client_id="1.1", client_secret="local-client-secret", code=code)


async def test_socket_mode_carries_events_and_actions() -> None:
    """With no request URL, everything goes over the bot's own connection."""
    async with Workspace(ack_seconds=2.0, retry_delays=(0.1,)) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        app = AsyncApp(client=client)
        events: list[dict[str, Any]] = []

        @app.event("message")
        async def message(event: dict[str, Any]) -> None:
            events.append(event)

        @app.command("/bounce")
        async def bounce(ack: Any) -> None:
            await ack("heard")

        handler = AsyncSocketModeHandler(
            app, slack.app_token, web_client=AsyncWebClient(base_url=slack.api_url)
        )
        await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's own gap
        await slack.wait_for(lambda: slack.delivery.connected)
        await slack.post("alice", "support", "550")
        await slack.slash("alice", "support", "x")
        await slack.wait_for(lambda: events)
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt's own gap

        assert slack.ephemerals("alice")[0].text == "heard"


async def test_the_manifest_decides_what_is_sent(tmp_path: Path) -> None:
    """Events, scopes, commands and shortcuts that the manifest lacks do not work."""
    manifest = {
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.channels", "reaction_added"]}},
        "features": {"slash_commands": [{"command": "/bounce"}], "shortcuts": []},
    }
    async with Workspace(
        request_url="http://127.0.0.1:9/", manifest=manifest, ack_seconds=0.1, retry_delays=()
    ) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        post = await slack.mention("alice", "support", "550")
        await slack.react(post, "mag", "alice")
        await slack.settled()

        # reaction_added is subscribed, but its scope is missing; app_mention is not subscribed.
        assert [sent.payload["event"]["type"] for sent in slack.deliveries] == ["message"]
        with pytest.raises(SlackApiError, match="missing_scope"):
            await client.users_info(user="U0ALICE")
        with pytest.raises(LookupError, match="/other"):
            await slack.slash("alice", "support", "x", command="/other")
        with pytest.raises(LookupError, match="diagnose_bounce"):
            await slack.shortcut("diagnose_bounce", "alice", post)


async def test_a_file_keeps_the_workspace(tmp_path: Path) -> None:
    """A second start finds messages, files, direct channels and homes again."""
    path = tmp_path / "workspace.db"
    async with Workspace(path=path) as slack:
        post = await slack.post("alice", "support", "kept")
        await slack.upload("alice", "support", "a.txt", b"content")
        await slack.direct("alice", "hello")
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        await client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": [{"type": "divider"}]})
    async with Workspace(path=path) as again:
        found = again.messages("support")

        assert found[0].body == post.body
        assert found[1].body["files"][0]["name"] == "a.txt"
        assert list(again.team.contents.values()) == [b"content"]
        assert again.home("bob") is not None
        assert len(again.store.teams) == 1


async def test_user_groups_name_their_members() -> None:
    """usergroups.list with and without users, and usergroups.users.list."""
    group = Group(handle="mail-oncall", name="Mail on call", members=("bob",))
    async with Workspace(groups=[group]) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        plain = (await client.usergroups_list())["usergroups"][0]
        full = (await client.usergroups_list(include_users=True))["usergroups"][0]
        users = (await client.usergroups_users_list(usergroup=plain["id"]))["users"]

        assert "users" not in plain
        assert full["users"] == users == ["U0BOB"]
        with pytest.raises(SlackApiError, match="no_such_subteam"):
            await client.usergroups_users_list(usergroup="S404")


async def test_a_taken_port_is_an_error(slack: Workspace) -> None:
    """The second workspace on a port does not start."""
    with pytest.raises(OSError, match="address already in use"):
        await Workspace(port=slack.port).start()


async def test_wait_for_says_what_happened(slack: Workspace, client: AsyncWebClient) -> None:
    """A test that waits in vain reads what was refused."""
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C404", text="x")

    with pytest.raises(AssertionError, match="channel_not_found"):
        await slack.wait_for(lambda: None, 0.1)


def test_the_signature_is_that_of_slacks_documentation() -> None:
    """The example of Slack's page on verifying requests."""
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body.encode())

    assert signature == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


async def test_bodies_that_are_no_call_are_refused(slack: Workspace) -> None:
    """Broken JSON, no object, a strange content type."""
    url = f"{slack.api_url}chat.postMessage"
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    errors = []
    async with aiohttp.ClientSession(headers=headers) as http:
        for body, kind in [("{", "application/json"), ("[]", "application/json"), ("x", "text/plain")]:
            async with http.post(url, data=body, headers={"Content-Type": kind}) as answer:
                errors.append(json.loads(await answer.text())["error"])

    assert errors == ["invalid_json", "json_not_object", "invalid_post_type"]

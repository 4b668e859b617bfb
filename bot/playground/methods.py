"""Which Web API methods does the local workspace answer, and when does it refuse?

Each method is a function of a Call that returns Slack's answer without ``ok``, or raises Refusal with Slack's
own error string. The sources are the method pages of docs.slack.dev/reference/methods. An argument that the
method does not have is refused here, where Slack would only ignore it: it is always a slip.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.acting import Acting
from bot.playground.limits import check_message_blocks, check_metadata, check_view
from bot.playground.refusal import Refusal
from bot.playground.rules import utf16
from bot.playground.store import Json, Team
from bot.playground.world import World, channel_type, public

TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000
# Arguments that Slack takes everywhere, or that its own SDK adds.
CHATTY = {"token", "pretty", "charset", "team_id"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of one method by one bot."""

    world: World
    acting: Acting
    team: Team
    arguments: Mapping[str, Any]

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """A required string. Raises Refusal."""
        value = self.arguments.get(name)
        if value in (None, ""):
            message = f"missing required field: {name}"
            raise Refusal(error, *((message,) if error == "invalid_arguments" else ()))
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.arguments.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.arguments.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_arguments", f"must be an integer [json-pointer:/{name}]") from None
        if value < 1:
            raise Refusal("invalid_limit" if name == "limit" else "invalid_arguments")
        return min(value, most)

    def structure(self, name: str, error: str) -> Any:
        """A JSON argument: an object or array as it is, or written as a string. Raises Refusal."""
        value = self.arguments.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise Refusal(error) from None
        return value

    def channel(self, *, member: bool, name: str = "channel") -> Json:
        """The channel that is meant. Raises Refusal, such as ``channel_not_found`` or ``not_in_channel``."""
        wanted = self.need(name, "channel_not_found")
        if name == "channel" and wanted in self.team.users and wanted != self.team.bot_user_id:
            return self.world.open_direct(self.team, wanted)
        channel = self.team.channels.get(wanted)
        if channel is None:
            channel = next(
                (each for each in self.team.channels.values() if wanted == f"#{each.get('name')}"), None
            )
        inside = channel is not None and self.team.bot_user_id in channel["members"]
        # A private channel does not exist for those who are not in it.
        if channel is None or (channel.get("is_private") and not inside):
            raise Refusal("channel_not_found")
        if member and not inside:
            raise Refusal("not_in_channel")
        if member and channel.get("is_archived"):
            raise Refusal("is_archived")
        return channel

    def message(self, *, name: str = "ts") -> Json:
        """The message at ``channel`` and ``ts``. Raises Refusal ``message_not_found``."""
        channel = self.channel(member=False)
        found = self.team.messages.get(channel["id"], {}).get(self.need(name, "message_not_found"))
        if found is None:
            raise Refusal("message_not_found")
        return found

    def scope(self, *needed: str) -> None:
        """Raises Refusal ``missing_scope`` unless the bot has one of these."""
        if not self.team.scopes.intersection(needed):
            raise Refusal("missing_scope", needed=needed[0], provided=",".join(sorted(self.team.scopes)))

    def read_scope(self, channel: Json, what: str) -> None:
        kind = {"channel": "channels", "group": "groups"}.get(channel_type(channel), channel_type(channel))
        self.scope(f"{kind}:{what}")

    def person(self, name: str = "user", error: str = "user_not_found") -> Json:
        user = self.team.users.get(self.need(name, error))
        if user is None:
            raise Refusal(error)
        return user


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    run: Callable[[Call], Json]
    arguments: frozenset[str]
    scope: str | None


METHODS: dict[str, Method] = {}


def method(
    name: str, arguments: str = "", *, scope: str | None = None
) -> Callable[[Callable[[Call], Json]], Any]:
    """Enter a function into METHODS. ``arguments`` are the names that the method takes."""

    def enter(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        METHODS[name] = Method(run=run, arguments=frozenset(arguments.split()) | CHATTY, scope=scope)
        return run

    return enter


def call(name: str, found: Call) -> Json:
    """Answer one call. Raises Refusal."""
    entry = METHODS.get(name)
    if entry is None:
        raise Refusal("unknown_method", req_method=name)
    if entry.scope:
        found.scope(entry.scope)
    for argument in found.arguments:
        if argument not in entry.arguments:
            raise Refusal("invalid_arguments", f"invalid additional property: {argument} [json-pointer:]")
    return entry.run(found)


# auth, team, users


@method("auth.test")
def _auth_test(call: Call) -> Json:
    team = call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.users[team.bot_user_id]["name"],
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("team.info", "team domain", scope="team:read")
def _team_info(call: Call) -> Json:
    return {"team": {"id": call.team.id, "name": call.team.name, "domain": call.team.domain, "icon": {}}}


@method("bots.info", "bot team_id", scope="users:read")
def _bots_info(call: Call) -> Json:
    if call.need("bot", "bot_not_found") != call.team.bot_id:
        raise Refusal("bot_not_found")
    name = call.team.users[call.team.bot_user_id]["name"]
    return {
        "bot": {
            "id": call.team.bot_id,
            "app_id": call.team.app_id,
            "user_id": call.team.bot_user_id,
            "name": name,
            "deleted": False,
        }
    }


@method("users.info", "user include_locale", scope="users:read")
def _users_info(call: Call) -> Json:
    return {"user": _seen(call, call.person())}


@method("users.list", "cursor limit include_locale team_id", scope="users:read")
def _users_list(call: Call) -> Json:
    members = [_seen(call, user) for user in call.team.users.values()]
    page, cursor = _page(call, members, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("users.conversations", "cursor exclude_archived limit team_id types user", scope="channels:read")
def _users_conversations(call: Call) -> Json:
    user = str(call.arguments.get("user") or call.team.bot_user_id)
    return _list_channels(call, lambda channel: user in channel["members"])


@method("usergroups.list", "include_count include_disabled include_users team_id", scope="usergroups:read")
def _usergroups_list(call: Call) -> Json:
    groups = [
        group
        if call.flag("include_users")
        else {name: value for name, value in group.items() if name != "users"}
        for group in call.team.groups.values()
    ]
    return {"usergroups": groups}


@method("usergroups.users.list", "usergroup include_disabled team_id", scope="usergroups:read")
def _usergroups_users(call: Call) -> Json:
    group = call.team.groups.get(call.need("usergroup", "no_such_subteam"))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": group["users"]}


def _seen(call: Call, user: Json) -> Json:
    """A person as the bot may see them: the mail address needs a scope of its own."""
    if "users:read.email" in call.team.scopes:
        return user
    profile = {name: value for name, value in user["profile"].items() if name != "email"}
    return {**user, "profile": profile}


# chat

_MESSAGE = "channel text blocks attachments metadata thread_ts parse link_names mrkdwn"


@method(
    "chat.postMessage",
    f"{_MESSAGE} reply_broadcast unfurl_links unfurl_media as_user username icon_emoji icon_url",
    scope="chat:write",
)
def _post_message(call: Call) -> Json:
    channel = call.channel(member=False)
    if call.team.bot_user_id not in channel["members"] and "chat:write.public" not in call.team.scopes:
        raise Refusal("not_in_channel")
    if channel.get("is_archived"):
        raise Refusal("is_archived")
    if {"username", "icon_emoji", "icon_url"} & set(call.arguments):
        call.scope("chat:write.customize")
    content = _content(call, TEXT_LIMIT)
    if not any(content.values()):
        raise Refusal("no_text")
    more = {
        name: call.flag(name, default=name == "unfurl_media")
        for name in ("unfurl_links", "unfurl_media")
        if name in call.arguments
    }
    message = call.world.post(
        call.team,
        channel,
        **{"text": "", "blocks": (), **content},
        bot=call.world.bot_author(call.team),
        metadata=_metadata(call),
        thread_ts=_thread(call),
        broadcast=call.flag("reply_broadcast"),
        more={f"_{name}": value for name, value in more.items()},
    )
    return {"channel": channel["id"], "ts": message["ts"], "message": _shown(message)}


@method("chat.update", f"ts {_MESSAGE} reply_broadcast as_user file_ids", scope="chat:write")
def _update(call: Call) -> Json:
    message = call.message()
    if message.get("user") != call.team.bot_user_id:
        raise Refusal("cant_update_message")
    content = _content(call, UPDATE_TEXT_LIMIT)
    metadata = _metadata(call)
    if not content and metadata is None:
        raise Refusal("no_text")
    if not (content.get("text", message["text"]) or content.get("blocks", message.get("blocks"))):
        raise Refusal("no_text")
    changes = content if metadata is None else {**content, "metadata": metadata}
    changed = call.world.update(call.team, message, changes)
    return {
        "channel": message["channel"],
        "ts": message["ts"],
        "text": changed["text"],
        "message": _shown(changed),
    }


@method("chat.delete", "channel ts as_user", scope="chat:write")
def _delete(call: Call) -> Json:
    message = call.message()
    if message.get("user") != call.team.bot_user_id:
        raise Refusal("cant_delete_message")
    call.world.delete(call.team, message)
    return {"channel": message["channel"], "ts": message["ts"]}


@method("chat.postEphemeral", f"user {_MESSAGE} as_user username icon_emoji icon_url", scope="chat:write")
def _post_ephemeral(call: Call) -> Json:
    channel = call.channel(member=True)
    user = call.person()
    if user["id"] not in channel["members"]:
        raise Refusal("user_not_in_channel")
    content = _content(call, TEXT_LIMIT)
    if not any(content.values()):
        raise Refusal("no_text")
    message = call.world.whisper(
        call.team, channel, user["id"], **{"text": "", **content}, thread_ts=_thread(call)
    )
    return {"message_ts": message["ts"]}


@method("chat.getPermalink", "channel message_ts")
def _permalink(call: Call) -> Json:
    message = call.message(name="message_ts")
    link = permalink(call.team, message)
    return {"channel": message["channel"], "permalink": link}


def permalink(team: Team, message: Json) -> str:
    """Slack's address of a message."""
    link = f"https://{team.domain}.slack.com/archives/{message['channel']}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={message['channel']}"
    return link


def _content(call: Call, limit: int) -> dict[str, Any]:
    """The text and the blocks, where they are given."""
    content: dict[str, Any] = {}
    if call.arguments.get("attachments") not in (None, [], "[]"):
        raise Refusal("invalid_attachments", "this bot has no use for attachments")
    if "text" in call.arguments:
        text = call.arguments["text"]
        if text is not None and not isinstance(text, str):
            raise Refusal("invalid_arguments", "must be a string [json-pointer:/text]")
        if utf16(text or "") > limit:
            raise Refusal("msg_too_long")
        content["text"] = text or ""
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None:
        if not isinstance(blocks, list):
            raise Refusal("invalid_blocks_format")
        content["blocks"] = check_message_blocks(blocks)
    return content


def _metadata(call: Call) -> Json | None:
    value = call.structure("metadata", "invalid_metadata_format")
    return None if value is None else check_metadata(value)


def _thread(call: Call) -> str | None:
    value = call.arguments.get("thread_ts")
    return str(value) if value else None


def _shown(message: Json) -> Json:
    return public(message, metadata=True)


# conversations

_LIST = "cursor exclude_archived limit team_id types"


@method("conversations.open", "channel users return_im prevent_creation", scope="im:write")
def _open(call: Call) -> Json:
    if call.arguments.get("channel"):
        return {"channel": _channel(call, call.channel(member=False))}
    wanted = [name for name in call.need("users", "users_list_not_supplied").split(",") if name]
    if len(wanted) != 1:
        raise Refusal("not_enough_users" if not wanted else "too_many_users")
    if wanted[0] not in call.team.users:
        raise Refusal("user_not_found")
    existing = call.team.direct(wanted[0])
    channel = call.world.open_direct(call.team, wanted[0])
    if call.flag("return_im"):
        return {"channel": _channel(call, channel), "already_open": existing is not None}
    return {"channel": {"id": channel["id"]}, "already_open": existing is not None}


@method("conversations.info", "channel include_locale include_num_members")
def _info(call: Call) -> Json:
    channel = call.channel(member=False)
    call.read_scope(channel, "read")
    return {"channel": _channel(call, channel)}


@method("conversations.list", _LIST, scope="channels:read")
def _list(call: Call) -> Json:
    return _list_channels(call, lambda channel: True)


def _list_channels(call: Call, wanted: Callable[[Json], bool]) -> Json:
    types = str(call.arguments.get("types") or "public_channel").split(",")
    names = {"channel": "public_channel", "group": "private_channel"}
    scopes = {"public_channel": "channels:read", "private_channel": "groups:read"}
    for kind in types:
        if kind not in ("public_channel", "private_channel", "im", "mpim"):
            raise Refusal("invalid_types")
        call.scope(scopes.get(kind, f"{kind}:read"))
    channels = [
        _channel(call, channel)
        for channel in call.team.channels.values()
        if names.get(channel_type(channel), channel_type(channel)) in types
        and (not channel.get("is_private") or call.team.bot_user_id in channel["members"])
        and not (call.flag("exclude_archived") and channel.get("is_archived"))
        and wanted(channel)
    ]
    page, cursor = _page(call, channels, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.members", "channel cursor limit")
def _members(call: Call) -> Json:
    channel = call.channel(member=False)
    call.read_scope(channel, "read")
    page, cursor = _page(call, channel["members"], 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.join", "channel", scope="channels:join")
def _join(call: Call) -> Json:
    channel = call.channel(member=False)
    if channel_type(channel) != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.get("is_archived"):
        raise Refusal("is_archived")
    call.world.join(call.team, channel, call.team.bot_user_id)
    return {"channel": _channel(call, call.team.channels[channel["id"]])}


_HISTORY = "channel cursor inclusive latest limit oldest include_all_metadata"


@method("conversations.history", _HISTORY)
def _history(call: Call) -> Json:
    channel = call.channel(member=True)
    call.read_scope(channel, "history")
    messages = [
        message
        for message in reversed(call.team.messages.get(channel["id"], {}).values())
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    return _messages(call, messages, 999)


@method("conversations.replies", f"ts {_HISTORY}")
def _replies(call: Call) -> Json:
    channel = call.channel(member=True)
    call.read_scope(channel, "history")
    ts = call.need("ts", "thread_not_found")
    asked = call.team.messages.get(channel["id"], {}).get(ts)
    if asked is None:
        raise Refusal("thread_not_found")
    return _messages(call, call.team.thread(channel["id"], asked.get("thread_ts", ts)), 1000)


def _messages(call: Call, messages: list[Json], most: int) -> Json:
    oldest = str(call.arguments.get("oldest") or "0")
    latest = str(call.arguments.get("latest") or "9" * 10)
    inclusive = call.flag("inclusive")
    chosen = []
    for message in messages:
        at = float(message["ts"])
        edges = at in (float(oldest), float(latest))
        if float(oldest) <= at <= float(latest) and (inclusive or not edges):
            chosen.append(message)
    page, cursor = _page(call, chosen, most)
    metadata = call.flag("include_all_metadata")
    shown = [public(message, metadata=metadata) for message in page]
    return {"messages": shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _channel(call: Call, channel: Json) -> Json:
    members = channel["members"]
    shown = {name: value for name, value in channel.items() if name != "members"}
    shown |= {"is_member": call.team.bot_user_id in members, "num_members": len(members)}
    return shown


def _page(call: Call, values: list[Any], most: int) -> tuple[list[Any], str]:
    limit = call.number("limit", 100, most)
    cursor = str(call.arguments.get("cursor") or "0")
    if not cursor.isdecimal() or len(cursor) > 9:
        raise Refusal("invalid_cursor")
    start = int(cursor)
    return values[start : start + limit], str(start + limit) if start + limit < len(values) else ""


# reactions, files


@method("reactions.add", "channel timestamp name", scope="reactions:write")
def _react(call: Call) -> Json:
    call.channel(member=True)
    message = call.message(name="timestamp")
    call.world.react(call.team, message, call.team.bot_user_id, _emoji(call))
    return {}


@method("reactions.remove", "channel timestamp name", scope="reactions:write")
def _unreact(call: Call) -> Json:
    message = call.message(name="timestamp")
    call.world.unreact(call.team, message, call.team.bot_user_id, _emoji(call))
    return {}


@method("reactions.get", "channel timestamp full file", scope="reactions:read")
def _reactions(call: Call) -> Json:
    message = call.message(name="timestamp")
    return {"type": "message", "channel": message["channel"], "message": _shown(message)}


def _emoji(call: Call) -> str:
    name = call.need("name", "invalid_name")
    if not name.replace("_", "").replace("-", "").replace("+", "").replace("'", "").isalnum():
        raise Refusal("invalid_name")
    return name


@method("files.info", "file cursor limit page count", scope="files:read")
def _file_info(call: Call) -> Json:
    file = call.team.files.get(call.need("file", "file_not_found"))
    if file is None:
        raise Refusal("file_not_found")
    inside = any(
        call.team.bot_user_id in call.team.channels[channel]["members"]
        for channel in file.get("channels", ())
    )
    if not inside:
        raise Refusal("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


# views


@method("views.open", "trigger_id interactivity_pointer view")
def _views_open(call: Call) -> Json:
    return {"view": call.acting.open_view(call.team, call.need("trigger_id"), _view(call, "modal"))}


@method("views.push", "trigger_id interactivity_pointer view")
def _views_push(call: Call) -> Json:
    return {"view": call.acting.push_view(call.team, call.need("trigger_id"), _view(call, "modal"))}


@method("views.update", "view external_id hash view_id")
def _views_update(call: Call) -> Json:
    view = _view(call, None)
    wanted = call.arguments.get("view_id") or call.arguments.get("external_id")
    return {"view": call.acting.update_view(call.team, str(wanted), view, call.arguments.get("hash"))}


@method("views.publish", "user_id view hash")
def _views_publish(call: Call) -> Json:
    user = call.team.users.get(call.need("user_id"))
    if user is None:
        raise Refusal("invalid_arguments", "user not found [json-pointer:/user_id]")
    view = _view(call, "home")
    return {"view": call.acting.publish_home(call.team, user["id"], view, call.arguments.get("hash"))}


def _view(call: Call, kind: str | None) -> Json:
    view = call.structure("view", "invalid_arguments")
    if view is None:
        raise Refusal("invalid_arguments", "missing required field: view")
    checked = check_view(view)
    if kind and checked["type"] != kind:
        raise Refusal("invalid_arguments", f"must be a view of type {kind} [json-pointer:/view/type]")
    return checked

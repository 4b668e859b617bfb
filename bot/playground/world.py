"""What happens in the local workspace when somebody posts, edits, joins or reacts?

The one place where the state changes, for people and bots alike, and where a change becomes an event for
the bot. An event is sent only where Slack would send it: the bot is installed, it is in the channel, and its
manifest (when one is given) subscribes to that event and asks for the scope.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.playground.delivery import Delivery
from bot.playground.refusal import Refusal
from bot.playground.store import Json, Store, Team

# The scope that each event asks for, docs.slack.dev/reference/events.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "file_shared": "files:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
}


class World:
    """Changes the state and tells the bot."""

    def __init__(self, store: Store, delivery: Delivery, *, events: Iterable[str] | None = None) -> None:
        self.store = store
        self.delivery = delivery
        self.events = None if events is None else frozenset(events)
        """The events that the bot subscribes to; None means all."""

    # Events

    def emit(self, team: Team, event: Json, *, name: str | None = None) -> None:
        """Send an event to the bot, if it would get it. ``name`` is the subscription, such as message.im."""
        name = name or event["type"]
        if not team.installed and name not in ("app_uninstalled", "tokens_revoked"):
            return
        if self.events is not None and name not in self.events:
            return
        if EVENT_SCOPES.get(name, "") not in (team.scopes | {""}):
            return
        self.delivery.event(self.envelope(team, event))

    def envelope(self, team: Team, event: Json) -> Json:
        return {
            "token": "legacy-verification-token",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": team.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.store.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_urlsafe(24),
        }

    def _message_event(self, team: Team, channel: Json, event: Json) -> None:
        if team.bot_user_id in channel["members"]:
            kind = channel_type(channel)
            name = {"channel": "message.channels", "group": "message.groups"}.get(kind, f"message.{kind}")
            self.emit(team, {**event, "channel": channel["id"], "channel_type": kind}, name=name)

    # Messages

    def post(
        self,
        team: Team,
        channel: Json,
        *,
        user: str | None = None,
        bot: Mapping[str, str] | None = None,
        text: str = "",
        blocks: Sequence[Json] = (),
        thread_ts: str | None = None,
        files: Sequence[Json] = (),
        metadata: Json | None = None,
        subtype: str | None = None,
        broadcast: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> Json:
        """Add a message by a person, by our bot or by another bot, and return it.

        Raises Refusal ``invalid_thread_ts`` when the thread's parent is missing.
        """
        ts = self.store.new_ts()
        message: Json = {"type": "message", "channel": channel["id"], "ts": ts, "text": text, "team": team.id}
        if subtype:
            message["subtype"] = subtype
        if user:
            message["user"] = user
        if bot is not None:
            message |= bot
        elif not subtype:
            message["client_msg_id"] = secrets.token_hex(16)
        if blocks:
            message["blocks"] = with_ids(blocks)
        if files:
            message |= {"files": list(files), "upload": True, "display_as_bot": False}
        if metadata:
            message["metadata"] = metadata
        message |= more or {}
        if thread_ts is not None:
            self._reply(team, channel, thread_ts, message)
        if broadcast:
            message["subtype"] = "thread_broadcast"
        self.store.save(team, "message", message)
        event = public(message)
        self._message_event(team, channel, {**event, "event_ts": ts})
        mentioned = f"<@{team.bot_user_id}>" in text and user != team.bot_user_id
        if mentioned and channel_type(channel) != "im" and team.bot_user_id in channel["members"]:
            self.emit(team, {**event, "type": "app_mention", "channel": channel["id"], "event_ts": ts})
        return message

    def _reply(self, team: Team, channel: Json, thread_ts: str, message: Json) -> None:
        parent = team.messages.get(channel["id"], {}).get(thread_ts)
        if parent is None or parent.get("thread_ts", thread_ts) != thread_ts:
            raise Refusal("invalid_thread_ts")
        author = message.get("user") or message.get("bot_id")
        repliers = [*parent.get("reply_users", [])]
        if author not in repliers:
            repliers.append(author)
        self.store.save(
            team,
            "message",
            {
                **parent,
                "thread_ts": thread_ts,
                "reply_count": parent.get("reply_count", 0) + 1,
                "reply_users": repliers,
                "reply_users_count": len(repliers),
                "latest_reply": message["ts"],
            },
        )
        message["thread_ts"] = thread_ts
        if "user" in parent:
            message["parent_user_id"] = parent["user"]

    def update(
        self, team: Team, message: Json, changes: Mapping[str, Any], *, editor: str | None = None
    ) -> Json:
        """Change a message in place and return it. ``editor`` marks it as edited by hand."""
        changed = {**message, **changes}
        if "blocks" in changes:
            changed["blocks"] = with_ids(changes["blocks"])
            if not changed["blocks"]:
                del changed["blocks"]
        if changed.get("metadata") == {}:
            del changed["metadata"]
        if editor:
            changed["edited"] = {"user": editor, "ts": self.store.new_ts()}
        self.store.save(team, "message", changed)
        channel = team.channels[message["channel"]]
        self._tell_changed(team, channel, changed, message)
        return changed

    def delete(self, team: Team, message: Json) -> None:
        """Delete a message. One with replies leaves a tombstone, which is told of as a change."""
        channel = team.channels[message["channel"]]
        if len(team.thread(channel["id"], message["ts"])) > 1:
            self._bury(team, channel, message)
            return
        self.store.drop(team, "message", message)
        self._message_event(
            team,
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "ts": self.store.new_ts(),
                "event_ts": self.store.new_ts(),
                "deleted_ts": message["ts"],
                "previous_message": public(message),
            },
        )

    def _bury(self, team: Team, channel: Json, message: Json) -> None:
        kept = {name: value for name, value in message.items() if name in _TOMBSTONE}
        grave = {**kept, "subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
        grave["text"] = "This message was deleted."
        self.store.save(team, "message", grave)
        self._tell_changed(team, channel, grave, message)

    def _tell_changed(self, team: Team, channel: Json, now: Json, before: Json) -> None:
        self._message_event(
            team,
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "ts": self.store.new_ts(),
                "event_ts": self.store.new_ts(),
                "message": public(now),
                "previous_message": public(before),
            },
        )

    def whisper(
        self,
        team: Team,
        channel: Json,
        to: str,
        *,
        text: str,
        blocks: Sequence[Json] = (),
        thread_ts: str | None = None,
        ts: str | None = None,
    ) -> Json:
        """Add a message that one person alone sees, and return it. ``ts``: that of the one it replaces."""
        message: Json = {
            "type": "message",
            "channel": channel["id"],
            "to": to,
            "ts": ts or self.store.new_ts(),
            "text": text,
            "is_ephemeral": True,
            **self.bot_author(team),
        }
        if blocks:
            message["blocks"] = with_ids(blocks)
        if thread_ts:
            message["thread_ts"] = thread_ts
        self.store.save(team, "ephemeral", message)
        return message

    def bot_author(self, team: Team) -> dict[str, Any]:
        return {"user": team.bot_user_id, "bot_id": team.bot_id, "app_id": team.app_id}

    # Channels, reactions, files

    def open_direct(self, team: Team, user_id: str) -> Json:
        """The direct channel of a person with the bot; opened when it is not there."""
        channel = team.direct(user_id)
        if channel is None:
            channel = {
                "id": self.store.new_id("D"),
                "created": int(time.time()),
                "is_im": True,
                "is_archived": False,
                "user": user_id,
                "members": [user_id, team.bot_user_id],
            }
            self.store.save(team, "channel", channel)
        return channel

    def join(self, team: Team, channel: Json, user_id: str, *, inviter: str | None = None) -> None:
        """Add a member. The channel is told, and so is the bot."""
        if user_id in channel["members"]:
            return
        channel = {**channel, "members": [*channel["members"], user_id]}
        self.store.save(team, "channel", channel)
        self.post(
            team,
            channel,
            user=user_id,
            text=f"<@{user_id}> has joined the channel",
            subtype="channel_join",
            more={"inviter": inviter} if inviter else None,
        )
        event: Json = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": channel["id"],
            "channel_type": "C",
            "team": team.id,
            "event_ts": self.store.new_ts(),
        }
        if inviter:
            event["inviter"] = inviter
        if team.bot_user_id in channel["members"]:
            self.emit(team, event)

    def leave(self, team: Team, channel: Json, user_id: str) -> None:
        members = [member for member in channel["members"] if member != user_id]
        self.store.save(team, "channel", {**channel, "members": members})

    def react(self, team: Team, message: Json, user_id: str, name: str) -> None:
        """Add a reaction. Raises Refusal ``already_reacted``."""
        reactions = [dict(reaction) for reaction in message.get("reactions", [])]
        for reaction in reactions:
            if reaction["name"] == name:
                if user_id in reaction["users"]:
                    raise Refusal("already_reacted")
                reaction["users"] = [*reaction["users"], user_id]
                reaction["count"] += 1
                break
        else:
            reactions.append({"name": name, "users": [user_id], "count": 1})
        self._reacted(team, message, reactions, user_id, name, "reaction_added")

    def unreact(self, team: Team, message: Json, user_id: str, name: str) -> None:
        """Take a reaction back. Raises Refusal ``no_reaction``."""
        reactions = []
        taken = False
        for reaction in message.get("reactions", []):
            users = reaction["users"]
            if reaction["name"] == name and user_id in users:
                taken = True
                users = [user for user in users if user != user_id]
            if users:
                reactions.append({"name": reaction["name"], "users": users, "count": len(users)})
        if not taken:
            raise Refusal("no_reaction")
        self._reacted(team, message, reactions, user_id, name, "reaction_removed")

    def _reacted(
        self, team: Team, message: Json, reactions: list[Json], user_id: str, name: str, event: str
    ) -> None:
        self.store.save(team, "message", {**message, "reactions": reactions})
        if team.bot_user_id in team.channels[message["channel"]]["members"]:
            self.emit(
                team,
                {
                    "type": event,
                    "user": user_id,
                    "reaction": name,
                    "item": {"type": "message", "channel": message["channel"], "ts": message["ts"]},
                    "item_user": message.get("user"),
                    "event_ts": self.store.new_ts(),
                },
            )

    def share(self, team: Team, channel: Json, user_id: str, message: Json, files: Sequence[Json]) -> None:
        """Note where files are shared, and tell the bot."""
        place = "private" if channel.get("is_private") or channel.get("is_im") else "public"
        for file in files:
            share = {"ts": message["ts"], "channel_name": channel.get("name", "direct")}
            if "thread_ts" in message:
                share["thread_ts"] = message["thread_ts"]
            self.store.save(
                team,
                "file",
                {**file, "shares": {place: {channel["id"]: [share]}}, "channels": [channel["id"]]},
            )
            if team.bot_user_id in channel["members"]:
                self.emit(
                    team,
                    {
                        "type": "file_shared",
                        "channel_id": channel["id"],
                        "file_id": file["id"],
                        "user_id": user_id,
                        "file": {"id": file["id"]},
                        "event_ts": self.store.new_ts(),
                    },
                )


def channel_type(channel: Mapping[str, Any]) -> str:
    """Slack's word for the kind of a conversation in events: channel, group, im or mpim."""
    if channel.get("is_im"):
        return "im"
    if channel.get("is_mpim"):
        return "mpim"
    return "group" if channel.get("is_private") else "channel"


_TOMBSTONE = frozenset(
    ("type", "channel", "ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
)
"""What is left of a deleted message that has replies."""


def public(message: Mapping[str, Any], *, metadata: bool = False) -> Json:
    """A message as Slack's API shows it: without our own fields, and metadata only when asked for."""
    hidden = {"channel", "to"} | (set() if metadata else {"metadata"})
    return {name: value for name, value in message.items() if name not in hidden and not name.startswith("_")}


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Blocks with a block_id, and elements with an action_id: Slack makes one up where the bot gave none."""
    dressed = []
    for block in blocks:
        match block["type"]:
            case "input":
                block = {**block, "element": _with_action_id(block["element"])}
            case "actions":
                block = {**block, "elements": [_with_action_id(element) for element in block["elements"]]}
            case "section" if "accessory" in block:
                block = {**block, "accessory": _with_action_id(block["accessory"])}
        dressed.append(block if "block_id" in block else {**block, "block_id": secrets.token_urlsafe(4)})
    return dressed


def _with_action_id(element: Json) -> Json:
    if element["type"] == "image" or "action_id" in element:
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)}

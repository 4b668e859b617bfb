"""What happens when a person clicks, submits, types a command, or when the bot answers that?

Holds what Slack holds for a short while: trigger ids (3 seconds, one use), response URLs (30 minutes, five
uses) and the open modals of each person.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.delivery import Reply
from bot.playground.limits import check_message_blocks, check_view
from bot.playground.refusal import Refusal
from bot.playground.rules import utf16
from bot.playground.store import Json, Team
from bot.playground.world import World, public, with_ids
from bot.playground.writing import encode, escape

STACK = 3
RESPONSES = 5
RESPONSE_SECONDS = 1800
TEXT_LIMIT = 40_000


@dataclass(kw_only=True, slots=True)
class _Trigger:
    team: Team
    user: str
    expires: float
    used: bool = False


@dataclass(kw_only=True, slots=True)
class _ResponseUrl:
    team: Team
    user: str
    channel: str
    message: Json | None
    expires: float
    uses: int = 0


class Acting:
    """People's actions toward the bot, and what the bot does with them."""

    def __init__(self, world: World, *, trigger_seconds: float = 3.0, escape_commands: bool = False) -> None:
        self.world = world
        self.trigger_seconds = trigger_seconds
        self.escape_commands = escape_commands
        self.base_url = ""
        """Where this workspace listens; known once it has started."""
        self.stacks: dict[tuple[str, str], list[Json]] = {}
        """Open modals by team and person, the topmost last."""
        self._triggers: dict[str, _Trigger] = {}
        self._responses: dict[str, _ResponseUrl] = {}

    # What people do

    async def act(
        self,
        team: Team,
        user_id: str,
        place: Json,
        action: Json,
        state: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Send block_actions. ``place`` is a message, an ephemeral message, a modal or a Home view."""
        payload = self._base(team, user_id, "block_actions")
        payload["actions"] = [{**action, "action_ts": self.world.store.new_ts()}]
        payload["trigger_id"] = self.trigger(team, user_id)
        if "root_view_id" in place:
            view = {**place, "state": {"values": dict(state or {})}}
            payload |= {"container": {"type": "view", "view_id": place["id"]}, "view": view}
        else:
            channel = team.channels[place["channel"]]
            payload |= {
                "container": {
                    "type": "message",
                    "message_ts": place["ts"],
                    "channel_id": channel["id"],
                    "is_ephemeral": bool(place.get("is_ephemeral")),
                    **({"thread_ts": place["thread_ts"]} if "thread_ts" in place else {}),
                },
                "channel": {"id": channel["id"], "name": channel.get("name", "directmessage")},
                "message": public(place),
                "state": {"values": dict(state or {})},
                "response_url": self.response_url(team, user_id, channel["id"], place),
            }
            if place.get("is_ephemeral"):
                # Slack does not keep ephemeral messages, so it cannot send them back.
                del payload["message"]
        return await self.world.delivery.interaction(payload)

    async def submit(self, team: Team, user_id: str, view: Json, values: Mapping[str, Any]) -> Reply:
        """Send view_submission, and do with the modals what the answer says.

        Raises Refusal when the answer is one that Slack would reject.
        """
        payload = self._base(team, user_id, "view_submission")
        payload |= {
            "trigger_id": self.trigger(team, user_id),
            "view": {**view, "state": {"values": dict(values)}},
            "response_urls": [],
        }
        reply = await self.world.delivery.interaction(payload)
        if reply.ok:
            self._after_submission(team, user_id, view, reply.json)
        return reply

    async def close(self, team: Team, user_id: str, *, cleared: bool = False) -> Reply | None:
        """Close the topmost modal; send view_closed where it asked for that."""
        stack = self.stacks.get((team.id, user_id), [])
        if not stack:
            return None
        view = stack.pop()
        if cleared or view.get("clear_on_close"):
            stack.clear()
        self._stack_changed(team, user_id)
        if not view.get("notify_on_close"):
            return None
        payload = {**self._base(team, user_id, "view_closed"), "view": view, "is_cleared": cleared}
        return await self.world.delivery.interaction(payload)

    async def shortcut(
        self, team: Team, user_id: str, callback_id: str, message: Json | None = None
    ) -> Reply:
        """Send a message shortcut, or a global one when there is no message."""
        payload = self._base(team, user_id, "shortcut" if message is None else "message_action")
        payload |= {
            "callback_id": callback_id,
            "trigger_id": self.trigger(team, user_id),
            "action_ts": self.world.store.new_ts(),
        }
        if message is not None:
            channel = team.channels[message["channel"]]
            payload |= {
                "message_ts": message["ts"],
                "channel": {"id": channel["id"], "name": channel.get("name", "directmessage")},
                "message": public(message),
                "response_url": self.response_url(team, user_id, channel["id"], None),
            }
        return await self.world.delivery.interaction(payload)

    async def slash(self, team: Team, user_id: str, channel: Json, command: str, text: str) -> Reply:
        """Send a slash command and show its immediate answer, as Slack would."""
        if self.escape_commands:
            text = encode(text, {user["name"]: user["id"] for user in team.users.values()})[0]
        reply = await self.world.delivery.command(
            {
                "token": "legacy-verification-token",
                "team_id": team.id,
                "team_domain": team.domain,
                "channel_id": channel["id"],
                "channel_name": channel.get("name", "directmessage"),
                "user_id": user_id,
                "user_name": team.users[user_id]["name"],
                "command": command,
                "text": text,
                "api_app_id": team.app_id,
                "is_enterprise_install": "false",
                "response_url": self.response_url(team, user_id, channel["id"], None),
                "trigger_id": self.trigger(team, user_id),
            }
        )
        if not reply.ok:
            word = "operation_timeout" if reply.reason == "http_timeout" else "dispatch_failed"
            self.world.whisper(
                team, channel, user_id, text=f'{escape(command)} failed with the error "{word}"'
            )
        elif reply.text.strip():
            self._say(team, channel, user_id, reply.json or {"text": reply.text}, None)
        return reply

    async def open_home(self, team: Team, user_id: str) -> None:
        """Tell the bot that a person looks at its App Home."""
        event: Json = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": self.world.open_direct(team, user_id)["id"],
            "tab": "home",
            "event_ts": self.world.store.new_ts(),
        }
        if user_id in team.homes:
            event["view"] = team.homes[user_id]
        self.world.emit(team, event)

    def _base(self, team: Team, user_id: str, kind: str) -> Json:
        user = team.users[user_id]
        return {
            "type": kind,
            "token": "legacy-verification-token",
            "api_app_id": team.app_id,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user_id, "username": user["name"], "name": user["name"], "team_id": team.id},
        }

    # Modals

    def trigger(self, team: Team, user_id: str) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        now = time.monotonic()
        self._triggers = {key: each for key, each in self._triggers.items() if each.expires > now - 60}
        self._triggers[trigger_id] = _Trigger(team=team, user=user_id, expires=now + self.trigger_seconds)
        return trigger_id

    def open_view(self, team: Team, trigger_id: str, view: Json) -> Json:
        """Raises Refusal ``invalid_trigger_id``, ``expired_trigger_id``, ``exchanged_trigger_id`` or
        ``duplicate_external_id``."""
        user_id = self._exchange(team, trigger_id)
        self._unique(team, view)
        opened = self.dress(team, view, user_id)
        self.stacks[(team.id, user_id)] = [opened]
        self._stack_changed(team, user_id)
        return opened

    def push_view(self, team: Team, trigger_id: str, view: Json) -> Json:
        """Raises Refusal as open_view does, and ``push_limit_reached``."""
        user_id = self._exchange(team, trigger_id)
        return self._push(team, user_id, view)

    def update_view(self, team: Team, wanted: str, view: Json, hash_: Any = None) -> Json:
        """Raises Refusal ``not_found`` or ``hash_conflict``."""
        for (team_id, user_id), stack in self.stacks.items():
            for number, old in enumerate(stack):
                if team_id == team.id and wanted in (old["id"], old.get("external_id") or None):
                    if hash_ and hash_ != old["hash"]:
                        raise Refusal("hash_conflict")
                    stack[number] = self.dress(team, view, user_id, old)
                    self._stack_changed(team, user_id)
                    return stack[number]
        for user_id, old in team.homes.items():
            if old["id"] == wanted:
                if hash_ and hash_ != old["hash"]:
                    raise Refusal("hash_conflict")
                changed = self.dress(team, view, user_id, old)
                self.world.store.save(team, "home", {"user": user_id, "view": changed})
                return changed
        raise Refusal("not_found")

    def publish_home(self, team: Team, user_id: str, view: Json, hash_: Any = None) -> Json:
        """Show a Home view. Raises Refusal ``hash_conflict`` when it has changed since the bot saw it."""
        old = team.homes.get(user_id)
        if hash_ and old is not None and hash_ != old["hash"]:
            raise Refusal("hash_conflict")
        published = self.dress(team, view, user_id, old)
        self.world.store.save(team, "home", {"user": user_id, "view": published})
        return published

    def _unique(self, team: Team, view: Json) -> None:
        wanted = view.get("external_id")
        stacks = [stack for (team_id, _), stack in self.stacks.items() if team_id == team.id]
        if wanted and any(wanted == each.get("external_id") for stack in stacks for each in stack):
            raise Refusal("duplicate_external_id")

    def dress(self, team: Team, view: Json, user_id: str, old: Json | None = None) -> Json:
        """A view as Slack gives it back: with ids, a hash and an empty state."""
        view_id = old["id"] if old else self.world.store.new_id("V")
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": {"type": "plain_text", "text": "View Title", "emoji": True},
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view,
            "id": view_id,
            "team_id": team.id,
            "app_id": team.app_id,
            "app_installed_team_id": team.id,
            "bot_id": team.bot_id,
            "blocks": with_ids(view["blocks"]),
            "state": {"values": {}},
            "hash": f"{time.time_ns() // 1_000_000_000}.{secrets.token_hex(4)}",
            "root_view_id": old["root_view_id"] if old else view_id,
            "previous_view_id": old["previous_view_id"] if old else None,
        }

    def _push(self, team: Team, user_id: str, view: Json) -> Json:
        stack = self.stacks.setdefault((team.id, user_id), [])
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached")
        self._unique(team, view)
        pushed = self.dress(team, view, user_id)
        if stack:
            pushed |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        stack.append(pushed)
        self._stack_changed(team, user_id)
        return pushed

    def _exchange(self, team: Team, trigger_id: str) -> str:
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team is not team:
            raise Refusal("invalid_trigger_id")
        if trigger.expires < time.monotonic():
            raise Refusal("expired_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        trigger.used = True
        return trigger.user

    def _after_submission(self, team: Team, user_id: str, view: Json, answer: Json) -> None:
        stack = self.stacks.get((team.id, user_id), [])
        place = next((number for number, each in enumerate(stack) if each["id"] == view["id"]), None)
        match answer.get("response_action"):
            case None:
                if answer:
                    raise Refusal("invalid_response", "the answer to a submission needs response_action")
                if place is not None:
                    del stack[place]
            case "clear":
                stack.clear()
            case "update" if place is not None:
                stack[place] = self.dress(team, _modal(answer), user_id, stack[place])
            case "push":
                self._push(team, user_id, _modal(answer))
            case "errors":
                known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                errors = answer.get("errors")
                if not isinstance(errors, dict) or not errors or set(errors) - known:
                    raise Refusal("invalid_response", "errors must name block_ids of input blocks")
            case other:
                raise Refusal("invalid_response", f"unknown response_action {other}")
        self._stack_changed(team, user_id)

    def _stack_changed(self, team: Team, user_id: str) -> None:
        stack = self.stacks.get((team.id, user_id), [])
        self.world.store.tell(team.id, "views", {"user": user_id, "views": list(stack)})

    # Response URLs

    def response_url(self, team: Team, user_id: str, channel_id: str, message: Json | None) -> str:
        key = secrets.token_urlsafe(18)
        now = time.monotonic()
        self._responses = {name: each for name, each in self._responses.items() if each.expires > now}
        self._responses[key] = _ResponseUrl(
            team=team, user=user_id, channel=channel_id, message=message, expires=now + RESPONSE_SECONDS
        )
        return f"{self.base_url}/response/{team.id}/{key}"

    def respond(self, key: str, body: Json) -> None:
        """Do what the bot posts to a response URL. Raises Refusal, such as ``expired_url``."""
        response = self._responses.get(key)
        if response is None or response.expires < time.monotonic():
            raise Refusal("expired_url")
        if response.uses >= RESPONSES:
            raise Refusal("used_url")
        channel = response.team.channels[response.channel]
        self._say(response.team, channel, response.user, body, response.message)
        response.uses += 1

    def _say(self, team: Team, channel: Json, user_id: str, body: Json, origin: Json | None) -> None:
        unknown = set(body) - {
            "text",
            "blocks",
            "response_type",
            "replace_original",
            "delete_original",
            "thread_ts",
            "unfurl_links",
            "unfurl_media",
            "mrkdwn",
            "metadata",
        }
        if unknown:
            raise Refusal("invalid_arguments", f"invalid additional property: {sorted(unknown)[0]}")
        if body.get("delete_original") is True and origin is not None:
            self.world.store.drop(team, *self._current(team, origin))
            return
        text = body.get("text", "")
        if not isinstance(text, str):
            raise Refusal("invalid_payload")
        if utf16(text) > TEXT_LIMIT:
            raise Refusal("msg_too_long")
        blocks = check_message_blocks(body["blocks"]) if body.get("blocks") is not None else []
        if not text and not blocks:
            raise Refusal("no_text")
        if body.get("replace_original") is True and origin is not None:
            kind, message = self._current(team, origin)
            if kind == "message":
                self.world.update(team, message, {"text": text, "blocks": blocks})
            else:
                self.world.store.drop(team, kind, message)
                thread_ts = message.get("thread_ts")
                ts = message["ts"]
                self.world.whisper(
                    team, channel, user_id, text=text, blocks=blocks, thread_ts=thread_ts, ts=ts
                )
            return
        thread_ts = body.get("thread_ts") or (origin or {}).get("thread_ts")
        if body.get("response_type") == "in_channel":
            author = self.world.bot_author(team)
            self.world.post(
                team,
                channel,
                bot=author,
                text=text,
                blocks=blocks,
                thread_ts=thread_ts,
                metadata=body.get("metadata"),
            )
        else:
            self.world.whisper(team, channel, user_id, text=text, blocks=blocks, thread_ts=thread_ts)

    def _current(self, team: Team, origin: Json) -> tuple[str, Json]:
        """The kind and the present state of the message that a response URL belongs to."""
        if not origin.get("is_ephemeral"):
            message = team.messages.get(origin["channel"], {}).get(origin["ts"])
            if message is None:
                raise Refusal("message_not_found")
            return "message", message
        for message in team.ephemerals:
            if message["ts"] == origin["ts"]:
                return "ephemeral", message
        raise Refusal("message_not_found")


def _modal(answer: Json) -> Json:
    """The view in the answer to a submission. Raises Refusal when it is none, or a Home view."""
    view = check_view(answer.get("view"))
    if view["type"] != "modal":
        raise Refusal("invalid_arguments", "must be a view of type modal [json-pointer:/view/type]")
    return view


def parse_body(body: bytes) -> Json:
    """A JSON object from a response URL's request. Raises Refusal ``invalid_payload``."""
    try:
        value = json.loads(body)
    except ValueError:
        raise Refusal("invalid_payload") from None
    if not isinstance(value, dict):
        raise Refusal("invalid_payload")
    return value

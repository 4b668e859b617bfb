"""How do a test and the demo play Slack toward the bot?

A Workspace is a strict local Slack over real HTTP on 127.0.0.1: it answers the Web API as Slack does, refuses
what Slack refuses, and sends the bot signed requests. Its methods are what people do:

    async with Workspace(request_url="http://127.0.0.1:3000/slack/events", signing_secret="s") as slack:
        # the bot runs with SLACK_API_URL=slack.api_url and SLACK_BOT_TOKEN=slack.bot_token
        post = await slack.post("alice", "support", "550 5.1.1 <x@example.org>: User unknown")
        answer = await slack.wait_for(lambda: slack.replies(post)[:1])
        await slack.click(answer[0], "ticket_escalate", "alice")
        view = await slack.modal("alice")
        await slack.submit(view, {"note": "urgent"}, "alice")
        assert not slack.refusals

People and channels are named by name or id. It imports nothing from the rest of ``bot``.
"""

import asyncio
import json
import mimetypes
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.playground import forms
from bot.playground.acting import Acting
from bot.playground.delivery import Delivered, Delivery, Reply
from bot.playground.people import (
    PEOPLE,
    PLACES,
    Group,
    Person,
    Place,
    channel_json,
    group_json,
    user_json,
)
from bot.playground.post import Post
from bot.playground.server import LARGEST_REQUEST, ApiCall, Fault, Server
from bot.playground.store import Json, Store, Team
from bot.playground.world import World
from bot.playground.writing import encode

T = TypeVar("T")

SNIPPET_LENGTH = 12_000
"""Slack's client turns a longer paste into a text snippet, which is a file."""

BOT_SCOPES = frozenset(
    """
    app_mentions:read channels:history channels:join channels:read chat:write commands files:read
    groups:history groups:read im:history im:read im:write metadata.message:read mpim:history mpim:read
    mpim:write reactions:read reactions:write team:read usergroups:read users:read
    """.split()  # noqa: SIM905 - a list of scopes reads better as words
)


class Workspace:
    """A local Slack for one bot, which may be installed in several teams."""

    def __init__(
        self,
        *,
        request_url: str | None = None,
        signing_secret: str = "local-signing-secret",  # noqa: S107 - a local stand-in's, no secret
        host: str = "127.0.0.1",
        port: int = 0,
        path: Path | None = None,
        manifest: Mapping[str, Any] | None = None,
        scopes: Sequence[str] | None = None,
        people: Sequence[Person] = PEOPLE,
        places: Sequence[Place] = PLACES,
        groups: Sequence[Group] = (),
        name: str = "Acme Support",
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = (0.05, 0.1, 0.2),
        trigger_seconds: float = 3.0,
    ) -> None:
        """``request_url`` is where the bot listens; None means Socket Mode, and it can be set later.

        ``path`` keeps everything in a SQLite file. ``manifest`` is the app's manifest: then only its scopes,
        events, commands and shortcuts work. ``retry_delays`` are seconds before an event is sent again.
        """
        self.host = host
        self.port = port
        self.manifest = manifest
        self.people = tuple(people)
        self.places = tuple(places)
        self.groups = tuple(groups)
        self.store = Store(path)
        self.delivery = Delivery(
            request_url=request_url,
            signing_secret=signing_secret,
            ack_seconds=ack_seconds,
            retry_delays=retry_delays,
        )
        self.scopes = frozenset(scopes if scopes is not None else _manifest_scopes(manifest) or BOT_SCOPES)
        self.world = World(self.store, self.delivery, events=_manifest_events(manifest))
        self.acting = Acting(
            self.world,
            trigger_seconds=trigger_seconds,
            escape_commands=any(command.get("should_escape") for command in self.commands or ()),
        )
        self.server = Server(
            world=self.world,
            acting=self.acting,
            app_token="xapp-1-A0LOCAL-1-local",  # noqa: S106 - a local stand-in's, no secret
            client_id="1.1",
            client_secret="local-client-secret",  # noqa: S106 - a local stand-in's, no secret
        )
        self.server.changed = self._wake
        self.store.listeners.append(lambda team, kind, body: self._wake())
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.extra_routes: list[web.AbstractRouteDef] = []
        """More addresses on the same port, such as the demo's page. Add them before the start."""
        for team in self.store.teams.values():
            # A file of an older version: the app is installed anew with what its manifest asks for now.
            team.scopes = self.scopes
        if not self.store.teams:
            self.add_team(name)

    # Life

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.add_routes([*self.server.routes(), *self.extra_routes])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self.port = self._runner.addresses[0][1]
        self.acting.base_url = self.url

    async def stop(self) -> None:
        await self.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.store.close()

    # What the bot needs to know

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """The value of SLACK_API_URL."""
        return f"{self.url}/api/"

    @property
    def request_url(self) -> str | None:
        return self.delivery.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.delivery.request_url = url

    @property
    def signing_secret(self) -> str:
        return self.delivery.signing_secret

    @property
    def team(self) -> Team:
        """The first team."""
        return next(iter(self.store.teams.values()))

    @property
    def bot_token(self) -> str:
        return self.team.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.server.app_token

    def add_team(self, name: str) -> Team:
        """A further workspace with the same people and channels, and the bot installed in it."""
        number = len(self.store.teams) + 1
        suffix = "" if number == 1 else str(number)
        bot_name = str((self.manifest or {}).get("display_information", {}).get("name", "fivefifty")).lower()
        team = Team(
            id=f"T0TEAM{number}",
            name=name,
            domain=name.lower().replace(" ", "-"),
            app_id="A0LOCAL",
            bot_id=f"B0BOT{number}",
            bot_user_id=f"U0BOT{number}",
            bot_token=f"xoxb-local-{number}",
            scopes=self.scopes,
        )
        self.store.add_team(team)
        members = []
        for person in self.people:
            user_id = f"U0{person.name.upper()}{suffix}"
            members.append(user_id)
            self.store.save(team, "user", user_json(team.id, user_id, person))
        bot = Person(name=bot_name, real_name=bot_name)
        self.store.save(team, "user", {**user_json(team.id, team.bot_user_id, bot), "is_bot": True})
        for group in self.groups:
            inside = [team.user(member)["id"] for member in group.members]
            group_id = f"S0{group.handle.upper().replace('-', '')}{suffix}"
            self.store.save(team, "group", group_json(team.id, group_id, group, inside))
        for place in self.places:
            inside = [*members, *([team.bot_user_id] if place.bot else [])]
            channel = channel_json(
                f"{'G' if place.private else 'C'}0{place.name.upper()}{suffix}", place, inside
            )
            self.store.save(team, "channel", channel)
        return team

    def oauth_code(self, team: Team) -> str:
        """A code as Slack adds it to the redirect URL; ``oauth.v2.access`` takes it once."""
        code = f"code-{self.store.new_ts()}"
        self.server.codes[code] = team
        return code

    # What people do. Each returns when the message is posted; the bot is told in the background.

    async def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        team: Team | None = None,
    ) -> Post:
        """Post as a person, as typed in Slack's message box. A very long text becomes a snippet, as there."""
        team = team or self.team
        place = self._place(team, channel, user)
        person = team.user(user)["id"]
        mode = "hosted"
        if len(text) > SNIPPET_LENGTH:
            files, text, mode = [*files, ("untitled.txt", text.encode(errors="replace"))], "", "snippet"
        written, blocks = encode(text, self._names(team))
        kept = [self._keep(team, person, name, content, mode) for name, content in files]
        message = self.world.post(
            team,
            place,
            user=person,
            text=written,
            blocks=blocks,
            thread_ts=thread_ts,
            files=kept,
            subtype="file_share" if kept else None,
        )
        if kept:
            self.world.share(team, place, person, message, kept)
        return Post(team=team.id, body=message)

    async def mention(self, user: str, channel: str, text: str, **more: Any) -> Post:
        """Post with a mention of the bot in front."""
        team = more.get("team") or self.team
        return await self.post(user, channel, f"@{team.users[team.bot_user_id]['name']} {text}", **more)

    async def direct(self, user: str, text: str, **more: Any) -> Post:
        """Write to the bot in its direct channel."""
        team = more.get("team") or self.team
        return await self.post(user, self.world.open_direct(team, team.user(user)["id"])["id"], text, **more)

    async def upload(
        self, user: str, channel: str, name: str, content: bytes, *, text: str = "", **more: Any
    ) -> Post:
        """Share one file, with or without words."""
        return await self.post(user, channel, text, files=[(name, content)], **more)

    async def email(
        self, channel: str, subject: str, body: str, *, sender: str = "mailer-daemon@mx.example.net"
    ) -> Post:
        """A mail that Slack's e-mail app posts into a channel."""
        team = self.team
        place = team.channel(channel)
        file = self._keep(team, "USLACKBOT", subject, body.encode(), "email")
        file |= {
            "filetype": "email",
            "mimetype": "text/html",
            "subject": subject,
            "plain_text": body,
            "from": [{"address": sender, "name": "", "original": sender}],
            "to": [{"address": "support@acme.example", "name": "", "original": "support@acme.example"}],
        }
        self.store.save(team, "file", file)
        message = self.world.post(
            team,
            place,
            bot={"user": "USLACKBOT", "bot_id": "B0EMAIL"},
            files=[file],
            subtype="file_share",
        )
        self.world.share(team, place, "USLACKBOT", message, [file])
        return Post(team=team.id, body=message)

    async def other_bot(
        self, channel: str, text: str, *, bot_id: str = "B0OTHER", name: str = "Other bot"
    ) -> Post:
        """A message of another bot."""
        place = self.team.channel(channel)
        bot = {"bot_id": bot_id, "username": name}
        message = self.world.post(self.team, place, bot=bot, text=text, subtype="bot_message")
        return Post(team=self.team.id, body=message)

    async def edit(self, post: Post, text: str) -> Post:
        """Edit a person's message."""
        team = self._team(post)
        written, blocks = encode(text, self._names(team))
        changed = self.world.update(
            team, self.now(post).body, {"text": written, "blocks": blocks}, editor=str(post.user)
        )
        return Post(team=team.id, body=changed)

    async def delete(self, post: Post) -> None:
        self.world.delete(self._team(post), self.now(post).body)

    async def unfurl(self, post: Post) -> None:
        """Slack adds a preview to a message: a change that nobody made by hand."""
        self.world.update(
            self._team(post), self.now(post).body, {"attachments": [{"id": 1, "title": "Preview"}]}
        )

    async def react(self, post: Post, name: str, user: str) -> None:
        """Add a reaction. Raises Refusal ``already_reacted``."""
        team = self._team(post)
        self.world.react(team, self.now(post).body, team.user(user)["id"], name.strip(":"))

    async def unreact(self, post: Post, name: str, user: str) -> None:
        team = self._team(post)
        self.world.unreact(team, self.now(post).body, team.user(user)["id"], name.strip(":"))

    async def join(self, user: str, channel: str, *, team: Team | None = None) -> None:
        """Join a channel; ``user`` may be the bot's user id: somebody invites it."""
        team = team or self.team
        self.world.join(team, team.channel(channel), team.user(user)["id"], inviter=next(iter(team.users)))

    async def leave(self, user: str, channel: str) -> None:
        self.world.leave(self.team, self.team.channel(channel), self.team.user(user)["id"])

    async def open_home(self, user: str) -> None:
        """Open the bot's Home tab."""
        await self.acting.open_home(self.team, self.team.user(user)["id"])

    async def uninstall(self, team: Team | None = None) -> None:
        """Take the bot out of a team: its token stops working, and it is told."""
        team = team or self.team
        team.installed = False
        ts = self.store.new_ts()
        self.world.emit(
            team,
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user_id]}, "event_ts": ts},
        )
        self.world.emit(team, {"type": "app_uninstalled", "event_ts": ts})

    async def slash(
        self, user: str, channel: str, text: str, *, command: str = "/bounce", team: Team | None = None
    ) -> Reply:
        """Type a slash command. Raises LookupError when the manifest does not know it."""
        team = team or self.team
        if self.commands is not None and command not in {each["command"] for each in self.commands}:
            raise LookupError(f"the manifest has no command {command}")
        place = self._place(team, channel, user)
        return await self.acting.slash(team, team.user(user)["id"], place, command, text)

    async def click(self, where: "Post | Json", action_id: str, user: str, value: Any = None) -> Reply:
        """Press a button, or set a select, overflow or check box to ``value``, in a message or view.

        Raises LookupError when there is no such element.
        """
        team, place = self._where(where)
        block, element = forms.find(place["blocks"], action_id)
        return await self.acting.act(
            team,
            team.user(user)["id"],
            place,
            forms.action(block, element, value),
            forms.state(
                place["blocks"], {} if element["type"] in ("button", "overflow") else {action_id: value}
            ),
        )

    async def submit(self, view: Json, values: Mapping[str, Any], user: str) -> Reply:
        """Fill in and submit a modal. The reply's ``json`` holds ``errors`` where the bot found some.

        ``values``: action_id or block_id → text, an option's value, an id, or a list of these.
        Raises ValueError for what Slack's own client would not let through.
        """
        team = self.store.teams[view["team_id"]]
        state = forms.state(view["blocks"], values)
        faults = forms.faults(view["blocks"], state)
        if faults:
            raise ValueError(f"Slack would not submit this form: {faults}")
        return await self.acting.submit(team, team.user(user)["id"], view, state)

    async def close_view(self, user: str) -> Reply | None:
        return await self.acting.close(self.team, self.team.user(user)["id"])

    async def shortcut(self, callback_id: str, user: str, post: Post | None = None) -> Reply:
        """Choose a shortcut of a message, or a global one. LookupError: not in the manifest."""
        known = self.shortcuts
        if known is not None and callback_id not in {each["callback_id"] for each in known}:
            raise LookupError(f"the manifest has no shortcut {callback_id}")
        team = self._team(post) if post else self.team
        message = self.now(post).body if post else None
        return await self.acting.shortcut(team, team.user(user)["id"], callback_id, message)

    # What can be seen

    def messages(self, channel: str, thread_ts: str | None = None, *, team: Team | None = None) -> list[Post]:
        """The messages of a channel, or of one thread with its parent, oldest first."""
        team = team or self.team
        place = team.channel(channel)["id"]
        found = team.thread(place, thread_ts) if thread_ts else team.messages.get(place, {}).values()
        return [Post(team=team.id, body=message) for message in found]

    def replies(self, post: Post) -> list[Post]:
        """What the bot wrote in the thread of a message."""
        team = self._team(post)
        return [
            Post(team=team.id, body=message)
            for message in team.thread(post.channel, post.thread_ts or post.ts)
            if message.get("user") == team.bot_user_id and message["ts"] != post.ts
        ]

    def ephemerals(self, user: str, *, team: Team | None = None) -> list[Post]:
        """The messages that only this person sees."""
        team = team or self.team
        person = team.user(user)["id"]
        return [Post(team=team.id, body=message) for message in team.ephemerals if message["to"] == person]

    def now(self, post: Post) -> Post:
        """The same message as it stands now. Raises LookupError when it was deleted."""
        team = self._team(post)
        message = team.messages.get(post.channel, {}).get(post.ts)
        if message is None:
            message = next((each for each in team.ephemerals if each["ts"] == post.ts), None)
        if message is None:
            raise LookupError(f"message {post.ts} is gone")
        return Post(team=team.id, body=message)

    def view(self, user: str, *, team: Team | None = None) -> Json | None:
        """The modal that a person sees."""
        team = team or self.team
        stack = self.acting.stacks.get((team.id, team.user(user)["id"]), [])
        return stack[-1] if stack else None

    def home(self, user: str, *, team: Team | None = None) -> Json | None:
        """A person's Home view of the bot."""
        team = team or self.team
        return team.homes.get(team.user(user)["id"])

    async def modal(self, user: str, *, callback_id: str | None = None, seconds: float = 5.0) -> Json:
        """Wait for a modal to open."""

        def there() -> Json | None:
            view = self.view(user)
            return view if view and callback_id in (None, view["callback_id"]) else None

        return await self.wait_for(there, seconds)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until ``predicate`` gives something true, and return that. Raises AssertionError."""
        end = time.monotonic() + timeout
        while True:
            self._changed.clear()
            value = predicate()
            if value:
                return value
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(self._trouble(timeout))
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
            except TimeoutError:
                continue

    async def settled(self) -> None:
        """Wait until every event is acknowledged or given up."""
        await self.delivery.settled()

    @property
    def calls(self) -> list[ApiCall]:
        """Every call of the bot, oldest first."""
        return self.server.calls

    @property
    def refusals(self) -> list[ApiCall]:
        """Calls that were refused, without the faults that a test ordered."""
        return [call for call in self.server.calls if not call.ok and not call.ordered]

    @property
    def deliveries(self) -> list[Delivered]:
        """Every request to the bot with the answers it got."""
        return self.delivery.log

    @property
    def commands(self) -> list[Json] | None:
        return None if self.manifest is None else self.manifest.get("features", {}).get("slash_commands", [])

    @property
    def shortcuts(self) -> list[Json] | None:
        return None if self.manifest is None else self.manifest.get("features", {}).get("shortcuts", [])

    # Faults on order

    def fail(
        self,
        method: str,
        *,
        times: int = 1,
        status: int = 200,
        error: str = "internal_error",
        retry_after: int | None = None,
        after: bool = False,
    ) -> None:
        """Let the next calls of ``method`` fail; ``*`` is every method.

        ``status=429`` with ``retry_after`` is a rate limit, 500 Slack's own trouble, 200 an ``error`` word.
        With ``after`` the call is carried out and only its answer is lost.
        """
        self.server.faults.append(
            Fault(
                method=method, times=times, status=status, error=error, retry_after=retry_after, after=after
            )
        )

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Let the next calls of ``method`` take this long."""
        self.server.faults.append(Fault(method=method, times=times, error="", delay=seconds))

    # Helpers

    def _wake(self) -> None:
        self._changed.set()

    def _team(self, post: Post) -> Team:
        return self.store.teams[post.team]

    def _where(self, where: Post | Json) -> tuple[Team, Json]:
        if isinstance(where, Post):
            return self._team(where), self.now(where).body
        return self.store.teams[where["team_id"]], where

    def _place(self, team: Team, channel: str, user: str) -> Json:
        place = team.channel(channel)
        if team.user(user)["id"] not in place["members"]:
            raise LookupError(f"{user} is not in {channel}")
        return place

    def _names(self, team: Team) -> dict[str, str]:
        names = {user["name"]: user["id"] for user in team.users.values()}
        return names | {f"#{each['name']}": each["id"] for each in team.channels.values() if "name" in each}

    def _keep(self, team: Team, user_id: str, name: str, content: bytes, mode: str) -> Json:
        file_id = self.store.new_id("F")
        suffix = Path(name).suffix.removeprefix(".").lower()
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        address = f"{self.url}/files-pri/{team.id}-{file_id}"
        file = {
            "id": file_id,
            "created": int(time.time()),
            "timestamp": int(time.time()),
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": "text" if suffix == "txt" else suffix or "binary",
            "user": user_id,
            "user_team": team.id,
            "editable": mode == "snippet",
            "size": len(content),
            "mode": mode,
            "is_external": False,
            "is_public": True,
            "url_private": f"{address}/{name}",
            "url_private_download": f"{address}/download/{name}",
            "permalink": f"https://{team.domain}.slack.com/files/{user_id}/{file_id}",
            "file_access": "visible",
        }
        if mode == "snippet":
            text = content.decode(errors="replace")
            file |= {"preview": text[:1000], "lines": text.count("\n") + 1}
        self.store.save(team, "file", file, content)
        return file

    def _trouble(self, seconds: float) -> str:
        lines = [f"nothing came in {seconds} s"]
        lines += [f"refused: {call.method} {json.dumps(call.body)}" for call in self.refusals[-3:]]
        for delivered in self.deliveries[-3:]:
            replies = ", ".join(f"{reply.status} {reply.reason}".strip() for reply in delivered.replies)
            kind = delivered.payload.get("event", {}).get("type") or delivered.kind
            lines.append(f"sent: {kind}: {replies or 'no answer yet'}")
        lines += [f"called: {call.method}" for call in self.calls[-5:]]
        return "; ".join(lines)


def _manifest_scopes(manifest: Mapping[str, Any] | None) -> list[str]:
    if manifest is None:
        return []
    return list(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))


def _manifest_events(manifest: Mapping[str, Any] | None) -> list[str] | None:
    if manifest is None:
        return None
    return list(manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ()))

"""How does a person use the local workspace in a browser?

Serves the page (plain HTML, CSS and ES modules beside this file), its state as JSON, changes as server-sent
events, and takes what people do. It answers only requests that name this computer as their host, and takes
actions only from the page itself, so that no other web site can act through a visitor's browser.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.playground import forms
from bot.playground.delivery import Reply
from bot.playground.gallery import Example
from bot.playground.post import Post
from bot.playground.refusal import Refusal
from bot.playground.store import Json
from bot.playground.workspace import Workspace

STATIC = Path(__file__).resolve().parent / "static"
LARGEST_FILE = 10 * 2**20
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class ActionError(Exception):
    """Something that the page asked for cannot be done; the text is shown to the person."""


@dataclass(kw_only=True, slots=True)
class Page:
    """The browser's side of one workspace."""

    slack: Workspace
    switchers: Sequence[str]
    """Names of the people between whom the visitor may switch."""
    gallery: Sequence[Example] = ()
    commands: Sequence[Mapping[str, str]] = ()
    """What the command box completes: ``command`` (with its words) and ``help``."""
    controls: Mapping[str, Callable[[Any], Awaitable[Json]]] = field(default_factory=dict)
    """Switches outside of Slack, such as the name servers: name → what to do with the new value."""
    facts: Json = field(default_factory=dict)
    """State of the switches, shown by the page."""
    _listeners: set[asyncio.Queue[str | None]] = field(default_factory=set)

    def routes(self) -> list[web.AbstractRouteDef]:
        self.slack.store.listeners.append(self._changed)
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/page/state", self._state),
            web.get("/page/events", self._events),
            web.get("/page/file/{file}", self._file),
            web.post("/page/do", self._do),
            web.post("/page/upload", self._upload),
        ]

    def close(self) -> None:
        """End the streams of events, so that the server can stop at once."""
        for queue in tuple(self._listeners):
            queue.put_nowait(None)

    def tell(self, kind: str, body: Json) -> None:
        """Send one change to every open page."""
        text = json.dumps({"kind": kind, "body": body})
        for queue in tuple(self._listeners):
            queue.put_nowait(text)

    def _changed(self, team_id: str, kind: str, body: Json) -> None:
        if team_id == self.slack.team.id and kind != "user":
            self.tell(kind, body)

    # What the page reads

    async def _index(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        return self._asset("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        return self._asset(request.match_info["name"])

    def _asset(self, name: str) -> web.StreamResponse:
        path = STATIC / name
        if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=_HEADERS
        )

    async def _state(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        team = self.slack.team
        state = {
            "team": {"id": team.id, "name": team.name, "domain": team.domain, "bot": team.bot_user_id},
            "switchers": [team.user(name)["id"] for name in self.switchers],
            "users": list(team.users.values()),
            "groups": list(team.groups.values()),
            "channels": list(team.channels.values()),
            "messages": [message for channel in team.messages.values() for message in channel.values()],
            "ephemerals": team.ephemerals,
            "homes": team.homes,
            "commands": list(self.commands),
            "shortcuts": list(self.slack.shortcuts or ()),
            "gallery": [example.as_json() for example in self.gallery],
            "facts": self.facts,
        }
        return web.json_response(state, headers=_HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        stream = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            await stream.write(b"retry: 1000\nevent: ready\ndata: {}\n\n")
            while (text := await queue.get()) is not None:
                await stream.write(f"data: {text}\n\n".encode())
        except ConnectionError:
            pass  # the visitor has closed the page
        finally:
            self._listeners.discard(queue)
        return stream

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._check_host(request)
        content = self.slack.team.contents.get(request.match_info["file"])
        if content is None:
            raise web.HTTPNotFound
        # Whatever it is, the browser saves it and never runs it.
        headers = {**_HEADERS, "Content-Disposition": "attachment"}
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)

    # What the page does

    async def _do(self, request: web.Request) -> web.StreamResponse:
        self._check_origin(request)
        try:
            wanted = await request.json()
            action = _ACTIONS.get(str(wanted.get("do"))) if isinstance(wanted, dict) else None
            if action is None:
                raise ActionError("unknown action")
            answer = await action(self, wanted)
        except Refusal as refusal:
            answer = {
                "ok": False,
                "error": f"Slack would refuse this: {refusal.error}",
                "refusal": refusal.body(),
            }
        except ActionError as error:
            answer = {"ok": False, "error": str(error)}
        except (KeyError, LookupError, ValueError, TypeError) as error:
            answer = {"ok": False, "error": f"The playground cannot do this: {error}"}
        return web.json_response({"ok": True, **answer}, headers=_HEADERS)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self._check_origin(request)
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise web.HTTPBadRequest(text="no file")
        content = file.file.read()
        if len(content) > LARGEST_FILE:
            error = f"Slack takes larger files, the playground takes {LARGEST_FILE // 2**20} MB."
            return web.json_response({"ok": False, "error": error}, headers=_HEADERS)
        post = await self.slack.upload(
            str(form["user"]),
            str(form["channel"]),
            Path(file.filename).name[:200] or "file",
            content,
            text=str(form.get("text", "")),
            thread_ts=str(form["thread_ts"]) if form.get("thread_ts") else None,
        )
        return web.json_response({"ok": True, "ts": post.ts}, headers=_HEADERS)

    async def _post(self, wanted: Json) -> Json:
        text = str(wanted["text"])
        if not text.strip():
            raise ActionError("An empty message cannot be sent.")
        thread_ts = wanted.get("thread_ts") or None
        post = await self.slack.post(wanted["user"], wanted["channel"], text, thread_ts=thread_ts)
        return {"ts": post.ts}

    async def _slash(self, wanted: Json) -> Json:
        command, _, text = str(wanted["text"]).partition(" ")
        if wanted.get("thread_ts"):
            raise ActionError(f"{command} is not supported in threads. (So it is in Slack.)")
        known = self.slack.commands
        if known is not None and command not in {each["command"] for each in known}:
            raise ActionError(f"{command} is not a valid command.")
        reply = await self.slack.slash(wanted["user"], wanted["channel"], text.strip(), command=command)
        return _told(reply)

    async def _edit(self, wanted: Json) -> Json:
        await self.slack.edit(self._own(wanted), str(wanted["text"]))
        return {}

    async def _delete(self, wanted: Json) -> Json:
        await self.slack.delete(self._own(wanted))
        return {}

    async def _react(self, wanted: Json) -> Json:
        post = self._found(wanted)
        there = any(
            each["name"] == wanted["name"] and self.slack.team.user(wanted["user"])["id"] in each["users"]
            for each in post.body.get("reactions", ())
        )
        act = self.slack.unreact if there else self.slack.react
        await act(post, str(wanted["name"]), wanted["user"])
        return {}

    async def _shortcut(self, wanted: Json) -> Json:
        return _told(
            await self.slack.shortcut(str(wanted["callback_id"]), wanted["user"], self._found(wanted))
        )

    async def _click(self, wanted: Json) -> Json:
        team = self.slack.team
        place = self._view(wanted) if wanted.get("view") else self._found(wanted).body
        block, element = _pressed(place.get("blocks", []), wanted.get("block_id"), wanted.get("action_id"))
        action = forms.action(block, element, wanted.get("value"))
        state = forms.state(place["blocks"], wanted.get("values") or {})
        return _told(await self.slack.acting.act(team, team.user(wanted["user"])["id"], place, action, state))

    async def _submit(self, wanted: Json) -> Json:
        view = self._view(wanted)
        state = forms.state(view["blocks"], wanted.get("values") or {})
        faults = forms.faults(view["blocks"], state)
        if faults:
            return {"errors": faults}
        team = self.slack.team
        reply = await self.slack.acting.submit(team, team.user(wanted["user"])["id"], view, state)
        return {**_told(reply), "errors": reply.json.get("errors") or {}}

    async def _close(self, wanted: Json) -> Json:
        await self.slack.close_view(wanted["user"])
        return {}

    async def _home(self, wanted: Json) -> Json:
        await self.slack.open_home(wanted["user"])
        return {}

    async def _direct(self, wanted: Json) -> Json:
        team = self.slack.team
        return {"channel": self.slack.world.open_direct(team, team.user(wanted["user"])["id"])}

    async def _control(self, wanted: Json) -> Json:
        control = self.controls.get(str(wanted.get("name")))
        if control is None:
            raise ActionError("there is no such switch")
        self.facts |= await control(wanted.get("value"))
        self.tell("facts", self.facts)
        return {}

    def _found(self, wanted: Json) -> Post:
        team = self.slack.team
        message = team.messages.get(wanted["channel"], {}).get(wanted["ts"])
        if message is None:
            message = next((each for each in team.ephemerals if each["ts"] == wanted["ts"]), None)
        if message is None:
            raise ActionError("That message is gone.")
        return Post(team=team.id, body=message)

    def _own(self, wanted: Json) -> Post:
        post = self._found(wanted)
        if post.user != self.slack.team.user(wanted["user"])["id"]:
            raise ActionError("Only your own messages can be changed.")
        return post

    def _view(self, wanted: Json) -> Json:
        team = self.slack.team
        user_id = team.user(wanted["user"])["id"]
        stack = self.slack.acting.stacks.get((team.id, user_id), [])
        home = team.homes.get(user_id)
        for view in [*stack, *([home] if home else [])]:
            if view["id"] == wanted["view"]:
                return view
        raise ActionError("That form is not open any more.")

    # Who may ask

    def _check_host(self, request: web.Request) -> None:
        if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost", "::1"):
            raise web.HTTPForbidden(text="the playground answers on this computer only")

    def _check_origin(self, request: web.Request) -> None:
        self._check_host(request)
        origin = request.headers.get("Origin")
        if request.headers.get("X-Playground") != "1" or (origin and urlsplit(origin).netloc != request.host):
            raise web.HTTPForbidden(text="only the playground's own page may do this")


def _told(reply: Reply) -> Json:
    """What a person learns when the bot does not answer in time."""
    if reply.ok:
        return {}
    if reply.reason == "http_timeout":
        return {"ok": False, "error": "fivefifty took longer than Slack waits (3 seconds)."}
    return {"ok": False, "error": f"fivefifty did not take this (HTTP status {reply.status})."}


_ACTIONS: dict[str, Callable[[Page, Json], Awaitable[Json]]] = {
    "post": Page._post,
    "slash": Page._slash,
    "edit": Page._edit,
    "delete": Page._delete,
    "react": Page._react,
    "shortcut": Page._shortcut,
    "click": Page._click,
    "submit": Page._submit,
    "close": Page._close,
    "home": Page._home,
    "direct": Page._direct,
    "control": Page._control,
}


def _pressed(blocks: list[Json], block_id: Any, action_id: Any) -> tuple[Json, Json]:
    """The element that somebody pressed, with its block. Raises ActionError.

    A message may have been replaced while they did: Slack then makes up new block ids, and a button that is still
    there, alone under its action id, is the one that was meant.
    """
    same = [each for each in forms.elements(blocks) if each[1]["action_id"] == action_id]
    exact = [each for each in same if each[0]["block_id"] == block_id]
    if exact or len(same) == 1:
        return (exact or same)[0]
    raise ActionError("That button is not there any more.")

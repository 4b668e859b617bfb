"""Which addresses does the local workspace answer at?

``/api/METHOD`` (the Web API), ``/files-pri/…`` (files, for a valid token only), ``/response/…`` (response
URLs) and ``/link`` (Socket Mode). Every call is recorded, and faults can be ordered.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.playground.acting import Acting, parse_body
from bot.playground.methods import Call, call
from bot.playground.refusal import Refusal
from bot.playground.store import Json, Team
from bot.playground.world import World

LARGEST_REQUEST = 20 * 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiCall:
    """One request of the bot and what it got."""

    method: str
    """The Web API method, or ``response_url`` or ``file``."""
    arguments: Json
    status: int
    body: Json
    team: str | None = None
    ordered: bool = False
    """True where a fault was ordered, so that the refusal is no fault of the bot's."""

    @property
    def ok(self) -> bool:
        return self.status == 200 and self.body.get("ok", True) is True


@dataclass(kw_only=True, slots=True)
class Fault:
    """A failure that the next calls of a method meet."""

    method: str
    times: int = 1
    status: int = 200
    error: str = "internal_error"
    retry_after: int | None = None
    after: bool = False
    """True: the call is carried out, and only its answer is lost."""
    delay: float = 0.0
    """Seconds that the answer takes; with status 200 and no error word, the only fault."""


@dataclass(kw_only=True, slots=True)
class Server:
    """The HTTP side of a workspace."""

    world: World
    acting: Acting
    app_token: str
    client_id: str
    client_secret: str
    calls: list[ApiCall] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    codes: dict[str, Team] = field(default_factory=dict)
    """OAuth codes that wait for their exchange."""
    changed: Callable[[], None] = lambda: None

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/api/{method}", self.api),
            web.get("/files-pri/{team}-{file}/{name:.*}", self.file),
            web.post("/response/{team}/{key}", self.response),
            web.get("/link", self.link),
        ]

    async def api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        fault = self._fault(name)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        ordered = fault is not None and (fault.status != 200 or fault.error != "")
        arguments: Json = {}
        team: Team | None = None
        try:
            arguments = await _arguments(request)
            if ordered and fault is not None and not fault.after:
                return self._failed(name, arguments, fault)
            body, team = self._answer(request, name, arguments)
        except Refusal as refusal:
            body = refusal.body()
        if ordered and fault is not None:
            return self._failed(name, arguments, fault)
        self._record(method=name, arguments=arguments, status=200, body=body, team=team.id if team else None)
        # Slack says with every answer what the token may do.
        scopes = {"X-OAuth-Scopes": ",".join(sorted(team.scopes))} if team else {}
        return web.json_response(body, headers=scopes)

    def _answer(self, request: web.Request, name: str, arguments: Json) -> tuple[Json, Team | None]:
        if name == "oauth.v2.access":
            return self._exchange(request, arguments), None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.get("token", "")
        if not token:
            raise Refusal("not_authed")
        if name == "apps.connections.open":
            if token != self.app_token:
                raise Refusal("not_allowed_token_type" if token.startswith("xoxb") else "invalid_auth")
            return {
                "ok": True,
                "url": f"{self.acting.base_url.replace('http', 'ws', 1)}/link?ticket={token}",
            }, None
        team = self.world.store.team_of_token(str(token))
        if team is None:
            raise Refusal("not_allowed_token_type" if token == self.app_token else "invalid_auth")
        if not team.installed:
            raise Refusal("account_inactive")
        if name == "auth.revoke":
            team.installed = False
            return {"ok": True, "revoked": True}, team
        found = Call(world=self.world, acting=self.acting, team=team, arguments=arguments)
        return {"ok": True, **call(name, found)}, team

    def _exchange(self, request: web.Request, arguments: Json) -> Json:
        client_id, client_secret = arguments.get("client_id"), arguments.get("client_secret")
        kind, _, coded = request.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            try:
                client_id, _, client_secret = base64.b64decode(coded).decode().partition(":")
            except ValueError:
                raise Refusal("invalid_client_id") from None
        if client_id != self.client_id:
            raise Refusal("invalid_client_id")
        if client_secret != self.client_secret:
            raise Refusal("bad_client_secret")
        team = self.codes.pop(str(arguments.get("code")), None)
        if team is None:
            raise Refusal("invalid_code")
        team.installed = True
        installer = next(user["id"] for user in team.users.values() if user.get("is_admin"))
        return {
            "ok": True,
            "access_token": team.bot_token,
            "token_type": "bot",
            "scope": ",".join(sorted(team.scopes)),
            "bot_user_id": team.bot_user_id,
            "app_id": team.app_id,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": installer},
        }

    async def file(self, request: web.Request) -> web.StreamResponse:
        team = self.world.store.teams.get(request.match_info["team"])
        file_id = request.match_info["file"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = team is not None and token == team.bot_token and "files:read" in team.scopes
        self._record(
            method="file",
            arguments={"file": file_id},
            status=200,
            body={"ok": allowed},
            team=team.id if team else None,
        )
        if team is None or not allowed:
            # Slack does not say 401: it leads to its log-in page, a 200 in HTML.
            return web.Response(
                text="<!DOCTYPE html><title>Sign in | Slack</title>", content_type="text/html"
            )
        if file_id not in team.contents:
            raise web.HTTPNotFound
        return web.Response(body=team.contents[file_id], content_type=team.files[file_id]["mimetype"])

    async def response(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("response_url")
        raw = await request.read()
        body: Json = {}
        try:
            body = parse_body(raw)
            if fault is not None and not fault.after:
                return self._failed("response_url", body, fault)
            self.acting.respond(request.match_info["key"], body)
        except Refusal as refusal:
            status = 404 if refusal.error in ("expired_url", "used_url") else 400
            self._record(method="response_url", arguments=body, status=status, body=refusal.body())
            return web.json_response(refusal.body(), status=status)
        if fault is not None:
            return self._failed("response_url", body, fault)
        self._record(method="response_url", arguments=body, status=200, body={"ok": True})
        return web.Response(text="ok")

    async def link(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") != self.app_token:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        team = next(iter(self.world.store.teams.values()))
        await self.world.delivery.serve_socket(socket, team.app_id)
        return socket

    def _fault(self, name: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in (name, "*") and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def _failed(self, name: str, arguments: Json, fault: Fault) -> web.Response:
        body: Json = {"ok": False, "error": "ratelimited" if fault.status == 429 else fault.error}
        self._record(method=name, arguments=arguments, status=fault.status, body=body, ordered=True)
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.status >= 500:
            return web.Response(text="<html>upstream error</html>", status=fault.status, headers=headers)
        return web.json_response(body, status=fault.status, headers=headers)

    def _record(self, **what: Any) -> None:
        self.calls.append(ApiCall(**what))
        self.changed()


async def _arguments(request: web.Request) -> Json:
    """The arguments of a call, from the query, a form or a JSON body. Raises Refusal."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            value = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(value, dict):
            raise Refusal("json_not_object")
        return arguments | value
    if request.can_read_body:
        if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
            raise Refusal("invalid_post_type")
        arguments |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return arguments

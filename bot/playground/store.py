"""What is in the local workspace, and where is it kept?

Everything is held in memory as Slack's own JSON objects. With a path, each change is written to one SQLite
file as well, so that a demo finds its messages again after a restart.
"""

import json
import secrets
import sqlite3
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_ALPHABET = string.ascii_uppercase + string.digits


@dataclass(kw_only=True, slots=True)
class Team:
    """One workspace of Slack: its people, channels and messages, and the bot that is installed in it."""

    id: str
    name: str
    domain: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    scopes: frozenset[str]
    installed: bool = True
    users: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Channel id, then ts, in the order of posting."""
    ephemerals: list[Json] = field(default_factory=list)
    """Messages that one person alone sees; with the fields ``channel`` and ``to``."""
    files: dict[str, Json] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    """The App Home of each person."""

    def user(self, name: str) -> Json:
        """The person with this id or name. Raises KeyError."""
        for user in self.users.values():
            if name in (user["id"], user["name"]):
                return user
        raise KeyError(f"no person {name!r} in {self.name}")

    def channel(self, name: str) -> Json:
        """The channel with this id or name, with or without ``#``. Raises KeyError."""
        for channel in self.channels.values():
            if name == channel["id"] or (name.removeprefix("#") == channel.get("name") and channel["name"]):
                return channel
        raise KeyError(f"no channel {name!r} in {self.name}")

    def direct(self, user_id: str) -> Json | None:
        """The direct channel of a person with the bot, if it is open."""
        for channel in self.channels.values():
            if channel.get("is_im") and channel["user"] == user_id:
                return channel
        return None

    def thread(self, channel_id: str, thread_ts: str) -> list[Json]:
        """The parent and its replies, in order. Empty when the parent is missing and nobody replied."""
        return [
            message
            for message in self.messages.get(channel_id, {}).values()
            if message["ts"] == thread_ts or message.get("thread_ts") == thread_ts
        ]


class Store:
    """The teams, and what has to happen when something in them changes."""

    def __init__(self, path: Path | None = None) -> None:
        self.teams: dict[str, Team] = {}
        self.listeners: list[Callable[[str, str, Json], None]] = []
        """Called with the team id, the kind of the change and what changed."""
        self._last_ts = 0
        self._file: sqlite3.Connection | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, isolation_level=None)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS documents"
                " (team TEXT, kind TEXT, id TEXT, body TEXT, content BLOB, PRIMARY KEY (team, kind, id))"
            )
            self._load(self._file)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add_team(self, team: Team) -> None:
        self.teams[team.id] = team
        self._write(team.id, "team", team.id, _team_as_json(team))

    def save(self, team: Team, kind: str, body: Json, content: bytes | None = None) -> None:
        """Keep a user, group, channel, message, ephemeral, file or home, new or changed, and tell the listeners."""
        key = _key(kind, body)
        match kind:
            case "user":
                team.users[key] = body
            case "group":
                team.groups[key] = body
            case "channel":
                team.channels[key] = body
            case "message":
                team.messages.setdefault(body["channel"], {})[body["ts"]] = body
            case "ephemeral":
                if body not in team.ephemerals:
                    team.ephemerals.append(body)
            case "file":
                team.files[key] = body
                if content is not None:
                    team.contents[key] = content
            case "home":
                team.homes[body["user"]] = body["view"]
            case _:
                raise ValueError(f"unknown kind {kind!r}")
        self._write(team.id, kind, key, body, content)
        self.tell(team.id, kind, body)

    def drop(self, team: Team, kind: str, body: Json) -> None:
        """Forget a message or an ephemeral message."""
        if kind == "message":
            team.messages.get(body["channel"], {}).pop(body["ts"], None)
        else:
            team.ephemerals.remove(body)
        if self._file is not None:
            self._file.execute(
                "DELETE FROM documents WHERE team = ? AND kind = ? AND id = ?",
                (team.id, kind, _key(kind, body)),
            )
        self.tell(team.id, f"{kind}_deleted", body)

    def tell(self, team_id: str, kind: str, body: Json) -> None:
        for listener in tuple(self.listeners):
            listener(team_id, kind, body)

    def new_ts(self) -> str:
        """A message's ts: seconds and microseconds, never the same twice."""
        self._last_ts = max(time.time_ns() // 1000, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """An id as Slack's: a letter for the kind and ten capitals and digits."""
        return letter + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(9))

    def team_of_token(self, token: str) -> Team | None:
        return next(
            (team for team in self.teams.values() if secrets.compare_digest(team.bot_token, token)), None
        )

    def _write(self, team_id: str, kind: str, key: str, body: Json, content: bytes | None = None) -> None:
        if self._file is not None:
            self._file.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?) ON CONFLICT (team, kind, id)"
                " DO UPDATE SET body = excluded.body, content = coalesce(excluded.content, content)",
                (team_id, kind, key, json.dumps(body), content),
            )

    def _load(self, file: sqlite3.Connection) -> None:
        rows: Iterator[tuple[str, str, str, bytes | None]] = file.execute(
            "SELECT team, kind, body, content FROM documents ORDER BY kind <> 'team', id"
        )
        for team_id, kind, text, content in rows:
            body = json.loads(text)
            if kind == "team":
                self.teams[team_id] = Team(**{**body, "scopes": frozenset(body["scopes"])})
                continue
            team = self.teams[team_id]
            match kind:
                case "user":
                    team.users[body["id"]] = body
                case "group":
                    team.groups[body["id"]] = body
                case "channel":
                    team.channels[body["id"]] = body
                case "message":
                    team.messages.setdefault(body["channel"], {})[body["ts"]] = body
                case "ephemeral":
                    team.ephemerals.append(body)
                case "file":
                    team.files[body["id"]] = body
                    team.contents[body["id"]] = content or b""
                case "home":
                    team.homes[body["user"]] = body["view"]


def _key(kind: str, body: Json) -> str:
    if kind in ("message", "ephemeral"):
        return f"{body['channel']}/{body['ts']}"
    return str(body["user"] if kind == "home" else body["id"])


def _team_as_json(team: Team) -> Json:
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "app_id": team.app_id,
        "bot_id": team.bot_id,
        "bot_user_id": team.bot_user_id,
        "bot_token": team.bot_token,
        "scopes": sorted(team.scopes),
    }

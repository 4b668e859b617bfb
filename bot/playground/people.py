"""Who and what is in a fresh workspace?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.playground.store import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody in the workspace."""

    name: str
    real_name: str
    title: str = ""
    admin: bool = False
    guest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A channel, and who is in it beside the people: ``bot`` says whether the bot is."""

    name: str
    purpose: str = ""
    bot: bool = True
    private: bool = False


PEOPLE = (
    Person(name="alice", real_name="Alice Moreau", title="Customer success"),
    Person(name="bob", real_name="Bob Tanaka", title="Mail support"),
    Person(name="carol", real_name="Carol Nwosu", title="Workspace admin", admin=True),
    Person(name="dave", real_name="Dave Lind", title="Guest", guest=True),
)
PLACES = (
    Place(name="support", purpose="Customers' questions"),
    Place(name="escalations", purpose="Cases that need a mail person"),
    Place(name="random", purpose="The bot is not in here", bot=False),
    Place(name="backroom", purpose="Private, without the bot", bot=False, private=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A user group, such as who is on call. ``members`` are names of people."""

    handle: str
    name: str
    members: tuple[str, ...]


def user_json(team_id: str, user_id: str, person: Person) -> Json:
    """A person as Slack's API shows it."""
    return {
        "id": user_id,
        "team_id": team_id,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": False,
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "tz": "Europe/Berlin",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "updated": int(time.time()),
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "title": person.title,
            "email": f"{person.name}@acme.example",
            "team": team_id,
        },
    }


def group_json(team_id: str, group_id: str, group: Group, users: Sequence[str]) -> Json:
    """A user group as Slack's API shows it; ``users`` are the members' ids."""
    return {
        "id": group_id,
        "team_id": team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_create": int(time.time()),
        "date_update": int(time.time()),
        "date_delete": 0,
        "prefs": {"channels": [], "groups": []},
        "users": list(users),
        "user_count": len(users),
    }


def channel_json(channel_id: str, place: Place, members: Sequence[str]) -> Json:
    """A channel as Slack's API shows it, and its members."""
    return {
        "id": channel_id,
        "name": place.name,
        "name_normalized": place.name,
        "created": int(time.time()),
        "is_channel": not place.private,
        "is_group": place.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": place.private,
        "is_archived": False,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "purpose": {"value": place.purpose},
        "topic": {"value": ""},
        "creator": members[0],
        "members": list(members),
    }

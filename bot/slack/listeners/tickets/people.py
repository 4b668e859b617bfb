"""Who is the person who clicks, and what may they do?

Guests and strangers (people of another company in a shared channel) may ask and escalate their own case,
also one that their message has joined; they see no tickets. Agents are all full members, or the members of the group that the settings name.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.slack.client import error_name
from bot.tickets.workspace import WorkspaceSettings

_KEEP_SECONDS = 60.0
_MOST_KEPT = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    user: str
    member: bool
    """A full member of this workspace: no guest, no stranger, no bot."""
    admin: bool
    name: str = ""
    zone: str = "UTC"


class People:
    """Asks Slack who somebody is, and remembers it for a minute."""

    def __init__(self, clients: Callable[[str], AsyncWebClient]) -> None:
        self._clients = clients
        self._kept: OrderedDict[tuple[str, ...], tuple[float, Any]] = OrderedDict()

    async def person(self, team: str, user: str) -> Person:
        """Raises TicketError when Slack does not say who it is: nobody is let in on a guess."""

        async def ask() -> Person:
            found = (await self._clients(team).users_info(user=user))["user"]
            teams = (found.get("enterprise_user") or {}).get("teams") or [found.get("team_id")]
            return Person(
                user=user,
                member=team in teams and not any(found.get(name) for name in _NO_MEMBER),
                admin=bool(found.get("is_admin") or found.get("is_owner")),
                name=str(found.get("real_name") or found.get("name") or user),
                zone=str(found.get("tz") or "UTC"),
            )

        try:
            kept: Person = await self._keep(("person", team, user), ask)
        except SlackApiError as error:
            if error_name(error) in ("user_not_found", "user_not_visible"):
                return Person(user=user, member=False, admin=False)
            raise TicketError(
                "Slack did not tell me who you are, so this was not done. Try again."
            ) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TicketError(
                "Slack did not tell me who you are, so this was not done. Try again."
            ) from error
        return kept

    async def in_group(self, team: str, user: str, group: str) -> bool:
        """Whether a user group has this member. A group that is gone has none."""

        async def ask() -> frozenset[str]:
            found = await self._clients(team).usergroups_users_list(usergroup=group)
            return frozenset(found.get("users") or ())

        try:
            users: frozenset[str] = await self._keep(("group", team, group), ask)
        except SlackApiError as error:
            if error_name(error) in ("no_such_subteam", "subteam_not_found"):
                return False
            raise TicketError("Slack did not tell me who is in the group. Try again.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TicketError("Slack did not tell me who is in the group. Try again.") from error
        return user in users

    async def needs_member(self, team: str, user: str) -> Person:
        """Raises TicketError for guests and strangers."""
        person = await self.person(team, user)
        if not person.member:
            raise TicketError("Only full members of this workspace see tickets.")
        return person

    async def needs_agent(self, team: str, user: str, settings: WorkspaceSettings) -> Person:
        """Raises TicketError for those who may not work on tickets."""
        person = await self.needs_member(team, user)
        group = settings.agents_group
        if group is not None and not person.admin and not await self.in_group(team, user, group):
            raise TicketError(
                "Only members of the agents' group may do that. An admin can change it: /bounce settings"
            )
        return person

    async def needs_part(self, team: str, user: str, askers: Collection[str]) -> None:
        """Raises TicketError for guests and strangers who are none of the ``askers`` of a ticket."""
        if user not in askers and not (await self.person(team, user)).member:
            raise TicketError("Only the person who asked and full members of this workspace may do that.")

    async def may_set(self, team: str, user: str, settings: WorkspaceSettings) -> bool:
        """Whether a person may change the settings."""
        person = await self.person(team, user)
        if not person.member:
            return False
        group = settings.settings_group
        return person.admin or (group is not None and await self.in_group(team, user, group))

    async def in_words(self, team: str, sentence: str) -> str:
        """``sentence`` with names in place of ``<@U…>``, for forms, which show no mentions."""
        for user in dict.fromkeys(_MENTION.findall(sentence)):
            try:
                name = (await self.person(team, user)).name or "somebody else"
            except TicketError:
                name = "somebody else"
            sentence = sentence.replace(f"<@{user}>", name)
        return sentence

    async def _keep(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < _KEEP_SECONDS:
            return kept[1]
        value = await ask()
        self._kept[key] = (time.monotonic(), value)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return value


_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,30})>")
_NO_MEMBER = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")

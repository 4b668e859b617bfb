"""To which channel do a workspace's escalations go?"""

import re
import time

from bot.core.errors import TicketError
from bot.slack.services import Services
from bot.tickets.workspace import workspace_settings

_ID = re.compile(r"[CGD][A-Z0-9]{2,30}\Z")
_KEEP_SECONDS = 600.0


class Places:
    """Knows the channel that the settings name, else the one of ESCALATION_CHANNEL: an id or a name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    async def escalations(self, team: str) -> str | None:
        """The channel's id, or None when none is chosen. Raises TicketError for a name that nobody knows."""
        chosen = (await workspace_settings(self._services.store.engine, team)).escalation_channel
        named = chosen or self._services.settings.escalation_channel
        if named is None or _ID.match(named):
            return named
        return await self._id(team, named.lstrip("#").lower())

    async def _id(self, team: str, name: str) -> str:
        kept = self._kept.get((team, name))
        if kept is not None and time.monotonic() - kept[0] < _KEEP_SECONDS:
            return kept[1]
        client = self._services.clients(team)
        # First where we are, which is short and has private channels; then all public ones.
        for method in (client.users_conversations, client.conversations_list):
            types = (
                "public_channel,private_channel" if method == client.users_conversations else "public_channel"
            )
            cursor = ""
            while True:
                page = await method(types=types, exclude_archived=True, limit=200, cursor=cursor)
                for channel in page["channels"]:
                    if channel.get("name") == name:
                        self._kept[team, name] = (time.monotonic(), channel["id"])
                        return str(channel["id"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break
        raise TicketError(
            f"The channel for escalations, #{name}, is not there, or I am not in it. "
            "An admin can choose another one: /bounce settings"
        )

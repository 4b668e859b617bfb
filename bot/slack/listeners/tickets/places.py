"""To which channel do a workspace's escalations go?"""

import asyncio
import time

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.errors import TicketError
from bot.slack.channels import CHANNEL_ID, channel_named, obstacle
from bot.slack.services import Services
from bot.tickets.workspace import workspace_settings

_KEEP_SECONDS = 600.0
_ENTER_SECONDS = 2.0
"""A form has to be acknowledged within three seconds; the client would wait for a rate limit for longer."""


class Places:
    """Knows the channel that the settings name, else the one of ESCALATION_CHANNEL: an id or a name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    async def escalations(self, team: str) -> str | None:
        """The channel's id, or None when none is chosen. Raises TicketError for a name that nobody knows."""
        chosen = (await workspace_settings(self._services.store.engine, team)).escalation_channel
        named = chosen or self._services.settings.escalation_channel
        if named is None or CHANNEL_ID.match(named):
            return named
        return await self._id(team, named.lstrip("#").lower())

    async def enter(self, team: str, channel: str) -> None:
        """See that escalations can go to a channel that somebody has chosen; join it where it is public.

        Raises TicketError, with the mend.
        """
        try:
            async with asyncio.timeout(_ENTER_SECONDS):
                trouble = await obstacle(self._services.clients(team), channel, join=True)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TicketError("Slack did not answer about that channel. Try again.") from error
        if trouble:
            raise TicketError(f"Escalations cannot go there: {trouble}.")

    async def _id(self, team: str, name: str) -> str:
        kept = self._kept.get((team, name))
        if kept is not None and time.monotonic() - kept[0] < _KEEP_SECONDS:
            return kept[1]
        found = await channel_named(self._services.clients(team), name)
        if found is not None:
            self._kept[team, name] = (time.monotonic(), found)
            return found
        raise TicketError(
            f"The channel for escalations, #{name}, is not there, or I am not in it. "
            "An admin can choose another one: /bounce settings"
        )

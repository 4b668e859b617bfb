"""Which channel has this name, and can escalations be posted there?"""

import re

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_name, is_passing

CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,30}\Z")
INVITE = "invite me there first, with /invite @fivefifty"


async def channel_named(client: AsyncWebClient, name: str) -> str | None:
    """The id of the channel called ``name`` (lower case, without #), or None. Raises SlackApiError."""
    # First where we are, which is short and has private channels; then all public ones.
    for method, types in (
        (client.users_conversations, "public_channel,private_channel"),
        (client.conversations_list, "public_channel"),
    ):
        cursor = ""
        while True:
            page = await method(types=types, exclude_archived=True, limit=200, cursor=cursor)
            for channel in page["channels"]:
                if channel.get("name") == name:
                    return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    return None


async def obstacle(client: AsyncWebClient, channel: str, *, join: bool) -> str:
    """Why escalations cannot go to a channel, as half a sentence; empty when they can.

    With ``join``, a public channel is joined at once; without, that is left for the first escalation. Raises
    what goes away by itself (client.is_passing).
    """
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        if is_passing(error):
            raise
        if error_name(error) == "channel_not_found":
            return f"I do not see that channel: {INVITE}"
        return f"Slack does not let me look at that channel ({error_name(error)})"
    if found.get("is_archived"):
        return "that channel is archived"
    if found.get("is_ext_shared"):
        return "people of another company read that channel, and agents' notes would stand in it"
    if found.get("is_member"):
        return ""
    if found.get("is_private"):
        return f"I am not in that channel: {INVITE}"
    if not join:
        return ""
    try:
        await client.conversations_join(channel=channel)
    except SlackApiError as error:
        if is_passing(error):
            raise
        return f"I am not in that channel and may not join it ({error_name(error)}): {INVITE}"
    return ""

"""What does a click or a submitted form say: which ticket, who, and where?"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.core.errors import TicketError
from bot.slack.blocks.ticket_forms import number_of
from bot.slack.listeners.tickets.people import People


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Somebody asked for something about a ticket."""

    team: str
    user: str
    number: int
    trigger_id: str


def of_click(body: Mapping[str, Any], context: AsyncBoltContext) -> Asked:
    """Raises TicketError when the button names no ticket."""
    value = str(body["actions"][0].get("value") or "")
    if not (value.isascii() and value.isdecimal() and len(value) < 12):
        raise TicketError("This button names no ticket.")
    return Asked(
        team=str(context.team_id), user=body["user"]["id"], number=int(value), trigger_id=body["trigger_id"]
    )


def of_form(body: Mapping[str, Any], view: Mapping[str, Any], context: AsyncBoltContext) -> Asked:
    return Asked(
        team=str(context.team_id),
        user=body["user"]["id"],
        number=number_of(view),
        trigger_id=str(body.get("trigger_id") or ""),
    )


async def submit(
    ack: AsyncAck, people: People, form: Asked, block_id: str, work: Callable[[], Awaitable[object]]
) -> bool:
    """Do the work of a form, then close it. What is not possible is said in the form, at ``block_id``."""
    try:
        await work()
    except TicketError as error:
        await ack(response_action="errors", errors={block_id: await people.in_words(form.team, str(error))})
        return False
    await ack()
    return True

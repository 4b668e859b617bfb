"""What happens when somebody wants to be told: the button under an answer, /bounce watch, and cancelling?"""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond

from bot.core.errors import TicketError
from bot.slack.blocks import watch as blocks
from bot.slack.blocks.answer import Message
from bot.slack.listeners import split, word
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.people import People
from bot.slack.posts import unescape
from bot.slack.services import Services
from bot.slack.watching import Watching
from bot.tickets.ticket import Ticket
from bot.tickets.watches import Place

COMMAND = "/bounce"
_MEMBERS_ONLY = "Only full members of this workspace see and set what is watched."


class WatchListeners:
    """Registers the clicks and the word about watches."""

    def __init__(self, watching: Watching, people: People) -> None:
        self._watching = watching
        self._people = people

    def register(self, app: AsyncApp, services: Services) -> None:
        """Register all listeners."""
        watching, people = self._watching, self._people

        async def needs_member(team: str, user: str) -> None:
            if not (await people.person(team, user)).member:
                raise TicketError(_MEMBERS_ONLY)

        async def watch(
            ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
        ) -> None:
            await ack()
            team, user = str(context.team_id), str(body["user_id"])
            await needs_member(team, user)
            target = unescape(split(body)[1]).strip()
            if target:
                said = await watching.watch_target(team, str(body["channel_id"]), user, target)
            else:
                said = await watching.listing(team)
            await respond(**_private(said))

        async def watch_case(
            ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
        ) -> None:
            await ack()
            click = asked.of_click(body, context)
            ticket = await services.store.get(click.team, click.number)
            await people.needs_part(
                click.team, click.user, await services.store.askers(click.team, click.number)
            )
            place = _place(body, ticket)
            said = await watching.watch_case(ticket, place, click.user)
            await respond(**_private(said), replace_original=False, thread_ts=place.thread_ts)

        async def cancel(
            ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
        ) -> None:
            await ack()
            team = str(context.team_id)
            await needs_member(team, str(body["user"]["id"]))
            await watching.cancel(team, str(body["actions"][0].get("value") or ""))
            await respond(**_private(await watching.listing(team)), replace_original=True)

        app.command(COMMAND, matchers=[word("watch")])(watch)
        app.action(blocks.WATCH)(watch_case)
        app.action(blocks.CANCEL)(cancel)


def _place(body: Mapping[str, Any], ticket: Ticket) -> Place:
    """The thread that the button stands in: a post that has joined another one's ticket has its own."""
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id")
    if not channel:
        return Place(channel=ticket.channel, thread_ts=ticket.thread_ts, number=ticket.number)
    thread = message.get("thread_ts") or message.get("ts")
    return Place(channel=str(channel), thread_ts=str(thread or ticket.thread_ts), number=ticket.number)


def _private(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}

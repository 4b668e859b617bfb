"""What happens when somebody looks at tickets: /bounce tickets, ticket N, stats, and the Home tab?"""

import json
import time
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.slack.blocks import ticket_list as blocks
from bot.slack.blocks.answer import Message
from bot.slack.blocks.text import Block
from bot.slack.listeners import split, word
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services
from bot.tickets.asking import filters_of
from bot.tickets.corrections import correction_of
from bot.tickets.memory import similar, similar_lines
from bot.tickets.stats import Stats, stats
from bot.tickets.ticket import Filters, Ticket

COMMAND = "/bounce"
_STATS_SECONDS = 60.0


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store

    async def page_of(team: str, user: str, query: str, before: int | None = None) -> Message:
        filters = filters_of(query, me=user, causes=services.catalogue.causes)
        page = await store.list_tickets(team, filters, before=before, limit=blocks.PER_PAGE)
        return blocks.listing(page, words=query, titles=news.titles)

    async def whole(ticket: Ticket) -> list[Block]:
        lines = similar_lines(await similar(store, ticket), news.titles, news.providers)
        return blocks.whole(
            ticket,
            await store.events(ticket.team, ticket.number),
            titles=news.titles,
            providers=news.providers,
            permalink=await permalink(ticket),
            context=lines,
        )

    async def permalink(ticket: Ticket) -> str | None:
        try:
            found = await services.clients(ticket.team).chat_getPermalink(
                channel=ticket.channel, message_ts=ticket.post_ts
            )
        except SlackApiError:
            return None  # deleted, or a channel that we have left: the card is complete without the link
        return str(found["permalink"])

    async def tickets(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        team, user = str(context.team_id), body["user_id"]
        await people.needs_member(team, user)
        await respond(**_private(await page_of(team, user, split(body)[1])))

    async def next_page(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        team, user = str(context.team_id), body["user"]["id"]
        await people.needs_member(team, user)
        asked_for = json.loads(body["actions"][0]["value"])
        said = await page_of(team, user, str(asked_for["words"]), int(asked_for["before"]))
        await respond(**_private(said), replace_original=True)

    async def ticket(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        team, user = str(context.team_id), body["user_id"]
        await people.needs_member(team, user)
        wanted = split(body)[1].lstrip("#")
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 12):
            raise TicketError("Say which one: /bounce ticket 12")
        found = await store.get(team, int(wanted))
        correction = await correction_of(store.engine, team, found.fingerprint)
        unconfirmed = (
            correction is not None and correction.number == found.number and not correction.confirmed
        )
        card = [*await whole(found), blocks.ticket_buttons(found, unconfirmed=unconfirmed)]
        text = f"Ticket {found.number}: {news.titles.get(found.cause, found.cause)}"
        await respond(**_private(Message(text=text, blocks=card)))

    async def show(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        await people.needs_member(click.team, click.user)
        found = await store.get(click.team, click.number)
        await client.views_open(
            trigger_id=click.trigger_id, view=blocks.ticket_view(found, await whole(found))
        )

    async def numbers(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        team = str(context.team_id)
        await people.needs_member(team, body["user_id"])
        await respond(**_private(blocks.numbers(await stats(store, team), news.titles, news.providers)))

    kept: dict[str, tuple[float, Stats]] = {}

    async def stats_for_home(team: str) -> Stats:
        """The numbers, at most a minute old: the Home tab is opened often, and counting takes its time."""
        at, found = kept.get(team, (0.0, None))
        if found is None or time.monotonic() - at > _STATS_SECONDS:
            found = await stats(store, team)
            kept[team] = (time.monotonic(), found)
        return found

    async def publish(client: AsyncWebClient, team: str, user: str) -> None:
        person = await people.person(team, user)
        if person.member:
            mine = await store.list_tickets(team, Filters(person=user, open_only=True), limit=10)
            ours = await store.list_tickets(team, Filters(open_only=True), limit=15)
            view = blocks.home(
                mine.tickets, ours, await stats_for_home(team), titles=news.titles, providers=news.providers
            )
        else:
            view = blocks.home_for_guests()
        await client.views_publish(user_id=user, view=view)

    async def home_opened(event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        if event.get("tab") == "home":
            await publish(client, str(context.team_id), event["user"])

    async def refresh(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        await publish(client, str(context.team_id), body["user"]["id"])

    app.command(COMMAND, matchers=[word("tickets")])(tickets)
    app.command(COMMAND, matchers=[word("ticket")])(ticket)
    app.command(COMMAND, matchers=[word("stats")])(numbers)
    app.action("ticket_page")(next_page)
    app.action("ticket_open")(show)
    app.action("home_refresh")(refresh)
    app.event("app_home_opened")(home_opened)


def _private(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}

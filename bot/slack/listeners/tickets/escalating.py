"""What happens when somebody escalates a case, or says that the answer solved it?"""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.slack.blocks import ticket_forms as forms
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.news import News, again
from bot.slack.listeners.tickets.people import People
from bot.slack.listeners.tickets.places import Places
from bot.slack.services import Services
from bot.tickets.rights import without_addresses
from bot.tickets.ticket import Escalation, Status, Ticket


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store
    places = Places(services)

    async def open_form(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        ticket = await store.get(click.team, click.number)
        await people.needs_part(click.team, click.user, await store.askers(click.team, click.number))
        if await _escalated_already(ticket):
            return
        view = forms.escalate_form(
            ticket,
            titles=news.titles,
            providers=news.providers,
            ask_channel=await places.escalations(click.team) is None,
        )
        await client.views_open(trigger_id=click.trigger_id, view=view)

    async def _escalated_already(ticket: Ticket) -> bool:
        """True when an earlier escalation only has to be told once more. Raises TicketError otherwise."""
        if ticket.status is Status.RESOLVED:
            raise TicketError(f"Ticket {ticket.number} is resolved. Reopen it first.")
        if ticket.status is Status.DIAGNOSED:
            return False
        # The channel may have been archived, and another one been chosen since.
        channel = None if ticket.escalation_ts else await places.escalations(ticket.team)
        if await store.tell_again(ticket.team, ticket.number, channel=channel):
            await news.begin(ticket, again=again())
            return True
        raise TicketError(f"Ticket {ticket.number} has been escalated already. An agent will look at it.")

    async def submitted(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            ticket = await store.get(form.team, form.number)
            await people.needs_part(form.team, form.user, await store.askers(form.team, form.number))
            escalation, chosen = forms.escalation_of(view, ticket, form.user)
            if ticket.erased_at is not None:
                # The form was opened before; its steps name people.
                escalation = replace(escalation, steps=tuple(without_addresses(escalation.steps)))
            channel = await places.escalations(form.team)
            if channel is None:
                if chosen is None:
                    raise TicketError("Choose a channel for escalations in /bounce settings first.")
                channel = chosen
                await places.enter(form.team, channel)
            change = await store.escalate(form.team, form.number, escalation, channel=channel)
            words = _in_words(escalation)
            if not change.done and words:
                # Somebody was first; what this person wrote is not lost.
                change = await store.note(form.team, form.number, form.user, words)
            await news.begin(change.ticket)

        await asked.submit(ack, people, form, forms.NOTE_BLOCK, work)

    async def needs_right_to_close(click: asked.Asked) -> None:
        askers = await store.askers(click.team, click.number)
        await people.needs_part(click.team, click.user, askers)
        if click.user != askers[0] and click.user in askers:
            member = (await people.person(click.team, click.user)).member
            if not member:
                raise TicketError(
                    "Somebody else asked about this first, so the case is theirs to close. You need do nothing; "
                    "Not the same case gives you a ticket of your own."
                )

    async def solved(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = asked.of_click(body, context)
        await needs_right_to_close(click)
        change = await store.resolve(click.team, click.number, click.user)
        if change.done:
            await news.begin(change.ticket)

    app.action("ticket_escalate")(open_form)
    app.view(forms.ESCALATE)(submitted)
    app.action("diagnosis_solved")(solved)


def _in_words(escalation: Escalation) -> str:
    """What somebody wrote into the form, as a note."""
    lines = [escalation.note, *(f"{name}: {value}" for name, value in escalation.collected)]
    if escalation.steps:
        lines.append(f"Already tried: {' '.join(escalation.steps)}")
    if escalation.contact:
        lines.append(f"Customer: {escalation.contact}")
    return "\n".join(line for line in lines if line)

"""What happens when an agent claims, hands over, resolves, reopens, notes or links a ticket?"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.core.wire import from_json
from bot.slack.blocks import ticket_forms as forms
from bot.slack.blocks.text import Block
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services
from bot.tickets.corrections import with_cause
from bot.tickets.life import by
from bot.tickets.rights import without_addresses
from bot.tickets.store import Change
from bot.tickets.ticket import Status, Ticket
from bot.tickets.workspace import workspace_settings


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store

    async def needs_agent(who: asked.Asked) -> None:
        await people.needs_agent(who.team, who.user, await workspace_settings(store.engine, who.team))

    async def ticket_for_agent(click: asked.Asked) -> Ticket:
        await needs_agent(click)
        return await store.get(click.team, click.number)

    async def tell(change: Change) -> None:
        if change.done:
            await news.begin(change.ticket)

    async def claim(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = asked.of_click(body, context)
        await needs_agent(click)
        await tell(await store.claim(click.team, click.number, click.user))

    async def reopen(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = asked.of_click(body, context)
        if click.user not in await store.askers(click.team, click.number):
            await needs_agent(click)
        await tell(await store.reopen(click.team, click.number, click.user))

    async def open_resolve(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        ticket = await ticket_for_agent(click)
        if ticket.status is Status.RESOLVED:
            raise TicketError(f"Ticket {ticket.number} has already been resolved{by(ticket.resolved_by)}.")
        view = forms.resolve_form(ticket, titles=news.titles, steps=steps_for(ticket, ticket.cause))
        await client.views_open(trigger_id=click.trigger_id, view=view)

    def steps_for(ticket: Ticket, cause: str | None) -> tuple[str, ...]:
        """What may have helped, when it was this cause: what we said, or what the knowledge base would say."""
        diagnosis = from_json(ticket.diagnosis)
        return (with_cause(diagnosis, cause, services.catalogue) if cause else diagnosis).steps

    async def another_cause(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Another cause was chosen: the form offers its steps."""
        await ack()
        view = body["view"]
        ticket = await ticket_for_agent(asked.of_form(body, view, context))
        cause = forms.chosen_cause(view)
        await client.views_update(
            view_id=view["id"],
            hash=view["hash"],
            view=forms.resolve_form(ticket, titles=news.titles, steps=steps_for(ticket, cause), cause=cause),
        )

    def opener(form: Callable[[Ticket], Block]) -> Callable[..., Awaitable[None]]:
        """A button that opens a form about its ticket, for agents."""

        async def open_form(
            ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
        ) -> None:
            await ack()
            click = asked.of_click(body, context)
            view = form(await ticket_for_agent(click))
            await client.views_open(trigger_id=click.trigger_id, view=view)

        return open_form

    async def resolve(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            ticket = await ticket_for_agent(form)
            cause = forms.chosen_cause(view)
            if cause is not None and cause not in services.catalogue.causes and cause != ticket.cause:
                raise TicketError("There is no such cause.")
            outcome = forms.outcome_of(view, steps_for(ticket, cause))
            if ticket.erased_at is not None:
                # The form was opened before; its steps name people.
                outcome = replace(outcome, helped=without_addresses(outcome.helped))
            await tell(await store.resolve(form.team, form.number, form.user, outcome, source="form"))

        await asked.submit(ack, people, form, forms.CAUSE_BLOCK, work)

    async def note(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            await needs_agent(form)
            await tell(await store.note(form.team, form.number, form.user, forms.note_of(view)))

        await asked.submit(ack, people, form, forms.NOTE_BLOCK, work)

    async def hand_over(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            await needs_agent(form)
            to = forms.hand_over_of(view)
            settings = await workspace_settings(store.engine, form.team)
            try:
                await people.needs_agent(form.team, to, settings)
            except TicketError as error:
                if error.__cause__ is not None:  # Slack's trouble, which says nothing about the person
                    raise TicketError("Slack did not tell me who that is. Try again.") from error
                raise TicketError("That person may not work on tickets.") from None
            await tell(await store.hand_over(form.team, form.number, form.user, to))

        await asked.submit(ack, people, form, forms.PERSON_BLOCK, work)

    async def link(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            await needs_agent(form)
            await tell(await store.link(form.team, form.number, form.user, forms.link_of(view)))

        await asked.submit(ack, people, form, forms.URL_BLOCK, work)

    app.action("ticket_claim")(claim)
    app.action("ticket_reopen")(reopen)
    app.action("ticket_resolve")(open_resolve)
    app.action(forms.RESOLVE_CAUSE)(another_cause)
    app.action("ticket_note")(opener(forms.note_form))
    app.action("ticket_hand_over")(opener(forms.hand_over_form))
    app.action("ticket_link")(opener(forms.link_form))
    app.view(forms.RESOLVE)(resolve)
    app.view(forms.NOTE)(note)
    app.view(forms.HAND_OVER)(hand_over)
    app.view(forms.LINK)(link)

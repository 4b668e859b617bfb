"""What happens when somebody wants a letter to the one who has to act?"""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.model import Diagnosis
from bot.slack.blocks import ticket_reply as forms
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services
from bot.tickets.corrections import as_found_out, with_cause
from bot.tickets.reply import Letter, draft, letters_for
from bot.tickets.ticket import Ticket


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store

    async def case_of(ticket: Ticket) -> Diagnosis:
        """What is known of a case, as a letter can say it."""
        diagnosis = await as_found_out(store, ticket, services.catalogue)
        first = diagnosis.first
        if ticket.erased_at is None or first is None:
            return diagnosis
        # Its words say "(erased)" where they named somebody; those of the knowledge base name nobody from the
        # beginning.
        blank = replace(first, cause="", text="", matched_text="")
        anew = with_cause(replace(diagnosis, results=(blank,), evidence=()), first.cause, services.catalogue)
        if anew.first is None or anew.first.cause != first.cause:
            return diagnosis
        return replace(anew, results=(replace(anew.first, party=first.party),))

    async def open_form(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        ticket = await store.get(click.team, click.number)
        await people.needs_part(click.team, click.user, await store.askers(click.team, click.number))
        diagnosis = await case_of(ticket)
        letters = letters_for(diagnosis)
        written = draft(diagnosis, letters[0], providers=news.providers)
        view = forms.reply_form(ticket.number, letters, written)
        await client.views_open(trigger_id=click.trigger_id, view=view)

    async def another(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Another letter was chosen: the form gets its words."""
        await ack()
        view = body["view"]
        form = asked.of_form(body, view, context)
        ticket = await store.get(form.team, form.number)
        await people.needs_part(form.team, form.user, await store.askers(form.team, form.number))
        diagnosis = await case_of(ticket)
        letter = Letter(body["actions"][0]["selected_option"]["value"])
        written = draft(diagnosis, letter, providers=news.providers)
        await client.views_update(
            view_id=view["id"],
            hash=view["hash"],
            view=forms.reply_form(ticket.number, letters_for(diagnosis), written),
        )

    async def sent(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            await people.needs_part(form.team, form.user, await store.askers(form.team, form.number))
            await store.reply_sent(form.team, form.number, form.user, forms.letter_of(view).value)

        await asked.submit(ack, people, form, forms.LETTER_BLOCK, work)

    app.action("reply_draft")(open_form)
    app.action(forms.CHOOSE)(another)
    app.view(forms.REPLY)(sent)

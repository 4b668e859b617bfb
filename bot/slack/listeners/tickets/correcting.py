"""What happens when somebody says that the answer is not right, or that two cases are not the same?"""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.core.wire import from_json
from bot.slack.blocks import text as t
from bot.slack.blocks import ticket_forms as forms
from bot.slack.client import error_name
from bot.slack.listeners.tickets import asked
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services
from bot.tickets import recording
from bot.tickets.corrections import confirm, correct, corrected_to
from bot.tickets.workspace import workspace_settings

log = structlog.get_logger(__name__)


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store

    async def is_agent(who: asked.Asked) -> bool:
        try:
            await people.needs_agent(who.team, who.user, await workspace_settings(store.engine, who.team))
        except TicketError:
            return False
        return True

    async def open_form(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        ticket = await store.get(click.team, click.number)
        await people.needs_part(click.team, click.user, await store.askers(click.team, click.number))
        view = forms.correct_form(
            ticket,
            corrected_to=await corrected_to(store.engine, click.team, click.number),
            titles=news.titles,
            may_confirm=await is_agent(click),
        )
        await client.views_open(trigger_id=click.trigger_id, view=view)

    async def thank(form: asked.Asked, said: str) -> None:
        """In the thread where this person has asked, else where the case is."""
        posts = await store.posts(form.team, form.number)
        place = next((post for post in posts if post.asker == form.user), posts[0])
        try:
            await services.clients(form.team).chat_postEphemeral(
                channel=place.channel, user=form.user, thread_ts=place.thread_ts, text=t.escape(said)
            )
        except SlackApiError as error:
            # An agent who is not in that channel, say. It is done, and the form has closed.
            log.info("correcting.not_thanked", slack_error=error_name(error))

    async def submitted(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        form = asked.of_form(body, view, context)

        async def work() -> None:
            await people.needs_part(form.team, form.user, await store.askers(form.team, form.number))
            cause, comment, always = forms.correction_of(view)
            if cause not in services.catalogue.causes:
                raise TicketError("There is no such cause.")
            agent = await is_agent(form)
            always = always and agent
            change = await correct(
                store, form.team, form.number, form.user, cause, comment, confirm=always, may_take_back=agent
            )
            if change.done:
                await news.begin(change.ticket)
            title = news.titles[cause]
            said = f"Thank you. Ticket {form.number} is noted as: {title}."
            if cause == change.ticket.cause:
                said = f"The correction is taken back. Ticket {form.number} is again noted as: {title}."
            elif always:
                said += " From now on this workspace gets that answer for this wording."
            await thank(form, said)

        await asked.submit(ack, people, form, forms.CAUSE_BLOCK, work)

    async def confirmed(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        click = asked.of_click(body, context)
        await people.needs_agent(click.team, click.user, await workspace_settings(store.engine, click.team))
        change = await confirm(store, click.team, click.number, click.user)
        if change.done:
            await news.begin(change.ticket)
        said = "Confirmed. From now on this workspace gets that answer for this wording."
        await respond(text=said, response_type="ephemeral", replace_original=False)

    async def part(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        team, channel = str(context.team_id), body["channel"]["id"]
        post = await store.post(team, channel, str(body["actions"][0]["value"]))
        if post is None:
            raise TicketError("This message has no ticket.")
        shared = await store.get(team, post.number)
        if body["user"]["id"] != post.asker:
            await people.needs_part(team, body["user"]["id"], (shared.asker,))
        ticket = await recording.part(store, team, channel, post.post_ts, who=body["user"]["id"])
        said = services.diagnosing.message(from_json(ticket.diagnosis), ticket=ticket.number)
        await client.chat_update(
            channel=channel, ts=body["message"]["ts"], text=said.text, blocks=list(said.blocks)
        )

    app.action("diagnosis_wrong")(open_form)
    app.view(forms.CORRECT)(submitted)
    app.action("correction_confirm")(confirmed)
    app.action("ticket_part")(part)

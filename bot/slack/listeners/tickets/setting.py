"""What happens when somebody opens or saves the settings of a workspace?"""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.slack.blocks import ticket_settings as forms
from bot.slack.client import is_passing
from bot.slack.listeners import word
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.listeners.tickets.places import Places
from bot.slack.services import Services
from bot.tickets.workspace import WorkspaceSettings, save_settings, workspace_settings


def register(app: AsyncApp, services: Services, news: News, people: People) -> None:
    store = services.store
    places = Places(services)
    blocklists = tuple(str(entry["zone"]) for entry in services.catalogue.blocklists if entry.get("zone"))

    async def needs_right(team: str, user: str) -> WorkspaceSettings:
        settings = await workspace_settings(store.engine, team)
        if not await people.may_set(team, user, settings):
            raise TicketError(
                "Only workspace admins, and the group that they have chosen, may change the settings."
            )
        return settings

    async def groups(client: AsyncWebClient) -> list[forms.Group]:
        try:
            found = await client.usergroups_list()
        except SlackApiError as error:
            if is_passing(error):
                raise
            return []  # a free plan has no groups, or the scope is missing
        return [forms.Group(id=each["id"], name=each["name"]) for each in found.get("usergroups") or ()]

    async def open_form(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        settings = await needs_right(str(context.team_id), body["user_id"])
        view = forms.settings_form(
            settings,
            groups=await groups(client),
            blocklists=blocklists,
            default_channel=services.settings.escalation_channel,
            default_days=services.settings.retention_days,
        )
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def enter(team: str, channel: str) -> None:
        try:
            await places.enter(team, channel)
        except TicketError as error:
            raise forms.Wrong({"escalation_channel": str(error)}) from error

    async def save(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        team, user = str(context.team_id), body["user"]["id"]
        try:
            before = await needs_right(team, user)
            settings = forms.settings_of(view, before)
            if settings.escalation_channel and settings.escalation_channel != before.escalation_channel:
                await enter(team, settings.escalation_channel)
            await save_settings(store.engine, team, settings, who=user, at=store.clock())
        except forms.Wrong as wrong:
            await ack(response_action="errors", errors=wrong.errors)
        except TicketError as error:
            await ack(response_action="errors", errors={"zone": str(error)})
        else:
            await ack()

    app.command("/bounce", matchers=[word("settings")])(open_form)
    app.view(forms.SETTINGS)(save)

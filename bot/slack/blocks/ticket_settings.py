"""What does the settings form look like, and what did the admin choose in it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.slack.blocks import text as t
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import CHANNEL_SELECT, selected_channel
from bot.tickets.hours import Hours
from bot.tickets.workspace import WorkspaceSettings

SETTINGS = "settings_form"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NO_GROUP = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A user group of the workspace."""

    id: str
    name: str


class Wrong(Exception):
    """What was typed cannot be used: block_id → sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


def settings_form(
    settings: WorkspaceSettings,
    *,
    groups: Sequence[Group],
    blocklists: Sequence[str],
    default_channel: str | None,
    default_days: int,
) -> Block:
    """The form with what is chosen now."""
    hours = settings.hours
    blocks: list[Block] = [
        _input(
            "escalation_channel",
            "Escalations go to",
            _with(CHANNEL_SELECT, "initial_conversation", settings.escalation_channel),
            hint="Empty: the default channel of this installation."
            if default_channel
            else "Empty: who escalates is asked.",
        ),
        *_group_fields(settings, groups),
        _input(
            "watched_channels",
            "Answer pasted bounces only in",
            _with(
                {"type": "multi_conversations_select", "filter": {"include": ["public", "private"]}},
                "initial_conversations",
                list(settings.watched_channels),
            ),
            hint="Empty: in every channel that I am in.",
        ),
        _input(
            "first_response_minutes",
            "Target: claimed within (minutes)",
            _number(settings.first_response_minutes, 1, 100_000),
        ),
        _input(
            "resolution_minutes",
            "Target: resolved within (minutes)",
            _number(settings.resolution_minutes, 1, 1_000_000),
        ),
        _input("days", "Business days", _checkboxes(hours.days)),
        _input(
            "start",
            "Business hours from",
            {"type": "timepicker", "initial_time": f"{hours.start:%H:%M}"},
            optional=False,
        ),
        _input("end", "until", {"type": "timepicker", "initial_time": f"{hours.end:%H:%M}"}, optional=False),
        _input(
            "zone",
            "Time zone",
            {"type": "plain_text_input", "initial_value": hours.zone, "max_length": 60},
            optional=False,
            hint="A name such as Europe/Berlin, America/New_York or UTC.",
        ),
        _input(
            "retention_days",
            "Erase texts and addresses after (days)",
            _number(settings.retention_days, 1, 36_500),
            hint=f"Empty: {default_days}, the default of this installation.",
        ),
        _input(
            "incident_customers",
            "Customers that make an incident",
            _number(settings.incident_customers, 2, 1000),
        ),
        _input(
            "allowed_bots",
            "Bots that are answered, too",
            _with(
                {"type": "plain_text_input", "max_length": 500},
                "initial_value",
                " ".join(settings.allowed_bots),
            ),
            hint="Their ids, such as B012AB3CD, with spaces between. Slack's e-mail app is always answered.",
        ),
    ]
    if blocklists:
        options = [_option(zone, zone) for zone in blocklists[:100]]
        chosen = [option for option in options if option["value"] in settings.blocklists_off]
        select = _with({"type": "multi_static_select", "options": options}, "initial_options", chosen)
        blocks.append(_input("blocklists_off", "Blocklists that are not asked", select))
    return {
        "type": "modal",
        "callback_id": SETTINGS,
        "title": t.plain("Settings", 24),
        "submit": t.plain("Save", 24),
        "close": t.plain("Cancel", 24),
        "blocks": blocks,
    }


def settings_of(view: Mapping[str, Any], before: WorkspaceSettings) -> WorkspaceSettings:
    """What was chosen; fields that the form did not have keep what they were. Raises Wrong."""
    values = view["state"]["values"]

    def field(block_id: str) -> Mapping[str, Any]:
        entry: Mapping[str, Any] = values.get(block_id, {}).get("value") or {}
        return entry

    def group(block_id: str, now: str | None) -> str | None:
        if block_id not in values:
            return now
        chosen = (field(block_id).get("selected_option") or {}).get("value", _NO_GROUP)
        return None if chosen == _NO_GROUP else str(chosen)

    errors: dict[str, str] = {}

    def number(block_id: str, low: int, high: int) -> int | None:
        typed = str(field(block_id).get("value") or "").strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal()) or not low <= int(typed[:12]) <= high:
            errors[block_id] = f"A whole number from {low} to {high}."
            return None
        return int(typed)

    zone = str(field("zone").get("value") or "").strip()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        errors["zone"] = "That is no time zone. A name such as Europe/Berlin or UTC."
    bots = tuple(dict.fromkeys(str(field("allowed_bots").get("value") or "").replace(",", " ").split()))
    if any(not (bot.isascii() and bot.isalnum() and bot[0] in "ABU" and len(bot) <= 20) for bot in bots):
        errors["allowed_bots"] = "Ids such as B012AB3CD, with spaces between."
    days = tuple(int(option["value"]) for option in field("days").get("selected_options") or ())
    settings = WorkspaceSettings(
        escalation_channel=selected_channel(field("escalation_channel")),
        on_call_group=group("on_call_group", before.on_call_group),
        agents_group=group("agents_group", before.agents_group),
        settings_group=group("settings_group", before.settings_group),
        watched_channels=tuple(field("watched_channels").get("selected_conversations") or ()),
        first_response_minutes=number("first_response_minutes", 1, 100_000),
        resolution_minutes=number("resolution_minutes", 1, 1_000_000),
        hours=Hours(
            days=days,
            start=time.fromisoformat(field("start").get("selected_time") or "09:00"),
            end=time.fromisoformat(field("end").get("selected_time") or "17:00"),
            zone=zone,
        ),
        retention_days=number("retention_days", 1, 36_500),
        blocklists_off=tuple(
            option["value"] for option in field("blocklists_off").get("selected_options") or ()
        ),
        allowed_bots=bots,
        incident_customers=number("incident_customers", 2, 1000) or WorkspaceSettings().incident_customers,
    )
    if not days and (settings.first_response_minutes or settings.resolution_minutes):
        errors["days"] = "Targets need at least one business day."
    if errors:
        raise Wrong(errors)
    return settings


def _group_fields(settings: WorkspaceSettings, groups: Sequence[Group]) -> list[Block]:
    if not groups:
        return [t.context("Make a user group in Slack to choose who is on call and who may work on tickets.")]
    fields = (
        ("on_call_group", "Called when a target has passed", settings.on_call_group, "Nobody"),
        ("agents_group", "Who may claim and resolve", settings.agents_group, "Every full member"),
        ("settings_group", "Who may change this form", settings.settings_group, "Admins alone"),
    )
    blocks = []
    for block_id, label, chosen, nobody in fields:
        options = [_option(nobody, _NO_GROUP), *(_option(g.name, g.id) for g in groups[:99])]
        now = next((option for option in options if option["value"] == chosen), options[0])
        element = {"type": "static_select", "options": options, "initial_option": now}
        blocks.append(_input(block_id, label, element, optional=False))
    return blocks


def _checkboxes(days: Sequence[int]) -> Block:
    options = [_option(name, str(number)) for number, name in enumerate(_DAYS)]
    return _with(
        {"type": "checkboxes", "options": options}, "initial_options", [options[day] for day in days]
    )


def _number(value: int | None, low: int, high: int) -> Block:
    element: Block = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(low),
        "max_value": str(high),
    }
    return _with(element, "initial_value", None if value is None else str(value))


def _with(element: Block, name: str, value: Any) -> Block:
    """``element`` with a field, unless the field would be empty: Slack refuses those."""
    return {**element, name: value} if value else element


def _option(words: str, value: str) -> Block:
    return {"text": t.plain(words, t.OPTION_LIMIT), "value": value}


def _input(
    block_id: str, label: str, element: Block, *, optional: bool = True, hint: str | None = None
) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": t.plain(label),
        "element": {"action_id": "value", **element},
        "optional": optional,
    }
    if hint:
        made["hint"] = t.plain(hint)
    return made

"""What has a workspace chosen for itself?"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.tickets.database import reading, upsert, writing
from bot.tickets.hours import Hours
from bot.tickets.tables import AUDIT, WORKSPACES


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspaceSettings:
    """The settings form, as a value. None and empty mean: the program's default."""

    escalation_channel: str | None = None
    on_call_group: str | None = None
    """A user group that is called when a target has passed and nobody has claimed."""
    agents_group: str | None = None
    """The user group that may claim, hand over and note; None: every full member."""
    settings_group: str | None = None
    """The user group that may change settings beside the admins."""
    watched_channels: tuple[str, ...] = ()
    """Channels where pasted bounces are answered; empty: wherever the bot is."""
    first_response_minutes: int | None = None
    resolution_minutes: int | None = None
    hours: Hours = field(default_factory=Hours)
    retention_days: int | None = None
    blocklists_off: tuple[str, ...] = ()
    """Zones that are not asked for this workspace."""
    allowed_bots: tuple[str, ...] = ()
    """Bots beside Slack's e-mail app that are answered."""
    incident_customers: int = 5
    """So many customers with one cause at one provider within an hour make an incident."""


async def workspace_settings(engine: AsyncEngine, team: str) -> WorkspaceSettings:
    """The settings of a workspace; the defaults for an unknown one."""
    async with reading(engine) as connection:
        return await settings_in(connection, team)


async def settings_in(connection: AsyncConnection, team: str) -> WorkspaceSettings:
    """The same within a transaction."""
    kept: Mapping[str, Any] | None = await connection.scalar(
        select(WORKSPACES.c.settings).where(WORKSPACES.c.team == team)
    )
    return from_plain(kept or {})


async def save_settings(
    engine: AsyncEngine, team: str, settings: WorkspaceSettings, *, who: str, at: datetime
) -> None:
    """Keep the settings, with an audit entry that says what was changed and by whom."""
    async with writing(engine) as connection:
        before = as_plain(await settings_in(connection, team))
        after = as_plain(settings)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if not changed:
            return
        statement = upsert(connection, WORKSPACES).values(team=team, settings=after, created_at=at)
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["team"], set_={"settings": after, "uninstalled_at": None}
            )
        )
        await connection.execute(
            insert(AUDIT).values(team=team, who=who, what="settings", at=at, detail={"changed": changed})
        )


def as_plain(settings: WorkspaceSettings) -> dict[str, Any]:
    """The settings as JSON."""
    hours = settings.hours
    plain = asdict(settings)
    plain["hours"] = {
        "days": list(hours.days),
        "start": f"{hours.start:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "zone": hours.zone,
    }
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def from_plain(plain: Mapping[str, Any]) -> WorkspaceSettings:
    """The settings of JSON that ``as_plain`` made, also of an older or newer program: what is unknown is
    left out."""
    known = {entry.name for entry in fields(WorkspaceSettings)}
    values = {name: value for name, value in plain.items() if name in known and name != "hours"}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    hours = plain.get("hours")
    if hours:
        values["hours"] = Hours(
            days=tuple(hours["days"]),
            start=time.fromisoformat(hours["start"]),
            end=time.fromisoformat(hours["end"]),
            zone=hours["zone"],
        )
    return WorkspaceSettings(**values)

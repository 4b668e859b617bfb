"""Who took data out, erased it or changed the settings, and when?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.tickets.database import reading, writing
from bot.tickets.tables import AUDIT


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    team: str | None
    """None: all workspaces."""
    who: str
    what: str
    at: datetime
    detail: Mapping[str, Any]


async def write_audit(
    engine: AsyncEngine, *, team: str | None, who: str, what: str, detail: Mapping[str, Any]
) -> None:
    """Note that ``who`` did ``what``. The note is written before the deed, so a broken deed is noted, too."""
    async with writing(engine) as connection:
        await connection.execute(
            insert(AUDIT).values(team=team, who=who, what=what, at=datetime.now(UTC), detail=dict(detail))
        )


async def read_audit(engine: AsyncEngine, team: str | None, *, limit: int = 100) -> tuple[AuditEntry, ...]:
    """The entries of a workspace (of all with None), the newest first."""
    query = select(AUDIT).order_by(AUDIT.c.at.desc(), AUDIT.c.id.desc()).limit(limit)
    if team is not None:
        query = query.where((AUDIT.c.team == team) | AUDIT.c.team.is_(None))
    async with reading(engine) as connection:
        return tuple(
            AuditEntry(team=row.team, who=row.who, what=row.what, at=row.at, detail=row.detail)
            for row in await connection.execute(query)
        )

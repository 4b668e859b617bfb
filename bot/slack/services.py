"""What may a Slack listener use? One frozen container, built in bot/app.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp

    from bot.checkup import Asker
    from bot.core.model import Catalogue
    from bot.diagnose import Diagnoser
    from bot.jobs import Jobs
    from bot.settings import Settings
    from bot.slack.answering import Answering
    from bot.slack.asking import Asking
    from bot.slack.client import Clients
    from bot.slack.diagnosing import Diagnosing
    from bot.tickets.store import TicketStore
    from bot.web.metrics import Metrics


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """Everything that listeners and workflows call. Nothing in it changes while the program runs."""

    settings: Settings
    catalogue: Catalogue
    diagnoser: Diagnoser
    asker: Asker
    store: TicketStore
    jobs: Jobs
    """Durable workflows: register before the start, then ``await jobs.run(name, key, payload)``."""
    clients: Clients
    """The Web API client of a workspace, outside of a request: ``clients(team)``."""
    session: aiohttp.ClientSession
    """For files and response URLs (bot/slack/files.py)."""
    diagnosing: Diagnosing
    """What a text means in a workspace, and how that is drawn."""
    answering: Answering
    """Answers posts: messages, mentions, files, shortcuts, reactions."""
    asking: Asking
    """Answers one person: ``/bounce TEXT`` and the form."""
    metrics: Metrics

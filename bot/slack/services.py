"""What may a Slack listener use? One frozen container, built in bot/app.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.model import Catalogue
    from bot.diagnose import Asker, Diagnoser
    from bot.jobs import Jobs
    from bot.settings import Settings
    from bot.slack.answering import Answering
    from bot.tickets.store import TicketStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """Everything that listeners and workflows call. Nothing in it changes while the program runs."""

    settings: Settings
    catalogue: Catalogue
    diagnoser: Diagnoser
    asker: Asker
    store: TicketStore
    jobs: Jobs
    """Durable workflows: ``await jobs.start(name, key, …)``."""
    answering: Answering
    """Turns a post into an answer: used by messages, mentions, files, shortcuts, reactions."""

"""Which clicks, forms, words and events are about tickets?"""

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners.tickets import (
    correcting,
    escalating,
    looking,
    replying,
    setting,
    working,
)
from bot.slack.listeners.tickets.leaving import Leaving
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.listeners.tickets.rounds import Rounds
from bot.slack.services import Services


class Tickets:
    """Everything about tickets in Slack. Built before the jobs start, since it brings workflows."""

    def __init__(self, services: Services) -> None:
        self.news = News(services)
        self.people = People(services.clients)
        self.rounds = Rounds(services, self.news)
        self.leaving = Leaving(services, self.news)

    def register(self, app: AsyncApp, services: Services) -> None:
        """Register all listeners."""
        for module in (escalating, working, correcting, replying, looking, setting):
            module.register(app, services, self.news, self.people)
        self.leaving.register(app)

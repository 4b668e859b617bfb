"""Which clicks, forms, words and events are about tickets?"""

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners.tickets import correcting, escalating, looking, replying, working
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.people import People
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Register everything about tickets. Before the jobs start, since it brings workflows."""
    news = News(services)
    people = People(services.clients)
    for module in (escalating, working, correcting, looking, replying):
        module.register(app, services, news, people)

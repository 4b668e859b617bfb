"""How surely does the form of a reply say that it was pasted, rather than talked about?"""

import re

from bot.core.model import Kind
from bot.core.parse.facts import addresses
from bot.core.parse.finding import Finding
from bot.core.parse.reply import Reply
from bot.core.parse.signs import failure


def best(replies: list[Reply]) -> tuple[Reply, float]:
    """The reply that most surely is one, and how surely it is, from 0 to 1."""
    weights = [weight(reply) for reply in replies]
    strength = max(weights)
    return replies[weights.index(strength)], strength


def weight(reply: Reply) -> float:
    """How surely a reply is one, by what introduces it, its codes and the number of its words."""
    words = len(re.findall(r"[^\W\d_\u2e80-\uffff]{2,}|[\u2e80-\uffff]{2}", reply.text))
    weight = 0.2
    if reply.framed and reply.status:
        weight = 0.95
    elif reply.leads and reply.status:
        weight = 0.9
    elif reply.framed:
        weight = 0.7 if reply.introduced else 0.65
    elif reply.leads:
        weight = (
            0.75
            if failure.FAILURE.search(reply.text) and words >= 2 and failure.MAIL.search(reply.text)
            else 0.65
        )
    elif reply.status:
        weight = 0.4
    return weight if words >= 2 else weight - 0.3


def by_recipient(replies: list[Reply]) -> list[Reply]:
    """The first reply for each recipient that the replies name, where they name several: pastes after one another."""
    named: dict[str, Reply] = {}
    for reply in replies:
        if "@" in reply.text and weight(reply) >= 0.65:
            recipient = next(
                (address for address, role in addresses(reply.text) if role == "recipient"), None
            )
            if recipient:
                named.setdefault(recipient, reply)
    return list(named.values()) if len(named) > 1 else []


def weighed(found: list[Finding]) -> tuple[list[Finding], Kind, float]:
    """The findings, what they make of the text, and how surely."""
    strength = max(0.0, min(1.0, found[0].strength))
    return found, Kind.BOUNCE if strength >= 0.5 else Kind.CHATTER, strength

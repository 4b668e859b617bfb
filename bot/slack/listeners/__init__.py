"""One module a kind of request; each has ``register(app, services)`` and short callbacks.

Bolt runs the first listener that matches, in the order of registration (bot/slack/app.py). ``/bounce`` is
one command: a module that takes one of its words registers it with the matcher ``word("tickets", …)`` below.
"""

from collections.abc import Awaitable, Callable
from typing import Any


def word(*words: str) -> Callable[..., Awaitable[bool]]:
    """Return a matcher for ``/bounce WORD …``: True when the first word of the command's text is one of
    these."""

    async def matches(body: dict[str, Any]) -> bool:
        return split(body)[0] in words

    return matches


def split(body: dict[str, Any]) -> tuple[str, str]:
    """Return the first word of a command's text in lower case, and the rest."""
    first, _, rest = str(body.get("text") or "").strip().partition(" ")
    return first.lower(), rest.strip()

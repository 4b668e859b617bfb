"""Which settings, which input and which look-ups does a command run with?"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, BinaryIO

from bot.core.errors import InputError
from bot.core.model import Catalogue
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.diagnose import Asker  # not loaded: a command that only looks things up reads no bounces


def settings() -> Settings:
    """Those of the process's environment. Raises SettingError."""
    return Settings.from_environment(os.environ)


def standard_input() -> BinaryIO:
    """The bytes that come in. Raises InputError when whoever started us has closed it."""
    if sys.stdin is None:
        raise InputError(
            "standard input cannot be read: it is closed; give the path of a file, or text to read"
        )
    return sys.stdin.buffer


@asynccontextmanager
async def asker(current: Settings, catalogue: Catalogue, *, offline: bool) -> "AsyncIterator[Asker | None]":
    """Whoever looks things up for one command; None when offline."""
    if offline:
        yield None
        return
    # The resolver's libraries are loaded only when something is looked up: starting stays fast.
    from bot.lookups.asker import Asker as Resolving

    opened = Resolving.from_settings(current, catalogue)
    try:
        yield opened
    finally:
        await opened.close()

"""How do log lines look, and what never stands in them?

structlog for our own lines, the standard library's for everybody else's; both leave through one handler, on
standard error, as readable lines (``console``) or one JSON object a line (``json``). Tokens are blacked out
wherever they come from. Texts, addresses and people are never passed to a logger.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"\b(xox[a-z]-|xapp-|xoxe\.)[A-Za-z0-9-]{4,}")
_URL_PASSWORD = re.compile(r"(\w://[^\s:/@]{1,200}):[^\s@/]{1,200}@")
_CHATTY = ("aiohttp.access", "alembic", "dbos", "sqlalchemy")
"""Libraries that stay at WARNING or above; SQLAlchemy writes the values of each statement at INFO."""


def configure(log_format: str, level: str) -> None:
    """Set up logging for the process: ``console`` or ``json``, and a level's name. May be called again.

    DEBUG is for our own lines alone.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    # Formatted before it is blackened: an error can quote a token.
    last: list[Any] = [structlog.processors.format_exc_info, blacken]
    if log_format == "json":
        last.append(structlog.processors.JSONRenderer())
    else:
        # Local variables of a traceback would show tokens and pasted text.
        plain = structlog.dev.plain_traceback
        colours = sys.stderr.isatty()
        last.append(structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        if getattr(old, "of_fivefifty", False):
            root.removeHandler(old)
    handler.of_fivefifty = True  # type: ignore[attr-defined] # a mark of ours, so that it is found again
    root.addHandler(handler)
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.getLogger("bot").setLevel(number)
    # At DEBUG, libraries write whole requests and statements: tokens and pasted text.
    root.setLevel(max(number, logging.INFO))
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def blacken(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Black out tokens and passwords in every string of a log line. A structlog processor."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """Return ``text`` with Slack's tokens and the passwords of URLs blacked out."""
    return _URL_PASSWORD.sub(r"\1:***@", _TOKEN.sub(r"\1***", text))

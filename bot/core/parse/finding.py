"""What does a frame reader hand on? One Finding a failed recipient, before its facts are completed."""

from dataclasses import dataclass

from bot.core.model import Frame, Origin

MOST_RECIPIENTS = 500
"""Recipients of one report that are read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One failed recipient as a frame (DSN, log line, event, prose, reply) names it. Raw: ``facts`` completes it."""

    text: str
    """The reply, or the words that stand for one, as found: possibly wrapped."""
    frame: Frame
    strength: float
    """How surely the frame alone says that mail failed, 0 to 1."""
    recipient: str | None = None
    recipient_domain: str | None = None
    """The recipient's domain, where only that is named."""
    sender: str | None = None
    sending_ip: str | None = None
    host: str | None = None
    """The remote host, where the frame names it."""
    code: str | None = None
    """A reply code that stands apart from the text."""
    status: str | None = None
    """A status code that stands apart from the text: ``Status:``, ``dsn=``."""
    context: str = ""
    delayed: bool | None = None
    """What the frame says of the queue: True for a delay, False for a final failure, None for nothing."""
    receiving: bool = False
    """True for the log of the server that refused."""
    origin: Origin | None = None
    """What the headers of the returned message tell."""

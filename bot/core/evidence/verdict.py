"""What does the evidence say about a case? The Verdict that ``decide`` reads, and the Findings that make
it.
"""

from dataclasses import dataclass

from bot.core.model import Link, Reader, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule concludes."""

    reason: str = ""
    """One sentence for people: what was seen and what it means. Empty where a step says it all."""
    cause: str | None = None
    """The cause that the evidence turned to; None when it only sharpens."""
    confidence: float | None = None
    """Of that cause, 0 to 1."""
    steps: tuple[Step, ...] = ()
    covers: tuple[str, ...] = ()
    """Topics (advice.TOPICS) that are settled, so that no step about them is needed."""
    suggestion: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """All findings of one case, joined."""

    cause: str | None = None
    """The cause that evidence turned to, else None: the text decides."""
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    """Steps for this very case, to be put before those of the cause."""
    covers: tuple[str, ...] = ()
    """Topics (advice.TOPICS) that need no step of the cause any more."""
    suggestion: str | None = None
    """A domain near the recipient's that does take mail."""
    links: tuple[Link, ...] = ()


def for_writer(text: str, about: str | None = None) -> Step:
    """A step for whoever wrote the message. It takes the place of the cause's own steps about ``about``."""
    return Step(text=text, about=about)


def for_admin(text: str, about: str | None = None) -> Step:
    """A step for whoever runs the sender's mail, DNS and servers."""
    return Step(text=text, by=Reader.ADMIN, about=about)


def for_recipient_admin(text: str, about: str | None = None) -> Step:
    """A step for whoever runs the recipient's mail."""
    return Step(text=text, by=Reader.RECIPIENT_ADMIN, about=about)

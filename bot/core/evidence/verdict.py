"""What does the evidence say about a case? The Verdict that ``decide`` reads, and the Findings that make
it.
"""

from dataclasses import dataclass

from bot.core.model import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule concludes."""

    reason: str = ""
    """One sentence for people: what was seen and what it means. Empty where a step says it all."""
    cause: str | None = None
    """The cause that the evidence turned to; None when it only sharpens."""
    confidence: float | None = None
    """Of that cause, 0 to 1."""
    steps: tuple[str, ...] = ()
    suggestion: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """All findings of one case, joined."""

    cause: str | None = None
    """The cause that evidence turned to, else None: the text decides."""
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    """Steps for this very case, to be put before those of the cause."""
    suggestion: str | None = None
    """A domain near the recipient's that does take mail."""
    links: tuple[Link, ...] = ()

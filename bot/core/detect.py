"""Is it a bounce? Joins how surely the form says so with what the knowledge base recognised."""

from bot.core.model import Frame, Kind, Match, Parsed

_SURE_FORMS = frozenset({Frame.DSN, Frame.LOG, Frame.EVENT})
_STRONG_SIGNALS = frozenset({"exact", "phrase"})


def is_bounce(parsed: Parsed, match: Match) -> bool:
    """Whether ``parsed`` is a bounce, given the Match of its first rejection (empty when nothing fits).

    A bot that speaks out of turn gets removed, so words alone need a strong match and a sign of mail failure.
    """
    if parsed.kind in (Kind.AUTO_REPLY, Kind.FEEDBACK_REPORT, Kind.RECEIPT) or not parsed.rejections:
        return False
    if parsed.strength >= 0.7:
        return True
    best = match.best
    support = 0.0
    if best is not None:
        support = best.score * (
            0.5 if best.signal in _STRONG_SIGNALS else 0.3 if best.signal == "fuzzy" else 0.1
        )
    return parsed.strength >= 0.3 and parsed.strength + support >= 0.7


__all__ = ["is_bounce"]

"""Is it a bounce? Joins how surely the form says so with what the knowledge base recognised."""

import re

from bot.core.lazy import lazy_re
from bot.core.mask import fold
from bot.core.model import NOT_A_BOUNCE, UNKNOWN, Candidate, Frame, Kind, Match, Parsed, Rejection
from bot.core.parse import SURE
from bot.core.parse.signs import failure

_NAMES = lazy_re(r"(?<!\S)\S*[@.\d\"/]\S*\s?")
"""Addresses, hosts, numbers, quoted names: no match has words for them."""
_WORDS = lazy_re(r"[^\W\d_]{2,}")
_TOKENS = lazy_re(r"[^\W_]+")
_OTHER = frozenset({Kind.AUTO_REPLY, Kind.FEEDBACK_REPORT, Kind.RECEIPT})
_GAP = lazy_re(r"<[a-z]+>")
_ENOUGH = 4
"""Words that a wording with gaps has to have for its own."""
_LONGEST = 600
"""Characters of a text that may be one wording with gaps."""
_HALF = 0.5
"""From this score on, a match with what is no bounce counts against a reply."""
_LIKELY = 0.5
"""Below this, single words that fit a cause are no support."""
_MAIL = 0.35
"""Words alone that speak of mail have this strength."""
_REPORT = 0.6
"""Words alone that stand where a report's own sentence stands have this strength."""
_MECHANICAL = 0.45
"""Words alone that speak of mail and that a machine wrote, by their look, have this strength."""
_DOUBTLESS = 0.99
"""From here on a phrase may have half of the text beside it, if that speaks of mail."""
_CERTAIN = 0.95
"""From here on single words are enough where a report speaks. Quotas of projects and logs of connections come near."""
_MOST = 0.45
"""From this share of a reply on, a known wording makes out the most of it."""
_WEAK = 0.29
"""Below this, no match makes a bounce of it: people talk about bounces in the words of bounces."""


def is_bounce(parsed: Parsed, match: Match) -> bool:
    """Whether ``parsed`` is a bounce, given the Match of its first rejection (empty when nothing fits).

    A bot that speaks out of turn gets removed. So a code needs a frame or a match beside it, and words alone
    must be, for the most part, a wording that the knowledge base knows.
    """
    if parsed.kind in _OTHER or not parsed.rejections:
        return False
    best = match.best
    first = parsed.rejections[0]
    if parsed.strength >= SURE:
        return not _of_others(first, best)
    if best is not None and best.cause == NOT_A_BOUNCE and best.score < _HALF and best.signal == "words":
        best = next((item for item in match.candidates if item.cause != NOT_A_BOUNCE), best)
    if best is None or best.cause == NOT_A_BOUNCE:
        return False
    words_alone = first.frame is Frame.WORDS and first.facts.status is None
    if words_alone and parsed.strength > 0 and _whole_wording(first.text, best, parsed.strength):
        return True
    least = 0.1 if first.frame is Frame.WORDS else _WEAK
    if _alone(first) and parsed.strength >= least and best.signal == "exact" and _several_words(first.text):
        return True
    if parsed.strength < _WEAK:
        return False
    if best.cause == UNKNOWN and (
        words_alone
        or best.signal != "exact"
        or not (_alone(first) or first.facts.status is not None)
        or not _named(first.text)
    ):
        return False  # a code and a name that is known, alone, are a failure, though nobody can say why: 550 SL E501
    if words_alone:
        return _known_wording(first.text, best, parsed.strength)
    if (
        first.frame in (Frame.REPLY, Frame.REPORT)
        and first.facts.status is None
        and parsed.strength < _LIKELY
        and best.signal != "exact"
        and _covered(first.text, best) < _MOST
    ):
        return False  # a number, or an address, and words that others than mail servers use, too
    needed = 0.9 - parsed.strength
    if best.signal in ("exact", "phrase"):
        needed -= 0.2
    elif parsed.strength < _LIKELY:
        return False  # single words prove nothing beside a number that may be a version or an order
    return best.score >= needed


def is_known(passage: Rejection, match: Match) -> bool:
    """Whether a passage that stands by itself is, for the most part, a wording that the knowledge base knows."""
    best = match.best
    if best is None or best.cause == NOT_A_BOUNCE:
        return False
    if best.signal == "exact":
        return _several_words(passage.text) or (passage.frame is Frame.REPLY and _named(passage.text))
    if best.signal != "phrase" or best.cause == UNKNOWN:
        return False
    own = len(_WORDS.findall(_GAP.sub(" ", best.words)))
    return own >= _ENOUGH and own >= _WHOLE * len(_WORDS.findall(_PLACES.sub("", passage.text)))


_PLACES = lazy_re(r"(?<!\S)\S*[@.\d/]\S*\s?")
"""Addresses, hosts, numbers, paths."""
_WHOLE = 0.8
"""From this share on, a known wording is the whole of a passage but for a word or two."""


def _of_others(first: Rejection, best: Candidate | None) -> bool:
    """Whether the knowledge base knows a sure reply, or sure words, as what others than mail servers say.

    Without a status alone: FTP and NNTP servers use the same numbers, and no frame tells whose a reply is. Single
    words are no proof: receipts share those of a report.
    """
    if best is None or best.cause != NOT_A_BOUNCE or best.score < _HALF or first.facts.status is not None:
        return False
    if best.signal == "words":
        return first.frame is Frame.REPLY and best.score >= _CERTAIN
    return first.frame in (Frame.REPLY, Frame.WORDS)


def silence(parsed: Parsed, best: Candidate | None) -> float:
    """How sure it is that a text which ``is_bounce`` denied is none: the nearer it came to one, the less.

    The shares are those of seven hundred pastes, half of which nobody had read when they were answered.
    """
    if best is None or best.cause == NOT_A_BOUNCE:
        return 0.98
    return next(sure for strength, sure in _SILENCE if parsed.strength >= strength)


_SILENCE = ((0.5, 0.75), (0.35, 0.9), (0.0, 0.96))
"""From which strength on, how often a text that was called no bounce is none."""


def _whole_wording(text: str, best: Candidate, strength: float) -> bool:
    """Whether the text is a known wording and nothing else. One or two words ("access denied") prove nothing."""
    if best.signal == "exact":
        return _several_words(text)
    if best.signal != "phrase":
        return False
    words = len(_WORDS.findall(_NAMES.sub("", text)))
    return (strength >= _MAIL and words >= 5 and _covered(text, best) >= 0.9) or _spanned(text, best)


def _spanned(text: str, best: Candidate) -> bool:
    """Whether a wording with gaps (``<any>``) begins and ends where the text does, and has words of its own."""
    literal = _WORDS.findall(_GAP.sub(" ", best.words.lower()))
    if "<any>" not in best.words or len(literal) < _ENOUGH or len(text) > _LONGEST:
        return False
    words = _WORDS.findall(fold(text))
    begins = best.words.startswith("<") or words[:1] == literal[:1]
    ends = best.words.endswith(">") or words[-1:] == literal[-1:]
    return begins and ends and len(words) <= 3 * len(literal)


def _several_words(text: str) -> bool:
    return not text.isascii() or len(_WORDS.findall(_NAMES.sub("", text))) >= 3


def _named(text: str) -> bool:
    """Whether a reply has two words or more, be they a provider's own codes."""
    return len(_TOKENS.findall(text)) > 2


def _alone(rejection: Rejection) -> bool:
    """Whether the words of the rejection are all that there is."""
    return len(rejection.context) <= len(rejection.text) + _CODES


_CODES = 8
"""Characters that a reply may differ from its source by: codes that each line repeats."""


def _known_wording(text: str, best: Candidate, strength: float) -> bool:
    """Whether the match covers most of the text, rather than a phrase that somebody quotes in a sentence.

    Where no word speaks of mail, only the whole text will do: databases and shells refuse connections, too.
    """
    if best.signal == "exact":
        return strength >= _MAIL or _several_words(text)
    if strength >= _MAIL and best.score >= _CERTAIN and _only_servers_say(best):
        return True
    if strength >= _MAIL and best.signal in ("phrase", "fuzzy"):
        least = 0.35 if best.score >= _DOUBTLESS and strength >= _MECHANICAL else 0.5
        return best.score >= 0.4 and (strength >= _REPORT or _covered(text, best) >= least)
    return strength >= _REPORT and best.score >= _CERTAIN


def _only_servers_say(best: Candidate) -> bool:
    """Whether a wording is so long, and so much of mail, that nobody says it by chance in a sentence."""
    words = best.words
    long = best.signal in ("exact", "phrase") and len(_WORDS.findall(_GAP.sub(" ", words))) >= _LONG
    return long and bool(failure.MAIL.search(words) and failure.FAILURE.search(words))


_LONG = 6
"""Words of a wording that nobody says by chance."""


def _covered(text: str, best: Candidate) -> float:
    """Which share of the text the match has words for; names and numbers are left out."""
    return len(best.words) / max(len(_NAMES.sub("", _RETURNED.sub("", text))), 1)


_RETURNED = lazy_re(
    r"[,;:.]?\s{0,2}\b(?:the |your |this )?(?:message|mail|e-?mail)?\s?(?:was |has been |is )?(?:returned(?: to (?:the )?sender)?|came back|undeliver(?:ed|able))\b[,:.]?(?: (?:the )?reason:)?",
    re.I,
)
"""Words that only say that mail came back: what stands beside them says why."""

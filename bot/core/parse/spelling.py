"""Which words of a report did somebody mean who typed it off a screen?"""

import re

from bot.core.lazy import lazy_re

_KEYS = (
    "account", "address", "because", "blocked", "delivered", "delivery", "disabled", "exceeded", "invalid", "mailbox", "message", "permanent", "receive", "recipient", "rejected", "returned",
    "temporarily", "unavailable", "undeliverable", "unknown",
)  # fmt: skip
"""Words that reports are made of. Shorter ones are too near to others."""
_BY_LETTER: dict[str, tuple[str, ...]] = {}
for _key in _KEYS:
    _BY_LETTER[_key[0]] = (*_BY_LETTER.get(_key[0], ()), _key)
_ENDINGS = ("", "s", "es", "d", "ed")
_KNOWN = frozenset(key + ending for key in _KEYS for ending in _ENDINGS) | frozenset(
    ["blocker", "deliver", "deliverer", "delivers", "disable", "massage", "receiver", "receivers"]
)
"""What is right as it stands, near as it is."""
_WORD = lazy_re(r"(?<![\w@.+-])[A-Za-z]{6,16}(?![\w@+-]|\.\w)")
_CONTRACTED = lazy_re(r"\b(was|were|could|can|do|does|did|is|are|has|have|had|wo|would|should)nt\b", re.I)


def well_spelled(text: str) -> str:
    """Return the text with words of reports that are a slip away from right put right: ``Adress``, ``wasnt``, ``recieve``.

    Names, addresses and hosts stay. Takes time linear in the text.
    """
    if "nt" in text:
        text = _CONTRACTED.sub(r"\1n't", text)
    return _WORD.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    word = match[0]
    small = word.lower()
    keys = _BY_LETTER.get(small[0])
    if keys is None or small in _KNOWN:
        return word
    from rapidfuzz.distance import OSA  # where each word is spelled right, a start is faster without

    for key in keys:
        if abs(len(key) - len(small)) < 2 and OSA.distance(small, key, score_cutoff=1) == 1:
            return key.capitalize() if word[0].isupper() else key
    return word

"""How is a text passed over that a pattern of many alternatives has nothing to find in?

By the literal words that stand in the pattern: each match holds at least one of them, and a text that holds none is
told in a tenth of the time that the pattern takes to fail at each letter. The words are read off the pattern itself,
so nobody keeps a second list. (Search engines call this a prefilter: swtch.com/~rsc/regexp/regexp4.html.)
"""

import re
from collections.abc import Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # how ``re`` itself reads patterns
from typing import Any

from bot.core.lazy import lazy_re

_WARM = 30
"""Searches after which the words are read off: a command that reads one text starts faster without."""
_MOST = 100
"""Words of which looking for each is still faster than the pattern."""
_EVERYWHERE = "450 4.1.1 550 5.1.1 "
_LETTERS = 6
"""A set of so few letters is taken for the letters themselves."""


class SparseRe:
    """A pattern that most texts have nothing of. ``search`` and ``finditer`` are faster; ``pattern`` is for the rest.

    Whether case counts has to be said by ``flags``, not inside the pattern.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = lazy_re(pattern, flags)
        self._folds = bool(flags & re.IGNORECASE)
        self._asked = 0
        self._words: tuple[str, ...] = ()
        self._last: tuple[str, re.Match[str] | None] = ("", None)
        """The last text and what was found in it: one reading asks for the same several times."""

    def search(self, text: str) -> re.Match[str] | None:
        """The first match, or None: as ``re.Pattern.search``."""
        last, found = self._last
        if last != text or not text:
            found = self.pattern.search(text) if self._may_find(text) else None
            self._last = text, found
        return found

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches: as ``re.Pattern.finditer``."""
        return self.pattern.finditer(text) if self._may_find(text) else iter(())

    def _may_find(self, text: str) -> bool:
        if self._asked < _WARM:
            self._asked += 1
            if self._asked == _WARM:
                self._words = self._necessary()
            return True
        if self._folds:
            if not text.isascii():
                return True  # ſ is an s there, and nowhere else
            text = text.lower()
        for word in self._words:  # noqa: SIM110  (any() takes twice as long)
            if word in text:
                return True
        return False

    def _necessary(self) -> tuple[str, ...]:
        words = necessary_words(self.pattern.pattern, self.pattern.flags) or []
        if not words or len(words) > _MOST or any(map(_common, words)):
            return ("",)  # this one is in every text: the pattern itself is always asked
        return tuple(dict.fromkeys(word.lower() if self._folds else word for word in words))


def necessary_words(pattern: str, flags: int = 0) -> list[str] | None:
    """Words of which every match of the pattern holds at least one, or None where a match may hold none of any."""
    parsed = _parser.parse(pattern, flags)
    found = _words_in(parsed)
    if found is None or parsed.state.flags & re.IGNORECASE != flags & re.IGNORECASE:
        return None
    return sorted(word for word in found if not any(other != word and other in word for other in found))


def _words_in(parsed: Iterable[tuple[Any, Any]]) -> set[str] | None:
    """The best set of words of a sequence: that of one of its parts, as each part stands in every match."""
    best: set[str] | None = None
    run = ""
    for kind, value in [*parsed, (None, None)]:
        if kind is _constants.LITERAL:
            run += chr(value)
            continue
        for each in ({run} if run else None, _words_of(kind, value)):
            if each and (best is None or _worth(each) > _worth(best)):
                best = each
        run = ""
    return best


def _words_of(kind: Any, value: Any) -> set[str] | None:
    if kind is _constants.SUBPATTERN:
        _, added, _, inner = value
        return None if added & re.IGNORECASE else _words_in(inner)
    if kind is _constants.BRANCH:
        return _union(map(_words_in, value[1]))
    if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        least, _, repeated = value
        return _words_in(repeated) if least else None
    if kind is _constants.IN and len(value) <= _LETTERS:
        return _union({chr(letter)} if what is _constants.LITERAL else None for what, letter in value)
    return None  # what stands beside a match (assertions), any letter, or what this does not know


def _union(sets: Iterable[set[str] | None]) -> set[str] | None:
    result: set[str] = set()
    for each in sets:
        if each is None:
            return None
        result |= each
    return result


def _worth(words: set[str]) -> tuple[int, int]:
    """Long words are rare, and few are soon looked for."""
    return min(0 if _common(word) else len(word) for word in words), -len(words)


def _common(word: str) -> bool:
    """Whether most texts hold the word, as far as this program's texts go."""
    return word in _EVERYWHERE or (len(word) == 1 and word.isascii() and word.isalnum())

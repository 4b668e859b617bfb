"""How is a text passed over that a pattern of many alternatives has nothing to find in?

By the literal words that stand in each alternative: each match of it holds at least one of them. A text that holds
none is told in a tenth of the time that the pattern takes to fail at each letter; in a text that holds some, their
alternatives alone are tried. The words are read off the pattern itself, so nobody keeps a second list. (Search engines
call this a prefilter: swtch.com/~rsc/regexp/regexp4.html.)
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.core.lazy import lazy_re

try:
    from re import _constants, _parser  # type: ignore[attr-defined]  # how ``re`` itself reads patterns
except ImportError:  # it is private: without it all is found as well, only later
    _constants = _parser = None

_WARM = 30
"""Searches after which the words are read off: a command that reads one text starts faster without."""
_MOST = 200
"""Words of which looking for each is still faster than the pattern."""
_EVERYWHERE = "450 4.1.1 550 5.1.1 "
_LETTERS = 6
"""A set of so few letters is taken for the letters themselves."""
_PIECE = lazy_re(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)
"""What of a pattern's text stands together: an escape, a set of letters, any other letter."""
_BEGINS = lazy_re(r"\(\?[aimsux]+\)")
"""Flags at the beginning of a pattern: they are for all of it."""
_REFERS = lazy_re(r"\\[1-9]|\(\?P=|\(\?\(")
"""What names a group by its number or name: it means another one when an alternative stands alone."""


class SparseRe:
    """A pattern that most texts have nothing of. ``search`` and ``finditer`` are faster; ``pattern`` is for the rest.

    Whether case counts has to be said by ``flags``, not inside the pattern.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = lazy_re(pattern, flags)
        self._folds = bool(flags & re.IGNORECASE)
        self._asked = 0
        self._parts: dict[str, list[re.Pattern[str]]] = {}
        """For each word the alternatives that need it, or another one."""
        self._of_ascii = self._parts
        """Those whose words an ASCII text can hold: most texts are ASCII."""
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
                self._parts = self._by_word()
                self._of_ascii = {word: parts for word, parts in self._parts.items() if word.isascii()}
            return True
        words, parts = text, self._of_ascii
        if not text.isascii():
            if self._folds:
                return True  # ſ is an s there, and nowhere else
            parts = self._parts
        elif self._folds:
            words = text.lower()
        for word in parts:
            if word in words:
                for part in parts[word]:
                    if part.search(text):
                        return True
        return False

    def _by_word(self) -> dict[str, list[re.Pattern[str]]]:
        whole, flags = self.pattern.pattern, self.pattern.flags
        found: dict[str, list[re.Pattern[str]]] = {}
        for part in alternatives(whole):
            compiled = lazy_re(part, flags)
            words = necessary_words(part, flags) or []
            if not words or any(map(_common, words)):
                words = [""]  # this one is in every text
            for word in words:
                found.setdefault(word.lower() if self._folds else word, []).append(compiled)
        return found if len(found) <= _MOST else {"": [self.pattern]}


def alternatives(pattern: str) -> list[str]:
    """The patterns that a pattern is made of, with ``|`` between them: it matches where one of them does."""
    if _parser is None or _REFERS.search(pattern):
        return [pattern]
    begin = _BEGINS.match(pattern)
    flags = begin[0] if begin else ""
    found, depth = [flags], 0
    for piece in _PIECE.findall(pattern.removeprefix(flags)):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append(flags)
        else:
            found[-1] += piece
    return found


def necessary_words(pattern: str, flags: int = 0) -> list[str] | None:
    """Words of which every match of the pattern holds at least one, or None where a match may hold none of any."""
    if _parser is None:
        return None
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

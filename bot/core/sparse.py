"""How is a text passed over that a pattern of many alternatives has nothing to find in?

By the literal words that stand in each alternative: each match of it holds at least one of them. A text that holds
none is told in a tenth of the time that the pattern takes to fail at each letter; in a text that holds some, their
alternatives alone are tried. The words are read off the pattern itself, so nobody keeps a second list. (Search engines
call this a prefilter: swtch.com/~rsc/regexp/regexp4.html.) Which of a hundred words a text may hold is told by three
letters of each: a text is asked for many patterns, and has its own threes only once.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from bot.core.lazy import lazy_re

try:
    from re import _constants, _parser  # type: ignore[attr-defined]  # how ``re`` itself reads patterns
except ImportError:  # it is private: without it all is found as well, only later
    _constants = _parser = None

_WARM = 30
"""Searches after which the words are read off: a command that reads one text starts faster without."""
_SHORT = 16_000
"""Characters of a text whose threes of letters are kept for a while; in a longer one each word is looked for."""
_LETTERS_BY_USE = " etaoinsrhldcumfpgwybvkxjqz"
"""The commonest first. What is none of them is rarer still."""
_EVERYWHERE = "450 4.1.1 550 5.1.1 "
_LETTERS = 6
"""A set of so few letters is taken for the letters themselves."""
_AROUND = 40
"""Letters around a group of alternatives that are written again with each."""
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
        self._ways: dict[bool, _Ways] = {}
        """Where to look in a text that is ASCII, as most texts are, and in any other."""
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
                words = self._by_word()
                self._ways = {
                    False: _Ways(words),
                    True: _Ways({word: parts for word, parts in words.items() if word.isascii()}),
                }
            return True
        ascii_only = text.isascii()
        if self._folds:
            if not ascii_only:
                return True  # ſ is an s there, and nowhere else
            return self._ways[True].may_find(text, text.lower())
        return self._ways[ascii_only].may_find(text, text)

    def _by_word(self) -> dict[str, list[re.Pattern[str]]]:
        """For each word the alternatives that need it, or another one; none where there is but one: the pattern itself."""
        whole, flags = self.pattern.pattern, self.pattern.flags
        parts = [each for part in alternatives(whole) for each in spread(part)]
        if len(parts) == 1:
            parts = []
        found: dict[str, list[re.Pattern[str]]] = {}
        for part in parts or [whole]:
            words = necessary_words(part, flags) or []
            if not words or any(map(_common, words)):
                words = [""]  # this one is in every text
            compiled = [lazy_re(part, flags)] if parts else []
            for word in words:
                found.setdefault(word.lower() if self._folds else word, []).extend(compiled)
        return found


class _Ways:
    """Words to look for in a text, and what to try where one stands."""

    def __init__(self, parts: dict[str, list[re.Pattern[str]]]) -> None:
        self._parts = parts
        self._by_three: dict[tuple[str, ...], list[str]] = {}
        self._short = [word for word in parts if len(word) < 3]
        for word in parts:
            if len(word) >= 3:
                self._by_three.setdefault(_rarest_three(word), []).append(word)
        self._wanted = frozenset(self._by_three)

    def may_find(self, text: str, words: str) -> bool:
        """Whether an alternative is found in the text, or there is one alone and ``words`` hold a word of it."""
        if len(words) > _SHORT:
            held = [word for word in self._parts if word in words]
        else:
            threes = _threes(words)
            if not self._short and self._wanted.isdisjoint(threes):
                return False
            held = [word for word in self._short if word in words]
            for three in self._wanted & threes:
                held += [word for word in self._by_three[three] if word in words]
        if len(held) < 2:
            parts = self._parts[held[0]] if held else None
        else:
            parts = list(dict.fromkeys(part for word in held for part in self._parts[word]))
        if not parts:
            return parts is not None
        return any(part.search(text) for part in parts)


@lru_cache(maxsize=32)
def _threes(text: str) -> frozenset[tuple[str, ...]]:
    """Each three letters of a text that stand one behind another."""
    return frozenset(zip(text, text[1:], text[2:], strict=False))


def _rarest_three(word: str) -> tuple[str, ...]:
    """The three letters of a word that fewest texts hold, more or less."""
    return max(
        zip(word, word[1:], word[2:], strict=False),
        key=lambda three: sum(_LETTERS_BY_USE.find(letter) % 64 for letter in three),
    )


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


def spread(pattern: str) -> list[str]:
    """The patterns that one alternative stands for, if it is a group with a few letters around: ``a(?:b|c)d`` is abd or acd."""
    if _parser is None or _REFERS.search(pattern):
        return [pattern]
    depth = position = begin = 0
    for piece in _PIECE.findall(pattern):
        if not depth and piece == "(" and pattern.startswith("(?:", position):
            begin = position + 3
        depth += (piece == "(") - (piece == ")")
        position += len(piece)
        if begin and not depth:
            break
    before, behind = pattern[: max(0, begin - 3)], pattern[position:]
    if not begin or behind[:1] in ("*", "+", "?", "{") or len(before) + len(behind) > _AROUND:
        return [pattern]
    return [before + each + behind for each in alternatives(pattern[begin : position - 1])]


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

"""How is a pattern looked for in a text of whatever case?"""

import re
from collections.abc import Iterator

from bot.core.parse.clean import lowered
from bot.core.sparse import SparseRe


class Sign:
    """A pattern, written in lower case, for a text in whatever case.

    It is looked for in the text's lower-case form, which takes less than half the time of ``re.IGNORECASE``.
    Matches stand where they stand in the text.
    """

    def __init__(self, pattern: str) -> None:
        self._sparse = SparseRe(pattern)
        self._pattern = self._sparse.pattern

    def search(self, text: str) -> re.Match[str] | None:
        """The first match, or None. The words of the match are in lower case."""
        return self._sparse.search(lowered(text))

    def each(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, their words in lower case."""
        return self._sparse.finditer(lowered(text))

    def match(self, text: str) -> re.Match[str] | None:
        """The match that the text begins with, or None."""
        return self._pattern.match(lowered(text))

    def count(self, text: str) -> int:
        """How many matches there are."""
        return len(self._pattern.findall(lowered(text)))

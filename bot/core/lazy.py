"""How does a module have a hundred regular expressions and still start at once? It compiles each at its first use.

One text needs a few of the patterns for reading bounces; compiling all of them takes a tenth of a second.
"""

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "split")


def lazy_re(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, with its methods; the work is done when the first of them is called.

    ``found.re`` of a match is the compiled pattern, not what this returns.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


class _Lazy:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """Only called for what is not there yet: from then on the methods are those of the compiled pattern."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

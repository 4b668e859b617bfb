"""To which organisation does a host belong? The registrable domain, by the Public Suffix List.

The list ships with the package ``publicsuffixlist``, so nothing is fetched. It is a guess about
ownership; where DMARC is concerned, dmarc.py walks the DNS tree instead, as RFC 9989 demands.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def registrable(host: str) -> str | None:
    """Return ``example.co.uk`` for ``mail.example.co.uk``; None for a public suffix or an IP address."""
    if host.replace(".", "").isdigit() or ":" in host:
        return None
    found = _suffixes().privatesuffix(host)
    return str(found) if found else None


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()

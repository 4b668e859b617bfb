"""Which mailbox provider, filter or mail server product does a host name or a reply belong to?"""

import re
from collections.abc import Iterable, Iterator

from bot.core.model import Catalogue
from bot.core.sparse import SparseRe

_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"[a-z]{3}\d")
_BEGINNING = 4


def provider_of(catalogue: Catalogue, host: str | None = None, text: str = "") -> str | None:
    """Return the id of the provider that owns ``host``, else the one whose words stand in ``text``, else None."""
    index = index_of(catalogue)
    if host:
        found = index.by_host(host)
        if found:
            return found
    return index.by_text(text) if text else None


def provider_of_domain(catalogue: Catalogue, domain: str) -> str | None:
    """Return the id of the provider that gives mailboxes at ``domain`` to the public, else None."""
    return index_of(catalogue).domains.get(domain.lower())


def provider_of_mail(catalogue: Catalogue, domain: str, hosts: Iterable[str]) -> str | None:
    """Return the id of the provider that runs the mail of ``domain``, by its MX ``hosts`` (the preferred first).

    Without hosts (there was no answer), only a domain that a provider offers to the public is known.
    """
    index = index_of(catalogue)
    hosts = tuple(hosts)
    if not hosts:
        return provider_of_domain(catalogue, domain)
    return next(filter(None, map(index.by_host, hosts)), None)


class ProviderIndex:
    """The providers of one catalogue, ready for look-ups that do not scan."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.domains: dict[str, str] = {}
        self._suffixes: dict[str, str] = {}
        self._texts: dict[str, list[tuple[str, str]]] = {}
        self._beginnings: dict[str, tuple[str, str]] = {}
        self._services = {
            provider.id
            for provider in catalogue.providers.values()
            if provider.mx or provider.hosts or provider.domains
        }
        self._names = {
            text.lower()
            for provider in catalogue.providers.values()
            for text in provider.texts
            if text.lower() in provider.name.lower()
        }
        counts: dict[str, int] = {}
        literals: list[tuple[str, str]] = []
        for provider in catalogue.providers.values():
            for suffix in (*provider.mx, *provider.hosts):
                self._suffixes.setdefault(suffix.lower().strip("."), provider.id)
            for domain in provider.domains:
                self.domains.setdefault(domain.lower(), provider.id)
            for text in provider.texts:
                literal = text.lower()
                literals.append((literal, provider.id))
                for word in _WORD.findall(literal):
                    counts[word] = counts.get(word, 0) + 1
        for literal, owner in literals:
            # The key must be a whole word of any text that holds the literal: prefer an inner word, which no neighbour can lengthen.
            words = _WORD.findall(literal)
            if not words:
                continue
            if _NUMBERED.fullmatch(literal):  # the beginning of codes such as OFR004_405
                self._beginnings[literal] = (literal, owner)
                continue
            key = min(words, key=lambda word: (counts[word], -len(word)))
            self._texts.setdefault(key, []).append((literal, owner))
        called = {
            name.lower(): provider.id
            for provider in catalogue.providers.values()
            for name in (*provider.names, *(text for text in provider.texts if text.lower() in self._names))
            if provider.id in self._services
        }
        self._called = called
        self._callings = SparseRe(_calling(sorted(called, key=len, reverse=True)))
        self._stems = frozenset(beginning.rstrip("0123456789") for beginning in self._beginnings)

    def by_host(self, host: str) -> str | None:
        """Return who owns a host name: the longest suffix wins."""
        name = host.lower().strip(".")
        while name:
            found = self._suffixes.get(name)
            if found:
                return found
            name = name.partition(".")[2]
        return None

    def called(self, words: str) -> Iterator[tuple[str, int, int]]:
        """Yield each provider that a text in lower case calls by its name, and where; no part of a host or a path."""
        for match in self._callings.finditer(words):
            yield self._called[match[0]], match.start(), match.end()

    def by_text(self, text: str, *, services: bool = False, names: bool = True) -> str | None:
        """Return whose literal words stand in the text; the longest literal wins.

        ``services``: only of those that run hosts of their own, so not mail server software. ``names``: count a name
        alone, too.
        """
        lowered = text.lower()
        best: tuple[str, str] | None = None
        texts, beginnings = self._texts, self._beginnings
        words = _WORD.findall(lowered)
        if any(stem in lowered for stem in self._stems):
            for word in words:
                if word[:_BEGINNING] in beginnings:
                    best = beginnings[word[:_BEGINNING]]
        if texts.keys().isdisjoint(words):
            return best[1] if best else None
        for word in words:
            for literal, owner in texts.get(word, ()):
                if (best is None or len(literal) > len(best[0])) and literal in lowered:
                    if services and owner not in self._services:
                        continue
                    if not names and literal in self._names:
                        continue
                    best = (literal, owner)
        return best[1] if best else None


def _calling(names: Iterable[str]) -> str:
    """A pattern for names between other words, the longest first. Chinese and Japanese put nothing between them."""
    any_name = "|".join(map(re.escape, names)) or "(?!)"
    return rf"(?<![a-z0-9_@./:=+-])(?:{any_name})(?![a-z0-9_@/]|\.[a-z0-9]|-js)"


_INDEXES: dict[int, tuple[Catalogue, ProviderIndex]] = {}


def index_of(catalogue: Catalogue) -> ProviderIndex:
    """Return the index of a catalogue, built at its first use and kept for the last few catalogues."""
    held = _INDEXES.get(id(catalogue))
    if held and held[0] is catalogue:
        return held[1]
    if len(_INDEXES) >= 8:
        _INDEXES.clear()
    index = ProviderIndex(catalogue)
    _INDEXES[id(catalogue)] = (catalogue, index)
    return index

"""How is the answer of a DNS blocklist read? By the meaning of each code, never by "it resolved".

Entries are those of knowledge/blocklists.yaml. Sources: RFC 5782 for the questions; each entry's own
for its codes. A code in no table is *unanswered*, never a listing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import Any

from bot.core.model import Catalogue, Outcome, Rejection

Entry = Mapping[str, Any]
MAX_TEXT = 4000  # a list is named in the first lines or not at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the codes of one answer mean together."""

    outcome: Outcome
    reason: str | None = None
    """unanswered: ``refused-by-list``, ``unknown-code``, ``foreign-answer``; found: ``listed``, ``weak`` or ``policy``."""
    words: str = ""
    listings: tuple[Mapping[str, Any], ...] = ()
    """The rows of the entry's table ``listed`` that apply."""


def entry_for(catalogue: Catalogue, name: str | None) -> Entry | None:
    """The entry whose zone, keyed zone, id or alias is ``name``, or whose zone it lies in; the longest
    match wins.
    """
    if not name:
        return None
    names = _index_of(catalogue).names
    name = name.lower().rstrip(".")
    if name in names:
        return names[name]
    _, dot, name = name.partition(".")
    while "." in name:  # never a bare label: "net" is nobody's zone
        if dot and name in names:
            return names[name]
        _, dot, name = name.partition(".")
    return None


def named_list(catalogue: Catalogue, rejection: Rejection, cause: str = "") -> Entry | None:
    """The list that a rejection names: by its zone, else by the longest alias in its words.

    A list with a zone goes before a provider's own one, and one for domains before one for addresses
    where the cause is about a domain. Only whole words count.
    """
    entry = entry_for(catalogue, rejection.facts.blocklist)
    if entry is not None:
        return entry
    words = f"{rejection.text[:MAX_TEXT]} {rejection.context[:MAX_TEXT]}".lower()
    best: tuple[tuple[bool, int, bool], Entry] | None = None
    for alias, entry in _index_of(catalogue).aliases:
        if alias in words and _whole(words, alias):
            about_domains = entry.get("kind") == "domain"
            rank = (entry.get("kind") != "none", len(alias), about_domains == (cause == "domain-blocklisted"))
            if best is None or rank > best[0]:
                best = (rank, entry)
    return best[1] if best else None


def default_lists(catalogue: Catalogue, kind: str, subject_type: str | None = None) -> tuple[Entry, ...]:
    """The lists that are asked without being named, of ``kind`` ``ip`` or ``domain``, the weightiest first."""
    chosen = (
        entry
        for entry in catalogue.blocklists
        if entry.get("ask") == "default"
        and entry.get("kind") == kind
        and (subject_type is None or subject_type in entry.get("subjects", ()))
    )
    order = {"high": 0, "medium": 1, "low": 2}
    return tuple(sorted(chosen, key=lambda entry: order.get(str(entry.get("weight")), 3)))


def subject_type(subject: str) -> str:
    """``ipv4``, ``ipv6`` or ``domain``."""
    try:
        return f"ipv{ip_address(subject).version}"
    except ValueError:
        return "domain"


def read_codes(entry: Entry, codes: Sequence[str]) -> Verdict:
    """Judge every A record of an answer by the entry's tables; one listed code is enough."""
    addresses = [address for code in codes if (address := _ipv4(code)) is not None]
    outside = [str(address) for address in addresses if address.packed[0] != 127]
    if outside or not addresses:
        words = f"answered {outside[0]}, which no blocklist does" if outside else "answered without a code"
        return Verdict(outcome=Outcome.UNANSWERED, reason="foreign-answer", words=words)
    refused = [row for address in addresses for row in _refusals(entry, address)]
    bits = entry.get("match") == "bits"
    if refused and (bits or len(refused) == len(addresses)):
        row = refused[0]
        mend = f"; {row['mend']}" if row.get("mend") else ""
        return Verdict(
            outcome=Outcome.UNANSWERED,
            reason="refused-by-list",
            words=f"refuses to answer here: {row['reason']}{mend}",
        )
    rows = [row for address in addresses for row in _listed(entry, address)]
    if rows:
        strong = [row for row in rows if not row.get("weak") and row.get("blame", True)]
        policy = [row for row in rows if row.get("blame", True) is False]
        reason = "listed" if strong else "policy" if policy else "weak"
        words = ", ".join(dict.fromkeys(f"{row['list']}: {row['meaning']}" for row in rows))
        return Verdict(outcome=Outcome.FOUND, reason=reason, words=words, listings=tuple(rows))
    if all(_ignored(entry, address) for address in addresses):
        return Verdict(
            outcome=Outcome.ABSENT,
            reason="not-a-listing",
            words="answers with information, not with a listing",
        )
    return Verdict(
        outcome=Outcome.UNANSWERED,
        reason="unknown-code",
        words=f"answered with an unknown code {', '.join(map(str, addresses))}",
    )


class _Index:
    """The names of all lists of one catalogue, ready for look-ups that do not scan."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.names: dict[str, Entry] = {}
        self.aliases: list[tuple[str, Entry]] = []
        for entry in catalogue.blocklists:
            self.aliases += [(alias.lower(), entry) for alias in entry.get("aliases", ())]
        # Zones go before aliases: an alias of one list may be the zone of another.
        for own in (_zones, _names):
            for entry in catalogue.blocklists:
                for name in own(entry):
                    self.names.setdefault(name, entry)


_INDEXES: dict[int, tuple[Catalogue, _Index]] = {}


def _index_of(catalogue: Catalogue) -> _Index:
    """The index of a catalogue, built at its first use and kept for the last few catalogues."""
    held = _INDEXES.get(id(catalogue))
    if held and held[0] is catalogue:
        return held[1]
    if len(_INDEXES) >= 8:
        _INDEXES.clear()
    index = _Index(catalogue)
    _INDEXES[id(catalogue)] = (catalogue, index)
    return index


def _zones(entry: Entry) -> Iterator[str]:
    if entry.get("zone"):
        yield entry["zone"].lower()
    for zone in entry.get("zones", ()):
        yield zone.lower()


def _names(entry: Entry) -> Iterator[str]:
    yield entry["id"]
    for alias in entry.get("aliases", ()):
        yield alias.lower()


def _whole(words: str, alias: str) -> bool:
    start = words.find(alias)
    while start >= 0:
        end = start + len(alias)
        before, after = words[start - 1 : start], words[end : end + 1]
        if not (before.isalnum() and alias[0].isalnum()) and not (after.isalnum() and alias[-1].isalnum()):
            return True
        start = words.find(alias, start + 1)
    return False


def _refusals(entry: Entry, address: IPv4Address) -> Iterator[Mapping[str, Any]]:
    """127.255.255.0/24 is a refusal everywhere; 127.0.0.1 is, where the entry does not say otherwise."""
    declared = [row for row in entry.get("refused", ()) if _fits(row, address)]
    yield from declared
    if declared:
        return
    if address.packed[:3] == b"\x7f\xff\xff":
        yield {"reason": "it does not serve this resolver", "mend": "use an own resolver"}
    elif str(address) == "127.0.0.1" and not _ignored(entry, address) and not any(_listed(entry, address)):
        yield {"reason": "the query was refused", "mend": "use an own resolver"}


def _listed(entry: Entry, address: IPv4Address) -> Iterator[Mapping[str, Any]]:
    return (row for row in entry.get("listed", ()) if _fits(row, address))


def _ignored(entry: Entry, address: IPv4Address) -> bool:
    return any(_fits({"code": code}, address) for code in entry.get("ignored", ()))


def _fits(row: Mapping[str, Any], address: IPv4Address) -> bool:
    """A row has a ``code`` (one, or ``from-to``) or a ``bit`` of the last octet in 127.0.0.0/24."""
    if "bit" in row:
        return address.packed[:3] == b"\x7f\x00\x00" and bool(address.packed[3] & int(row["bit"]))
    code = row.get("code")
    if code is None:
        return False
    first, _, last = str(code).partition("-")
    low, high = _ipv4(first), _ipv4(last or first)
    return low is not None and high is not None and low <= address <= high


def _ipv4(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def zones(catalogue: Catalogue) -> Iterable[str]:
    """Every zone that may ever be asked, for tests and the doctor."""
    return (
        entry["zone"] for entry in catalogue.blocklists if entry.get("zone") and entry.get("ask") != "never"
    )

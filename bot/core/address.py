"""Is an e-mail address well formed, and is its domain a slip of a well-known one?"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from bot.core.lazy import lazy_re
from bot.core.model import Catalogue

# Names that are reserved (RFC 2606, 6761, 7686): nobody mistypes towards or away from them.
_RESERVED = lazy_re(
    r"(?:^|\.)(?:example|test|invalid|localhost|local|onion|internal)$|(?:^|\.)example\.(?:com|net|org|edu)$"
)
_LABEL = lazy_re(r"[^\W_](?:[\w-]{0,61}[^\W_])?$")
_LOCAL_ATOM = lazy_re(r"[^\s()<>\[\]:;@\\,.\"\x00-\x1f\x7f]+$")


def syntax_fault(address: str) -> str | None:
    """Name the fault in an address's form in plain words, or return None when it is fine.

    The rules are those of RFC 5321 section 4.1.2 and RFC 6531 (internationalised), as a person would put them.
    """
    if not address.strip():
        return "the address is empty"
    if address != address.strip():
        return "there is a space before or after the address"
    if "@" not in address:
        return "the @ is missing"
    if address.startswith('"') and '"@' in address:
        local, _, domain = address.rpartition('"@')
        local += '"'
        if any(character in "\r\n\x00" for character in local):
            return "the part before the @ holds a character that is not allowed"
    else:
        if re.search(r"\s", address):
            return "there is a space in the address"
        if "," in address:
            if address.count("@") > 1:
                return "these are two addresses or more: give each by itself"
            return "there is a comma where a dot belongs"
        if address.count("@") > 1:
            return "there are two @ in the address"
        local, _, domain = address.partition("@")
        fault = _local_fault(local)
        if fault:
            return fault
    if len(local.encode("utf-8", "surrogatepass")) > 64:
        return "the part before the @ is longer than 64 characters"
    return _domain_fault(domain)


def suggest_domain(domain: str, catalogue: Catalogue, history: Iterable[str] = ()) -> str | None:
    """Return the well-known domain that ``domain`` is a slip of, or None.

    Known are ``catalogue.mail_domains``, the public domains of its providers and ``history`` (domains that the
    workspace has mailed with success). A known domain, a reserved name and a name that is not close to a known
    mail domain get None: a wrong correction is worse than none.
    """
    name = domain.strip().lower().rstrip(".")
    trimmed = _DOTS.sub(".", name.strip("_-,;'\""))
    known = _known(catalogue)
    past = {entry.lower() for entry in history}
    if not name or len(name) > 60 or name in known.domains or name in past or _RESERVED.search(name):
        return None
    if trimmed != name and (trimmed in known.domains or trimmed in past):
        return trimmed
    return _suggest(trimmed, known, frozenset(past))


def _local_fault(local: str) -> str | None:
    if not local:
        return "nothing stands before the @"
    if local.startswith("."):
        return "a dot stands at the beginning of the address"
    if local.endswith("."):
        return "a dot stands right before the @"
    if ".." in local:
        return "there are two dots in a row"
    if '"' in local or "'" in (local[0], local[-1]):
        return "there is a quotation mark in the address"
    if local.startswith("<") or "<" in local:
        return "there is an angle bracket in the address"
    if not all(_LOCAL_ATOM.match(atom) for atom in local.split(".")):
        return "the part before the @ holds a character that is not allowed"
    return None


def _domain_fault(domain: str) -> str | None:
    if not domain:
        return "nothing stands after the @"
    if domain.startswith("[") and domain.endswith("]"):
        return None  # an address literal, RFC 5321 section 4.1.3
    if domain.endswith("."):
        return "a dot stands at the end of the address"
    if domain.startswith("."):
        return "a dot stands right after the @"
    if ".." in domain:
        return "there are two dots in a row"
    if domain[-1] in "'\"" or domain[0] in "'\"":
        return "there is a quotation mark in the address"
    if domain[-1] in ">)]" or domain[0] in "<([":
        return "there is a bracket in the address"
    if domain.isascii():
        labels = domain.split(".")
        if any(not _LABEL.match(label) for label in labels) or len(domain) > 253:
            return "the domain holds a character that is not allowed"
        return None
    import idna  # not loaded with each start: few domains need it

    try:
        idna.encode(domain, uts46=True)
    except idna.IDNAError:
        return "the domain holds letters that no domain name may have"
    return None


_DOTS = lazy_re(r"[.,]+")


class _Known:
    """The known mail domains of one catalogue, and their names by length."""

    def __init__(self, catalogue: Catalogue) -> None:
        domains = set(catalogue.mail_domains)
        for provider in catalogue.providers.values():
            domains.update(domain.lower() for domain in provider.domains)
        self.domains = frozenset(domains)
        self.names = sorted(domains)
        self.suffixes = frozenset(name.partition(".")[2] for name in domains)
        self.brands = frozenset(name.partition(".")[0] for name in domains)


_KNOWN: dict[int, tuple[Catalogue, _Known]] = {}


def _known(catalogue: Catalogue) -> _Known:
    held = _KNOWN.get(id(catalogue))
    if held and held[0] is catalogue:
        return held[1]
    if len(_KNOWN) >= 8:
        _KNOWN.clear()
    known = _Known(catalogue)
    _KNOWN[id(catalogue)] = (catalogue, known)
    return known


# Slips of the last label that are no country: `.con`, `.cmo`, `.ocm` … A real top-level domain is never on this list.
_TLD_SLIPS = {
    "con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "coom": "com", "ccom": "com", "cpm": "com",
    "clm": "com", "dom": "com", "fom": "com", "cim": "com", "cok": "com", "comn": "com", "conm": "com", "c0m": "com", "coml": "com",
    "copm": "com", "coim": "com", "comj": "com", "kom": "com", "som": "com", "nett": "net", "ner": "net", "nte": "net", "nrt": "net",
    "met": "net", "bet": "net", "neet": "net", "ent": "net", "ogr": "org", "orgg": "org", "rog": "org", "ort": "org", "dee": "de", "frr": "fr",
    "itt": "it", "nll": "nl", "uk.co": "co.uk", "couk": "co.uk", "co.ik": "co.uk", "co.ukk": "co.uk", "co.uj": "co.uk", "comjp": "co.jp",
}  # fmt: skip
# Real top-level domains that stand one key from `.com`: with a brand that has no other use of them they are slips.
_SUSPECT_TLDS = frozenset(["co", "cm", "om", "cn"])


@lru_cache(maxsize=4096)
def _suggest(name: str, known: _Known, past: frozenset[str]) -> str | None:
    brand, _, tld = name.partition(".")
    if not tld:
        for suffix in ("com", "net", "de", "fr", "org", "ru"):  # the dot forgotten: `gmailcom`
            if brand.endswith(suffix) and f"{brand[: -len(suffix)]}.{suffix}" in known.domains:
                return f"{brand[: -len(suffix)]}.{suffix}"
        return None
    # The dot in the wrong place or twice, or a slip of the last label: the brand itself is right.
    if tld in _TLD_SLIPS and f"{brand}.{_TLD_SLIPS[tld]}" in known.domains:
        return f"{brand}.{_TLD_SLIPS[tld]}"
    if tld in _SUSPECT_TLDS and brand in _COM_ONLY and f"{brand}.com" in known.domains:
        return f"{brand}.com"
    if brand in known.brands and tld in known.suffixes:
        return None  # a country variant, such as yahoo.<country>: real or not, no slip of the keys
    return _closest(name, known, past)


_COM_ONLY = frozenset(
    [
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "icloud",
        "aol",
        "googlemail",
        "ymail",
        "rocketmail",
        "comcast",
        "protonmail",
    ]
)


_MAJOR = frozenset([
    "gmail", "googlemail", "hotmail", "outlook", "live", "yahoo", "ymail", "rocketmail", "icloud", "online",
    "t-online", "freenet", "arcor", "orange", "wanadoo", "laposte", "neuf", "libero", "tiscali", "virgilio", "alice",
    "yandex", "rambler", "inbox", "foxmail", "sina", "sohu", "naver", "hanmail", "daum", "nate", "comcast",
    "verizon", "sbcglobal", "bellsouth", "charter", "earthlink", "protonmail", "proton", "bluewin", "telenet",
    "skynet", "ziggo", "kpnmail", "planet", "interia", "seznam", "centrum", "btinternet", "ntlworld", "virginmedia",
    "talktalk", "bigpond", "optusnet", "rediffmail", "terra", "globo", "rogers", "sympatico", "telus", "cogeco",
    "docomo", "ezweb", "softbank",
])  # fmt: skip
"""Names that so many people write to that a neighbour of theirs is a slip, rather than a name of its own."""


def _closest(name: str, known: _Known, past: frozenset[str]) -> str | None:
    brand, _, tld = name.partition(".")
    tld = _TLD_SLIPS.get(tld, tld)
    best: list[tuple[int, str]] = []
    for candidate in (*known.names, *past):
        other, _, suffix = candidate.partition(".")
        if abs(len(other) - len(brand)) > 2:
            continue
        if len(other) < 5 and not (suffix == tld and _twin(brand, other)):
            continue
        if suffix != tld and not (other == brand and _distance(tld, suffix, 1) <= 1 and len(suffix) > 2):
            continue
        if other == brand:
            distance: int | None = 0
        elif other in _MAJOR or candidate in past:
            distance = _slip(brand, other)
        else:
            distance = 1 if _twin(brand, other) else None
        if distance is not None and (other != brand or suffix != tld):
            best.append((distance, candidate))
    if not best:
        return None
    best.sort()
    if len(best) > 1 and best[0][0] == best[1][0]:
        firsts = [entry[1] for entry in best if entry[0] == best[0][0]]
        favoured = [entry for entry in firsts if entry.partition(".")[0] in _COM_ONLY]
        return favoured[0] if len(favoured) == 1 else None
    return best[0][1]


def _slip(brand: str, other: str) -> int | None:
    """How many slips lead from ``other`` to ``brand``, or None where they are too many to be slips.

    One is allowed, two in long names, and in shorter ones where the same letters stand in another order.
    """
    distance = _distance(brand, other, 2)
    if distance <= 1:
        return distance
    if distance > 2 or brand[0] != other[0]:
        return None
    if len(other) >= 9 or (len(other) >= 6 and set(brand) == set(other)):
        return distance
    return None


def _twin(brand: str, short: str) -> bool:
    """Whether a name has one key twice, or two keys of four or more swapped: other slips of it are names of their own."""
    if len(brand) == len(short) + 1:
        return any(
            brand[:i] + brand[i + 1 :] == short and brand[i] == brand[i - 1] for i in range(1, len(brand))
        )
    return (
        len(brand) == len(short) >= 4 and sorted(brand) == sorted(short) and _distance(brand, short, 1) == 1
    )


def _distance(left: str, right: str, cutoff: int) -> int:
    return _damerau_levenshtein()(left, right, score_cutoff=cutoff)


@cache
def _damerau_levenshtein() -> Callable[..., int]:
    """Loaded when names are first compared: it takes ten milliseconds of a start."""
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance

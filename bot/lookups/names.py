"""May this name or address be asked about? Names in pasted text are hostile until they passed here.

Documentation names and addresses (RFC 2606, 5737, 3849, 9637) pass like any other: examples live there.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import idna

type_of_address = IPv4Address | IPv6Address

# Names that never leave the house: RFC 6761, 6762, 8375, 7686, and the ones that ICANN keeps out of
# the root because so many companies use them inside (SAC 113 and the name collision list).
INTERNAL_SUFFIXES = frozenset(
    {"local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "onion"}
)
_INTERNAL_ENDINGS = (".home.arpa",)
_DOCUMENTATION = tuple(
    ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class NotAskable(ValueError):
    """The name or address must not be asked about; the text says why, for people."""


def public_name(text: str, *, any_letters: bool = False) -> str:
    """Return ``text`` as a lower-case ASCII domain name without the last dot, ready for a query.

    International names come back as IDNA 2008 A-labels (RFC 5891, with the UTS 46 mapping that
    browsers use). Raises NotAskable for what is no domain name, for single labels, for names of inner
    networks and for IP addresses. ``any_letters`` lets every printable ASCII character stand in a label,
    as DNS itself does (RFC 2181 section 11): SPF macros make such names.
    """
    name = text.strip().removesuffix(".")
    if not name or len(name) > 253:
        raise NotAskable("not a domain name")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise NotAskable("not a valid international domain name") from None
    name = name.lower()
    labels = name.split(".")
    if len(name) > 253 or any(not 0 < len(label) <= 63 for label in labels):
        raise NotAskable("not a domain name")
    for label in labels:
        if any_letters and all(" " <= character <= "~" for character in label):
            continue
        if not _LETTERS.issuperset(label) or label.startswith("-") or label.endswith("-"):
            raise NotAskable("not a domain name")
    if len(labels) < 2:
        raise NotAskable("a single-label name, not a public one")
    if labels[-1].isdigit():
        raise NotAskable("an address, not a name")
    if labels[-1] in INTERNAL_SUFFIXES or ("." + name).endswith(_INTERNAL_ENDINGS):
        raise NotAskable("a name of an inner network")
    return name


def public_address(text: str) -> type_of_address:
    """Return the IP address in ``text``. Raises NotAskable for what is none, and for private, loopback,
    link-local, multicast and other reserved addresses, save the documentation ranges."""
    try:
        address = ip_address(text.strip().removeprefix("[").removesuffix("]").removeprefix("IPv6:"))
    except ValueError:
        raise NotAskable("not an IP address") from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not is_public(address):
        raise NotAskable("a private or reserved address")
    return address


def is_public(address: type_of_address) -> bool:
    if any(address in net for net in _DOCUMENTATION):
        return True
    return address.is_global and not address.is_multicast

"""Does a sending address have a name of its own that leads back to it?

The check ``ptr`` (subject: the IP address; values: the names, the confirmed first): found, with the reason
``None`` (confirmed: the name leads back, RFC 8601 section 3), ``unconfirmed`` or ``generic`` (confirmed,
but made from the address or named like a dynamic line); absent, with the reason ``nxdomain`` or ``nodata``.
"""

import asyncio
from ipaddress import IPv4Address

from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, no_answer, skipped, unanswered
from bot.lookups.kit import Kit
from bot.lookups.mx import addresses_of
from bot.lookups.names import NotAskable, public_address, type_of_address

MAX_NAMES = 5
# Words by which providers name lines of customers; receivers refuse by such words too.
# fmt: off
_DYNAMIC_WORDS = frozenset(
    {
        "dyn", "dynamic", "dynip", "dhcp", "pool", "pools", "ppp", "pppoe", "dsl", "adsl", "vdsl",
        "xdsl", "cable", "dial", "dialup", "dialin", "broadband", "dip", "cpe", "catv", "fttx",
        "ftth", "wireless", "mobile", "lte", "user", "client", "clients", "home", "residential"
    }
)
# fmt: on


async def check(kit: Kit, question: Question) -> Answer:
    asked = f"PTR of {question.subject}"
    try:
        address = public_address(question.subject)
    except NotAskable as error:
        return skipped(question, asked, str(error))
    reply = await kit.queries.query(address.reverse_pointer, "PTR")
    if reply.outcome is Outcome.ABSENT:
        return absent(question, f"{asked}: none, the address has no name", reply.reason)
    if reply.outcome is not Outcome.FOUND:
        return no_answer(question, asked, reply)
    names = reply.targets[:MAX_NAMES]
    forward = await asyncio.gather(*(addresses_of(kit.queries, name) for name in names))
    confirmed = [name for name, back in zip(names, forward, strict=True) if str(address) in back.found]
    if not confirmed:
        failed = next((f.failed for f in forward if f.failed), None)
        if failed is not None:
            return unanswered(question, f"{asked}: {names[0]}; the way back", failed.reason)
        return found(question, f"{asked}: {names[0]}, which does not lead back to it", names, "unconfirmed")
    ordered = (*confirmed, *(name for name in names if name not in confirmed))
    if all(is_generic(name, address) for name in confirmed):
        return found(question, f"{asked}: {confirmed[0]}, confirmed, but a generic name", ordered, "generic")
    return found(question, f"{asked}: {confirmed[0]}, which leads back to it", ordered)


def is_generic(name: str, address: type_of_address) -> bool:
    """Is the name made from the address (in whatever order and form), or does it say "dynamic"?"""
    words = [word for word in name.lower().replace(".", "-").replace("_", "-").split("-") if word]
    if any(word.rstrip("0123456789") in _DYNAMIC_WORDS for word in words):
        return True
    if not isinstance(address, IPv4Address):
        return address.exploded.replace(":", "")[16:] in name.replace(".", "").replace("-", "")
    octets = [str(octet) for octet in address.packed]
    numbers = [word.lstrip("0") or "0" for word in words if word.isdigit()]
    # Words such as "ip203" or "h9" hold an octet too.
    numbers_inside = ["".join(c for c in word if c.isdigit()).lstrip("0") or "0" for word in words]
    for found_numbers in (numbers, numbers_inside):
        for wanted in (octets, octets[::-1], octets[1:], octets[:0:-1]):
            if _contains(found_numbers, wanted):
                return True
    whole = "".join(f"{octet:03d}" for octet in address.packed)
    return address.packed.hex() in name.lower() or whole in name or "".join(octets) in words


def _contains(words: list[str], wanted: list[str]) -> bool:
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1))

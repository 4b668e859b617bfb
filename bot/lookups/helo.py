"""Is a HELO name one that a receiver can accept?

The check ``helo`` (subject: the name; about: the sending IP or None; values: its addresses): found, with
the reason ``None`` (it leads to the sending IP, or that is not known) or ``other-address``; absent with
``no-address``. RFC 5321 section 4.1.4 wants a name that resolves; many receivers refuse one that does not.
"""

from ipaddress import ip_address

from bot.core.model import Answer, Question
from bot.lookups.answers import absent, found, no_answer
from bot.lookups.kit import Kit
from bot.lookups.mx import addresses_of


async def check(kit: Kit, question: Question) -> Answer:
    name, ip = question.subject, question.about
    asked = f"HELO name {name}"
    addresses = await addresses_of(kit.queries, name)
    own = _plain(ip) if ip else None
    if own is not None and own in addresses.found:
        return found(question, f"{asked}: it leads to {own}", addresses.found)
    if addresses.failed:
        return no_answer(question, asked, addresses.failed)
    if not addresses.found:
        return absent(question, f"{asked}: it has no address", "no-address")
    listed = ", ".join(addresses.found[:3])
    if own is None:
        return found(question, f"{asked}: {listed}", addresses.found)
    return found(question, f"{asked}: {listed}, not {own}", addresses.found, "other-address")


def _plain(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None

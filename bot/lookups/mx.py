"""Where does mail for a domain go? Its MX records, and whether the hosts behind them can be reached.

Outcomes of the check ``mx`` (subject: the domain; values: the mail hosts, the preferred first): found, with
the reason ``None``, ``implicit-mx`` (no MX, the domain's own address takes mail, RFC 5321 section 5.1),
``no-address`` (no mail host has one), ``private-address`` (all of them are private) or ``cname`` (an MX
points to an alias, forbidden by RFC 2181 section 10.3); absent, with the reason ``nxdomain``, ``nodata``
(neither MX nor address) or ``null-mx`` (RFC 7505).
"""

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address

from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, no_answer
from bot.lookups.kit import Kit
from bot.lookups.names import is_public
from bot.lookups.resolver import Queries, Reply

MAX_HOSTS = 8  # a domain with more is served by the first ones already


async def check(kit: Kit, question: Question) -> Answer:
    domain = question.subject
    asked = f"MX of {domain}"
    reply = await kit.queries.query(domain, "MX")
    if reply.outcome is Outcome.FOUND:
        hosts = hosts_of(reply)
        if not hosts:
            return absent(question, f"{asked}: null MX, the domain accepts no mail at all", "null-mx")
        fate = await _fate(kit.queries, hosts)
        return found(
            question, f"{asked}: {', '.join(hosts[:4])}{_more(hosts)}{fate.words}", hosts, fate.reason
        )
    if reply.outcome is not Outcome.ABSENT:
        return no_answer(question, asked, reply)
    if reply.reason == "nxdomain":
        return absent(question, f"{asked}: the domain does not exist (NXDOMAIN)", "nxdomain")
    addresses = await addresses_of(kit.queries, domain)
    if addresses.found:
        return found(
            question,
            f"{asked}: none, but the domain has an address ({addresses.found[0]}) that takes its mail",
            (domain,),
            "implicit-mx",
        )
    if addresses.failed:
        return no_answer(question, f"{asked}: none; its address", addresses.failed)
    return absent(question, f"{asked}: none, and the domain has no address either", "nodata")


def hosts_of(reply: Reply) -> tuple[str, ...]:
    """The mail hosts of a found MX reply, the preferred first; none for a null MX."""
    return tuple(dict.fromkeys(host for _, host in reply.exchanges if host))


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """The IPv4 and IPv6 addresses of one host."""

    found: tuple[str, ...]
    failed: Reply | None = None
    """The first reply that was not answered; then ``found`` may not be all. A name that cannot exist in
    public DNS (``localhost``) simply has no address."""
    canonical: str = ""


async def addresses_of(queries: Queries, host: str) -> Addresses:
    replies = await asyncio.gather(queries.query(host, "A"), queries.query(host, "AAAA"))
    undecided = (reply for reply in replies if reply.outcome is Outcome.UNANSWERED)
    return Addresses(
        found=tuple(address for reply in replies for address in reply.addresses),
        failed=next(undecided, None),
        canonical=next((reply.canonical for reply in replies if reply.canonical), host),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fate:
    reason: str | None = None
    words: str = ""


async def _fate(queries: Queries, hosts: tuple[str, ...]) -> _Fate:
    looked_up = await asyncio.gather(*(addresses_of(queries, host) for host in hosts[:MAX_HOSTS]))
    if all(not addresses.found and not addresses.failed for addresses in looked_up):
        return _Fate(reason="no-address", words="; none of these hosts has an address")
    every = [address for addresses in looked_up for address in addresses.found]
    complete = not any(addresses.failed for addresses in looked_up)
    if every and complete and not any(is_public(ip_address(address)) for address in every):
        return _Fate(reason="private-address", words=f"; only private addresses ({every[0]})")
    for host, addresses in zip(hosts, looked_up, strict=False):
        if addresses.canonical != host and addresses.found:
            return _Fate(
                reason="cname", words=f"; {host} is an alias of {addresses.canonical}, which RFC 2181 forbids"
            )
    lost = [host for host, a in zip(hosts, looked_up, strict=False) if not a.found and not a.failed]
    return _Fate(words=f"; without an address: {', '.join(lost)}" if lost else "")


def _more(hosts: tuple[str, ...]) -> str:
    return f" and {len(hosts) - 4} more" if len(hosts) > 4 else ""

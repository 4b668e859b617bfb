"""Is a host one of a domain's mail servers? That tells a moved domain from a server that forgot it.

The check ``mx-host``: subject is the host (or IP address) that refused, about is the domain; values: the
domain's mail hosts. Found, with the reason ``name`` (it is an MX by name), ``address`` (it shares an
address with one), ``provider`` (both belong to one provider of knowledge/providers.yaml) or ``organization``
(both are under one registrable domain); absent when it is none of that; the last two are weaker.
"""

import asyncio
from ipaddress import ip_address

from bot.core.model import Answer, Outcome, Question
from bot.core.provider import provider_of
from bot.lookups.answers import absent, found, no_answer, skipped
from bot.lookups.kit import Kit
from bot.lookups.mx import MAX_HOSTS, addresses_of, hosts_of
from bot.lookups.names import NotAskable, public_address, public_name
from bot.lookups.organization import registrable


async def check(kit: Kit, question: Question) -> Answer:
    host, domain = question.subject, question.about or ""
    asked = f"Is {host} a mail server of {domain}?"
    try:
        own_addresses: set[str] = {str(public_address(host))} if _is_ip(host) else set()
        host = host if own_addresses else public_name(host)
    except NotAskable as error:
        return skipped(question, asked, str(error))
    reply = await kit.queries.query(domain, "MX")
    if reply.outcome not in (Outcome.FOUND, Outcome.ABSENT):
        return no_answer(question, asked, reply)
    hosts = hosts_of(reply) if reply.outcome is Outcome.FOUND else (domain,)
    if reply.reason == "nxdomain":
        return absent(question, f"{asked} {domain} does not exist (NXDOMAIN)", "nxdomain")
    if not hosts:
        return absent(question, f"{asked} No: {domain} has a null MX and accepts no mail", "null-mx")
    listed = ", ".join(hosts[:4])
    if host in hosts:
        return found(question, f"{asked} Yes, an MX by name", hosts, "name")
    ours, *theirs = await asyncio.gather(
        addresses_of(kit.queries, host), *(addresses_of(kit.queries, mx) for mx in hosts[:MAX_HOSTS])
    )
    own_addresses |= set(ours.found)
    for mx, addresses in zip(hosts, theirs, strict=False):
        if shared := own_addresses.intersection(addresses.found):
            return found(question, f"{asked} Yes, it shares {min(shared)} with the MX {mx}", hosts, "address")
    provider = provider_of(kit.catalogue, host=host)
    for mx in hosts:
        if provider is not None and provider == provider_of(kit.catalogue, host=mx):
            return found(
                question, f"{asked} It belongs to {provider}, as the MX {mx} does", hosts, "provider"
            )
        if registrable(host) is not None and registrable(host) == registrable(mx):
            return found(
                question,
                f"{asked} It belongs to {registrable(host)}, as the MX {mx} does",
                hosts,
                "organization",
            )
    # Only a complete look is a no: an address that could not be asked for may be the shared one.
    undecided = next((a.failed for a in (ours, *theirs) if a.failed), None)
    if undecided is not None:
        return no_answer(question, asked, undecided)
    return absent(question, f"{asked} No, its mail goes to {listed}", "other-hosts", hosts)


def _is_ip(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True

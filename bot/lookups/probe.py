"""Can DNS and the blocklists be asked from this machine? For ``fivefifty doctor``."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import SettingError
from bot.core.evidence.listings import Entry, default_lists
from bot.core.model import Catalogue, Outcome
from bot.lookups.answers import why
from bot.lookups.blocklists import Lists
from bot.lookups.resolver import CANARY, Queries, Resolver

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """One thing that was tried."""

    good: bool
    text: str
    mend: str = ""
    """What to do; empty where nothing is to be done."""


async def probe_dns(settings: "Settings", catalogue: Catalogue) -> tuple[Probe, ...]:
    """Try the resolver, then the self-test of each default list (RFC 5782 section 5). Takes a few seconds
    at most.

    A minor list that cannot be asked is said, but is no failure.
    """
    try:
        resolver = Resolver.from_settings(settings)
    except SettingError as error:
        return (Probe(good=False, text=str(error), mend="Put an IP address into DNS_SERVERS"),)
    try:
        servers = ", ".join(f"{host}:{port}" for host, port in resolver.servers) or "none"
        reply = await resolver.query(CANARY, "SOA")
        if reply.outcome is not Outcome.FOUND:
            silent = reply.outcome is Outcome.UNANSWERED
            what = (
                f"does not answer ({servers}): {why(reply.reason)}"
                if silent
                else f"({servers}) knows no public names"
            )
            mend = "Set DNS_SERVERS to a resolver that this machine can reach, best one of your own"
            return (Probe(good=False, text=f"DNS {what}", mend=mend),)
        lists = Lists(settings.spamhaus_dqs_key)
        entries = [*default_lists(catalogue, "ip"), *default_lists(catalogue, "domain")]
        tried = await asyncio.gather(*(_try(lists, resolver, entry) for entry in entries))
    finally:
        await resolver.close()
    return (Probe(good=True, text=f"DNS answers ({servers})"), *tried)


async def _try(lists: Lists, resolver: Resolver, entry: Entry) -> Probe:
    health = await lists.health(Queries(resolver), entry)
    name = f"{entry['name']} ({entry['zone']})"
    if health.healthy:
        return Probe(good=True, text=f"{name} can be asked")
    minor = entry.get("weight") == "low"
    mend = "Use a resolver of your own (DNS_SERVERS): lists refuse public ones"
    if entry.get("keyed_zone"):
        mend += ", or set SPAMHAUS_DQS_KEY (free at Spamhaus)"
    text = f"{name} cannot be asked: {health.words}" + ("; it is a minor list" if minor else "")
    return Probe(good=minor, text=text, mend="" if minor else mend)

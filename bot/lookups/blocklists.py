"""Is an address or a domain on a DNS blocklist (RFC 5782)?

The check ``blocklist`` (subject: the IP or domain; about: the zone; values: the 127.0.0.x codes): found,
with the reason ``listed``, ``weak`` or ``policy``; absent; unanswered where the list refuses this resolver,
fails its own test entries, gives a code that is in no table, or is silent. A list that fails its self-test
is not asked about anybody: then neither "listed" nor "not listed" would mean a thing.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address

from bot.core.evidence.listings import Entry, entry_for, read_codes, subject_type
from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, line, skipped, unanswered, why
from bot.lookups.kit import Kit
from bot.lookups.names import NotAskable, public_address, public_name
from bot.lookups.organization import registrable
from bot.lookups.resolver import Queries, Reply

HEALTHY_FOR = 3600.0
UNHEALTHY_FOR = 300.0
SILENT_FOR = 60.0  # a time-out may have been ours
EMPTY = "empty"
# RFC 5782 section 5.
_TEST_POINTS = {
    "ipv4": ("127.0.0.2", "127.0.0.1"),
    "ipv6": ("::ffff:7f00:2", "::ffff:7f00:1"),
    "domain": ("test", "invalid"),
}


async def check(kit: Kit, question: Question) -> Answer:
    entry = entry_for(kit.catalogue, question.about)
    if entry is None:
        return skipped(question, f"{question.about} for {question.subject}", "its codes are not known here")
    return await kit.lists.ask(kit.queries, entry, question)


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What the self-test of one zone through this resolver showed."""

    healthy: bool
    words: str = ""
    reason: str = ""


class Lists:
    """What is known about the lists: which can be asked from here. Shared by all diagnoses.

    ``key`` is a Spamhaus DQS key. It becomes part of the queried name, and of nothing else: no detail,
    no log line and no error shows it.
    """

    def __init__(self, key: str | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key
        self._clock = clock
        self._known: dict[str, tuple[float, Health]] = {}
        self._testing: dict[str, asyncio.Task[Health]] = {}

    async def ask(self, queries: Queries, entry: Entry, question: Question) -> Answer:
        name, subject = str(entry.get("zone") or entry["id"]), question.subject
        asked = f"{name} for {subject}"
        if entry.get("ask") == "never" or not entry.get("zone"):
            return skipped(question, asked, "this list must not be asked")
        if "key" in entry.get("needs", ()) and not self._has_key(entry):
            return skipped(question, asked, "it answers only with a key")
        try:
            label = label_for(entry, subject)
        except NotAskable as error:
            return skipped(question, asked, str(error))
        health = await self.health(queries, entry)
        if not health.healthy and health.reason != EMPTY:
            return unanswered(question, asked, health.reason if health.reason in _DNS else health.words)
        zone = self._zone(entry)
        reply = await queries.query(f"{label}.{zone}", "A")
        if reply.outcome is Outcome.ABSENT:
            if not health.healthy:  # it calls nobody listed, so its "no" means nothing
                return unanswered(question, asked, health.words)
            return absent(question, f"{asked}: not listed", reply.reason)
        if reply.outcome is not Outcome.FOUND:
            return unanswered(question, asked, reply.reason)
        verdict = read_codes(entry, reply.addresses)
        codes = ", ".join(reply.addresses[:4])
        if verdict.outcome is Outcome.ABSENT:
            return absent(question, f"{asked}: {codes}, {verdict.words}", verdict.reason)
        if verdict.outcome is not Outcome.FOUND:
            return replace(unanswered(question, asked, verdict.words), reason=verdict.reason)
        text = await self._why(queries, f"{label}.{zone}")
        return found(
            question, f"{asked}: listed, {codes} ({verdict.words}){text}", reply.addresses, verdict.reason
        )

    async def health(self, queries: Queries, entry: Entry) -> Health:
        """The self-test of the zone, remembered for an hour; equal tests in flight are one."""
        zone = self._zone(entry)
        known = self._known.get(zone)
        if known is not None and known[0] > self._clock():
            return known[1]
        task = self._testing.get(zone)
        if task is None:
            task = asyncio.create_task(self._test(queries, entry, zone))
            self._testing[zone] = task
            task.add_done_callback(lambda _: self._testing.pop(zone, None))
        return await asyncio.shield(task)

    async def _test(self, queries: Queries, entry: Entry, zone: str) -> Health:
        *listed, unlisted = test_labels(entry)
        # Not through the limit of one diagnosis: all of them share the verdict.
        *must, must_not = await asyncio.gather(
            *(queries.unlimited(f"{label}.{zone}", "A") for label in (*listed, unlisted))
        )
        # A list has its own test entry or that of the RFC; one of them is enough.
        health = _judge(
            entry, next((reply for reply in must if reply.outcome is Outcome.FOUND), must[0]), must_not
        )
        lasts = HEALTHY_FOR if health.healthy else SILENT_FOR if health.reason in _DNS else UNHEALTHY_FOR
        self._known[zone] = (self._clock() + lasts, health)
        return health

    async def _why(self, queries: Queries, name: str) -> str:
        """The list's own words, for people: one line, shortened, never parsed."""
        reply = await queries.query(name, "TXT")
        text = " ".join(reply.texts)
        if self._key:
            text = text.replace(self._key, "…")
        return f": “{line(text, 160)}”" if text else ""

    def _zone(self, entry: Entry) -> str:
        if self._has_key(entry):
            return str(entry["keyed_zone"]).replace("{key}", str(self._key))
        return str(entry["zone"])

    def _has_key(self, entry: Entry) -> bool:
        return bool(self._key and entry.get("keyed_zone") and entry.get("key_setting") == "SPAMHAUS_DQS_KEY")


# Replies that say nothing about the zone itself.
_DNS = frozenset(
    {
        "timeout",
        "servfail",
        "refused",
        "unreachable",
        "malformed",
        "limit",
        "lame",
        "loop",
        "formerr",
        "cut-off",
    }
)


def label_for(entry: Entry, subject: str) -> str:
    """What stands before the zone: the reversed address, or the domain.

    Raises NotAskable for what the list does not hold, and for private addresses and inner names.
    """
    kind = subject_type(subject)
    takes = entry.get("subjects", ())
    if kind != "domain":
        if kind not in takes:
            raise NotAskable(
                "the list holds domains only" if "domain" in takes else f"the list holds no {kind} addresses"
            )
        address = public_address(subject)
        if subject_type(str(address)) not in takes:
            raise NotAskable("the list does not hold such addresses")
        return reverse(str(address))
    if "domain" not in takes and "host" not in takes:
        raise NotAskable("the list holds addresses only")
    name = public_name(subject)
    return name if "host" in takes else registrable(name) or name


def reverse(address: str) -> str:
    """``99.2.0.192`` for ``192.0.2.99``; 32 nibbles for IPv6 (RFC 5782 sections 2.1 and 2.4)."""
    return ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


def test_labels(entry: Entry) -> tuple[str, ...]:
    """The labels of the entries that must be listed, one of them at least, and last of the one that must
    not.
    """
    takes = entry.get("subjects", ())
    kind = "ipv4" if "ipv4" in takes else "ipv6" if "ipv6" in takes else "domain"
    own = entry.get("test") or {}
    must, must_not = _TEST_POINTS[kind]
    points = (*dict.fromkeys((own.get("listed", must), must)), own.get("unlisted", must_not))
    return points if kind == "domain" else tuple(reverse(point) for point in points)


def _judge(entry: Entry, must: Reply, must_not: Reply) -> Health:
    for reply in (must, must_not):
        if reply.outcome in (Outcome.UNANSWERED, Outcome.SKIPPED):
            reason = reply.reason or "timeout"
            return Health(healthy=False, reason=reason, words=why(reason))
    if must.outcome is Outcome.FOUND:
        verdict = read_codes(entry, must.addresses)
        if verdict.outcome is not Outcome.FOUND and verdict.reason != "not-a-listing":
            return Health(healthy=False, reason=verdict.reason or "", words=f"the list {verdict.words}")
    if must_not.outcome is Outcome.FOUND:
        return Health(
            healthy=False, reason="wildcard", words="the list calls everything listed: dead or parked"
        )
    if must.outcome is Outcome.ABSENT:
        return Health(
            healthy=False,
            reason=EMPTY,
            words="the list does not know its own test entry: empty, or it refuses this resolver silently",
        )
    return Health(healthy=True)

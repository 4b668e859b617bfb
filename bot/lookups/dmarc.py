"""What does a domain ask receivers to do with mail that is not authenticated?

The check ``dmarc`` (subject: the domain after From:; values: the record, ``at=DOMAIN`` where it stands,
``organization=DOMAIN``, and ``suffix-list=DOMAIN`` where the Public Suffix List gives another one): found, with the policy in force as reason (``none``, ``quarantine``, ``reject``)
or ``broken``; absent with ``nodata``. Policy and organisational domain are found by the DNS tree walk of
RFC 9989 section 4.10, which took the place of the Public Suffix List in RFC 7489; receivers that still go by
that list are told of where it makes a difference.
"""

from dataclasses import dataclass

from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, no_answer
from bot.lookups.kit import Kit
from bot.lookups.names import NotAskable, public_name
from bot.lookups.organization import registrable
from bot.lookups.resolver import Queries, Reply

MAX_LABELS = 8  # RFC 9989 section 4.10: longer names jump to seven labels, so no more than eight queries
_POLICIES = ("none", "quarantine", "reject")
Record = tuple[str, dict[str, str], str]
"""Where a valid record stands, its tags, and its text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """The DMARC records at a domain and above it."""

    records: tuple[Record, ...] = ()
    """The nearest first."""
    failed: Reply | None = None
    several: str | None = None
    """A domain that publishes more than one record, which counts as none."""


async def check(kit: Kit, question: Question) -> Answer:
    asked = f"DMARC of {question.subject}"
    try:
        domain = public_name(question.subject)
    except NotAskable as error:
        return no_answer(
            question, asked, Reply(name="", rdtype="TXT", outcome=Outcome.SKIPPED, reason=str(error))
        )
    walk = await tree_walk(kit.queries, domain)
    if walk.failed is not None:
        return no_answer(question, asked, walk.failed)
    organization = organizational_domain(domain, walk)
    chosen = record_for(domain, walk)
    if chosen is None:
        extra = f"; {walk.several} has several, which count as none" if walk.several else ""
        return absent(question, f"{asked}: no DMARC record{extra}", "several" if walk.several else "nodata")
    where, tags, text = chosen
    values: tuple[str, ...] = (text, f"at={where}", f"organization={organization}")
    policy = policy_in_force(tags, own=where == domain)
    at = "" if where == domain else f", from {where}"
    by_list = registrable(domain)
    if by_list not in (None, organization):
        values = (*values, f"suffix-list={by_list}")
        if where not in (domain, by_list):
            at += f" (receivers that go by the Public Suffix List look at {by_list} instead)"
    if policy is None:
        return found(
            question, f"{asked}: {text[:120]}{at}: no valid policy, so it asks for nothing", values, "broken"
        )
    return found(question, f"{asked}: policy {policy}{at} ({text[:120]})", values, policy)


def record_for(domain: str, walk: Walk) -> Record | None:
    """The record that counts for a domain: its own, else that of its organisation, else the highest one
    (RFC 9989 section 4.10.1)."""
    organization = organizational_domain(domain, walk)
    return (
        next((record for record in walk.records if record[0] == domain), None)
        or next((record for record in walk.records if record[0] == organization), None)
        or (walk.records[-1] if walk.records else None)
    )


async def tree_walk(queries: Queries, domain: str) -> Walk:
    """Collect the records from ``domain`` upwards until one says ``psd=`` or no label is left."""
    records: list[Record] = []
    several = None
    labels = domain.split(".")
    while labels:
        name = ".".join(labels)
        reply = await queries.query(f"_dmarc.{name}", "TXT")
        if reply.outcome is Outcome.UNANSWERED:
            return Walk(records=tuple(records), failed=reply)
        texts = [text for text in reply.texts if is_record(text)]
        if len(texts) == 1:
            tags = read_tags(texts[0])
            records.append((name, tags, texts[0]))
            if tags.get("psd") in ("y", "n"):
                break
        elif texts and several is None:
            several = name
        labels = labels[-(MAX_LABELS - 1) :] if len(labels) >= MAX_LABELS else labels[1:]
    return Walk(records=tuple(records), several=several)


def organizational_domain(domain: str, walk: Walk) -> str:
    """RFC 9989 section 4.10.2: below a ``psd=y``, at a ``psd=n``, else where the highest record stands."""
    for name, tags, _ in walk.records:
        if tags.get("psd") == "n":
            return name
        if tags.get("psd") == "y" and name != domain:
            below = domain.removesuffix("." + name).rpartition(".")[2]
            return f"{below}.{name}"
    return walk.records[-1][0] if walk.records else domain


def policy_in_force(tags: dict[str, str], *, own: bool) -> str | None:
    """The policy for the domain itself (``own``) or for a subdomain; None where the record has no valid
    one.

    RFC 9989 section 4.7: a missing or wrong ``p`` counts as none where ``rua`` is given; ``t=y`` means
    testing, which lowers the policy by one.
    """
    policy = tags.get("p", "") if own else tags.get("sp", tags.get("p", ""))
    if policy not in _POLICIES:
        return "none" if "rua" in tags else None
    if tags.get("t") == "y":
        return _POLICIES[max(0, _POLICIES.index(policy) - 1)]
    return policy


def is_record(text: str) -> bool:
    head = text.partition(";")[0]
    name, _, version = head.partition("=")
    return name.strip() == "v" and version.strip() == "DMARC1"


def read_tags(text: str) -> dict[str, str]:
    """The tags of a record, names and policy words in lower case; the first of a repeated tag counts."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip().lower())
    return tags

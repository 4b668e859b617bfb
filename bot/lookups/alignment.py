"""Does a domain that SPF or DKIM vouches for count for the domain after From:? That is what DMARC asks.

The check ``alignment`` (subject: the domain after From:; about: ``spf:DOMAIN`` or ``dkim:DOMAIN``; values:
``mode=relaxed`` or ``mode=strict``, ``organization=DOMAIN`` of the From domain, ``theirs=DOMAIN`` of the other,
and ``suffix-list=aligned`` or ``suffix-list=unaligned`` where the Public Suffix List sees it the other way): found,
with the reason ``identical`` or ``organization``; absent with ``other-organization``, or with ``strict`` where only
the record's demand for the very same domain is in the way. Without a DMARC record there is nothing to align with:
skipped.

RFC 9989 sections 4.4 and 4.10.2: organisations are found by walking up the DNS tree. Receivers that still go by
RFC 7489 use the Public Suffix List.
"""

import asyncio

from bot.core.model import Answer, Question
from bot.lookups.answers import absent, found, no_answer, skipped
from bot.lookups.dmarc import organizational_domain, record_for, tree_walk
from bot.lookups.kit import Kit
from bot.lookups.names import NotAskable, public_name
from bot.lookups.organization import registrable

_NAMES = {"spf": "SPF", "dkim": "DKIM"}
_MODES = {"spf": "aspf", "dkim": "adkim"}


async def check(kit: Kit, question: Question) -> Answer:
    author = question.subject
    mechanism, _, other = (question.about or "").partition(":")
    asked = f"Does {_NAMES.get(mechanism, mechanism)} for {other} count for From {author}?"
    if mechanism not in _MODES:
        return skipped(question, asked, "no such mechanism")
    try:
        other = public_name(other)
    except NotAskable as error:
        return skipped(question, asked, str(error))
    own, theirs = await asyncio.gather(tree_walk(kit.queries, author), tree_walk(kit.queries, other))
    if own.failed is not None:
        return no_answer(question, asked, own.failed)
    record = record_for(author, own)
    if record is None:
        return skipped(question, asked, f"{author} has no DMARC record")
    strict = record[1].get(_MODES[mechanism]) == "s"
    mode = "mode=strict" if strict else "mode=relaxed"
    organization = organizational_domain(author, own)
    values: tuple[str, ...] = (mode, f"organization={organization}")
    if other == author:
        return found(
            question, f"{asked} Yes, it is the same domain", (*values, f"theirs={organization}"), "identical"
        )
    if theirs.failed is not None:
        # A strict record needs no organisation, but people do, to know what is in the way.
        return no_answer(question, asked, theirs.failed)
    foreign = organizational_domain(other, theirs)
    values = (*values, f"theirs={foreign}")
    same = foreign == organization
    if same and strict:
        demand = f"{_MODES[mechanism]}=s in the DMARC record of {record[0]} demands the very same domain"
        return absent(question, f"{asked} No: {demand}", "strict", values)
    hint = ""
    if not strict and _same_by_suffix_list(author, other) is not same:
        values = (*values, f"suffix-list={'unaligned' if same else 'aligned'}")
        hint = "; receivers that go by the Public Suffix List see it the other way"
    if same:
        return found(question, f"{asked} Yes, both belong to {organization}{hint}", values, "organization")
    words = f"No: another organisation ({foreign}, not {organization}){hint}"
    return absent(question, f"{asked} {words}", "other-organization", values)


def _same_by_suffix_list(one: str, other: str) -> bool:
    return registrable(one) is not None and registrable(one) == registrable(other)

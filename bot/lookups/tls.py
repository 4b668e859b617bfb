"""Does a domain tell senders to use verified TLS?

The check ``mta-sts`` (subject: the domain; values: any of ``mta-sts``, ``dane``, ``tlsrpt``): found where
MTA-STS (RFC 8461) or DANE (RFC 7672) is announced in DNS; absent with ``nodata`` where neither is, and with
``broken`` where an MTA-STS record is there that senders must take for none (RFC 8461 section 3.1). Only DNS is
read: the policy file behind an MTA-STS record is not fetched, DNSSEC is left to the resolver.
"""

import asyncio

from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, no_answer
from bot.lookups.kit import Kit
from bot.lookups.mx import hosts_of


async def check(kit: Kit, question: Question) -> Answer:
    domain = question.subject
    asked = f"TLS policy of {domain}"
    sts, report, mx = await asyncio.gather(
        kit.queries.query(f"_mta-sts.{domain}", "TXT"),
        kit.queries.query(f"_smtp._tls.{domain}", "TXT"),
        kit.queries.query(domain, "MX"),
    )
    tlsa = await asyncio.gather(*(kit.queries.query(f"_25._tcp.{host}", "TLSA") for host in hosts_of(mx)[:3]))
    values = []
    fault = sts_fault(sts.texts)
    if fault == "":
        values.append("mta-sts")
    if any(reply.outcome is Outcome.FOUND for reply in tlsa):
        values.append("dane")
    reports = has_reports(report.texts)
    tail = ("tlsrpt",) if reports else ()
    words = "; failures are reported (TLS-RPT)" if reports else ""
    broken = f"; the MTA-STS record is broken, so it counts as none: {fault}" if fault else ""
    if values:
        names = " and ".join(_NAMES[value] for value in values)
        return found(question, f"{asked}: {names} in DNS{words}{broken}", (*values, *tail))
    failed = next((r for r in (sts, mx, *tlsa) if r.outcome not in (Outcome.FOUND, Outcome.ABSENT)), None)
    if failed is not None:
        return no_answer(question, asked, failed)
    reason = "broken" if fault else "nodata"
    return absent(question, f"{asked}: neither MTA-STS nor DANE{words}{broken}", reason, tail)


_NAMES = {"mta-sts": "MTA-STS", "dane": "DANE"}


def sts_fault(texts: tuple[str, ...]) -> str | None:
    """What is wrong with the MTA-STS record: nothing (``""``), or no record (None).

    RFC 8461 section 3.1: one record that begins with ``v=STSv1;``, with an ``id`` of 1 to 32 letters and digits.
    """
    records = [text for text in texts if _version_is(text, "STSv1")]
    if not records:
        return None
    if len(records) > 1:
        return f"there are {len(records)} of them"
    id = _tags(records[0]).get("id", "")
    if not id:
        return "it has no id"
    return (
        "" if len(id) <= 32 and id.isascii() and id.isalnum() else "its id is not 1 to 32 letters and digits"
    )


def has_reports(texts: tuple[str, ...]) -> bool:
    """Is there a valid TLS-RPT record (RFC 8460 section 3): one alone, with an address for reports?"""
    records = [text for text in texts if _version_is(text, "TLSRPTv1")]
    return len(records) == 1 and _tags(records[0]).get("rua", "").lower().startswith(("mailto:", "https:"))


def _version_is(text: str, version: str) -> bool:
    head, semicolon, _ = text.partition(";")
    return bool(semicolon) and head.rstrip() == f"v={version}"


def _tags(text: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip(), value.strip())
    return tags

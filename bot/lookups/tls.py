"""Does a domain tell senders to use verified TLS?

The check ``mta-sts`` (subject: the domain; values: any of ``mta-sts``, ``tlsrpt``, ``dane``): found where
MTA-STS (RFC 8461) or DANE (RFC 7672) is announced in DNS; absent where neither is. Only DNS is read: the
policy file behind an MTA-STS record is not fetched, DNSSEC is left to the resolver.
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
    if any(text.startswith("v=STSv1") for text in sts.texts):
        values.append("mta-sts")
    if any(reply.outcome is Outcome.FOUND for reply in tlsa):
        values.append("dane")
    tail = ("tlsrpt",) if any(text.startswith("v=TLSRPTv1") for text in report.texts) else ()
    if values:
        return found(question, f"{asked}: {' and '.join(values)} in DNS", (*values, *tail))
    failed = next((r for r in (sts, mx, *tlsa) if r.outcome not in (Outcome.FOUND, Outcome.ABSENT)), None)
    if failed is not None:
        return no_answer(question, asked, failed)
    return absent(question, f"{asked}: neither MTA-STS nor DANE", "nodata", tail)

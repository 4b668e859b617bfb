"""Is there a DKIM key for a domain's signatures?

The check ``dkim`` (subject: the domain, about: the selector, or None for the usual ones; values: the
selectors with a key): found, with the reason ``None`` or ``revoked`` (an empty ``p=``, RFC 6376 section
3.6.1); absent where the named selector has no key. Selectors cannot be listed in DNS, so without a named
one a miss is unanswered, never absent.
"""

import asyncio

from bot.core.model import Answer, Outcome, Question
from bot.core.provider import provider_of
from bot.lookups.answers import absent, found, no_answer, unanswered
from bot.lookups.kit import Kit
from bot.lookups.mx import hosts_of

# The selectors that sending systems set up by themselves.
USUAL = (
    "default",
    "dkim",
    "mail",
    "selector1",
    "selector2",
    "google",
    "s1",
    "s2",
    "k1",
    "k2",
    "key1",
    "smtp",
)
MAX_SELECTORS = 20


async def check(kit: Kit, question: Question) -> Answer:
    domain, named = question.subject, question.about
    selectors = (named,) if named else await _likely(kit, domain)
    replies = await asyncio.gather(*(kit.queries.query(f"{s}._domainkey.{domain}", "TXT") for s in selectors))
    keys = {
        selector: tags
        for selector, reply in zip(selectors, replies, strict=True)
        for text in reply.texts
        if (tags := read_key(text)) is not None
    }
    asked = f"DKIM of {domain}" + (f", selector {named}" if named else "")
    alive = tuple(selector for selector, tags in keys.items() if tags["p"])
    if alive:
        return found(question, f"{asked}: key under {', '.join(alive)}", alive)
    if keys:
        return found(
            question,
            f"{asked}: the key under {', '.join(keys)} is revoked (empty p=)",
            tuple(keys),
            "revoked",
        )
    failed = next((r for r in replies if r.outcome not in (Outcome.FOUND, Outcome.ABSENT)), None)
    if failed is not None:
        return no_answer(question, asked, failed)
    if named:
        return absent(question, f"{asked}: no key", replies[0].reason or "no-key")
    return unanswered(
        question, asked, f"no key under {len(selectors)} usual selectors, it may be under another"
    )


def read_key(text: str) -> dict[str, str] | None:
    """The tags of a key record, or None for other text. ``v=`` may be missing, ``p=`` may not (RFC 6376
    3.6.1).
    """
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), "".join(value.split()))
    if "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return None
    return tags


async def _likely(kit: Kit, domain: str) -> tuple[str, ...]:
    """The selectors of the provider behind the domain's MX first, then the usual ones."""
    mx = await kit.queries.query(domain, "MX")
    own: list[str] = []
    for host in hosts_of(mx)[:2]:
        provider = kit.catalogue.providers.get(provider_of(kit.catalogue, host=host) or "")
        own += provider.dkim_selectors if provider else ()
    return tuple(dict.fromkeys([*own, *USUAL]))[:MAX_SELECTORS]

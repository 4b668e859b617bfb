"""Is the recipient's domain a slip of the pen, with a neighbour that does take mail? And who runs its mail?"""

from bot.core.evidence.case import Case, absent, found, listing
from bot.core.evidence.verdict import Finding
from bot.core.model import Link, Provider
from bot.core.provider import provider_of_mail

_MISSPELLED = (
    "no-such-user",
    "domain-not-found",
    "server-unreachable",
    "relay-denied",
    "mailbox-unavailable",
    "unknown",
)

_ASKS_FOR_REMOVAL = ("ip-blocklisted", "domain-blocklisted", "bad-reputation")
_ASKS_FOR_HELP = (
    "spf-failed",
    "dkim-failed",
    "dmarc-failed",
    "unauthenticated",
    "missing-ptr",
    "spam-content",
    "sender-blocked",
    "policy-violation",
    "rate-limited",
)


def neighbour_takes_mail(case: Case) -> Finding | None:
    """A well-known mail domain one slip away that has an MX, while the written one has none or is unknown
    there.

    The domains are those of knowledge/domains.yaml; RFC 5321 section 5.1 for what takes mail.
    """
    domain = case.facts.recipient_domain
    if not case.is_(*_MISSPELLED) or not domain:
        return None
    neighbour = next(
        (a for a in case.all("mx") if a.question.about == "neighbour" and found(a, None, "cname")), None
    )
    if neighbour is None or neighbour.question.subject == domain:
        return None
    near = neighbour.question.subject
    gone = absent(case.recipient_mx)
    return Finding(
        suggestion=near,
        reason=f"{domain} is one slip away from {near}, which takes mail"
        + (f", while {domain} does not." if gone else "."),
    )


def provider_behind_the_mx(case: Case) -> Finding | None:
    """The MX hosts belong to a provider of knowledge/providers.yaml: its own pages help further than general ones."""
    domain, mx = case.facts.recipient_domain, case.recipient_mx
    if (
        not case.is_(*_ASKS_FOR_REMOVAL, *_ASKS_FOR_HELP)
        or case.facts.provider
        or not domain
        or not found(mx)
    ):
        return None
    provider = case.catalogue.providers.get(provider_of_mail(case.catalogue, domain, mx.values) or "")
    if provider is None or case.rejection.receiving_side:
        return None
    return Finding(
        reason=f"Mail for {domain} is at {provider.name}, by its MX ({listing(mx.values, 1)}).",
        links=provider_links(provider, removal=case.is_(*_ASKS_FOR_REMOVAL)),
    )


def provider_links(provider: Provider, *, removal: bool) -> tuple[Link, ...]:
    """A provider's own pages for senders; its form for removal where that is what is needed."""
    links = []
    if provider.delisting and removal:
        links.append(Link(title=f"{provider.name}: ask for removal", url=provider.delisting))
    if provider.postmaster:
        links.append(Link(title=f"{provider.name}: help for senders", url=provider.postmaster))
    return tuple(links)


RULES = (neighbour_takes_mail, provider_behind_the_mx)

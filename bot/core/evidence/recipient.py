"""Is the recipient's domain a slip of the pen, with a neighbour that does take mail?"""

from bot.core.evidence.case import Case, absent, found
from bot.core.evidence.verdict import Finding

_MISSPELLED = (
    "no-such-user",
    "domain-not-found",
    "server-unreachable",
    "relay-denied",
    "mailbox-unavailable",
    "unknown",
)


def neighbour_takes_mail(case: Case) -> Finding | None:
    """A well-known mail domain one slip away that has an MX, while the written one has none or is unknown
    there.
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


RULES = (neighbour_takes_mail,)

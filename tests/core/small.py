"""A knowledge base of a few causes, for tests of single rules."""

from bot.core.model import Catalogue, Cause, Escalation, Party, Step, Variant


def cause(
    slug: str, family: str = "recipient", beats: tuple[str, ...] = (), party: Party = Party.SENDER
) -> Cause:
    return Cause(
        slug=slug,
        family=family,
        party=party,
        title=slug.replace("-", " ").capitalize(),
        summary="Something about {recipient}.",
        steps=(Step(text="Look at {recipient}."),),
        prevention=(),
        escalation=Escalation(when="it fails again", collect=("the whole reply",)),
        beats=beats,
    )


def variant(id: str, cause: str, text: str, *codes: str, party: Party | None = None) -> Variant:
    return Variant(
        id=id,
        cause=cause,
        text=text,
        source="test",
        example=f"{' '.join(codes)} {text}",
        codes=codes,
        party=party,
    )


def small_catalogue() -> Catalogue:
    causes = (
        cause("no-such-user"),
        cause("mailbox-full", beats=("unknown",)),
        cause("relay-denied", "routing"),
        cause("ip-blocklisted", "reputation"),
        cause("unknown", "none", party=Party.NOBODY),
        cause("not-a-bounce", "none", party=Party.NOBODY),
    )
    variants = (
        variant("any-user-unknown", "no-such-user", "user unknown", "550", "5.1.1"),
        variant("any-user-address-unknown", "no-such-user", "user <address> unknown", "550", "5.1.1"),
        variant("any-no-such-user-here", "no-such-user", "no such user here", "550"),
        variant("any-mailbox-full", "mailbox-full", "mailbox is full", "552", "5.2.2"),
        variant("any-over-quota", "mailbox-full", "over quota", "452", "4.2.2"),
        variant("any-try-again-later", "unknown", "try again later", "421"),
        variant("any-relaying-denied", "relay-denied", "relaying denied", "550", "5.7.1"),
        variant(
            "postfix-blocked-using",
            "ip-blocklisted",
            "Service unavailable; Client host <ip> blocked using zen.spamhaus.org",
            "554",
            "5.7.1",
        ),
        variant("any-host-not-found", "relay-denied", "<host> not found"),
    )
    return Catalogue(causes={entry.slug: entry for entry in causes}, variants=variants)

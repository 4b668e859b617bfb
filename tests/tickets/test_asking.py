"""Words to filters."""

import pytest

from bot.tickets.asking import filters_of
from bot.tickets.ticket import Filters, Status

CAUSES = {"mailbox-full", "no-such-user", "unknown"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Filters(open_only=True)),
        ("  open ", Filters(open_only=True)),
        ("all", Filters()),
        ("mine", Filters(person="U1")),
        ("mine open", Filters(person="U1", open_only=True)),
        ("<@U2>", Filters(person="U2")),
        ("<@U2|bob>", Filters(person="U2")),
        ("resolved", Filters(statuses=(Status.RESOLVED,))),
        ("Claimed, escalated", Filters(statuses=(Status.CLAIMED, Status.ESCALATED))),
        ("mailbox-full", Filters(cause="mailbox-full")),
        ("Unknown", Filters(cause="unknown")),
        ("unknown, open example.org", Filters(cause="unknown", open_only=True, domain="example.org")),
        ("mailbox-full user unknown", Filters(cause="mailbox-full", words="user unknown")),
        ("Example.ORG", Filters(domain="example.org")),
        ("Jane@Example.org", Filters(address="jane@example.org")),
        ("<jane@example.org>", Filters(address="jane@example.org")),
        ("203.0.113.9", Filters(ip="203.0.113.9")),
        ("2001:db8::1", Filters(ip="2001:db8::1")),
        ("user unknown", Filters(words="user unknown")),
        (
            "example.org user unknown open",
            Filters(domain="example.org", words="user unknown", open_only=True),
        ),
        ("@", Filters(words="@")),
        ("<!channel>", Filters(words="<!channel>")),
        ("...", Filters(words="...")),
    ],
)
def test_filters_of(words: str, expected: Filters) -> None:
    """Each word is the most particular filter that it can be; the rest is searched as text."""
    assert filters_of(words, me="U1", causes=CAUSES) == expected


@pytest.mark.parametrize("bait", ["a." * 100_000, "<@" * 100_000, "x" * 1_000_000, "a@" * 100_000])
def test_hostile_words(bait: str) -> None:
    """A megabyte of anything is read in no time and cut."""
    found = filters_of(bait, me="U1", causes=CAUSES)

    assert len(found.words) + len(found.domain or "") + len(found.address or "") <= 500

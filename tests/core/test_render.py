"""Rendering: the knowledge base's texts speak of this very case."""

import pytest

from bot.core.model import Facts, Provider
from bot.core.render import CHECKS, SLOT_WORDS, fill

PROVIDERS = {"google": Provider(id="google", name="Gmail")}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("Ask {recipient}.", Facts(recipient="a@example.org"), "Ask a@example.org."),
        ("Ask {recipient}.", Facts(), "Ask the recipient."),
        ("{provider} says no.", Facts(provider="google"), "Gmail says no."),
        ("{provider} says no.", Facts(), "The receiving provider says no."),
        ("Type {this} in.", Facts(), "Type {this} in."),
        ("Is it yours ({sending_ip})?", Facts(sending_ip="203.0.113.9"), "Is it yours (203.0.113.9)?"),
        ("Is it yours ({sending_ip})?", Facts(), "Is it yours?"),
        ("Type ({this}) in.", Facts(), "Type ({this}) in."),
        ("{recipient} is {recipient}", Facts(recipient="{sender}"), "{sender} is {sender}"),
    ],
    ids=[
        "fact",
        "no fact",
        "provider's name",
        "capital",
        "no slot",
        "aside",
        "no fact for an aside",
        "no slot in brackets",
        "a fact with braces",
    ],
)
def test_slots_are_filled(text: str, facts: Facts, expected: str) -> None:
    """Facts stand where they are known, plain words where not; what a fact holds is never a slot."""
    assert fill(text, facts, PROVIDERS) == expected


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        (
            "{check_sender_domain} tells.",
            Facts(sender_domain="example.org"),
            "fivefifty check example.org tells.",
        ),
        ("Run {check_sender_domain}.", Facts(), "Run fivefifty check DOMAIN."),
        ("Run {check_sending_ip}.", Facts(sending_ip="2001:db8::1"), "Run fivefifty check 2001:db8::1."),
        ("Run {check_sending_ip}.", Facts(), "Run fivefifty check ADDRESS."),
        ("Run {check_recipient_domain}.", Facts(recipient_domain="a;rm -r ."), "Run fivefifty check DOMAIN."),
        ("Run {check_recipient_domain}.", Facts(recipient_domain="$(x).org"), "Run fivefifty check DOMAIN."),
        (
            "Run {check_recipient_domain}.",
            Facts(recipient_domain="münchen.example"),
            "Run fivefifty check münchen.example.",
        ),
    ],
    ids=[
        "domain",
        "no domain",
        "IPv6",
        "no address",
        "a second command",
        "a substitution",
        "international name",
    ],
)
def test_a_command_names_what_to_check(text: str, facts: Facts, expected: str) -> None:
    """It can be copied as it stands, so nothing goes along that is no name or address."""
    assert fill(text, facts, PROVIDERS) == expected


def test_every_slot_is_a_fact() -> None:
    """Each slot is the name of a fact."""
    assert {*SLOT_WORDS, *(fact for fact, _ in CHECKS.values())} <= set(Facts.__dataclass_fields__)

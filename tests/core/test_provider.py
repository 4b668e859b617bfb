"""Who owns a host name, and whose words are these?"""

import pytest

from bot.core.model import Catalogue, Provider
from bot.core.provider import ProviderIndex, index_of, provider_of

CATALOGUE = Catalogue(
    causes={},
    variants=(),
    providers={
        provider.id: provider
        for provider in (
            Provider(id="google", name="Gmail", mx=("google.com",), domains=("gmail.com",), texts=("gsmtp",)),
            Provider(
                id="yahoo", name="Yahoo", mx=("yahoodns.net",), texts=("see https://senders.yahooinc.com",)
            ),
            Provider(id="aol", name="AOL", hosts=("mx-aol.mail.gm0.yahoodns.net",)),
            Provider(id="exim", name="Exim", texts=("Unrouteable address",)),
        )
    },
)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("gmail-smtp-in.l.google.com", "google"),
        ("GMAIL-SMTP-IN.L.GOOGLE.COM.", "google"),
        ("google.com", "google"),
        ("mta5.am0.yahoodns.net", "yahoo"),
        ("mx-aol.mail.gm0.yahoodns.net", "aol"),
        ("notgoogle.com", None),
        ("google.com.firm.example", None),
        ("mx.firm.example", None),
        ("198.51.100.7", None),
        ("", None),
    ],
)
def test_hosts(host: str, expected: str | None) -> None:
    """The longest suffix at a dot wins; part of a label is no suffix."""
    assert provider_of(CATALOGUE, host) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("550 5.7.1 no. ab12 - gsmtp", "google"),
        ("421 later, See HTTPS://senders.yahooinc.com/x", "yahoo"),
        ("550 Unrouteable address", "exim"),
        ("550 gsmtpd is another program", None),
        ("550 User unknown", None),
        ("", None),
    ],
)
def test_words(text: str, expected: str | None) -> None:
    """Literal words name the provider, in any case of letters, at the limits of words."""
    assert provider_of(CATALOGUE, text=text) == expected


def test_the_host_counts_more_than_the_words() -> None:
    """A reply of Yahoo that quotes Google's word is Yahoo's."""
    assert provider_of(CATALOGUE, "mta5.am0.yahoodns.net", "550 - gsmtp") == "yahoo"


def test_software_is_no_service() -> None:
    """Among those who refuse there is no mail server software: it runs at thousands of places."""
    assert ProviderIndex(CATALOGUE).by_text("Unrouteable address", services=True) is None


def test_the_index_is_kept() -> None:
    """One catalogue is indexed once."""
    assert index_of(CATALOGUE) is index_of(CATALOGUE)

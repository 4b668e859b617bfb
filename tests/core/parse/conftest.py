"""A small catalogue of our own: enough providers and mail domains to see what the parser does with them."""

import pytest

from bot.core.model import Catalogue, Provider


def small_catalogue() -> Catalogue:
    """Four providers, one mail server product, a few mail domains."""
    providers = [
        Provider(
            id="google",
            name="Gmail",
            mx=("google.com", "googlemail.com"),
            domains=("gmail.com", "googlemail.com"),
            texts=("gsmtp", "support.google.com/mail"),
        ),
        Provider(
            id="microsoft",
            name="Microsoft 365",
            mx=("protection.outlook.com",),
            hosts=("outlook.com", "office365.com"),
            domains=("outlook.com", "hotmail.com", "live.nl"),
            texts=("RESOLVER.ADR", "RESOLVER.RST"),
        ),
        Provider(id="gmx", name="GMX", mx=("gmx.net",), hosts=("gmx.net",), domains=("gmx.net", "gmx.de")),
        Provider(id="yahoo", name="Yahoo", mx=("yahoodns.net",), domains=("yahoo.com", "ymail.com")),
        Provider(id="postfix", name="Postfix", texts=("in virtual mailbox table",)),
    ]
    domains = "gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com gmx.net gmx.de web.de me.com mail.com"
    return Catalogue(
        causes={},
        variants=(),
        providers={provider.id: provider for provider in providers},
        mail_domains=frozenset(domains.split()),
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return small_catalogue()

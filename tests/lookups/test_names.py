"""Which names and addresses of pasted text may be asked about?"""

import pytest

from bot.lookups.names import NotAskable, public_address, public_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.ORG.", "example.org"),
        ("mail.rcpt.example", "mail.rcpt.example"),
        ("_dmarc.example.test", "_dmarc.example.test"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("例え.test", "xn--r8jz45g.test"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
    ids=[
        "case-and-dot",
        "documentation",
        "underscore",
        "idn",
        "idna-2008-not-2003",
        "japanese",
        "longest-label",
    ],
)
def test_a_public_name_is_made_ready(text: str, name: str) -> None:
    """Lower case, ASCII, no last dot."""
    assert public_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "..", "localhost", "mail", "exchange.local", "srv.corp", "nas.home.arpa", "x.onion",
        "db.internal", "a..example", "-a.example", "a-.example", "a b.example", "a\x00b.example",
        "a\nb.example", "a/b.example", "a" * 64 + ".example", "a." * 130 + "example", "192.0.2.1",
        "10.0.0.1", "<script>.example", "a@b.example", "＠.example", "\u202emoc.example",
        "xn--\u2603.example", "$(id).example", "*.example", "x" * 1_000_000,
    ],
)  # fmt: skip
def test_a_hostile_or_inner_name_is_turned_away(text: str) -> None:
    """Before any query."""
    with pytest.raises(NotAskable):
        public_name(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("[192.0.2.1]", "192.0.2.1"),
        ("[IPv6:2001:db8::1]", "2001:db8::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("8.8.8.8", "8.8.8.8"),
    ],
)
def test_a_public_or_documentation_address_passes(text: str, address: str) -> None:
    """In the forms that bounces have."""
    assert str(public_address(text)) == address


@pytest.mark.parametrize(
    "text",
    [
        "10.1.2.3", "192.168.0.1", "172.16.0.1", "127.0.0.1", "169.254.1.1", "224.0.0.1", "0.0.0.0",
        "255.255.255.255", "100.64.0.1", "::1", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1",
        "999.1.1.1", "1.2.3", "example.org", "",
    ],
)  # fmt: skip
def test_a_private_or_reserved_address_is_turned_away(text: str) -> None:
    """Blocklists and reverse zones are never asked about it."""
    with pytest.raises(NotAskable):
        public_address(text)

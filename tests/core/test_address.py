"""Faults of an address's form, and slips of well-known domains."""

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.address import suggest_domain, syntax_fault
from bot.core.model import Catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The real mail domains: what must never be corrected is a question of them all."""
    return load_catalogue()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "empty"),
        ("jo firm.example", "@ is missing"),
        ("jo.firm.example", "@ is missing"),
        (" jo@firm.example", "before or after"),
        ("jo@firm.example ", "before or after"),
        ("jo miller@firm.example", "a space"),
        ("jo@firm .example", "a space"),
        ("jo@firm,example", "comma"),
        ("jo,al@firm.example", "comma"),
        ("jo@al@firm.example", "two @"),
        ("jo@firm.example,al@firm.example", "two addresses"),
        ("jo..miller@firm.example", "two dots"),
        ("jo@firm..example", "two dots"),
        (".jo@firm.example", "beginning"),
        ("jo.@firm.example", "right before the @"),
        ("jo@.firm.example", "right after the @"),
        ("jo@firm.example.", "end"),
        ("@firm.example", "before the @"),
        ("jo@", "after the @"),
        ("'jo@firm.example'", "quotation mark"),
        ('jo"x@firm.example', "quotation mark"),
        ("jo@firm.example>", "bracket"),
        ("<jo@firm.example", "angle bracket"),
        ("jo@fi_rm!.example", "not allowed"),
        ("jo@-firm.example", "not allowed"),
        ("jo@firm☃︎.\u2fff", "no domain name"),
        ("x" * 65 + "@firm.example", "64"),
    ],
)
def test_faults_are_named(address: str, words: str) -> None:
    """Each fault has a plain sentence of its own."""
    fault = syntax_fault(address)

    assert fault is not None
    assert words in fault


@pytest.mark.parametrize(
    "address",
    [
        "jo@firm.example",
        "jo.miller+tag@sub.firm.example",
        "o'neill@firm.example",
        '"jo..miller"@firm.example',
        "jö@firm.example",
        "jo@bücher.example",
        "jo@例え.jp",
        "jo@xn--bcher-kva.example",
        "jo@[192.0.2.1]",
        "JO@FIRM.EXAMPLE",
        "a@b.co",
        "!#$%&*=?^{}~-/@firm.example",
    ],
)
def test_right_addresses_have_no_fault(address: str) -> None:
    """Unusual is not wrong: quoted, internationalised, tagged and literal addresses pass."""
    assert syntax_fault(address) is None


@pytest.mark.parametrize(
    ("domain", "right"),
    [
        ("gmial.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cmo", "gmail.com"),
        ("gmail.comm", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmailcom", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmali.com", "hotmail.com"),
        ("hotamil.com", "hotmail.com"),
        ("hotmil.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.com", "yahoo.com"),
        ("yahoo.cm", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("outllook.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("icloud.co", "icloud.com"),
        ("hotmial.fr", "hotmail.fr"),
        ("yaho.co.uk", "yahoo.co.uk"),
        ("t-onlin.de", "t-online.de"),
        ("freent.de", "freenet.de"),
        ("protonmial.com", "protonmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("comcats.net", "comcast.net"),
        ("wanado.fr", "wanadoo.fr"),
        ("liberro.it", "libero.it"),
        ("gmail,com", "gmail.com"),
        ("hotmail..com", "hotmail.com"),
        ("htomial.com", "hotmail.com"),
        ("outlokk.con", "outlook.com"),
        ("googlemial.com", "googlemail.com"),
        ("fasmtail.com", "fastmail.com"),
    ],
)
def test_slips_are_corrected(domain: str, right: str, catalogue: Catalogue) -> None:
    """One or two keys beside a well-known mail domain."""
    assert suggest_domain(domain, catalogue) == right


@pytest.mark.parametrize(
    "domain",
    [
        *[
            "gmail.com",
            "ymail.com",
            "gmx.net",
            "gmx.de",
            "gmx.ch",
            "gmx.at",
            "mail.com",
            "me.com",
            "mac.com",
            "live.nl",
            "live.com",
            "aol.com",
            "aol.de",
            "web.de",
        ],
        *[
            "googlemail.com",
            "hotmail.de",
            "hotmail.be",
            "hotmail.co.uk",
            "yahoo.de",
            "yahoo.co.jp",
            "yahoo.com.br",
            "outlook.pt",
            "outlook.com.au",
        ],
        *[
            "email.com",
            "fastmail.com",
            "mail.ru",
            "inbox.lv",
            "bk.ru",
            "list.ru",
            "qq.com",
            "163.com",
            "126.com",
            "sina.com",
            "naver.com",
            "proton.me",
            "pm.me",
        ],
        *[
            "example.org",
            "exampel.org",
            "firm.example",
            "shop.test",
            "localhost",
            "acme.com",
            "gmbh.de",
            "mails.com",
            "hotel.com",
            "male.com",
            "outlaw.com",
            "joymail.com",
            "popmail.com",
            "yopmail.com",
            "ghostmail.com",
            "homemail.com",
            "hockeymail.com",
            "flashmail.com",
            "imail.ru",
            "name.com",
            "locos.com",
        ],
        *[
            "yahoo-inc.com",
            "google.com",
            "microsoft.com",
            "amazon.com",
            "free.fr",
            "orange.fr",
            "sfr.fr",
            "libero.it",
            "alice.it",
            "tiscali.it",
        ],
        *[
            "cox.net",
            "att.net",
            "bell.net",
            "telus.net",
            "shaw.ca",
            "rogers.com",
            "zoho.com",
            "zoho.eu",
            "hey.com",
            "tutanota.com",
            "posteo.de",
        ],
        *["mail.de", "email.de", "freenet.com", "gmail.example", "icloud.example", "hotmail.example"],
        "",
        ".",
        "a",
        "x" * 5000 + ".com",
        "gmail",
    ],
)
def test_right_domains_are_left_alone(domain: str, catalogue: Catalogue) -> None:
    """A real domain, a company's own and a reserved name are never corrected."""
    assert suggest_domain(domain, catalogue) is None


def test_every_known_domain_is_left_alone(catalogue: Catalogue) -> None:
    """No domain of the knowledge base is a slip of another one."""
    corrected = [domain for domain in catalogue.mail_domains if suggest_domain(domain, catalogue)]

    assert corrected == []


def test_history_counts(catalogue: Catalogue) -> None:
    """A domain that the workspace has mailed is right, and near slips of it are corrected."""
    past = ("bigcustomer.com",)

    assert suggest_domain("bigcustomer.com", catalogue, past) is None
    assert suggest_domain("bigcustmoer.com", catalogue, past) == "bigcustomer.com"

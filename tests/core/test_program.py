"""Which mail program a bounce tells of, by the headers of the returned message or the program's own words."""

import time

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.program import program_in, program_in_words
from bot.diagnose import Diagnoser

DIAGNOSER = Diagnoser(load_catalogue())


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("X-Mailer: Microsoft Outlook 16.0", "outlook"),
        ("User-Agent: Mozilla Thunderbird", "thunderbird"),
        ("X-Mailer: Apple Mail (2.3774.500.171.1.1)", "apple-mail"),
        ("X-Mailer: iPhone Mail (21F90)", "iphone"),
        ("X-Mailer: iPad Mail (21F90)", "iphone"),
        ("User-Agent: Microsoft-MacOutlook/16.85.24051214", "outlook-mac"),
        ("> X-Mailer: iPhone Mail (21F90)", "iphone"),
        ("x-mailer:Apple Mail (3)", "apple-mail"),
        ("X-Mailer: Apple Mail (3)\nX-Mailer: Microsoft Outlook 16.0", "outlook"),
        ("X-Mailer: Microsoft Outlook 16.0\nX-Mailer: PHPMailer 6.9.1", None),
        ("Sending reported error (0x800CCC0F): The connection was interrupted", "outlook"),
        ("An error occurred while sending mail. The mail server responded: 5.7.1", "thunderbird"),
        ("Cannot send message using the server smtp.example.org", "apple-mail"),
        ("A copy has been placed in your Outbox. The recipient was rejected", "iphone"),
    ],
)
def test_a_program_is_known_by_its_signs(text: str, program: str | None) -> None:
    """The last header counts: the returned message stands at the end."""
    assert program_in(text) == program


@pytest.mark.parametrize(
    "text",
    [
        "",
        "X-Mailer: Microsoft Outlook Express 6.00",
        "X-Mailer: PHPMailer 6.9.1",
        "User-Agent: SomebodysMail/1.0",
        "please set the X-Mailer: Apple Mail header",
        "We use Thunderbird and Outlook here",
        "X-Mailer:\n",
        "550 5.7.1 Relay access denied",
    ],
)
def test_what_only_mentions_a_program_is_not_told_by_it(text: str) -> None:
    """Wrong clicks are worse than all of them."""
    assert program_in(text) is None


def test_long_junk_is_read_quickly() -> None:
    """A megabyte of what looks like the beginning of a header."""
    for junk in (
        "X-Mailer:" * 120_000,
        "> " * 500_000,
        "X-Mailer: " + "a" * 1_000_000,
        "\nUser-Agent:" * 80_000,
    ):
        start = time.perf_counter()
        program_in(junk)

        assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize(
    ("text", "said", "not_said"),
    [
        (
            "An error occurred while sending mail. The mail server responded: 550 5.7.1 Authentication is required for relay.",
            "Thunderbird: Menu",
            "Outlook",
        ),
        ("550 Authentication is required for relay", "Where that is. Outlook:", "Edit SMTP Server List"),
    ],
    ids=["named", "not named"],
)
def test_the_answer_has_the_clicks_of_the_named_program(text: str, said: str, not_said: str) -> None:
    """Whole texts, the real knowledge base."""
    steps = " ".join(DIAGNOSER.first(DIAGNOSER.read(text)).steps)

    assert said in steps
    assert not_said not in steps


def test_words_alone_have_no_headers() -> None:
    """A single line is looked at for the program's own words only."""
    assert program_in_words("X-Mailer: Apple Mail (3)") is None

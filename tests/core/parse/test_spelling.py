"""Words that somebody typed off a screen."""

import time

import pytest

from bot.core.parse.spelling import well_spelled


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Adress not found", "Address not found"),
        ("your mesage wasnt deliverd", "your message wasn't delivered"),
        ("unable to recieve mail", "unable to receive mail"),
        ("the recipent is unkown", "the recipient is unknown"),
        ("quota excceeded", "quota exceeded"),
        ("the mailbx couldnt be found", "the mailbox couldn't be found"),
        ("mail undeliverabel", "mail undeliverable"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    """One letter too many, too few, another one, or two in the wrong order."""
    assert well_spelled(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Messages, addresses and recipients are words, too",
        "please disable the receiver, the massage was delivered",
        "write to adress@firm.example or recipent.example",
        "a client of mine went to an ancient monument",
        "MSG-adress-17 mesages_total",
        "die Adresse ist unbekannt",
        "",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    """Other words, names, addresses and hosts are nobody's slips."""
    assert well_spelled(text) == text


def test_a_long_text_takes_no_time() -> None:
    """Each word is looked at once."""
    start = time.perf_counter()
    well_spelled("adresss mesagee " * 10_000)

    assert time.perf_counter() - start < 0.5

"""Rows of exports: lists of bounces that programs write with commas, semicolons or tabs."""

import pytest

from bot.core.model import Catalogue, Kind
from bot.core.parse import parse
from bot.core.parse.table import read_csv

# name, text, per row: the reply, the recipient, the sender
ROWS = [
    (
        "commas",
        '2026-02-01T10:00:00Z,kim@firm.example,bounce,hard,"550 5.1.1 nobody here, nor there"',
        [("550 5.1.1 nobody here, nor there", "kim@firm.example", None)],
    ),
    (
        "a-comma-that-nobody-quoted",
        "kim@firm.example,550 5.1.1 nobody here, nor there,hard,1769940000",
        [("550 5.1.1 nobody here, nor there", "kim@firm.example", None)],
    ),
    (
        "semicolons",
        "kim@firm.example;01.02.2026 10:00;smtp;552 box is full;soft",
        [("552 box is full", "kim@firm.example", None)],
    ),
    (
        "tabs-and-a-header",
        "date\tfrom\tto\tresponse\n2026-02-01\town@shop.example\tkim@firm.example\t550 nobody here\n"
        "2026-02-01\town@shop.example\tjo@firm.example\t250 ok\n"
        "2026-02-01\town@shop.example\tal@firm.example\t452 box is full",
        [
            ("550 nobody here", "kim@firm.example", "own@shop.example"),
            ("452 box is full", "al@firm.example", "own@shop.example"),
        ],
    ),
    (
        "a-table-with-headings",
        "| address | error |\n| --- | --- |\n| kim@firm.example | 550 nobody here |\n| jo@firm.example | 452 box is full |",
        [("550 nobody here", "kim@firm.example", None), ("452 box is full", "jo@firm.example", None)],
    ),
    (
        "two-addresses-and-no-header",
        "2026-02-01,own@shop.example,kim@firm.example,550 nobody here",
        [("550 nobody here", None, None)],
    ),
    (
        "another-alphabet",
        "2026-02-01,kim@firm.example,552 受信箱がいっぱいです",
        [("552 受信箱がいっぱいです", "kim@firm.example", None)],
    ),
    (
        "accounting-that-nobody-quoted",
        "b,2026-02-01 10:00:00+0000,2026-02-01 09:59:00+0000,own@shop.example,kim@firm.example,,failed,5.1.1 (bad),"
        "smtp;550 5.1.1 nobody here, nor there,mx.firm.example (192.0.2.7),bad-mailbox",
        [("550 5.1.1 nobody here, nor there", "kim@firm.example", "own@shop.example")],
    ),
]


@pytest.mark.parametrize(("text", "rows"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_row_with_a_reply_is_a_rejection(
    text: str, rows: list[tuple[str, str | None, str | None]], catalogue: Catalogue
) -> None:
    """A row with an address, a time or an event, and a whole reply is one recipient's bounce."""
    parsed = parse(text, catalogue)

    assert parsed.kind is Kind.BOUNCE
    assert [(item.text, item.facts.recipient, item.facts.sender) for item in parsed.rejections] == rows


@pytest.mark.parametrize(
    "text",
    [
        "550,no such user,hard\n552,box is full,soft",
        '"550 5.1.1 nobody here",hard,no-such-user',
        "kim@firm.example, 550 5.1.1 nobody here, what shall we do today",
        "kim@firm.example | 550 nobody here | what now",
        "kim@firm.example,550 chairs,today",
        "2026-02-01,kim@firm.example,550",
        "2026-02-01,kim@firm.example,delivered,250 ok",
        "[('kim@firm.example', '550 5.1.1 nobody here', 'hard')],",
        "2026-02-01,ask kim@firm.example,bounce,550 nobody here",
    ],
    ids=[
        "codes",
        "a-rule",
        "a-sentence",
        "a-sentence-with-bars",
        "things",
        "a-bare-code",
        "delivered",
        "program",
        "an-address-among-words",
    ],
)
def test_other_rows_are_no_bounces(text: str) -> None:
    """Tables of codes, sentences with commas and strings of programs have no such columns."""
    assert read_csv(text) == []


def test_many_rows_of_anything() -> None:
    """A large table is read as far as its first rows, in one pass."""
    text = "2026-02-01,kim@firm.example,550 nobody here\n" * 5000 + ",550 " * 50_000

    assert len(read_csv(text)) == 2000

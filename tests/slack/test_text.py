"""Pasted text stays literal and within Slack's limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import text as t


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("too long by far", 8, "too lon…"),
        ("ends in space", 6, "ends…"),
        ("\U0001f4e7\U0001f4e7\U0001f4e7", 5, "\U0001f4e7\U0001f4e7…"),
        ("ab", 1, "…"),
    ],
    ids=["short", "exact", "long", "space", "astral", "one"],
)
def test_a_text_is_clipped_as_slack_counts(text: str, limit: int, clipped: str) -> None:
    """UTF-16 units, and the cut is shown."""
    assert t.clip(text, limit) == clipped


def test_a_limit_below_one_is_a_slip() -> None:
    """Nothing fits into it."""
    with pytest.raises(ValueError, match="at least 1"):
        t.clip("x", 0)


@given(st.text(), st.integers(1, 50))
def test_a_clipped_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    """Whatever it holds."""
    assert len(t.clip(text, limit).encode("utf-16-le", "surrogatepass")) // 2 <= limit


@given(st.text(st.characters(exclude_categories=())))
def test_a_plain_text_is_never_empty_and_can_be_sent(text: str) -> None:
    """Slack refuses an empty text, and a lone surrogate is no UTF-8."""
    made = t.plain(text, 100)["text"]

    assert 1 <= len(made) <= 100
    made.encode()


@given(st.text(st.characters(exclude_categories=())))
def test_a_fallback_calls_nobody(text: str) -> None:
    """No active character is left, and no entity is cut in two."""
    made = t.fallback(text * 50)

    assert not {"<", ">"} & set(made)
    assert 1 <= len(made) <= t.FALLBACK_LIMIT
    assert all(part.startswith(("amp;", "lt;", "gt;")) for part in made.split("&")[1:])


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\u200f"])
def test_what_no_reader_sees_is_left_out(hidden: str) -> None:
    """A direction override could make one address read as another."""
    assert t.clean(f"a{hidden}b\n\tc") == "ab\n\tc"


def test_an_address_is_copied_as_it_was() -> None:
    """No character is put into it or taken out of it."""
    address = "o'neil+tag_1@sub-domain.example.org"

    assert t.words(address)["text"] == address
    assert t.plain(address)["text"] == address


@pytest.mark.parametrize(
    "made",
    [
        lambda: t.actions(),
        lambda: t.actions(*[t.button("x", f"a{number}", "1") for number in range(26)]),
        lambda: t.button("x", "a", "v" * 2001),
    ],
    ids=["no element", "26 elements", "long value"],
)
def test_what_slack_would_refuse_is_refused_here(made: object) -> None:
    """A slip of ours shows in a test rather than in a channel."""
    assert callable(made)
    with pytest.raises(ValueError, match="takes"):
        made()

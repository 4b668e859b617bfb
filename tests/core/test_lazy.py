"""How regular expressions are compiled at their first use."""

import re

import pytest

from bot.core.lazy import lazy_re


def test_it_finds_what_a_compiled_one_finds() -> None:
    """With its flags, at the first call and at later ones."""
    lazy = lazy_re(r"(\d)b", re.I)

    assert [lazy.findall("1B 2b"), lazy.findall("3b")] == [["1", "2"], ["3"]]
    assert lazy.sub(r"\1", "4B") == "4"
    assert lazy.search("x5b", 1) is not None
    assert lazy.match("x5b") is None


def test_nothing_is_compiled_before() -> None:
    """A pattern that is none is found out when it is used."""
    lazy = lazy_re("(")

    with pytest.raises(re.error):
        lazy.search("a")


@pytest.mark.parametrize("name", ["nothing", "__deepcopy__"])
def test_what_a_pattern_has_not_is_missing(name: str) -> None:
    """Such as what copying asks for."""
    with pytest.raises(AttributeError):
        getattr(lazy_re("a"), name)

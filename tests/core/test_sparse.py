"""How a text is passed over that a pattern has nothing to find in."""

import re
from collections.abc import Iterator

import pytest

from bot.core import sparse as prefilter
from bot.core.parse import hosts, log, transcript
from bot.core.parse.signs import elsewhere, failure, kinds, manual, sentences, source, talk
from bot.core.sparse import SparseRe, alternatives, necessary_words

WARM = 40


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("abc", ["abc"]),
        (r"\bab\d+cde\b", ["cde"]),
        ("abc|de", ["abc", "de"]),
        ("(?:abc|def)g", ["abc", "def"]),
        ("x(?:abc|ade)", ["xa"]),
        ("(?:abc)+d", ["abc"]),
        ("ab(?:cdefg)?", ["ab"]),
        ("abc|xabcx", ["abc"]),
        ("[ab]", ["a", "b"]),
        (r"(?=abc)\d", None),
        ("(?:abc)*", None),
        (r"abc|\d", None),
        ("abc|", None),
        ("[^a]", None),
        ("[a-z]", None),
        ("(?i:abc)", None),
        ("(?i)abc", None),
        (r"(\d)\1", None),
        ("", None),
    ],
)
def test_each_match_holds_one_of_the_necessary_words(pattern: str, words: list[str] | None) -> None:
    """None where there may be a match without any."""
    found = necessary_words(pattern)

    assert found == words


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("abc", ["abc"]),
        ("a|b", ["a", "b"]),
        ("a|(?:b|c)d|e", ["a", "(?:b|c)d", "e"]),
        (r"a\|b|[|]|c", [r"a\|b", "[|]", "c"]),
        ("[]|(]|[^]|)]|a", ["[]|(]", "[^]|)]", "a"]),
        (r"\(a|b\)|\\|c", [r"\(a", r"b\)", r"\\", "c"]),
        ("(?m)^a|b", ["(?m)^a", "(?m)b"]),
        (r"(a|b)\1|c", [r"(a|b)\1|c"]),
        ("(?P<x>a)(?P=x)|c", ["(?P<x>a)(?P=x)|c"]),
        ("a|", ["a", ""]),
    ],
)
def test_a_pattern_is_taken_apart_where_its_alternatives_end(pattern: str, parts: list[str]) -> None:
    """Not inside of groups and sets, and not at all where groups are referred to by their numbers or names."""
    found = alternatives(pattern)

    assert found == parts


@pytest.mark.parametrize("text", ["", "none", "one relay", "mail 7", "mail", "a relay, mail 12", "7"])
@pytest.mark.parametrize(
    "pattern", [r"\brelay\b|mail \d|\d\d", r"(?m)^mail|relay$|[57]\Z", r"(?:re|ma)(?:lay|il)"]
)
def test_an_alternative_finds_what_the_pattern_finds(pattern: str, text: str) -> None:
    """Those without words of their own, too: by the whole pattern's match, not their own."""
    sparse = SparseRe(pattern)
    for _ in range(WARM):
        sparse.search("")

    found, right = sparse.search(text), re.search(pattern, text)
    assert (found and found.span()) == (right and right.span())


@pytest.mark.parametrize("text", ["a relay", "smtp|", "none"])
def test_without_a_way_to_read_patterns_all_is_found(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a private one of Python: when it is gone, this is slower and nothing else."""
    monkeypatch.setattr(prefilter, "_parser", None)
    pattern = r"relay|smtp\|"
    sparse = SparseRe(pattern)
    for _ in range(WARM):
        sparse.search("")

    found = sparse.search(text)
    assert (found and found.span()) == ((right := re.search(pattern, text)) and right.span())


@pytest.mark.parametrize("flags", [0, re.I], ids=["as it is", "any case"])
@pytest.mark.parametrize("text", ["", "a Relay", "a RELAY", "RELAY İ", "ſmtp", "none", "smtp", "no relays"])
def test_it_finds_what_the_pattern_finds(text: str, flags: int) -> None:
    """Before and after its words are known, in each case and each script."""
    pattern = r"\b(?:relay|smtp)\b"
    sparse = SparseRe(pattern, flags)
    for _ in range(WARM):
        found = sparse.search(text)

        assert (found and found.span()) == ((right := re.search(pattern, text, flags)) and right.span())


def patterns() -> Iterator[tuple[str, SparseRe]]:
    for module in (elsewhere, failure, kinds, manual, sentences, source, talk, hosts, log, transcript):
        for name, value in vars(module).items():
            value = getattr(value, "_sparse", value)
            if isinstance(value, SparseRe):
                yield f"{module.__name__}.{name}", value


@pytest.mark.parametrize("sparse", [pytest.param(sparse, id=name) for name, sparse in patterns()])
def test_a_necessary_word_alone_is_left_to_the_pattern(sparse: SparseRe) -> None:
    """Of all that are in use."""
    words = necessary_words(sparse.pattern.pattern, sparse.pattern.flags) or []
    for _ in range(WARM):
        sparse.search("")

    for word in words:
        found = sparse.search(word)
        assert (found is None) == (re.search(sparse.pattern.pattern, word, sparse.pattern.flags) is None)


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(failure.FAILURE._sparse, id="failure"),
        pytest.param(failure.MAIL._sparse, id="mail"),
        pytest.param(elsewhere.HTTP._sparse, id="http"),
        pytest.param(elsewhere.OTHER, id="other"),
        pytest.param(manual.DOCUMENTS._sparse, id="documents"),
        pytest.param(source.CODE, id="code"),
    ],
)
def test_the_patterns_that_cost_most_have_words(sign: SparseRe) -> None:
    """A pattern without would be asked each time, and nobody would notice."""

    assert "" not in sign._by_word()

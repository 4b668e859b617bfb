"""What a code, a status or a phrase means: which causes are named, and what is said of each."""

from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.match import Index
from bot.core.model import Catalogue, Facts, Link
from bot.core.render import fill
from bot.explain import MAX_QUERY, Explanation, explain, nearest_wording
from tests.core.small import small_catalogue, variant

BUILT_IN = load_catalogue()
INDEX = Index(BUILT_IN)
CODES = {
    "replies": {"550": "refused", "250": "done"},
    "statuses": {"X.1.1": "no such mailbox", "X.7.1": "not allowed"},
    "classes": {"2": "success", "4": "a passing failure", "5": "a lasting failure"},
}
SMALL = replace(small_catalogue(), codes=CODES)


def ask(text: str, catalogue: Catalogue = SMALL, most: int = 6) -> Explanation:
    return explain(catalogue, text, most=most)


def slugs(found: Explanation) -> list[str]:
    return [cause.cause for cause in found.causes]


@pytest.mark.parametrize(
    ("question", "causes"),
    [
        ("550", ["no-such-user", "relay-denied"]),
        ("5.1.1", ["no-such-user"]),
        ("550 5.7.1", ["relay-denied"]),
        ("550-5.7.1", ["relay-denied"]),
        ("550 #5.7.1:", ["relay-denied"]),
        ("4.2.2", ["mailbox-full"]),
        ("5.4.1", []),
        ("550 xyzzy plugh", ["no-such-user", "relay-denied"]),
        ("mailbox-full", ["mailbox-full"]),
        ("MAILBOX-FULL", ["mailbox-full"]),
    ],
    ids=[
        "reply",
        "status",
        "both",
        "dash",
        "signs around",
        "another status",
        "no wording",
        "unknown words",
        "slug",
        "slug in capitals",
    ],
)
def test_codes_and_slugs_name_their_causes(question: str, causes: list[str]) -> None:
    """The cause with most wordings first."""
    assert slugs(ask(question)) == causes


def test_a_status_of_another_class_borrows_its_wordings() -> None:
    """4.1.1 is 5.1.1 for a while: the subject and the detail say the same."""
    assert slugs(ask("4.1.1")) == ["no-such-user"]


@pytest.mark.parametrize("question", ["X.1.1", "x.1.1"])
def test_the_class_may_be_left_open(question: str) -> None:
    """RFC 3463 writes X for it."""
    found = ask(question)

    assert slugs(found) == ["no-such-user"]
    assert found.meaning.startswith("5.1.1: no such mailbox")


@pytest.mark.parametrize(
    ("question", "meaning", "known"),
    [
        ("550", "550: refused", True),
        ("5.1.1", "5.1.1: no such mailbox The first digit 5 means a lasting failure.", True),
        ("250", "250: done", True),
        ("599", "599: not a standard code; its first digit means a lasting failure.", False),
        ("5.9.9", "5.9.9: not a standard code; its first digit means a lasting failure.", False),
        ("350", "350: not a standard code; its first digit means not a code of a mail server.", False),
    ],
)
def test_the_meaning_of_a_code(question: str, meaning: str, known: bool) -> None:
    """What the standards say, and honestly that they say nothing."""
    found = ask(question)

    assert found.meaning == meaning
    assert found.title == f"What “{question}” means"
    assert found.known is known


@pytest.mark.parametrize(
    "question",
    ["", "   ", "\n\t", "xyzzy plugh", "999", "1", "12345", "0.0.0", "!!!", "\0\0", "🙂"],
    ids=["empty", "blank", "lines", "words", "no code", "digit", "number", "zeros", "signs", "NULs", "emoji"],
)
def test_what_nobody_knows_is_told(question: str) -> None:
    """With what to give instead; never the commonest causes of everything."""
    found = ask(question)

    assert (slugs(found), found.known) == ([], False)
    assert found.title.startswith("Nothing is known about")
    assert "Give a code such as 550" in found.meaning


@pytest.mark.parametrize(
    ("question", "cause"),
    [
        ("relay access denied", "relay-denied"),
        ("550 5.7.1 Relaying denied", "relay-denied"),
        ("user unknown in virtual mailbox table", "no-such-user"),
        ("blocked using zen.spamhaus.org", "ip-blocklisted"),
        ("greylisted, please try again", "greylisted"),
        ("S3150", "ip-blocklisted"),
    ],
)
def test_phrases_name_their_cause(question: str, cause: str) -> None:
    """The likeliest first, with the whole knowledge base."""
    found = explain(BUILT_IN, question, index=INDEX)

    assert slugs(found)[0] == cause
    assert found.known


@pytest.mark.parametrize("question", ["try again later", "rejected"])
def test_words_that_give_no_reason_say_so(question: str) -> None:
    """A known phrase that tells nothing is no unknown phrase: here is how to find out."""
    found = explain(BUILT_IN, question, index=INDEX)

    assert slugs(found) == ["unknown"]
    assert found.causes[0].fixes


def test_full_width_digits_are_digits() -> None:
    """An input method for Japanese or Chinese writes them."""
    assert slugs(ask("５５０　５.７.１")) == ["relay-denied"]


def test_the_number_of_causes_is_bounded() -> None:
    """An overview, no book."""
    assert len(explain(BUILT_IN, "550", most=6).causes) == 6
    assert len(explain(BUILT_IN, "550", most=2).causes) == 2


def test_the_overview_of_550() -> None:
    """The commonest code of all: causes with wordings, fixes and prevention, the unknown user among them."""
    found = explain(BUILT_IN, "550", index=INDEX)

    assert "no-such-user" in slugs(found)
    assert all(cause.variations and cause.fixes and cause.prevention for cause in found.causes)
    assert "550" in found.meaning


def test_wordings_with_the_code_come_first() -> None:
    """Who asks about 452 wants to see replies with 452."""
    (found,) = ask("452").causes

    assert found.variations[0].text == "452 4.2.2 over quota"


def test_wordings_of_one_provider_do_not_crowd_out_the_others() -> None:
    """One of each, four at most; general phrases are no replies."""
    own = [
        replace(variant(f"acme-{number}", "mailbox-full", f"acme says {number} full", "552"), provider="acme")
        for number in range(5)
    ]
    other = replace(variant("other", "mailbox-full", "other says full", "552"), provider="other")
    phrase = replace(variant("phrase", "mailbox-full", "bursting", "552"), general=True)
    (found,) = ask("552", replace(SMALL, variants=(*own, phrase, other))).causes

    assert [(each.text, each.provider) for each in found.variations] == [
        ("552 acme says 0 full", "acme"),
        ("552 other says full", "other"),
    ]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("relay access denied", "Relay Access Denied"),
        ("user unknown", "User unknown"),
        ("S3150", "S3150"),
        ("550 5.4.1", "550 5.4.1"),
        ("550", "550 "),
    ],
)
def test_the_first_wording_is_the_nearest(question: str, first: str) -> None:
    """What was asked about stands in it, and who says it is told."""
    for cause in explain(BUILT_IN, question, index=INDEX).causes[:1]:
        assert first.lower() in cause.variations[0].text.lower()
        assert all(each.origin for each in cause.variations)


def test_the_same_words_of_two_providers_stand_once() -> None:
    """Four wordings are four things to compare with."""
    twice = [
        replace(variant(f"full-{who}", "mailbox-full", "Mailbox is bursting", "552"), provider=who)
        for who in ("acme", "other")
    ]
    (found,) = ask("552", replace(SMALL, variants=tuple(twice))).causes

    assert [each.provider for each in found.variations] == ["acme"]


def test_a_typical_wording_comes_before_an_odd_one() -> None:
    """Where only a code is asked about, nothing is nearer."""
    wordings = (
        variant("odd", "mailbox-full", "purple elephants dance", "552"),
        variant("one", "mailbox-full", "mailbox quota exceeded", "552"),
        variant("two", "mailbox-full", "quota of the mailbox exceeded", "552"),
    )
    (found,) = ask("552", replace(SMALL, variants=wordings)).causes

    assert found.variations[0].text == "552 mailbox quota exceeded"


@pytest.mark.parametrize(
    ("text", "variant", "wording"),
    [
        ("the mailbox is over its quota", None, "452 4.2.2 over quota"),
        ("the mailbox is over its quota", "any-mailbox-full", "552 5.2.2 mailbox is full"),
        ("the mailbox is over its quota", "any-user-unknown", "452 4.2.2 over quota"),
        ("", None, "552 5.2.2 mailbox is full"),
    ],
    ids=["nearest", "the one that matched", "one of another cause", "no text"],
)
def test_the_nearest_wording_is_one_to_compare_with(text: str, variant: str | None, wording: str) -> None:
    """The wording that matched, else the one with most of the words."""
    found = nearest_wording(SMALL, "mailbox-full", text, variant)

    assert found is not None
    assert found.text == wording


def test_a_cause_without_a_wording_has_no_nearest_one() -> None:
    """Nothing is made up."""
    assert nearest_wording(SMALL, "not-a-bounce", "out of office") is None


def test_the_texts_speak_in_general() -> None:
    """No bounce is at hand: plain words stand in the slots, in the meaning of a slug, too."""
    found = ask("mailbox-full")

    assert found.meaning == found.causes[0].summary == "Something about the recipient."
    assert found.causes[0].fixes == ("Look at the recipient.",)


def test_no_text_of_the_built_in_base_keeps_a_slot() -> None:
    """Each cause can be explained by itself."""
    for slug, cause in BUILT_IN.causes.items():
        found = explain(BUILT_IN, slug, index=INDEX)
        assert found.title == cause.title
        assert "{" not in " ".join((found.meaning, *found.causes[0].fixes, *found.causes[0].prevention)), slug
        assert found.meaning == fill(cause.summary, Facts(), BUILT_IN.providers)


def test_links_are_told_once() -> None:
    """At most six, those of the likeliest cause first."""
    links = tuple(Link(title=f"page {number}", url=f"https://{number}.example") for number in range(5))
    causes = {slug: replace(cause, links=(*links[:4], links[0])) for slug, cause in SMALL.causes.items()}

    assert ask("550", replace(SMALL, causes=causes)).links == links[:4]


def test_without_codes_in_the_catalogue_nothing_breaks() -> None:
    """A small knowledge base explains less."""
    found = ask("550", small_catalogue())

    assert slugs(found) == ["no-such-user", "relay-denied"]
    assert found.meaning == "550: not a standard code; its first digit means not a code of a mail server."


@pytest.mark.parametrize(
    "question",
    [
        "5" * 1_000_000,
        "550 " * 250_000,
        "a." * 500_000,
        "<any>" * 100_000,
        "((((" * 100_000 + "a1",
        "5.1." * 200_000,
    ],
    ids=["digits", "codes", "dots", "slots", "brackets", "statuses"],
)
def test_hostile_questions_are_answered(question: str) -> None:
    """In bounded time, with a bounded answer."""
    found = explain(BUILT_IN, question, index=INDEX)

    assert len(found.query) <= MAX_QUERY
    assert len(found.title) < 200

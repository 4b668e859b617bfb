"""Matching: the words of a reply find their cause."""

from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.match import Index, split_codes
from bot.core.model import Facts, Frame, Match, Rejection, WordModel
from tests.core.small import cause, small_catalogue, variant

INDEX = Index(small_catalogue())


def match(text: str) -> Match:
    return INDEX.match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY))


@pytest.mark.parametrize(
    ("text", "cause", "signal"),
    [
        ("550 5.1.1 User unknown", "no-such-user", "exact"),
        (
            "550 <a@example.org>: Recipient address rejected: user unknown in some table",
            "no-such-user",
            "phrase",
        ),
        ("550 User <a@example.org> unknown", "no-such-user", "exact"),
        ("552 5.2.2 The mailbox is full.", "mailbox-full", "phrase"),
        ("550 no such userr here", "no-such-user", "fuzzy"),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; see there",
            "ip-blocklisted",
            "phrase",
        ),
    ],
    ids=["exact", "phrase", "slot", "phrase with frame", "slip of the pen", "long phrase"],
)
def test_words_find_their_cause(text: str, cause: str, signal: str) -> None:
    """Exact, phrase and fuzzy signals each name the right cause."""
    best = match(text).best

    assert best is not None
    assert (best.cause, best.signal) == (cause, signal)


def test_a_mailbox_reason_beats_words_of_waiting() -> None:
    """Rule 5: "over quota, try again later" is a full mailbox."""
    best = match("452 4.2.2 over quota, try again later").best

    assert best is not None
    assert best.cause == "mailbox-full"


def test_words_beat_their_code() -> None:
    """Rule 1: what the text says beats its code."""
    best = match("550 5.1.1 relaying denied").best

    assert best is not None
    assert best.cause == "relay-denied"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unrouteable address", "domain-not-found"),
        ("550 Unrouteable address", "no-such-user"),
        ("554 unrouteable address", "no-such-user"),
        ("501 5.1.3 invalid address", "bad-recipient-syntax"),
        ("501 5.1.7 invalid address", "malformed-message"),
        ("501 invalid address", "bad-recipient-syntax"),
    ],
)
def test_codes_choose_between_equal_wordings(text: str, expected: str) -> None:
    """Rule 14: one's own Exim says it without a code. RFC 3463 section 3.2: 1.3 is the recipient, 1.7 the sender."""
    base = small_catalogue()
    causes = {slug: cause(slug) for slug in ("domain-not-found", "bad-recipient-syntax", "malformed-message")}
    added = (
        variant("known", "no-such-user", "unrouteable address", "550"),
        variant("own", "domain-not-found", "unrouteable address"),
        variant("recipient", "bad-recipient-syntax", "invalid address", "501", "5.1.3"),
        variant("sender", "malformed-message", "invalid address", "5.1.7"),
    )
    index = Index(replace(base, causes={**base.causes, **causes}, variants=(*base.variants, *added)))
    best = index.match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY)).best

    assert best is not None
    assert best.cause == expected


@pytest.mark.parametrize(
    ("text", "status", "counts"),
    [
        ("552 xyzzy", "5.0.0", False),
        ("xyzzy", "4.0.0", False),
        ("552 xyzzy", "5.2.2", True),
        ("552 xyzzy (#5.0.0)", "5.0.0", True),
    ],
    ids=["beside-a-code", "alone", "a-status-that-says-something", "in-the-server-s-words"],
)
def test_a_report_that_knows_no_status_tells_nothing(text: str, status: str, counts: bool) -> None:
    """RFC 3463: x.0.0 is what a report gives that has to give a status and knows none."""
    base = small_catalogue()
    vague = variant("vague", "relay-denied", "something undefined", "5.0.0")
    index = Index(replace(base, variants=(*base.variants, vague)))
    told, untold = (
        index.match(Rejection(text=text, facts=Facts(status=known), frame=Frame.DSN))
        for known in (status, None)
    )

    assert (told != untold) is counts


def test_a_code_alone_gives_a_code_signal() -> None:
    """Where no word is known the code has the say, and says that it is only the code."""
    best = match("552 5.2.2 xyzzy").best

    assert best is not None
    assert (best.cause, best.signal) == ("mailbox-full", "code")


def test_nothing_known_is_not_sure() -> None:
    """Words that nobody uses give no sure answer."""
    best = match("xyzzy plugh").best

    assert best is None or best.score < 0.34


def test_a_short_variant_needs_its_slot() -> None:
    """ "<host> not found" does not fit where an address stands instead."""
    signals = [candidate.signal for candidate in match("550 <a@example.org> not found").candidates]

    assert "phrase" not in signals


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("550 5.1.1 no", ("550", "5.1.1", "no")),
        ("550-5.7.26 no", ("550", "5.7.26", "no")),
        ("[554] 5.7.1 no", ("554", "5.7.1", "no")),
        ("550 #5.1.0 no", ("550", "5.1.0", "no")),
        ("5.4.7 - no", (None, "5.4.7", "no")),
        ("no", (None, None, "no")),
        ("5.1.1.1 no", (None, None, "5.1.1.1 no")),
        ("550", ("550", None, "")),
    ],
    ids=["both", "dash", "brackets", "hash", "status", "words", "an IP", "code alone"],
)
def test_codes_are_split_from_words(line: str, expected: tuple[str | None, str | None, str]) -> None:
    """The codes in front of a reply are told from its words."""
    assert split_codes(line) == expected


@pytest.mark.parametrize(
    "text",
    ["", "\0\0", "5" * 100_000, "a " * 100_000, "<any> " * 1000],
    ids=["empty", "nuls", "digits", "words", "slots"],
)
def test_hostile_texts_are_matched_without_harm(text: str) -> None:
    """Whatever comes, there is an answer and no error."""
    assert isinstance(match(text), Match)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("550 5.1.1 <jo@firm.example>: Recipient address rejected", "no-such-user"),
        ("550 5.0.0 <jo@firm.example>: Recipient address rejected", "unknown"),
        ("450 4.3.0 <jo@firm.example>: Recipient address rejected", "unknown"),
        ("550 <jo@firm.example>: Recipient address rejected", "unknown"),
        ("550 5.1.1 <jo@firm.example>: Mailbox full", "mailbox-full"),
    ],
    ids=[
        "a status that says why",
        "one that says nothing",
        "one without a detail",
        "none",
        "words that say why",
    ],
)
def test_words_that_give_no_reason_leave_it_to_the_status(text: str, cause: str) -> None:
    """Rule 1 is about words that say something: where they say nothing, the code is what is left."""
    best = Index(load_catalogue()).match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY)).best

    assert best is not None
    assert best.cause == cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("message kept back: blorp quux zonk flim today", "mailbox-full"),
        ("message kept back: flim and zonk, quux and blorp", "relay-denied"),
        ("message kept back: relaying denied, mailbox is full", "relay-denied"),
    ],
    ids=["the new phrase", "its words apart", "a phrase that it has learnt"],
)
def test_a_phrase_that_the_word_model_has_not_learnt_counts_more(text: str, cause: str) -> None:
    """A wording works from the day it is written, before words are fitted again."""
    small = small_catalogue()
    learnt = dict.fromkeys(
        ("kept", "back", "kept back", "mailbox", "full", "mailbox is", "is full"), ((0,), (0.6,))
    )
    index = Index(
        replace(
            small,
            variants=(*small.variants, variant("new", "mailbox-full", "blorp quux zonk flim")),
            words=WordModel(causes=("relay-denied",), terms=learnt),
        )
    )
    best = index.match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY)).best

    assert best is not None
    assert best.cause == cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("552 5.2.2 the zonk quuxes", "mailbox-full"),
        ("552 5.2.2 the zonk quuxes, plainly", "relay-denied"),
    ],
    ids=["words in doubt", "words without doubt"],
)
def test_a_status_counts_more_where_the_words_leave_a_doubt(text: str, cause: str) -> None:
    """A wording that nobody has seen, with a status that means one thing."""
    small = small_catalogue()
    others = [variant(f"other-{number}", "no-such-user", f"nobody {number}", "5.1.1") for number in range(20)]
    known = {"quuxes": ((0, 1), (0.8, 0.7)), "plainly": ((0,), (4.0,))}
    index = Index(
        replace(
            small,
            variants=(*small.variants, *others),
            words=WordModel(causes=("relay-denied", "no-such-user"), terms=known),
        )
    )
    best = index.match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY)).best

    assert best is not None
    assert best.cause == cause


@pytest.mark.parametrize("order", [1, -1], ids=["long one last", "long one first"])
def test_the_longer_of_two_long_wordings_is_named(order: int) -> None:
    """Both count as much as a wording can; the longer one covers more of the text."""
    words = [f"w{letter * 3}" for letter in "abcdefghijklmnopqrstuvwx"]
    both = [
        variant("short", "mailbox-full", " ".join(words[:20])),
        variant("long", "mailbox-full", " ".join(words[:-1])),
    ]
    small = small_catalogue()
    index = Index(replace(small, variants=(*small.variants, *both[::order])))
    best = index.match(Rejection(text=" ".join(words), facts=Facts(), frame=Frame.REPLY)).best

    assert best is not None
    assert best.variant == "long"

"""Bounce or not: the form, and what the knowledge base recognised."""

import pytest

from bot.core.detect import is_bounce, silence
from bot.core.model import Candidate, Facts, Frame, Kind, Match, Parsed, Rejection

NOTHING = Match()


def parsed(
    strength: float,
    frame: Frame = Frame.REPLY,
    text: str = "550 no mailbox for you",
    kind: Kind = Kind.BOUNCE,
    status: str | None = None,
    context: str = "",
) -> Parsed:
    rejection = Rejection(text=text, facts=Facts(status=status), frame=frame, context=context)
    return Parsed(kind=kind, rejections=(rejection,), strength=strength)


def match(score: float, signal: str = "phrase", words: str = "", cause: str = "no-such-user") -> Match:
    return Match(candidates=(Candidate(cause=cause, score=score, signal=signal, words=words),))


@pytest.mark.parametrize("frame", list(Frame))
def test_a_sure_form_needs_no_match(frame: Frame) -> None:
    """A delivery report in a language that nobody knows is still one."""
    assert is_bounce(parsed(0.9, frame), NOTHING)


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.FEEDBACK_REPORT, Kind.RECEIPT])
def test_other_kinds_never_are(kind: Kind) -> None:
    """An out-of-office note that quotes a known wording is no bounce."""
    assert not is_bounce(parsed(1.0, kind=kind), match(1.0, "exact"))


def test_nothing_found_is_no_bounce() -> None:
    """Without a rejection there is nothing to explain."""
    assert not is_bounce(Parsed(kind=Kind.CHATTER), match(1.0))


@pytest.mark.parametrize(
    ("strength", "score", "signal", "expected"),
    [
        (0.65, 0.2, "phrase", True),
        (0.65, 0.5, "words", True),
        (0.65, 0.1, "words", False),
        (0.4, 0.5, "phrase", True),
        (0.4, 0.2, "phrase", False),
        (0.4, 0.4, "words", False),
        (0.25, 1.0, "exact", False),
    ],
)
def test_the_weaker_the_form_the_surer_the_match(
    strength: float, score: float, signal: str, expected: bool
) -> None:
    """A code in a sentence needs a wording; below the threshold nothing helps."""
    whole = "no mailbox for you"

    assert is_bounce(parsed(strength), match(score, signal, whole)) is expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("jo@firm.example: mailbox is full", "mailbox is full", True),
        (
            "we had somebody whose mailbox is full and who never answers, shall we drop him",
            "mailbox is full",
            False,
        ),
    ],
    ids=["most-of-the-text", "a-phrase-in-a-sentence"],
)
def test_words_alone_must_be_a_known_wording(text: str, words: str, expected: bool) -> None:
    """People talk about bounces in the words of bounces: the match has to cover most of the text."""
    assert is_bounce(parsed(0.4, Frame.WORDS, text), match(0.9, "phrase", words)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cannot update the file /var/mail/jo of user jo owned by another: file is too large", True),
        ("we cannot update the file of user jo yet, he says that it is too large", False),
        ("he cannot update the file for user jo because it is too large", False),
    ],
    ids=["the-whole-text", "more-before-it", "a-sentence"],
)
def test_a_wording_with_gaps_may_be_the_whole_text(text: str, expected: bool) -> None:
    """Whatever stands in its gaps: a wording that begins and ends where the text does is the text."""
    words = "cannot update the file <any> of user <any> file is too large"

    assert is_bounce(parsed(0.2, Frame.WORDS, text), match(0.9, "phrase", words)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mailbox full, message returned", True),
        ("Returned to sender. Reason: mailbox full", True),
        ("mailbox full, says the old system, what should the new one say", False),
    ],
)
def test_that_mail_came_back_takes_nothing_from_the_reason(text: str, expected: bool) -> None:
    """Only words that say something else make the match a phrase in a sentence."""
    assert is_bounce(parsed(0.45, Frame.WORDS, text), match(0.9, "phrase", "mailbox full")) is expected


@pytest.mark.parametrize("cause", ["unknown", "not-a-bounce"])
def test_a_match_that_says_nothing_does_not_help(cause: str) -> None:
    """The knowledge base knows wordings of mails that are no bounces, too."""
    around = "and then somebody said 550 no mailbox for you, and we laughed"

    assert not is_bounce(parsed(0.5, context=around), match(1.0, "exact", cause=cause))


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("421 come back later please", "", True),
        ("421 come back later please", "he said 421 come back later please to all of us", False),
        ("421 later", "", False),
        ("550 SL E501", "", True),
        ("550 SL E501", "who knows where 550 SL E501 is on the shelf", False),
    ],
    ids=["the-whole-text", "in-a-sentence", "a-single-word", "a-code-of-its-own", "a-number-in-a-sentence"],
)
def test_a_known_reply_that_gives_no_reason_is_a_bounce_by_itself(
    text: str, context: str, expected: bool
) -> None:
    """Where nothing else stands in the text, a known wording is enough, even one that says nothing."""
    found = parsed(0.4, text=text, context=context)

    assert is_bounce(found, match(1.0, "exact", cause="unknown")) is expected


def test_a_weak_form_without_a_match_is_silent() -> None:
    """Precision first."""
    assert not is_bounce(parsed(0.65), NOTHING)


@pytest.mark.parametrize(
    ("frame", "expected"), [(Frame.REPLY, False), (Frame.REPORT, True), (Frame.LOG, True)]
)
def test_a_reply_alone_that_another_protocol_gives_is_none(frame: Frame, expected: bool) -> None:
    """FTP servers use the same numbers (RFC 959 section 4.2); in a mail server's own frame a text is a mail's."""
    assert is_bounce(parsed(0.9, frame), match(0.9, "exact", cause="not-a-bounce")) is expected


@pytest.mark.parametrize(
    ("score", "signal", "expected"),
    [(0.5, "words", True), (0.97, "words", False), (0.5, "exact", False), (0.9, "phrase", False)],
)
def test_single_words_of_a_receipt_do_not_outweigh_a_form(score: float, signal: str, expected: bool) -> None:
    """Receipts and refusals share their words; a whole wording of something else does outweigh it."""
    assert is_bounce(parsed(0.75), match(score, signal, cause="not-a-bounce")) is expected


def test_the_next_cause_counts_behind_a_weak_guess() -> None:
    """A weak guess that it is none does not hide a wording that is known."""
    guess = Candidate(cause="not-a-bounce", score=0.4, signal="words")
    known = Candidate(cause="no-such-user", score=0.35, signal="phrase", words="no mailbox for you")

    assert is_bounce(parsed(0.65), Match(candidates=(guess, known)))
    assert not is_bounce(parsed(0.65), Match(candidates=(guess,)))


@pytest.mark.parametrize(
    ("strength", "cause", "sure"),
    [
        pytest.param(0.2, "mailbox-full", 0.96, id="far from one"),
        pytest.param(0.65, "mailbox-full", 0.75, id="nearly one"),
        pytest.param(0.4, "mailbox-full", 0.9, id="half way"),
        pytest.param(0.65, "not-a-bounce", 0.98, id="known to be none"),
    ],
)
def test_the_nearer_a_text_came_the_less_sure_is_the_silence(
    strength: float, cause: str, sure: float
) -> None:
    """One in four of the texts that nearly counted as a bounce was one."""
    assert silence(parsed(strength), match(0.5, cause=cause).best) == sure

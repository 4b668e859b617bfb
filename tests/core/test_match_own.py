"""A team's own wordings win over what is built in, and over what single words have taught."""

from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.match import Index
from bot.core.model import Candidate, Facts, Frame, Rejection, Variant
from tests.core.small import cause, variant

BUILT_IN = load_catalogue()
HELD = "the acme gateway holds this message for review"


def best(text: str, *own: Variant) -> Candidate:
    """The first candidate with these wordings laid over the built-in base."""
    catalogue = replace(
        BUILT_IN,
        causes={**BUILT_IN.causes, "gateway-hold": cause("gateway-hold", "policy")},
        variants=(*BUILT_IN.variants, *(replace(each, own=True) for each in own)),
    )
    found = Index(catalogue).match(Rejection(text=text, facts=Facts(), frame=Frame.REPLY)).best
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"550 5.7.1 {HELD}",
        f"550 5.1.1 <jane@example.org>: User unknown; {HELD.upper()} (case 8812, mailbox full)",
    ],
    ids=["exact", "among strong words of others"],
)
def test_an_own_wording_wins(text: str) -> None:
    """Also with a cause that the word model has never seen, and surely."""
    found = best(text, variant("own-hold", "gateway-hold", HELD))

    assert (found.cause, found.variant) == ("gateway-hold", "own-hold")
    assert found.score > 0.9


def test_an_own_wording_wins_with_a_built_in_cause() -> None:
    """The same words, taken for something else in this company."""
    assert (
        best("550 5.1.1 User unknown", variant("own", "relay-denied", "user unknown")).cause == "relay-denied"
    )


def test_the_longer_of_two_own_wordings_wins() -> None:
    """It is the more specific one."""
    short = variant("own-short", "mailbox-full", "the acme gateway holds")
    long = variant("own-long", "gateway-hold", HELD)

    assert best(f"550 {HELD}", short, long).variant == "own-long"


def test_one_own_word_in_a_long_text_overrules_nothing() -> None:
    """Else a short wording of a team would take all its bounces."""
    own = variant("own", "gateway-hold", "unknown")

    assert (
        best("550 5.1.1 <jane@example.org>: User unknown in virtual mailbox table", own).cause
        == "no-such-user"
    )


def test_an_own_wording_that_is_not_there_changes_nothing() -> None:
    """What it holds is not enough when the words do not stand in the text."""
    own = variant("own", "gateway-hold", HELD)
    text = "552 5.2.2 the mailbox is full, over quota"

    assert best(text, own).cause == "mailbox-full"


@pytest.mark.parametrize(
    ("status", "cause"),
    [("5.7.133", "recipient-restricted"), ("5.7.25", "missing-ptr"), ("5.7.23", "spf-failed")],
)
def test_a_status_without_words_speaks_alone(status: str, cause: str) -> None:
    """Logs and reports cut a reply down to its codes."""
    rejection = Rejection(text=f"550 {status}", facts=Facts(reply="550", status=status), frame=Frame.LOG)
    found = Index(BUILT_IN).match(rejection).best

    assert found is not None
    assert (found.cause, found.score > 0.3) == (cause, True)

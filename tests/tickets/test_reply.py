"""Letters: for whom, with what, and never with what is internal."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.catalogue.load import load_catalogue
from bot.core.model import Answer, Diagnosis, Facts, Outcome, Party, Question, Result
from bot.tickets import reply
from bot.tickets.reply import Letter, addressee, draft, languages, letters_for

FOLDER = Path(reply.__file__).parent / "replies"


def a_case(party: Party = Party.SENDER, family: str = "submission", **facts: str) -> Diagnosis:
    known = {"recipient": "jane@example.org", "reply": "550", "sending_ip": "203.0.113.9", **facts}
    return Diagnosis(
        bounce=True,
        results=(
            Result(
                cause="auth-required",
                family=family,
                party=party,
                confidence=0.9,
                facts=Facts(**known),
                text="550 {summary} authentication required",
            ),
        ),
        title="The server wants a login",
        summary="The program did not log in.",
        steps=("Turn on authentication.", "Use port 587."),
        evidence=(
            Answer(question=Question(check="mx", subject="a"), outcome=Outcome.FOUND, detail="MX is there"),
            Answer(
                question=Question(check="ptr", subject="b"), outcome=Outcome.UNANSWERED, detail="PTR of b"
            ),
            Answer(question=Question(check="spf", subject="c"), outcome=Outcome.SKIPPED, detail="SPF of c"),
        ),
        confidence=0.9,
    )


@pytest.mark.parametrize(
    ("party", "family", "first"),
    [
        (Party.SENDER, "submission", Letter.CUSTOMER_ACTS),
        (Party.SENDER, "reputation", Letter.OWN_POSTMASTER),
        (Party.SENDER, "authentication", Letter.OWN_POSTMASTER),
        (Party.RECIPIENT, "recipient", Letter.CUSTOMER_WAITS),
        (Party.NOBODY, "throttling", Letter.CUSTOMER_WAITS),
    ],
)
def test_who_gets_a_letter(party: Party, family: str, first: Letter) -> None:
    """The one who has to act comes first."""
    assert letters_for(a_case(party, family))[0] is first


@pytest.mark.parametrize("letter", list(Letter))
@pytest.mark.parametrize("language", languages())
def test_every_letter_is_whole(letter: Letter, language: str) -> None:
    """Each letter in each language has all its slots filled, a subject on one line, and fits the form."""
    written = draft(a_case(), letter, providers={}, language=language)

    assert "{" not in written.body.replace("{summary}", "")
    assert "\n" not in written.subject
    assert "550 {summary} authentication required" in written.body
    assert len(written.body) < 3000
    assert addressee(letter, language)


def test_the_customer_gets_the_steps() -> None:
    """In order, numbered, as they stand in the answer."""
    body = draft(a_case(), Letter.CUSTOMER_ACTS, providers={}).body

    assert "1. Turn on authentication.\n2. Use port 587." in body


ACTS = (
    "auth-required",
    "relay-denied",
    "bad-credentials",
    "no-such-user",
    "recipient-moved",
    "message-too-large",
    "isp-restricted",
)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("cause", ACTS)
def test_where_it_is_in_the_mail_program(cause: str, language: str) -> None:
    """Where the customer has to change something, the letter says where in each common program, before the words
    of the server."""
    catalogue = load_catalogue()
    known = catalogue.causes[cause]
    base = a_case()
    assert base.first is not None
    case = replace(
        base,
        results=(replace(base.first, cause=cause),),
        title=known.title,
        summary=known.summary,
        steps=known.steps,
    )
    body = draft(case, Letter.CUSTOMER_ACTS, providers={}, language=language).body

    for client in ("Outlook", "Thunderbird", "Apple Mail", "iPhone"):
        assert f"{client}" in body
    assert "Android" in body or "Gmail" in body
    assert body.index("Outlook") < body.index("550 {summary} authentication required")


def test_nothing_to_find_in_the_mail_program() -> None:
    """A cause that no setting of the customer's mends gets no such list."""
    base = a_case()
    assert base.first is not None
    case = replace(base, results=(replace(base.first, cause="mailbox-full"),))

    assert "Thunderbird" not in draft(case, Letter.CUSTOMER_ACTS, providers={}).body


@pytest.mark.parametrize("language", languages())
def test_a_language_is_a_catalogue(language: str) -> None:
    """Each has the same keys, letters, labels and groups, and names only causes that there are."""
    words = {name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")) for name in ("en", language)}
    causes = load_catalogue().causes
    named = [cause for group in words[language]["clients"] for cause in group["causes"]]

    assert words[language].keys() == words["en"].keys()
    assert (
        words[language]["letters"].keys() == words["en"]["letters"].keys() == {each.value for each in Letter}
    )
    assert words[language]["labels"].keys() == words["en"]["labels"].keys()
    assert [cause for cause in named if cause not in causes] == []
    assert len(named) == len(set(named))


def test_what_was_not_answered_is_not_told_as_absent() -> None:
    """The administrator reads what could not be checked, and nothing of what was skipped."""
    body = draft(a_case(), Letter.OWN_POSTMASTER, providers={}).body

    assert "- MX is there" in body
    assert "- Could not check: PTR of b" in body
    assert "SPF of c" not in body


def test_nothing_known() -> None:
    """Without a fact there are plain words, not gaps."""
    case = Diagnosis(bounce=False, results=(), title="No bounce", summary="Nothing failed.", confidence=0.9)
    for letter in Letter:
        assert "None" not in draft(case, letter, providers={}).body


def test_an_unknown_language() -> None:
    """A language that is not there is an error, also when it looks like a path."""
    for language in ("xx", "../en", "en.yaml", ""):
        with pytest.raises(KeyError):
            draft(a_case(), Letter.CUSTOMER_ACTS, providers={}, language=language)

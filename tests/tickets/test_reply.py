"""Letters: for whom, with what, and never with what is internal."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.contract import CAUSES
from bot.catalogue.load import load_catalogue
from bot.core.model import (
    NOT_A_BOUNCE,
    Answer,
    Diagnosis,
    Facts,
    Outcome,
    Party,
    Question,
    Reader,
    Result,
)
from bot.diagnose import Diagnoser
from bot.tickets import reply
from bot.tickets.reply import Letter, addressee, draft, languages, letters_for

FOLDER = Path(reply.__file__).parent / "replies"


def a_case(party: Party = Party.SENDER, family: str = "submission", **facts: str | bool | None) -> Diagnosis:
    known: dict[str, Any] = {
        "recipient": "jane@example.org",
        "reply": "550",
        "sending_ip": "203.0.113.9",
        **facts,
    }
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
        steps=("Turn on authentication.", "Use port 587.", "Administrators: open the port."),
        steps_by={
            Reader.WRITER: ("Turn on authentication.", "Use port 587."),
            Reader.ADMIN: ("Open the port.",),
            Reader.RECIPIENT_ADMIN: ("Take the mail.",),
        },
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


@pytest.mark.parametrize(
    ("letter", "step"),
    [
        (Letter.CUSTOMER_ACTS, "Use port 587."),
        (Letter.CUSTOMER_WAITS, "Use port 587."),
        (Letter.OWN_POSTMASTER, "Open the port."),
        (Letter.RECIPIENT_ADMIN, "Take the mail."),
    ],
)
def test_a_letter_has_only_the_steps_of_its_reader(letter: Letter, step: str) -> None:
    """Nobody is asked to do what somebody else has to."""
    body = draft(a_case(), letter, providers={}).body
    others = {"Use port 587.", "Open the port.", "Take the mail."} - {step}

    assert step in body
    assert not [other for other in others if other in body]


def test_a_customer_without_a_step_is_told_who_has_to_act() -> None:
    """No heading without steps below it."""
    case = replace(a_case(), steps_by={Reader.ADMIN: ("Open the port.",)})
    body = draft(case, Letter.CUSTOMER_ACTS, providers={}).body

    assert "Whoever runs your mail system has to mend this" in body
    assert "in this order" not in body
    assert "Open the port" not in body


def test_where_the_mend_is_not_the_customers_the_letter_says_so() -> None:
    """What they can do stands apart."""
    body = draft(a_case(family="reputation"), Letter.CUSTOMER_ACTS, providers={}).body

    assert "Whoever runs your mail system has to mend this" in body
    assert "What you can do yourself:\n\n1. Turn on authentication." in body
    assert "in this order" not in body


@pytest.mark.parametrize(
    ("facts", "subject"),
    [
        ({}, "Your message to jane@example.org was returned"),
        ({"recipient": None, "recipient_domain": "example.org"}, "Your message to example.org was returned"),
        ({"recipient": None}, "Your message was returned"),
        ({"temporary": True}, "Your message to jane@example.org is delayed"),
        ({"temporary": True, "recipient": None}, "Your message is delayed"),
    ],
    ids=["named", "domain", "nobody named", "delayed", "delayed, nobody named"],
)
def test_the_subject_is_a_good_sentence(facts: dict[str, str | bool | None], subject: str) -> None:
    """Whom the message was for stands there only when the bounce names them."""
    assert draft(a_case(**facts), Letter.CUSTOMER_ACTS, providers={}).subject == subject


def test_a_new_address_is_not_the_one_that_failed() -> None:
    """``551 please try <new>`` names where to write, not where it went."""
    case = typical("recipient-moved")
    assert case.first is not None
    facts = replace(case.first.facts, recipient="jane@new.example", recipient_domain="new.example")
    moved = replace(case.first, facts=facts, text="551 User not local; please try <jane@new.example>")
    case = replace(case, results=(moved,))

    assert draft(case, Letter.CUSTOMER_ACTS, providers={}).subject == "Your message was returned"


def test_what_came_back_is_not_delayed() -> None:
    """A queue that expired has the code of a delay, and tries no more."""
    case = a_case(temporary=True)
    assert case.first is not None
    case = replace(case, results=(replace(case.first, given_up=True),))

    assert "was returned" in draft(case, Letter.CUSTOMER_ACTS, providers={}).subject


ACTS = (
    "auth-required",
    "relay-denied",
    "bad-credentials",
    "no-such-user",
    "recipient-moved",
    "message-too-large",
    "isp-restricted",
)
CATALOGUE = load_catalogue()
DIAGNOSER = Diagnoser(CATALOGUE)


def typical(cause: str, tail: str = "") -> Diagnosis:
    """The answer to the first wording of a cause that is diagnosed as it."""
    examples = (variant.example for variant in CATALOGUE.variants if variant.cause == cause)
    for example in examples:
        reading = DIAGNOSER.read(example + tail)
        diagnosis = DIAGNOSER.first(reading) if reading.bounce else None
        if diagnosis is not None and diagnosis.first is not None and diagnosis.first.cause == cause:
            return diagnosis
    raise LookupError(cause)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("cause", ACTS)
def test_where_it_is_in_the_mail_program(cause: str, language: str) -> None:
    """Where the customer has to change something, the letter says where in each common program, before the words
    of the server."""
    case = typical(cause)
    assert case.first is not None
    body = draft(case, Letter.CUSTOMER_ACTS, providers={}, language=language).body

    for client in ("Outlook", "Thunderbird", "Apple Mail", "iPhone"):
        assert client in body
    assert "Android" in body or "Gmail" in body
    assert body.index("Outlook") < body.index(case.first.text)


BOUNCES = tuple(slug for slug in CAUSES if slug != NOT_A_BOUNCE)


@pytest.mark.parametrize("cause", BOUNCES)
def test_a_customers_letter_has_no_step_for_an_administrator(cause: str) -> None:
    """Of every cause: whoever wrote the message cannot change servers, DNS or tenants."""
    case = typical(cause)
    theirs = {
        step for reader, steps in case.steps_by.items() if reader is not Reader.WRITER for step in steps
    }
    for letter in (Letter.CUSTOMER_ACTS, Letter.CUSTOMER_WAITS):
        body = draft(case, letter, providers={}).body
        asked = [line.partition(" ")[2] for line in body.splitlines() if re.match(r"\d\. ", line)]

        assert not theirs & set(asked)
        assert not [step for step in asked if ADMIN_WORDS.search(step)], cause


ADMIN_WORDS = re.compile(
    r"^Administrators|fivefifty|postfix|exim\b|sendmail|\bTXT\b|\bv=spf1|_dmarc|_domainkey|cpanel|plesk"
    r"|tenant|transport rule|admin center|mynetworks|/etc/|\bDNS host\b|\bA record\b",
    re.I,
)
"""Words that only an administrator's steps have."""


@pytest.mark.parametrize("named", [True, False], ids=["recipient named", "nobody named"])
@pytest.mark.parametrize("cause", BOUNCES)
def test_every_letter_of_every_cause_reads_as_a_whole(cause: str, named: bool) -> None:
    """No empty section, no gap, no slot, no words of another reader's lead."""
    case = typical(cause)
    if named:
        assert case.first is not None
        facts = replace(case.first.facts, recipient="jane@example.org", recipient_domain="example.org")
        case = replace(case, results=(replace(case.first, facts=facts), *case.results[1:]))
    for letter in letters_for(case):
        written = draft(case, letter, providers={})
        lines = [line for line in written.body.splitlines() if line.strip()]

        assert written.subject.strip()
        assert not re.search(r"\{[a-z_]+\}|\bNone\b|\x00|\[say|:\s*-\s*$", written.body, re.M)
        assert "  " not in written.subject
        # A line that announces something is followed by it.
        assert not [
            line
            for line, after in zip(lines, [*lines[1:], ""], strict=True)
            if line.endswith(":") and not line.startswith((" ", "-")) and not re.match(r"[-\d ]", after)
        ]
        assert not [
            line for line in lines if re.match(r"\d\. (Administrators|The recipient's administrator): ", line)
        ]


def test_nothing_to_find_in_the_mail_program() -> None:
    """A cause that no setting of the customer's mends gets no such list."""
    base = a_case()
    assert base.first is not None
    case = replace(base, results=(replace(base.first, cause="mailbox-full"),), guide=None)

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

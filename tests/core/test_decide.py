"""Matches and evidence become one answer: threshold, alternatives, who acts, what DNS turns."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.decide import THRESHOLD, UNKNOWN_CONFIDENCE, decide, not_a_bounce, parties_of
from bot.core.model import (
    NOT_A_BOUNCE,
    UNKNOWN,
    Answer,
    Candidate,
    Catalogue,
    Diagnosis,
    Facts,
    Frame,
    Kind,
    Link,
    Match,
    Outcome,
    Parsed,
    Party,
    Provider,
    Question,
    Reader,
    Rejection,
    Result,
)
from tests.core.small import small_catalogue, variant

SMALL = small_catalogue()
BUILT_IN = load_catalogue()
FACTS = Facts(recipient="jane@example.org", recipient_domain="example.org")


def matched(*candidates: tuple[str, float], signal: str = "phrase", variant: str | None = None) -> Match:
    """A match of these causes with their scores; the first one has the signal and the variant."""
    return Match(
        candidates=tuple(
            Candidate(
                cause=cause,
                score=score,
                signal=signal if place == 0 else "words",
                variant=variant if place == 0 else None,
                words="user unknown",
            )
            for place, (cause, score) in enumerate(candidates)
        )
    )


def answered(
    *matches: Match,
    facts: Facts = FACTS,
    answers: Sequence[Answer] = (),
    catalogue: Catalogue = SMALL,
    notices: tuple[str, ...] = (),
) -> Diagnosis:
    """The answer to a text with one rejection for each match."""
    rejections = tuple(
        Rejection(text=f"550 rejection {number}", facts=facts, frame=Frame.REPLY)
        for number, _ in enumerate(matches)
    )
    parsed = Parsed(kind=Kind.BOUNCE, rejections=rejections, strength=1.0, notices=notices)
    return decide(parsed, matches, answers, catalogue)


def first(diagnosis: Diagnosis) -> Result:
    assert diagnosis.first is not None
    return diagnosis.first


def test_the_best_candidate_is_the_answer() -> None:
    """With its family, its variant and the words that say so."""
    found = first(answered(matched(("no-such-user", 0.9), ("relay-denied", 0.1), variant="any-user-unknown")))

    assert (found.cause, found.family, found.party) == ("no-such-user", "recipient", Party.SENDER)
    assert (found.confidence, found.variant, found.decided_by) == (0.9, "any-user-unknown", "text")
    assert found.matched_text == found.text == "550 rejection 0"
    assert found.reasons == ("The words “user unknown” mean this.",)


def test_gaps_in_the_words_are_shown_as_gaps() -> None:
    """What stands in a wording for an address or a host is nothing to read."""
    match = Match(
        candidates=(
            Candidate(cause="no-such-user", score=0.9, signal="phrase", words="user <any> at <host> unknown"),
        )
    )

    assert first(answered(match)).reasons == ("The words “user … at … unknown” mean this.",)


@pytest.mark.parametrize(
    ("score", "cause"),
    [(THRESHOLD, "no-such-user"), (THRESHOLD - 0.001, UNKNOWN), (0.0, UNKNOWN), (1.0, "no-such-user")],
    ids=["at the threshold", "just below", "nothing", "all"],
)
def test_below_the_threshold_the_answer_is_unknown(score: float, cause: str) -> None:
    """Wrong advice is worse than none."""
    assert first(answered(matched(("no-such-user", score)))).cause == cause


def test_unknown_names_the_guesses_as_guesses() -> None:
    """The two best, with their confidence; no variant, no words that would say so."""
    found = first(
        answered(matched(("no-such-user", 0.25), ("mailbox-full", 0.2), variant="any-user-unknown"))
    )

    assert (found.cause, found.confidence) == (UNKNOWN, UNKNOWN_CONFIDENCE)
    assert found.alternatives == (("no-such-user", 0.25), ("mailbox-full", 0.2))
    assert (found.variant, found.matched_text) == (None, "")
    assert found.reasons == ("The words do not say enough. The nearest guess is “No such user” (25%).",)


def test_nothing_matched_is_unknown() -> None:
    """Without a guess there is none to name."""
    found = first(answered(Match()))

    assert (found.cause, found.alternatives, found.reasons) == (UNKNOWN, (), ())


def test_words_that_give_no_reason_are_unknown_by_themselves() -> None:
    """A known wording that says nothing: our confidence is in that, and no guess is named the nearest."""
    found = first(answered(matched((UNKNOWN, 0.8), ("mailbox-full", 0.1), variant="any-try-again-later")))

    assert (found.cause, found.confidence, found.alternatives) == (UNKNOWN, 0.8, (("mailbox-full", 0.1),))
    assert found.reasons == ("The words give no reason.",)


def test_a_bounce_is_never_told_to_be_none() -> None:
    """Its form has said that it is one; the next candidate counts."""
    found = first(answered(matched((NOT_A_BOUNCE, 0.6), ("mailbox-full", 0.35))))

    assert found.cause == "mailbox-full"
    assert NOT_A_BOUNCE not in dict(found.alternatives)


def test_alternatives_are_three_at_most() -> None:
    """The likeliest, without the answer itself."""
    match = matched(
        ("no-such-user", 0.5),
        ("mailbox-full", 0.2),
        ("relay-denied", 0.1),
        ("ip-blocklisted", 0.09),
        (UNKNOWN, 0.05),
    )

    assert [cause for cause, _ in first(answered(match)).alternatives] == [
        "mailbox-full",
        "relay-denied",
        "ip-blocklisted",
    ]


def test_a_cause_that_the_catalogue_has_not_is_stepped_over() -> None:
    """A word model that is older or newer than the causes does no harm."""
    assert first(answered(matched(("of-tomorrow", 0.7), ("mailbox-full", 0.3)))).cause == "mailbox-full"


@pytest.mark.parametrize(("score", "confidence"), [(1.5, 1.0), (0.97, 0.97)])
def test_confidence_is_a_share(score: float, confidence: float) -> None:
    """Never more than all."""
    assert first(answered(matched(("mailbox-full", score)))).confidence == confidence


@pytest.mark.parametrize(
    ("signal", "decided_by", "reason"),
    [
        ("exact", "text", "word for word"),
        ("phrase", "text", "user unknown"),
        ("fuzzy", "text", "close to one that we know"),
        ("words", "text", "such replies use"),
        ("code", "code", "The code means this"),
    ],
)
def test_the_signal_is_told(signal: str, decided_by: str, reason: str) -> None:
    """Why this answer, in one sentence; and whether only the code has decided."""
    found = first(answered(matched(("no-such-user", 0.9), signal=signal)))

    assert found.decided_by == decided_by
    assert reason in found.reasons[0]


OTHER_PARTY = replace(
    SMALL,
    variants=(*SMALL.variants, variant("own-rule", "relay-denied", "our own rule", party=Party.RECIPIENT)),
)


@pytest.mark.parametrize(
    ("variant", "party"),
    [("own-rule", Party.RECIPIENT), ("any-relaying-denied", Party.SENDER), (None, Party.SENDER)],
    ids=["variant of its own", "other variant", "no variant"],
)
def test_a_variant_may_name_another_party(variant: str | None, party: Party) -> None:
    """Who acts depends on the wording then."""
    match = matched(("relay-denied", 0.9), variant=variant)

    assert first(answered(match, catalogue=OTHER_PARTY)).party is party


def test_the_party_of_a_variant_goes_with_its_cause() -> None:
    """When the answer is another one, its variant says nothing."""
    match = matched(("relay-denied", 0.2), variant="own-rule")

    assert first(answered(match, catalogue=OTHER_PARTY)).party is Party.NOBODY


def test_parties_made_before_are_the_same() -> None:
    """Who decides often passes them in."""
    assert parties_of(OTHER_PARTY) == {"own-rule": Party.RECIPIENT}


GONE = Answer(
    question=Question(check="mx", subject="example.org"),
    outcome=Outcome.ABSENT,
    detail="example.org: no such domain",
    reason="nxdomain",
)


def test_dns_turns_the_cause() -> None:
    """The domain is gone: that explains a relay that would not; the text's cause is an alternative."""
    diagnosis = answered(matched(("relay-denied", 0.9), variant="x"), answers=(GONE,), catalogue=BUILT_IN)
    found = first(diagnosis)

    assert (found.cause, found.decided_by, found.confidence) == ("domain-not-found", "dns", 0.9)
    assert (found.variant, found.alternatives) == (None, (("relay-denied", 0.9),))
    assert any("NXDOMAIN" in reason for reason in found.reasons)
    assert diagnosis.title == BUILT_IN.causes["domain-not-found"].title
    assert diagnosis.evidence == (GONE,)


def test_the_steps_of_the_evidence_come_first() -> None:
    """What was seen live is more telling than what helps in general; nothing is said twice."""
    steps = answered(matched(("relay-denied", 0.9)), answers=(GONE,), catalogue=BUILT_IN).steps

    assert steps[0].startswith("Check the spelling of example.org.")
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize("outcome", [Outcome.UNANSWERED, Outcome.SKIPPED])
def test_silence_turns_nothing(outcome: Outcome) -> None:
    """Could not check is not a no."""
    silent = replace(GONE, outcome=outcome, reason="timeout")
    found = first(answered(matched(("relay-denied", 0.9)), answers=(silent,), catalogue=BUILT_IN))

    assert (found.cause, found.decided_by) == ("relay-denied", "text")


def test_dns_can_turn_what_the_text_left_open() -> None:
    """Unknown by the text, clear by the evidence."""
    found = first(answered(Match(), answers=(GONE,), catalogue=BUILT_IN))

    assert (found.cause, found.decided_by) == ("domain-not-found", "dns")


def test_each_recipient_has_its_own_result() -> None:
    """The texts are those of the first one."""
    diagnosis = answered(matched(("mailbox-full", 0.9)), matched(("no-such-user", 0.8)), Match())

    assert [result.cause for result in diagnosis.results] == ["mailbox-full", "no-such-user", UNKNOWN]
    assert [result.text for result in diagnosis.results] == [f"550 rejection {number}" for number in range(3)]
    assert (diagnosis.title, diagnosis.confidence) == ("Mailbox full", 0.9)


def test_the_texts_speak_of_this_case() -> None:
    """The slots of the cause are filled with the facts."""
    diagnosis = answered(matched(("mailbox-full", 0.9)))

    assert diagnosis.summary == "Something about jane@example.org."
    assert diagnosis.steps == ("Look at jane@example.org.",)
    assert diagnosis.collect == ("the whole reply",)


def test_braces_in_an_address_are_no_slots() -> None:
    """Pasted text never makes the answer say something else."""
    facts = Facts(
        recipient="{sender}@gmial.com",
        recipient_domain="gmial.com",
        suggestion="gmail.com",
        sender="eve@example.org",
    )
    diagnosis = answered(matched(("no-such-user", 0.9)), facts=facts)

    assert diagnosis.steps[0] == (
        "Check the address: gmial.com looks like a typo. Send to {sender}@gmail.com instead."
    )
    assert "eve" not in " ".join(diagnosis.steps)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (
            Facts(recipient="a@gmial.com", recipient_domain="gmial.com", suggestion="gmail.com"),
            "Check the address: gmial.com looks like a typo. Send to a@gmail.com instead.",
        ),
        (
            Facts(recipient_domain="gmial.com", suggestion="gmail.com"),
            "Check the address: gmial.com looks like a typo of gmail.com.",
        ),
        (FACTS, "Look at jane@example.org."),
    ],
    ids=["address", "domain alone", "no typo"],
)
def test_a_typo_is_the_first_step(facts: Facts, step: str) -> None:
    """The likeliest help first."""
    assert answered(matched(("no-such-user", 0.9)), facts=facts).steps[0] == step


WITH_PROVIDER = replace(
    SMALL,
    providers={
        "acme": Provider(
            id="acme", name="Acme", postmaster="https://acme.example/p", delisting="https://acme.example/d"
        )
    },
)


@pytest.mark.parametrize(
    ("cause", "titles"),
    [
        ("ip-blocklisted", ["Acme: ask for removal", "Acme: help for senders"]),
        ("mailbox-full", []),
    ],
)
def test_the_providers_pages_stand_where_they_help(cause: str, titles: list[str]) -> None:
    """A form for removal is of no use to somebody whose mailbox is full."""
    links = answered(matched((cause, 0.9)), facts=Facts(provider="acme"), catalogue=WITH_PROVIDER).links

    assert [link.title for link in links] == titles


def test_an_unknown_provider_has_no_pages() -> None:
    """A fact that names nobody we know."""
    assert answered(matched(("ip-blocklisted", 0.9)), facts=Facts(provider="nobody")).links == ()


def test_the_notices_of_the_reader_are_passed_on() -> None:
    """Such as that a long input was cut."""
    assert answered(Match(), notices=("It was cut.",)).notices == ("It was cut.",)


@pytest.mark.parametrize(
    ("kind", "known", "title"),
    [
        (Kind.CHATTER, True, "Not a bounce"),
        (Kind.AUTO_REPLY, False, "This is an automatic reply, not a bounce"),
        (Kind.FEEDBACK_REPORT, False, "This is a complaint report, not a bounce"),
        (Kind.RECEIPT, False, "This is a receipt, not a bounce"),
    ],
    ids=["known words", "auto-reply", "complaint", "receipt"],
)
def test_what_is_no_bounce_has_its_own_answer(kind: Kind, known: bool, title: str) -> None:
    """No result, what it is instead, and how sure we are."""
    diagnosis = not_a_bounce(Parsed(kind=kind, notices=("It was cut.",)), SMALL, 0.98, known=known)

    assert (diagnosis.bounce, diagnosis.results, diagnosis.confidence) == (False, (), 0.98)
    assert diagnosis.title == title
    assert diagnosis.notices == ("It was cut.",)


def test_what_is_not_recognised_is_not_said_to_have_arrived() -> None:
    """Somebody may tell of a bounce in words of their own: no step for something else that it might be."""
    diagnosis = not_a_bounce(Parsed(kind=Kind.CHATTER), BUILT_IN, 0.95)

    assert diagnosis.title == "No bounce found in this text"
    assert "does not mean that the mail has arrived" in diagnosis.summary
    assert set(diagnosis.steps_by) == {Reader.AGENT}


def test_no_text_of_the_built_in_base_keeps_a_slot() -> None:
    """Each cause's texts are whole sentences also when the bounce names nothing."""
    for slug in BUILT_IN.causes:
        if slug != NOT_A_BOUNCE:
            diagnosis = answered(matched((slug, 0.9)), facts=Facts(), catalogue=BUILT_IN)
            texts = (diagnosis.summary, *diagnosis.steps, *diagnosis.prevention, *diagnosis.collect)
            assert not [text for text in texts if "{" in text], slug
    none = not_a_bounce(Parsed(kind=Kind.CHATTER), BUILT_IN, 0.98)
    assert not [text for text in (none.summary, *none.steps) if "{" in text]


def test_links_are_not_repeated() -> None:
    """The same page from evidence and cause stands once."""
    link = Link(title="RFC 5321", url="https://www.rfc-editor.org/rfc/rfc5321")
    causes = {**SMALL.causes, "mailbox-full": replace(SMALL.causes["mailbox-full"], links=(link, link))}

    assert answered(matched(("mailbox-full", 0.9)), catalogue=replace(SMALL, causes=causes)).links == (link,)

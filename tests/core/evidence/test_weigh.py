"""Are findings joined rightly, and is silence never taken for an answer?"""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import load_catalogue
from bot.core.evidence import RULES, Verdict, weigh
from bot.core.model import (
    Answer,
    Candidate,
    Facts,
    Frame,
    Match,
    Origin,
    Outcome,
    Question,
    Rejection,
    Signature,
)
from bot.core.plan import plan

from .conftest import ABSENT, CATALOGUE, FOUND, HOST, IP, R, S, answer

Judge = Callable[..., Verdict]
CAUSES = sorted(load_catalogue().causes)
REASONS = (
    None, "nxdomain", "nodata", "null-mx", "implicit-mx", "no-address", "private-address", "cname", "name", "address",
    "provider", "organization", "other-hosts", "unconfirmed", "generic", "pass", "fail", "softfail", "permerror", "none",
    "reject", "quarantine", "revoked", "listed", "policy", "weak", "timeout", "refused-by-list", "other-address",
    "identical", "strict", "other-organization",
)  # fmt: skip
CHECKS = ("mx", "mx-host", "ptr", "helo", "spf", "dmarc", "dkim", "mta-sts", "blocklist", "alignment")


ORIGIN = Origin(
    author_domain=S,
    envelope_domain=R,
    signatures=(Signature(domain=S, selector="s1"), Signature(domain=R)),
    mailing_list="dev@list.example",
    forwarder="old.example",
)


def case(cause: str, **facts: str | None) -> tuple[Rejection, Match]:
    known = {
        "recipient_domain": R, "sender_domain": S, "sending_ip": IP, "rejecting_host": HOST, "blocklist": "bl.listy.example",
    }  # fmt: skip
    rejection = Rejection(text="550 no", frame=Frame.DSN, facts=Facts(**{**known, **facts}))
    return rejection, Match(candidates=(Candidate(cause=cause, score=0.9, signal="phrase"),))


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("outcome", [Outcome.UNANSWERED, Outcome.SKIPPED])
def test_silence_turns_no_cause(cause: str, outcome: Outcome) -> None:
    """Every question that the plan asks comes back without an answer."""
    rejection, match = case(cause, blocklist=None)
    answers = [
        Answer(question=question, outcome=outcome, detail="", reason="timeout")
        for question in plan(rejection, match, CATALOGUE)
    ]
    verdict = weigh(rejection, match, answers, CATALOGUE)

    assert (verdict.cause, verdict.suggestion) == (None, None)


@pytest.mark.parametrize("cause", CAUSES)
def test_the_text_alone_turns_no_cause(cause: str) -> None:
    """The first answer is the text's."""
    rejection, match = case(cause)

    assert weigh(rejection, match, (), CATALOGUE).cause is None


def test_no_match_at_all_is_weighed_too() -> None:
    """It counts as unknown."""
    rejection, _ = case("unknown")
    verdict = weigh(rejection, Match(), [answer("mx", R, ABSENT, "nxdomain")], CATALOGUE)

    assert verdict.cause == "domain-not-found"


def test_the_surest_turn_wins_and_the_others_are_silent(judge: Judge) -> None:
    """Two answers at once would be none: a domain that is gone, and a host that forgot it."""
    verdict = judge(
        "relay-denied",
        answer("mx", R, ABSENT, "null-mx"),
        answer("mx-host", HOST, FOUND, "provider", about=R),
        rejecting_host=HOST,
    )

    assert verdict.cause == "domain-not-found"
    assert not any("postmaster" in step.text for step in verdict.steps)


def test_what_sharpens_stays_beside_a_turn(judge: Judge) -> None:
    """The typo is told with the domain that is gone."""
    verdict = judge(
        "server-unreachable",
        answer("mx", R, ABSENT, "nxdomain"),
        answer("mx", "right.example", FOUND, None, "mx.right.example", about="neighbour"),
    )

    assert (verdict.cause, verdict.suggestion) == ("domain-not-found", "right.example")
    assert len(verdict.reasons) == 2


def test_answers_about_others_say_nothing(judge: Judge) -> None:
    """A mail may name several recipients; each is judged by its own answers."""
    verdict = judge("relay-denied", answer("mx", "other.example", ABSENT, "nxdomain"))

    assert verdict == Verdict()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_says_where_it_comes_from(rule: Callable[..., object]) -> None:
    """Its docstring is what a reader has to judge it by: what it says, and the RFC, page or file behind it."""
    words = rule.__doc__ or ""

    assert len(words.split()) >= 6
    assert re.search(r"RFC \d|\b[a-z0-9-]+\.(?:com|org|net|help)\b|knowledge/|cf/README", words)


answers = st.builds(
    lambda check, subject, about, outcome, reason, values: Answer(
        question=Question(check=check, subject=subject, about=about),
        outcome=outcome,
        detail="",
        reason=reason,
        values=tuple(values),
    ),
    st.sampled_from(CHECKS),
    st.sampled_from([R, S, IP, HOST, "x"]),
    st.sampled_from(
        [R, S, IP, "neighbour", f"spf:{S}", f"dkim:{S}", "bl.listy.example", "bl.other.example", None]
    ),
    st.sampled_from(list(Outcome)),
    st.sampled_from(REASONS),
    st.lists(
        st.sampled_from(
            ["mx.new.example", "127.0.0.2", "127.0.0.10", "v=spf1 -all", "lookups=12", "cost=x:y", "=", ""]
        )
    ),
)


@given(
    st.sampled_from(CAUSES),
    st.lists(answers, max_size=8),
    st.sampled_from([R, None]),
    st.sampled_from([S, R, None]),
    st.sampled_from([None, ORIGIN, Origin(author_domain=S), Origin(envelope_domain=S)]),
)
def test_no_answer_makes_a_rule_fail(
    cause: str,
    given_answers: list[Answer],
    recipient: str | None,
    sender: str | None,
    origin: Origin | None,
) -> None:
    """Whatever comes back, in whatever mixture."""
    rejection, match = case(cause, recipient_domain=recipient, sender_domain=sender)
    rejection = replace(rejection, origin=origin)
    verdict = weigh(rejection, match, given_answers, CATALOGUE)

    assert verdict.confidence is None or 0.5 < verdict.confidence < 1
    assert verdict.cause is None or verdict.cause in CAUSES
    assert all("None" not in text for text in (*(step.text for step in verdict.steps), *verdict.reasons))

"""What counts as a change, and what is only silence?"""

import pytest

from bot.core.checkup import target_of
from bot.core.model import Answer, Catalogue, Diagnosis, Facts, Outcome, Party, Question, Result
from bot.core.watch import (
    changes,
    folded,
    losses,
    merged,
    own_questions,
    progress,
    selector_questions,
    trouble,
    worth_watching,
)

LISTY = {
    "id": "listy", "name": "Listy", "kind": "ip", "zone": "bl.listy.example", "ask": "default", "subjects": ["ipv4"],
    "match": "exact", "weight": "high", "listed": [{"code": "127.0.0.2", "list": "SPAM", "meaning": "spam source"}],
}  # fmt: skip
CATALOGUE = Catalogue(causes={}, variants=(), blocklists=(LISTY,))


def listed(outcome: Outcome, *codes: str) -> Answer:
    question = Question(check="blocklist", subject="203.0.113.9", about="bl.listy.example")
    return Answer(question=question, outcome=outcome, detail="", values=codes)


def mx(outcome: Outcome, reason: str | None = None, *hosts: str) -> Answer:
    return Answer(
        question=Question(check="mx", subject="our.example"),
        outcome=outcome,
        detail="",
        values=hosts,
        reason=reason,
    )


LISTED, CLEAN, SILENT = listed(Outcome.FOUND, "127.0.0.2"), listed(Outcome.ABSENT), listed(Outcome.UNANSWERED)


def test_a_delisting_is_a_change_for_the_better() -> None:
    """It says what it is now, and what it was."""
    (change,) = changes([LISTED], [CLEAN], CATALOGUE)

    assert (change.better, change.text, change.before) == (
        True,
        "Not on Listy.",
        "On Listy: SPAM: spam source.",
    )


def test_a_listing_is_a_change_for_the_worse_with_a_mend() -> None:
    """Somebody has to act."""
    (change,) = changes([CLEAN], [LISTED], CATALOGUE)

    assert not change.better
    assert change.fix


def test_a_lost_record_is_put_back_as_it_was() -> None:
    """A general record in its place would leave out who sends by now."""
    gone = answer("spf", "our.example", Outcome.ABSENT, "none")
    there = answer("spf", "our.example", Outcome.FOUND, "published", values=("v=spf1 ip4:203.0.113.9 -all",))
    (change,) = changes([there], [gone], CATALOGUE)

    assert "what was there" in change.fix
    assert "ip4:203.0.113.9" in change.before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([LISTED], [LISTED], id="same"),
        pytest.param([LISTED], [SILENT], id="silence-is-no-delisting"),
        pytest.param([SILENT], [LISTED], id="nothing-known-before"),
        pytest.param([], [LISTED], id="new-question"),
        pytest.param([LISTED], [], id="gone-question"),
        pytest.param([mx(Outcome.FOUND, None, "a.our.example")], [mx(Outcome.FOUND, None, "b.our.example")], id="other-host"),
    ],
)  # fmt: skip
def test_no_change(before: list[Answer], after: list[Answer]) -> None:
    """Neither for the better nor for the worse."""
    assert changes(before, after, CATALOGUE) == ()


def test_the_worse_comes_first() -> None:
    """Two changes at once."""
    found = changes(
        [LISTED, mx(Outcome.FOUND, None, "a.our.example")], [CLEAN, mx(Outcome.ABSENT, "nxdomain")], CATALOGUE
    )

    assert [change.better for change in found] == [False, True]


def test_a_night_without_dns_hides_no_change() -> None:
    """What was known is kept until the next answer."""
    kept = merged([LISTED], [SILENT])
    (change,) = changes(kept, [CLEAN], CATALOGUE)

    assert change.better


def test_a_new_answer_takes_the_place_of_the_old() -> None:
    """And a question that never had an answer keeps its silence."""
    assert merged([LISTED], [CLEAN]) == (CLEAN,)
    assert merged([], [SILENT]) == (SILENT,)


def answer(
    check: str,
    subject: str,
    outcome: Outcome,
    reason: str | None = None,
    *,
    about: str | None = None,
    values: tuple[str, ...] = (),
) -> Answer:
    question = Question(check=check, subject=subject, about=about)
    return Answer(question=question, outcome=outcome, detail="asked", values=values, reason=reason)


def case(cause: str, *evidence: Answer, blocklist: str | None = None) -> Diagnosis:
    result = Result(
        cause=cause,
        family="any",
        party=Party.SENDER,
        confidence=1.0,
        facts=Facts(sending_ip="203.0.113.9", blocklist=blocklist),
    )
    return Diagnosis(bounce=True, results=(result,), title="t", summary="s", evidence=evidence)


PTR_GONE = answer("ptr", "203.0.113.9", Outcome.ABSENT, "nxdomain")
SPF_FAIL = answer("spf", "our.example", Outcome.FOUND, "fail", about="203.0.113.9", values=("v=spf1 -all",))
SPF_PASS = answer("spf", "our.example", Outcome.FOUND, "pass", about="203.0.113.9", values=("v=spf1 +mx",))
SPF_NONE = answer("spf", "our.example", Outcome.ABSENT, "none", about="203.0.113.9")
HELO_BAD = answer("helo", "mail.our.example", Outcome.ABSENT, "no-address", about="203.0.113.9")
NO_DOMAIN = answer("mx", "gone.example", Outcome.ABSENT, "nxdomain")
TIMEOUT = answer("blocklist", "203.0.113.9", Outcome.UNANSWERED, "timeout", about="bl.listy.example")
REFUSED = answer("blocklist", "203.0.113.9", Outcome.UNANSWERED, "refused-by-list", about="bl.listy.example")


@pytest.mark.parametrize(
    ("diagnosis", "watched"),
    [
        pytest.param(case("ip-blocklisted", LISTED), [LISTED], id="listed"),
        pytest.param(case("ip-blocklisted", LISTED, PTR_GONE), [LISTED, PTR_GONE], id="listed-and-no-name"),
        pytest.param(case("spf-failed", SPF_FAIL), [SPF_FAIL], id="spf-lacks-the-address"),
        pytest.param(case("spf-failed", SPF_NONE), [SPF_NONE], id="no-spf-record"),
        pytest.param(case("bad-helo", HELO_BAD), [HELO_BAD], id="helo"),
        pytest.param(case("domain-not-found", NO_DOMAIN), [NO_DOMAIN], id="no-such-domain"),
        pytest.param(case("ip-blocklisted", TIMEOUT, blocklist="bl.listy.example"), [TIMEOUT], id="named-list-silent"),
        pytest.param(case("ip-blocklisted", TIMEOUT), [], id="other-list-silent"),
        pytest.param(case("ip-blocklisted", REFUSED, blocklist="bl.listy.example"), [], id="list-refuses-us"),
        pytest.param(case("ip-blocklisted", CLEAN, blocklist="bl.listy.example"), [], id="delisted-already"),
        pytest.param(case("spf-failed", SPF_PASS), [], id="spf-passes"),
        pytest.param(case("spam-content", SPF_NONE), [], id="small-fault-of-another-cause"),
        pytest.param(case("no-such-user", answer("mx", "gmial.example", Outcome.ABSENT, "nxdomain", about="neighbour")), [], id="neighbour"),
        pytest.param(Diagnosis(bounce=False, results=(), title="t", summary="s", evidence=(LISTED,)), [], id="no-bounce"),
    ],
)  # fmt: skip
def test_what_is_worth_watching(diagnosis: Diagnosis, watched: list[Answer]) -> None:
    """What is wrong in the case and can be mended; nothing that is well, unknown or of another."""
    assert list(worth_watching(diagnosis, CATALOGUE)) == watched


def test_a_fault_is_mended_left_or_unknown() -> None:
    """Only an answer that says so mends it; silence keeps what was known."""
    found = progress(
        [LISTED, PTR_GONE, SPF_FAIL], [CLEAN, answer("ptr", "203.0.113.9", Outcome.UNANSWERED)], CATALOGUE
    )

    assert [(change.text, change.before) for change in found.fixed] == [
        ("Not on Listy.", "On Listy: SPAM: spam source.")
    ]
    assert found.pending == (PTR_GONE, SPF_FAIL)


def test_a_named_list_that_was_silent_may_be_found_clean() -> None:
    """The bounce says that it was listed; now it is not."""
    found = progress([TIMEOUT], [CLEAN], CATALOGUE)

    assert [change.text for change in found.fixed] == ["Not on Listy."]
    assert found.pending == ()


@pytest.mark.parametrize("silence", list(Outcome)[2:])
def test_silence_is_no_trouble_and_no_cure(silence: Outcome) -> None:
    """Neither unanswered nor skipped."""
    said = listed(silence)

    assert trouble(said, CATALOGUE) == ""
    assert progress([LISTED], [said], CATALOGUE).pending == (LISTED,)


def dmarc(policy: str) -> Answer:
    return answer("dmarc", "our.example", Outcome.FOUND, policy, values=(f"v=DMARC1; p={policy}",))


@pytest.mark.parametrize(
    ("was", "now", "better"),
    [("reject", "none", False), ("quarantine", "none", False), ("none", "reject", True)],
)
def test_a_weaker_policy_is_worse(was: str, now: str, better: bool) -> None:
    """Although a record with any policy is a good one."""
    (change,) = changes([dmarc(was)], [dmarc(now)], CATALOGUE)

    assert change.better is better


def test_a_domain_that_is_gone_is_said_alone() -> None:
    """Not also that each of its records is gone."""
    before = [mx(Outcome.FOUND, None, "a.our.example"), dmarc("reject")]
    after = [mx(Outcome.ABSENT, "nxdomain"), answer("dmarc", "our.example", Outcome.ABSENT, "nodata")]

    assert [change.check for change in losses(changes(before, after, CATALOGUE), after)] == ["mx"]


def test_own_questions_leave_out_other_names() -> None:
    """Neither a typo's neighbour nor a made-up name is the team's own."""
    asked = own_questions(target_of("our.example"), CATALOGUE)

    assert {question.check for question in asked} == {"mx", "spf", "dmarc", "dkim", "mta-sts"}
    assert {question.subject for question in asked} == {"our.example"}


def dkim(outcome: Outcome, *selectors: str, about: str | None = None, reason: str | None = None) -> Answer:
    return answer("dkim", "our.example", outcome, reason, about=about, values=selectors)


NO_USUAL = dkim(Outcome.UNANSWERED, reason="no key under 12 usual selectors")
S1_FOUND, S1_GONE = dkim(Outcome.FOUND, "s1", about="s1"), dkim(Outcome.ABSENT, about="s1", reason="nodata")
S1_SILENT, S2_FOUND = (
    dkim(Outcome.UNANSWERED, about="s1", reason="timeout"),
    dkim(Outcome.FOUND, "s2", about="s2"),
)


def test_keys_that_were_found_are_asked_by_name() -> None:
    """Those of the last look, and those of this one; and still after one is gone."""
    named = selector_questions([dkim(Outcome.FOUND, "s1")], [dkim(Outcome.FOUND, "s2")])
    later = selector_questions([dkim(Outcome.ABSENT, "s1", reason="nodata")], [NO_USUAL])

    assert [question.about for question in named] == ["s1", "s2"]
    assert [question.about for question in later] == ["s1"]


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param([NO_USUAL, S1_GONE], Outcome.ABSENT, id="lost"),
        pytest.param([NO_USUAL, S1_FOUND], Outcome.FOUND, id="there"),
        pytest.param([NO_USUAL, S1_SILENT], Outcome.UNANSWERED, id="silent"),
        pytest.param([NO_USUAL, S1_GONE, S2_FOUND], Outcome.FOUND, id="exchanged"),
        pytest.param([dkim(Outcome.FOUND, "s2"), S1_GONE], Outcome.FOUND, id="exchanged-for-a-usual-one"),
        pytest.param([NO_USUAL], Outcome.UNANSWERED, id="never-found"),
    ],
)
def test_a_domain_has_dkim_while_any_key_is_there(now: list[Answer], outcome: Outcome) -> None:
    """A lost key is told from silence, and an exchanged one from a loss."""
    (whole,) = folded(now)
    found = changes([dkim(Outcome.FOUND, "s1")], [whole], CATALOGUE)

    assert (whole.question.about, whole.outcome) == (None, outcome)
    assert [change.better for change in found] == ([False] if outcome is Outcome.ABSENT else [])

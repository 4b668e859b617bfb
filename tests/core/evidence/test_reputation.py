"""What do the blocklists' answers add, and when do they say nothing?"""

from collections.abc import Callable

import pytest

from bot.core.evidence import Verdict
from bot.core.model import Outcome

from .conftest import ABSENT, FOUND, IP, UNANSWERED, answer

Judge = Callable[..., Verdict]
ZONE = "bl.listy.example"


def test_a_listing_on_the_named_list_gives_the_step_of_its_code(judge: Judge) -> None:
    """Cleaning comes before removal."""
    verdict = judge(
        "ip-blocklisted", answer("blocklist", IP, FOUND, "listed", "127.0.0.2", about=ZONE), blocklist=ZONE
    )

    assert verdict.cause is None
    assert tuple(step.text for step in verdict.steps[:2]) == (
        f"Clean {IP} first.",
        f"Removal from Listy for {IP}: use the form. https://listy.example/",
    )


def test_a_policy_listing_is_no_offence(judge: Judge) -> None:
    """The PBL says: send through your provider. That is isp-restricted."""
    verdict = judge(
        "ip-blocklisted", answer("blocklist", IP, FOUND, "policy", "127.0.0.10", about=ZONE), blocklist=ZONE
    )

    assert verdict.cause == "isp-restricted"


def test_a_policy_listing_on_a_list_that_is_not_named_turns_nothing(judge: Judge) -> None:
    """A listing explains a bounce only if the bounce names that list."""
    verdict = judge(
        "ip-blocklisted",
        answer("blocklist", IP, FOUND, "policy", "127.0.0.10", about="bl.other.example"),
        blocklist=ZONE,
    )

    assert verdict.cause is None


def test_delisted_since_means_send_again(judge: Judge) -> None:
    """Nothing to delist any more, so no removal is asked for."""
    verdict = judge("ip-blocklisted", answer("blocklist", IP, ABSENT, "nxdomain", about=ZONE), blocklist=ZONE)

    assert verdict.steps[0].text.startswith("Send the message again")
    assert not any("Removal" in step.text for step in verdict.steps)


@pytest.mark.parametrize(
    "reason", ["timeout", "refused-by-list", "unknown-code", "foreign-answer", "wildcard"]
)
def test_a_list_that_gave_no_answer_is_neither_listed_nor_clean(judge: Judge, reason: str) -> None:
    """It says "could not be checked", and where to look by hand."""
    verdict = judge("ip-blocklisted", answer("blocklist", IP, UNANSWERED, reason, about=ZONE), blocklist=ZONE)

    assert "could not be checked" in verdict.reasons[0]
    assert verdict.cause is None


def test_before_any_look_up_the_way_off_the_list_is_given(judge: Judge) -> None:
    """The first answer comes from the text alone."""
    verdict = judge("ip-blocklisted", blocklist=ZONE)

    assert tuple(step.text for step in verdict.steps) == (
        f"Removal from Listy for {IP}: use the form. https://listy.example/",
    )


def test_a_list_named_by_words_counts_too(judge: Judge) -> None:
    """Not every reply has the zone."""
    verdict = judge("ip-blocklisted", text="550 blocked using Listy")

    assert "Removal from Listy" in verdict.steps[0].text


def test_part_of_a_word_names_no_list(judge: Judge) -> None:
    """ "specialistys" is not "listy"."""
    verdict = judge("ip-blocklisted", text="550 blocked by our specialistys")

    assert verdict.steps == ()


def test_a_providers_own_list_has_its_page(judge: Judge) -> None:
    """DNS does not show it; the form does."""
    verdict = judge("ip-blocklisted", text="550 BM-BLOCK-77 your address is blocked")

    assert "https://bigmail.example/unblock" in verdict.steps[0].text


def test_a_dead_list_is_the_receivers_fault(judge: Judge) -> None:
    """The sender has nothing to delist."""
    verdict = judge("ip-blocklisted", blocklist="bl.dead.example")

    assert "has to remove it" in verdict.steps[0].text


def test_a_refusal_page_in_the_reply_is_the_receivers_fault(judge: Judge) -> None:
    """The receiver's resolver is refused, nobody is listed."""
    verdict = judge("domain-blocklisted", text="554 blocked, see http://uribl.com/refused.shtml")

    assert "not a listing" in verdict.reasons[0]


def test_a_weighty_listing_comes_first_for_bad_reputation(judge: Judge) -> None:
    """Large receivers reject on it."""
    verdict = judge("bad-reputation", answer("blocklist", IP, FOUND, "listed", "127.0.0.2", about=ZONE))

    assert tuple(step.text for step in verdict.steps) == (
        f"Clean {IP} first.",
        f"Removal from Listy for {IP}: use the form. https://listy.example/",
    )
    assert verdict.cause is None


def test_a_public_listing_is_cleaned_before_the_providers_own_list_is_asked(judge: Judge) -> None:
    """A provider does not lift its block while the address still sends spam."""
    verdict = judge(
        "ip-blocklisted",
        answer("blocklist", IP, FOUND, "listed", "127.0.0.2", about=ZONE),
        text="550 blocked, see bm-block-77",
    )

    assert verdict.steps[0].text == f"Clean {IP} first."
    assert "Bigmail" in verdict.steps[-1].text


def test_a_minor_listing_is_background(judge: Judge) -> None:
    """It may have no part in the bounce."""
    verdict = judge(
        "bad-reputation", answer("blocklist", IP, FOUND, "listed", "127.0.0.2", about="bl.other.example")
    )

    assert verdict.steps == ()
    assert "perhaps without a part" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        pytest.param((ABSENT, "nxdomain"), "none of the 2 public lists that answered:", id="all-answered"),
        pytest.param(
            (UNANSWERED, "timeout"), "none of the 1 public lists that answered (1 could not", id="one-silent"
        ),
    ],
)
def test_on_no_list_that_answered_points_to_the_receivers_own(
    judge: Judge, second: tuple[Outcome, str], words: str
) -> None:
    """What could not be asked is counted apart."""
    verdict = judge(
        "ip-blocklisted",
        answer("blocklist", IP, ABSENT, "nxdomain", about=ZONE),
        answer("blocklist", IP, *second, about="bl.other.example"),
    )

    assert words in verdict.reasons[0]


def test_no_answer_at_all_says_nothing_about_lists(judge: Judge) -> None:
    """Silence is not cleanness."""
    verdict = judge("ip-blocklisted", answer("blocklist", IP, UNANSWERED, "timeout", about=ZONE))

    assert verdict.reasons == ()


def test_a_policy_listing_that_is_not_named_gives_a_step_and_turns_nothing(judge: Judge) -> None:
    """Receivers that use the list refuse direct mail; this bounce may have another reason."""
    verdict = judge("ip-blocklisted", answer("blocklist", IP, FOUND, "policy", "127.0.0.10", about=ZONE))

    assert verdict.cause is None
    assert tuple(step.text for step in verdict.steps) == ("Log in.",)
    assert not any("perhaps without a part" in reason for reason in verdict.reasons)

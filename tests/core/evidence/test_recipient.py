"""What does the MX of the recipient say besides where mail goes?"""

from dataclasses import replace

import pytest

from bot.core.evidence import Verdict, weigh
from bot.core.model import Answer, Candidate, Facts, Frame, Link, Match, Provider, Rejection

from .conftest import ABSENT, CATALOGUE, FOUND, UNANSWERED, R, answer

WITH_PROVIDER = replace(
    CATALOGUE,
    providers={
        "bigmail": Provider(
            id="bigmail",
            name="Bigmail",
            mx=("bigmail.example",),
            postmaster="https://postmaster.bigmail.example/",
            delisting="https://bigmail.example/removal",
        )
    },
)
HELP = Link(title="Bigmail: help for senders", url="https://postmaster.bigmail.example/")
REMOVAL = Link(title="Bigmail: ask for removal", url="https://bigmail.example/removal")
AT_BIGMAIL = answer("mx", R, FOUND, None, "mx1.bigmail.example")


def judged(
    cause: str, *answers: Answer, receiving_side: bool = False, provider: str | None = None
) -> Verdict:
    rejection = Rejection(
        text="550 refused",
        frame=Frame.REPLY,
        facts=Facts(recipient_domain=R, provider=provider),
        receiving_side=receiving_side,
    )
    match = Match(candidates=(Candidate(cause=cause, score=0.9, signal="phrase"),))
    return weigh(rejection, match, answers, WITH_PROVIDER)


@pytest.mark.parametrize(
    ("cause", "links"),
    [("bad-reputation", (REMOVAL, HELP)), ("ip-blocklisted", (REMOVAL, HELP)), ("spf-failed", (HELP,))],
)
def test_the_provider_behind_the_mx_has_pages_of_its_own(cause: str, links: tuple[Link, ...]) -> None:
    """The form for removal where removal is what is needed."""
    verdict = judged(cause, AT_BIGMAIL)

    assert verdict.links == links
    assert verdict.reasons[0] == f"Mail for {R} is at Bigmail, by its MX (mx1.bigmail.example)."


@pytest.mark.parametrize(
    ("cause", "answer_", "more"),
    [
        pytest.param("bad-reputation", answer("mx", R, FOUND, None, "mx.own.example"), {}, id="nobody-we-know"),
        pytest.param("bad-reputation", answer("mx", R, UNANSWERED, "timeout"), {}, id="no-answer"),
        pytest.param("bad-reputation", answer("mx", R, ABSENT, "nodata"), {}, id="no-mx"),
        pytest.param("bad-reputation", AT_BIGMAIL, {"provider": "other"}, id="the-text-tells"),
        pytest.param("bad-reputation", AT_BIGMAIL, {"receiving_side": True}, id="the-reader-is-the-receiver"),
        pytest.param("mailbox-full", AT_BIGMAIL, {}, id="no-matter-of-the-provider"),
    ],
)  # fmt: skip
def test_no_provider_is_made_up(cause: str, answer_: Answer, more: dict[str, str]) -> None:
    """Nor named where that helps nobody."""
    assert judged(cause, answer_, **more).links == ()

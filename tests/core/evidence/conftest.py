"""What the rule tests share: a way to write a case down in one line."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.core.evidence import Verdict, weigh
from bot.core.model import (
    Answer,
    Candidate,
    Catalogue,
    Facts,
    Frame,
    Match,
    Origin,
    Outcome,
    Question,
    Rejection,
)

R, S, IP, HOST = "rcpt.example", "sender.example", "203.0.113.9", "mx.old.example"
LISTY = {
    "id": "listy",
    "name": "Listy",
    "kind": "ip",
    "zone": "bl.listy.example",
    "ask": "default",
    "subjects": ["ipv4"],
    "match": "exact",
    "weight": "high",
    "listed": [
        {"code": "127.0.0.2", "list": "SPAM", "meaning": "spam source", "step": "Clean SUBJECT first."},
        {"code": "127.0.0.10", "list": "PBL", "meaning": "dynamic range", "blame": False, "step": "Log in."},
    ],
    "delist": {"url": "https://listy.example/", "how": "use the form"},
    "aliases": ["listy", "bl.listy.example"],
}
OTHER = {
    **LISTY,
    "id": "other",
    "name": "Other",
    "zone": "bl.other.example",
    "weight": "low",
    "aliases": ["otherlist"],
}
DEAD = {
    "id": "dead", "name": "Deadlist", "kind": "ip", "zone": "bl.dead.example", "ask": "never",
    "subjects": ["ipv4"], "status": {"state": "dead"}, "aliases": ["deadlist"],
}  # fmt: skip
OWN = {
    "id": "own", "name": "Bigmail's own list", "kind": "none", "aliases": ["bm-block-77"],
    "delist": {"url": "https://bigmail.example/unblock", "how": "fill in the form"},
}  # fmt: skip
CATALOGUE = Catalogue(causes={}, variants=(), blocklists=(LISTY, OTHER, DEAD, OWN))

FOUND, ABSENT, UNANSWERED = Outcome.FOUND, Outcome.ABSENT, Outcome.UNANSWERED


def answer(
    check: str,
    subject: str,
    outcome: Outcome,
    reason: str | None = None,
    *values: str,
    about: str | None = None,
) -> Answer:
    return Answer(
        question=Question(check=check, subject=subject, about=about),
        outcome=outcome,
        detail="as asked",
        values=values,
        reason=reason,
    )


@pytest.fixture
def judge() -> Callable[..., Verdict]:
    """``judge(cause, *answers, host=…, frame=…)`` weighs one case; facts are those above where not given."""

    def weighed(
        cause: str,
        *answers: Answer,
        text: str = "",
        context: str = "",
        frame: Frame = Frame.REPLY,
        origin: Origin | None = None,
        **facts: Any,
    ) -> Verdict:
        known = {"recipient_domain": R, "sender_domain": S, "sending_ip": IP, **facts}
        rejection = Rejection(text=text, context=context, frame=frame, facts=Facts(**known), origin=origin)
        match = Match(candidates=(Candidate(cause=cause, score=0.9, signal="phrase"),))
        return weigh(rejection, match, answers, CATALOGUE)

    return weighed

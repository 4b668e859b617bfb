"""Diagnoses and posts for the tests of tickets."""

from datetime import datetime
from typing import Any

from bot.core.mask import fingerprint, mask
from bot.core.model import Answer, Diagnosis, Facts, Outcome, Party, Question, Result
from bot.core.wire import as_json
from bot.tickets.recording import record
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Ticket

FULL = "552 5.2.2 <jane@example.org>: Mailbox full"


def a_diagnosis(
    text: str = FULL, *, cause: str = "mailbox-full", family: str = "recipient", **facts: Any
) -> dict[str, Any]:
    """The contract's object for a text, with these facts."""
    facts = {
        "reply": "552",
        "status": "5.2.2",
        "recipient": "jane@example.org",
        "recipient_domain": "example.org",
        **facts,
    }
    result = Result(
        cause=cause,
        family=family,
        party=Party.RECIPIENT,
        confidence=0.97,
        facts=Facts(**facts),
        text=text,
        variant="some-variant",
        matched_text=text,
        alternatives=(("mailbox-disabled", 0.02),),
    )
    return as_json(
        Diagnosis(
            bounce=True,
            results=(result,),
            title="The mailbox is full",
            summary=f"The mailbox of {facts['recipient']} has no room left.",
            steps=("Ask the recipient to make room.", "Send it again later."),
            collect=("The recipient's address",),
            evidence=(
                Answer(
                    question=Question(check="mx", subject="example.org"),
                    outcome=Outcome.FOUND,
                    detail="example.org has MX mx.example.org",
                    values=("mx.example.org",),
                ),
            ),
            confidence=0.97,
        )
    )


async def a_ticket(
    store: TicketStore,
    team: str = "T1",
    *,
    channel: str = "C1",
    post_ts: str = "1.1",
    asker: str = "U1",
    text: str = FULL,
    diagnosis: dict[str, Any] | None = None,
    join: bool = True,
    asked_at: datetime | None = None,
) -> Ticket:
    """Record a post of ``text``."""
    return await record(
        store,
        team,
        channel,
        post_ts,
        asker=asker,
        thread_ts=post_ts,
        diagnosis=a_diagnosis(text) if diagnosis is None else diagnosis,
        raw_text=text,
        masked_text=mask(text),
        fingerprint=fingerprint(text),
        join=join,
        asked_at=asked_at,
    )

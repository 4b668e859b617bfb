"""The use case as a whole: read, plan, ask, decide; and when nothing is asked."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.model import Answer, Outcome, Question
from bot.diagnose import Diagnoser

DIAGNOSER = Diagnoser(load_catalogue())
RELAY = "554 5.7.1 <jane@gone.example>: Relay access denied"
UNKNOWN_USER = (
    "550 5.1.1 <jane@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
)
TWO = b"""\
From: MAILER-DAEMON@mx.example.net
To: sender@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jane@gone.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 <jane@gone.example>: Relay access denied

Final-Recipient: rfc822; bob@gone.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 <bob@gone.example>: Relay access denied

--b--
"""


class Knowing:
    """Answers that a domain is gone, and everything else not at all. Remembers what it was asked."""

    def __init__(self, gone: str = "") -> None:
        self.gone = gone
        self.asked: list[tuple[Question, ...]] = []

    async def ask(self, questions: Sequence[Question]) -> tuple[Answer, ...]:
        self.asked.append(tuple(questions))
        return tuple(self._answer(question) for question in questions)

    def _answer(self, question: Question) -> Answer:
        if question.check == "mx" and question.subject == self.gone:
            return Answer(
                question=question, outcome=Outcome.ABSENT, detail="no such domain", reason="nxdomain"
            )
        return Answer(question=question, outcome=Outcome.UNANSWERED, detail="no answer", reason="timeout")


async def test_the_evidence_turns_the_answer() -> None:
    """The first answer is from the text; what the look-ups say comes on top."""
    asker = Knowing("gone.example")
    final = await DIAGNOSER.diagnose(RELAY, asker)
    first = DIAGNOSER.first(DIAGNOSER.read(RELAY))

    assert [result.cause for result in first.results] == ["relay-denied"]
    assert [(result.cause, result.decided_by) for result in final.results] == [("domain-not-found", "dns")]
    assert (first.evidence, len(final.evidence)) == ((), len(asker.asked[0]))


async def test_all_questions_are_asked_at_once() -> None:
    """One call, so that all look-ups share one deadline; each question stands once for all recipients."""
    asker = Knowing()
    diagnosis = await DIAGNOSER.diagnose(TWO, asker)
    (questions,) = asker.asked

    assert len(diagnosis.results) == 2
    assert len(set(questions)) == len(questions)
    assert Question(check="mx", subject="gone.example") in questions


async def test_each_recipient_is_decided_by_the_same_evidence() -> None:
    """Two people of a domain that is gone."""
    diagnosis = await DIAGNOSER.diagnose(TWO, Knowing("gone.example"))

    assert [(result.facts.recipient, result.cause) for result in diagnosis.results] == [
        ("jane@gone.example", "domain-not-found"),
        ("bob@gone.example", "domain-not-found"),
    ]


async def test_silence_of_the_world_changes_no_cause() -> None:
    """All look-ups time out: the text decides, and the evidence says that it could not be checked."""
    diagnosis = await DIAGNOSER.diagnose(RELAY, Knowing())

    assert [result.cause for result in diagnosis.results] == ["relay-denied"]
    assert {answer.outcome for answer in diagnosis.evidence} == {Outcome.UNANSWERED}


@pytest.mark.parametrize(
    "text",
    ["my order 550 has not arrived", "", "   ", "\0\0\0", "lunch at 12?", "Deploy 5.7.1 done"],
    ids=["order", "empty", "blank", "NULs", "chatter", "version"],
)
async def test_nothing_is_asked_about_what_is_no_bounce(text: str) -> None:
    """No query leaves for chatter, and the answer has no result."""
    asker = Knowing()
    diagnosis = await DIAGNOSER.diagnose(text, asker)

    assert asker.asked == []
    assert (diagnosis.bounce, diagnosis.results) == (False, ())
    assert diagnosis.title == "No bounce found in this text"
    assert diagnosis.confidence > 0.9


async def test_without_an_asker_nothing_is_asked() -> None:
    """Offline: the answer of the text, which is the first answer."""
    assert await DIAGNOSER.diagnose(UNKNOWN_USER) == DIAGNOSER.first(DIAGNOSER.read(UNKNOWN_USER))


def test_a_text_and_its_bytes_are_one() -> None:
    """Slack gives texts, a file gives bytes."""
    assert DIAGNOSER.first(DIAGNOSER.read(UNKNOWN_USER)) == DIAGNOSER.first(
        DIAGNOSER.read(UNKNOWN_USER.encode())
    )


def test_the_same_text_is_read_the_same_again() -> None:
    """What is remembered of an earlier reading is no other answer."""
    fresh = Diagnoser(DIAGNOSER.catalogue)

    assert fresh.read(RELAY) == DIAGNOSER.read(RELAY) == DIAGNOSER.read(RELAY)


async def test_two_diagnosers_share_nothing() -> None:
    """A team's knowledge base does not leak into another's answers."""
    other = Diagnoser(replace(DIAGNOSER.catalogue, variants=(), words=type(DIAGNOSER.catalogue.words)()))

    assert (await DIAGNOSER.diagnose(UNKNOWN_USER)).results[0].variant is not None
    assert (await other.diagnose(UNKNOWN_USER)).results[0].variant is None


def test_a_long_input_is_cut_with_a_notice() -> None:
    """The report stands at the beginning; the reader is told."""
    diagnosis = DIAGNOSER.first(DIAGNOSER.read(UNKNOWN_USER + "\n" + "and so on " * 200_000))

    assert diagnosis.bounce
    assert any("cut" in notice.lower() or "long" in notice.lower() for notice in diagnosis.notices)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe" + UNKNOWN_USER.encode("utf-16-le"),
        UNKNOWN_USER.encode("utf-16"),
        b"\xef\xbb\xbf" + UNKNOWN_USER.encode(),
        ("Ungültig: " + UNKNOWN_USER).encode("latin-1"),
        UNKNOWN_USER.replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-16 LE", "UTF-16", "byte order mark", "Latin-1", "CRLF"],
)
def test_other_encodings_are_read(data: bytes) -> None:
    """A text file of any system."""
    diagnosis = DIAGNOSER.first(DIAGNOSER.read(data))

    assert [result.cause for result in diagnosis.results] == ["no-such-user"]


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4000,
        b"\x00" * 1_000_000,
        b"550 " * 250_000,
        b"\n" * 1_000_000,
        b"=?utf-8?b?" * 50_000,
    ],
    ids=["all bytes", "NULs", "codes", "lines", "broken words"],
)
def test_hostile_bytes_get_an_answer(data: bytes) -> None:
    """Whatever comes, there is a Diagnosis and no error."""
    diagnosis = DIAGNOSER.first(DIAGNOSER.read(data))

    assert diagnosis.bounce is bool(diagnosis.results)


FULL = """\
From: MAILER-DAEMON@mx.example.net
To: sender@example.com
Subject: Mail delivery
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jane@example.org
Action: {action}
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 The email account that you tried to reach is over quota

--b--
"""
LOGGED = (
    "Oct  3 10:00:00 out postfix/smtp[123]: 4F2A: to=<jane@example.org>, relay=mx.example.org[203.0.113.30]:25, "
    "delay=1, dsn=4.2.2, status={state} (host mx.example.org[203.0.113.30] said: 452 4.2.2 Mailbox full)"
)
REJECTED = (
    "Oct  3 10:00:00 mx postfix/smtpd[123]: NOQUEUE: reject: RCPT from mail.example.com[203.0.113.9]: "
    "452 4.2.2 <jane@example.org>: Recipient address rejected: Mailbox full; from=<a@example.com> to=<jane@example.org>"
)


@pytest.mark.parametrize(
    ("text", "said", "not_said"),
    [
        (FULL.format(action="failed"), "Send the message again once there is room", "Then wait"),
        (FULL.format(action="delayed"), "Then wait", "Send the message again once"),
        (LOGGED.format(state="bounced"), "Send the message again once there is room", "Then wait"),
        (LOGGED.format(state="deferred"), "Then wait", "Send the message again once"),
        (REJECTED, "Then wait", "Send the message again once"),
        ("452 4.2.2 Mailbox full", "Then wait", "Send the message again once"),
        ("552 5.2.2 Mailbox full", "Send the message again once there is room", "Then wait"),
        ("Mailbox full", "Only delayed? Then wait", "The code"),
    ],
    ids=[
        "a report of failure",
        "a report of delay",
        "a log of failure",
        "a log of delay",
        "the receiver's log",
        "temporary reply",
        "lasting reply",
        "no code",
    ],
)
def test_who_waits_and_who_sends_again(text: str, said: str, not_said: str) -> None:
    """The code of the last reply may be temporary, and the message has come back all the same."""
    diagnosis = DIAGNOSER.first(DIAGNOSER.read(text))
    steps = " ".join(diagnosis.steps)

    assert diagnosis.first is not None
    assert diagnosis.first.cause == "mailbox-full"
    assert said in steps
    assert not_said not in steps

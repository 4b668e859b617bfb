"""Frames that only a mail server's own sentence has make words a bounce; people's words do not."""

import pytest

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize(
    ("text", "bounce"),
    [
        ("5.1.0 - Unknown address error 'no mailbox of that name' (delivery attempts: 2)", True),
        ("bob@example.org... Deferred: Connection reset by mx.example.org", True),
        ("The message to bob@example.org was returned because : mailbox quota exceeded", True),
        ("bob@example.org... are you still there?", False),
        ("we gave up after 3 delivery attempts, the parcel is lost", False),
        ("the message to Bob was clear, he bounced back because of it", False),
    ],
    ids=["ironport", "sendmail", "returned because", "chat with dots", "parcel", "a person"],
)
def test_a_servers_frame_speaks_for_a_bounce(diagnoser: Diagnoser, text: str, bounce: bool) -> None:
    """The frame decides, with no code in the words."""
    assert diagnoser.read(text).bounce is bounce

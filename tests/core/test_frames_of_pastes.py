"""The same words in whatever a chat, a log or a table puts around them: a reply stays one, and what is none stays none."""

import html
from collections.abc import Callable

import pytest

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser

REPLIES = (
    "550 5.1.1 <jo@firm.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "552 5.2.2 The email account that you tried to reach is over quota",
    "550 No such user here",
    "550 SPF check failed: 203.0.113.9 is not allowed to send mail from firm.example",
    "554 5.7.1 <jo@firm.example>: Relay access denied",
    "550 Requested action not taken: mailbox unavailable",
    "551 User not local; please try <jo@new.example>",
)
OTHERS = (
    "530 Not logged in, log in with USER and PASS",
    "550 /home/web/upload: No such file or directory",
    "HTTP 503 Service Unavailable while calling the billing API",
    "Rolled back to 5.7.1 because 5.7.2 breaks the login",
    "550 emails were sent, 3 bounced",
    "SQLSTATE[HY000] [2002] Connection refused",
    "553 Could not create file.",
    "Response(code=503, message='Service Unavailable')",
    "FtpReply(code=550, message='No such file or directory')",
    "550 EUR refund for jo@firm.example, invoice 5711",
    "ticket 4521: user unknown in LDAP, cannot log in",
)


def _linked(text: str) -> str:
    return html.escape(text, quote=False).replace(
        "jo@firm.example", "<mailto:jo@firm.example|jo@firm.example>"
    )


FRAMES: dict[str, Callable[[str], str]] = {
    "quoted": lambda text: f"> {text}",
    "fenced": lambda text: f"```\n{text}\n```",
    "between backticks": lambda text: f"`{text}`",
    "bullet": lambda text: f"• {text}",
    "dash": lambda text: f"- {text}",
    "numbered": lambda text: f"1. {text}",
    "numbered with a bracket": lambda text: f"2) {text}",
    "bold": lambda text: f"*{text}*",
    "italic": lambda text: f"_{text}_",
    "smart quotes": lambda text: f"“{text}”",
    "french quotes": lambda text: f"« {text} »",
    "german talk": lambda text: f"Ein Kunde meldet sich mit folgendem Text:\n{text}",
    "chinese talk": lambda text: f"客户发来：{text}",
    "entities": lambda text: html.escape(text, quote=False),
    "links of a chat": _linked,
    "quoted links of a chat": lambda text: f"&gt; {_linked(text)}",
    "row of a table": lambda text: f"| date | text |\n| --- | --- |\n| 2026-03-04 | {text} |",
    "column behind tabs": lambda text: f"2026-03-04 10:11:12\tjob-7\t{text}",
    "row of an export": lambda text: f'date,id,text\n2026-03-04,17,"{text}"',
    "syslog": lambda text: f"Mar  4 10:11:12 web1 app[231]: {text}",
    "time and level": lambda text: f"2026-03-04T10:11:12.123Z ERROR worker-3 {text}",
    "level": lambda text: f"[ERROR] {text}",
    "log in JSON": lambda text: f'{{"level":"error","ts":1772,"msg":"{text}"}}',
    "log of a container": lambda text: f"worker_1  | {text}",
    "log of containers": lambda text: f"worker-1  | starting\nworker-1  | {text}\nqueue-2   | idle",
    "reporter": lambda text: f"customer anna.berg@west.example reports:\n\n{text}",
    "signature": lambda text: (
        f"{text}\n\n-- \nJo Smith\nNorth Ltd\njo.smith@north.example | www.north.example"
    ),
    "greeting": lambda text: f"Hi team, see below.\n\n{text}\n\nThanks, Jo",
    "indented": lambda text: f"    {text}",
    "HTML": lambda text: f"<p>{html.escape(text, quote=False)}</p>",
}
frames = pytest.mark.parametrize("frame", FRAMES.values(), ids=list(FRAMES))


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@frames
@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_stays_one(reply: str, frame: Callable[[str], str], diagnoser: Diagnoser) -> None:
    """The frame changes neither the answer nor the facts."""
    alone, framed = diagnoser.read(reply), diagnoser.read(frame(reply))
    bare, found = diagnoser.first(alone).results[0], diagnoser.first(framed).results[0]

    assert framed.bounce
    assert found.cause == bare.cause
    assert (found.facts.reply, found.facts.status) == (bare.facts.reply, bare.facts.status)
    assert found.facts.recipient == bare.facts.recipient


@frames
@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_bounce_becomes_none(text: str, frame: Callable[[str], str], diagnoser: Diagnoser) -> None:
    """A list, a log or a table does not make a bounce of anything."""
    assert not diagnoser.read(frame(text)).bounce


@pytest.mark.parametrize(
    "text",
    [
        'id,text,expected\n17,"550 5.1.1 User unknown",hard\n18,"552 5.2.2 Mailbox full",soft',
        'date,session,reply\n2026-03-04,ftp-17,"550 Permission denied: no such directory"',
        "| class | text | action |\n| --- | --- | --- |\n| hard | 550 User unknown | remove |",
    ],
    ids=["test table", "ftp", "table of a manual"],
)
def test_tables_of_other_things(text: str, diagnoser: Diagnoser) -> None:
    """A table is no proof that mail failed."""
    assert not diagnoser.read(text).bounce

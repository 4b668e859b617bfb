"""Conversations, as servers and programs log them: whom did the server refuse, and whose mail was it?"""

import pytest

from bot.core.parse.transcript import read_transcript

STAMP = "2026-03-04T10:11:12.345Z,Internet,08DE1A2B3C4D5E6F,{n},10.0.0.5:51234,198.51.100.7:25,"
EXCHANGE = "\n".join(
    STAMP.format(n=number) + line
    for number, line in enumerate(
        (
            "<,220 mx.firm.example ESMTP,",
            ">,EHLO mail.shop.example,",
            "<,250 mx.firm.example,",
            ">,MAIL FROM:<n@shop.example> SIZE=4211,",
            "<,250 2.1.0 Ok,",
            ">,RCPT TO:<jo@firm.example>,",
            "<,{answer},",
            ">,QUIT,",
        )
    )
)
WINDOWS = (
    "#Fields: date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status\n"
    "2026-03-04 10:11:11 198.51.100.7 OutboundConnectionCommand SMTPSVC1 WEB1 - 25 MAIL - FROM:<n@shop.example> 0 0\n"
    "2026-03-04 10:11:11 198.51.100.7 OutboundConnectionCommand SMTPSVC1 WEB1 - 25 RCPT - TO:<jo@firm.example> 0 0\n"
    "2026-03-04 10:11:12 198.51.100.7 OutboundConnectionResponse SMTPSVC1 WEB1 - 25 - - {answer} 0 0"
)
MDAEMON = (
    "Wed 2026-03-04 10:11:12.123: [77391:1] * Connecting to mx.firm.example [198.51.100.7:25]\n"
    "Wed 2026-03-04 10:11:12.323: [77391:1] --> MAIL From:<n@shop.example> SIZE=1234\n"
    "Wed 2026-03-04 10:11:12.423: [77391:1] <-- 250 <n@shop.example>, Sender ok\n"
    "Wed 2026-03-04 10:11:12.523: [77391:1] --> RCPT To:<jo@firm.example>\n"
    "Wed 2026-03-04 10:11:12.623: [77391:1] <-- {answer}\n"
    "Wed 2026-03-04 10:11:12.723: [77391:1] --> QUIT"
)
LOGS = {
    "exchange": (EXCHANGE, "mx.firm.example"),
    "windows": (WINDOWS, "198.51.100.7"),
    "mdaemon": (MDAEMON, "mx.firm.example"),
}


@pytest.mark.parametrize(("log", "host"), LOGS.values(), ids=list(LOGS))
def test_who_was_refused(log: str, host: str) -> None:
    """The log names both ends, the server and its answer."""
    answer = "550+No+such+person" if log is WINDOWS else "550 No such person"
    (found,) = read_transcript(log.format(answer=answer))

    assert (found.sender, found.recipient, found.host) == ("n@shop.example", "jo@firm.example", host)
    assert found.text == "550 No such person"


@pytest.mark.parametrize("log", [log for log, _ in LOGS.values()], ids=list(LOGS))
def test_nobody_was_refused(log: str) -> None:
    """A conversation that went well names no failed recipient."""
    assert read_transcript(log.format(answer="250 2.1.5 Ok")) == []

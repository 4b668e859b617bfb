"""The prose of a report: which paragraph says why?"""

from bot.core.parse.report import reason


def test_what_the_report_announces_is_the_reason() -> None:
    """Gmail's heading says that the message failed, and the paragraph behind "The response was:" says why."""
    words = "** Message not delivered **\n\nLook at your settings.\n\nThe response was:\n\nThe lock (OF_THE_GATE) has no key\n"

    assert reason(words) == "The lock (OF_THE_GATE) has no key"
    assert reason("** Message not delivered **\n\nLook at your settings.\n") == "** Message not delivered **"

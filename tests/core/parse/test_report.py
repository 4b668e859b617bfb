"""The prose of a report: which paragraph says why?"""

from bot.core.model import Catalogue, Kind
from bot.core.parse import parse
from bot.core.parse.reason import reason


def test_what_the_report_announces_is_the_reason() -> None:
    """Gmail's heading says that the message failed, and the paragraph behind "The response was:" says why."""
    words = "** Message not delivered **\n\nLook at your settings.\n\nThe response was:\n\nThe lock (OF_THE_GATE) has no key\n"

    assert reason(words) == "The lock (OF_THE_GATE) has no key"
    assert reason("** Message not delivered **\n\nLook at your settings.\n") == "** Message not delivered **"


def test_the_header_lines_of_a_pasted_mail_are_no_reason() -> None:
    """What loops does not fail, nor is it refused: Postfix and qmail say it in words of their own."""
    head = "From: MAILER-DAEMON@gate.example\nTo: jo@firm.example\nSubject: failure notice\nDate: Tue, 3 Nov 2026 10:11:12 +0000\n\n"

    assert (
        reason(f"{head}Hi.\n\nThis message is looping: it already has my Delivered-To line. (#5.4.6)\n")
        == "This message is looping: it already has my Delivered-To line. (#5.4.6)"
    )
    assert reason(f"{head}mail for firm.example loops back to myself\n").startswith(
        "mail for firm.example loops"
    )


def test_a_report_may_tell_of_files(catalogue: Catalogue) -> None:
    """FTP servers speak of files and directories, too; a mail server's own first words say who speaks."""
    text = (
        "Hi. This is the qmail-send program at gate.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<jo@firm.example>:\nUnable to switch to /var/jo: No such file or directory. (LDAP-ERR #1)\n"
    )

    parsed = parse(text, catalogue)

    assert parsed.kind is Kind.BOUNCE
    assert parsed.rejections[0].facts.recipient == "jo@firm.example"


def test_the_box_around_a_warning_is_no_reason() -> None:
    """Postfix's warning of a delay: nothing to do, and why stands elsewhere or nowhere."""
    words = (
        "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n\n"
        "Your message could not be delivered for more than 4 hour(s).\nIt will be retried.\n"
    )

    assert reason(words).startswith("Your message could not be delivered for more than 4 hour(s).")


def test_the_recipient_above_the_words_is_no_part_of_them() -> None:
    """Exim indents the words below the address, and qmail puts a colon behind it."""
    assert (
        reason("  jo@firm.example\n      the lock is found for no gate\n") == "the lock is found for no gate"
    )
    assert reason("<jo@firm.example>:\nThe lock failed. (#4.3.0)\n") == "The lock failed. (#4.3.0)"


def test_what_only_exim_and_qmail_say_needs_no_frame(catalogue: Catalogue) -> None:
    """Their own sentences, without an address or a code."""
    for text in (
        "Child process of gate_pipe transport returned 78 (could mean configuration error) from command: /bin/gate",
        "Connected to 192.0.2.25 but authentication was rejected (plain).",
    ):
        assert parse(text, catalogue).strength >= 0.7


def test_headings_and_last_words_are_no_reason() -> None:
    """Courier heads its report in capitals, and says last that other recipients are not in it."""
    words = (
        "                 UNDELIVERABLE MAIL\n\n<jo@firm.example>:\n    Network connection shut down by the gate\n\n"
        "If your message was also sent to others, their delivery\nstatus is not included in this report.\n"
    )

    assert reason(words) == "Network connection shut down by the gate"


def test_a_greeting_and_the_way_to_a_help_centre_are_no_reason() -> None:
    """In languages whose words of failure are not known, the paragraph between them says why."""
    words = "jo@firm.example 様\n\nこの扉は閉まっている。\n\nご不明な点がありましたら、https://firm.example/ からヘルプセンターにアクセスしてください。"

    assert reason(words) == "この扉は閉まっている。"

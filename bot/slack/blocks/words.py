"""What do we say when there is nothing to diagnose?

Short helpful words, all ours: mrkdwn is safe here as long as no one else's text is put in.
"""

from bot.core.model import Diagnosis
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message

HELP = (
    ("Paste a bounce", "in a channel that I am in, or in a direct message to me. I answer in the thread."),
    ("Drop a file", "a whole bounce saved as .eml is best; .txt works, too."),
    ("An older message", "react with :mag:, or use the message shortcut Diagnose bounce."),
    ("/bounce TEXT", "answers you alone, with a button to share. /bounce alone opens a form."),
    (
        "/bounce explain 5.7.26",
        "what a code, a status or a phrase means. /bounce explain 550 is the overview.",
    ),
    (
        "/bounce check example.org",
        "checks a domain, an address, an IP or a list of them before you send. /bounce check alone opens a form.",
    ),
    (
        "/bounce watch 203.0.113.9",
        "tells you when it is delisted. /bounce watch example.org looks at a domain of yours every day; "
        "/bounce watch shows and cancels what is watched.",
    ),
    (
        "/bounce tickets",
        "the open cases; /bounce ticket 12, /bounce stats and /bounce settings do what they say.",
    ),
)
SAVE_AS_EML = (
    "I found no bounce in this Outlook file (.msg). In Outlook, open the bounce, choose File, Save As, and pick "
    "the type .eml where it is offered (Outlook on the web: the three dots, Download). Or open the bounce, "
    "copy the whole text and paste it here."
)
ALREADY = "I have answered that message already; look in its thread."
OVER = (
    "That is shared already, or too long ago for me to still know it. To share it again, run /bounce again."
)
NOT_HERE = "I am not in this channel. Please invite me with /invite and try again."


def help_message() -> Message:
    """Return what ``/bounce help`` says."""
    lines = [t.paragraph(t.words(f"{what}: ", bold=True), t.words(how)) for what, how in HELP]
    blocks = [
        t.header("I explain bounced e-mail"),
        t.rich({"type": "rich_text_list", "style": "bullet", "elements": lines}),
        t.context("What you paste is kept for a limited time and is never shown to another workspace."),
    ]
    text = "Paste a bounced e-mail and I say what happened, who has to act and what to do."
    return Message(text=text, blocks=blocks)


def no_bounce(diagnosis: Diagnosis | None) -> str:
    """Return the word to somebody who asked about something that is no bounce: what it is, as far as that is known,
    and how to go on."""
    if diagnosis is None:
        lead = "I see no text to look at."
    else:
        lead = f"{diagnosis.title.strip().rstrip('.')}. {diagnosis.summary.strip()}"
    return f"{t.clip(lead, 600)}\n{_GO_ON}"


_GO_ON = "\n".join(
    (
        "If a mail came back:",
        "• Paste the whole text of the bounce here, or drop it as an .eml file. The line that begins with a number such "
        "as 550 matters most; in a log, the one with status=bounced or status=deferred.",
        "• Only a code or a few words at hand? /bounce explain 550 or /bounce explain mailbox full says what they mean.",
        "• Nothing more to show? Ask whoever runs your mail, and give them sender, recipient and time: the server's log "
        "says what happened.",
    )
)


def say(words: str) -> Message:
    """Return a message of one literal paragraph."""
    return Message(text=t.fallback(words), blocks=[t.section(words)])


def fault(reference: str) -> str:
    """Return the sentence for a fault of ours."""
    return (
        f"Something went wrong on my side, and this was not done. Please try again; if it happens again, "
        f"tell whoever runs me the reference {reference}."
    )

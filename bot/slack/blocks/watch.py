"""What do we say about what is watched: when it is set, listed, mended, worse or given up?"""

import re
from collections.abc import Callable, Sequence

from bot.core.model import Answer
from bot.core.watch import Change
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import fitting, person
from bot.tickets.watches import MOST, Kind, Watch

WATCH = "blocklist_watch"
CANCEL = "watch_cancel"
NOTHING = (
    "Nothing is watched here. /bounce watch example.org looks at a domain of yours every day, and "
    "/bounce watch 203.0.113.9 at an address that you send from."
)
_LINE = 400
_LINES = 20
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}\Z")
_USER = re.compile(r"[UW][A-Z0-9]{2,30}\Z")


def button_label(faults: Sequence[Answer]) -> str | None:
    """The words of the button under an answer; None where there is nothing to wait for."""
    if not faults:
        return None
    listed = any(answer.question.check == "blocklist" for answer in faults)
    return "Tell me when delisted" if listed else "Tell me when mended"


def case_set(watch: Watch, *, new: bool, wrong: Sequence[str], fixed: Sequence[Change]) -> Message:
    """To the person who has set it: what is waited for, where it will be told, and how long."""
    where = "in this thread" if watch.thread_ts else "in this channel"
    lead = (
        f"I look at {watch.subject} every hour and say {where} when it is {_goal(watch)}. "
        f"After {_days(watch)} I give up, with a word."
        if new
        else f"{watch.subject} is watched already. I say {where} when it is {_goal(watch)}."
    )
    groups = [("Still wrong", wrong), ("Mended already", [change.text for change in fixed])]
    return _message(lead, groups, _CANCEL_HINT)


def own_set(watch: Watch, *, new: bool, wrong: Sequence[str], silent: Sequence[str]) -> Message:
    """To the person who has set it: what is looked at, and what is not in order now."""
    lead = (
        f"I look at {watch.subject} every day and say in this channel when something gets worse: {_looked_at(watch)}."
        if new
        else f"{watch.subject} is watched already, every day. A change for the worse is told in this channel."
    )
    groups = [("Not in order now", wrong), ("Could not be checked just now", silent)]
    hint = _CANCEL_HINT
    if new and not _is_address(watch):
        hint += " Your sending addresses are watched by themselves: /bounce watch 203.0.113.9"
    return _message(lead, groups, hint)


def nothing_left(subject: str, fixed: Sequence[Change]) -> Message:
    """Instead of a watch, when all is well by now."""
    lead = f"There is nothing to wait for: {subject} is in order now. Send the mail again."
    return _message(lead, [("Now", [change.text for change in fixed])])


def listing(watches: Sequence[Watch]) -> Message:
    """``/bounce watch``: everything that is watched, each with a button that ends it."""
    if not watches:
        return Message(text=t.fallback(NOTHING), blocks=[t.section(NOTHING)])
    title = f"{len(watches)} of at most {MOST} watches"

    def make(cut: Callable[[int], int]) -> list[Block]:
        rows = [_row(watch, cut(260)) for watch in watches[:MOST]]
        return [t.header(title), *rows, t.context("More: /bounce watch TARGET")]

    return Message(text=t.fallback(title), blocks=fitting(make))


def mended(watch: Watch, fixed: Sequence[Change], left: Sequence[str]) -> Message:
    """To the thread of a case: what is mended, and what is still left."""
    if left:
        lead = f"Part of it is mended for {watch.subject}. I keep looking at the rest."
    else:
        listed = all(change.check == "blocklist" for change in fixed)
        lead = f"{watch.subject} is {'not listed any more' if listed else 'in order again'}."
        if watch.number is not None:
            lead += " Send the mail again."
    groups = [("Now", [change.text for change in fixed]), ("Still wrong", left)]
    hint = ""
    if not left and watch.number is None:
        hint = f"I have stopped looking. Every day from now on: /bounce watch {watch.subject}"
    return _message(lead, groups, hint, to=watch.who)


def given_up(watch: Watch, fixed: Sequence[Change], left: Sequence[str]) -> Message:
    """To the thread of a case whose time is over."""
    lead = f"I stop looking at {watch.subject} after {_days(watch)}: it is not mended."
    groups = [("Mended", [change.text for change in fixed]), ("Still wrong", left)]
    return _message(lead, groups, "To look again: /bounce watch TARGET", to=watch.who)


def got_worse(watch: Watch, losses: Sequence[Change]) -> Message:
    """To the channel: what has changed for the worse, what it was, and the mend."""
    lead = f"Something got worse for {watch.subject}."
    lines = [
        " ".join(
            part for part in (change.text, change.fix, change.before and f"Before: {change.before}") if part
        )
        for change in losses
    ]
    return _message(lead, [("Now", lines)], f"Watched every day. {_CANCEL_HINT}", to=watch.who)


def got_better(watch: Watch, gains: Sequence[Change]) -> Message:
    """Under the message that told of the worse: what is well again."""
    return _message(f"Better again for {watch.subject}.", [("Now", [change.text for change in gains])])


def elsewhere(said: Message, error: str) -> Message:
    """The same for the person who has set the watch, when its channel is closed to us."""
    why = f"I could not say this in the channel of the watch ({error})."
    return Message(text=said.text, blocks=[*said.blocks, t.context(why)])


_CANCEL_HINT = "/bounce watch shows and cancels what is watched."


def _message(
    lead: str, groups: Sequence[tuple[str, Sequence[str]]], hint: str = "", *, to: str | None = None
) -> Message:
    def make(cut: Callable[[int], int]) -> list[Block]:
        call = [person(to), t.words(" ")] if to else []
        parts = [t.paragraph(*call, t.words(t.clip(lead, 700)))]
        for title, lines in groups:
            if lines:
                parts += [t.paragraph(t.words(title, bold=True)), t.bullets(_cut(lines, cut(_LINE)))]
        blocks = [t.rich(*parts)]
        return [*blocks, t.context(hint)] if hint else blocks

    first = next((lines[0] for _, lines in groups if lines), "")
    return Message(text=t.fallback(f"{lead} {t.clip(first, 600)}" if first else lead), blocks=fitting(make))


def _cut(lines: Sequence[str], limit: int) -> list[str]:
    shown = [t.clip(line, limit) for line in lines[:_LINES]]
    return [*shown, f"and {len(lines) - _LINES} more"] if len(lines) > _LINES else shown


def _goal(watch: Watch) -> str:
    listed = all(answer.question.check == "blocklist" for answer in watch.answers)
    return "delisted" if listed else "mended"


def _days(watch: Watch) -> str:
    days = max(1, round((watch.ends_at - watch.set_at).total_seconds() / 86_400)) if watch.ends_at else 1
    return "a day" if days == 1 else f"{days} days"


def _row(watch: Watch, limit: int) -> Block:
    if watch.kind is Kind.OWN:
        how = "every day"
    else:
        how = f"every hour until {watch.ends_at.day} {watch.ends_at:%b}" if watch.ends_at else "every hour"
    case = f", case {watch.number}" if watch.number is not None else ""
    by = f"<@{watch.who}>" if _USER.match(watch.who) else "somebody"
    where = f"<#{watch.channel}>" if _CHANNEL.match(watch.channel) else "a direct message"
    row = t.section(f"{t.clip(watch.subject, limit)}\n{how}{case}")
    # Ids of Slack alone, looked at above: nobody's text becomes markup.
    row["fields"] = [{"type": "mrkdwn", "text": f"{where}, set by {by}"}]
    row["accessory"] = t.button("Cancel", CANCEL, watch.id)
    return row


def _looked_at(watch: Watch) -> str:
    return "reverse name and blocklists" if _is_address(watch) else "MX, SPF, DKIM, DMARC and blocklists"


def _is_address(watch: Watch) -> bool:
    return any(answer.question.check == "ptr" for answer in watch.answers)

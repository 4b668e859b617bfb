"""Which recipients does the prose of a report name, and which words stand with each?"""

import re
from dataclasses import dataclass, field

from bot.core.lazy import lazy_re
from bot.core.parse.facts import addresses
from bot.core.parse.reply import Reply
from bot.core.parse.signs import failure, sentences, talk

ADDRESS = r"(?:\"[^\"\s]{1,64}\"|[^\s<>()\[\],;:\"'|=\\`@]{1,64})@(?:[^\W_][\w-]*\.){1,10}[\w-]*[^\W_]"
_MARK = r"(?:[-*•>]{1,3}\s*)?"
_LINE = lazy_re(
    rf"^[ \t]*{_MARK}[<'\"(\[]?(?P<a>{ADDRESS})[>'\")\]]?(?:\s*<(?P<b>{ADDRESS})>)?\s*(?P<gap>(?:\([^()\n]{{1,200}}\)\s*)?(?:[:;,.]|\.\.\.)?)[ \t]*(?P<rest>.*)$"
)
_LABELLED = lazy_re(
    rf"^[ \t]*{_MARK}(?:\[status: \w{{1,20}}, )?(?:(?:undeliverable to\b:?|(?:(?:final|original|failed|intended)[- ])?(?:recipients?(?: address)?(?:\(s\))?|rcpt[- ]?to|address(?:es)?|e-?mail|destinataires?|destinatari[oa]s?|empfänger|получател[ьи]|收件人|宛先|受信者|받는 사람|수신자)\s*[:：])\s*)(?:rfc822\s*;\s*)?<?(?P<a>{ADDRESS})>?[ \t]*(?P<rest>.*)$",
    re.I,
)
_INLINE = lazy_re(
    rf"(?:deliver(?:y|ed|ing|able)?|message|mail|e-?mail|nachricht|courriel|mensaje|messaggio|mensagem|sent|reach|undeliverable|addressed|userid|attempts|size|failed)\b[^\n@]{{0,80}}?[\s:<(]<?(?P<a>{ADDRESS})>?",
    re.I,
)
_STOP = lazy_re(
    r"^[ \t]*(?:diagnostic information for administrators|reporting-mta:|generating server:|original message headers|\*{6,}|-{6,}$|={6,}$)",
    re.I,
)
_HEADER_LINE = lazy_re(
    r"^[ \t]*(?:to|cc|bcc|from|sender|reply-to|subject|date|sent|return-path|an|von|de|para|da|von|betreff|gesendet|received)\s*:",
    re.I,
)
NO_RECIPIENT = lazy_re(
    r"(?:postmaster|mailer-daemon|post_master|support|abuse|no-?reply|help|[\w.+]{1,60}-(?:owner|request|admin|bounces))@|owner-",
    re.I,
)
_POSTMASTER = lazy_re(
    r"(?:delivering|delivered|deliver|sent|mail|message) (?:your (?:mail|message) )?to:?\s*<?(?:postmaster|support|abuse|help)@",
    re.I,
)
_MAIL_FROM = lazy_re(r"\bMAIL FROM:", re.I)
_RCPT = lazy_re(rf"RCPT TO:\s*<?({ADDRESS})>?", re.I)


@dataclass(slots=True)
class Block:
    """What the prose says about one recipient."""

    recipient: str
    texts: list[str] = field(default_factory=list)


def read_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    waiting: list[Block] = []  # addresses of a list, whose words have not come yet
    lines: list[str] = []
    depth = 0  # how far the line of the last recipient was indented

    def close() -> None:
        nonlocal lines
        words = "\n".join(lines)
        if words.strip():
            for block in waiting:
                block.texts.append(words)
            waiting.clear()
        lines = []

    for line in text.split("\n")[:4000]:
        match = None
        if "@" in line and len(line) < 2000:
            match = _LABELLED.match(line)
            if match is None and not _HEADER_LINE.match(line):
                match = _anchor(line)
        if (
            match
            and lines
            and (_BROKEN_OFF.search(lines[-1]) or (_folded(line, depth) and _unfinished(lines)))
        ):
            match = None  # the words of that code: Postfix breaks its lines where they are long enough
        if match:
            close()
            depth = len(line) - len(line.lstrip())
            block = Block(recipient=match["a"].lower())
            blocks.append(block)
            waiting.append(block)
            noted = _NOTED.search(match[0])
            rest = match["rest"].strip() or (noted[1] if noted else "")
            if rest:
                lines.append(rest)
        elif waiting:
            if _STOP.match(line):
                close()
                waiting.clear()
                continue
            lines.append(line)
    close()
    return blocks


_BROKEN_OFF = lazy_re(r"(?:^|[\s:(])[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?[ \t]*\Z")
"""A line that ends with a reply code: ``host mx.example.org[192.0.2.1] said: 550 5.1.1``."""
_CODE = lazy_re(r"(?:^|[\s:(])[245]\d\d[ -]")


def _folded(line: str, depth: int) -> bool:
    """Whether a line that begins with an address in brackets is indented more than the recipient's own line."""
    words = line.lstrip()
    return words[:1] == "<" and len(line) - len(words) > depth


def _unfinished(lines: list[str]) -> bool:
    """Whether a reply has begun in the lines and goes on behind them, as Postfix folds it."""
    return lines[-1].rstrip()[-1:] not in ("", ".", ";", ")", ">") and any(map(_CODE.search, lines))


_NOTED = lazy_re(r"\s\(([^()@\n]{4,200})\)\s*$")
"""A reason in brackets behind an address, as GroupWise writes it: ``jo@firm.example (user not found)``."""


def _anchor(line: str) -> re.Match[str] | None:
    """A line that begins with an address as the subject of what follows, rather than a sentence."""
    match = _LINE.match(line)
    if not match:
        return None
    rest, gap = match["rest"].strip(), match["gap"].strip()
    bracketed = line.lstrip(" \t-*•>")[:1] in "<'\"" or "<" in line[: match.start("a")]
    if not rest or gap.endswith(":") or gap.startswith("(") or rest[:1] in "[(":
        return match
    if re.match(r"(?:on|at|am|le|el|il|em)\s+[^\n]{0,30}\d", rest) or re.match(
        r"(?:invalid|error|host|smtp|unrouteable|user|mailbox|550|5\d\d|4\d\d|\.\.\.)", rest, re.I
    ):
        return match
    if gap == "..." or (bracketed and gap == ""):
        return match
    return None


_GOES_ON = lazy_re(r"(?:has|was|is|could|couldn't|can't|cannot|did|didn't|will|wasn't|hasn't|isn't)\b", re.I)


def read_inline(text: str, replies: list[Reply]) -> Block | None:
    """One recipient that stands in a sentence."""
    rcpt = _RCPT.search(text)
    if rcpt:
        return Block(recipient=rcpt[1].lower(), texts=[text])
    lines = text.split("\n")
    begin = 0
    for number, line in enumerate(lines):
        position, begin = begin, begin + len(line) + 1
        if "@" not in line or len(line) > 2000 or _HEADER_LINE.match(line):
            continue
        match = None if _MAIL_FROM.search(line) else _INLINE.search(line)
        role = dict(addresses(line)).get(match["a"].lower()) if match else None
        if match and (role == "sender" or (role == "contact" and not NO_RECIPIENT.match(match["a"]))):
            continue
        if match and (not NO_RECIPIENT.match(match["a"]) or _POSTMASTER.search(line)):
            rest = line[match.end() :].lstrip(" >:.,")
            # A sentence that the address stands in, or words that stand behind the address.
            goes_on = _GOES_ON.match(rest) and not talk.chatty(line)
            behind = "\n".join([line.strip() if goes_on else rest, *lines[number + 1 :]])
            position += match.start("a")
            if any(reply.start <= position < reply.end for reply in replies):
                behind = ""  # the reply names the recipient: it has begun before
            said = behind if failure.FAILURE.search(behind[:1000]) and len(behind.strip()) > 10 else text
            return Block(recipient=match["a"].lower(), texts=[said])
    if sentences.REPORT.search(text):
        address = next((found for found, role in addresses(text) if role == "recipient"), None)
        if address and not NO_RECIPIENT.match(address):
            return Block(recipient=address, texts=[text])
    return None

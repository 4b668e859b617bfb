"""Which recipients does the prose of a bounce name, and what was said about each? Exim, qmail, Exchange, Gmail and the like."""

import re
from dataclasses import dataclass, field

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.clean import one_line
from bot.core.parse.facts import addresses
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.reply import Reply, find_replies, find_status
from bot.core.parse.signs import failure, sentences, talk

_ADDRESS = r"(?:\"[^\"\s]{1,64}\"|[^\s<>()\[\],;:\"'|=\\`@]{1,64})@(?:[^\W_][\w-]*\.){1,10}[\w-]*[^\W_]"
_MARK = r"(?:[-*•>]{1,3}\s*)?"
_LINE = lazy_re(
    rf"^[ \t]*{_MARK}[<'\"(\[]?(?P<a>{_ADDRESS})[>'\")\]]?(?:\s*<(?P<b>{_ADDRESS})>)?\s*(?P<gap>(?:\([^()\n]{{1,200}}\)\s*)?(?:[:;,.]|\.\.\.)?)[ \t]*(?P<rest>.*)$"
)
_LABELLED = lazy_re(
    rf"^[ \t]*{_MARK}(?:(?:final|original|failed|intended)[- ])?(?:recipients?(?: address)?(?:\(s\))?|rcpt[- ]?to|address(?:es)?|e-?mail|destinataires?|destinatari[oa]s?|empfänger|получател[ьи]|收件人|宛先|受信者)\s*[:：]\s*(?:rfc822\s*;\s*)?<?(?P<a>{_ADDRESS})>?[ \t]*(?P<rest>.*)$",
    re.I,
)
_INLINE = lazy_re(
    rf"(?:deliver(?:y|ed|ing|able)?|message|mail|e-?mail|nachricht|courriel|mensaje|messaggio|mensagem|sent|reach|undeliverable|addressed|userid|attempts|size|failed)\b[^\n@]{{0,80}}?[\s:<(]<?(?P<a>{_ADDRESS})>?",
    re.I,
)
# A line that says "here begins the message that came back".
_ORIGINAL_WORD = lazy_re(
    r"original|copy of|unsent|returned message|message headers?|header of|kopie|ursprüng|исходн|текст письма|元の|原邮件|below|follows|undelivered message|bounced e-mail",
    re.I,
)
_ORIGINAL_LINE = lazy_re(
    r"[ \t]*(?:[-=_*]{2,}[^\n]{0,20}(?:original|copy of|unsent|returned|message headers?|header of|forwarded|kopie|ursprüng|исходн|текст письма|元の|原邮件)[^\n]{0,80}"
    r"|[^\n]{0,30}below (?:this line )?is (?:a|the) copy[^\n]{0,60}"
    r"|[^\n]{0,20}(?:original message|message headers?|copy of (?:the|your) (?:message|letter)|your message|message header) follows?[^\n]{0,20}"
    r"|original message(?: headers?)?:?|[^\n]{0,20}the header of the original message[^\n]{0,40}|-{3,} ?undelivered message[^\n]{0,30}"
    r"|\[?(?:original|attached) message(?! details)[^\n]{0,20}\]?|bounced e-mail:)[ \t]*",
    re.I,
)
_HEADERS = lazy_re(
    r"^(?:(?:return-path|received|message-id|dkim-signature|x-[\w-]+|delivered-to|mime-version)[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*){2}",
    re.I | re.M,
)
_STOP = lazy_re(
    r"^[ \t]*(?:diagnostic information for administrators|reporting-mta:|generating server:|original message headers|\*{6,}|-{6,}$|={6,}$)",
    re.I,
)
_HEADER_LINE = lazy_re(
    r"^[ \t]*(?:to|cc|bcc|from|sender|reply-to|subject|date|sent|return-path|an|von|de|para|da|von|betreff|gesendet|received)\s*:",
    re.I,
)
_NO_RECIPIENT = lazy_re(r"(?:postmaster|mailer-daemon|post_master|support|abuse|no-?reply|help)@", re.I)
_POSTMASTER = lazy_re(
    r"(?:delivering|delivered|deliver|sent|mail|message) (?:your (?:mail|message) )?to:?\s*<?(?:postmaster|support|abuse|help)@",
    re.I,
)
_MAIL_FROM = lazy_re(r"\bMAIL FROM:", re.I)
SENT_BY = lazy_re(
    rf"(?:A message (?:that was )?sent by|X-Post(?:fix|cow)-Sender: rfc822;)\s+<?({_ADDRESS})>?", re.I
)
"""How Exim's reports and Postfix's name the envelope sender."""
_RCPT = lazy_re(rf"RCPT TO:\s*<?({_ADDRESS})>?", re.I)


@dataclass(slots=True)
class _Block:
    """What the prose says about one recipient."""

    recipient: str
    texts: list[str] = field(default_factory=list)
    own: bool = False
    """Whether the words stand right behind the address, rather than behind a list."""


ADDRESSED = lazy_re(rf"^[ \t]*<{_ADDRESS}>:[ \t]+\S", re.M)
"""An address in brackets and a colon at the beginning of a line, as Postfix reports a recipient."""
_EXPANDED = lazy_re(
    r"(?:[ \t]{0,8}\n)?[ \t]{0,12}\((?:expanded from|ultimately generated from|generated from|originally|reason omitted)\s*:?\s*<?[^()<>]{1,320}>?\)",
    re.I,
)


def without_expansion(text: str) -> str:
    """Return the text without notes such as ``(expanded from <list@example.org>)``: that address did not fail."""
    return _EXPANDED.sub("", text) if "(" in text and "@" in text else text


def without_original(text: str) -> str:
    """Return the report without the copy of the message that came back."""
    cut = len(text)
    for word in _ORIGINAL_WORD.finditer(text):
        begin = text.rfind("\n", 0, word.start()) + 1
        end = text.find("\n", word.end())
        line = text[begin : end if end >= 0 else len(text)]
        if len(line) < 200 and _ORIGINAL_LINE.fullmatch(line) and text[:begin].strip(" \t\n-=*_"):
            cut = begin
            break
    headers = _HEADERS.search(text, 0, cut)
    if headers and text[: headers.start()].strip():
        cut = headers.start()
    return text[:cut]


def returned_headers(text: str) -> str:
    """Return the header block of the message that came back, as it stands in a report; empty where there is none."""
    cut = len(without_original(text))
    if cut == len(text):
        return ""
    begin = _HEADERS.search(text, cut)
    return text[begin.start() :].partition("\n\n")[0] if begin else ""


def read_report(
    text: str, strength: float, known: tuple[str, ...] = (), *, anchored: bool = False
) -> list[Finding]:
    """Return a Finding for each recipient that the prose names.

    ``anchored``: only where a reply stands behind an address that begins a line, as Postfix and Exim write it.
    ``known`` are recipients that stand elsewhere, such as in X-Failed-Recipients: they are used where the prose names none.
    """
    text = without_original(text)
    text = without_expansion(text)
    blocks = _blocks(text)
    if anchored and not any(_choose(find_replies(words)) for block in blocks for words in block.texts):
        return []
    sent_by = SENT_BY.search(text)
    if sent_by and len(blocks) > 1:
        blocks = [block for block in blocks if block.recipient != sent_by[1].lower()]
    named = [block for block in blocks if not _NO_RECIPIENT.match(block.recipient)]
    blocks = named or blocks
    shared = find_replies(text)
    if not blocks and not known:
        inline = _inline(text, shared)
        if inline:
            blocks = [inline]
    if known and (not blocks or not any(block.recipient in known for block in blocks)):
        blocks = [_Block(recipient=address, texts=[text]) for address in known]
    merged: dict[str, _Block] = {}
    for block in blocks:
        held = merged.setdefault(block.recipient, block)
        if held is not block:
            held.texts.extend(block.texts)
    found: list[Finding] = []
    for block in merged.values():
        words = "\n\n".join(part for part in block.texts if part.strip())
        replies = [reply for reply in find_replies(words) if _plausible(reply)]
        reply = _choose(replies)
        if reply is None and len(merged) == 1:
            reply = _choose([item for item in shared if _plausible(item)])
            around = text
        else:
            around = words
        found.append(_finding(block, words, reply, around, strength, text))
    return found


def _finding(
    block: _Block, words: str, reply: Reply | None, around: str, strength: float, page: str
) -> Finding:
    # Words behind a list of addresses may be those of the person who pasted it.
    said = words.strip() and (around is not page or failure.FAILURE.search(words))
    told = _told_reason(words, find_replies(words)) if "reason:" in words else None
    if told:
        reply = told
    begun = None if reply else _BEGUN.search(words)
    why = reply.text if reply else begun[1] if begun else reason(words if said else page)
    status = reply.status if reply else None
    if status is None:
        apart = find_status(words)
        status = apart[1] if apart else None
    host = remote_host(around[: reply.end + 200] if reply else around)
    late = failure.is_delay(page[:3000])
    sent_by = SENT_BY.search(page)
    return Finding(
        text=why,
        context=one_line(words)[:1500],
        frame=Frame.REPORT,
        strength=strength,
        recipient=block.recipient,
        sender=sent_by[1].lower() if sent_by else None,
        host=host,
        status=status,
        delayed=late,
    )


_REASON = lazy_re(r"\(reason:\s{0,4}((?:[^()]|\([^()\n]{0,300}\)){4,1000})\)")


def _told_reason(words: str, replies: list[Reply]) -> Reply | None:
    """What sendmail gives as the reason of a recipient: the remote reply, cut off where it is long.

    Its transcript below holds the whole of it, and what sendmail and later commands added.
    """
    match = _REASON.search(words)
    first = next(iter(find_replies(match[1])), None) if match else None
    if first is None:
        return None
    begin = first.text[:40]
    return next(
        (reply for reply in replies if len(reply.text) > len(first.text) and reply.text.startswith(begin)),
        first,
    )


def _plausible(reply: Reply) -> bool:
    return bool(reply.leads or reply.framed or reply.status)


def _choose(replies: list[Reply]) -> Reply | None:
    """The last remote reply; one with a status code or words counts more than a bare number."""
    if not replies:
        return None
    good = [reply for reply in replies if len(reply.text) > 8] or replies
    return good[-1]


def reason(words: str) -> str:
    """Return the words of a report that stand for a reply: the paragraph that says why, without empty phrases."""
    best, best_score, announced, introduced = "", -9.0, False, False
    for paragraph in re.split(r"\n\s*\n", words[:8000]):
        line = one_line(_ADDRESS_FIRST.sub("", _HEADING.sub("", paragraph)))
        if len(line) < 4 or not _LETTERS.search(line):
            continue
        if _ONLY_ADDRESS.fullmatch(line) or _PASTED_HEAD.match(paragraph) or _WARNS.search(line):
            continue
        score = (2.0 if failure.FAILURE.search(line) else 0.0) - (2.5 if _EMPTY_PHRASE.search(line) else 0.0)
        introduces = line[-1:] == ":" and len(line) < _INTRODUCTION and line.isascii()
        score -= 1.5 if introduces else 0.0
        score += (
            (3.0 if announced else 1.0 if introduced else 0.0)
            + (1.0 if _BECAUSE.search(line) else 0.0)
            - (2.5 if line[-1:] == "?" else 0.0)
        )
        announced = bool(_ANNOUNCES.search(line))
        introduced = introduces
        if score > best_score:
            best, best_score = line, score
    return (best or one_line(words))[:1000]


_INTRODUCTION = 60
"""Characters of a line that only says that words follow."""
_HEADING = lazy_re(r"^[ \t]*[-=*_#]{3,}[^\n]*$", re.M)
_PASTED_HEAD = lazy_re(
    r"\s*(?:from|to|subject|date|return-path|received|message-id)[ \t]*:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*[a-z-]{2,30}[ \t]*:",
    re.I,
)
"""The header lines of a mail that somebody pasted: they say nothing of why."""
_WARNS = lazy_re(r"this is a warning (?:message )?only\b.{0,12}\byou do not need to resend", re.I)
"""Postfix and Sendmail draw a box around it: it says nothing of why."""
_BEGUN = lazy_re(r"(?:^|:\s*)[ \t>]*([45]\.\d{1,3}\.\d{1,3}[ :][^\n]{8,}(?:\n[ \t]*[a-z][^\n]*){0,3})", re.M)
"""A line that begins with a status code and words."""
_ONLY_ADDRESS = lazy_re(rf"<?{_ADDRESS}>?[:.;]?")
_BECAUSE = lazy_re(r"\bbecause\b|\bweil\b|\bparce que\b|\bporque\b|\bperché\b", re.I)
_ANNOUNCES = lazy_re(r"\b(?:response|error|reason|message) (?:from the remote server )?was:\Z", re.I)
"""What stands before the words of a server or a program, as Gmail writes it."""
_ADDRESS_FIRST = lazy_re(rf"\A\s*<?{_ADDRESS}>?:?[ \t]*\n(?=[ \t]*[^\s<])")
"""A recipient on a line of its own above the words, as Exim, qmail and Postfix write it."""
_LETTERS = lazy_re(r"[^\W\d_]{3}")
_EMPTY_PHRASE = lazy_re(
    r"created automatically|automatic(?:al)?ly generated|mail (?:system|agent|delivery software)|sorry to (?:have to )?inform|do not reply|don't reply|warning message only|need to re-?send|"
    r"assistance|please (?:include|send|contact|forward)|one or more (?:of its )?(?:recipients|destinations)|will be retried|following (?:address|recipient)|original message was received|"
    r"^(?:dear|hello|hi|hola|bonjour|dobrý den|hallo|olá|ciao)\b|^your message$|^undeliver(?:able|ed) (?:mail|message)\W*$|^delays in delivering your message\W*$|not included in this report|did not reach the following|^\*+ ?message from|this is (?:the|a) (?:\w+ ){1,3}(?:program|agent|system)|"
    r"transcript of session|had (?:permanent|transient)|automatisch|automáticamente|automatiquement|автоматически",
    re.I,
)


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    waiting: list[_Block] = []  # addresses of a list, whose words have not come yet
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
            block = _Block(recipient=match["a"].lower())
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


def _inline(text: str, replies: list[Reply]) -> _Block | None:
    """One recipient that stands in a sentence."""
    rcpt = _RCPT.search(text)
    if rcpt:
        return _Block(recipient=rcpt[1].lower(), texts=[text])
    lines = text.split("\n")
    begin = 0
    for number, line in enumerate(lines):
        position, begin = begin, begin + len(line) + 1
        if "@" not in line or len(line) > 2000 or _HEADER_LINE.match(line):
            continue
        match = None if _MAIL_FROM.search(line) else _INLINE.search(line)
        if match and (match["a"].lower(), "sender") in addresses(line):
            continue
        if match and (not _NO_RECIPIENT.match(match["a"]) or _POSTMASTER.search(line)):
            rest = line[match.end() :].lstrip(" >:.,")
            # A sentence that the address stands in, or words that stand behind the address.
            goes_on = _GOES_ON.match(rest) and not talk.chatty(line)
            behind = "\n".join([line.strip() if goes_on else rest, *lines[number + 1 :]])
            position += match.start("a")
            if any(reply.start <= position < reply.end for reply in replies):
                behind = ""  # the reply names the recipient: it has begun before
            said = behind if failure.FAILURE.search(behind[:1000]) and len(behind.strip()) > 10 else text
            return _Block(recipient=match["a"].lower(), texts=[said])
    if sentences.REPORT.search(text):
        address = next((found for found, role in addresses(text) if role == "recipient"), None)
        if address and not _NO_RECIPIENT.match(address):
            return _Block(recipient=address, texts=[text])
    return None

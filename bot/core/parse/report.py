"""What does the prose of a bounce say about each recipient? Exim, qmail, Exchange, Gmail and the like."""

import re

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.blocks import ADDRESS, NO_RECIPIENT, Block, read_blocks, read_inline
from bot.core.parse.clean import one_line
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.reason import reason
from bot.core.parse.reply import Reply, find_replies, find_status
from bot.core.parse.returned import without_original
from bot.core.parse.signs import failure

SENT_BY = lazy_re(
    rf"(?:A message (?:that was )?sent by|X-Post(?:fix|cow)-Sender: rfc822;)\s+<?({ADDRESS})>?", re.I
)
"""How Exim's reports and Postfix's name the envelope sender."""
ADDRESSED = lazy_re(rf"^[ \t]*<{ADDRESS}>:[ \t]+\S", re.M)
"""An address in brackets and a colon at the beginning of a line, as Postfix reports a recipient."""
_EXPANDED = lazy_re(
    r"(?:[ \t]{0,8}\n)?[ \t]{0,12}\((?:expanded from|ultimately generated from|generated from|originally|reason omitted)\s*:?\s*<?[^()<>]{1,320}>?\)|\s?\((?:expanded|ultimately generated|generated) from\s*:?(?=\s+[^\s<>()@:]{1,64}@[^\s<>()]{1,255}: host )",
    re.I,
)


def without_expansion(text: str) -> str:
    """Return the text without notes such as ``(expanded from <list@example.org>)``: that address did not fail."""
    return _EXPANDED.sub("", text) if "(" in text and "@" in text else text


def read_report(
    text: str, strength: float, known: tuple[str, ...] = (), *, anchored: bool = False
) -> list[Finding]:
    """Return a Finding for each recipient that the prose names.

    ``anchored``: only where a reply stands behind an address that begins a line, as Postfix and Exim write it.
    ``known`` are recipients that stand elsewhere, such as in X-Failed-Recipients: they are used where the prose names none.
    """
    text = without_original(text)
    text = without_expansion(text)
    blocks = read_blocks(text)
    if anchored and not any(_choose(find_replies(words)) for block in blocks for words in block.texts):
        return []
    sent_by = SENT_BY.search(text)
    if sent_by and len(blocks) > 1:
        blocks = [block for block in blocks if block.recipient != sent_by[1].lower()]
    named = [block for block in blocks if not NO_RECIPIENT.match(block.recipient)]
    shared = find_replies(text)
    if not named and not known:
        inline = read_inline(text, shared)
        named = [inline] if inline else []
    blocks = named or blocks
    if known and (not blocks or not any(block.recipient in known for block in blocks)):
        blocks = [Block(recipient=address, texts=[text]) for address in known]
    merged: dict[str, Block] = {}
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
    block: Block, words: str, reply: Reply | None, around: str, strength: float, page: str
) -> Finding:
    # Words behind a list of addresses may be those of the person who pasted it, or ask to write to the postmaster.
    said = words.strip() and (
        around is not page or (failure.FAILURE.search(words) and not _ASKS.match(words))
    )
    told = _told_reason(words, find_replies(words)) if "reason:" in words else None
    if told:
        reply = told
    begun = None if reply else _BEGUN.search(words) or _EXCHANGE.search(words)
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


_BEGUN = lazy_re(r"(?:^|:\s*)[ \t>]*([45]\.\d{1,3}\.\d{1,3}[ :][^\n]{8,}(?:\n[ \t]*[a-z][^\n]*){0,3})", re.M)
"""A line that begins with a status code and words."""
_ASKS = lazy_re(r"\s{0,20}please (?:reply|contact|forward|write)\b", re.I)
_EXCHANGE = lazy_re(r"\bMSEXCH:[^\n]{1,200} \([0-9A-F]{8}\) ([^\n]{4,300})")
"""Exchange 5.5 says first what its directory thinks of it, and then why."""
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

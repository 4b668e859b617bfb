"""Do words with a status code and no reply code say that mail failed?"""

import re

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.paste.nearby import with_addresses
from bot.core.parse.paste.weigh import weighed
from bot.core.parse.signs import failure, manual, talk


def read_status_words(text: str, status: re.Match[str], doubt: float) -> tuple[list[Finding], Kind, float]:
    """Words with a status code and no reply code: ``5.7.1 <x>: Sender address rejected``, ``no mailbox here (#5.1.1)``."""
    begin = text.rfind("\n", 0, status.start()) + 1
    line = text[begin:].partition("\n")[0]
    before = text[begin : status.start()].strip()
    behind = text[status.end() :].partition("\n")[0]
    line = _ASKED.sub("", line)
    leads = begins(text, status)
    words = text[status.start() :].partition("\n\n")[0] if leads and len(behind) > 8 else line
    if leads and not before and text.count("`", 0, status.start()) % 2:
        words = words.partition("`")[0]  # what quotes the reply stands on the line before
    if leads and before[-1:] in ("'", '"', "`"):
        words = re.split(before[-1] + r"(?!\w)", words, maxsplit=1)[0]
    closing = before.endswith("(#") or before.endswith("#")
    opened = text.rfind('"', begin, status.start())
    if behind[:1] == '"' and text.count('"', begin, status.start()) % 2 and not leads:
        quotation = text[opened + 1 : status.end()]
        if failure.fails(quotation):
            closing, words = True, quotation
    strength = (0.55 if leads or closing else 0.4) if failure.MAIL.search(text) else 0.3
    if failure.fails(line) and ((leads and len(behind) > 8) or closing):
        strength += 0.2
    if (
        talk.asks(line)
        or _VERSION.search(before)
        or _ARTICLE.search(before)
        or talk.PROPOSES.search(before[-80:])
        or "RFC " in before
        or manual.documents(text)
        or (leads and not before and talk.PROPOSAL.search(text[:begin].rstrip().rpartition("\n")[2]))
    ):
        strength -= 0.4
    if _EXPLAINED.match(behind):
        strength -= 0.75
    if _SPOKEN_OF.match(behind):
        strength -= 0.4
    if len(set(_STATUS_LINES.findall(text))) > 2:
        strength -= 0.5  # a list or a table of codes
    return weighed(
        [
            with_addresses(
                Finding(text=words, frame=Frame.WORDS, strength=strength - doubt, host=remote_host(text)),
                text,
            )
        ]
    )


_ASKED = lazy_re(
    r"[,;.] (?:any|what|why|how|can|could|is|does|who|anyone|ideas?|was|warum|wieso|pourquoi)\b[^?\n]{0,80}\?\s*$",
    re.I,
)
"""A question behind a reply."""


def begins(text: str, status: re.Match[str]) -> bool:
    """Whether a status code begins its line, or a quotation in it."""
    before = text[text.rfind("\n", 0, status.start()) + 1 : status.start()].strip()
    return not before or before[-1] in "'\"`(:;"


_ARTICLE = lazy_re(r"\b(?:an?|the|any|every|each|some|eine?|une?|un)$", re.I)
_STATUS_LINES = lazy_re(r"^\W{0,6}([45]\.\d{1,3}\.\d{1,3})\b", re.M)
_VERSION = lazy_re(
    r"(?:(?:order|ticket|part|item|invoice|no\.|nr\.) ?[\w-]*|new in|since|from|version|release|release notes|notes|v|deploy(?:ed)?|rolled back to|tag|update|upgrade|bump(?:ed)?|kernel|php|node|python|paragraph|section|section on)\W*(?:to)?\W*$",
    re.I,
)
_EXPLAINED = lazy_re(
    r" (?:means?|indicates?|is|was|are|stands for|errors|codes|bounces|describes?) | ?\|", re.I
)
"""How a document goes on behind a code."""
_SPOKEN_OF = lazy_re(r"\W{0,3}(?:errors?|codes?|bounces?|messages?)\W{0,2}[)\]]", re.I)
"""A code in brackets that is only mentioned: ``mailbox is full (5.2.2 error)``."""

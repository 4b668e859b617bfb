"""Where does the copy of the message that came back begin in a report?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.signs.sign import Sign

# A line that says "here begins the message that came back".
_ORIGINAL_WORD = Sign(
    r"original|copy of|unsent|returned message|message headers?|header of|kopie|ursprüng|исходн|текст письма|元の|原邮件|below|follows|undelivered message|bounced e-mail",
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


def without_original(text: str) -> str:
    """Return the report without the copy of the message that came back."""
    cut = len(text)
    for word in _ORIGINAL_WORD.each(text):
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

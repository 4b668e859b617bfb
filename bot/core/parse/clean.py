"""What did the person paste, without what the chat and the mail program added?"""

import re
from functools import lru_cache

from bot.core.lazy import lazy_re

_SLACK_LINK = lazy_re(r"<(?:mailto:|tel:|https?://|@|#|!)[^<>\n]{0,2000}>")
_TAG = lazy_re(
    r"</?(?:a|b|i|p|u|br|div|span|td|tr|th|table|tbody|font|pre|code|strong|em|tt|h[1-6]|li|ul|ol)(?=[\s/>])[^<>\n]{0,500}/?>",
    re.I,
)
_MARKDOWN_LINK = lazy_re(r"\[([^\[\]\n]{1,320})\]\((?:mailto:|tel:|https?://)[^()\s]{1,500}\)")
_BREAKING_TAG = lazy_re(r"</?(?:p|br|div|tr|pre|table|h[1-6]|li|ul|ol)\b", re.I)
_ENTITY = lazy_re(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#34|#60|#62|#x27|#160);", re.I)
_QUOTE_MARK = lazy_re(r"^[ \t]*(?:[>|](?:[ \t]|$)|>(?=>|\S))+[ \t]?")
_ITALIC = lazy_re(r"^([ \t]*)_(?=[45]\d\d[ -])([^\n]{4,2000}?)_(?=[ \t]*$)", re.M)
"""A reply in slanted letters, as Slack writes them."""
_UNFINISHED = lazy_re(r"\b[45]\d\d(?:[ -]#?[45]\.\d{1,3}\.\d{1,3})?[ \t]*$")
"""Codes whose words stand on the next line."""
_ENTITIES = {
    "lt": "<",
    "gt": ">",
    "amp": "&",
    "quot": '"',
    "apos": "'",
    "nbsp": " ",
    "#39": "'",
    "#34": '"',
    "#60": "<",
    "#62": ">",
    "#x27": "'",
    "#160": " ",
}
_ODD = {
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half of a pair: no encoding has it
    **dict.fromkeys(range(32), " "),
    9: "\t",
    10: "\n",
    0x7F: " ",
    0xA0: " ",
    0xAB: '"',
    0xBB: '"',
    0x202F: " ",
    0x3000: " ",
    0x2028: "\n",
    0x2029: "\n",
    0x200B: "",
    0x200C: "",
    0x200D: "",
    0x200E: "",
    0x200F: "",
    0x2060: "",
    0xFEFF: "",
    0xAD: "",
    0x2018: "'",
    0x2019: "'",
    0x201A: "'",
    0x201B: "'",
    0x201C: '"',
    0x201D: '"',
    0x201E: '"',
    0x201F: '"',
    0x2010: "-",
    0x2011: "-",
    0xFF1A: ":",
    0xFF1C: "<",
    0xFF1E: ">",
}
_NEEDS_TRANSLATION = lazy_re(
    "[\x00-\x08\x0b-\x1f\x7f\xa0\xab\xad\xbb\u2010\u2011\u2018-\u201f\u200b-\u200f\u2028\u2029\u202f\u2060\u3000\ufeff\uff1a\uff1c\uff1e]"
)


def plain(text: str) -> str:
    """Return the text with line feeds alone, chat links, escapes and fences undone, and quote marks removed.

    Literal angle brackets stay: ``&lt;jane@example.org&gt;`` becomes ``<jane@example.org>``.
    """
    text = tidy(text)
    if "<" in text:
        text = _SLACK_LINK.sub(_link_words, text)
    for _ in range(2):  # a text that was escaped by the browser and again by the chat
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda m: _ENTITIES[m[0][1:-1].lower()], text)
    if "<" in text:
        if "mailto:" in text or "http" in text:
            text = _SLACK_LINK.sub(_link_words, text)
        text = _TAG.sub(lambda m: "\n" if _BREAKING_TAG.match(m[0]) else "", text)
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "```" in text:
        text = text.replace("```", "\n\n")
    if "_4" in text or "_5" in text:
        text = _ITALIC.sub(r"\1\2", text)
    if "SMTP server error" in text:
        text = _RUN_ON.sub(" ", text)
    if "  | " in text:
        text = _SERVICE.sub("", text)
    if ">" in text or "|" in text:
        text = _without_quote_marks(text)
    return text


_RUN_ON = lazy_re(r"(?<=\w)(?=SMTP server error)")
"""Where PHPMailer writes on without a space: ``jo@firm.exampleSMTP server error``."""
_SERVICE = lazy_re(r"^[ \t>]{0,8}[a-zA-Z][\w.-]{1,60}[-_]\d{1,3} {2,40}\| ?", re.M)
"""What ``docker compose logs`` puts before each line: ``mail-1  | ``."""


def _without_quote_marks(text: str) -> str:
    """Remove ``>`` at the beginnings of lines; an empty line marks where a quotation begins and ends."""
    lines: list[str] = []
    quoted = False
    for line in text.split("\n"):
        mark = _QUOTE_MARK.match(line)
        turns = bool(mark) != quoted and lines and lines[-1].strip() and (mark or line.strip())
        if turns and not _UNFINISHED.search(lines[-1][-40:]):
            lines.append("")
        quoted = bool(mark)
        lines.append(line[mark.end() :] if mark else line)
    return "\n".join(lines)


def tidy(text: str) -> str:
    """Return the text with line feeds alone, without control and invisible characters, with straight quotes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() or _NEEDS_TRANSLATION.search(text):
        text = text.translate(_ODD)
    if "\n\n\n\n" in text or _WIDE in text:
        text = _LONG_GAP.sub(lambda match: "\n\n\n" if "\n" in match[0] else _WIDE[:40], text)
    return text


_WIDE = " " * 60
# Long runs of white space tell nothing, and are bait for patterns that begin with white space.
_LONG_GAP = lazy_re(r"\n{4,}|[ \t]{60,}")


@lru_cache(maxsize=4)
def lowered(text: str) -> str:
    """Return the text in lower case and of the same length: İ would become two letters.

    Patterns for it are written in lower case: that takes less than half the time of ``re.IGNORECASE``. The last ones
    are kept: one reading asks for the same many times.
    """
    small = text.lower()
    return small if len(small) == len(text) else text.replace("İ", "I").lower()


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def _link_words(match: re.Match[str]) -> str:
    """The words that stand for a chat link: its label, or what it points at."""
    inner = match[0][1:-1]
    if inner[0] in "@#!":
        label = inner.partition("|")[2]
        return inner[0] + label if label else match[0] if "." in inner else ""
    target, bar, label = inner.partition("|")
    if bar and label:
        return label
    if target.startswith("mailto:"):
        before = match.string[match.start() - 1 : match.start()]
        return f"{' ' if before.isalnum() else ''}{target[7:]}"  # a name, and its address as a mail program copies it
    return target.removeprefix("tel:")

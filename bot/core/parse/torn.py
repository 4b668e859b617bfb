"""Which replies do programs show in pieces: the code behind the words, or the words as a literal of a language?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.core.lazy import lazy_re

_MOST = 50
_LONGEST = 2500
"""Characters between the word that announces the words and the code behind them."""
# PHPMailer: `Detail: No such user SMTP code: 550 Additional SMTP info: 5.1.1`, in some of the languages that it speaks.
_HINTS = ("SMTP code", "SMTP\ncode", "SMTP Code", "ode SMTP", "ódigo SMTP", "odice SMTP")
_CODE_BEHIND = lazy_re(
    r"(?:SMTP\s[Cc]ode|[Cc]ode SMTP|[Cc]ódigo SMTP|[Cc]odice SMTP) ?:\s?([45]\d\d)\b"
    r"(?:\s{1,3}[^\W\d_][^:]{0,50}:\s?([45]\.\d{1,3}\.\d{1,3})(?![\w.]*\d))?"
)
_DETAIL = lazy_re(r"\bD(?:etails?|étails?|etalles?|ettagli|ettaglio|etalhes?) ?:\s")
# Literals of Python, JavaScript and JSON.
_LITERAL = r"(?:'(?:[^'\\\n]|\\.|\n(?!\n)){1,2000}'|\"(?:[^\"\\\n]|\\.|\n(?!\n)){1,2000}\"|`(?:[^`\\\n]|\\.|\n(?!\n)){1,2000}`)"
# smtplib: `SMTPDataError: (554, b'no')`, `{'jo@firm.example': (550, b'no')}`.
_TUPLE = lazy_re(rf"\(['\"]?([45]\d\d)['\"]?, ?\[?(b?)({_LITERAL})\]?\)?")
_RAISED = (":", "Error", "error", "Refused", "Exception")
# Nodemailer: `response: '550 no', responseCode: 550`; a literal of many lines is a sum of literals.
_RESPONSE = lazy_re(
    rf"\bresponse['\"]?: ?({_LITERAL}(?:\s{{0,4}}\+\s{{1,40}}{_LITERAL}){{0,30}})(?:,\s{{0,40}}['\"]?responseCode['\"]?: ?\d{{3}})?"
)
# Records of any language: `code=550, message='5.1.1 no'`.
_STRUCT = lazy_re(
    rf"\b(?:smtp_?|reply_?|status_?|error_?|response_?)?[Cc]ode=['\"]?([45]\d\d)['\"]?, ?(?:\w{{4,20}}[=:] ?['\"]([45]\.\d{{1,3}}\.\d{{1,3}})['\"], ?)?"
    rf"(?:smtp_?|error_?|response_?)?(?:[Mm]essage|[Mm]sg|[Tt]ext|[Rr]eason|[Rr]esponse|[Dd]etails?|[Ee]rror)=b?({_LITERAL})"
)
_STATUS_FIRST = lazy_re(r"[45]\.\d{1,3}\.\d{1,3}\s")
_PART = lazy_re(_LITERAL)
_ESCAPE = lazy_re(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_BEGINS = lazy_re(r"([45]\d\d)(?:[ -]|$)")
_CONTROLS = {"n": "\n", "r": "", "t": " ", "b": " ", "f": " "}


@dataclass(frozen=True, kw_only=True, slots=True)
class Torn:
    """A reply whose pieces were found."""

    start: int
    end: int
    code: str
    status: str | None
    """Where the program shows it apart from the words."""
    words: str


def torn_replies(text: str) -> list[Torn]:
    """Return the replies that programs show in pieces, in the order of the text."""
    found: list[Torn] = []
    if "(5" in text or "(4" in text or "('5" in text or "('4" in text:
        found.extend(_tuples(text))
    if "responseCode" in text:
        found.extend(_responses(text))
    if "ode=" in text:
        found.extend(_structs(text))
    if any(hint in text for hint in _HINTS):
        found.extend(_with_code_behind(text))
    return sorted(found, key=lambda item: item.start) if len(found) > 1 else found


def _tuples(text: str) -> Iterator[Torn]:
    for match in islice(_TUPLE.finditer(text), _MOST):
        start = match.start()
        before = text[max(0, start - 40) : start]
        alone = match[2] and before[-1:] in ("", "\n")
        if alone or before.rstrip().endswith(_RAISED):
            words = python_words(match[3][1:-1], of_bytes=bool(match[2]))
            yield Torn(start=start, end=match.end(), code=match[1], status=None, words=words)


def _responses(text: str) -> Iterator[Torn]:
    for match in islice(_RESPONSE.finditer(text), _MOST):
        words = "".join(unescaped(part[1:-1]) for part in _PART.findall(match[1]))
        begins = _BEGINS.match(words)
        if begins:
            yield Torn(
                start=match.start(1),
                end=match.end(),
                code=begins[1],
                status=None,
                words=words[begins.end() :],
            )


def _structs(text: str) -> Iterator[Torn]:
    for match in islice(_STRUCT.finditer(text), _MOST):
        words = unescaped(match[3][1:-1])
        # Other protocols have records, too: HTTP's codes are not these, and have no status.
        of_mail = match[2] or match[1][:2] == "55" or _STATUS_FIRST.match(words)
        if of_mail and not _BEGINS.match(words):
            yield Torn(start=match.start(), end=match.end(), code=match[1], status=match[2], words=words)


def _with_code_behind(text: str) -> Iterator[Torn]:
    behind = 0
    for match in islice(_CODE_BEHIND.finditer(text), _MOST):
        details = list(_DETAIL.finditer(text, max(behind, match.start() - _LONGEST), match.start()))
        behind = match.end()
        if not details:
            continue
        begin = details[-1].end()
        words = text[begin : match.start()].strip()
        if words.startswith(match[1]):
            words = words[3:].lstrip(" -")
        if words:
            yield Torn(start=begin, end=match.end(), code=match[1], status=match[2], words=words)


def code_apart(text: str) -> str | None:
    """Return the reply code that a program shows apart from words that hold none, or None."""
    found = _CODE_APART.search(text)
    return found[1] or found[2] if found else None


_SMTP = r"(421|432|45[0-5]|50[0-4]|521|53[0458]|55[0-6])(?!\.?\d)"
_CODE_APART = lazy_re(rf"\b[Cc]ode(?:: ?|=| ){_SMTP}|\b[Cc]ode \"?250\"?,? (?:but )?got (?:code )?\"?{_SMTP}")
"""``(Code: 550)``, ``code=550``, ``expected code 250, got 550``."""


def python_words(literal: str, *, of_bytes: bool) -> str:
    """Return what a literal of Python stands for, without its quotation marks."""
    words = unescaped(literal)
    return _of_bytes(words) if of_bytes and "\\x" in literal else words


def unescaped(literal: str) -> str:
    """Return what a literal of JavaScript or JSON stands for, without its quotation marks."""
    if "\\" not in literal:
        return literal
    text = _ESCAPE.sub(_character, literal)
    # Two escapes may make one character; half of a pair is none.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    return chr(int(number, 16)) if number else _CONTROLS.get(match[3], match[3])


def _of_bytes(text: str) -> str:
    """What bytes that are shown as characters stand for: UTF-8 (RFC 6531), where they are no ASCII."""
    try:
        return text.encode("latin-1").decode("utf-8", "replace")
    except UnicodeEncodeError:  # other characters beside them: the text was put together by hand
        return text

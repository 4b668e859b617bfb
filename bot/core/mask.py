"""Which parts of a text change from mail to mail?

They become slots, the same way on input and on knowledge, so that "User <jane@a.example> unknown"
and "user <bob@b.example> unknown" are one text. ``tokens`` is the form that matching works on,
``mask`` the same as one string, ``fingerprint`` a key for "the same masked text".
"""

import re
from collections.abc import Container, Iterable
from functools import cache
from hashlib import sha256
from unicodedata import normalize

from bot.core.lazy import lazy_re

_LONGEST_WORD = 200
SLOTS = frozenset(("<ip>", "<host>", "<address>", "<number>", "<any>"))

# Chinese, Japanese, Korean and Thai put no space between words, or glue endings to them. There each character
# is a token: neighbouring pairs of them then serve as words.
_CHARACTER = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"

# One pass, no nested repetition: each alternative begins where the last token ended and can only
# run forward. The order matters: an address holds a host, a host holds words.
_ALTERNATIVES = (
    r"<(?:ip|host|address|number|any)>"
    r"|(?P<address>[\w.+=&/$!#%*~^{}'?-]{1,128}@\[?[\w.-]{1,255}\]?)"
    r"|(?P<url>https?://[^\s<>\"'\])]{1,2000})"
    r"|(?P<ip>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]*\w)|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]{0,39})"
    r"|(?P<status>[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\w))"
    r"|(?P<code>[a-z]{1,5}-\d{1,6}(?![\w.-]))"
    r"|(?P<host>\w[\w-]{0,62}(?:\.[\w-]{1,63}){1,10})"
    r"|(?P<word>\w{1,200})"
)
_ASCII_TOKEN = lazy_re(_ALTERNATIVES, re.ASCII)
"""For a text in lower case that is all ASCII, as most are: it takes half the time of the other."""
_TOKEN = lazy_re(rf"(?P<character>{_CHARACTER})|{_ALTERNATIVES}", re.IGNORECASE)
# What most pieces of a text are that it shares with no other text.
_ONE_ADDRESS = lazy_re(r"[<(\"]?[a-z0-9._+=-]{1,64}@[a-z0-9.-]{1,255}[>)\":;,]{0,4}")
_QUOTED_NAME = lazy_re(r"\"[^\"\r\n]{0,128}\"@")
"""RFC 5321 section 4.1.2, Quoted-string. In white space, so no token could span it."""
_ONE_IP = lazy_re(r"[\[(]?\d{1,3}(?:\.\d{1,3}){3}[\]):;,.]{0,3}")

# The last label of a host. Exception names and status texts have dots too (TRANSPORT.RULES.RejectMessage), but
# end in long words; of the long top-level domains those that mail hosts really have are named.
_LONG_ENDINGS = (
    "internal|localhost|localdomain|technology|solutions|services|software|education|international|foundation"
)
_HOST = lazy_re(rf"[\w.-]*\.(?:[a-z]{{2,8}}|{_LONG_ENDINGS}|xn--[\w-]{{2,59}})\Z")
_URL_PART = lazy_re(r"[a-z0-9_-]+")
_PIECE = lazy_re(r"[^\W_]+")
_NO_SPACES = lazy_re(_CHARACTER)
_SPACED = lazy_re(rf"(?<={_CHARACTER}) (?={_CHARACTER})")
# The inner word of a name of three or more (RecipientNotFound), and the dot before such a name. Names of two
# (SpamAssassin) are words of their own.
_INNER_WORD = re.compile(r"(?<=[a-z])(?:[A-Z][a-z]{2,30}(?=[A-Z][a-z])|\.(?=[A-Z][a-z]{2,30}[A-Z][a-z]))")
# How mail servers write letters that ASCII does not have: most replies are ASCII (RFC 5321 section 4.2), so that the
# same sentence comes with its accents and without. German has two letters for one of these.
_TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe"}
_NO_ACCENT = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ё": "е"}
_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
_ACCENTS = range(0x300, 0x370)
# Marks that stand on the letter before them. Putting a pile of them in order takes the square of its height.
_MARKS = (
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f]"
)
_PILE = lazy_re(rf"(?<={_MARKS}{{2}}){_MARKS}+")
_FILE = (
    ".exe",
    ".zip",
    ".php",
    ".html",
    ".js",
    ".py",
    ".txt",
    ".pdf",
    ".conf",
    ".cf",
    ".dll",
    ".bat",
    ".scr",
    ".vbs",
)


def mask(text: str) -> str:
    """``text`` in lower case, its variable parts as slots, with one space between tokens.

    Of an address whose local part is in quotation marks ("john doe"@example.org) no word stays, either.
    """
    return " ".join(tokens(_QUOTED_NAME.sub("x@", text) if '"@' in text else text))


def fingerprint(text: str) -> str:
    """A key (64 hexadecimal digits) that all texts with the same mask share."""
    return sha256(mask(text).encode()).hexdigest()


def fold(text: str) -> str:
    """``text`` in lower case, its Latin letters without accents, as a reply in ASCII has them: "boite", "ueber"."""
    lower = text.lower()
    return lower if lower.isascii() else normalize("NFC", _PILE.sub("", lower)).translate(_folded())


@cache
def _folded() -> dict[int, str]:
    """What stands for each letter that has an accent."""
    table = {ord(letter): other for letter, other in (_TWO_LETTERS | _NO_ACCENT).items()}
    for code in (code for part in _LATIN for code in part):
        plain = normalize("NFKD", chr(code))[0]
        if plain.isascii() and plain.isalpha():
            table.setdefault(code, plain)
    return table | dict.fromkeys(_ACCENTS, "")


def shown(words: Iterable[str]) -> str:
    """Tokens as people write them: with a space between, save in scripts that have none."""
    text = " ".join(words)
    return text if text.isascii() else _SPACED.sub("", text)


def tokens(text: str, literal: Container[str] = frozenset()) -> list[str]:
    """The words of ``text`` in lower case, without punctuation, with variable parts as slots.

    ``literal`` holds hosts and words with digits that stay as they are, because the knowledge base
    names them (zen.spamhaus.org, s3150). A URL becomes its host and the words of its path.
    No token spans white space. Takes time linear in the length of ``text``.
    """
    ascii_only = text.isascii()
    if ascii_only and (one := _one_token(text, literal)):
        return [one]
    if not text.islower():
        text = _INNER_WORD.sub(r" \g<0> ", text)
    if not ascii_only:
        text = _NO_SPACES.sub(r" \g<0> ", fold(normalize("NFKC", _PILE.sub("", text))))
    result: list[str] = []
    for found in (_ASCII_TOKEN if ascii_only else _TOKEN).finditer(text.lower()):
        kind, token = found.lastgroup, found.group()
        if kind == "word":
            result.append(token if token in literal or not _has_digit(token) else "<number>")
        elif kind == "character":
            result.append(token)
        elif kind == "code":  # OFR-515, AUP#I-1310
            result += _pieces(token, literal)
        elif kind == "host":
            result += _host(token, literal)
        elif kind == "address":
            result.append("<address>")
        elif kind == "url":
            result += _url(token, literal)
        elif kind == "ip":
            result.append("<ip>")
        elif kind == "status":
            result.append(token if token in literal else "<number>")
        else:
            result.append(token)  # a slot of the knowledge base
    return result


def _one_token(text: str, literal: Container[str]) -> str | None:
    """The token of a text that is a plain word, an address or an IP and nothing else; None for all others.

    Most pieces of a text that no text had before are such, and it takes a fifth of the time.
    """
    if text.isalnum():
        inner_capitals = not (text.islower() or text.isupper() or text.isdigit() or text[1:].islower())
        if inner_capitals or len(text) > _LONGEST_WORD:
            return None
        token = text.lower()
        return token if token.isalpha() or token in literal else "<number>"
    if "@" in text:
        return "<address>" if _ONE_ADDRESS.fullmatch(text) else None
    return "<ip>" if "." in text and _ONE_IP.fullmatch(text) else None


def _host(token: str, literal: Container[str]) -> list[str]:
    if not _HOST.match(token) or token.endswith(_FILE):
        # The name of an exception or of an error (Access-Denied-XM.SSR-001): its words count, not the whole.
        return [piece for part in token.split(".") for piece in _pieces(part, literal)]
    if token in literal:
        return [token]
    # Sentences run together ("rejected.Please") look like hosts; a host of one dot whose parts
    # are both plain words is read as two words when the knowledge base knows both.
    first, _, second = token.partition(".")
    if "." not in second and first in literal and second in literal:
        return [first, second]
    return ["<host>"]


def _url(token: str, literal: Container[str]) -> list[str]:
    rest = token.partition("://")[2]
    host, _, path = rest.partition("/")
    host = host.partition(":")[0].removeprefix("www.").rstrip(".,;")
    words = [piece for part in _URL_PART.findall(path) for piece in _pieces(part, literal)]
    return [
        host if host in literal else "<host>",
        *(word for word in words if word in literal and (len(word) > 2 or _has_digit(word))),
    ]


def _pieces(part: str, literal: Container[str]) -> list[str]:
    """The words of a part between dots or slashes; one with digits stays whole where the knowledge base names it."""
    if _has_digit(part) and part in literal:
        return [part]
    return [
        piece if piece in literal or not _has_digit(piece) else "<number>" for piece in _PIECE.findall(part)
    ]


def _has_digit(token: str) -> bool:
    return not token.isalpha() and any(character.isdigit() for character in token)

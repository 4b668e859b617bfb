"""Which parts has a mail? A small walker for MIME that bears broken and hostile structure.

Python's own e-mail package takes a millisecond for a typical delivery report; this takes a twentieth of it, and
its depth and number of parts are bounded. It reads what a bounce needs: headers, text parts, the delivery status,
and the headers of the returned message.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.lazy import lazy_re

Fields = dict[str, list[str]]
"""Header fields: their names in lower case, the values of each in order."""
MAX_DEPTH = 12
MAX_PARTS = 100
MAX_HEADERS = 60_000
"""Characters of one header block that are read."""
MAX_LEAF = 64 * 1024
"""Characters of a text part that are read: reports are short, long parts are the returned message."""

_FOLD = lazy_re(r"\n(?=[ \t])")
_HEADER = lazy_re(r"([!-9;-~]{1,76})[ \t]*:[ \t]*(.*)")
_PARAMETER = lazy_re(r"([a-z*0-9-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.I)
_WORD = lazy_re(r"=\?([\w-]{1,40})(?:\*[\w-]{1,10})?\?([bq])\?([^?\s]{0,500})\?=", re.I)
_BETWEEN_WORDS = lazy_re(r"(\?=)\s+(=\?)")
_START = lazy_re(
    r"\s{0,20}(?:From \S+.*\n)?(?:>?From .*\n)?(?:[!-9;-~]{1,76}:.*(?:\n[ \t].*){0,200}\n){1}", re.I
)
_BEGUN = lazy_re(r"(?<=\n)(?![a-z0-9-]{1,76}[ \t]*:|[ \t>])[^\n]", re.I)
"""Words in a header block: the empty line before them was lost."""
_NAMES = lazy_re(
    r"^(?:received|return-path|message-id|mime-version|content-[a-z-]{4,30}|delivered-to|from|to|subject|date|sender|reply-to|x-[a-z-]{2,40})[ \t]*:",
    re.I | re.M,
)
_MAIL_HEADERS = lazy_re(
    r"^(?:received|return-path|message-id|mime-version|content-type|delivered-to|x-failed-recipients)[ \t]*:",
    re.I | re.M,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One leaf of a mail."""

    type: str
    """``text/plain``, ``message/delivery-status`` …, lower-cased."""
    headers: Fields
    text: str
    """The decoded text. For an attached message: its header block and body, undecoded."""


def looks_like_mail(text: str) -> bool:
    """Whether a text begins with the header block of a mail."""
    head = text[:20000].lstrip("\ufeff\n\r\t ")
    if not _START.match(head):
        return False
    block = head.split("\n\n", 1)[0]
    return _MAIL_HEADERS.search(block) is not None and block.count("\n") >= 2


def headers_of(block: str) -> Fields:
    """Return the fields of a header block, names lower-cased, values unfolded but not decoded."""
    fields: Fields = {}
    if "\n " in block or "\n\t" in block:
        block = _FOLD.sub("", block)
    for line in block.split("\n"):
        match = _HEADER.match(line)
        if match:
            fields.setdefault(match[1].lower(), []).append(match[2].strip())
    return fields


def first_of(fields: Fields, name: str) -> str:
    """Return the first value of a field, empty where there is none."""
    values = fields.get(name)
    return values[0] if values else ""


def split(text: str) -> tuple[str, str]:
    """Return the header block and the body of a mail or a part."""
    if text.startswith("\n"):
        return "", text[1:]
    end = text.find("\n\n")
    if end < 0:
        return text[:MAX_HEADERS], ""
    return text[:end], text[end + 2 :]


def parts(text: str) -> tuple[Fields, list[Part]]:
    """Return the headers of a mail and its leaves in order. ``text`` has line feeds alone."""
    block, body = split(text)
    begun = _BEGUN.search(block) if block else None
    if begun and not _NAMES.search(block, begun.end()):
        body = f"{block[begun.start() :]}\n\n{body}"
        block = block[: begun.start()]
    fields = headers_of(block[:MAX_HEADERS])
    leaves: list[Part] = []
    _walk(fields, body, leaves, 0)
    return fields, leaves


def content_type(fields: Fields) -> tuple[str, dict[str, str]]:
    """Return the type, lower-cased, and its parameters. RFC 2045 section 5.2 gives the default."""
    values = fields.get("content-type")
    if not values:
        return "text/plain", {}
    value = values[0]
    name, _, rest = value.partition(";")
    parameters: dict[str, str] = {}
    if rest:
        for match in _PARAMETER.finditer(rest[:4000]):
            parameters.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3])
    return name.strip().lower() or "text/plain", parameters


def decode_words(value: str) -> str:
    """Decode the encoded words (RFC 2047) of a header value; what cannot be decoded stays as it is."""
    if not value.isascii():
        value = _raw_letters(value)
    if "=?" not in value:
        return value
    return _WORD.sub(_decoded_word, _BETWEEN_WORDS.sub(r"\1\2", value))


def _raw_letters(value: str) -> str:
    """The letters of a value that was not encoded, though RFC 5322 asks for it (RFC 6532 does not)."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except ValueError:
        return value


def as_text(data: bytes, charset: str | None) -> str:
    """Decode bytes by a charset's name; unknown or wrong names fall back to UTF-8, then to Windows-1252."""
    name = (charset or "").strip().lower().strip("'\"")
    name = _CHARSETS.get(name, name)
    if name and name not in ("us-ascii", "ascii", "utf-8"):
        for guess in (name, *_OFTEN_MEANT.get(name, ())):
            try:
                return data.decode(guess)
            except (LookupError, ValueError):
                continue
        try:
            return data.decode(name, "replace")
        except (LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if data.count(b"\x1b$") or data.count(b"\x1b("):
        return data.decode("iso-2022-jp", "replace")
    return data.decode("cp1252", "replace")


# Charsets that a wrong label often stands for.
_OFTEN_MEANT = {
    "iso2022_jp_ext": ("utf-8", "euc_jp", "cp932"),
    "cp932": ("utf-8", "euc_jp"),
    "euc-jp": ("utf-8", "cp932"),
    "cp1252": ("utf-8",),
}
_CHARSETS = {
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-gbk": "gb18030",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "binary": "",
}


def _walk(fields: Fields, body: str, leaves: list[Part], depth: int) -> None:
    if len(leaves) >= MAX_PARTS:
        return
    kind, parameters = content_type(fields)
    if kind.startswith("multipart/") and depth < MAX_DEPTH:
        boundary = parameters.get("boundary", "")
        pieces = list(_pieces(body, boundary)) if boundary else []
        if not pieces:
            pieces = list(_pieces(body, _guessed_boundary(body)))
        if pieces:
            for number, piece in enumerate(pieces):
                if len(leaves) >= MAX_PARTS:
                    return
                if number == 0:
                    if piece.strip():
                        leaves.append(Part(type="text/x-preamble", headers={}, text=piece))
                    continue
                inner, rest = split(piece)
                inner_fields = headers_of(inner[:MAX_HEADERS])
                if inner and not inner_fields:
                    inner_fields, rest = {}, piece  # a part that forgot its header block's empty line
                _walk(inner_fields, rest, leaves, depth + 1)
            return
        kind = "text/plain"
    encoding = (fields.get("content-transfer-encoding") or [""])[0].strip().lower()
    leaves.append(
        Part(type=kind, headers=fields, text=_decoded(body, encoding, parameters.get("charset"), kind))
    )


def _pieces(body: str, boundary: str) -> Iterator[str]:
    """The pieces between the boundary's lines: first what stands before them, then each part.

    A space before the boundary is borne: some servers indent it.
    """
    if not boundary or "--" + boundary not in body:
        return
    line = re.compile(rf"^ ?--{re.escape(boundary)}(--)?[^\n]*(?:\n|\Z)", re.M)
    position = None
    for count, match in enumerate(line.finditer(body)):
        yield body[position or 0 : match.start()].removesuffix("\n") if position else body[: match.start()]
        position = match.end()
        if match[1] or count >= MAX_PARTS:
            return
    if position is not None:
        yield body[position:]


def _guessed_boundary(body: str) -> str:
    """The boundary that a broken header does not tell: the first line of two dashes that part headers follow."""
    match = re.search(r"^--([^\s-][^\n]{3,100}|[-=_]{2,}[^\n]{3,90})\nContent-", body[:20000], re.I | re.M)
    return match[1].rstrip() if match else ""


def _decoded(body: str, encoding: str, charset: str | None, kind: str) -> str:
    if kind in ("message/rfc822", "message/global", "message/partial") and encoding not in (
        "base64",
        "quoted-printable",
    ):
        return body
    body = body[: 4 * MAX_LEAF if encoding in ("base64", "quoted-printable") else MAX_LEAF]
    if encoding == "base64":
        return as_text(_base64(body), charset).replace("\r\n", "\n")
    if encoding == "quoted-printable" and "=" in body:
        return as_text(quopri.decodestring(body.encode("latin-1", "replace")), charset).replace("\r\n", "\n")
    name = (charset or "").lower()
    if body.isascii() and "\x1b" not in body and not name.startswith(("utf-7", "unicode-1-1-utf-7", "hz")):
        return body
    try:
        return as_text(body.encode("latin-1"), charset)
    except UnicodeEncodeError:
        return body  # the text was decoded before it came here


def _base64(body: str) -> bytes:
    cleaned = re.sub(r"[^A-Za-z0-9+/]", "", body)
    cleaned = (
        cleaned[: len(cleaned) // 4 * 4] if len(cleaned) % 4 == 1 else cleaned + "=" * (-len(cleaned) % 4)
    )
    try:
        return base64.b64decode(cleaned)
    except (binascii.Error, ValueError):
        return b""


def _decoded_word(match: re.Match[str]) -> str:
    charset, kind, data = match[1], match[2].lower(), match[3]
    try:
        if kind == "b":
            raw = _base64(data)
        else:
            raw = quopri.decodestring(data.replace("_", " ").encode("latin-1", "replace"), header=True)
        codecs.lookup(_CHARSETS.get(charset.lower(), charset) or "utf-8")
    except (LookupError, ValueError):
        return match[0]
    return as_text(raw, charset)

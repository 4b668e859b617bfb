"""What failed, to whom, and in whose words? A pasted text or a whole mail becomes ``Parsed``.

The frames are tried from the surest to the weakest: a whole mail, events of an e-mail service, delivery status
fields, log lines, the prose of a bounce, replies, words. See each module's first line.
"""

from dataclasses import replace

from bot.core.model import Catalogue, Frame, Kind, Parsed
from bot.core.parse.clean import one_line, plain, tidy
from bot.core.parse.facts import rejection
from bot.core.parse.finding import Finding
from bot.core.parse.mail import read_mail
from bot.core.parse.mime import as_text, looks_like_mail
from bot.core.parse.msg import MAGIC, words_of
from bot.core.parse.origin import origin_in
from bot.core.parse.paste import read_paste
from bot.core.parse.paste.line import read_line
from bot.core.parse.paste.nearby import with_addresses
from bot.core.parse.paste.passages import passages
from bot.core.program import program_in, program_in_words

TEXT_LIMIT = 64 * 1024
"""Characters of a text that are read; the rest is cut with a notice."""
MAIL_LIMIT = 1024 * 1024
"""Characters of a mail that are read: reports stand at its beginning, the returned message behind them."""
HEAD = 24 * 1024
"""Characters that show whether a text is a whole mail."""


SURE = 0.7
"""From this strength on the form of a text alone makes it a bounce."""


def parse(data: str | bytes, catalogue: Catalogue) -> Parsed:
    """Parse a pasted text or a whole mail, as text or as the bytes of a file.

    Never raises for bad input: what is no bounce gets another kind and no rejections. Both inputs are bounded,
    see ``TEXT_LIMIT`` and ``MAIL_LIMIT``; a cut is said in ``notices``.
    """
    if isinstance(data, str):
        finding = read_line(data)
        if finding is not None:
            return Parsed(
                kind=Kind.BOUNCE,
                rejections=(rejection(finding, catalogue),),
                strength=finding.strength,
                program=program_in_words(data),
            )
        text = tidy(data[: TEXT_LIMIT + 1])
        as_mail = looks_like_mail(text[:HEAD])
        if as_mail and len(data) > TEXT_LIMIT:
            text = tidy(data[: MAIL_LIMIT + 1])
    else:
        as_mail = looks_like_mail(_lines(data[:HEAD].decode("latin-1")))
        if as_mail:
            text = _lines(data[: MAIL_LIMIT + 1].decode("latin-1"))
        else:
            text = tidy(_decoded(data[: MAIL_LIMIT if data.startswith(MAGIC) else 4 * TEXT_LIMIT]))
            as_mail = looks_like_mail(text[:HEAD])
    limit = MAIL_LIMIT if as_mail else TEXT_LIMIT
    notices: tuple[str, ...] = ()
    if len(text) > limit or len(data) > (MAIL_LIMIT if as_mail else 4 * TEXT_LIMIT):
        text = text[:limit]
        notices = (f"The input is long: only its first {limit // 1024} KB were read.",)
    if as_mail:
        findings, kind, strength = read_mail(text)
    else:
        words = plain(text)
        findings, kind, strength = read_paste(words)
        origin = origin_in(words) if findings else None
        if origin is not None:
            findings = [replace(item, origin=item.origin or origin) for item in findings]
    rejections = tuple(rejection(finding, catalogue) for finding in findings)
    if kind is Kind.BOUNCE and not rejections:
        strength = 0.0
    return Parsed(
        kind=kind,
        rejections=rejections,
        strength=strength,
        notices=notices,
        program=program_in(text) if rejections else None,
        passages=()
        if as_mail or kind not in (Kind.BOUNCE, Kind.CHATTER) or strength >= SURE
        else passages(words),
    )


def parse_passage(passage: str, data: str, catalogue: Catalogue) -> Parsed:
    """Parse one of the ``passages`` of a paste as what was pasted; the text around it may name the addresses."""
    words = plain(tidy(data[:TEXT_LIMIT]))
    findings, _, strength = read_paste(passage)
    finding = findings[0] if findings else Finding(text=passage, frame=Frame.WORDS, strength=SURE)
    finding = with_addresses(replace(finding, context=one_line(words)[:1500]), words)
    return Parsed(
        kind=Kind.BOUNCE,
        rejections=(rejection(finding, catalogue),),
        strength=max(strength, SURE),
        program=program_in(words),
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decoded(data: bytes) -> str:
    """The text of a file that is no mail: by its byte order mark or zeros UTF-16, else UTF-8, else Windows-1252."""
    if data.startswith(MAGIC):
        return words_of(data)
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    # UTF-16 without a mark: the high bytes of Latin letters are zero.
    head = data[:400]
    for name, high, low in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if high.count(0) > 0.9 * len(high) and not low.count(0):
            return data.decode(name, "replace")
    return as_text(data, None)


__all__ = ["MAIL_LIMIT", "SURE", "TEXT_LIMIT", "parse", "parse_passage"]

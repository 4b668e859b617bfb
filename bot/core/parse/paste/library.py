"""What do programs that send mail report that a server said?"""

import re
from dataclasses import replace
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.clean import one_line
from bot.core.parse.finding import MOST_RECIPIENTS, Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.paste.nearby import ADDRESS, with_addresses
from bot.core.parse.reply import find_replies, words_from
from bot.core.parse.signs import source
from bot.core.parse.torn import python_words


def refused_recipients(text: str) -> list[Finding]:
    """What Python's smtplib reports: a dictionary of recipients with code and words each."""
    if "@" not in text or "':" not in text or (source.CODE.search(text) and not source.TRACE.search(text)):
        return []
    return [
        Finding(
            text=f"{match[2]} {python_words(match[5], of_bytes=bool(match[3]))}",
            frame=Frame.REPLY,
            strength=0.95,
            recipient=match[1],
        )
        for match in islice(_REFUSED.finditer(text), MOST_RECIPIENTS)
    ]


_REFUSED = lazy_re(
    r"['\"]([^'\"\s]{1,320}@[^'\"\s]{1,255})['\"]:\s*\(([45]\d\d),\s*(b?)(['\"])(.{1,2000}?)\4\)",
    re.S,
)


def failed_recipients(text: str) -> list[Finding]:
    """What PHPMailer reports of several recipients: addresses alone, or each with what the server said."""
    if "@" not in text or "ailed:" not in text:
        return []
    begun = _FAILED.search(text)
    if begun is None:
        return []
    where = _WHERE.search(text, begun.end())
    rest = text[begun.end() : where.start() if where else begun.end() + 8000]
    named = list(islice(_FAILED_ONE.finditer(rest), MOST_RECIPIENTS))
    if len({match[1].lower() for match in named}) < 2:
        return []
    replies = find_replies(text)
    shared = replies[-1].text if replies else "The following recipients failed"
    ends = [match.start() for match in named[1:]] + [len(rest)]
    found: dict[str, Finding] = {}
    for match, end in zip(named, ends, strict=True):
        words = one_line(rest[match.end(2) if match[2] else match.end() : end]).strip(" ,;")
        found.setdefault(
            match[1].lower(),
            Finding(
                text=words if len(words) > 3 else shared,
                frame=Frame.REPORT,
                strength=0.95,
                recipient=match[1],
                context=one_line(text)[:1500],
            ),
        )
    return list(found.values())


_FAILED = lazy_re(r"\brecipients? (?:have |has )?failed: ?", re.I)
_FAILED_ONE = lazy_re(
    r"(?<![<\w.@+-])([^\s<>:,;()\"'@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?=(: )|[ \t]{0,4}(?:[,;\n]|\Z))"
)
_WHERE = lazy_re(
    r" in /\S{1,200}(?::\d|(?: on)? line \d)|\n\s*\n|\n(?=#\d|Stack trace)|SMTP (?:server error|code):"
)


def told_by_a_client(text: str) -> list[Finding]:
    """What programs say that a server said, in frames of their own."""
    said = host = None
    if "{LED=" in text:
        match = _LAST_ERROR.search(text)
        if match:
            said, named = match[1], _LAST_HOST.search(text)
            host = named[1] if named else None
    elif any(hint in text for hint in _TOLD_HINTS):
        match = _TOLD.search(text)
        if match and (not source.CODE.search(text) or source.TRACE.search(text)):
            said = words_from(text, match.end())
            advice = _ADVICE.search(said)
            said = said[: advice.start()] if advice else said
    if not said or len(said) < 3:
        return []
    finding = Finding(
        text=said,
        frame=Frame.REPLY,
        strength=0.95,
        host=host or remote_host(text),
        context=one_line(text)[:1500],
    )
    traced = _TRACED_ROW.search(text) if "{LED=" in text else None
    if traced:
        finding = replace(finding, sender=traced[1].lower(), recipient=traced[2].lower())
    return [with_addresses(finding, text)]


# Exchange's message trace: `[{LED=550 no such user};{MSG=};{FQDN=mx.example.org};{IP=192.0.2.1};{LRT=…}]`
_LAST_ERROR = lazy_re(r"\{LED=([45].{2,2000}?)\}\s{0,3}(?:;\s{0,3}\{|\]|$)", re.M | re.S)
_LAST_HOST = lazy_re(r"\{(?:FQDN|IP)=([^\n{};]{1,255})\}")


# Thunderbird, and .NET, which puts its own words for the code before it
_TOLD = lazy_re(
    r"(?:\bSMTP \w{1,20}\(\) command failed|[Tt]he\s+server\s+response\s+was|mail\s+server\s+responded|Mail-?Server antwortete|serveur de messagerie a répondu|"
    r"servidor de correo respondió|server di posta ha risposto|[Ss]erver antwortete|[Ss]erveur (?:e-mail |de courrier )?a répondu|[Ss]ervidor (?:de correo )?(?:respondió|ha respondido)|"
    r"Odpowiedź serwera(?: poczty)?|[Ss]unucu(?:nun|sunun) yanıtı) ?:[ \t]*\n?"
)
_TOLD_HINTS = (
    "() command failed",
    "response was",
    "response\nwas",
    "server\nresponse",
    "responded",
    "antwortete",
    "répondu",
    "respondió",
    "respondido",
    "risposto",
    "Odpowiedź serwera",
    "nun yanıtı",
)
_ADVICE = lazy_re(
    r"\s+(?:Please (?:check|verify) |Bitte |Veuillez |Verifique |Compruebe |Proszę |Sprawdź |Lütfen |at [\w.]{1,80}\.[\w.<>`]{1,80}\(|at \S{1,200} line \d|--->)"
)
"""What follows the words of the server on the same line: advice, or where the program was."""
_TRACED_ROW = lazy_re(rf"({ADDRESS})\"?,\"?({ADDRESS})\"?,")
"""A row of Exchange's message trace: its columns are the time, the sender, the recipient, the subject, the status."""

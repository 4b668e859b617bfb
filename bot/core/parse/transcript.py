"""Which recipients did a server refuse in an SMTP conversation? Transcripts of sendmail, swaks, telnet and mail libraries."""

import re
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.facts import HOST_PATTERN
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.sparse import SparseRe

_COMMAND = lazy_re(
    r"^(?:[A-Z][a-z]{2}\s)?[^A-Za-z\n]{0,40}(?:(?:c|client|s|server|out|send|sent|smtp|debug|info|write|connection)\b[^A-Za-z\n]{1,8}){0,3}(?P<verb>MAIL\s+FROM|RCPT\s+TO)\s*:?\s*<?(?P<a>[^<>\s]{0,320}@[^<>\s]{1,255}|)>?(?:\s|$|['\"\\])"
    r"|^\W{0,12}(?:[A-Za-z>~*-]{0,8}[ :>]+)?(?P<other>EHLO|HELO|DATA|AUTH|STARTTLS|QUIT|RSET|LHLO|BDAT)\b",
    re.I,
)
_ANSWER = lazy_re(
    r"^(?P<lead>.{0,60}?(?:<<<|<-{1,3}|<~\*{0,2}|<\*\*|<<|<=|\bS:|server(?:\s*->\s*client)?:|←|response:|reply:|recv:|received:|\bin:)\s*|\W{0,4})"
    r"\[?['\"b]{0,2}(?P<code>[2345]\d\d)\]?(?P<rest>[ -].*|$)",
    re.I,
)
_TALKING = lazy_re(
    rf"(?:talking to|connected to|connecting to|=== trying|trying)\s+(?P<h>{HOST_PATTERN}|[0-9.]{{7,15}})|^.{{0,20}}\b220[ -](?P<g>{HOST_PATTERN})\s"
    rf"|--?(?:host|server|s)[ =]+['\"]?(?P<o>{HOST_PATTERN})",
    re.I,
)
_OPTION_TO = lazy_re(r"--?(?:to|t|rcpt)[ =]+['\"]?<?([^\s'\"<>,]+@[^\s'\"<>,]+)", re.I)
_OPTION_FROM = lazy_re(r"--?(?:from|f|sender)[ =]+['\"]?<?([^\s'\"<>,]+@[^\s'\"<>,]+)", re.I)
_LOCAL = lazy_re(
    r"^\s{0,6}(?P<code>[45]\d\d)[ -](?:(?P<s>[45]\.\d{1,3}\.\d{1,3})\s)?<?(?P<a>[^<>\s]+@[^<>\s]+?)>?\.\.\.\s*(?P<rest>.+)$"
)
_LABELLED = lazy_re(r"^\W{0,12}recipient(?: address)?:\s*<?([^<>\s]+@[^<>\s]+?)>?\s*$", re.I)
_HINT = SparseRe(r"\b(?:RCPT\s+TO|MAIL\s+FROM)\b|transcript of", re.I)
_NAMED = lazy_re(r"[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?<([^<>\s]+@[^<>\s]+)>")
"""An answer that begins with the recipient it is about: answers to commands sent in one go come late."""
_OF_SENDER = lazy_re(r"sender|mail from|not owned", re.I)
_NO_RECIPIENT = lazy_re(r"no valid recipients?|need rcpt|valid rcpt command", re.I)
_PROGRAM = lazy_re(r"[ \t]{0,8}([\w./-]{2,60}: [^\n]{4,300})")
"""What a program that stores mail says of itself: ``mail.local: /var/mail/jo: Disc quota exceeded``."""
_EMPTY = lazy_re(r"remote protocol error|service unavailable|message delivery refused", re.I)


def read_transcript(text: str) -> list[Finding]:
    """Return a Finding for each recipient that a conversation shows refused; empty when the text holds none."""
    if ",<," in text or "OutboundConnection" in text:
        text = _EXCHANGE.sub(_exchange_line, _IIS.sub(_iis_line, text))
    if not _HINT.search(text):
        return []
    host = sender = recipient = None
    verb = ""
    named = _OPTION_TO.search(text)
    asked = [named[1].lower()] if named else []
    found: dict[str | None, Finding] = {}
    last: Finding | None = None
    if text.count('","') > 2:  # a list of strings in JSON
        text = text.replace('","', '"\n"')
    lines = text.split("\n")[:3000]
    number = 0
    named = _OPTION_FROM.search(text)
    if named:
        sender = named[1].lower()
    while number < len(lines):
        line = lines[number][:2000]
        number += 1
        labelled = _LABELLED.match(line) if "@" in line else None
        if labelled:
            asked.append(labelled[1].lower())
        talking = _TALKING.search(line)
        if talking:
            host = talking["h"] or talking["g"] or talking["o"] or host
            recipient, verb = None, verb if talking["g"] else ""
        local = _LOCAL.match(line)
        if local and not verb.startswith("rcpt"):
            _add_local(found, local, host, sender, last, lines[number - 2] if number > 1 else "")
            continue
        answer = _ANSWER.match(line)
        if answer and verb and answer["code"][0] in "45":
            rest = [answer["code"] + answer["rest"].rstrip("'\"")]
            while answer["rest"].startswith("-") and number < len(lines):
                following = _ANSWER.match(lines[number][:2000])
                if not following or following["code"] != answer["code"]:
                    break
                rest.append(following["code"] + following["rest"])
                answer = following
                number += 1
            address = recipient if verb.startswith("rcpt") else (asked[-1] if asked else None)
            named = _NAMED.match(rest[0])
            if named and not verb.startswith("mail") and not _OF_SENDER.search(rest[0]):
                address = named[1].lower()
            if address in found and (answer["code"] == "503" or _NO_RECIPIENT.search(" ".join(rest))):
                verb = ""
                continue  # the recipient was refused before: DATA has nobody left
            last = Finding(
                text=" ".join(rest),
                frame=Frame.REPLY,
                strength=1.0,
                recipient=address,
                sender=sender,
                host=host,
            )
            found[address] = last
            verb = ""
            continue
        command = _COMMAND.match(line)
        if command and not answer:
            verb = (command["verb"] or command["other"]).lower()
            if verb.startswith("mail"):
                sender = command["a"].lower() or sender
            elif verb.startswith("rcpt"):
                recipient = command["a"].lower() or None
                if recipient:
                    asked.append(recipient)
    if None in found and len(found) > 1:
        del found[None]
    if any(item.host is None and item.frame is Frame.REPLY for item in found.values()):
        host = remote_host(text)  # named before or behind the conversation
        if host:
            return [
                replace(item, host=item.host or host) if item.frame is Frame.REPLY else item
                for item in found.values()
            ]
    return list(found.values())


_EXCHANGE = lazy_re(
    r"^[^\n,]{0,40}\d\d:\d\d:\d\d[^\n,]{0,10},(?:[^\n,]{0,80},){3,4}([0-9a-f.:\[\]]{7,50}:\d+),([<>]),([^\n]*?),?[ \t]*$",
    re.I | re.M,
)
"""A line of the protocol log of Exchange's connectors: the two ends, the direction and what was said."""


def _exchange_line(match: re.Match[str]) -> str:
    mark = "<-" if match[2] == "<" else "->"
    return (
        f"{mark} {match[3]}"
        if not match[3].startswith("220")
        else f"=== Connected to {match[1].rpartition(':')[0]}\n{mark} {match[3]}"
    )


_IIS = lazy_re(
    r"^[^\n]{0,40}? ([0-9a-f.:]{7,45}) OutboundConnection(Command|Response) \S+ \S+ \S+ \d+ (\S+) \S+ (\S+)[^\n]*$",
    re.I | re.M,
)
"""A line of the log of the SMTP service of Windows: of a command the verb and the rest, of a response its words with
a plus for each space."""


def _iis_line(match: re.Match[str]) -> str:
    if match[2].lower() == "response":
        return f"<- {match[4].replace('+', ' ')}"
    begun = f"=== Connected to {match[1]}\n" if match[3].upper() == "MAIL" else ""
    return f"{begun}-> {match[3]} {match[4].lstrip('+')}"


def _add_local(
    found: dict[str | None, Finding],
    local: re.Match[str],
    host: str | None,
    sender: str | None,
    last: Finding | None,
    before: str,
) -> None:
    """Add what the reporting sendmail itself says about a recipient: the remote reply before it counts more.

    So does the line ``before`` it, where a program that was to store the mail gives its reason there.
    """
    address = local["a"].lower()
    if address in found:
        return
    said = last is not None and last.recipient is None and last.text[:3]
    remote = said and (said == local["code"] or _EMPTY.match(local["rest"]))
    text = last.text if remote and last else local[0].strip()
    program = _PROGRAM.match(before) if not remote and _EMPTY.match(local["rest"]) else None
    if program:
        text = f"{local['code']} {program[1]}"
    found[address] = Finding(
        text=text,
        frame=Frame.REPORT,
        strength=1.0,
        recipient=address,
        sender=sender,
        host=host if remote else None,
    )

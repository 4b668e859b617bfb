"""Which recipients failed, by a pasted text, and how surely does its form say that mail failed?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse import signs
from bot.core.parse.clean import one_line
from bot.core.parse.dsn import read_status
from bot.core.parse.event import read_events
from bot.core.parse.facts import HOST_PATTERN, addresses, first_address
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.log import read_log
from bot.core.parse.reply import BASIC_CODES, Reply, find_replies, find_status, met, words_from
from bot.core.parse.report import ADDRESSED, SENT_BY, read_report, reason, without_expansion
from bot.core.parse.sending import could_not_send
from bot.core.parse.spelling import well_spelled
from bot.core.parse.table import read_csv
from bot.core.parse.torn import python_words
from bot.core.parse.transcript import read_transcript

MOST_RECIPIENTS = 500
"""Recipients of one report that are read."""

_BARE = lazy_re(r"\s*([45]\d\d)(?!\s*[=|→])(?:[ -](?:\d\.\d{1,3}\.\d{1,3}[ :])?)[^\n`]{3,2000}\s*\Z")
_FIELDS = lazy_re(r"^[ \t]*(?:final-recipient|original-recipient|diagnostic-code)[ \t]*:", re.I | re.M)
_TO = lazy_re(
    r"(?:RCPT TO:|\brecipient:(?=\s?<)|\bto=|\bto = (?=[\"'<])|--to[ =]|-t |\be-?mail to:|['\"](?:to|recipient|rcpt|rcpt_to|to_email)['\"]\s?:\s?\[?)\s*['\"]?<?([^\s<>'\"]+@[^\s<>'\"]+?)>?(?=[\s:,;'\"]|$)",
    re.I,
)
_FROM = lazy_re(
    r"(?:MAIL FROM:|\bfrom=|\bfrom = (?=[\"'<])|--from[ =]|-f |['\"](?:from|sender|from_email|mail_from)['\"]\s?:\s?(?:['\"][^\n<>@\"]{0,80}(?=<))?|\be-?mail from:(?:[^\n<>@]{0,80}(?=<))?)\s*['\"]?<?([^\s<>'\"]+@[^\s<>'\"]+?)>?(?=[\s:,;'\"]|$)",
    re.I,
)
_REFUSED_SENDER = lazy_re(r"SMTPSenderRefused: \([^\n]{0,600}?, '([^\s']+@[^\s']+)'\)")
_DOMAIN = lazy_re(
    rf"\b(?:to|for|at|an|zu)\s+(?:a|an|any|all|some|the|one|eine|einer|alle)?\s*({HOST_PATTERN})[\s-]+(?:e-?mail[\s-]?)?"
    r"(?:address|recipient|mailbox|account|user|adress|empfänger|postf)",
    re.I,
)


def read_line(text: str) -> Finding | None:
    """Read a bare one-line reply, the commonest input of bulk work, in a short way. None for anything else."""
    if len(text) > 2000 or not _BARE.match(text):
        return None
    if "`" in text or "|" in text or "<mailto:" in text or "<http" in text or not text.isascii():
        return None
    if "&" in text and ";" in text:
        return None  # an entity, perhaps: &lt;
    status = find_status(text) is not None
    if not status and text.lstrip()[:3] not in BASIC_CODES:
        return None
    strength = signs.line_strength(text.lstrip(), status)
    return Finding(text=text, frame=Frame.REPLY, strength=strength) if strength else None


def read_paste(text: str) -> tuple[list[Finding], Kind, float]:
    """Return the findings of a cleaned paste, its kind, and how surely the form alone says that it is a bounce."""
    text = without_expansion(text)
    if signs.pattern(text) or signs.has_literals(text[:_NEAR]):
        return [], Kind.CHATTER, 0.0
    found, kind = sure_forms(text)
    if kind is not None:
        return found, kind, max((item.strength for item in found), default=0.0)
    return _prose(text)


def sure_forms(text: str) -> tuple[list[Finding], Kind | None]:
    """Read the forms that only machines write. The kind is None when the text holds none of them."""
    events, kind = read_events(text)
    if events:
        return events, Kind.BOUNCE
    if kind:
        return [], kind
    if _FIELDS.search(text):
        fields = _fields(text)
        if fields is not None:
            return fields, Kind.BOUNCE if fields else Kind.RECEIPT
    found = [] if signs.has_literals(text) else read_csv(text) or read_log(text)
    if found:
        return found, Kind.BOUNCE
    found = _refused_recipients(text) or _failed_recipients(text) or _told_by_a_client(text)
    if found:
        return found, Kind.BOUNCE
    found = read_transcript(text)
    if found:
        named = any(item.recipient for item in found)
        return found if named else read_report(text, 1.0) or found, Kind.BOUNCE
    if "status=sent" in text and all(
        "status=sent" in line for line in text.split("\n") if line.strip(" \t`")
    ):
        return [], Kind.RECEIPT  # whatever happened before it was sent
    if signs.FEEDBACK.search(text):
        return [], Kind.FEEDBACK_REPORT
    return [], None


_REFUSED = lazy_re(
    r"['\"]([^'\"\s]{1,320}@[^'\"\s]{1,255})['\"]:\s*\(([45]\d\d),\s*(b?)(['\"])(.{1,2000}?)\4\)",
    re.S,
)


def _refused_recipients(text: str) -> list[Finding]:
    """What Python's smtplib reports: a dictionary of recipients with code and words each."""
    if "@" not in text or "':" not in text:
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


_FAILED = lazy_re(r"\brecipients? (?:have |has )?failed: ?", re.I)
_FAILED_ONE = lazy_re(
    r"(?<![<\w.@+-])([^\s<>:,;()\"'@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?=(: )|[ \t]{0,4}(?:[,;\n]|\Z))"
)
_WHERE = lazy_re(
    r" in /\S{1,200}(?::\d|(?: on)? line \d)|\n\s*\n|\n(?=#\d|Stack trace)|SMTP (?:server error|code):"
)


def _failed_recipients(text: str) -> list[Finding]:
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


def _told_by_a_client(text: str) -> list[Finding]:
    """What programs say that a server said, in frames of their own."""
    said = host = None
    if "{LED=" in text:
        match = _LAST_ERROR.search(text)
        if match:
            said, named = match[1], _LAST_HOST.search(text)
            host = named[1] if named else None
    elif any(hint in text for hint in _TOLD_HINTS):
        match = _TOLD.search(text)
        if match and (not signs.CODE.search(text) or signs.TRACE.search(text)):
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
    return [_with_addresses(finding, text)]


_INDENTED = lazy_re(
    r"^[ \t]+(?=(?:(?:Final|Original)-Recipient|Action|Status|Diagnostic-Code|(?:Remote|Reporting|Received-From)-MTA|"
    r"Original-Envelope-Id|DSN-Gateway|Last-Attempt-Date|Arrival-Date|Will-Retry-Until|Final-Log-ID|X-[A-Za-z-]{2,40}) ?:)",
    re.I | re.M,
)
"""Delivery status fields (RFC 3464) that a chat or a person moved in; other words with a colon may be folded."""


_FIELD_LINE = lazy_re(r"[A-Za-z][A-Za-z-]{2,40} ?:")


def _refolded(text: str) -> str:
    """Delivery status fields with white space before each line that goes on: a mail program has wrapped them anew."""
    lines = text.split("\n")
    inside = False
    for number, line in enumerate(lines):
        if _FIELD_LINE.match(line):
            inside = line[:16].lower() == "diagnostic-code:"
        elif inside and line.strip():
            lines[number] = " " + line
        else:
            inside = False
    return "\n".join(lines)


def _fields(text: str) -> list[Finding] | None:
    """Delivery status fields in a paste, with the prose around them. None when they hold nothing."""
    start = _FIELDS.search(text)
    if not start:
        return None
    statuses = read_status(_refolded(_INDENTED.sub("", text)))
    done = [item for item in statuses if item.action in ("delivered", "relayed", "expanded")]
    failed = [item for item in statuses if item not in done and (item.recipient or item.diagnostic)]
    if not failed:
        return [] if done else None
    found = []
    before = text[: start.start()]
    if len(before.strip()) <= 60 and not any(item.diagnostic for item in failed):
        before = text  # the prose stands behind
    prose = read_report(before, 1.0) if len(before.strip()) > 20 else []
    context = one_line(text[:4000])[:1000]
    for item in failed[:MOST_RECIPIENTS]:
        twin = next((one for one in prose if one.recipient == (item.recipient or "").lower()), None)
        words = item.diagnostic or (twin.text if twin else "") or (prose[0].text if len(prose) == 1 else "")
        found.append(
            Finding(
                text=words or item.comment,
                frame=Frame.DSN,
                strength=1.0,
                recipient=item.recipient,
                sender=item.sender,
                host=item.remote or (twin.host if twin else None) or remote_host(words),
                status=item.status,
                context=context,
                delayed=item.action == "delayed",
            )
        )
    return found


def _prose(text: str) -> tuple[list[Finding], Kind, float]:
    replies = [
        reply for reply in find_replies(text) if reply.code in BASIC_CODES or reply.status or reply.shown
    ]
    head = text[:_HEAD]
    other = _other_kind(head, replies)
    if other is not None:
        return [], other, 0.0
    # Beside a reply, a report's own sentences count only where they may name recipients.
    bare = _exim_block(head) if not replies and head[:400].count("@") else None
    if bare:
        return _weighed([bare])
    report = _report_in(head) if "@" in head or not replies else None
    addressed = ADDRESSED.search(head) is not None and signs.FAILURE.search(head) is not None
    addressed = addressed or (signs.RECEIPT.search(head) is not None and _contradicted(head))
    several = _by_recipient(replies) if len(replies) > 1 and not addressed else []
    status = find_status(text) if not replies else None
    if status and report and _begins(head, status) and report.start() > status.start():
        report = None  # the words are the reply's own
    if "@" in head and not several and (report or replies or addressed):
        found = read_report(head, 0.0, anchored=not report and not addressed)
        found = [item if item.sender else replace(item, sender=_sender_in(head)) for item in found]
        if found:
            strength = 0.95 if any(reply.leads or reply.framed for reply in replies) else 0.8
            own = _OPENED.search(head)
            strength -= 0.7 * signs.is_program(head[:_NEAR]) if own else signs.doubt(head[:_NEAR])
            strength -= 0.7 if _strings(replies) or (replies and _proposed(text, replies[0])) else 0.0
            whole = signs.reports(head) or _machine(head) or signs.OPENING.search(head)
            if report and not replies and not whole and not _stands_alone(head, report.start()):
                strength -= 0.4
            return _weighed([replace(item, strength=strength) for item in found])
    if replies:
        reply, strength = _best(replies)
        around = text[max(0, reply.start - _NEAR) : reply.end + _NEAR]
        alone = not (text[: reply.start] + text[reply.end :]).strip(" \t\n>'\"`")
        if alone and signs.fails(reply.text):
            strength = max(strength, 0.75)
        told = reply.framed and met(text, reply.start, reply.start + 3)
        if strength >= 0.65 and (told or signs.LIBRARY.search(around)):
            strength += 0.1
        doubt = signs.doubt(around)
        if strength - doubt < 0.7 and not reply.shown:
            failed = could_not_send(around)
            if failed and (_CODE_ALONE.fullmatch(reply.text) or signs.counts(reply.text)):
                return _weighed(
                    [_with_addresses(Finding(text=failed, frame=Frame.WORDS, strength=0.8), around)]
                )
            if failed:
                strength, doubt = max(strength, 0.8), 0.0
        strength -= doubt
        strength -= 0.7 if _documented(text, replies) else _listed(replies)
        if not reply.status and signs.of_files(reply.text) and (alone or not signs.MAIL.search(around)):
            strength -= 0.6
        if _proposed(text, reply):
            strength -= 0.7
        if not reply.status and not alone and not signs.MAIL.search(around):
            strength -= 0.15 if _set_apart(text, reply) else 0.3
        talk = (
            0.0
            if reply.shown
            else 0.4 * signs.asks(reply.text)
            + 0.3 * signs.judges(reply.text)
            + 0.6 * signs.counts(reply.text)
        )
        # Where nothing else stands in the text, only the words can tell: a known wording is no question.
        strength = max(strength - talk, min(strength, 0.3) if alone else 0.0)
        return _weighed([_from_reply(item, text, strength) for item in several or [reply]])
    if status:
        around = text[max(0, status.start() - _NEAR) : status.end() + _NEAR]
        doubt = signs.doubt(around)
        if _begins(text, status) and signs.FTP.search(around):
            doubt = max(0.0, doubt - 0.6)  # FTP has no such codes: a mail server speaks of files, too
        return _status_words(around, find_status(around) or status, doubt)
    return _words(head, report, signs.doubt(head[:_NEAR]))


_BLOCK = lazy_re(
    r"\s*<?([^\s<>@:]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>?:?[ \t]*\n[ \t]{3,}(\S[^\n]{7,400}(?:\n[ \t]{3,}\S[^\n]{0,400}){0,6})\s*\Z"
)


def _exim_block(text: str) -> Finding | None:
    """A recipient alone on its line and, moved in, what Exim says of it: people do not write so."""
    match = _BLOCK.match(text)
    if match is None or signs.asks(match[2]) or signs.chatty(match[2]):
        return None
    return Finding(
        text=one_line(match[2]),
        frame=Frame.REPORT,
        strength=0.75,
        recipient=match[1],
        context=one_line(text)[:1500],
    )


_OPENED = lazy_re(
    r"^[ \t>]*(?:Hi\. This is the qmail-send program at |This is the (?:mail system at host|Postfix program at host) |"
    r"This message was created automatically by mail delivery software|The original message was received at \w)",
    re.M,
)
"""The first words of a mail server's own report: what it tells of files or LDAP is no answer of FTP, nor of LDAP."""


def _set_apart(text: str, reply: Reply) -> bool:
    """Whether a reply with a failure in it stands by itself in a block or a quotation: pasted, not talked about."""
    before, behind = text[: reply.start].rstrip(" \t"), text[reply.end :].lstrip(" \t")
    marked = before[-1:] == "`" == behind[:1]
    block = (not before or before.endswith("\n\n")) and (not behind.strip() or behind.startswith("\n\n"))
    return (marked or block) and signs.FAILURE.search(reply.text) is not None


def _report_in(text: str) -> re.Match[str] | None:
    """Where a report's own sentence stands: at the start of a line rather than in chatter before it."""
    first = None
    if "\n" in text:
        text = _WRAPPED.sub(" ", text)
    for match in islice(signs.REPORT.each(text), 8):
        if _stands_alone(text, match.start()):
            return match
        first = first or match
    return first


_WRAPPED = lazy_re(r"(?<=[a-z,])\n(?=[a-z])")
"""Where a sentence goes on in the next line; the text keeps its length."""
_HEAD = 12_000
"""Characters in which a report's own sentences are looked for."""
_NEAR = 1500
"""Characters around a reply that say what it belongs to."""


def _status_words(text: str, status: re.Match[str], doubt: float) -> tuple[list[Finding], Kind, float]:
    """Words with a status code and no reply code: ``5.7.1 <x>: Sender address rejected``, ``no mailbox here (#5.1.1)``."""
    begin = text.rfind("\n", 0, status.start()) + 1
    line = text[begin:].partition("\n")[0]
    before = text[begin : status.start()].strip()
    behind = text[status.end() :].partition("\n")[0]
    line = _ASKED.sub("", line)
    leads = _begins(text, status)
    words = text[status.start() :].partition("\n\n")[0] if leads and len(behind) > 8 else line
    if leads and not before and text.count("`", 0, status.start()) % 2:
        words = words.partition("`")[0]  # what quotes the reply stands on the line before
    if leads and before[-1:] in ("'", '"', "`"):
        words = re.split(before[-1] + r"(?!\w)", words, maxsplit=1)[0]
    closing = before.endswith("(#") or before.endswith("#")
    opened = text.rfind('"', begin, status.start())
    if behind[:1] == '"' and text.count('"', begin, status.start()) % 2 and not leads:
        quotation = text[opened + 1 : status.end()]
        if signs.fails(quotation):
            closing, words = True, quotation
    strength = (0.55 if leads or closing else 0.4) if signs.MAIL.search(text) else 0.3
    if signs.fails(line) and ((leads and len(behind) > 8) or closing):
        strength += 0.2
    if (
        signs.asks(line)
        or _VERSION.search(before)
        or _VERSION_AFTER.match(behind)
        or _ARTICLE.search(before)
        or _PROPOSES.search(before[-80:])
        or "RFC " in before
        or (leads and not before and signs.PROPOSAL.search(text[:begin].rstrip().rpartition("\n")[2]))
    ):
        strength -= 0.4
    if _EXPLAINED.match(behind):
        strength -= 0.75
    if _SPOKEN_OF.match(behind):
        strength -= 0.4
    if len(set(_STATUS_LINES.findall(text))) > 2 or _ROW.search(line):
        strength -= 0.5  # a list or a table of codes
    return _weighed(
        [
            _with_addresses(
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


def _begins(text: str, status: re.Match[str]) -> bool:
    """Whether a status code begins its line, or a quotation in it."""
    before = text[text.rfind("\n", 0, status.start()) + 1 : status.start()].strip()
    return not before or before[-1] in "'\"`(:;"


_ARTICLE = lazy_re(r"\b(?:an?|the|any|every|each|some|eine?|une?|un)$", re.I)
_STATUS_LINES = lazy_re(r"^\W{0,6}([45]\.\d{1,3}\.\d{1,3})\b", re.M)
_ROW = lazy_re(r"^[ \t]*\|?[ \t]*[45]\.\d{1,3}\.\d{1,3}[ \t]*\|[^\n|]*\|")
"""A row of a table."""
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
_VERSION_AFTER = lazy_re(
    r"\W*(?:update|release|version|branch|upgrade|build|patch|tag|section|paragraph|deploy|is out|was released)",
    re.I,
)


def _words(text: str, report: re.Match[str] | None, doubt: float) -> tuple[list[Finding], Kind, float]:
    """Words without any code: weak, unless they are a report's own sentences."""
    if len(text) < _TYPED_OFF:
        spelled = well_spelled(text)
        if spelled != text:
            text, report = spelled, _report_in(spelled)
    told = report is not None and _stands_alone(text, report.start())
    if report and told:
        paragraph = _paragraph(text, report.start())
        strength = 0.65
        if not signs.chatty(text[: report.start()]):
            strength += (
                0.3 if signs.chatty(text) else 0.0
            )  # the report itself may say "you"; the words around it do not
    else:
        paragraph = text.strip()
        if len(paragraph) > 1000:
            paragraph = _paragraph(text, report.start()) if report else paragraph.partition("\n\n")[0]
        strength = (
            0.45 if len(text) < 300 and signs.mechanical(text) else 0.4 if signs.MAIL.search(text) else 0.3
        )
    strength -= doubt + (0.25 if signs.chatty(text) else 0.0)
    documented = (
        _counted(text[:_NEAR])
        or signs.DOCUMENTS.search(text[:_NEAR]) is not None
        or len(_GLOSSED.findall(text[:_NEAR])) > 1
    )
    if strength >= 0.3 and documented:
        strength -= 0.3
    if not report and (signs.FIELDS.search(text) or len(set(_ENDED.findall(text))) > 1):
        strength -= 0.5
    machine = _machine(text)
    failed = None if machine or told else could_not_send(text)
    shown = None if machine or failed or doubt or told or documented else _shown(text)
    opened = None if documented or signs.is_program(text[:_NEAR]) else signs.OPENING.search(text[:_NEAR])
    if opened and not machine:
        strength, paragraph = max(strength, 0.8), reason(text[opened.start() : opened.start() + 4000])
    if not (failed or machine or told or opened) and (
        doubt >= _ELSEWHERE or signs.of_any_program(text[:_NEAR])
    ):
        strength = 0.0
    if failed:
        strength, paragraph = max(strength, 0.8), failed
    elif machine:
        strength = max(strength, 0.8)
        line = text[text.rfind("\n", 0, machine.start() + 1) + 1 :].partition("\n\n")[0]
        paragraph = line if len(line) > 20 else paragraph
    elif (
        len(text) < 400
        and not text.rstrip().endswith("?")
        and signs.reports(text)
        and not (doubt or documented)
    ):
        strength = max(strength, 0.6)
    elif shown:
        paragraph = shown
        named = signs.LIBRARY.search(text) or signs.COMMAND.search(text)
        strength = max(strength, 0.6 if named else 0.5)
    if strength < 0.1 and len(text) > 400:
        return [], Kind.CHATTER, 0.0
    finding = Finding(
        text=one_line(paragraph)[:1500],
        frame=Frame.WORDS,
        strength=strength,
        host=remote_host(text),
        delayed=signs.is_delay(paragraph),
        context=one_line(text)[:1500],
    )
    return _weighed([_with_addresses(finding, text)])


def _machine(text: str) -> re.Match[str] | None:
    """A sentence that only machines say, where nobody asks what it means or proposes it."""
    found = signs.machine_says(text[:_NEAR])
    if found is None or signs.is_program(text[:_NEAR]):
        return None
    begin = text.rfind("\n", 0, found.start() + 1) + 1
    line = text[begin:].partition("\n")[0]
    if signs.discusses(line) or signs.DOCUMENTS.search(text[:_NEAR]):
        return None
    # In a long text it is a phrase in somebody's sentence, perhaps.
    return None if len(text) >= 400 and signs.chatty(text[begin : found.start()]) else found


_TYPED_OFF = 1500
"""Characters that somebody types off a screen at most."""
_ELSEWHERE = 0.4
"""From this doubt on words without a code belong to something else, however well they are known."""
_PASSAGE = 3
"""Lines of a passage that are read."""
_QUOTED = lazy_re(r"`([^`\n]{12,600})|\"([^\"\n]{12,600})\"")
_TOLD_HERE = lazy_re(
    r"(?:\b(?:[Ee]rrors?|says?|said|tells? (?:me|us)|shows?|prints?|logs?|returns?|reads|message|with|refused|reply|response|answers?|responds?|page|reason|gives?|gets?|got|getting|throws?|fails)\b ?: "
    r"|\b(?:throws|gets?|got|getting|says|shows|prints|fails with|failed with) )(?=[A-Z][a-z]|SMTP|TLS|SSL|DATA)"
)
"""What stands before a program's words in somebody's sentence."""
_QUOTED_REPORT = lazy_re(
    r"(?:^|: ?)\"([A-Z][^\n]{30,600})\"[ \t]*(?:$|[-–—,;] {0,2}[^\n\"]{3,100}\?[ \t]*$)", re.M
)
"""A quotation of whole sentences, to the end of its line."""
_QUOTES = lazy_re(
    r"(?:^|\n|: ?|\b(?:errors?|get|gets|got|getting|see|receive[sd]?|says?|said|shows?|throws?|prints?|with|replied|responds?|stopped|keeps? getting) )\s*$"
)
"""What stands before a quotation of what somebody was told."""
_SENTENCE_END = lazy_re(
    r"[.!?] (?=[A-Z])|, (?:any|is|what|why|how|does|but|and) | (?:even though|although|but) |\? "
)
_TRACED = lazy_re(r"[ \t]{1,12}at |#\d|[ \t]*File \"")


def _shown(text: str) -> str | None:
    """What somebody shows who tells that sending mail failed: a program's words, quoted, on lines of their own or in a sentence."""
    text = text[:_HEAD]
    whole = _QUOTED_REPORT.search(text)
    if whole and signs.reports(whole[1]) and not signs.PROPOSAL.search(text):
        return whole[1]
    if not signs.tells_of_sending(text):
        return None
    for begin, end in islice(_passages(text), 20):
        passage = text[begin:end]
        if signs.machine_line(passage) and signs.tells_of_sending(text[:begin] + text[end:]):
            return passage
    return None


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Where a program's words may stand in a text, the surest places first."""
    for match in _QUOTED.finditer(text):
        if _QUOTES.search(text, max(0, match.start() - 40), match.start()):
            yield match.span(1 if match[1] else 2)
    lines = text.split("\n")[:60]
    begin = 0
    for number, line in enumerate(lines):
        if 12 <= len(line) <= 600 and signs.machine_line(line):
            end = begin + len(line)
            for following in lines[number + 1 : number + _PASSAGE]:
                if not following.strip() or _TRACED.match(following) or signs.chatty(following):
                    break
                end += 1 + len(following)
            yield begin, end
        begin += len(line) + 1
    for match in _TOLD_HERE.finditer(text):
        line_end = text.find("\n", match.end())
        ending = _SENTENCE_END.search(text, match.end(), line_end if line_end >= 0 else len(text))
        yield match.end(), ending.start() if ending else line_end if line_end >= 0 else len(text)


_ENDED = lazy_re(r"^[^\w\n]{0,12}(220|221)[ -]\S", re.M)
"""The first and the last answer of a conversation that went well."""


def _weighed(found: list[Finding]) -> tuple[list[Finding], Kind, float]:
    strength = max(0.0, min(1.0, found[0].strength))
    return found, Kind.BOUNCE if strength >= 0.5 else Kind.CHATTER, strength


def _other_kind(text: str, replies: list[Reply]) -> Kind | None:
    """What the words say that it is, where they speak of success or absence and no server's reply stands in them."""
    if any((reply.leads or reply.framed) and reply.status for reply in replies):
        return None
    if signs.RECEIPT.search(text) and not any(reply.framed for reply in replies):
        other = Kind.RECEIPT
    elif signs.AUTO_REPLY.search(text):
        other = Kind.AUTO_REPLY
    else:
        return None
    if other is Kind.RECEIPT and _contradicted(text):
        return None
    return None if signs.REPORT.search(text) else other


def _contradicted(text: str) -> bool:
    """Whether a report says "delivered", and of a recipient why it was not."""
    return any(signs.FAILURE.search(line[1]) for line in islice(_ADDRESS_LINE.finditer(text), 20))


_ADDRESS_LINE = lazy_re(r"^[ \t]*<?[^\s<>@:]{1,64}@[\w.-]{1,255}>?:[ \t]+(\S[^\n]{4,300})", re.M)
"""A recipient, and what is said of it."""


def _listed(replies: list[Reply]) -> float:
    """How much speaks for a list of codes, as documentation has it, rather than for what servers said."""
    if any(len(set(_CODE_AND_WORDS.findall(item.text))) >= 3 and not item.status for item in replies):
        return 0.7
    leading = {item.text for item in replies if item.leads}
    if _strings(replies):
        return 0.7
    if len(leading) >= 4 and not any("@" in item.text for item in replies):
        return 0.7
    if len({item.code for item in replies}) >= 3 and sum(item.framed for item in replies) <= 1:
        return 0.4 if any(item.status for item in replies) else 0.7
    return 0.0


_CODE_ALONE = lazy_re(r"[45]\d\d(?: [45]\.\d{1,3}\.\d{1,3})?\W*")
_CODE_CELL = lazy_re(r"(?:^|[|\"'\s])[ \t]*[45]\d\d[ \t]*\|[^|\n\d]{4,80}\|")
"""A code alone in a cell, and words in the next one."""
_COUNTS = lazy_re(r"^[ \t|]{0,4}[^\W\d_][^\n\d:|]{3,60}\|[ \t]*\d{1,7}(?:[ \t]*%)?[ \t|]*$", re.M)


def _counted(text: str) -> bool:
    """Whether the rows of a table say how often a thing was, or what a code means."""
    if "|" not in text:
        return False
    return _CODE_CELL.search(text) is not None or len(_COUNTS.findall(text)) > 1


_GLOSSED = lazy_re(
    r"(?:\"[^\"\n]{4,200}\"|`[^`\n]{4,200}`|'[^'\n]{4,200}'|【[^【】\n]{2,200}】)\s{0,2}(?:=|—|–|->|→|⇒|means\b|bedeutet\b|heißt\b|signifie\b|significa\b|означает\b)"
)
"""A quotation, and what it means."""
_CONCRETE = lazy_re(r"@|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\d\d:\d\d|\b[0-9A-F]{9,12}:")
"""What a server's own words name, sooner or later: an address, an IP, a time, a queue id."""
_REMEDY = lazy_re(
    r"^\W{0,6}(?:causes?|solutions?|fix|meaning|what (?:it means|to do)|explanation|resolution|how to fix(?: it)?|action|remedy|ursachen?|lösung|bedeutung|cause probable|solución|soluzione)\W{0,4}:",
    re.I | re.M,
)
"""How a manual goes on behind an error."""


def _documented(text: str, replies: list[Reply]) -> bool:
    """Whether a manual lists replies: three different ones that name nothing, or each with its remedy."""
    head = text[:_HEAD]
    if (
        _counted(head)
        or len(_GLOSSED.findall(head)) > 1
        or (signs.DOCUMENTS.search(head) and not _CONCRETE.search(head))
    ):
        return True
    different = len({(reply.code, reply.status) for reply in replies})
    if different < 2:
        return False
    if len(_REMEDY.findall(text[:_HEAD])) >= different:
        return True
    return different > 2 and not _CONCRETE.search(text[:_HEAD])


_CODE_AND_WORDS = lazy_re(r"\b([45]\d\d)(?= [(\w])")


def _strings(replies: list[Reply]) -> bool:
    """Whether several replies stand between quotation marks: strings of a program or a configuration."""
    return len({(item.code, item.status) for item in replies if item.quoted and item.leads}) > 1


_PROPOSES = lazy_re(
    r"\b(?:(?:should|could|would|might|must|shall|ought to|want to|wants? it to|let's|instead of|rather than|support(?:s|ing)? for)\b[^\n.;:]{0,40}"
    r"|\be\.?g\.?\W{0,4}(?:smtp;\s*)?|\bfor example:?\W*(?:\w{1,20}:\s*)?|\bexpected(?:: | (?:a|the)\b)[^\n]{0,40}|\bRFC ?\d{3,5}(?:,? (?:section )?[\d.]{1,8})?\W{0,3}|\b(?:what(?:'s| is| does)|meaning of|explains?|how to fix)\s*['\"`]{0,2}"
    r"|\b(?:no longer|never|don't|doesn't|won't) (?:get|gets|see|sees|receive|receives) (?:an? |the |this )?['\"`]{0,2}|\b(?:will|would|shall|going to|is to|are to) be (?:rejected|refused|bounced|blocked|returned|deferred)\b[^\n.;:]{0,40}"
    r"|\b(?:macro|template|faq|docs?|documentation|wiki|article|manual|readme) (?:says?|reads|shows?|calls? it)\b[^\n.;:]{0,20}"
    r"|\b(?:was (?:bedeutet|heißt)|que (?:signifie|veut dire)|qu[ée] (?:significa|quiere decir)|cosa (?:vuol dire|significa)|o que significa|co oznacza|что (?:значит|означает)|wat betekent)\s*['\"`]{0,2}"
    r"|\b(?:wir|ich) (?:lehnen|weisen|antworten|werden)\b[^\n.;:]{0,60}"
    r"|\b(?:told|tell) (?:her|him|them|the \w{1,20}|\w{1,20}) (?:that )?it(?:'s| is| was)\s*['\"`]{0,2}"
    r"|(?:fix(?:ed|es)?|handles?|retry|retries|maps?|treats?|classif(?:y|ies)|pars(?:e|es|ing)|detects?|recogni[sz]es?|ignores?|expects?|matches|catch(?:es)?|simulates?):?\s*['\"`]{0,2}\s*)$",
    re.I,
)
_IN_GENERAL = lazy_re(
    r"\b(?:(?:if|when|whenever|once) (?:you|they|users?|customers?|people|someone|a \w{1,20}|the \w{1,20}) (?:\w{1,12} )?(?:see|get|receive|read)s?\b|such as|for instance|zum beispiel|z\. ?b\.|par exemple|por ejemplo)[^\n.;]{0,40}$",
    re.I,
)
"""How people speak of replies in general."""
_OWN = lazy_re(r"\b(?:i|we|my|our|us|me|ich|wir|je|nous)\b|\bgetting\b", re.I)
_OF_REPLIES = lazy_re(
    r"['\"`]{1,2}\s*(?:→|=>|->)|['\"`]{1,2} (?:(?:now )?instead of|responses?|replies|reply|codes?|patterns?|rules?|strings?|wordings?|cases?|(?:was|is|were|are|gets?|got) (?:now |not |no longer )?"
    r"(?:treated|handled|meant|counted|classified|mapped|considered|ignored|parsed|retried|recogni[sz]ed|detected)|means?)\b",
    re.I,
)


def _proposed(text: str, reply: Reply) -> bool:
    """Whether people talk about what a server should say, rather than paste what one said."""
    line = text.rfind("\n", 0, reply.start) + 1
    before = text[line : reply.start].strip(" \t>'\"`")
    if signs.PROPOSAL.search(before or text[:line].rstrip().rpartition("\n")[2]):
        return True
    if not before:
        return False
    general = _IN_GENERAL.search(text, max(line, reply.start - 120), reply.start)
    if general and not _OWN.search(text, line, reply.start):
        return True
    return bool(
        _PROPOSES.search(text, max(line, reply.start - 80), reply.start)
        or _OF_REPLIES.match(text, reply.end, reply.end + 40)
    )


def _by_recipient(replies: list[Reply]) -> list[Reply]:
    """The first reply for each recipient that the replies name, where they name several: pastes after one another."""
    named: dict[str, Reply] = {}
    for reply in replies:
        if "@" in reply.text and _weight(reply) >= 0.65:
            recipient = next(
                (address for address, role in addresses(reply.text) if role == "recipient"), None
            )
            if recipient:
                named.setdefault(recipient, reply)
    return list(named.values()) if len(named) > 1 else []


def _best(replies: list[Reply]) -> tuple[Reply, float]:
    weights = [_weight(reply) for reply in replies]
    strength = max(weights)
    return replies[weights.index(strength)], strength


def _weight(reply: Reply) -> float:
    words = len(re.findall(r"[^\W\d_\u2e80-\uffff]{2,}|[\u2e80-\uffff]{2}", reply.text))
    weight = 0.2
    if reply.framed and reply.status:
        weight = 0.95
    elif reply.leads and reply.status:
        weight = 0.9
    elif reply.framed:
        weight = 0.7 if reply.introduced else 0.65
    elif reply.leads:
        weight = (
            0.75
            if signs.FAILURE.search(reply.text) and words >= 2 and signs.MAIL.search(reply.text)
            else 0.65
        )
    elif reply.status:
        weight = 0.4
    return weight if words >= 2 else weight - 0.3


def _from_reply(reply: Reply, text: str, strength: float) -> Finding:
    around = text[max(0, reply.start - 800) : reply.end + 300]
    page = text[max(0, reply.start - 4000) : reply.end + 4000]
    finding = Finding(
        text=reply.text,
        frame=Frame.REPLY,
        strength=strength,
        host=remote_host(around),
        status=reply.status,
        context=one_line(page)[:1500],
    )
    before = _ADDRESS_BEFORE.search(text, max(0, reply.start - 200), reply.start)
    if before and "[" not in reply.text:
        finding = replace(finding, sending_ip=before[1])
    return _with_addresses(finding, page)


_ADDRESS_BEFORE = lazy_re(
    r"\[([0-9a-f.:]{7,45})(?: {1,8}\d{1,2})?\] (?:the ip address|our system|this message)[^\n]{0,100}\n\s*\Z",
    re.I,
)
"""The address that Gmail's replies begin with, where the first code was left off."""


def _with_addresses(finding: Finding, text: str) -> Finding:
    """Addresses around the reply that the reply itself does not name: ``RCPT TO:<x>``, ``to x``."""
    if "@" not in text:
        return replace(finding, recipient_domain=_recipient_domain(text))
    own = {role: address for address, role in reversed(list(addresses(finding.text)))}
    if not (finding.recipient or finding.sender or own):
        both = _FROM_TO.search(text)
        if both:
            return replace(finding, sender=both[1].lower(), recipient=both[2].lower())
    to, sender_match = _TO.search(text), _FROM.search(text) or _REFUSED_SENDER.search(text)
    recipient = finding.recipient or own.get("recipient") or (first_address(to[1]) if to else None)
    sender = finding.sender or own.get("sender") or (first_address(sender_match[1]) if sender_match else None)
    for address, role in addresses(text):
        if role == "sender" and sender is None:
            sender = address
        elif role == "recipient" and recipient is None and address != sender:
            recipient = address
    if recipient == sender:
        recipient = None
    return replace(finding, recipient=recipient, sender=sender)


_ADDRESS = r"[^\s<>@\"',;:|()\[\]]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"
_FROM_TO = lazy_re(rf"({_ADDRESS})>? {{0,3}}(?:→|-{{1,2}}>|=>) {{0,3}}<?({_ADDRESS})")
"""Who wrote to whom, with an arrow between them."""
_TRACED_ROW = lazy_re(rf"({_ADDRESS})\"?,\"?({_ADDRESS})\"?,")
"""A row of Exchange's message trace: its columns are the time, the sender, the recipient, the subject, the status."""


def _sender_in(text: str) -> str | None:
    """The sender that a command, an option or a field around a report names."""
    found = SENT_BY.search(text) or _FROM.search(text) or _REFUSED_SENDER.search(text)
    return first_address(found[1]) if found else None


def _recipient_domain(text: str) -> str | None:
    """A domain that the words around a reply name for the recipient: ``any gmx.example address``."""
    found = _DOMAIN.search(text)
    return found[1].lower() if found else None


def _paragraph(text: str, position: int) -> str:
    start = text.rfind("\n\n", 0, position)
    end = text.find("\n\n", position)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]


def _stands_alone(text: str, position: int) -> bool:
    """Whether the words begin their line, as in a quoted report, rather than stand in a sentence of chatter."""
    line = text.rfind("\n", 0, position) + 1
    before = text[line:position].rstrip(" \t")
    if before.strip(" \t\"'*-:>"):
        if before[-1] not in "\"'":
            return False
        # A quotation in a sentence is a report where it is a whole sentence, not a phrase such as "mailbox full".
        closing = text.find(before[-1], position)
        closing = closing if closing >= 0 else len(text)
        return closing - position > 40 and text[closing - 1] != ":"
    return "\n" in text.strip()

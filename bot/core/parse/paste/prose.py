"""Which replies and reports stand among other words, and how surely were they pasted rather than talked about?"""

import re
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse.clean import one_line
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.paste.codeless import read_words
from bot.core.parse.paste.nearby import sender_in, with_addresses
from bot.core.parse.paste.sending import could_not_send
from bot.core.parse.paste.status import begins, read_status_words
from bot.core.parse.paste.weigh import best, by_recipient, weighed
from bot.core.parse.reply import BASIC_CODES, Reply, find_replies, find_status, met
from bot.core.parse.report import ADDRESSED, read_report
from bot.core.parse.signs import elsewhere, failure, general, kinds, machine, manual, sentences, source, talk
from bot.core.parse.signs.reach import HEAD, NEAR


def read_prose(text: str) -> tuple[list[Finding], Kind, float]:
    """The findings of a text that holds none of the sure forms, its kind, and how surely it is a bounce, from 0 to 1."""
    replies = [
        reply for reply in find_replies(text) if reply.code in BASIC_CODES or reply.status or reply.shown
    ]
    head = text[:HEAD]
    other = kinds.other_kind(head, replies)
    if other is not None:
        return [], other, 0.0
    if not replies and "@" in head[:400]:
        block = _exim_block(head)
        if block:
            return weighed([block])
    # Beside a reply, a report's own sentences count only where they may name recipients.
    report = sentences.report_in(head) if "@" in head or not replies else None
    addressed = ADDRESSED.search(head) is not None and failure.FAILURE.search(head) is not None
    addressed = addressed or (kinds.RECEIPT.search(head) is not None and kinds.contradicted(head))
    several = by_recipient(replies) if len(replies) > 1 and not addressed else []
    status = find_status(text) if not replies else None
    if status and report and begins(head, status) and report.start() > status.start():
        report = None  # the words are the reply's own
    if "@" in head and not several and (report or replies or addressed):
        found = read_report(head, 0.0, anchored=not report and not addressed)
        if found:
            strength = _report_strength(head, report, replies)
            return weighed(
                [replace(item, sender=item.sender or sender_in(head), strength=strength) for item in found]
            )
    if replies:
        return _read_replies(text, replies, several)
    if status:
        around = text[max(0, status.start() - NEAR) : status.end() + NEAR]
        doubt = elsewhere.doubt(around)
        if begins(text, status) and elsewhere.FTP.search(around):
            doubt = max(0.0, doubt - 0.6)  # FTP has no such codes: a mail server speaks of files, too
        return read_status_words(around, find_status(around) or status, doubt)
    return read_words(head, report, elsewhere.doubt(head[:NEAR]))


def _report_strength(head: str, report: re.Match[str] | None, replies: list[Reply]) -> float:
    """How surely a report that names recipients was pasted."""
    strength = 0.95 if any(reply.leads or reply.framed for reply in replies) else 0.8
    own = _OPENED.search(head)
    strength -= 0.7 * source.is_program(head[:NEAR]) if own else elsewhere.doubt(head[:NEAR])
    manuals = (
        not own
        and manual.DOCUMENTS.search(head[:NEAR]) is not None
        and not any(reply.framed for reply in replies)
    )
    if replies:
        proposed = talk.proposed(head, replies[0]) or (not own and general.of_reply(head, replies[0]))
    else:
        proposed = not own and general.in_general(head)
    if manuals or manual.strings(replies) or proposed:
        strength -= 0.7
    if report and not replies and talk.PROPOSES.search(head[: report.start()].rstrip(" \t>\n'\"`") + " "):
        strength -= 0.7
    if report and not replies and not sentences.stands_alone(head, report.start()):
        begins_it = report.start() < 4 and not talk.chatty(head)
        whole = (
            begins_it
            or sentences.reports(head)
            or machine.machine_says(head)
            or sentences.OPENING.search(head)
        )
        strength -= 0.0 if whole else 0.4
    return strength


def _read_replies(text: str, replies: list[Reply], several: list[Reply]) -> tuple[list[Finding], Kind, float]:
    """The surest reply, or ``several`` of as many recipients, and whether it was pasted."""
    reply, strength = best(replies)
    around = text[max(0, reply.start - NEAR) : reply.end + NEAR]
    alone = not (text[: reply.start] + text[reply.end :]).strip(" \t\n>'\"`")
    of_mail = failure.MAIL.search(around) is not None
    if alone and failure.fails(reply.text):
        strength = max(strength, 0.75)
    elif (
        strength < 0.65
        and failure.fails(reply.text)
        and (
            machine.PAGE.search(around)
            or _TUPLE.match(text, reply.start)
            or _WHO_SAID.search(text, max(0, reply.start - 100), reply.start)
        )
    ):
        strength = 0.65
    elif (
        strength < _REPORTED
        and failure.fails(reply.text)
        and general.own_case(text[: reply.start] + text[reply.end :])
    ):
        strength = _REPORTED
    told = reply.framed and met(text, reply.start, reply.start + 3)
    if strength >= 0.65 and (told or machine.LIBRARY.search(around)):
        strength += 0.1
    doubt = 0.0 if machine.PAGE.search(around) else elsewhere.doubt(around)
    if strength - doubt < 0.7 and not reply.shown:
        failed = could_not_send(around)
        if failed and (_CODE_ALONE.fullmatch(reply.text) or talk.counts(reply.text)):
            return weighed([with_addresses(Finding(text=failed, frame=Frame.WORDS, strength=0.8), around)])
        if failed:
            strength, doubt = max(strength, 0.8), 0.0
    strength -= doubt
    strength -= 0.8 if manual.documented(text, replies) else manual.listed(replies)
    if not reply.status and elsewhere.of_files(reply.text) and (alone or not of_mail):
        strength -= 0.6
    if talk.proposed(text, reply) or (not reply.shown and general.of_reply(text, reply)):
        strength -= 0.8
    if not reply.status and not alone and not of_mail:
        strength -= 0.15 if _set_apart(text, reply) else 0.3
    talked = 0.0
    if not reply.shown:
        talked += 0.4 * (_IN_A_SENTENCE.match(text, reply.start) is not None)
        said = _SENTENCE.split(reply.text, maxsplit=1)[0]
        said = said if failure.fails(said) else reply.text
        talked += 0.4 * talk.asks(said) + 0.3 * talk.judges(said) + 0.6 * talk.counts(said)
    # Where nothing else stands in the text, only the words can tell: a known wording is no question.
    strength = max(strength - talked, min(strength, 0.3) if alone else 0.0)
    return weighed([_from_reply(item, text, strength) for item in several or [reply]])


def _exim_block(text: str) -> Finding | None:
    """A recipient alone on its line and, moved in, what Exim says of it: people do not write so."""
    match = _BLOCK.match(text)
    if match is None or talk.asks(match[2]) or talk.chatty(match[2]):
        return None
    return Finding(
        text=one_line(match[2]),
        frame=Frame.REPORT,
        strength=0.75,
        recipient=match[1],
        context=one_line(text)[:1500],
    )


_BLOCK = lazy_re(
    r"\s*<?([^\s<>@:]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>?:?[ \t]*\n[ \t]{3,}(\S[^\n]{7,400}(?:\n[ \t]{3,}\S[^\n]{0,400}){0,6})\s*\Z"
)
_OPENED = lazy_re(
    r"^[ \t>]*(?:X-Failed-Recipients: \S|From: [^\n]{0,80}\bmailer-daemon@|Hi\. This is the qmail-send program at |This is the (?:mail system at host|Postfix program at host) |"
    r"This message was created automatically by mail delivery software|The original message was received at \w)",
    re.M,
)
"""The first words of a mail server's own report: what it tells of files or LDAP is no answer of FTP, nor of LDAP."""


def _set_apart(text: str, reply: Reply) -> bool:
    """Whether a reply with a failure in it stands by itself in a block or a quotation: pasted, not talked about."""
    before, behind = text[: reply.start].rstrip(" \t"), text[reply.end :].lstrip(" \t")
    marked = before[-1:] == "`" == behind[:1]
    block = (not before or before.endswith("\n\n")) and (not behind.strip() or behind.startswith("\n\n"))
    return (marked or block) and failure.FAILURE.search(reply.text) is not None


_REPORTED = 0.45
"""How surely a code in the middle of a sentence is a reply where somebody reports a case: as surely as its words are known."""
_TUPLE = lazy_re(r"[45]\d\d, b['\"]")
"""How Python shows what a server said."""
_IN_A_SENTENCE = lazy_re(r"\d{3}, (?![bru]?['\"])(?!\w{1,30} ?[=:])[a-z]")
"""A code that somebody's sentence goes on behind."""
_WHO_SAID = lazy_re(
    r"(?:[\w-]\.[a-z]{2,20}>?(?::\d{1,5})?(?:[ \t]{1,3}-{1,2}>)?|[ \t]<{1,3}|\bS|\b[45]\.\d{1,3}\.\d{1,3})[ \t]{1,3}\Z"
)
"""An address, a host, a status, or the mark of the server's side, right before a code."""
_SENTENCE = lazy_re(r"(?<=[a-z\d)][.!;]) (?=[A-Z])")
_CODE_ALONE = lazy_re(r"[45]\d\d(?: [45]\.\d{1,3}\.\d{1,3})?\W*")


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
    return with_addresses(finding, page)


_ADDRESS_BEFORE = lazy_re(
    r"\[([0-9a-f.:]{7,45})(?: {1,8}\d{1,2})?\] (?:the ip address|our system|this message)[^\n]{0,100}\n\s*\Z",
    re.I,
)
"""The address that Gmail's replies begin with, where the first code was left off."""

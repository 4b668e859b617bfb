"""Do words without any code say that mail failed?"""

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.model import Frame, Kind
from bot.core.parse.clean import one_line
from bot.core.parse.finding import Finding
from bot.core.parse.hosts import remote_host
from bot.core.parse.paste.nearby import with_addresses
from bot.core.parse.paste.sending import could_not_send
from bot.core.parse.paste.weigh import weighed
from bot.core.parse.reason import reason
from bot.core.parse.signs import elsewhere, failure, general, machine, manual, sentences, source, talk
from bot.core.parse.signs.reach import HEAD, NEAR
from bot.core.parse.spelling import well_spelled


def read_words(text: str, report: re.Match[str] | None, doubt: float) -> tuple[list[Finding], Kind, float]:
    """Words without any code: weak, unless they are a report's own sentences."""
    if len(text) < _TYPED_OFF:
        spelled = well_spelled(text)
        if spelled != text:
            text, report = spelled, sentences.report_in(spelled)
    told = report is not None and sentences.stands_alone(text, report.start())
    if report and told:
        paragraph = _paragraph(text, report.start())
        strength = 0.65
        if not talk.chatty(text[: report.start()]):
            strength += (
                0.3 if talk.chatty(text) else 0.0
            )  # the report itself may say "you"; the words around it do not
    else:
        paragraph = text.strip()
        if len(paragraph) > 1000:
            paragraph = _paragraph(text, report.start()) if report else paragraph.partition("\n\n")[0]
        strength = (
            0.45 if len(text) < 300 and talk.mechanical(text) else 0.4 if failure.MAIL.search(text) else 0.3
        )
    strength -= doubt + (0.25 if talk.chatty(text) else 0.0)
    supposed = general.in_general(text[:NEAR])
    documented = supposed or manual.counted(text[:NEAR]) or manual.documents(text[:NEAR])
    if strength >= 0.3 and documented:
        strength -= 0.3
    if not report and (elsewhere.FIELDS.search(text)):
        strength -= 0.5
    by_machine = machine.machine_says(text)
    failed = None if by_machine or told else could_not_send(text)
    shown = None if by_machine or failed or doubt or told or documented else _shown(text)
    opened = None if documented or source.is_program(text[:NEAR]) else sentences.OPENING.search(text[:NEAR])
    if opened and not by_machine:
        strength, paragraph = max(strength, 0.8), reason(text[opened.start() : opened.start() + 4000])
    if not (failed or by_machine or told or opened) and (
        doubt >= _ELSEWHERE or elsewhere.of_parcels(text[:NEAR])
    ):
        strength = 0.0
    if failed:
        strength, paragraph = max(strength, 0.8), failed
    elif by_machine:
        strength = max(strength, 0.8)
        line = text[text.rfind("\n", 0, by_machine.start() + 1) + 1 :].partition("\n\n")[0]
        paragraph = line if len(line) > 20 else paragraph
    elif (
        len(text) < 400
        and not text.rstrip().endswith("?")
        and sentences.reports(text)
        and not (doubt or documented)
    ):
        strength = max(strength, 0.6)
    elif shown:
        paragraph = shown
        named = machine.LIBRARY.search(text) or machine.COMMAND.search(text)
        strength = max(strength, 0.6 if named else 0.5)
    if supposed:
        strength = 0.0
    if strength < 0.1 and len(text) > 400:
        return [], Kind.CHATTER, 0.0
    finding = Finding(
        text=one_line(paragraph)[:1500],
        frame=Frame.WORDS,
        strength=strength,
        host=remote_host(text),
        delayed=failure.is_delay(paragraph),
        context=one_line(text)[:1500],
    )
    return weighed([with_addresses(finding, text)])


_TYPED_OFF = 1500
"""Characters that somebody types off a screen at most."""
_ELSEWHERE = 0.4
"""From this doubt on words without a code belong to something else, however well they are known."""


def _shown(text: str) -> str | None:
    """What somebody shows who tells that sending mail failed: a program's words, quoted, on lines of their own or in a sentence."""
    text = text[:HEAD]
    whole = _QUOTED_REPORT.search(text)
    if whole and sentences.reports(whole[1]) and not talk.PROPOSAL.search(text):
        return whole[1]
    if _tells(text):
        for begin, end in islice(_passages(text), 20):
            passage = text[begin:end]
            said = talk.machine_line(passage) or sentences.reports(passage)
            if said and _tells(text[:begin] + text[end:]):
                return passage
    for block in islice(_INTRODUCED.finditer(text), 5):
        if talk.machine_line(block[1]) and failure.MAIL.search(block[1]) and not talk.PROPOSAL.search(text):
            return block[1]
    return None


def _tells(text: str) -> bool:
    """Whether somebody tells of mail of their own, or that sending failed."""
    return talk.tells_of_sending(text) or talk.tells_of_own_mail(text)


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Where a program's words may stand in a text, the surest places first."""
    for match in _QUOTED.finditer(text):
        if _BEFORE_QUOTATION.search(text, max(0, match.start() - 40), match.start()):
            yield match.span(1 if match[1] else 2)
    lines = text.split("\n")[:60]
    begin = 0
    for number, line in enumerate(lines):
        if 12 <= len(line) <= 600 and talk.machine_line(line):
            end = begin + len(line)
            for following in lines[number + 1 : number + _PASSAGE]:
                if not following.strip() or talk.chatty(following):
                    break
                end += 1 + len(following)
            yield begin, end
        begin += len(line) + 1
    for match in _TOLD_HERE.finditer(text):
        line_end = text.find("\n", match.end())
        ending = _SENTENCE_END.search(text, match.end(), line_end if line_end >= 0 else len(text))
        yield match.end(), ending.start() if ending else line_end if line_end >= 0 else len(text)


_INTRODUCED = lazy_re(r":[ \t]*\n\s{0,4}`{0,3}(\S[^\n]{11,300}(?:\n[^\n]{2,300}){0,3})(?=\n\s*\n|`|\s*\Z)")
"""A block that a line with a colon introduces."""
_PASSAGE = 3
"""Lines of a passage that are read."""
_QUOTED = lazy_re(r"`([^`\n]{12,600})|\"([^\"\n]{12,600})\"")
_BEFORE_QUOTATION = lazy_re(
    r"(?:^|\n|: ?|\b(?:errors?|get|gets|got|getting|see|receive[sd]?|says?|said|shows?|throws?|prints?|with|replied|returns?|returned|reads|told me|tells me|sagt|meldet|responds?|stopped|keeps? getting) )\s*$"
)
"""What stands before a quotation of what somebody was told."""
_TOLD_HERE = lazy_re(
    r"(?:\b(?:[Ee]rrors?|says?|said|tells? (?:me|us)|shows?|prints?|logs?|returns?|reads|message|with|refused|reply|response|answers?|responds?|page|reason|gives?|gets?|got|getting|throws?|fails)\b ?: "
    r"|\b(?:throws|gets?|got|getting|says|shows|prints|fails with|failed with) )(?=[A-Z][a-z]|SMTP|TLS|SSL|DATA)"
)
"""What stands before a program's words in somebody's sentence."""
_QUOTED_REPORT = lazy_re(
    r"(?:^|: ?)\"([A-Z][^\n]{30,600})\"[ \t]*(?:$|[-–—,;] {0,2}[^\n\"]{3,100}\?[ \t]*$)", re.M
)
"""A quotation of whole sentences, to the end of its line."""
_SENTENCE_END = lazy_re(
    r"[.!?] (?=[A-Z])|, (?:any|is|what|why|how|does|but|and) | (?:even though|although|but) |\? "
)


def _paragraph(text: str, position: int) -> str:
    start = text.rfind("\n\n", 0, position)
    end = text.find("\n\n", position)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]

"""Where is the SMTP reply in these words, and what are its codes?"""

import re
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.core.parse.clean import one_line
from bot.core.parse.torn import Torn, torn_replies

_STATUS_PATTERN = r"[45]\.\d{1,3}\.\d{1,3}(?![\w.]*\d)"
# A code, then what stands between it and its status: `550-5.1.1`, `550 #5.1.0`, `(550, b'5.4.5`, `[554] 5.7.1`, `550-'5.7.1`.
_CODE = re.compile(
    r"(?<![A-Za-z0-9_.@/$€£+#=%&-])(?<!\d,)(?:#(?=[45]\d\d [45]\.\d))?\[?([45]\d\d)\]?(?![\w.%]|[-/]\d\d(?!\d?\.\d{1,3}\.\d))"
    r"(?:[-\s:,'\"b()#\[\]]{0,4}(?<=[-\s'\"(#\[])(" + _STATUS_PATTERN + "))?"
)
_STATUS = re.compile(r"(?<![\w.])(" + _STATUS_PATTERN + ")")
_FIRST_LINE = re.compile(r"([245]\d\d)(?:[- ]|$)(?:#?(" + _STATUS_PATTERN + r")(?=[\s:;,]|$))?")
# A reply inside another one: `554 5.7.0 < #5.7.133 smtp;550 5.7.133 …>`, `<host #5.5.0 SMTP; 554 <x>: …>`.
_NESTED = re.compile(r"(?:#\s?(" + _STATUS_PATTERN + r")\s+)?\bsmtp;\s*(?=[45]\d\d\b)", re.I)
_ERROR_CODE = re.compile(
    r"ERROR_CODE\s*:\s*([45]\d\d)\b(?:[,\s]*ERROR_CODE\s*:\s*(" + _STATUS_PATTERN + r")?)?"
)
_LABEL = re.compile(r"^(?:diagnostic-code:\s*)?(?:smtp|x-[a-z0-9-]+|dns|lmtp|qmail|unknown)\s*;\s*", re.I)
# Words right before a code that say "here comes what the server answered".
_FRAME_WORDS = re.compile(
    r"(?<![\w'])(?:said|says|smtp|smtp error|lmtp|returned|responded(?: with)?|response(?: was)?|reply|answered|answer|antwort(?:ete)?|error|err|fehler|erreur|errore|erro|ошибка|"
    r"message|msg|reason|grund|motivo|code|codes?|status|status code|responsecode|statuscode|exception|to me|client|server|rejected|"
    r"failed|bounced|diagnostic-code|diagnosticcode|diagnostic code|rcpt to|data|recipient|recipients|command|session|connection|"
    r"replied|description|details?|was|with|warning|info|got|failure|result|stat|reject|body|end of data|data end|"
    r"bounce(?: message)?|ndr|undeliverable|mailer error|mail server|host|nachricht|meldung|mensaje|messaggio|mensagem|错误|エラー|返回)"
    r"(?:\s*\([^()]{0,40}\))?$|\w(?:error|exception|failure|refused)$",
    re.I,
)
_END = re.compile(r"\s*\(?\(in reply to |\s*\(delivery attempts?: ", re.I)
_NEW_FIELD = re.compile(
    r"\s*(?:[A-Z][A-Za-z-]{2,30}:(?!//)\s|at\s+\S+\s?\(|at\s\S+\.\S+\(|File \"|#\d+\s|Traceback|Caused by|-{3,}|={3,}|\*{3,}|</|~{3,}|"
    r"[A-Z][a-z]{2}\s{1,2}\d{1,2}\s\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d|QUIT\b|RSET\b|MAIL FROM|RCPT TO|DATA\b|quit\b|>>> |<<< |\.\.\. while)"
)
_ENDS_QUOTED = {"'": re.compile(r"'(?!\w)"), '"': re.compile(r'"(?!\w|\.[\w"])'), "`": re.compile("`")}
_NOT_WORDS = re.compile(r"[\W\d_]+")

BASIC_CODES = frozenset(
    [
        "421",
        "431",
        "432",
        "435",
        "441",
        "442",
        "446",
        "447",
        "449",
        "450",
        "451",
        "452",
        "453",
        "454",
        "455",
        "458",
        "459",
        "471",
        "500",
        "501",
        "502",
        "503",
        "504",
        "510",
        "511",
        "512",
        "513",
        "515",
        "516",
        "517",
        "521",
        "523",
        "525",
        "530",
        "531",
        "533",
        "534",
        "535",
        "538",
        "540",
        "541",
        "542",
        "543",
        "544",
        "545",
        "546",
        "547",
        "550",
        "551",
        "552",
        "553",
        "554",
        "555",
        "556",
        "557",
        "559",
        "571",
        "572",
    ]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One SMTP reply."""

    text: str
    """One line with the codes in front."""
    code: str | None = None
    status: str | None = None
    start: int = 0
    """Where it begins in the text that was searched."""
    end: int = 0
    framed: bool = False
    """True where words before it say that a server answered: ``said:``, ``smtp;`` …"""
    leads: bool = False
    """True where it begins a line or a quotation."""
    introduced: bool = False
    """True where a colon, a quotation mark or the like stands before it."""
    quoted: bool = False
    """True where it stands alone between quotation marks."""


def read_reply(text: str, status: str | None = None) -> Reply:
    """Read a text that is known to be a reply or a reason, such as a Diagnostic-Code.

    ``status`` is the code that stands apart from it and counts when the text has none. Of nested replies the
    innermost that a server gave counts: it is the last remote one.
    """
    text = one_line(text)
    if ";" in text:
        text = _LABEL.sub("", text, count=1)
    if "(in reply" in text or "(delivery attempt" in text:
        end = _END.search(text)
        if end:
            text = text[: end.start()]
    nested: list[re.Match[str]] = []
    if "smtp;" in text or "SMTP;" in text:
        nested = list(_NESTED.finditer(text))[-1:]
    if nested:
        outer = text[: nested[0].start()]
        status = nested[0][1] or status
        opened = outer.count("<") > outer.count(">")
        text = text[nested[0].end() :].rstrip()
        if opened and text.endswith(">") and text.count(">") > text.count("<"):
            text = text[:-1]
        text = text.rstrip("'\" ")
    match = _FIRST_LINE.match(text)
    if match:
        code, found = match[1], match[2]
        rest = text[match.end() :]
    else:
        match = _ERROR_CODE.search(text) or _first_code(text)
        if match is None:
            apart = _STATUS.search(text)
            return Reply(text=text.strip(), status=apart[1] if apart else status, end=len(text))
        code, found = match[1], match[2]
        before = text[: match.start()].rstrip()
        rest = text[match.end() :]
        if not _leads(before) or match.re is _ERROR_CODE or not _NOT_WORDS.sub("", rest):
            found = found or _other_status(text, code) or _agreeing(status, code)
            return Reply(text=_unwrap(text, code, found), code=code, status=found, end=len(text))
    agreeing = (
        found or _other_status(rest, code) or _other_status(text, code) or _agreeing(status, code) or status
    )
    return Reply(text=_joined(code, found, rest), code=code, status=agreeing, end=len(text))


def _first_code(text: str) -> re.Match[str] | None:
    for match in _CODE.finditer(text):
        if not _NUMBER_BEFORE.search(text, max(0, match.start() - 24), match.start()):
            return match
    return None


def find_replies(text: str, limit: int = 50) -> list[Reply]:
    """Find the SMTP replies in free text, in order. Continuation lines belong to the reply that they continue."""
    found: list[Reply] = []
    end = 0
    torn_apart = torn_replies(text)
    for match in islice(_CODE.finditer(text), 6 * limit):
        start = match.start()
        while torn_apart and torn_apart[0].start <= start:
            _add_pieces(found, torn_apart.pop(0))
            end = max(end, found[-1].end)
        if start < end or _NUMBER_BEFORE.search(text, max(0, start - 24), start):
            continue
        if _LISTED.match(text, match.end()):
            continue  # a table or a list of codes
        code, status = match[1], match[2]
        line = text.rfind("\n", 0, start) + 1
        before = text[max(line, start - 80) : start]
        if "esponseCode" in before and any(item.code == code for item in found):
            continue  # says again what the reply before it began with
        stripped = before.rstrip(_OPENERS + "<")
        leads = (
            not stripped.strip(_OPENERS + "<}>.")
            or before[-1:] in ('"', "'", "`")
            or stripped[-1] > _SCRIPTS
            or before.rstrip(" ").endswith((":", "\t"))
        )
        framed = _frames(stripped.removesuffix(".")) if stripped else _introduced(text, line)
        arrow = _ARROW.search(before)
        framed = framed or arrow is not None
        torn = _CLOSED.match(text, match.end()) is not None and stripped != ""
        stop = match.end() if torn else _end_of_reply(text, start, match.end(), line)
        if torn_apart:
            stop = min(stop, torn_apart[0].start)
        rest = text[match.end() : stop]
        if "\n" in rest and before.strip():
            rest = _without_prefix(rest, text[line:start], arrow is not None)
        if _SENTENCE_ENDS.match(rest):
            rest = ""
        if torn or not _NOT_WORDS.sub("", rest) or _ADDITIONAL.match(rest):
            # The code is torn from its words: they stand before it, or after the next code.
            following = None if torn else _CODE.search(text, match.end(), match.end() + 120)
            if following and following[1] == code:
                continue
            words = text[max(line, end) : start].strip(_OPENERS)
            apart = _STATUS.search(words)
            status = status or (apart[1] if apart else None) or _other_status(rest, code)
            words = words[apart.end() :] if apart else words
            cut = _TORN_TAIL.sub("", words)
            ends = match[2] is not None and words[-1:] in (".", "!")
            marked = torn or before.rstrip()[-1:] in (":", "=", "(", "[", "#")
            if (
                (not (marked and _TORN_TAIL.search(words)) and not ends)
                or len(_NOT_WORDS.sub("", cut)) < 8
                or (torn and not apart and not leads)
            ):
                end = stop
                if not torn:
                    found.append(
                        Reply(text=_joined(code, status, ""), code=code, status=status, start=start, end=stop)
                    )
                continue
            found.append(
                Reply(
                    text=_joined(code, status, cut),
                    code=code,
                    status=status,
                    start=line,
                    end=stop,
                    framed=True,
                    leads=leads,
                )
            )
            end = stop
            continue
        end = stop
        found.append(
            Reply(
                text=_joined(code, status, rest),
                code=code,
                status=status or _other_status(rest, code),
                start=start,
                end=stop,
                framed=framed,
                leads=leads,
                introduced=before.rstrip()[-1:] in _INTRODUCERS or not before.strip(),
                quoted=before[-1:] in _ENDS_QUOTED and before[-1:] == text[stop : stop + 1],
            )
        )
        if len(found) >= limit:
            break
    for item in torn_apart:
        _add_pieces(found, item)
    return found


def _add_pieces(found: list[Reply], torn: Torn) -> None:
    reply = _from_pieces(torn)
    if found and found[-1].text.startswith(reply.text):
        found.pop()  # the same reply, and what the program says behind it
    found.append(reply)


def _from_pieces(torn: Torn) -> Reply:
    head = f"{torn.code} {torn.status}" if torn.status else torn.code
    begun = _STATUS.match(torn.words)
    return Reply(
        text=_unwrap(
            one_line(f"{head} {torn.words}"), torn.code, torn.status or (begun[1] if begun else None)
        ),
        code=torn.code,
        status=torn.status or _other_status(torn.words, torn.code),
        start=torn.start,
        end=torn.end,
        framed=True,
        leads=True,
        introduced=True,
    )


_SENTENCE_ENDS = re.compile(
    r"\s?[.!?](?:\s|$)|, (?:and|but|so|then|we|i|which|because|while|after|rolled|reverted)\b", re.I
)
"""A code that ends a sentence has no words of a server behind it."""
_ADDITIONAL = re.compile(r"\W*additional smtp info\W*(?:[45]\.\d+\.\d+)?\W*$", re.I)


def _without_prefix(rest: str, prefix: str, alone: bool) -> str:
    """Remove what each line of a log of a conversation begins with, such as ``[17:21] SMTP< ``.

    ``alone``: only lines that begin so belong to the reply.
    """
    if len(prefix) > 60:
        return rest
    pattern = re.sub(r"\d+", r"\\d+", re.escape(prefix.rstrip()))
    if alone:
        first, *lines = rest.split("\n")
        begun = re.compile(pattern)
        kept = takewhile(lambda line: begun.match(line), lines)
        return "\n".join([first, *(begun.sub("", line, count=1) for line in kept)])
    return re.sub(rf"\n{pattern}", "\n", rest)


_SCRIPTS = "\u2e80"
"""Letters from here on are of scripts that no server's reply is in: where the script changes, a quotation begins."""
_INTRODUCERS = (":", "'", '"', "`", "(", "[", "<", ">", "=", "-", ";", ",", "*", "|")
_ARROW = re.compile(r"(?:<<<|<-|<\*\*|<~|<=|\bS:)[*~]{0,2}\s{0,4}$")
"""What a log of a conversation puts before what the server said."""
_OPENERS = " \t\"'`([{:=>,-|*•#"
_CLOSED = re.compile(r"[)\]](?:[\s.,;?!]|$)")
_LISTED = re.compile(r"\s*[|=→]")
# A line number of a source file, a version, an amount: no reply code.
_NUMBER_BEFORE = re.compile(
    r"(?:\.\w{1,4}:|\bline |\bport |\bv|\border |\bticket |\bpage |\bissue |\bpid[ :=]|RFC ?|\bbuild )$", re.I
)
_INTRODUCES = re.compile(
    r"(?:smtp|host|server|said|says|error|remote|response|reply|reason|message|answer|wrote|returned|fail|bounce|antwort|fehler|erreur|respuesta|risposta)[^\n]*:[ \t]*$",
    re.I,
)


def _introduced(text: str, line: int) -> bool:
    """Whether the line before says that a reply comes: ``host mx.example.org [192.0.2.1]:``."""
    if line < 2:
        return False
    previous = text.rfind("\n", 0, line - 1) + 1
    return bool(_INTRODUCES.search(text[previous : line - 1][-200:]))


_TORN_TAIL = re.compile(r"\W*(?:smtp\s*)?(?:code|status|error|response|reply)\W*$", re.I)


def find_status(text: str) -> re.Match[str] | None:
    """Find the first enhanced status code (RFC 3463) in the text; group 1 is the code."""
    return _STATUS.search(text) if "5." in text or "4." in text else None


def _frames(before: str) -> bool:
    return bool(_FRAME_WORDS.search(before[-60:]))


def _leads(before: str) -> bool:
    """Whether what stands before a code ends like an introduction of a reply."""
    return not before or before[-1] in ":;'\"(<>-" or bool(_FRAME_WORDS.search(before[-60:]))


_UNESCAPED_QUOTE = re.compile(r'(?<!\\)"(?!\w|\.[\w"])')
_OPENS_QUOTE = re.compile(r"[\s,(b]([\"'])")


def words_from(text: str, start: int) -> str:
    """Return what a server said, where its words are known to begin at ``start``, with a code or without one."""
    line = text.rfind("\n", 0, start) + 1
    return text[start : _end_of_reply(text, start, start, line)].strip()


def _end_of_reply(text: str, start: int, after: int, line: int) -> int:
    quote = text[start - 1 : start]
    opened = _OPENS_QUOTE.search(text, start, after)
    if opened:  # the words are quoted and the code is not: `(550, b'5.1.1 …')`
        quote = opened[1]
    limit = min(len(text), after + 2000)
    ending = _END.search(text, after, limit)
    if ending:
        limit = ending.start()
    if quote in _ENDS_QUOTED and quote:
        closing = _ENDS_QUOTED[quote].search(text, after, limit)
        if closing:
            return closing.start()
    # So does a quotation mark in the same line: `he writes "the server said: 530 5.7.0 Log in first". He …`
    if text.count('"', line, start) % 2:
        closing = _UNESCAPED_QUOTE.search(text, after, limit)
        limit = closing.start() if closing else limit
    # A backtick closes what a backtick before the code has opened. Else it quotes a name, as Unix does: `name'.
    opened_before = text.count("`", max(0, start - 2000), start) % 2
    for mark in "`。" if opened_before else "。":
        found = text.find(mark, after, limit)
        if found >= 0 and (mark == "`" or text[after:found].isascii()):
            limit = found
    stop = text.find("\n", after, limit)
    previous = line
    code = text[start : start + 3]
    while 0 <= stop < limit:
        following = text.find("\n", stop + 1, limit)
        bound = following if following >= 0 else limit
        next_line = text[stop + 1 : bound]
        begun = bool(text[after:stop].strip()) or not next_line.strip() or _heading(next_line, bound < limit)
        if begun and not _continues(text[previous:stop], next_line, code):
            return stop
        previous = stop + 1
        if following < 0:
            return limit
        stop = following
    return limit


def _heading(line: str, more: bool) -> bool:
    """Whether a line is the next heading of a table rather than the words of a code: ``Description``."""
    return more and line.strip().istitle() and len(line.split()) <= 2


def _continues(line: str, next_line: str, code: str) -> bool:
    """Whether a line of prose goes on in the next one: wrapped or a multi-line reply."""
    words = next_line.strip()
    if not words or line.rstrip().endswith("?") or _NEW_FIELD.match(next_line):
        return False
    if words.startswith((code + "-", code + " ")):
        return not (
            line.startswith(code + " ") and words.startswith(code + " ")
        )  # two replies, one below the other
    if words[:3].isdigit() and words[3:4] in (" ", "-"):
        return False
    if words[0] == "<" and re.match(r"<[^<>@\s]+@[^<>\s]+>:", words):
        return False
    if next_line[0] in " \t" and line[:1] not in (" ", "\t"):
        return True
    return len(line) >= 50 or words[0].islower() or words[0] in "<[(" or words.startswith("http")


def _joined(code: str, status: str | None, rest: str) -> str:
    rest = one_line(rest).lstrip("-:;,'\"]) ").rstrip("'\"`").rstrip()
    head = f"{code} {status}" if status else code
    return _unwrap(f"{head} {rest}" if rest else head, code, status)


def _unwrap(text: str, code: str, status: str | None) -> str:
    """Remove the codes that each line of a multi-line reply repeats, RFC 5321 section 4.2.1. ``text`` is one line."""
    once = text.count(code) < 2
    if once and (not status or text.count(status) < 2):
        return text
    if not once:
        repeated = f"(?<=\\s){code}-(?:{re.escape(status)}\\s?)?" if status else f"(?<=\\s){code}-"
        text = re.sub(repeated, " ", text)
        if status:
            text = re.sub(rf"(?<=\S\s){code} {re.escape(status)}\s?", " ", text)
    if status and text.count(status) > 1:
        head, _, tail = text.partition(status)
        text = head + status + re.sub(rf"(?<=\s)(?:{code}[ -])?{re.escape(status)}(?=\s|$)", " ", tail)
    return one_line(text)


def _other_status(text: str, code: str) -> str | None:
    """The first status code in the text that is of the reply code's class."""
    if f"{code[0]}." not in text:
        return None
    for match in _STATUS.finditer(text):
        if match[1][0] == code[0]:
            return match[1]
    return None


def _agreeing(status: str | None, code: str) -> str | None:
    return status if status and status[0] == code[0] else None

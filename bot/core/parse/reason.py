"""Which words of a report stand for a reply, where no server's own are in it?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.blocks import ADDRESS
from bot.core.parse.clean import one_line
from bot.core.parse.signs import failure, sentences


def reason(words: str) -> str:
    """Return the words of a report that stand for a reply: the paragraph that says why, without empty phrases."""
    return (_sentence(_best(words)[0]) or one_line(words))[:1000]


def telling(words: str) -> str:
    """Return the same, and nothing where no paragraph says that anything failed: then a status says more."""
    best, score = _best(words)
    return _sentence(best)[:1000] if score > 0 else ""


def _sentence(line: str) -> str:
    """Of a long paragraph the sentence that says why."""
    because = _BECAUSE.search(line) if len(line) > _LONG else None
    if not because:
        return line
    begin, end = line.rfind(". ", 0, because.start()), line.find(". ", because.end())
    return line[begin + 2 if begin >= 0 else 0 : end + 1 if end >= 0 else len(line)]


_LONG = 160
"""Characters of a paragraph that is read as a whole."""


def _best(words: str) -> tuple[str, float]:
    best, best_score, announced, introduced = "", -9.0, False, False
    for paragraph in re.split(r"\n\s*\n", words[:8000]):
        line = one_line(_ADDRESS_FIRST.sub("", _HEADING.sub("", paragraph)))
        if len(line) < 4 or not _LETTERS.search(line):
            continue
        if _ONLY_ADDRESS.fullmatch(line) or _PASTED_HEAD.match(paragraph) or _WARNS.search(line):
            continue
        score = (2.0 if failure.FAILURE.search(line) else 0.0) - (2.5 if _EMPTY_PHRASE.search(line) else 0.0)
        introduces = line[-1:] == ":" and len(line) < _INTRODUCTION and line.isascii()
        score -= 1.5 if introduces or _STARRED.fullmatch(line) else 0.0
        score -= 0.5 if sentences.REPORT.search(line) and not _BECAUSE.search(line) else 0.0
        score += (
            (3.0 if announced else 1.0 if introduced else 0.0)
            + (1.0 if _BECAUSE.search(line) else 0.0)
            - (2.5 if line[-1:] == "?" else 0.0)
        )
        labelled = _WHY.search(line)
        if labelled and len(line) - labelled.end() > 3:
            line, score = line[labelled.end() :], score + 2.0
        announced = bool(_ANNOUNCES.search(line)) or (labelled is not None and labelled.end() == len(line))
        introduced = introduces
        if score > best_score:
            best, best_score = line, score
    return best, best_score


_INTRODUCTION = 60
"""Characters of a line that only says that words follow."""
_HEADING = lazy_re(r"^[ \t]*[-=*_#]{3,}[^\n]*$", re.M)
_STARRED = lazy_re(r"\*\*[^*]{1,80}\*\*")
"""What Gmail makes of a heading in its plain text."""
_PASTED_HEAD = lazy_re(
    r"\s*(?:>?From \S[^\n]*\n)?(?:from|to|subject|date|return-path|received|message-id)[ \t]*:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*[a-z-]{2,30}[ \t]*:",
    re.I,
)
"""The header lines of a mail that somebody pasted: they say nothing of why."""
_WARNS = lazy_re(r"this is a warning (?:message )?only\b.{0,12}\byou do not need to resend", re.I)
"""Postfix and Sendmail draw a box around it: it says nothing of why."""
_ONLY_ADDRESS = lazy_re(rf"<?{ADDRESS}>?[:.;]?")
_BECAUSE = lazy_re(
    r"\bbecause\b|\bwinsock error\b|\bconnection (?:timed out|refused|reset)\b|\bweil\b|\bparce que\b|\bporque\b|\bperché\b",
    re.I,
)
_ANNOUNCES = lazy_re(
    r"\b(?:(?:response|error|message) (?:from the remote server )?was|reason\b[^.:]{0,50}):\Z", re.I
)
"""What stands before the words of a server or a program, as Gmail writes it."""
_WHY = lazy_re(
    r"(?<!\w)(?:reason|cause|grund|begründung|ursache|raison|motif|motivo|causa|raz[óo]n|причина|原因|理由|사유|원인|przyczyna|powód|důvod|příčina|reden|oorzaak|orsak|årsag|årsak|syy|neden|sebep)\s{0,3}[:：]\s{0,3}",
    re.I,
)
"""What stands before the reason in many languages."""
_ADDRESS_FIRST = lazy_re(rf"\A\s*<?{ADDRESS}>?:?[ \t]*\n(?=[ \t]*[^\s<])")
"""A recipient on a line of its own above the words, as Exim, qmail and Postfix write it."""
_LETTERS = lazy_re(r"[^\W\d_]{3}")
_EMPTY_PHRASE = lazy_re(
    r"created automatically|automatic(?:al)?ly generated|mail (?:system|agent|delivery software)|sorry to (?:have to )?inform|do not reply|don't reply|warning message only|need to re-?send|"
    r"assistance|please (?:reply|include|send|contact|forward)|one or more (?:of its )?(?:recipients|destinations)|will be retried|following (?:address|recipient)|original message was received|"
    r"^(?:dear|hello|hi|hola|bonjour|dobrý den|hallo|olá|ciao)\b|^\S{1,80} ?(?:様|さん|님)\W*$|^your message$|^undeliver(?:able|ed) (?:mail|message)\W*$|^delays in delivering your message\W*$|not included in this report|did not reach the following|^\*+ ?message from|this is (?:the|a) (?:\w+ ){1,3}(?:program|agent|system)|"
    r"\bhelp cent(?:er|re)\b|hilfe-?center|centre d'aide|centro (?:de (?:ayuda|ajuda)|assistenza)|helpcentrum|ヘルプ ?センター|帮助中心|справочн\w+ центр|transcript of session|had (?:permanent|transient)|automatisch|automáticamente|automatiquement|автоматически",
    re.I,
)

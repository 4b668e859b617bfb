"""Is a text a piece of a program: its code, its tests, its patterns?"""

import re

from bot.core.lazy import lazy_re
from bot.core.sparse import SparseRe


def is_program(text: str) -> bool:
    """Whether a text is a piece of a program or its tests, and no trace of one that failed."""
    return bool(TESTED.search(text) or (CODE.search(text) and not TRACE.search(text)))


CODE = SparseRe(
    r"(?:^|\n)[+-]?[ \t]{0,40}(?:def \w+\(|class \w+ ?[:({]|func \w+\(|function ?\w{0,60}\(|import (?:[\w.]{1,80}(?:;|,|\n|\Z| as )|[{*\"'(])|from [\w.]+ import|assert|expect\(|it\(|describe\(|return (?:[\w.:]+\(|\w+;|[\"'{(\[]|[45]\d\d;|(?:None|True|False|null|nil|true|false|self|this)\b)|const \w+ ?=|except [\w.]{3,80}(?: as \w{1,20})?:|let \w+ ?=|var \w+ ?[:=]|(?:public|private) (?:static|void|class|function|async|final|string|int|override|const) |(?:if|for|while|switch|(?:\} ?)?catch) ?\(|(?:if|for|while|elif|else)\b[^\n]{0,120}[:{][ \t]{0,9}(?=\n|$)|case ['\"\d])|[=!]= ?['\"]?[45]\d\d\b"
    r"|\bre\.(?:search|match|compile)|=>\s*['\"\[]|['\"]\s*=>|\[\]string|/i['\"]?,|\bassert\w*\(|\.test\(|preg_match|"
    r"(?:[(\[{]\s*|:=\s*|\s=\s*|=>\s*)[bru]?['\"`][45]\d\d[ -][^'\"`\n]{2,200}['\"`]\s*[,)\]};]?|,\s*[bru]?['\"`][45]\d\d[ -][^'\"`\n]{2,200}['\"`]\s*[,)\]};]|^\s{0,12}\{['\"][^'\"\n]{0,300}['\"],\s|"
    r"\bsed (?:-\w{1,3} )?['\"]s[/#|]|\bdefine\(['\"]|\btype \w+ ?= ?['\"]|['\"];(?:hard|soft)\b|(?:^|\n)[a-z]\w{0,30}(?:\.\w{1,30}){1,5} ?= ?[45]\d\d |"
    r"\b\w+_(?:code|restrictions|checks|maps|footer)\s*=|\b\w+_maps?: |\$#error\b|(?:^|\n)[ \t]{0,20}[\w@.-]{1,80}[ \t]{1,20}(?:error|ERROR):\"?[45][\d.]|(?:^|\n)[ \t]{0,20}(?:deny|accept|warn|defer|require)\s+\w+\s*=|"
    r"\bAssertion(?:Failed)?Error\b|\bFAILED \S+::|['\"] != b?['\"]|"
    r"(?:^|\n)(?:[^\s\d]\S{0,200}[.@/]\S{0,200}|/\S{1,200}/i?)[ \t]+(?:REJECT|OK|DUNNO|DISCARD|[45]\d\d [45]\.\d\.\d [^\n]{0,80}\n\S+[ \t]+(?:REJECT|OK|DUNNO))\b|"
    r"(?:^|\n)[ \t]{0,20}- \w{1,20}: ['\"]?[45]\d\d\b|(?:^|\s)- (?:match|pattern|regexp?|when|contains|text): ['\"]?\w|"
    r"\b[A-Z]+_[A-Z_]+=['\"]?[45]\d\d\b|\b\w{0,20}(?:reject|deny|default|template)\w{0,20}\s*[:=]\s*['\"][45]\d\d |"
    r"\braise \w+\([45]\d\d|\braise \w+\(['\"][^\n]*\)\s*\Z|\bthrow new \w+\(|^\W{0,4}['\"][a-z]\w{0,40}[._][\w.]{1,60}['\"] ?[:=]>? ?['\"][^\n]*['\"],?\s*$|\bINSERT INTO\b|\bSELECT\b.+\bFROM\b|\bUPDATE\b.+\bSET\b|\bREGEXP\b|\bLIKE '|(?:^|\n)[+-][ \t]{0,20}(?:\w{1,40} ?[:=] ?)?['\"{(\[]|^@@|(?:^|\n)#\s?define\b|\$\w{1,40}\[['\"]|\blog(?:ger)?\.\w{1,12}\(|(?:^|\n)[ \t]{0,20}\w{2,40} ?= ?['\"][^\n]{3,300}['\"];|(?:^|\n)[+-]?[ \t]{0,12}['\"]?[45]\d\d['\"]?: [^\n]{1,80},[ \t]*(?:\n|$)",
)
TRACE = SparseRe(
    r"Traceback \(most recent|^[ \t]{0,8}File \"[^\"\n]{1,200}\", line \d|\bstack ?trace\b|^[ \t]{0,8}at [\w$.<>\[\] ]+\(|^#\d+ |\.php(?: on)? line \d|\.php[:(]\d+|\.rb:\d+:in |nested exception is|Caused by:|\b(?:permanent|temporary)_failure\b|#<[\w:]{1,80}(?:Error|Busy|Timeout)\w{0,20}: ",
    re.I | re.M,
)
"""What ran and failed, in its own words: its code is no example."""
TESTED = SparseRe(
    r"(?:^|\n)[ \t]{0,8}Given [^\n]{4,120}\n[ \t]{0,8}(?:And|When|Then) |\bgherkin\b|\bAssertion(?:Failed)?Error\b|\bFAILED \S+::|--- FAIL:|^E {2,}assert|\bExpected: [^\n]*\n\s*Received: |, want ['\"\d]|\.to (?:eq|be|equal)\b|"
    r"\b(?:[Rr]eadiness|[Ll]iveness|[Ss]tartup) probe\b|\b(?:stub|mock)\w*(?:[_.(]| (?:server|response|repl|error))|\b(?:stubs?|stubbed|mocks?|mocked|mocking)\b|^\W{0,3}(?:[\w ]{2,20}: ?)?(?:CRITICAL|PROBLEM|RECOVERY) ?[-:]|\bfake (?:smtp|mail|server)|\bfixtures?\b|\b(?:unit tests?|test cases?|[Tt]he tests? (?:checks?|expects?|asserts?)|parser tests?|example payload)\b|\bdocs: |^\W{0,3}[Tt]ests?: |\bexpects? ['\"`]|"
    r"\{\{? ?[a-z_]{3,30} ?\}?\}|^msg(?:id|str)\b|\b[\w-]{1,30}\.(?:ya?ml|po|properties|strings|resx|arb): |\b[Ff]lak(?:y|iness|es)\b|\bthe same (?:branch|commit|test|build) (?:passed|passes|is green)\b|\b(?:handler|parser|mapper|classifier) (?:works|passes)\b|\b(?:label|expected|classification)['\"]?\s?[:=]\s?['\"]|['\"]text['\"]\s?:\s?['\"][45]\d\d[^\n]{2,300}['\"](?:cause|class|category)['\"]\s?:|\b[Tt]o test\b[^\n]{0,60}\bsimulator\b|\bmock\w* [^\n]{0,60}\bsimulator\b|"
    r"\b\d{1,6} (?:tests? )?passed\b|(?<![\w%])%[svdq](?!\w)",
    re.M,
)
"""What tests write, and how people speak of them; the holes of a format."""


def has_pattern(text: str) -> bool:
    """Whether a text holds a regular expression or a filter of log lines, as fail2ban has them."""
    return ("\\" in text or "<HOST>" in text or "failregex" in text) and bool(_PATTERN.search(text))


_PATTERN = lazy_re(r"\\[SdwDWs][+*{]|\d\\\.\d|\[45\]\\?\d|<HOST>|%\(__prefix|\bfailregex\b")


def has_literals(text: str) -> bool:
    """Whether lines hold rows of a table in a program: strings between braces, which no JSON has."""
    return ('{"' in text or "{'" in text) and _ROW.search(text) is not None


_ROW = lazy_re(r"^\s{0,12}\{['\"][^'\"\n]{0,300}['\"],\s", re.M)

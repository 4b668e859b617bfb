"""Does a text speak of something else that has the same numbers and words: FTP, HTTP, databases, parcels …?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.signs import failure, source
from bot.core.parse.signs.sign import Sign
from bot.core.sparse import SparseRe

FTP = Sign(
    r"(?m)\b[a-z]{0,9}ftp[a-z]{0,9}\b|(?<!535 )login incorrect|ftperror|ftppermerror|\b(?:stor|retr|mkd|cwd|rmd|dele|rnto|rnfr|pasv|epsv|mlsd|rest|syst|mdtm|nlst|appe|cdup|xmkd|opts utf-?8)\b(?! error)|critical file transfer|vsftpd|proftpd|pure-ftpd|filezilla|"
    r"fail(?:ed)? (?:to open file|download|upload)|(?:no such|create|open|delete) (?:file|directory)|file unavailable|permission denied.*(?:file|dir|folder)|"
    r"(?:control|data) connection|\bport command|transfer aborted|please upload|directory listing|\b530 (?:not logged|please log|you (?:aren't|are not) logged|login auth)|\b55[03] (?:prohibited file|/(?!\S*forward)\S+: )|"
    r"^[^\w\n]{0,8}(?:response:?\s{1,4})?(?:125|150|22[5-9]|23[0-2]|257|33[12]|350|42[56]|532)[ -]|"
    r"access is denied|cannot find the (?:file|path)|(?:can't|cannot|could not) (?:create|open|change|remove|rename) (?:the )?(?:directory|file|working)",
)
HTTP = Sign(
    r"\bhttp/\d|\bhttp[_ ]?(?:code|status|error)|status[_ ]?code:?\s*[45]\d\d\b|misdirected request|gateway time-?out|bad gateway|\bnginx\b|\bapache/|"
    r"service unavailable for url|/api/|\bget /|\bcurl:|\bsip\b|non-success response|\bapi (?:says|returns|answers|gives|responds)\b|"
    r"\b(?:421 misdirected request|431 request header|451 unavailable for legal|500 internal server error|501 (?:method )?not implemented|502 bad gateway|"
    r"503 (?:service (?:temporarily )?unavailable|server error|over quota|slow ?down)|504 gateway|507 insufficient storage|511 network authentication)\b",
)
OTHER = SparseRe(
    r"\bERROR \d{4} \(|SASL \w+ authentication failed|SQLSTATE|\bmysql|\bpostgres|pg_dump|: (?-i:fatal): |^\W{0,3}(?:\*|\w{1,5}) (?:OK|NO|BAD|BYE) \[|(?:^|\s)[-+]ERR\b|\b(?:imap|pop3)(?:s?://|(?:-login)?[(:])|\b(?:slack|whatsapp|discord|telegram|sms)\b|\bpublickey\b|\bsshd?\b|\bkubectl\b|\bgit@[\w.-]+:|\bldap\b|\[AUTHENTICATIONFAILED\]|\bIMAPStore\b|\bMailKit\.Net\.(?:Imap|Pop3)|: \S+ (?-i:FOUND)$|\bredis\b|\bmongo",
    re.I | re.M,
)
FIELDS = SparseRe(
    r"^[ \t>]{0,4}(?:authentication-results|received-spf|dkim-signature|arc-[\w-]+|x-spam-[\w-]+|x-[\w-]*(?:score|verdict)[\w-]*):"
    r"|<(\w{2,30})>[^<\n]{0,200}</\1>|\[[^\[\]\n]{0,200},\s?(?:true|false|null)\s?[,\]]|\bv=(?:DMARC1|spf1|DKIM1)\b",
    re.I | re.M,
)
"""Header fields, records and reports that check a mail, and refuse none."""


def doubt(text: str) -> float:
    """How much speaks for something else that has the same numbers: FTP, HTTP, SIP, program code."""
    amount = 0.0
    if FTP.search(text):
        amount += 0.6
    if HTTP.search(text):
        amount += 0.6
    if OTHER.search(text):
        amount += 0.4
    if source.is_program(text):
        amount += 0.7
    # Asked last: the others pass over most texts in less time than this takes.
    return amount if amount and (len(text) >= 400 or _DOUBTFUL.search(text)) else 0.0


_DOUBTFUL = Sign(
    r"\b(?:55[03] /\w+|prohibited|slack|whatsapp|discord|telegram|sms|api|docs|payload|parser|handler|mapper|classifier|classification|label|tests?|\w{0,4}ftps?\w*|mysql\w*|postgres\w*|sqlstate|error \d{4}|sasl|ldap|clamav|clamd|pg_dump|publickey|sshd?|kubectl|redis|mongo\w*|login|put|\w+_code|\w+_restrictions|\w+_checks|\w+_maps|stor|retr|mkd|cwd|rmd|dele|rnto|rnfr|pasv|epsv|mlsd|rest|syst|mdtm|nlst|appe|cdup|xmkd|opts|\w*ftp\w*|critical|vsftpd|proftpd|pure|filezilla|file|directory|folder|path|http/\d|http[_ ]\w+|status|"
    r"[a-z]+_[a-z_]+=\S*|\w*reject\w*|default|template|imap\S*|pop3|err|no|bad|bye|returns|expects?\w*|received|want|fake|\w*mock\w*|\w*stub\w*|fixtures?|unit|cases?|fatal|(?:control|data) connection|port command|transfer aborted|upload|listing|logged|unavailable|slow ?down|not implemented|internal server|over quota|assertion\w*|ok|dunno|discard|failed|"
    r"(?:125|150|22[5-9]|23[0-2]|257|33[12]|350|42[56]|532)|statuscode|misdirected|gateway|nginx|apache|url|get|curl|sip|success|def|class|raise|deny|accept|warn|defer|require|func|function|import|from|assert\w*|expect|it|describe|return|const|let|var|public|"
    r"private|if|elif|else|for|while|switch|case|re|preg_match|match|pattern|contains|except|throw|insert|select|update|regexp|like|define|test|passed)\b|%[svdq]\b|\berror:\"?[45]|\$#error|[=!]=|=>|string\b|['\"],|['\"({]\s*$|^@@|\n[+-]",
)


def elsewhere(text: str) -> bool:
    """Whether a text speaks of something else that has the same numbers, or of a test."""
    return any(sign.search(text) for sign in (FTP, HTTP, OTHER, source.TESTED))


_OF_FILES = Sign(
    r"(?:[45]\d\d[ -])?(?:permission denied|access (?:is )?denied to (?:file|folder|directory)|overwrite permission denied|not enough privileges|operation not permitted)\W*$"
)
"""What FTP servers say word for word of a file that nobody may write: vsftpd, ProFTPD, Pure-FTPd."""


def of_files(reply: str) -> bool:
    """Whether a reply is what servers of files say, and no word of mail stands in it."""
    return _OF_FILES.match(reply) is not None


def of_any_program(text: str) -> bool:
    """Whether a connection failed that need not be one of mail: no word of mail stands beside it."""
    if _PARCELS.search(text) and "@" not in text:
        return True
    if not _ANY_PROGRAM.search(text):
        return False
    return not failure.MAIL.search(text) or (
        _OTHER_PORT.search(text) is not None and "smtp" not in text.lower()
    )


_ANY_PROGRAM = lazy_re(
    r"\bdial tcp|\bx509: |\bgetaddrinfo\b|\bconnect E[A-Z]{4,}|\bnet::ERR_|\bjava(?:x)?\.net\.|\bSystem\.(?:IO|Net\.(?:Web|Sockets))|\bTimeoutError: |\b\w{1,40}\.OperationalError"
)
_PARCELS = Sign(
    r"\b(?:parcels?|shipments?|tracking (?:number|id)|paket|pakete|sendungsnummer|colis|paquetes?|pacchi|посылк\w+)\b"
)
"""What else cannot be delivered."""
_OTHER_PORT = lazy_re(r"[\w\])]:(?!(?:25|465|587|2525)\b)\d{2,5}(?![\w:.])")

"""Does a text speak of something else that has the same numbers and words: FTP, HTTP, databases, parcels …?"""

import re

from bot.core.parse.signs import source
from bot.core.parse.signs.sign import Sign
from bot.core.sparse import SparseRe

FTP = Sign(
    r"(?m)\b[a-z]{0,9}ftp[a-z]{0,9}\b|(?<!535 )login incorrect|ftperror|ftppermerror|\b(?:stor|retr|mkd|cwd|rmd|dele|rnto|rnfr|pasv|epsv|mlsd|rest(?= \d)|syst|mdtm|nlst|appe|cdup|xmkd|opts utf-?8)\b(?! error)|critical file transfer|vsftpd|proftpd|pure-ftpd|filezilla|"
    r"fail(?:ed)? (?:to open file|download|upload)|unable to open \S{1,200} for writing|(?:no such|create|open|delete) (?:file|directory)|file unavailable|permission denied.*(?:file|dir|folder)|"
    r"(?:control|data) connection|\bport command|transfer aborted|please upload|directory listing|\b530 (?:not logged|please log|you (?:aren't|are not) logged|login auth)|\b55[03] (?:prohibited file|/(?!\S*forward)\S+: )|"
    r"^[^\w\n]{0,8}(?:response:?\s{1,4})?(?:125|150|22[5-9]|23[0-2]|257|33[12]|350|42[56]|532)[ -]|"
    r"access is denied|cannot find the (?:file|path)|(?:can't|cannot|could not) (?:create|open|change|remove|rename) (?:the )?(?:directory|file|working)",
)
HTTP = Sign(
    r"\bhttp/\d|\bhttp[_ ]?(?:code|status|error)|status[_ ]?code:?\s*[45]\d\d\b(?! [45]\.\d)|misdirected request|gateway time-?out|bad gateway|\bnginx\b|\bapache/|"
    r"service unavailable for url|internal server error: /|/api/|\bget /|\bcurl:|\bsip\b|non-success response|\bapi (?:says|returns|answers|gives|responds)\b|"
    r"\b(?:421 misdirected request|431 request header|451 unavailable for legal|500 internal server error|501 (?:method )?not implemented|502 bad gateway|"
    r"503 (?:service (?:temporarily )?unavailable|server error|over quota|slow ?down)|504 gateway|507 insufficient storage|511 network authentication)\b",
)
OTHER = SparseRe(
    r"\bERROR \d{4} \(|SASL \w+ authentication failed|SQLSTATE|\bmysql|\baccess denied for user '|\(using password: \bpostgres|pg_dump|(?<!\d\]): (?-i:fatal): |(?:^\W{0,3}|: )(?:\*|\w{1,5}) (?:OK|NO|BAD|BYE) \[|(?:^|\s)[-+]ERR\b|\b(?:imap|pop3)(?:s?://|(?:-login)?[(:])|\b(?:slack|whatsapp|discord|telegram|sms)\b|\b(?:nntp|xmpp|irc|voip|minecraft)\b|\bgit push\b|\bfax job\b|\bpublickey\b|\bsshd?\b|\bkubectl\b|\bgit@[\w.-]+:|\bldap\b|\[AUTHENTICATIONFAILED\]|\bIMAPStore\b|\bcom\.sun\.mail\.(?:imap|pop3)\b|\b(?:imap|pop)lib\b|\bMailKit\.Net\.(?:Imap|Pop3)|: \S+ (?-i:FOUND)$|\bredis\b|\bmongo",
    re.I | re.M,
)
NOTED = SparseRe(r"\bpostfix(?:/[\w-]{2,20}){1,3}\[\d{1,8}\]: warning: ")
"""What a mail server notes of a look-up or a client, without any mail."""
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
    if OTHER.search(text) or NOTED.search(text):
        amount += 0.4
    if source.is_program(text):
        amount += 0.7
    return amount


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


def of_parcels(text: str) -> bool:
    """Whether it is a parcel that could not be delivered."""
    return _PARCELS.search(text) is not None and "@" not in text


_PARCELS = Sign(
    r"\b(?:parcels?|shipments?|tracking (?:number|id)|paket|pakete|sendungsnummer|colis|paquetes?|pacchi|посылк\w+)\b"
)
"""What else cannot be delivered."""

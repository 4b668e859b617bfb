"""Did a program that sends mail say that it could not? Mail libraries and frameworks, where no server's reply stands.

Two things have to come together: who speaks (a class, a file or a command that only programs have which send mail,
or a sentence that sending failed) and what went wrong (no connection, a broken one, TLS, the login, an address).
"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.signs import failure, manual, source, talk

_LONGEST = 6000
"""Characters that are looked at: a trace with its last line."""
_NAMES = (
    "smtp", "SMTP", "Smtp", "odemailer", "Mailer", "mailer", "Swift_", "\\Mail", ".mail.", ".Mail.", "MailKit", "MailMessage", "MailException", "MailSend", "command: '", "gomail", "lettre", "wp_mail",
    "OpenTimeout", "ReadTimeout", "mail():", "mail function", "response code", "utgoing", "sendmail", "msmtp", "RFC 2822", "RFC 5322", "mailcore",
    "s-nail: ", "mailx: ", "mutt: ", "send-email: ", "exim", "Invalid login", "xpected ", "RecipientError",
)  # fmt: skip
"""Words of which one stands in each of the names below."""
_WHO = lazy_re(
    r"\bsmtplib\b|\bnet[/\\]smtp\b|\bnet\.smtp\b|\bNet::(?:SMTP|OpenTimeout|ReadTimeout)\b|\bnodemailer\b|\bSMTPConnection\b|\bPHPMailer\b|\bphpmailer/|\bSwift_(?!Message\b)\w|"
    r"\bSymfony[\\/.]{1,2}Component[\\/.]{1,2}(?:Mailer|Mime)\b|\bSymfony Mailer\b|\b(?:Zend|Laminas)[\\/.]{1,2}Mail\b|\b(?:javax|jakarta|com\.sun|org\.springframework|twisted)\.mail\b|"
    r"\bSystem\.Net\.Mail\b|\bMailKit\.(?:Net\.Smtp|Security)\b|\bSend-MailMessage\b|\bSmtp(?:Client|Command|Protocol|Error|Exception|Transport)\w{0,20}\b|\blettre::|\bgomail\b|\bsmtp\.(?:SendMail|PlainAuth|Dial)\b|"
    r"\bSMTP\w{0,30}(?:Client|Error|Refused|Disconnected|Exception)\b|\bRecipientError\b|\bMail(?:Send|Connect|Authentication|Parse)?Exception\b|\bwp_mail\b|\bapp/mailers/|\bActionMailer\b|\bmail\(\):|\bmail function\b|\bon SMTP server\b|\b[Oo]utgoing (?:mail )?server\b|\b[Ee]xpected (?:\w{1,12} )?codes? \"?(?:220|235|250|334|354)\b|"
    r"\b(?:msmtp|ssmtp|sendmail|send-mail|esmtp|swaks|s-nail|mailx|mutt|neomutt|git send-email|exim4?|opensmtpd): |\bcommand unknown: 'AUTH'|\bInvalid login: |\bcommand: '(?:CONN|API|AUTH[A-Z ]*|RCPT TO|MAIL FROM|DATA)'|\bRFC (?:2822|5322)\b|\bSMTP [Ee]rror\b|\bwith SMTP: |\bsmtp dial: |\bgomail\b"
)
"""Names that only programs have which send mail."""
_SENDS = lazy_re(
    r"\b(?:fail(?:ed|ure|s)?|unable|could(?:n't| not)|can(?:not|'t)|error|problem) (?:while |to |in )?(?:send(?:ing)?|deliver(?:ing)?) (?:[\w-]{1,20} ){0,4}?(?:e-?mails?|mails?|invite|invitation|newsletter)\b"
    r"|\b(?:e-?mails?|mails?|mailing|invite|invitation|newsletter)\b[^\n:]{0,80}? (?:could(?:n't| not) be sent|(?:was|were) not sent|failed|sending failed)(?=[:.]| [(-])"
    r"|\b(?:while|when) sending (?:[\w-]{1,20} ){0,3}(?:e-?mail|mail)\b",
    re.I,
)
"""A sentence of a program that sending failed."""
_WHAT = lazy_re(
    r"\btim(?:ed?|ing)[ -]?out\b|\btimeout(?:error| was reached|: |,|$)|\b(?:connection|read|greeting|socket) timeout\b|\bexecution expired\b|\b(?:open|read)timeout\b|\boperation has timed\b|\brefused\b|\bunreachable\b|\bno route to\b|\breset by peer\b|\bbroken pipe\b|\btls failed\b|"
    r"\bfailed to verify certificate\b|\bdid(?:n't| not) (?:respond|answer)\b|\bdisconnected[.!]?$|\bunexpected(?:ly)? (?:socket close|closed?|disconnected|eof)\b|\bclosed (?:the )?connection\b|"
    r"\b(?:could|can)(?:n't| ?not) (?:connect|read|open|authenticate|be established|convert|instantiate|resolve)\b|\b(?:unable|fail(?:ed|ure)) to (?:connect|read|open|authenticate|resolve|establish)\b|\bconnection failed\b|"
    r"\bcertificate\b[^\n]{0,60}(?:fail|invalid|expired|unknown|not |self)|\b(?:self[- ]signed|does not match) certificate|\bcould not be validated\b|\bhandshake\b|\bwrong version number\b|\bpkix path\b|\bcert's altnames\b|"
    r"\be(?:notfound|ai_again|connrefused|connreset|timedout|timeout|hostunreach|proto)\b|\bgaierror\b|\bname or service not known\b|\bno such host\b|\btemporary failure in name\b|"
    r"\bauthentication (?:failed|unsuccessful|required)\b|\bauthenticationfailed|\bno password specified\b|\bmissing credentials\b|\binvalid (?:login|address|credentials)\b|\bnot accepted\b|\bnot (?:supported|authenticated)\b|\bdo(?:es)?(?:n't| not) support\b|\brequires a secure\b|"
    r"\bgot (?:code )?[\"']?[45]\d\d\b|\bfailed to (?:add recipient|set sender)\b|\bfailed messages: |\bapplication-specific password\b|\boperation failed with code\b|\bunable to relay\b|\bsession failed\b|\bfile too big\b|\bspool file\b|\bsender rejection\b|\bdoes not comply with\b|\bnot in the form required\b|\bempty (?:response|code|reply)\b|\bfailure sending mail\b|\bunencrypted connection\b|refused: \{|\bno recipients\b|\bcontrol or whitespace\b|\bconnection_?closed\b|\bio::socket\b",
    re.M,
)
"""What went wrong, in lower case."""
_AT_PORT = lazy_re(
    r"(?:(?P<before>refused|tim(?:ed|e)[ -]?out|unreachable|cannot open|could not connect|failed to connect|unable to connect|couldn't connect|did not respond)[^\n]{0,40}?)?"
    r"\b(?:[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,6})['\"]?:?(?::| on port |, port:? ?| port | \()(?:25|465|587|2525)\b(?(before)|[^\n]{0,40}?(?:refused|tim(?:ed|e)[ -]?out|unreachable|no route|reset))"
)
"""A connection to a mail server's port that failed, in lower case."""
_PORTS = ("25", "465", "587")
_FETCHES = lazy_re(r"\bimap|\bpop3|IMAPStore|\.Imap\b|\.Pop3\b|\bPOP3|\bIMAP")
"""Programs that read mail use the same libraries."""
_TALKS = lazy_re(
    r"(?<!specified)\?\s*$|\b(?:ex ?:|commit|we should|should we|let's|please (?:add|make|explain|document|fix|note|can|open)|can you|could you|how do|what does|which|catch(?:es)?|expects?|(?<!to )add|explain|moves? to)\b|->|^\W{0,3}(?:feat|docs|fix|test|chore)\b|^\W{0,4}(?:#|//|/\*)|^\W{0,2}(?:[\w.-]{1,60}['\"] ?[:=]|msg(?:id|str))",
    re.I | re.M,
)
"""How people speak of what a program says, and strings of one."""
_PLANNED = lazy_re(r"\b(?:will|would|should|may|might) be\b|\bcurl: \(7\)|\bfirewall\b", re.I)
"""Connections that are to fail, or that somebody tries by hand."""


def could_not_send(text: str) -> str | None:
    """Return the line in which a program says why it could not send mail; None where it says no such thing."""
    head = text[:_LONGEST]
    named = any(name in head for name in _NAMES)
    words = head.lower()
    mail = "mail" in words or "invit" in words
    if not named and not mail and not any(port in head for port in _PORTS):
        return None
    if len(words) != len(head):
        return None  # letters that change their length: no program's words
    failure, sure = _failure(head, words, named=named)
    if failure is None or _FETCHES.search(head):
        return None
    begin = head.rfind("\n", 0, failure) + 1
    line = head[begin:].partition("\n")[0].strip()
    traced = source.TRACE.search(head) is not None
    if (
        _TALKS.search(line)
        or talk.discusses(line)
        or (not traced and _TALKS.search(head[:begin].rstrip().rpartition("\n")[2]))
    ):
        return None
    if not sure and (_PLANNED.search(line) or not talk.machine_line(line)):
        return None
    if source.is_program(head) or manual.documents(head):
        return None
    for quoted in _QUOTED.finditer(head, begin, begin + len(line)):
        words_of_it = quoted[1] or quoted[2]
        if quoted.start() < failure < quoted.end() and _WHAT.search(words_of_it.lower()):
            return words_of_it.strip()
    return line


_QUOTED = lazy_re(r"`([^`\n]{12,600})`|(?<!\w)\"([^\"\n]{12,600})\"(?!\w)")
"""A program's words in somebody's sentence."""


def _failure(text: str, words: str, *, named: bool) -> tuple[int | None, bool]:
    """Where the text says what went wrong, if somebody speaks there who sends mail; and whether that is sure."""
    who = _WHO.search(text) if named else None
    sends = None if who or ("mail" not in words and "invit" not in words) else _SENDS.search(text)
    if who and who[0] in ("Net::OpenTimeout", "Net::ReadTimeout") and not failure.MAIL.search(text):
        who = None  # whatever speaks HTTP says so, too
    if who or sends:
        # The last line of a trace says it, and what the library itself says comes first.
        for match in _WHAT.finditer(words):
            line = words[words.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip()
            if not line.startswith(("file ", "at ", "#", "from ", "/", "def ", "return ", "raise ", "self.")):
                return match.start(), True
        return None, False
    at_port = _AT_PORT.search(words) if any(port in text for port in _PORTS) else None
    return (at_port.start() if at_port else None), False

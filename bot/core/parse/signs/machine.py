"""Which sentences do only mail servers and programs that send mail say?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.signs import elsewhere, manual, source, talk
from bot.core.parse.signs.reach import NEAR

MACHINE = lazy_re(
    r"\(delivery attempts: \d{1,4}\)"  # Cisco secure e-mail, at the end of each bounce reason
    r"|^(?:<?[\w.+=-]{1,64}@[\w.-]{1,255}>?\.\.\. |Deferred: )[A-Z]"  # Sendmail puts the address and three dots in front
    r"|\bSMTP (?:conversation|session|transaction) (?:with|to)\b"
    r"|^\W{0,4}smtplib\.SMTP\w+: \W{0,3}\w|\bHorde_Smtp_Exception(?:_\w{1,20})?\"?[:,] ?\S|\bMailKit\.(?!Net\.(?:Imap|Pop3))[\w.]{1,40}Exception: \S"  # of mail libraries
    r"|\bSMTP connect\(\) failed\b|\bGreeting never received\b|\bUnable to connect with STARTTLS\b|\bDATA not accepted from server\b|\bTLS setup failed:"
    r"|\b(?:SmtpException|SmtpFailedRecipients?Exception|libmailcore\.\w{1,40}): \S"
    r"|\bbut got an empty response\b|\b[Cc]ould not connect to SMTP host\b"
    r"|\b[Ff]ailed to send (?:test |an? )?(?:e-?)?mail: \S|\b[Ee]rror sending (?:test |an? )?(?:e-?)?mail: \S|\bMailer Error: \S"
    r"|\bMapiException\w+[;:]|\bMessageRejected(?:Exception)?: \S|\bThe following identities failed the check in region\b|\b[Nn]o mx record found for domain="  # Exchange, Amazon
    r"|\b[Ww]e're writing to let you know that the group you tried to contact\b|\bUnauthenticated email from \S{1,255} is not accepted due to\b"  # Google
    r"|^\W{0,4}Must issue a STARTTLS command first\b|^\W{0,4}Client host \[[0-9a-f.:]{3,45}\] (?:blocked|rejected)\b|\bmail for \S{1,255} loops back to myself\b"
    r"|\bThe server response was: \S"  # .NET
    r"|\b(?:dial tcp|[Cc]onnect(?:ing)?(?: to)?) \S{1,255}:(?:25|465|587)\b[^\n]{0,30}(?:refused|time(?:d )?out|no route|unreachable|reset)"
    r"|\bE(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|CONNRESET) \S{1,255}:(?:25|465|587)\b"  # a connection to a mail server's port
    r"|\bFailed to (?:authenticate on|find an authenticator supported by)(?: the)? SMTP server"
    r"|\bSMTP(?:ServerDisconnected|ConnectError|HeloError|AuthenticationError|DataError)\b: \S|\bNet::SMTP\w{1,30} \(\d{3}|\bSmtpException : \S|\blettre::transport::smtp::Error \{"
    r"|\b(?:SMTP|Smtp) error: [Cc]onnection |\bcreate SMTP client: \S|\bsmtp\.\w{1,20} failed: \S|\b(?:RCPT TO|MAIL FROM) not accepted from server\b"
    r"|\b[Cc]onnection attempt to \S{1,255}:(?:25|465|587) failed|\bgetaddrinfo \w{1,20} (?:smtp|mail|mx)\S{1,250}|\b[Mm]ail delivery failed via SMTP server\b"
    r"|\b[Ff]ailed to send (?:alert )?notification (?:to )?e-?mail\b[^\n]{0,200}(?:error=|: )\S"
    r"|\bSMTP Error(?: \(-?\d{1,4}\))?: |^(?:(?:Error: )?Can't send mail - |(?:[\w\\]+: )?Connection could not be established with host )"  # mail libraries
    r"|\bName service error for name=|\bhas exceeded the max (?:emails|defers)"  # Postfix, cPanel
    r"|^msmtp: \S|\b(?:SendFailedException|com\.sun\.mail\.smtp\.SMTP\w+Exception): \S|(?:^|: )Sending of the message failed\.|\bOutgoing server \(SMTP\)|\b0x800CCC\w\w\b|\b0x8004210[9ABab]\b"
    r"|^\W{0,4}curl: \(\d+\) (?:RCPT|MAIL|DATA) failed"
    r"|\bpostfix/(?:smtp|lmtp)\[\d{1,7}\]: [0-9A-Za-z]{6,15}: (?=[A-Z][a-z])[^\n]{0,80}?(?:\bnot\b|[Ff]ail|[Rr]efused|[Cc]annot|timed out)"
    r"|\bTLS error from \S|\bR=\w{1,40}(?: T=\w{1,40})?: \S"  # the router of Exim
    # Thunderbird in other languages
    r"|\b(?:Postausgangs-?[Ss]erver|[Ss]erveur sortant|[Ss]ervidor (?:de salida|saliente|de saída|de envio)|[Ss]erver in uscita|[Uu]itgaande server|poczty wychodzącej|odchozí pošty|giden sunucusu\w{0,4}|исходящей почты) \(SMTP\)"
    r"|送信 ?\(SMTP\) ?サーバー|发(?:送|件)服务器 ?\(SMTP\)|寄件伺服器 ?\(SMTP\)|보내는 (?:메일 )?서버 ?\(SMTP\)"
    r"|\A\W{0,4}Envelope expired\W{0,4}\Z"  # OpenSMTPD
    r"|^DNS Error: |\bDNS Error: (?:\d{1,12} )?(?:DNS type|Address resolution)|^The message was rejected for the following reason: |\([A-F]\d{3}\)$|^Router: [A-Z]|^Unroute?able address\.?$"  # Domino, Exim
    # PHPMailer in other languages, and whoever says so in its way
    r"|\bSMTP[- ]?(?:[Ff]ehler|[Ff]out|[Ff]ejl|[Ff]eil|[Ff]el|[Hh]atası|[Hh]iba|[Vv]irhe|エラー|错误|錯誤|오류) ?: ?\S|\b(?:[Ee]rror|[Ee]rreur|[Ee]rrore|[Ee]rro|[Bb]łąd|[Оо]шибка|[Пп]омилка|[Cc]hyba|[Kk]esalahan|[Ll]ỗi|[Ee]roare|[Gg]reška) (?:de |di |do |du |serwera )?SMTP ?: ?(?!voir|siehe|see|ver )\S"
    # A sentence that a mail was not sent, and why
    r"|\b(?:[Ee]rror|[Ee]xception|[Pp]roblem|[Ff]ailed|[Ff]ailure|[Uu]nable|[Cc]ould not|[Cc]ouldn't|[Cc]annot|[Cc]an't)(?: (?:to|in|was|occurred|while|when|during|trying|there|thrown|on|with)){0,4} (?:send|sending|deliver|delivering) (?:(?!webhook)[\w-]{1,15} ){0,2}?(?:e-?mail|mail)s?(?: (?:notification|message|alert|invitation|report))?(?: (?:to|for|through|via|from|with|using|in) \S{1,80}(?: \w{1,30})?)?(?:: |, error: )(?!who|what|how|where|why)\S"
    r"|\b(?:[Ee]-?mail|[Mm]ail) (?:could not be|was not|not) sent: \S|\b[Ss]ending (?:[\w-]{1,15} ){0,2}?(?:e-?)?mail failed(?:: |, error: )\S|\b[Cc]ould not send message: [^\n]{0,80}\b(?:mail|[Mm]essage could|address|recipient|sender|SMTP)\b"
    # Fields of a log: an outgoing mail, and why it failed
    r"|\b(?:delivery|smtp|rcpt|nrcpt|remote_server)\b[^\n]{0,200}?\b(?:reason|smtp_msg|smtp_enchcode|err)\"?[=:] ?\"(?=[^\"\n]{0,80}(?:[Tt]ime|refused|\bnot\b|[Ff]ail|[Ii]nvalid|reset|closed|no such|denied|rejected|error))"
    r"|\bmsg=\"[Ff]ailed to send (?:test )?e?-?mail\" err(?:or)?=\S|\"(?:message|error|reason)\": ?\"(?:[Ee]-?mail|[Mm]ail|Message) could not be (?:sent|delivered)(?:: | - )\S"
    r"|\{:?(?:permanent|temporary|network)_failure, [\"'{<]|\{:?(?:no_more_hosts|retries_exceeded), \{"  # Erlang's gen_smtp
    r"|\b(?:Permanent|Transient)NegativeCompletion\b|\b[Ee]xpected (?:\w{1,12} )?codes? [\"'\[]?(?:220|235|250|334|354)\b\W{0,3}(?:but )?got (?:code )?(?:[\"']?[45]\d\d\b|\"\"|'')|\bsmtp dial: \S"  # Rust's lettre; a code for another
    r"|\bFailed to (?:add recipient|set sender) '[^'\n]{1,320}'\. \S"  # PEAR
    r"|\bqueryMx \w+ \S"  # Node's look-up of a mail host
    r"|^The (?:message|mail) to \S{1,320} (?:is|was|has been) (?:bounced|returned|rejected) because\b"
    r"|\bChild process of \S{1,64} transport (?:returned \d|was terminated by signal)|^[ \t]*DANE attempt failed; TLS (?:connection|session)\b"  # Exim
    r"|^Connected to [\da-f.:]{3,45} but (?:authentication was|sender was|my name was|greeting failed|connection died|password expired)\b|\bI'm not going to try again; this message has been in the queue too long",  # qmail
    re.MULTILINE,
)
"""Frames that only a mail server's own sentence has."""
_MACHINE_HINTS = (
    "SMTP", "Smtp", "smtp", ":25", ":465", ":587", "... ", "Deferred: ", "delivery attempts: ", "The server response was: ", "exceeded the max ", "service error", "SendFailed",
    "Sending of the message", "0x800CCC", "0x80042", "curl: (", "DNS Error: ", "The message ", "The mail ", "Router: ", "Child process of ", "DANE attempt", "Connected to ", "nroute", "queryMx", "Greeting never", "STARTTLS", "not accepted from server", "TLS setup",
    "ailed to send", "rror sending", "Mailer Error", "MapiException", "MessageRejected", "identities failed", "mx record found", "let you know that the group", "Unauthenticated email",
    "MailKit.", "Client host [", "getaddrinfo ", "notification ", "loops back", "libmailcore", "empty response", "Can't send mail", "Connection could not", "Envelope", "going to try again", " R=", "TLS error", "postfix/",
    "send", "Send", "deliver", "_failure, ", "no_more_hosts", "retries_exceeded", "NegativeCompletion", "xpected ", "set sender", "add recipient", "smtp dial", "reason", "smtp_msg", "could not be", "err=",
)  # fmt: skip
"""Words of which one stands in each of them: the pattern takes a hundred times as long."""
_DOMINO = lazy_re(r"\([A-F]\d{3}\)$", re.M)


def machine_says(text: str) -> re.Match[str] | None:
    """A sentence that only machines say, where nobody asks what it means or proposes it."""
    found = _said(text[:NEAR])
    if found is None or source.is_program(text[:NEAR]):
        return None
    begin = text.rfind("\n", 0, found.start() + 1) + 1
    line = text[begin:].partition("\n")[0]
    if talk.discusses(line) or manual.documents(text[:NEAR]) or elsewhere.NOTED.search(line):
        return None
    # In a long text it is a phrase in somebody's sentence, perhaps.
    return None if len(text) >= 400 and talk.chatty(text[begin : found.start()]) else found


def _said(text: str) -> re.Match[str] | None:
    """The first sentence that only a mail server or a mail program says."""
    if any(hint in text for hint in _MACHINE_HINTS) or _DOMINO.search(text):
        return MACHINE.search(text)
    return None


LIBRARY = lazy_re(
    r"\bNet::SMTP|\bMailKit\.|\bmailcore\b|\bHorde_(?:Smtp|Mail)|\bsmtplib\b|\bSMTP(?:Recipients|Sender)Refused|\bSMTP\w{0,20}(?:Error|Exception)\b(?!\()|\bPHPMailer\b|\bSwift_\w|"
    r"\b(?:javax|jakarta)\.mail\b|\bSmtp(?:Client|Command|Protocol|Error|Exception|Transport)\w{0,20}|\bMessagingException\b|\bnodemailer\b|\bSTOREDRV\b",
)
"""Names that only programs have which send mail."""
COMMAND = lazy_re(r"\b(?:STARTTLS|EHLO|RCPT TO|MAIL FROM|DATA command)\b")
"""Commands that they send (RFC 5321)."""
PAGE = lazy_re(
    r"\bsupport\.google\.com/mail/\?p=\w|\bgsmtp\b|\baka\.ms/EXOSmtpErrors\b|\bpostmaster\.\w{2,20}\.\w{2,6}/\S{0,40}\?\w{1,10}="
    r"|\bhttps?://[^\s?]{4,120}\?(?:[^\s&]{1,40}&){0,4}ip=[\da-f]{1,4}[.:]"
)
"""Pages, and a name, that only the replies of servers point to: each holds what it was asked for."""

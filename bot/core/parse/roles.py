"""Which addresses does a text name, and who is who: the sender, the recipient, or somebody to turn to?"""

from collections.abc import Iterator

from bot.core.lazy import lazy_re
from bot.core.parse.clean import lowered
from bot.core.sparse import SparseRe


def addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield each e-mail address of a text with its role: recipient, sender or contact. Of whom nothing is said,
    that is the recipient."""
    for address, role in _roles(text):
        yield address, role or "recipient"


def parties(text: str) -> tuple[str | None, str | None]:
    """Return the sender and the recipient that a text names; those whose role it says before those it only names."""
    sender = recipient = named = None
    for address, role in _roles(text):
        if role == "sender":
            sender = sender or address
        elif role == "recipient":
            recipient = recipient or address
        elif role is None and named is None:
            named = address
    if recipient is None and named != sender:
        recipient = named
    return sender, recipient


def _roles(text: str) -> Iterator[tuple[str, str | None]]:
    """Each address with the role that the words around it give it, or None where they give none."""
    words = lowered(text)
    identities = words.find("identities failed the check")  # Amazon's word for senders, any number of them
    refused = words.find("senderrefused")  # by Python's smtplib: code, words and the sender
    signature = _SIGNATURE.search(words) if "\n--" in words else None
    signed = signature.start() if signature else len(words)
    for match in _ADDRESS.finditer(words):
        begin, end = match.span()
        before = words[max(0, begin - _BEFORE) : begin]
        after = words[end : end + _AFTER]
        address = match[0]
        if _UNIQUE.match(address):
            continue
        labelled = _LABELLED.search(before) if before[-1:] in _LABEL_ENDS else None
        if -1 < identities < begin:
            yield address, "sender"
        elif begin > signed or _TELLS_AFTER.match(after) or _TELLS_BEFORE.search(before):
            yield address, "contact"  # who tells of it
        elif _SENDS_AS.match(after):
            yield address, "contact"  # the account that logged in: who it writes as is named behind
        elif labelled:
            role = "sender" if labelled["from"] else "recipient"
            yield address, "contact" if _of_the_report(words, address, role) else role
        elif _RECIPIENT_BEFORE.search(before):
            yield address, "recipient"
        elif _OTHER_BEFORE.search(before):
            yield address, "contact"
        elif _SENDER_BEFORE.search(before) or _SENDER_AFTER.match(after):
            yield address, "contact" if _DAEMON.match(address) else "sender"
        elif _RECIPIENT_AFTER.match(after):
            yield address, "recipient"
        elif _CONTACT_BEFORE.search(before) or _CONTACT_LOCAL.match(address) or after[:1] == "/":
            yield address, "contact"
        elif _WROTE_AFTER.match(after):
            yield address, "sender"
        else:
            yield address, "sender" if -1 < refused < begin else None


def _of_the_report(words: str, address: str, role: str) -> bool:
    """Whether a field is of the report itself: it comes from a program, and goes to who sent the message."""
    if role == "sender":
        return _DAEMON.match(address) is not None
    return _FROM_DAEMON.search(words) is not None


_UNIQUE = lazy_re(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}@")
"""A number that is given once (RFC 9562) is the name of a message, not of a mailbox."""
_BEFORE, _AFTER = 100, 40
"""Characters around an address that tell its role."""


def first_address(text: str) -> str | None:
    """Return the first e-mail address of the text, lower-cased."""
    match = _ADDRESS.search(text)
    return match[0].lower() if match else None


_EDGE = r"\s<>()\[\]{},;:\"'|`\\"
_ADDRESS = lazy_re(
    rf"(?<=<)[^{_EDGE}@]{{1,64}}@[a-z@][a-z0-9.,-]*(?=>)|(?:\"[^\"\s\n]{{1,64}}\"|(?<![^{_EDGE}=/])(?<!@)(?:[^{_EDGE}@=/+]{{1,64}}\+[^{_EDGE}@=/]{{1,64}}=)?[^{_EDGE}@=/]{{1,64}})@(?:[^\W_][\w-]*\.){{1,10}}[^\W_][\w-]*\w"
)

# These patterns are for words in lower case.
_SENDER_BEFORE = SparseRe(
    r"(?:senders?|sender address|from|from address|mail from|return[- ]path|envelope-from|verification failed for|not owned by(?: user)?|owned by(?: user)?|"
    r"domain of sender address|sender verify failed for|envelope sender (?:not allowed|rejected|denied|refused|blocked)|[?&;](?:id|sender|mfrom)(?==)|object\(swift_message\),|(?:send|mail|disallowed) as|sendmail\(|\s-f|from address is|发件人|отправител[ья]|absender|expéditeur|remitente|(?:e-?mail|mail|nachricht|correo|mensaje|mensagem|message|courriel|письмо|сообщение) (?:von|de|da|от)|on behalf of|authenticated as|logged in as|f=|x-postfix-sender|sender id|postcow-sender)"
    r"[\s:=<\[('\"]{0,4}$",
)
_SENDER_AFTER = lazy_re(
    r"[>\])'\"]*[\s:.,-]{0,6}(?:\.\.\.\s*)?(?:sender|domain of sender|not owned by|may not send|as sender|is not an authori[sz]ed sender|is not allowed to send|access denied|mail from(?! [\[(]?\d))\b"
    r"|>? {0,3}(?:→|-{1,2}>|=>) {0,3}<?[^\s<>@]{1,64}@",
)
_WROTE_AFTER = lazy_re(
    r">? (?:sent|sends|wrote|tried to send|tries to send|is trying to send|(?:can't|cannot|can not) send)\b"
)
_RECIPIENT_BEFORE = SparseRe(
    r"\brecipients?(?: address)?(?: failed| refused| rejected)?[\s:=<\[('\"]{1,4}$|\brcpt to: ?<?$|(?:--to[ =]|\s-t )['\"]?<?$|@[\w.-]{3,80}>? {0,3}(?:→|-{1,2}>|=>) {0,3}<?$"
    r"|(?<!forward )(?<!send )(?<!write )(?<!direct )(?<!us )\b(?:an?|the|my|our|your|these|every|each|any|all) (?:\w{1,12} )?(?:(?:e-?mail|mail|message|invoice|newsletter)s?|nachrichten) (?:to|an) <?$|\b(?:(?:e-?mail|message|invoice|newsletter)s|mails|nachrichten) (?:to|an) <?$"
    r"|\b(?:deliver(?:y|ed|ing)?|addressed) (?:(?:your |the |this )?\w{1,12} )?to[\s:<'\"*]{1,4}$"
    r"|\bfrom <?[^\s<>@]{1,64}@[\w.-]{3,80}>? to <?$|@[\w.-]{3,80}', (?:array\(|\[)'$|(?:收件人|получател[ьяю]|empfänger|destinataire|destinatario) <?$"
    r"|\b(?:sent|sending|(?:failed|unable|failure|tried|try|trying|tries|want(?:ed|s)?|attempt(?:ed|s|ing)?) to send|(?:can|could) ?(?:not|n't) send|error sending) (?:an? |the |this |your )?(?:\w{1,12} )?(?:e-?mails?|mails?|messages?) to[\s:<'\"]{1,3}$"
)
_RECIPIENT_AFTER = lazy_re(
    r"[>\])'\"]{0,2} (?:(?:are|is|were|was|keeps?|gets?) (?:being )?(?:bounc|undeliver)|(?:always |now |still )?(?:bounces?|bounced|comes? back|came back|fails?|failed|kommt|kommen)\b)"
)
_OTHER_BEFORE = SparseRe(
    r"(?:\btask ['\"]|authori[sz]ed sender for <?|\b(?:msg-?id|message-?id)\W{1,3}|\blogin\(['\"]|(?<!unknown )(?<!invalid )\b(?:user_?name|sasl_user(?:name)?|auth_?(?:user|id))['\"]?\s?[=:]\s?['\"<]?|\buser=['\"<]?|\(account |authenti\w{1,10} failed for <?)$"
)
"""Words before a message-id, and before the name that somebody logs in with."""
_FROM_KEY = (
    r"(?:x-)?post(?:fix|cow)-sender|return[-_ ]?path|reverse[-_ ]path|(?:(?:envelope|smtp|mail|header|msg|message|e-?mail)[-_ ]?)?(?:from|sender)(?:[-_ ]?(?:e-?mail|addr(?:ess)?))?"
    r"|absender(?:adresse)?|expéditeur|remitente|mittente|remetente|отправитель|发件人|差出人"
)
_TO_KEY = (
    r"(?:(?:envelope|smtp|mail|e-?mail|failed|refused|final|original|intended)[-_ ]?)?(?:to|recipients?|receivers?|rcpt(?:[-_ ]?to)?)(?:[-_ ]?(?:e-?mail|addr(?:ess(?:es)?)?))?"
    r"|rejected|empfänger(?:adresse)?|destinataires?|destinatari[oa]s?|получатель|收件人|宛先"
)
_LABELLED = lazy_re(
    rf"(?:^|[\n\t\"'\[({{,;|*<>.]|(?<=\s)(?=\S{{1,20}}=))[ *•>-]{{0,8}}(?:(?P<from>{_FROM_KEY})|(?:{_TO_KEY}))[\"'\]*]{{0,3}}\s{{0,30}}(?::|=>|=|\||(?<=[a-z])>)\s{{0,12}}"
    r"(?:string\(\d+\) |rfc822;\s)?[\[\"'(<{`*\s]{0,12}(?:[\"']?(?:e-?mail(?:_?address)?|address)[\"']?\s?:[\s{\"'<]{0,12}){0,2}(?:[^\n<>@=:]{1,60}<)?$"
)
"""A field that names an address, as mails, logs, JSON, Python, PHP and people write it: ``"to": ["``, ``[from] => ``."""
_LABEL_ENDS = ("", " ", ">", "\t", "\n", ":", "=", '"', "'", "<", "[", "(", "{", "`", "*", ";", "|")
_DAEMON = lazy_re(r"(?:mailer-?daemon|postmaster|bounces?|mail-?delivery)@")
_FROM_DAEMON = lazy_re(
    r"(?:^|\n)\W{0,8}(?:from|von|de|da|van|od|от)\s?:[ \"]{0,4}(?:[^\n<@]{0,60}<)?(?:mailer-?daemon|postmaster|mail delivery|mail administrator|microsoft outlook|system administrator)"
)
"""Whom a report comes from."""
_TELLS_AFTER = lazy_re(
    r"[)>]{0,2},? (?:reports?|reported|writes|asks|complains?|complained|opened|forwarded|schreibt|meldet|fragt)\b"
)
_TELLS_BEFORE = lazy_re(
    r"\b(?:reported|opened|created|requested|submitted|raised|forwarded|written|assigned|ticket) (?:by|to):? (?:\w{1,20} ){0,3}[(<]?$"
)
_SIGNATURE = lazy_re(
    r"\n-- ?\n(?:[^\n\d]{1,80}\n){1,4}?[^\n@]{0,60}@[^\n@]{3,120}(?:\n[^\n]{0,100}){0,3}\s*\Z"
)
"""The last lines of somebody's message: a name, perhaps a firm, an address."""
_SENDS_AS = lazy_re(r"\W{0,3}\s(?:is )?not allowed to send as\b")
_CONTACT_BEFORE = SparseRe(
    r"(?:contact|e-?mail|mail us at|mail to|write to|forward\b.{0,30} to|report(?:ed)? (?:\w+ ){0,2}to|support at|help at|questions to|at|via|mailto|reach|notify|request to|"
    r"send(?: an?)?(?: e-?mail)? to|postmaster at|"
    # Where somebody is reached from now on (RFC 5321 section 3.4) is not who was written to.
    r"please (?:try|use)|instead(?: use| try)?|try instead|has (?:been )?(?:moved|changed) to|is now|new (?:e-?mail |mail )?address(?: is| now)?)[\s:<(\[]{0,3}$",
)
_CONTACT_LOCAL = lazy_re(
    r"(?:postmaster|abuse|support|help|helpdesk|unblock|removal|delist|admin|noc|security|mailer-daemon|feedback|info-?desk)\b",
)

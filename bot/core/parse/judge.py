"""Is a mail without a delivery status a bounce, and how surely?"""

import re

from bot.core.lazy import lazy_re
from bot.core.model import Kind
from bot.core.parse.mime import Fields, decode_words, first_of
from bot.core.parse.reply import find_replies
from bot.core.parse.returned import without_original
from bot.core.parse.signs import failure, kinds, sentences, talk

_BODY, _HEAD = 6000, 1500
"""Characters of the words that are looked at; of their beginning, where a mail says what it is."""
_DAEMON = lazy_re(
    r"mailer-daemon|mail(?:er)?[-_. ]?(?:delivery|deliver)|postmaster|post_master|mdaemon|bounce|<>|mail administrator|delivery (?:sub)?system|no-?reply|system administrator|mailer|microsoft outlook|"
    r"-(?:admin|owner|request)@|\bowner-|listserv|listproc|majordomo|mailman|sympa",
    re.I,
)
"""Who writes bounces: programs, and those of mailing lists."""
_SURELY = lazy_re(r"mailer-?daemon|mail(?:er)?[-_. ]delivery|\b(?:postmaster|post_master)@", re.I)
"""Who writes little else (RFC 5321 section 4.5.5)."""
_SUBJECT = lazy_re(
    r"undeliver|deliver(?:y|ed)|fail|return|bounce|reject|warning|delay|unzustellbar|zustell|non remis|échec|remise|no se puede|entrega|entregar|impossibile|recapit|consegn|não|falha|недостав|доставл|配信|不達|送信|返送|退信|失败|失敗|mail system error|error|problem|could not|refus|notif|"
    r"doruč|dostarcz|zwrot|bezorg|onbestel|retour|leverans|levering|obezorg|kézbesít|teslim|iletilemedi|παράδοσ|livr|nedostav|전송|발송|반송|실패|送达|投递|無法|エラー|不能",
    re.I,
)
_SAID = lazy_re(
    r"\ba été (?:rejeté|refusé|bloqué)e?\b|\bwurde (?:abgelehnt|abgewiesen|blockiert|zurückgewiesen)\b|\bha sido (?:rechazado|bloqueado)\b|\bè stat[oa] (?:rifiutat|respint|bloccat)[oa]\b|"
    r"\b(?:mail|e-?mail|message|attachment)s? (?:was|were|has been|have been) (?:blocked|quarantined|rejected|refused|stopped|deleted)\b|"
    r"\b(?:not|non)[- ](?:a )?members?\b|\bnot (?:authori[sz]ed|allowed|permitted) to (?:send|post|submit)|\b(?:no|not have) permission to (?:send|post)|was not posted|rejected posting|members?[- ]only",
    re.I,
)
"""What filters say of a message, and mailing lists of a post, that they do not take."""


def by_daemon(fields: Fields) -> bool:
    """Whether a mail server wrote a mail with these header fields."""
    return _SURELY.search(decode_words(first_of(fields, "from"))) is not None


def judge(fields: Fields, words: str, report_type: str, *, known: bool) -> tuple[float, Kind]:
    """Return how surely a mail with these header fields and words is a bounce, and what it is.

    ``known``: whether a field names the failed recipients, as Exim and Gmail do.
    """
    if known:
        return 1.0, Kind.BOUNCE
    subject = decode_words(first_of(fields, "subject"))
    sender = decode_words(first_of(fields, "from"))
    body = without_original(words)[:_BODY]
    head = body[:_HEAD]
    if kinds.FEEDBACK.search(head):
        return 0.0, Kind.FEEDBACK_REPORT
    nobody = "<>" in first_of(fields, "return-path")
    daemon = nobody or bool(_DAEMON.search(sender or "<>"))
    vacation = kinds.AUTO_REPLY.search(subject) or ("vacation" in first_of(fields, "auto-submitted").lower())
    report = any(sign.search(text) for sign in (sentences.REPORT, _SAID) for text in (body, subject))
    replies = [
        reply
        for reply in find_replies(body)
        if (reply.leads or reply.framed or reply.status)
        and (reply.status or failure.FAILURE.search(reply.text))
        and not talk.asks(reply.text)
        and not talk.counts(reply.text)
    ]
    if not replies and (vacation or (kinds.AUTO_REPLY.search(head) and not daemon)):
        return 0.0, Kind.AUTO_REPLY
    failed = report and failure.FAILURE.search(head)
    if not replies and not failed and kinds.RECEIPT.search(head):
        return 0.0, Kind.RECEIPT
    surely = nobody or _SURELY.search(sender) is not None
    if not (surely or replies or "@" in body or "@" in subject):
        return 0.0, Kind.CHATTER  # a parcel, perhaps: a bounce names whom it was for
    score = (
        (0.6 if nobody and _SURELY.search(sender) else 0.35 if daemon else 0.0)
        + (0.4 if report else 0.0)
        + (0.3 if replies else 0.0)
        + (0.25 if _SUBJECT.search(subject) else 0.0)
        + (0.3 if report_type == "delivery-status" else 0.0)
    )
    return (min(1.0, score), Kind.BOUNCE) if score >= _BOUNCE else (0.0, Kind.CHATTER)


_BOUNCE = 0.6
"""From here on a mail is called a bounce: two signs that agree."""

"""Does a manual list replies, or a table count them?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.reply import Reply
from bot.core.parse.signs.reach import HEAD
from bot.core.parse.signs.sign import Sign

DOCUMENTS = Sign(
    r"(?<!script )(?<!snippet )(?<!code )(?<!config )\b(?:from|in|per|according to|see) (?:the |our |your |their )?(?:\w{1,20} ){0,2}(?:docs|documentation|manual|readme|faq|help page)\b|\brelease notes\b|\bchange ?log\b|\b(?:translat(?:e|ed|ions?|ing)|wording|macros? (?:for|text|we)|canned (?:answer|reply|response)|textbausteine?|übersetz\w+)\b|\bon purpose\b|\bby design\b|\bas intended\b|"
    r"\b(?:common|usual|typical|frequent|popular|most frequent) (?:\w{1,20} ){0,2}(?:errors?|bounces?|error messages|codes?|causes?)\b|\b(?:internal |our |company )wiki\b|\bknowledge ?base\b|\bcheat ?sheet\b|"
    r"\bhäufige \w{0,20}(?:fehler|meldung)|\bspickzettel\b|\bwissensdatenbank\b|\berreurs (?:courantes|fréquentes)\b|\berrores (?:comunes|frecuentes)\b|\berrori (?:comuni|frequenti)\b|\bmessagg\w (?:di errore )?più (?:comuni|frequenti)\b|\berros comuns\b|"
    r"(?:популярны|част|типичны|распростран[её]нны)е ошибки|баз[уаеы] знаний|よくあるエラー|意味・|一覧|の説明|常见(?:错误|退信|错误码)|错误码(?:大全|说明)|"
    r"\b(?:that|the|this|our|your|their) (?:docs?|documentation|article|manual|wiki|section)\b[^\n.]{0,40}\b(?:outdated|wrong|misleading|incorrect|clear(?:er)?|unclear|says?|states?|gives? the|mentions?|lists?)\b|"
    r"\bnow shows\b|\bsection (?:says|states|gives|lists|mentions)\b|\b(?:add(?:ed|ing)?|mention(?:ed)?|document(?:ed)?|list(?:ed)?|missing|described?) (?:it |this |that )?(?:to|in|from|on) (?:the|this|our|your) (?:[\w-]{1,20} ){0,3}(?:page|docs?|documentation|article|manual|wiki|table|readme|faq|runbook)\b|\bfrom \S{2,40} help(?: pages?| center)?:|\bread more\b|\b(?:new|latest) (?:article|blog post|guide|tutorial)\b|\b(?:policy|help|support) page\b|\bwiki (?:page|article|[\"'“])|\biana\b|\bx\.\d{1,3}\.\d{1,3}\b|"
    r"\breasons? (?:why )?(?:our|the|your|a|their) (?:mail )?(?:servers?|messages?|e-?mails?|mails?) (?:(?:did not|didn't|was not|wasn't|may|might|can|could|is|are|gets?)\b|[^\n]{0,20}reject)|"
    r"^\W{0,4}(?:investigating|identified|monitoring|resolved|update)\W{1,6}(?=[a-z])[^\n]{0,300}\b(?:reporting|customers?|incident|increased|we are|we're|has been)\b|"
    r"^\W{0,3}(?:(?:i|we) )?(?:wrote back|told|answered|replied|draft(?: answer| reply)?)\b[^\n:]{0,40}: |\(#\d{1,6}\)\s*$|^\W{0,3}(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?) #\d{1,6}\b|\b(?:not|no longer) (?:listed|blocked|blacklisted) (?:any ?more|now|any longer)\b|\bno longer (?:listed|blocked|blacklisted)\b|\b(?:tls|tlsrpt) reports?\b|\bdmarc (?:aggregate |rua )?reports? (?:says?|shows?|lists?|has|have|from (?:google|yahoo|microsoft))\b|\bmail ?flow rule: |\b(?:must|should|to|can) be (?:parsed|handled|ignored|translated|matched|treated|classified)\b|^\W{0,3}(?:\[[\w-]{1,30}\] )?fix(?:e[sd])?:? "
)
"""How people say that they quote a document."""
_EXPLAINS = Sign(
    r"\b(?:this|these|such an?) (?:errors?|codes?|error (?:codes?|messages?)|responses?|rejections?|replies|bounces?) (?:means?|indicates?|occurs?|appears?|happens?|are (?:typically|usually|generally|some)|is (?:returned|given|generated|shown|issued) (?:when|if|to))\b|"
    r"\b(?:codes?|errors) (?:are|is) (?:typically|usually|generally)\b|\bhave been seeing\b|\b(?:you|users|senders|people|customers) (?:may|might|will|can|could) (?:see|encounter|notice|get the|receive the)\b|"
    r"\b(?:cette|ces) erreurs? (?:indique|signifie|apparaît|se produit|survient)|\bdiese[rs]? fehler(?:meldung|code)? (?:bedeutet|tritt|erscheint|besagt|weist)|\best[ea] (?:error|erro|código|mensaje) (?:indica|significa|aparece|ocurre|ocorre|se produce)|"
    r"\bquest[oa] (?:errore|codice) (?:indica|significa|appare|si verifica)|\bten (?:błąd|kod|komunikat) (?:oznacza|pojawia|występuje)|\bdeze (?:fout|foutmelding|code) (?:betekent|geeft|treedt)|\bэт[аои] (?:ошибка|код) (?:означает|возникает|появляется)|このエラー(?:は|コード)|(?:该|此|这个)(?:错误|退信|代码)(?:表示|说明|是指)|"
    r"\b(?:häufigsten? (?:ursachen?|gründe)|causas (?:más )?(?:comunes|frecuentes)|causes (?:les plus )?fréquentes|najczęściej spotykane przyczyny|veelvoorkomende oorzaken|частые причины)",
)
"""How a document goes on."""


def documents(text: str) -> bool:
    """Whether a text is one of a document, or about one."""
    return bool(DOCUMENTS.search(text) or _EXPLAINS.search(text))


def documented(text: str, replies: list[Reply]) -> bool:
    """Whether a manual lists replies: three different ones that name nothing, or each with its remedy."""
    head = text[:HEAD]
    if counted(head) or (documents(head) and not _CONCRETE.search(head)):
        return True
    different = len({reply.text for reply in replies})
    if len(_REMEDY.findall(head)) >= max(different, 2):
        return True
    return different > 2 and not _CONCRETE.search(head)


def listed(replies: list[Reply]) -> float:
    """How much speaks for a list of codes, as documentation has it, rather than for what servers said."""
    if any(len(set(_CODE_AND_WORDS.findall(item.text))) >= 3 for item in replies):
        return 0.7
    leading = {item.text for item in replies if item.leads}
    if strings(replies):
        return 0.7
    if len(leading) >= 4 and not any("@" in item.text for item in replies):
        return 0.7
    if len({item.code for item in replies}) >= 3 and sum(item.framed for item in replies) <= 1:
        return 0.4 if any(item.status for item in replies) else 0.7
    return 0.0


def strings(replies: list[Reply]) -> bool:
    """Whether several replies stand between quotation marks: strings of a program or a configuration."""
    return len({(item.code, item.status) for item in replies if item.quoted and item.leads}) > 1


_CODE_AND_WORDS = lazy_re(r"\b([45]\d\d)(?= [(\w])")


def counted(text: str) -> bool:
    """Whether the rows of a table say how often a thing was, or what a code means."""
    if len(_TALLY.findall(text)) > 2:
        return True
    if "|" not in text:
        return False
    return _CODE_CELL.search(text) is not None or len(_COUNTS.findall(text)) > 1


_TALLY = lazy_re(
    r"^[ \t>]{0,12}(?:\d{1,8} {0,3}[:x×] {0,3}[^\W\d_]|[^\n]{4,90}\((?:total: ?)?\d{1,8}(?: ?%)?\)[ \t]*$)",
    re.M,
)
"""How often a thing was, in front of its name or in brackets behind it."""
_CODE_CELL = lazy_re(r"(?:^|[|\"'\s])[ \t]*[45]\d\d[ \t]*\|[^|\n\d]{4,80}\|")
"""A code alone in a cell, and words in the next one."""
_COUNTS = lazy_re(r"^[ \t|]{0,4}[^\W\d_][^\n\d:|]{3,60}\|[ \t]*\d{1,7}(?:[ \t]*%)?[ \t|]*$", re.M)
_CONCRETE = lazy_re(r"@|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\d\d:\d\d|\b[0-9A-F]{9,12}:")
"""What a server's own words name, sooner or later: an address, an IP, a time, a queue id."""
_REMEDY = lazy_re(
    r"(?:^\W{0,6}|[.?!)] )(?:causes?|solutions?|fix|meaning|what (?:it means|to do)|explanation|resolution|how to fix(?: it)?|action|remedy|ursachen?|lösung|bedeutung|cause probable|solución|soluzione)\W{0,4}:",
    re.I | re.M,
)
"""How a manual goes on behind an error."""

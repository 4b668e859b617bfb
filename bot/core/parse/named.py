"""Whose server answered, by what people say around a reply: ``via SES``, ``Gmail says``?

Who is only mentioned has not answered: where a mail goes to or comes from, what works, what was used before.
"""

from bot.core.lazy import lazy_re
from bot.core.provider import ProviderIndex

_BEFORE, _AFTER = 48, 32
"""Characters around a name that tell what is said of it."""


def answered(index: ProviderIndex, words: str, *, submitted: bool) -> str | None:
    """Return the provider that words in lower case name as the one that answered; None where they name none or two.

    ``submitted``: the reply is not about a recipient. Then it comes from whom somebody sends through.
    """
    found: set[str] = set()
    for provider, begin, end in index.called(words):
        before, after = words[max(0, begin - _BEFORE) : begin], words[end : end + _AFTER]
        if _ASIDE.search(before) or _FINE.match(after):
            continue
        said = _SAYS.match(after) or _SAID_BY.search(before)
        if said or (submitted and (_THROUGH.search(before) or _ACCESS.match(after))):
            found.add(provider)
    return found.pop() if len(found) == 1 else None


# These patterns are for words in lower case.
_OWN = r"(?:(?:my|our|their|the|a|an|aws|meine[nm]?|unsere[nm]?|de[mnr]|mon|notre|mi|nuestro) ){0,2}"
_ASIDE = lazy_re(
    r"\b(?:left|leaving|unlike|than|not|no|without|instead of|except|besides|old|and not|kein|nicht|sans|sin|без"
    r"|(?:moved?|switch(?:ed)?|migrated?|migration|changed?|came|coming|away|weg|wechsel) (?:\w{1,12} ){0,2}(?:from|von|de|с)|used to use|previously (?:used|with|via)|before(?: we| i| that)? (?:used|had|with|via)|früher (?:mit|bei|über)) $"
)
"""Before who has not answered: the one that was left, or that this one is unlike."""
_FINE = lazy_re(
    r"(?: \w{1,12}){0,3} (?:works?|worked|fine|okay|ok|passe[sd]?|pass|takes?|took|accepts?|accepted|goes|go|would|receives?|läuft|geht|marche|funciona(?! nada))\b"
    r"|(?: (?:and|or|und|et|y) \w{1,12})?(?: \w{1,12})? (?:addresse?s?|recipients?|users?|customers?|subscribers?|senders?|adressen?|webhooks?|events?)\b"
)
"""Behind who takes the mail, and behind whose customers are meant."""
_SAYS = lazy_re(
    r"(?: (?:now|always|still|just|only|again|also))? (?:says?(?! (?:pass|hard|soft|delivered|\w{1,4}_))|said|returns?|returned|rejects?|rejected|refuses|refused|blocks|bounces|answers?|answered|replies|replied|responds|responded"
    r"|throws|gives|complains|tells|denies|denied|sagt|meldet|antwortet|lehnt|dit|répond|refuse|dice|responde|rechaza|отвечает|пишет|говорит|отклоняет|odpowiada|zwraca)\b"
    r"| ?(?:报错|返回|提示|拒绝|拒收|が|から)"
)
_SAID_BY = lazy_re(
    r"(?:\b(?:errors?|repl(?:y|ies)|answers?|responses?|logs?|bounces?|bounced|rejections?|reject(?:ed)?|refus(?:ed|al)|blocked|denied|this|these|code|fail(?:s|ed|ure)?|fehler|antwort|meldung|abgelehnt|erreur|réponse|refusé|error|respuesta|rechazado|ошибка|ответ|отказ)"
    r"|[\"'`])(?: (?:back|again|comes|came|kommt|ist|is))? ?(?:from|by|at|von|bei|de|par|chez|por|от|у) "
    + _OWN
    + "$"
)
_THROUGH = lazy_re(
    r"\b(?:(?:(?:this|it|that) is|it's|das ist|es ist|c'est|es con|via|through|thru|using|with|over|used?|uses|über|mit|bei|avec|chez|con|por|usando|через|przez|z"
    r"|(?:moved?|moving|switch(?:ed|ing)?|migrat(?:ed|ion|ing)|upgraded?|changed?|log(?:ged|ging)?[ -]?in|login|sign(?:ed)? in|authenticat\w{1,5}|connect(?:ed|ing|ion)?|umzug|wechsel|umgestellt|anmeldung|passage) (?:(?:the|our|my|all|a) (?:\w{1,12} ){1,2})?(?:over )?(?:to|at|with|auf|zu|an|à|bei|на)) )"
    + _OWN
    + r"$|\bfrom [\w.-]{2,20} to $|[用过使从] ?$"
)
_ACCESS = lazy_re(
    r"(?:'s)?[,:-]? ?(?:(?:smtp|mail)[ -]?)?(?:smtp|tokens?|api|keys?|credentials?|login|log ?in|relay|server|workspace|for domains|app[ -]?password|(?:free|paid|trial) account|mailer|postausgang|serveur|servidor|сервер|送信|邮箱|again|schon wieder|encore)\b(?! (?:works?|is fine|is ok))"
    r"|メール|邮箱|送信|发信|发邮件|发送"
)

"""Do the words speak of mail, and say that it failed?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.signs import talk
from bot.core.parse.signs.sign import Sign

MAIL = Sign(
    r"smtp|requested (?:mail )?action|\bmail(?!chimp)|\be-?mail|mailbox|recipient|\bsender\b|relay|rcpt|@|dsn|\bmx(?:s|\d{1,2})?\b|(?::|\bport )(?:25|465|587|2525)\b|postfix|exim|gsmtp|\bclient host\b|\brbl|\bptr\b|\breverse (?:dns|lookup)|\brdns\b|spf|dkim|dmarc|blocklist|blacklist|spam|inbox|user unknown|"
    r"(?<!disk )quota|local-part|\bdomain\b|deliver|undeliver|greylist|returned to sender|\bmessages? (?:returned|without|expired|bounced)|destinataire|empfänger|destinatari|destinatár|получател|受信|宛先|收件|邮箱|邮件|メール|письм|почт|"
    r"empfaenger|absender|postfach|courriel|expéditeur|remitente|\bbuzón|correo|mittente|casella (?:di posta|del|è)|remetente|mensagem|caixa postal|afzender|ontvanger|postvak|"
    r"odbiorc|nadawc|adresat|skrzynk|wiadomoś|příjemc|odesílatel|schránk|zpráv[ayu]|alıcı|wiadomos|prijemc|odesilatel|schrank[au]\b|zprav[ayu]|\balici|gonder(?:en|il|me)|expediteur|\bbuzon\b|\bileti|gönder(?:en|il|me)|отправител|почтов|сообщени|"
    r"差出人|送信|发件|发信|郵件|信箱|寄件|수신|발신|메일|발송",
)
FAILURE = Sign(
    r"fail|reject|denied|den(?:y|ies)|block|refus|unroute?able|\bnot\b|n't\b|unknown|invalid|unavailable|exceed|\bfull\b|limit|error|\bno\b|disabled|unable|cannot|closed|closing|"
    r"deferred|delayed|too (?:many|large|big|long|fast|much)|quota|spam|virus|infected|policy|violat|listed|relay|unauthori|unauthenti|expired|timed? ?out|suspend|"
    r"bounced|undeliver|grey-?list|gray-?list|looping|loops back|loop detected|forwarding loop|disconnected|shut down|lost connection|reset by peer|bad |must |required|need|prohibited|restrict|suspicious|temporar|try (?:again|later)|bogus|malformed|illegal|missing|"
    r"inexist|inconnu|invalide|introuvable|refus|desconocid|rechazad|non valido|sconosciut|piena|pleine|llena|cheia|unbekannt|abgelehnt|voll\b|нет|не |不|无|失败|拒|没有|満|ません",
)
_FOREIGN_FAILURE = Sign(
    r"\b(?:nicht|kein(?:e[rn]?)?|abgewiesen|zurückgewiesen|gesperrt|unerwünscht\w*|überschritten|verweigert|refusée?|rejetée?|bloquée?|dépassée?|inexistante?|interdite?|impossible|"
    r"no existe|denegad[oa]|bloquead[oa]|excedid[oa]|superad[oa]|bucle|rifiutat[oa]|negat[oa]|bloccat[oa]|superat[oa]|inesistente|consentit[oa]|negad[oa]|recusad[oa]|rejeitad[oa]|"
    r"odrzucon\w*|nieznan\w*|blokad\w*|zablokowan\w*|przekrocz\w*|zapętlenie|niezdefiniowan\w*|geweigerd|vereist|onbekend|geblokkeerd|overschreden|reddedildi|aşıldı|bulunamadı|değil|gönderilmedi|"
    r"отклонен\w*|заблокирован\w*|превышен\w*|запрещен\w*|недоступ\w*|zurueckgewiesen|unerwuenscht\w*|ueberschritten|rejete|bloquee?|refusee?|depassee?|consentid[oa]|zapetlenie|asildi|bulunamadi|degil|gonderilmedi|engellendi|prekrocen\w*|překročen\w*|odmítnut\w*|odmitnut\w*|avvist|nekades|blockerad)\b|屏蔽|环回|拦截|禁止|超过|拒否|不明|超えて|できません"
)
"""Words of failure in other languages: they count where nothing but a code stands before them."""


def fails(text: str) -> bool:
    """Whether a text that begins with a code says in any language that something failed.

    In another language than English only where it speaks of mail, too: 550 is also a number of things.
    """
    if talk.counts(text):
        return False
    return bool(FAILURE.search(text) or (_FOREIGN_FAILURE.search(text) and MAIL.search(text)))


_DELAY = Sign(
    r"delay(?:ed)?\b|\bdeferred\b|still (?:being )?(?:trying|retrying|undelivered)|will (?:keep|continue) (?:trying|to try|retrying)|warning message only|not yet been delivered|"
    r"temporary (?:failure|problem|error)|temporarily|may be sent more than once|will be retried|message is kept in the queue|"
    r"verzögert|retardé|retrasad|ritardat|atrasad|задерж|遅延|延迟",
)
_FINAL = lazy_re(r"permanent|given up|giving up|dauerhaft|endgültig|définiti[fv]|постоянн|永久", re.I)


def is_delay(text: str) -> bool | None:
    """True where the words say that delivery is late and goes on, False where it failed for good, else None."""
    if _DELAY.search(text):
        return True
    return False if _FINAL.search(text) else None

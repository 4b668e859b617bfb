"""Which sentences are a report's own, speaking to the person whose message came back?"""

import re
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.parse.signs import talk
from bot.core.parse.signs.sign import Sign

# Whole sentences of bounce mails, in the languages of the big senders. Seen at the start of a line they are strong.
_REPORT = (
    # English
    r"(?:your |the |this |a )?(?:message|mail|e-?mail)s?(?: that you sent| you sent| sent)?(?: to [^\n]{1,120})? "
    r"(?:could not|couldn't|can't|cannot|can not|was not|wasn't|has not been|has not yet been|hasn't been|did not|didn't|is not|won't be|will not be|has failed to be)(?: yet)?(?: be| been)? ?"
    r"(?:delivered|reach|sent to|deliverable|accepted)",
    r"(?:your |the )?message to [^\n]{1,120} (?:has been|was|couldn't be|could not be) (?:\w{1,15}ly )?(?:blocked|rejected|bounced|deferred|returned|(?<=not be )delivered|(?<=n't be )delivered)",
    r"delivery (?:has |to [^\n]{1,120} )?(?:permanently )?fail(?:ed|ure)",
    r"delivery to the following recipients?",
    r"(?:mail |message )?delivery (?:failed|failure|incomplete|status notification|subsystem|is delayed|delayed|has been delayed)",
    r"unable to deliver (?:your |the |this )?(?:message|mail)",
    r"(?:i'm afraid )?i wasn't able to deliver your message",
    r"could not (?:be delivered|deliver)|(?:has|have) failed to be delivered|has not been delivered to|failed to deliver (?:your|the|this) (?:message|mail|e-?mail)",
    r"undeliver(?:able|ed)(?: mail|:)",
    r"message you sent was unable to be delivered|a copy of your message is being returned, because|delivery of (?:the|your) (?:e-?mail|message) was stopped",
    r"returned mail",
    r"failure notice|below this line is (?:a|the) copy of (?:the|your) message",
    r"address not found",
    r"message (?:not delivered|blocked|rejected|bounced|undeliverable)",
    r"recipient (?:inbox full|not found|address rejected)",
    r"there was (?:a problem|an error) (?:delivering|while delivering)",
    r"(?:the following|these) (?:recipient|address)(?:\(?e?s\)?)? (?:could not be reached|failed|had (?:permanent|transient|delivery))",
    r"(?:had (?:permanent|transient)(?: non-)? ?(?:fatal|delivery)|addresses had fatal) errors",
    r"(?:we're writing to let you know that )?the group you tried to contact",
    r"(?:can ?not|could not|cannot|unable to) (?:find|reach|connect to) (?:your |the )?(?:recipient|mail ?server|mailbox)",
    r"(?:the )?following recipient|(?:the )?recipient address|mailbox (?:is )?full|unrouteable address|(?:this )?e-?mail address (?:could not be found|wasn't found)",
    r"all recipients were rejected|following recipients failed|recipients were refused|recipient refused",
    r"we were unable to deliver|was undeliverable|has been returned|couldn't be delivered|wasn't delivered",
    r"delivery temporarily suspended|had delivery (?:problems|errors)|loops back to myself|permanent failure:",
    r"retry time(?:out)? (?:not reached|exceeded)|no longer being retried|giving up|retrying delivery",
    # OpenSMTPD; Exim of a message that it did not take from a program
    r"an error has occurred while attempting to deliver a message for|a message is delayed for more than|"
    r"a message that you sent (?:contained (?:a recipient address|no recipient addresses|more recipients|a header|one or more)|was (?:longer than|rejected by)|using the -t)|a system failure was encountered while processing a message that you sent",
    # German
    r"(?:ihre|die|diese|eine) (?:nachricht|e-?mail|mail)[^\n]{0,120} (?:konnte|wurde|kann)[^\n]{0,120}nicht[^\n]{0,60}(?:zugestellt|übermittelt|ausgeliefert|gesendet)|(?:ihre|die) (?:nachricht|e-?mail|mail) an [^\n]{1,120} wurde (?:\w{1,20} )?(?:zurückgewiesen|abgelehnt|abgewiesen)",
    r"unzustellbar|zustellung (?:an [^\n]{1,120} )?(?:fehlgeschlagen|nicht möglich|verzögert)|fehler bei der (?:nachrichten)?(?:zustellung|übermittlung)|adresse nicht gefunden|nicht zugestellt werden",
    # French
    r"(?:votre|le|ce) (?:message|courriel|e-?mail|mail)[^\n]{0,120} n'a (?:pas |pu )[^\n]{0,60}(?:remis|distribué|être (?:remis|distribué|délivré|envoyé))",
    r"[ée]chec de (?:la )?(?:remise|distribution|livraison)|non remis|adresse introuvable|n'a pas pu être (?:remis|délivré|distribué|envoyé)",
    # Spanish
    r"no se (?:ha podido|pudo|puede|han podido) (?:entregar|enviar)|(?:error|fallo) (?:de|en la) entrega|no se (?:ha encontrado|encontró) la dirección|no se entregó|no entregado|mensaje no entregado",
    # Italian
    r"(?:impossibile|non è stato possibile) (?:recapitare|consegnare|recapitarlo)|mancato recapito|indirizzo non trovato|non (?:è stato )?(?:recapitato|consegnato|recapitabile)|messaggio non consegnato",
    # Portuguese
    r"não (?:foi possível|pôde ser|pode ser) (?:entregar|entregue|enviar)|falha (?:na|de) entrega|endereço não encontrado|não entregue|mensagem não entregue",
    # Russian
    r"не (?:может быть|было|был[ао]?|удалось|удается|удаётся)[^\n]{0,30} ?доставлен[оаы]?|доставить (?:письмо|сообщение)|недоставлен|адрес не найден|сообщение не доставлено|ошибка доставки",
    # Japanese
    r"配信(?:できません|に失敗|不能|エラー|されません)|送信(?:できません|に失敗)|宛先(?:が|の)[^\n]{0,20}(?:見つかり|存在し)|お届けできません|配達(?:できません|不能)|メールアドレスが見つかり",
    # Chinese
    r"(?:无法|未能|不能)(?:被)?(?:送达|投递|发送|递送)|退信|投递失败|發送失敗|发送失败|無法(?:傳遞|送達|投遞)|找不到(?:地址|邮箱|收件人)|收件人[^\n]{0,10}不存在",
    # Exchange in more languages
    r"recapito non riuscito|bezorging bij de volgende|leverans(?:en)? till (?:dessa|följande)|levering til (?:disse|følgende)|dostarczenie do następujących|"
    r"doručení (?:selhalo|těmto)|toimitus (?:seuraaville|näille)|a kézbesítés (?:sikertelen|nem sikerült)|teslim edilemedi|alamat tidak ditemukan",
    # Dutch, Polish, Indonesian, Turkish: seldom, and worth a line
    r"kon niet worden (?:bezorgd|afgeleverd)|niet bezorgd|nie (?:można|udało się)[^\n]{0,20} dostarczyć|tidak (?:dapat|bisa) (?:dikirim|terkirim|disampaikan)|gagal (?:dikirim|terkirim)|teslim edilemedi",
)
REPORT = Sign("|".join(f"(?:{pattern})" for pattern in _REPORT))
OPENING = lazy_re(
    r"^[ \t>*]{0,8}(?:Hi\. This is the \S{1,40} (?:mailer )?program at |Hello, this is the mail server on |This is the (?:mail system at host|Postfix program at host|MAILER-DAEMON) ?|"
    r"This message was created automatically by mail delivery software|The original message was received at \w|I'm (?:sorry to have to inform you|afraid I wasn't able to deliver)|"
    r"An error occurred while trying to deliver the mail to the following|(?:The )?Message from InterScan|This is an automatically generated Delivery Status Notification|"
    r"\S{1,255} rejected your messages? to the following (?:e-?mail )?address|Delivery to the following recipients? failed|Delivery has failed to these recipients|Your message did not reach some or all of the intended recipients|did not reach the following recipient|A message that you sent (?:was|contained|could not be|using) |"
    r"(?:User mailbox exceeds allowed size|Invalid final delivery userid): \S{1,320}@|The following (?:message|mail) (?:to <\S{1,320}> was undeliverable|could not be delivered\.))",
    re.I | re.M,
)
"""The first words of a mail server's own report."""
SENTENCE = lazy_re(
    r"\W{0,4}(?:(?:message (?:too large|not sent|not delivered|blocked)|(?:address|domain) not found|delivery incomplete|recipient inbox full)[:.]? )?"
    r"(?:(?:your|this) (?:message|e-?mail|mail)(?: to (?:the following recipients?|\S{1,200}))? (?:(?:could|can|was|has|is|did|will)(?:n't| not)\b|cannot\b|is too large)|your (?:message|e-?mail|mail)\b[^.\n]{0,120}?\b(?:rejected|blocked|returned)|"
    r"we (?:couldn't|could not|were unable to|can't|cannot) (?:deliver (?:your|this) (?:message|mail)|find the recipient)|an error occurred while trying to deliver|the e-?mail account that you tried to reach|you (?:do not|don't|can't|cannot)[^.\n]{0,40} (?:send|sending|message)|"
    r"(?:the )?(?:group|recipient)\b[^.\n]{0,60}?(?:n't|\bnot\b|\bonly accepts|\bdisabled|\bover (?:its )?quota|\bfull|\bremoved)|"
    r"a problem occurred while delivering|there was a (?:temporary )?problem delivering|couldn't deliver to \S|delivery to this address|the domain \S+ doesn't|message expired|we're writing to let you know that the group|"
    r"unfortunately,? \S{1,64}@\S{3,255} (?:is|was|does|could)\b|cannot send (?:mail|message)(?:\.| using the server)|(?:the )?(?:sender address|user name|recipient|message)\b[^.\n]{0,20}(?: [\"']?\S{1,330})? was rejected by the server|you have reached a limit for sending|"
    r"a message that you sent (?:contained (?:a|no|one or more|more) (?:recipient|header)|was (?:longer than|rejected by)|using the -t)|an error has occurred while attempting to deliver a message for)",
    re.I,
)
"""How a report speaks to the person whose message came back."""
_FOREIGN = Sign(
    r"\W{0,4}(?:(?:ihre|diese) (?:nachricht|e-?mail|mail)\b|votre (?:message|courriel|e-?mail|mail)\b|(?:su|tu) (?:mensaje|correo)\b|(?:il (?:suo|tuo) )?messaggio\b|(?:a )?sua mensagem\b|"
    r"ваше (?:письмо|сообщение)|uw (?:bericht|e-?mail)\b|twoja wiadomość|您(?:的|发送的)(?:邮件|郵件))"
    r"[^\n]{0,160}?(?:nicht|n'a |n'existe|pas |no (?:se |pudo|ha)|non |não|не |niet|nie |无法|無法|未能|退回|被拒)|\W{0,4}(?:die|ihre) (?:nachricht|e-?mail|mail) an \S[^\n]{0,120} wurde (?:\w{1,20} )?(?:zurückgewiesen|abgelehnt|abgewiesen)"
    r"|\W{0,4}(?:(?:この)?(?:メッセージ|メール)[はを]?)?(?:配信|お届け)(?:できません|に失敗|されません)|\W{0,4}l'adresse \S{3,320} n'existe pas"
)
"""How a report speaks to that person in other languages."""
_SENTENCES = lazy_re(r"(?<=[.!:])[ \t]+|\n")


def reports(text: str) -> bool:
    """Whether a sentence in the text speaks to the person whose message came back, and nobody asks."""
    head = text[:600]
    if talk._ASKS.search(head):
        return False
    return any(SENTENCE.match(part) or _FOREIGN.match(part) for part in _SENTENCES.split(head))


def stands_alone(text: str, position: int) -> bool:
    """Whether the words begin their line, as in a quoted report, rather than stand in a sentence of chatter."""
    line = text.rfind("\n", 0, position) + 1
    before = text[line:position].rstrip(" \t")
    if before.strip(" \t\"'*-:>"):
        if before[-1] not in "\"'":
            return False
        # A quotation in a sentence is a report where it is a whole sentence, not a phrase such as "mailbox full".
        closing = text.find(before[-1], position)
        closing = closing if closing >= 0 else len(text)
        return closing - position > 40 and text[closing - 1] != ":"
    return "\n" in text.strip()


def report_in(text: str) -> re.Match[str] | None:
    """Where a report's own sentence stands: at the start of a line rather than in chatter before it."""
    first = None
    for match in islice(REPORT.each(text), 8):
        if stands_alone(text, match.start()):
            return match
        first = first or match
    return first

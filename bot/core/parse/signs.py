"""Which words say that mail failed, or that a text is something else: a receipt, FTP, HTTP, code …?"""

import re
from collections.abc import Iterator

from bot.core.lazy import lazy_re
from bot.core.parse.clean import lowered
from bot.core.sparse import SparseRe


class _Sign:
    """A pattern, written in lower case, for a text in whatever case.

    It is looked for in the text's lower-case form, which takes less than half the time of ``re.IGNORECASE``.
    Matches stand where they stand in the text.
    """

    def __init__(self, pattern: str) -> None:
        self._sparse = SparseRe(pattern)
        self._pattern = self._sparse.pattern

    def search(self, text: str) -> re.Match[str] | None:
        """The first match, or None. The words of the match are in lower case."""
        return self._sparse.search(lowered(text))

    def each(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, their words in lower case."""
        return self._sparse.finditer(lowered(text))

    def match(self, text: str) -> re.Match[str] | None:
        """The match that the text begins with, or None."""
        return self._pattern.match(lowered(text))

    def count(self, text: str) -> int:
        """How many matches there are."""
        return len(self._pattern.findall(lowered(text)))


# Whole sentences of bounce mails, in the languages of the big senders. Seen at the start of a line they are strong.
_REPORT = (
    # English
    r"(?:your |the |this |a )?(?:message|mail|e-?mail)s?(?: that you sent| you sent)?(?: to [^\n]{1,120})? "
    r"(?:could not|couldn't|can't|cannot|can not|was not|wasn't|has not been|has not yet been|hasn't been|did not|didn't|is not|won't be|will not be)(?: yet)?(?: be| been)? ?"
    r"(?:delivered|reach|sent to|deliverable|accepted)",
    r"(?:your |the )?message to [^\n]{1,120} (?:has been|was|couldn't be|could not be) (?:blocked|rejected|bounced|deferred|returned|(?<=not be )delivered|(?<=n't be )delivered)",
    r"delivery (?:has |to [^\n]{1,120} )?(?:permanently )?fail(?:ed|ure)",
    r"delivery to the following recipients?",
    r"(?:mail |message )?delivery (?:failed|failure|incomplete|status notification|subsystem|is delayed|delayed|has been delayed)",
    r"unable to deliver (?:your |the |this )?(?:message|mail)",
    r"(?:i'm afraid )?i wasn't able to deliver your message",
    r"could not (?:be delivered|deliver)",
    r"undeliver(?:able|ed)(?: mail|:)",
    r"returned mail",
    r"failure notice",
    r"address not found",
    r"message (?:not delivered|blocked|rejected|bounced|undeliverable)",
    r"recipient (?:inbox full|not found|address rejected)",
    r"there was (?:a problem|an error) (?:delivering|while delivering)",
    r"(?:the following|these) (?:recipient|address)(?:\(?e?s\)?)? (?:could not be reached|failed|had (?:permanent|transient|delivery))",
    r"had (?:permanent|transient)(?: non-)? ?(?:fatal|delivery) errors",
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
    r"unzustellbar|zustellung (?:fehlgeschlagen|nicht möglich|verzögert)|fehler bei der (?:nachrichten)?(?:zustellung|übermittlung)|adresse nicht gefunden|nicht zugestellt werden",
    # French
    r"(?:votre|le|ce) (?:message|courriel|e-?mail|mail)[^\n]{0,120} n'a (?:pas |pu )[^\n]{0,60}(?:remis|distribué|être (?:remis|distribué|délivré|envoyé))",
    r"[ée]chec de (?:la )?(?:remise|distribution|livraison)|non remis|adresse introuvable|n'a pas pu être (?:remis|délivré|distribué|envoyé)",
    # Spanish
    r"no se (?:ha podido|pudo|puede|han podido) (?:entregar|enviar)|(?:error|fallo) (?:de|en la) entrega|no se ha encontrado la dirección|no entregado|mensaje no entregado",
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
REPORT = _Sign("|".join(f"(?:{pattern})" for pattern in _REPORT))

_DELAY = _Sign(
    r"delay(?:ed)?\b|\bdeferred\b|still (?:being )?(?:trying|retrying|undelivered)|will (?:keep|continue) (?:trying|to try|retrying)|warning message only|not yet been delivered|"
    r"temporary (?:failure|problem|error)|temporarily|may be sent more than once|will be retried|message is kept in the queue|"
    r"verzögert|retardé|retrasad|ritardat|atrasad|задерж|遅延|延迟",
)

_FINAL = lazy_re(r"permanent|given up|giving up|dauerhaft|endgültig|définiti[fv]|постоянн|永久", re.I)

RECEIPT = _Sign(
    r"(?<!not )(?<!yet )(?<!never )(?:has been|was|been) (?:successfully )?(?:delivered|relayed|displayed|read|opened)\b(?! (?:to the following)? ?fail)|read[- ]receipt|return receipt|"
    r"successfully (?:delivered|relayed|sent)|successful delivery notifications?\b|action:\s*(?:delivered|relayed|expanded)|delivery receipt|disposition-notification|"
    r"relayed to these recipients|lesebestätigung|wurde (?:erfolgreich )?(?:zugestellt|gelesen)|accusé de (?:réception|lecture)|confirmación de (?:entrega|lectura)|"
    r"conferma di (?:lettura|recapito)|開封確認|已读回执",
)

AUTO_REPLY = _Sign(
    r"out of (?:the )?office|automatic reply|auto-?reply|autoresponder|auto:|on (?:annual |parental |maternity )?(?:leave|vacation|holiday)|i am (?:currently )?away|"
    r"abwesenheit|nicht im (?:büro|haus)|réponse automatique|absen(?:t|ce) du bureau|respuesta automática|fuera de la oficina|risposta automatica|fuori ufficio|"
    r"resposta automática|fora do escritório|автоответ|вне офиса|自動応答|自动回复|不在のお知らせ|thank you for (?:your|contacting)|ticket (?:has been )?(?:created|received)|"
    r"(?:is )?being held (?:until|for)|held for (?:moderation|approval)|awaits moderator|"
    r"verify that you are (?:a )?human|confirm (?:your|that you sent)",
)

FEEDBACK = SparseRe(
    r"feedback-type:|\"total-failure-session-count\"|<policy_evaluated>|email abuse report|abuse report for|this is an? (?:email )?(?:abuse|feedback|authentication failure) report",
    re.I,
)

FTP = _Sign(
    r"(?m)\b[a-z]{0,9}ftp[a-z]{0,9}\b|(?<!535 )login incorrect|ftperror|ftppermerror|\b(?:stor|retr|mkd|cwd|rmd|dele|rnto|rnfr|pasv|epsv|mlsd|rest|syst|mdtm|nlst|appe|cdup|xmkd|opts utf-?8)\b(?! error)|critical file transfer|vsftpd|proftpd|pure-ftpd|filezilla|"
    r"fail(?:ed)? (?:to open file|download|upload)|(?:no such|create|open|delete) (?:file|directory)|file unavailable|permission denied.*(?:file|dir|folder)|"
    r"(?:control|data) connection|\bport command|transfer aborted|please upload|directory listing|\b530 (?:not logged|please log|you (?:aren't|are not) logged|login auth)|\b55[03] (?:prohibited file|/(?!\S*forward)\S+: )|"
    r"^[^\w\n]{0,8}(?:response:?\s{1,4})?(?:125|150|22[5-9]|23[0-2]|257|33[12]|350|42[56]|532)[ -]|"
    r"access is denied|cannot find the (?:file|path)|(?:can't|cannot|could not) (?:create|open|change|remove|rename) (?:the )?(?:directory|file|working)",
)

HTTP = _Sign(
    r"\bhttp/\d|\bhttp[_ ]?(?:code|status|error)|status[_ ]?code:?\s*[45]\d\d\b|misdirected request|gateway time-?out|bad gateway|\bnginx\b|\bapache/|"
    r"service unavailable for url|/api/|\bget /|\bcurl:|\bsip\b|non-success response|\bapi (?:says|returns|answers|gives|responds)\b|"
    r"\b(?:421 misdirected request|431 request header|451 unavailable for legal|500 internal server error|501 (?:method )?not implemented|502 bad gateway|"
    r"503 (?:service (?:temporarily )?unavailable|server error|over quota|slow ?down)|504 gateway|507 insufficient storage|511 network authentication)\b",
)

CODE = SparseRe(
    r"(?:^|\n)[+-]?[ \t]{0,40}(?:def |class |func |function |import |from \w+ import|assert|expect\(|it\(|describe\(|return |const |except [\w.]{3,80}(?: as \w{1,20})?:|let \w+ ?=|var |public |private |(?:if|for|while|switch) ?\(|(?:if|for|while|elif|else)\b[^\n]{0,120}[:{][ \t]{0,9}(?=\n|$)|case ['\"\d])|[=!]= ?['\"]?[45]\d\d\b"
    r"|\bre\.(?:search|match|compile)|=>\s*['\"\[]|['\"]\s*=>|\[\]string|/i['\"]?,|\bassert\w*\(|\.test\(|preg_match|"
    r"(?:[(\[{]\s*|:=\s*|\s=\s*|=>\s*)[bru]?['\"`][45]\d\d[ -][^'\"`\n]{2,200}['\"`]\s*[,)\]};]?|,\s*[bru]?['\"`][45]\d\d[ -][^'\"`\n]{2,200}['\"`]\s*[,)\]};]|^\s{0,12}\{['\"][^'\"\n]{0,300}['\"],\s|"
    r"\b\w+_(?:code|restrictions|checks|maps)\s*=|\b\w+_maps?: |\$#error\b|(?:^|\n)[\w@.-]{1,80}[ \t]{1,20}(?:error|ERROR):\"?[45][\d.]|(?:^|\n)[ \t]{0,20}(?:deny|accept|warn|defer|require)\s+\w+\s*=|"
    r"\bAssertion(?:Failed)?Error\b|\bFAILED \S+::|['\"] != b?['\"]|"
    r"(?:^|\n)(?:[^\s\d]\S{0,200}[.@/]\S{0,200}|/\S{1,200}/i?)[ \t]+(?:REJECT|OK|DUNNO|DISCARD|[45]\d\d [45]\.\d\.\d [^\n]{0,80}\n\S+[ \t]+(?:REJECT|OK|DUNNO))\b|"
    r"(?:^|\n)[ \t]{0,20}- \w{1,20}: ['\"]?[45]\d\d\b|(?:^|\s)- (?:match|pattern|regexp?|when|contains|text): ['\"]?\w|"
    r"\b[A-Z]+_[A-Z_]+=['\"]?[45]\d\d\b|\b\w{0,20}(?:reject|deny|default|template)\w{0,20}\s*[:=]\s*['\"][45]\d\d |"
    r"\braise \w+\([45]\d\d|\braise \w+\(['\"][^\n]*\)\s*\Z|\bthrow new \w+\(|^\W{0,4}['\"][a-z]\w{0,40}[._][\w.]{1,60}['\"] ?[:=]>? ?['\"][^\n]*['\"],?\s*$|\bINSERT INTO\b|\bSELECT\b.+\bFROM\b|\bUPDATE\b.+\bSET\b|\bREGEXP\b|\bLIKE '|(?:^|\n)[+-][ \t]{0,20}['\"{(\[]|^@@|(?:^|\n)#\s?define\b|\$\w{1,40}\[['\"]|\blog(?:ger)?\.\w{1,12}\(",
)

TRACE = SparseRe(
    r"Traceback \(most recent|^[ \t]{0,8}File \"[^\"\n]{1,200}\", line \d|\bstack ?trace\b|^[ \t]{0,8}at [\w$.<>\[\] ]+\(|^#\d+ |\.php(?: on)? line \d|\.php[:(]\d+|\.rb:\d+:in |nested exception is|Caused by:|\b(?:permanent|temporary)_failure\b|#<[\w:]{1,80}(?:Error|Busy|Timeout)\w{0,20}: ",
    re.I | re.M,
)
"""What ran and failed, in its own words: its code is no example."""
_TESTED = SparseRe(
    r"\bAssertion(?:Failed)?Error\b|\bFAILED \S+::|--- FAIL:|^E {2,}assert|\bExpected: [^\n]*\n\s*Received: |, want ['\"\d]|\.to (?:eq|be|equal)\b|"
    r"\b(?:stub|mock)\w*(?:[_.(]| server)|\bfake (?:smtp|mail|server)|\bfixtures?\b|\b(?:unit tests?|test cases?|[Tt]he tests? (?:checks?|expects?|asserts?)|parser tests?|example payload)\b|\bdocs: |^\W{0,3}[Tt]ests?: |\bexpects? ['\"`]|"
    r"\{\{? ?[a-z_]{3,30} ?\}?\}|^msg(?:id|str)\b|\b[\w-]{1,30}\.(?:ya?ml|po|properties|strings|resx|arb): |\b(?:handler|parser|mapper|classifier) (?:works|passes)\b|\b(?:label|expected|classification)['\"]?\s?[:=]\s?['\"]|['\"]text['\"]\s?:\s?['\"][45]\d\d[^\n]{2,300}['\"](?:cause|class|category)['\"]\s?:|\b[Tt]o test\b[^\n]{0,60}\bsimulator\b|\bmock\w* [^\n]{0,60}\bsimulator\b|"
    r"\b\d{1,6} (?:tests? )?passed\b|(?<![\w%])%[svdq](?!\w)",
    re.M,
)
"""What tests write, and how people speak of them; the holes of a format."""

_PATTERN = lazy_re(r"\\[SdwDWs][+*{]|\d\\\.\d|\[45\]\\?\d|<HOST>|%\(__prefix|\bfailregex\b")


_ROW = lazy_re(r"^\s{0,12}\{['\"][^'\"\n]{0,300}['\"],\s", re.M)


def has_literals(text: str) -> bool:
    """Whether lines hold rows of a table in a program: strings between braces, which no JSON has."""
    return ('{"' in text or "{'" in text) and _ROW.search(text) is not None


def pattern(text: str) -> bool:
    """Whether a text holds a regular expression or a filter of log lines, as fail2ban has them."""
    return ("\\" in text or "<HOST>" in text or "failregex" in text) and bool(_PATTERN.search(text))


PROPOSAL = _Sign(
    r"\b(?:should|could|would|must|shall|ought to|can) (?:\w{1,20} ){0,2}(?:return|answer|reply|respond|say|produce|generate|yield)\b|\bit would (?:help|be (?:nice|good|great|better))\b|\b(?:is|are|gets?) now (?:rejected|refused|returned|answered)\b|"
    r"\binstead of(?: previously)?:?\s*$|^\W{0,4}(?:pr|feat|docs|chore|test|refactor)(?:\([\w/-]{0,20}\))?!?: |"
    r"^\W{0,4}(?:add|implement|support|allow|handle|treat|classify|document|introduce|refactor) (?:an?|the|more|support|handling|option|config\w*|\w{1,20}ing|[45]\d\d|\w{1,20}s)\b|^\W{0,4}should [^\n]{1,200}\?",
)
"""How people say what a server is to answer, in the line of a reply or the one before it."""

FIELDS = SparseRe(
    r"^[ \t>]{0,4}(?:authentication-results|received-spf|dkim-signature|arc-[\w-]+|x-spam-[\w-]+|x-[\w-]*(?:score|verdict)[\w-]*):"
    r"|<(\w{2,30})>[^<\n]{0,200}</\1>|\[[^\[\]\n]{0,200},\s?(?:true|false|null)\s?[,\]]|\bv=(?:DMARC1|spf1|DKIM1)\b",
    re.I | re.M,
)
"""Header fields, records and reports that check a mail, and refuse none."""

OTHER = SparseRe(
    r"\bERROR \d{4} \(|SASL \w+ authentication failed|SQLSTATE|\bmysql|\bpostgres|pg_dump|: (?-i:fatal): |^\W{0,3}(?:\*|\w{1,5}) (?:OK|NO|BAD|BYE) \[|(?:^|\s)[-+]ERR\b|\b(?:imap|pop3)(?:s?://|(?:-login)?[(:])|\b(?:slack|whatsapp|discord|telegram|sms)\b|\bpublickey\b|\bsshd?\b|\bkubectl\b|\bgit@[\w.-]+:|\bldap\b|\[AUTHENTICATIONFAILED\]|\bIMAPStore\b|\bMailKit\.Net\.(?:Imap|Pop3)|: \S+ (?-i:FOUND)$|\bredis\b|\bmongo",
    re.I | re.M,
)

MAIL = _Sign(
    r"smtp|requested (?:mail )?action|\bmail(?!chimp)|\be-?mail|mailbox|recipient|\bsender\b|relay|rcpt|@|dsn|\bmx(?:s|\d{1,2})?\b|(?::|\bport )(?:25|465|587|2525)\b|postfix|exim|gsmtp|spf|dkim|dmarc|blocklist|blacklist|spam|inbox|user unknown|"
    r"(?<!disk )quota|local-part|\bdomain\b|deliver|undeliver|greylist|returned to sender|\bmessages? (?:returned|without|expired|bounced)|destinataire|empfänger|destinatari|destinatár|получател|受信|宛先|收件|邮箱|邮件|メール|письм|почт|"
    r"empfaenger|absender|postfach|courriel|expéditeur|remitente|\bbuzón|correo|mittente|casella (?:di posta|del|è)|remetente|mensagem|caixa postal|afzender|ontvanger|postvak|"
    r"odbiorc|nadawc|adresat|skrzynk|wiadomoś|příjemc|odesílatel|schránk|zpráv[ayu]|alıcı|wiadomos|prijemc|odesilatel|schrank[au]\b|zprav[ayu]|\balici|gonder(?:en|il|me)|expediteur|\bbuzon\b|\bileti|gönder(?:en|il|me)|отправител|почтов|сообщени|"
    r"差出人|送信|发件|发信|郵件|信箱|寄件|수신|발신|메일|발송",
)


def is_delay(text: str) -> bool | None:
    """True where the words say that delivery is late and goes on, False where it failed for good, else None."""
    if _DELAY.search(text):
        return True
    return False if _FINAL.search(text) else None


_CHAT = _Sign(
    r"\b(?:i|i'm|i've|we|we're|my|us|you|anyone|anybody|somebody|please can|can you|can we|could we|should we|should the|"
    r"how (?:do|can|to)|why|what (?:does|do|is|to)|what's|is (?:it|that|this)|are we|thanks|thx|lol|hey|btw|imo|did (?:you|we)|"
    r"does (?:it|that|this|anyone)|let's|maybe|i'd|we'd|customers?|today|yesterday|ich|wir|warum|wieso|jemand|kann ich|je |nous|"
    r"pourquoi|porque|por que|perché|нас|почему|мы|hola|gracias|alguien|por qué|qualcuno|ciao|grazie|alguém|obrigad[oa]|iemand|bedankt|waarom|wij|ik|"
    r"ktoś|dzięki|dlaczego|mamy|někdo|díky|proč|máme|birisi|merhaba|teşekkürler|neden|bize|bana|привет|спасибо|кто-нибудь|у меня|мне)\b|"
    r"\?(?:\s|$)|(?:^|\s):[a-z_]+:(?:\s|$)|ですか|でしょうか|教えて|请问|請問|我们|我們|谢谢|謝謝|怎么|怎麼|什么原因|吗|嗎|저희|혹시|감사합니다|나요|인가요",
)
_TALK = _Sign(
    r"\b(?:let's|anyone|anybody|thanks|thx|lol|btw|there have been|there's no|our (?:mail|server|domain|customers?|users?)|should (?:be|we|it)|it'?s|that'?s|would (?:do|be)|"
    r"now it|which mails?|so (?:that|let)|instead of|because|whenever|already|still getting|users should|i|we)\b",
)
_ASKS = lazy_re(r"\?(?:\s|$)|(?:^|\s):[a-z_]{2,}:(?:\s|$)|\b(?:lol|thx)\b|[？]", re.I)


_POLITE = _Sign(
    r"\b(?:please|pls|our|your|again|new|these|those|lately|still|just|really|guys|team|bitte|unser\w*|merci|svp|por favor)\b|[!?;]\s*$|:\w+:",
)


SENTENCE = lazy_re(
    r"\W{0,4}(?:(?:message (?:too large|not sent|not delivered|blocked)|(?:address|domain) not found|delivery incomplete|recipient inbox full)[:.]? )?"
    r"(?:(?:your|this) (?:message|e-?mail|mail)(?: to \S{1,200})? (?:(?:could|can|was|has|is|did|will)(?:n't| not)\b|cannot\b|is too large)|your (?:message|e-?mail|mail)\b[^.\n]{0,120}?\b(?:rejected|blocked|returned)|"
    r"we (?:couldn't|could not|were unable to|can't|cannot) (?:deliver (?:your|this) (?:message|mail)|find the recipient)|an error occurred while trying to deliver|you (?:do not|don't|can't|cannot)[^.\n]{0,40} (?:send|sending|message)|"
    r"(?:the )?(?:group|recipient)\b[^.\n]{0,60}?(?:n't|\bnot\b|\bonly accepts|\bdisabled|\bover (?:its )?quota|\bfull|\bremoved)|"
    r"a problem occurred while delivering|there was a (?:temporary )?problem delivering|couldn't deliver to \S|delivery to this address|the domain \S+ doesn't|message expired|we're writing to let you know that the group|"
    r"unfortunately,? \S{1,64}@\S{3,255} (?:is|was|does|could)\b|cannot send (?:mail|message)(?:\.| using the server)|(?:the )?(?:sender address|user name|recipient|message)\b[^.\n]{0,20}(?: [\"']?\S{1,330})? was rejected by the server|you have reached a limit for sending|"
    r"a message that you sent (?:contained (?:a|no|one or more|more) (?:recipient|header)|was (?:longer than|rejected by)|using the -t)|an error has occurred while attempting to deliver a message for)",
    re.I,
)
"""How a report speaks to the person whose message came back."""

OPENING = lazy_re(
    r"^[ \t>*]{0,8}(?:Hi\. This is the \S{1,40} (?:mailer )?program at |Hello, this is the mail server on |This is the (?:mail system at host|Postfix program at host|MAILER-DAEMON) ?|"
    r"This message was created automatically by mail delivery software|The original message was received at \w|I'm (?:sorry to have to inform you|afraid I wasn't able to deliver)|"
    r"An error occurred while trying to deliver the mail to the following|(?:The )?Message from InterScan|This is an automatically generated Delivery Status Notification|"
    r"Delivery to the following recipients? failed|Delivery has failed to these recipients|Your message did not reach some or all of the intended recipients|did not reach the following recipient|A message that you sent (?:was|contained|could not be|using) |"
    r"(?:User mailbox exceeds allowed size|Invalid final delivery userid): \S{1,320}@|The following (?:message|mail) (?:to <\S{1,320}> was undeliverable|could not be delivered\.))",
    re.I | re.M,
)
"""The first words of a mail server's own report."""
MACHINE = lazy_re(
    r"\(delivery attempts: \d{1,4}\)"  # Cisco secure e-mail, at the end of each bounce reason
    r"|^(?:<?[\w.+=-]{1,64}@[\w.-]{1,255}>?\.\.\. |Deferred: )[A-Z]"  # Sendmail puts the address and three dots in front
    r"|\bSMTP (?:conversation|session|transaction) (?:with|to)\b"
    r"|^\W{0,4}smtplib\.SMTP\w+: \W{0,3}\w|\bHorde_Smtp_Exception: \S|\bMailKit\.(?!Net\.(?:Imap|Pop3))[\w.]{1,40}Exception: \S"  # of mail libraries
    r"|\bSMTP connect\(\) failed\b|\bGreeting never received\b|\bUnable to connect with STARTTLS\b|\bDATA not accepted from server\b|\bTLS setup failed:"
    r"|\b(?:SmtpException|SmtpFailedRecipients?Exception|libmailcore\.\w{1,40}): \S"
    r"|\bbut got an empty response\b|\b[Cc]ould not connect to SMTP host\b"
    r"|\b[Ff]ailed to send (?:test |an? )?(?:e-?)?mail: \S|\b[Ee]rror sending (?:test |an? )?(?:e-?)?mail: \S|\bMailer Error: \S"
    r"|\bMapiException\w+[;:]|\bMessageRejected: \S|\bThe following identities failed the check in region\b|\b[Nn]o mx record found for domain="  # Exchange, Amazon
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
    r"|\bSMTP Error: |^(?:(?:Error: )?Can't send mail - |(?:[\w\\]+: )?Connection could not be established with host )"  # mail libraries
    r"|\bName service error for name=|\bhas exceeded the max (?:emails|defers)"  # Postfix, cPanel
    r"|^msmtp: \S|\b(?:SendFailedException|com\.sun\.mail\.smtp\.SMTP\w+Exception): \S|(?:^|: )Sending of the message failed\.|\bOutgoing server \(SMTP\)|\b0x800CCC\w\w\b|\b0x8004210[9ABab]\b"
    r"|^\W{0,4}curl: \(\d+\) (?:RCPT|MAIL|DATA) failed"
    r"|\bTLS error from \S|\bR=\w{1,40}(?: T=\w{1,40})?: \S"  # the router of Exim
    # Thunderbird in other languages
    r"|\b(?:Postausgangs-?[Ss]erver|[Ss]erveur sortant|[Ss]ervidor (?:de salida|saliente|de saída|de envio)|[Ss]erver in uscita|[Uu]itgaande server|poczty wychodzącej|odchozí pošty|giden sunucusu\w{0,4}|исходящей почты) \(SMTP\)"
    r"|送信 ?\(SMTP\) ?サーバー|发(?:送|件)服务器 ?\(SMTP\)|寄件伺服器 ?\(SMTP\)|보내는 (?:메일 )?서버 ?\(SMTP\)"
    r"|\A\W{0,4}Envelope expired\W{0,4}\Z"  # OpenSMTPD
    r"|^DNS Error: |\bDNS Error: (?:DNS type|Address resolution)|^The message was rejected for the following reason: |\([A-F]\d{3}\)$|^Router: [A-Z]|^Unroute?able address\.?$"  # Domino, Exim
    r"|\bqueryMx \w+ \S"  # Node's look-up of a mail host
    r"|^The (?:message|mail) to \S{1,320} (?:is|was|has been) (?:bounced|returned|rejected) because\b"
    r"|\bChild process of \S{1,64} transport (?:returned \d|was terminated by signal)|^[ \t]*DANE attempt failed; TLS (?:connection|session)\b"  # Exim
    r"|^Connected to [\da-f.:]{3,45} but (?:authentication was|sender was|my name was|greeting failed|connection died|password expired)\b",  # qmail
    re.MULTILINE,
)
"""Frames that only a mail server's own sentence has."""
_MACHINE_HINTS = (
    "SMTP", "Smtp", "smtp", ":25", ":465", ":587", "... ", "Deferred: ", "delivery attempts: ", "The server response was: ", "exceeded the max ", "service error", "SendFailed",
    "Sending of the message", "0x800CCC", "0x80042", "curl: (", "DNS Error: ", "The message ", "The mail ", "Router: ", "Child process of ", "DANE attempt", "Connected to ", "nroute", "queryMx", "Greeting never", "STARTTLS", "not accepted from server", "TLS setup",
    "ailed to send", "rror sending", "Mailer Error", "MapiException", "MessageRejected", "identities failed", "mx record found", "let you know that the group", "Unauthenticated email",
    "MailKit.", "Client host [", "getaddrinfo ", "notification ", "loops back", "libmailcore", "empty response", "Can't send mail", "Connection could not", "Envelope", " R=", "TLS error",
)  # fmt: skip
"""Words of which one stands in each of them: the pattern takes a hundred times as long."""


def machine_says(text: str) -> re.Match[str] | None:
    """The first sentence that only a mail server or a mail program says."""
    if any(hint in text for hint in _MACHINE_HINTS) or _DOMINO.search(text):
        return MACHINE.search(text)
    return None


_DOMINO = lazy_re(r"\([A-F]\d{3}\)$", re.M)


LIBRARY = lazy_re(
    r"\bNet::SMTP|\bMailKit\.|\bmailcore\b|\bHorde_(?:Smtp|Mail)|\bsmtplib\b|\bSMTP(?:Recipients|Sender)Refused|\bSMTP\w{0,20}(?:Error|Exception)\b(?!\()|\bPHPMailer\b|\bSwift_\w|"
    r"\b(?:javax|jakarta)\.mail\b|\bSmtp(?:Client|Command|Protocol|Error|Exception|Transport)\w{0,20}|\bMessagingException\b|\bnodemailer\b|\bSTOREDRV\b",
)
"""Names that only programs have which send mail."""
COMMAND = lazy_re(r"\b(?:STARTTLS|EHLO|RCPT TO|MAIL FROM|DATA command)\b")
"""Commands that they send (RFC 5321)."""
_FAILED = _Sign(
    r"\b(?:errors?|exceptions?|fail(?:s|ed|ure|ing)?|bounc\w+|undeliver\w+|reject\w*|refused|not working|(?:n't|not|unable to) (?:send|e-?mail)|(?:i|we)(?:'m| am|'re| are)? (?:get|got|getting|see)|keeps? getting|"
    r"throws?|stay in the queue|fehler\w*|erreurs?|errore|ошибк\w+)\b"
)
_SENDING = _Sign(
    r"\b(?:e-?mails?|mails?|smtp\w*|mailers?|send(?:ing|s)?|sent|outgoing|deliver\w*|mailbox|recipients?|invitations?|newsletters?|postfix|exim)\b"
)
_SEVERAL = lazy_re(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}\W+[^\W\d_]{2,}")


def tells_of_sending(text: str) -> bool:
    """Whether somebody tells that sending mail failed, or a program that sends mail says so."""
    told = _FAILED.search(text) and _SENDING.search(text)
    return (
        bool(told or LIBRARY.search(text) or COMMAND.search(text))
        and not PROPOSAL.search(text)
        and not DOCUMENTS.search(text)
    )


DOCUMENTS = _Sign(
    r"\b(?:from|in|per|according to|see) (?:the |our |your |their )?(?:\w{1,20} ){0,2}(?:docs|documentation|manual|readme|faq|help page)\b|\brelease notes\b|\bchange ?log\b|\btranslat(?:ed|ions?|e) (?:string|of|the)\b|"
    r"\b(?:common|usual|typical|frequent|popular|most frequent) (?:\w{1,20} ){0,2}(?:errors?|bounces?|error messages|codes?|reasons?|causes?)\b|\b(?:internal |our |company )wiki\b|\bknowledge ?base\b|\bcheat ?sheet\b|"
    r"\bhäufige \w{0,20}(?:fehler|meldung)|\bspickzettel\b|\bwissensdatenbank\b|\berreurs (?:courantes|fréquentes)\b|\berrores (?:comunes|frecuentes)\b|\berrori (?:comuni|frequenti)\b|\berros comuns\b|"
    r"(?:популярны|част|типичны|распростран[её]нны)е ошибки|баз[уаеы] знаний|よくあるエラー|意味・|一覧|の説明|常见(?:错误|退信|错误码)|错误码(?:大全|说明)|"
    r"^\W{0,3}(?:(?:i|we) )?(?:wrote back|told|answered|replied|draft(?: answer| reply)?|macro)\b[^\n:]{0,40}: |\(#\d{1,6}\)\s*$|\b(?:not|no longer) (?:listed|blocked|blacklisted) (?:any ?more|now|any longer)\b|\bno longer (?:listed|blocked|blacklisted)\b|\b(?:tls|dmarc|tlsrpt) reports?\b|\bmail ?flow rule: |\bnow (?:shows|says|returns|logs)\b|\b(?:must|should|to|can) be (?:parsed|handled|ignored|translated|matched|treated|classified)\b|^\W{0,3}(?:\[[\w-]{1,30}\] )?fix(?:e[sd])?:? "
)
"""How people say that they quote a document."""
_NOTED = lazy_re(r"\b(?:INFO|DEBUG|NOTICE|TRACE)\b")
"""What logs put before what is no failure."""


def discusses(line: str) -> bool:
    """Whether a line asks what a sentence means, or proposes one."""
    return bool(_MEANING.search(line) or PROPOSAL.search(line) or DOCUMENTS.search(line))


_MEANING = _Sign(
    r"\b(?:what (?:does|is|are)|meaning|means?|should|difference)\b[^\n]{0,300}\?\s*$|(?:->|→|=>) ?(?:check|see|ask|add|open|use|set|try)\b"
)


def machine_line(line: str) -> bool:
    """Whether a line may be what a program says of a failure: words of one, and nothing of people's talk."""
    return bool(
        FAILURE.search(line)
        and _SEVERAL.search(line)
        and not _CHAT.search(line)
        and not _ASKS.search(line)
        and not _NOTED.search(line)
    )


def mechanical(text: str) -> bool:
    """Whether a line has a failure in it, a word of mail, and nothing of people's talk."""
    return bool(
        fails(text)
        and MAIL.search(text)
        and not _CHAT.search(text)
        and not _TALK.search(text)
        and not _POLITE.search(text)
    )


def reports(text: str) -> bool:
    """Whether a sentence in the text speaks to the person whose message came back, and nobody asks."""
    head = text[:600]
    if _ASKS.search(head):
        return False
    return any(SENTENCE.match(part) or _FOREIGN.match(part) for part in _SENTENCES.split(head))


_FOREIGN = _Sign(
    r"\W{0,4}(?:(?:ihre|diese) (?:nachricht|e-?mail|mail)\b|votre (?:message|courriel|e-?mail|mail)\b|(?:su|tu) (?:mensaje|correo)\b|(?:il (?:suo|tuo) )?messaggio\b|(?:a )?sua mensagem\b|"
    r"ваше (?:письмо|сообщение)|uw (?:bericht|e-?mail)\b|twoja wiadomość|您(?:的|发送的)(?:邮件|郵件))"
    r"[^\n]{0,160}?(?:nicht|n'a |n'existe|pas |no (?:se |pudo|ha)|non |não|не |niet|nie |无法|無法|未能|退回|被拒)|\W{0,4}(?:die|ihre) (?:nachricht|e-?mail|mail) an \S[^\n]{0,120} wurde (?:\w{1,20} )?(?:zurückgewiesen|abgelehnt|abgewiesen)"
    r"|\W{0,4}(?:(?:この)?(?:メッセージ|メール)[はを]?)?(?:配信|お届け)(?:できません|に失敗|されません)|\W{0,4}l'adresse \S{3,320} n'existe pas"
)
"""How a report speaks to that person in other languages."""


_SENTENCES = lazy_re(r"(?<=[.!:])[ \t]+|\n")


def chatty(text: str) -> bool:
    """Whether people talk here, rather than a machine: pronouns, questions, emoji."""
    head = text[:2000]
    return _CHAT.count(head) >= 2 or bool(_TALK.search(head)) or head.rstrip().endswith("?")


FAILURE = _Sign(
    r"fail|reject|denied|den(?:y|ies)|block|refus|unroute?able|\bnot\b|n't\b|unknown|invalid|unavailable|exceed|\bfull\b|limit|error|\bno\b|disabled|unable|cannot|closed|closing|"
    r"deferred|delayed|too (?:many|large|big|long|fast|much)|quota|spam|virus|infected|policy|violat|listed|relay|unauthori|unauthenti|expired|timed? ?out|suspend|"
    r"bounced|undeliver|grey-?list|gray-?list|looping|loops back|loop detected|forwarding loop|disconnected|shut down|lost connection|reset by peer|bad |must |required|need|prohibited|restrict|suspicious|temporar|try (?:again|later)|bogus|malformed|illegal|missing|"
    r"inexist|inconnu|invalide|introuvable|refus|desconocid|rechazad|non valido|sconosciut|piena|pleine|llena|cheia|unbekannt|abgelehnt|voll\b|нет|не |不|无|失败|拒|没有|満|ません",
)
_FOREIGN_FAILURE = _Sign(
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
    if counts(text):
        return False
    return bool(
        FAILURE.search(text)
        or (_FOREIGN_FAILURE.search(text) and (MAIL.search(text) or _FOREIGN_MAIL.search(text)))
    )


_FOREIGN_MAIL = _Sign(
    r"nachricht|postfach|absender|courriel|expéditeur|mensaje|correo|remitente|buzón|messaggio|mittente|casella|mensagem|reencaminhamento|caixa de|bericht|afzender|postvak|wiadomo|poczt|nadawc|skrzynk|ileti|posta|gönderen|"
    r"сообщени|отправител|ящик|信件|邮件|郵件|邮箱|收件|发件|域名|メール|差出人|宛先|메일"
)
"""Words of mail in other languages."""


_COUNTED = _Sign(
    r"[45]\d\d (?:[45]\.\d{1,3}\.\d{1,3} )?(?:received|delivered|forwarded|e-?mails|mails|messages|users|people|errors|orders|contacts|subscribers|bounces|hits|requests|tickets|customers|euros?|eur|usd|dollars?|"
    r"to|as|in|for|with|while|when|if|until|after|before|because|since|then|first|during|so that|bounces?|responses?|codes?|replies|km|kb|mb|gb|ms|sec|seconds|minutes|hours|days|rows|lines|files|pages|recipients were|addresses|accounts|percent|of the|out of|or so|times|and|or|is|was|mean|means|from the)\b",
)


_SO_MANY = lazy_re(r"[45]\d\d ?(?:[件封个個名人台]|[^\W\d_][^\n,:;.<@]{2,50}, \d{1,5} [^\W\d_])")
"""So many of something, and so many of them of another kind, in any language."""


def counts(reply: str) -> bool:
    """Whether a would-be reply is a number of things: ``550 emails were sent``."""
    if (", " in reply or not reply.isascii()) and _SO_MANY.match(reply):
        return True
    if not (_COUNTED.match(reply) or _THINGS.match(reply)):
        return False
    # "554 Messages without …": people do not count so.
    return not (reply[4:5].isupper() and not reply.isupper() and FAILURE.search(reply))


def asks(reply: str) -> bool:
    """Whether a would-be reply is a person's question about one, or advice. Servers say "you" and "we", too."""
    if _JUDGED.search(reply) or ("ally " in reply and _USUAL.search(reply)):
        return True
    if "?" not in reply and reply.count(":") < 2 and reply.isascii() and "lol" not in reply:
        return False
    return bool(_ASKS.search(reply))


def judges(reply: str) -> bool:
    """Whether a would-be reply says what is to be made of it: ``550 … is mapped to …``."""
    return _JUDGED.search(reply) is not None


_USUAL = lazy_re(r"\b(?:generally|usually|typically) (?:this|it|when|means|given|returned|sent)\b", re.I)
"""How people say what a code stands for."""
_JUDGED = SparseRe(
    r"^[45]\d\d [^\n]{0,80}? (?:should(?:n't| not)?|must(?:n't| not)?|ought to|can(?:not)?) (?:be|count) "
    r"(?:an? (?:hard|soft|permanent|temporary|final) |as an? |(?:class|treat|handl|classifi|mark|consider|regard|retri|pars|count|map)ed\b)"
    r"|^[45]\d\d [^\n]{0,120}? (?:is|are|was|gets?) (?:now )?(?:mapped|classified|treated|counted|parsed|translated) (?:to|as|by|into)\b"
    r"|^[45]\d\d(?: [45]\.\d{1,3}\.\d{1,3})? [^\n:]{0,40}\b(?:ist|wurde|est|a été|è|è stato|fue|ha sido|foi|is|was|has been|got|уже|была?)\s(?:(?!not\b|nicht\b|non\b|pas\b|não\b|no\b|не\b)\w{1,20}\s){0,3}"
    r"(?:behoben|gelöst|erledigt|fixed|solved|resolved|réglée?|résolue?|corrigée?|resuelt[oa]|solucionad[oa]|risolt[oa]|resolvid[oa]|исправлен\w*)\b",
    re.I,
)
"""How people say what is to be made of a reply."""


_DOUBTFUL = _Sign(
    r"\b(?:55[03] /\w+|prohibited|slack|whatsapp|discord|telegram|sms|api|docs|payload|parser|handler|mapper|classifier|classification|label|tests?|\w{0,4}ftps?\w*|mysql\w*|postgres\w*|sqlstate|error \d{4}|sasl|ldap|clamav|clamd|pg_dump|publickey|sshd?|kubectl|redis|mongo\w*|login|put|\w+_code|\w+_restrictions|\w+_checks|\w+_maps|stor|retr|mkd|cwd|rmd|dele|rnto|rnfr|pasv|epsv|mlsd|rest|syst|mdtm|nlst|appe|cdup|xmkd|opts|\w*ftp\w*|critical|vsftpd|proftpd|pure|filezilla|file|directory|folder|path|http/\d|http[_ ]\w+|status|"
    r"[a-z]+_[a-z_]+=\S*|\w*reject\w*|default|template|imap\S*|pop3|err|no|bad|bye|returns|expects?\w*|received|want|fake|\w*mock\w*|\w*stub\w*|fixtures?|unit|cases?|fatal|(?:control|data) connection|port command|transfer aborted|upload|listing|logged|unavailable|slow ?down|not implemented|internal server|over quota|assertion\w*|ok|dunno|discard|failed|"
    r"(?:125|150|22[5-9]|23[0-2]|257|33[12]|350|42[56]|532)|statuscode|misdirected|gateway|nginx|apache|url|get|curl|sip|success|def|class|raise|deny|accept|warn|defer|require|func|function|import|from|assert\w*|expect|it|describe|return|const|let|var|public|"
    r"private|if|elif|else|for|while|switch|case|re|preg_match|match|pattern|contains|except|throw|insert|select|update|regexp|like|define|test|passed)\b|%[svdq]\b|\berror:\"?[45]|\$#error|[=!]=|=>|string\b|['\"],|['\"({]\s*$|^@@|\n[+-]",
)


_ODD_WORDS = frozenset(
    [
        "ftp",
        "ftps",
        "sftp",
        "lftp",
        "vsftpd",
        "filezilla",
        "file",
        "files",
        "directory",
        "folder",
        "login",
        "path",
        "stor",
        "retr",
        "mkd",
        "cwd",
        "http",
        "nginx",
        "apache",
        "curl",
        "misdirected",
        "gateway",
        "sip",
        "ssh",
        "mysql",
        "postgres",
        "sasl",
        "insert",
        "select",
        "update",
        "regexp",
        "assert",
        "assertequal",
        "expect",
        "const",
        "string",
        "raise",
        "upload",
        "transfer",
        "control",
        "port",
        "logged",
    ]
)
_FAILURE_WORDS = frozenset(
    [
        "rejected",
        "reject",
        "denied",
        "blocked",
        "refused",
        "not",
        "unknown",
        "invalid",
        "unavailable",
        "exceeded",
        "exceeds",
        "full",
        "limit",
        "error",
        "no",
        "disabled",
        "unable",
        "cannot",
        "closed",
        "closing",
        "deferred",
        "many",
        "large",
        "quota",
        "spam",
        "virus",
        "policy",
        "listed",
        "relay",
        "relaying",
        "expired",
        "timeout",
        "suspended",
        "bad",
        "must",
        "required",
        "prohibited",
        "temporarily",
        "failed",
        "failure",
    ]
)
_THINGS = lazy_re(r"[45]\d\d [a-z]{3,20}s (?:[a-z]{2,20}ed|sold|left|sent|in|at|on)\b")
"""So many things that something was done to, or that are somewhere."""
_PLAIN_WORD = lazy_re(r"[a-z]+")


def line_strength(line: str, status: bool) -> float:
    """How surely a line that begins with a code is a reply, by a look at its words that costs little; 0 for not told.

    ``status``: it has a status code behind the reply code, so it needs no word of failure.
    """
    # A page that a reply points at is no talk of HTTP.
    words = _PLAIN_WORD.findall(line.lower().replace("http://", ""))
    if not _ODD_WORDS.isdisjoint(words) or "=>" in line or "'," in line or '",' in line:
        return 0.0
    if asks(line) or counts(line):
        return 0.0
    if status:
        return 0.9
    if "permission" in words or "privileges" in words:
        return 0.0  # FTP, perhaps
    if line[4:5] == "/":
        return 0.0  # a path: FTP
    if _FAILURE_WORDS.isdisjoint(words) and not FAILURE.search(line):
        return 0.0
    if _THINGS.match(line) or (HTTP.search(line) and not MAIL.search(line.lower().replace("quota", ""))):
        return 0.0
    return 0.75


def doubt(text: str) -> float:
    """How much speaks for something else that has the same numbers: FTP, HTTP, SIP, program code."""
    amount = 0.0
    if FTP.search(text):
        amount += 0.6
    if HTTP.search(text):
        amount += 0.6
    if OTHER.search(text):
        amount += 0.4
    if is_program(text):
        amount += 0.7
    # Asked last: the others pass over most texts in less time than this takes.
    return amount if amount and (len(text) >= 400 or _DOUBTFUL.search(text)) else 0.0


_OF_FILES = _Sign(
    r"(?:[45]\d\d[ -])?(?:permission denied|access (?:is )?denied to (?:file|folder|directory)|overwrite permission denied|not enough privileges|operation not permitted)\W*$"
)
"""What FTP servers say word for word of a file that nobody may write: vsftpd, ProFTPD, Pure-FTPd."""


def of_files(reply: str) -> bool:
    """Whether a reply is what servers of files say, and no word of mail stands in it."""
    return _OF_FILES.match(reply) is not None


def elsewhere(text: str) -> bool:
    """Whether a text speaks of something else that has the same numbers, or of a test."""
    return any(sign.search(text) for sign in (FTP, HTTP, OTHER, _TESTED))


_ANY_PROGRAM = lazy_re(
    r"\bdial tcp|\bx509: |\bgetaddrinfo\b|\bconnect E[A-Z]{4,}|\bnet::ERR_|\bjava(?:x)?\.net\.|\bSystem\.(?:IO|Net\.(?:Web|Sockets))|\bTimeoutError: |\b\w{1,40}\.OperationalError"
)
_PARCELS = _Sign(
    r"\b(?:parcels?|shipments?|tracking (?:number|id)|paket|pakete|sendungsnummer|colis|paquetes?|pacchi|посылк\w+)\b"
)
"""What else cannot be delivered."""
_OTHER_PORT = lazy_re(r"[\w\])]:(?!(?:25|465|587|2525)\b)\d{2,5}(?![\w:.])")


def of_any_program(text: str) -> bool:
    """Whether a connection failed that need not be one of mail: no word of mail stands beside it."""
    if _PARCELS.search(text) and "@" not in text:
        return True
    if not _ANY_PROGRAM.search(text):
        return False
    return not MAIL.search(text) or (_OTHER_PORT.search(text) is not None and "smtp" not in text.lower())


def is_program(text: str) -> bool:
    """Whether a text is a piece of a program or its tests, and no trace of one that failed."""
    return bool(_TESTED.search(text) or (CODE.search(text) and not TRACE.search(text)))

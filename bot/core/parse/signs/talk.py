"""Do people talk here: chat, ask, count, judge, propose?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.reply import Reply
from bot.core.parse.signs import failure, machine, manual
from bot.core.parse.signs.sign import Sign
from bot.core.sparse import SparseRe


def chatty(text: str) -> bool:
    """Whether people talk here, rather than a machine: pronouns, questions, emoji."""
    head = text[:2000]
    return _CHAT.count(head) >= 2 or bool(_TALK.search(head)) or head.rstrip().endswith("?")


_CHAT = Sign(
    r"\b(?:i|i'm|i've|we|we're|my|us|you|anyone|anybody|somebody|please can|can you|can we|could we|should we|should the|"
    r"how (?:do|can|to)|why|what (?:does|do|is|to)|what's|is (?:it|that|this)|are we|thanks|thx|lol|hey|btw|imo|did (?:you|we)|"
    r"does (?:it|that|this|anyone)|let's|maybe|i'd|we'd|customers?|today|yesterday|ich|wir|warum|wieso|jemand|kann ich|je |nous|"
    r"pourquoi|porque|por que|perché|нас|почему|мы|hola|gracias|alguien|por qué|qualcuno|ciao|grazie|alguém|obrigad[oa]|iemand|bedankt|waarom|wij|ik|"
    r"ktoś|dzięki|dlaczego|mamy|někdo|díky|proč|máme|birisi|merhaba|teşekkürler|neden|bize|bana|привет|спасибо|кто-нибудь|у меня|мне)\b|"
    r"\?(?:\s|$)|(?:^|\s):[a-z_]+:(?:\s|$)|ですか|でしょうか|教えて|请问|請問|我们|我們|谢谢|謝謝|怎么|怎麼|什么原因|吗|嗎|저희|혹시|감사합니다|나요|인가요",
)
_TALK = Sign(
    r"\b(?:let's|anyone|anybody|thanks|thx|lol|btw|there have been|there's no|our (?:mail|server|domain|customers?|users?)|should (?:be|we|it)|it'?s|that'?s|would (?:do|be)|"
    r"now it|which mails?|so (?:that|let)|instead of|because|whenever|already|still getting|users should|i|we)\b",
)
_ASKS = SparseRe(r"\?(?:\s|$)|(?:^|\s):[a-z_]{2,}:(?:\s|$)|\b(?:lol|thx)\b|[？]", re.I)


def asks(reply: str) -> bool:
    """Whether a would-be reply is a person's question about one, or advice. Servers say "you" and "we", too."""
    if _JUDGED.search(reply) or ("ally " in reply and _USUAL.search(reply)):
        return True
    if "?" not in reply and reply.count(":") < 2 and reply.isascii() and "lol" not in reply:
        return False
    return bool(_ASKS.search(reply))


_USUAL = lazy_re(r"\b(?:generally|usually|typically) (?:this|it|when|means|given|returned|sent)\b", re.I)
"""How people say what a code stands for."""


def without_question(words: str) -> str:
    """The words without what somebody asks behind them: ``… refused, any idea?``, ``… abgelehnt – woran liegt das?``."""
    if words[-1:] not in "?？":
        return words
    question = _QUESTION.search(words)
    return words[: question.start()].rstrip() if question and question.start() >= 12 else words


_QUESTION = lazy_re(r"(?:[,;.!)]\s{1,3}|\s[-–—]\s{1,3}|[，。、])(?=[^\n,;.!–—，。]{2,120}[?？]$)")


def judges(reply: str) -> bool:
    """Whether a would-be reply says what is to be made of it: ``550 … is mapped to …``."""
    return _JUDGED.search(reply) is not None


_JUDGED = SparseRe(
    r"^[45]\d\d [^\n]{0,80}? (?:should(?:n't| not)?|must(?:n't| not)?|ought to|can(?:not)?) (?:be|count) "
    r"(?:an? (?:hard|soft|permanent|temporary|final) |as an? |(?:class|treat|handl|classifi|mark|consider|regard|retri|pars|count|map)ed\b)"
    r"|^[45]\d\d (?:significa|signifie|bedeutet|heißt|quiere decir|veut dire|vuol dire|oznacza|означает|значит)\b"
    r"|^[45]\d\d [^\n]{0,120}? (?:is|are|was|gets?) (?:now )?(?:mapped|classified|treated|counted|parsed|translated) (?:to|as|by|into)\b"
    r"|^[45]\d\d [^\n]{0,100}?(?<!this )\b(?:is|are)(?:n't| not)?(?: a temporary| a permanent| a transient| a hard| a soft) (?:error|failure|bounce|rejection)\b"
    r"|^[45]\d\d(?: [45]\.\d{1,3}\.\d{1,3})? [^\n:]{0,40}\b(?:ist|wurde|est|a été|è|è stato|fue|ha sido|foi|is|was|has been|got|уже|была?)\s(?:(?!not\b|nicht\b|non\b|pas\b|não\b|no\b|не\b)\w{1,20}\s){0,3}"
    r"(?:behoben|gelöst|erledigt|fixed|solved|resolved|réglée?|résolue?|corrigée?|resuelt[oa]|solucionad[oa]|risolt[oa]|resolvid[oa]|исправлен\w*)\b",
    re.I,
)
"""How people say what is to be made of a reply."""


def counts(reply: str) -> bool:
    """Whether a would-be reply is a number of things: ``550 emails were sent``."""
    if (", " in reply or not reply.isascii()) and _SO_MANY.match(reply):
        return True
    if not (_COUNTED.match(reply) or THINGS.match(reply)):
        return False
    # "554 Messages without …": people do not count so.
    return not (reply[4:5].isupper() and not reply.isupper() and failure.FAILURE.search(reply))


_COUNTED = Sign(
    r"[45]\d\d (?:[45]\.\d{1,3}\.\d{1,3} )?(?:received|delivered|forwarded|e-?mails|mails|messages|users|people|errors|orders|contacts|subscribers|bounces|hits|requests|tickets|customers|euros?|eur|usd|dollars?|"
    r"to|as|in|for|with(?! message)|while|when|if|until|after|before|because|since|then|first|during|so that|bounces?|responses?|codes?|replies|km|kb|mb|gb|ms|sec|seconds|minutes|hours|days|rows|lines|files|pages|recipients were|addresses|accounts|percent|of the|out of|or so|times|and|or|is|was|mean|means|from the)\b",
)
_SO_MANY = lazy_re(r"[45]\d\d ?(?:[件封个個名人台]|[^\W\d_][^\n,:;.<@]{2,50}, \d{1,5} [^\W\d_])")
"""So many of something, and so many of them of another kind, in any language."""
THINGS = lazy_re(r"[45]\d\d [a-z]{3,20}s (?:[a-z]{2,20}ed|sold|left|sent|in|at|on)\b")
"""So many things that something was done to, or that are somewhere."""
PROPOSAL = Sign(
    r"\b(?:should|could|would|must|shall|ought to|can) (?:\w{1,20} ){0,2}(?:return|answer|reply|respond|say|produce|generate|yield)\b|\bit would (?:help|be (?:nice|good|great|better))\b|\b(?:is|are|gets?) now (?:rejected|refused|returned|answered)\b|"
    r"\binstead of(?: previously)?:?\s*$|^\W{0,4}(?:pr|feat|feature|docs|chore|test|refactor|idea|todo|story|heads-up)(?: request)?(?:\([\w/-]{0,20}\))?!?: |"
    r"^\W{0,4}(?:add|implement|support|allow|handle|treat|classify|document|introduce|refactor) (?:an?|the|more|support|handling|option|config\w*|\w{1,20}ing|[45]\d\d|\w{1,20}s)\b|^\W{0,4}should [^\n]{1,200}\?",
)
"""How people say what a server is to answer, in the line of a reply or the one before it."""


def discusses(line: str) -> bool:
    """Whether a line asks what a sentence means, or proposes one."""
    return bool(PROPOSAL.search(line) or manual.documents(line))


def tells_of_sending(text: str) -> bool:
    """Whether somebody tells that sending mail failed, or a program that sends mail says so."""
    told = _FAILED.search(text) and SENDING.search(text)
    return (
        bool(told or machine.LIBRARY.search(text) or machine.COMMAND.search(text))
        and not PROPOSAL.search(text)
        and not manual.documents(text)
    )


def tells_of_own_mail(text: str) -> bool:
    """Whether somebody tells of mail of their own."""
    return bool(
        _OWN.search(text)
        and SENDING.search(text)
        and not PROPOSAL.search(text)
        and not manual.documents(text)
    )


_FAILED = Sign(
    r"\b(?:errors?|exceptions?|fail(?:s|ed|ure|ing)?|bounc\w+|undeliver\w+|reject\w*|refused|not working|(?:n't|not|unable to|nobody can|no one can) (?:send|e-?mail|mail|reach)|c(?:ome|ame|oming|omes) back|returns?|returned|(?:says?|tells|told) (?:me|us)|(?:i|we)(?:'m| am|'re| are)? (?:get|got|getting|see)|keeps? getting|"
    r"throws?|stay in the queue|fehler\w*|kommt? (?:\w{1,20} )?zurück|zurückgekommen|revien(?:t|nent)|erreurs?|errore|errores|rechaz\w+|torna(?:no)? indietro|ошибк\w+)\b"
)
SENDING = Sign(
    r"\b(?:e-?mails?|mails?|smtp\w*|mailers?|send(?:ing|s)?|sent|outgoing|deliver\w*|mailbox|recipients?|invitations?|newsletters?|postfix|exim)\b"
)
"""Words of whoever sends mail."""
_SENDING_ELSEWHERE = Sign(
    r"\b(?:inviting|forward(?:ing|s|ed)?|password resets?|versand|versend\w+|verschick\w+|rundschreiben|einladung\w*|weiterleit\w+|envoi\w*|envoy\w+|env[ií]\w{0,6}|reenv[ií]\w*|invi(?:o|a|are|ato|iamo|ando)|inoltr\w+|verzend\w+|verstuur\w*|verstur\w+|"
    r"outlook|thunderbird|gmail|hotmail|yahoo|gmx|icloud|exchange|office ?365|sendgrid|postmark|brevo|listmonk|phplist|attachments?|anhang|anhänge|pièces? jointes?|adjuntos?|allegat[oi]|anexos?|bijlagen?|załącznik\w*|вложени\w+|"
    r"wysył\w+|wysła\w+|odesíl\w+|odesl\w+|отправ\w+|рассыл\w+|переслать|надісла\w+|gönder\w+|mengirim|kirim|dikirim|skicka\w*|sende)\b|发送|发信|發送|寄信|送信|転送|보내"
)
"""The same in other languages, and in words that other things have, too."""


def of_sending(text: str) -> bool:
    """Whether a text speaks of mail, or of sending something, in any language."""
    return bool(failure.MAIL.search(text) or SENDING.search(text) or _SENDING_ELSEWHERE.search(text))


def is_prose(words: str) -> bool:
    """Whether some words end in a person's sentence: three words or more, and nothing of a program's signs."""
    sentence = _SENTENCES.split(words[-_SENTENCE:])[-1]
    if _SIGNS.search(sentence):
        return False
    return len(sentence.split()) >= 3 or len(_CHARACTERS.findall(sentence)) >= 4


_SENTENCE = 120
"""Characters that a sentence before a colon has at most, more or less."""
_SENTENCES = lazy_re(r"[.!?;,>\"']\s+|\s[-–—]\s")
_SIGNS = lazy_re(r"[=<>{}\[\]()/\\_#|]|\d\d|\w:\w|\w\.\w|[a-z][A-Z]")
"""What programs write, and people seldom."""
_CHARACTERS = lazy_re(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def machine_line(line: str) -> bool:
    """Whether a line may be what a program says of a failure: words of one, and nothing of people's talk."""
    return bool(
        failure.FAILURE.search(line)
        and _SEVERAL.search(line)
        and not _CHAT.search(line)
        and not _ASKS.search(line)
    )


_SEVERAL = lazy_re(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}\W+[^\W\d_]{2,}")


def mechanical(text: str) -> bool:
    """Whether a line has a failure in it, a word of mail, and nothing of people's talk."""
    return bool(
        failure.fails(text)
        and failure.MAIL.search(text)
        and not _CHAT.search(text)
        and not _TALK.search(text)
    )


def proposed(text: str, reply: Reply) -> bool:
    """Whether people talk about what a server should say, rather than paste what one said."""
    line = text.rfind("\n", 0, reply.start) + 1
    before = text[line : reply.start].strip(" \t>'\"`")
    if PROPOSAL.search(before or text[:line].rstrip().rpartition("\n")[2]):
        return True
    if not before:
        return False
    general = _IN_GENERAL.search(text, max(line, reply.start - 120), reply.start)
    if general and not _OWN.search(text, line, reply.start):
        return True
    proposes = PROPOSES.search(text, max(line, reply.start - 80), reply.start)
    return bool(
        (proposes and not _SAID_BEFORE.search(text, line, proposes.start()))
        or _OF_REPLIES.match(text, reply.end, reply.end + 40)
    )


_SAID_BEFORE = lazy_re(r"\b[45]\.\d{1,3}\.\d{1,3}\W{1,3}$")
"""A code right before words: they are the server's own."""
PROPOSES = lazy_re(
    r"\b(?:(?:should|could|would|might|must|shall|ought to|want to|wants? it to|let's|instead of|rather than|support(?:s|ing)? for)\b[^\n.;:]{0,40}"
    r"|\be\.?g\.?\W{0,4}(?:smtp;\s*)?|\bfor example:?\W*(?:\w{1,20}:\s*)?|\bexpected(?:: | (?:a|the)\b)[^\n]{0,40}|\bRFC ?\d{3,5}(?:,? (?:section )?[\d.]{1,8})?\W{0,3}|\b(?:what(?:'s| is| does)|meaning of|explains?|how to fix)\s*['\"`]{0,2}"
    r"|\b(?:no longer|never|don't|doesn't|won't) (?:get|gets|see|sees|receive|receives) (?:an? |the |this )?['\"`]{0,2}|\b(?:will|would|shall|going to|is to|are to) (?:be (?:rejected|refused|bounced|blocked|returned|deferred)|(?:start |begin |soon )?(?:to )?(?:reject|refus|bounc|block|defer)(?:e|ing)?)\b[^\n.;:]{0,40}"
    r"|\b(?:macro|template|faq|docs?|documentation|wiki|article|manual|readme) (?:says?|reads|shows?|calls? it)\b[^\n.;:]{0,20}"
    r"|\b(?:was (?:bedeutet|heißt)|que (?:signifie|veut dire)|qu[ée] (?:significa|quiere decir)|cosa (?:vuol dire|significa)|o que significa|co oznacza|что (?:значит|означает)|wat betekent)\s*['\"`]{0,2}"
    r"|\b(?:wir|ich) (?:lehnen|weisen|antworten|werden)\b[^\n.;:]{0,60}"
    r"|\b(?:told|tell) (?:her|him|them|the \w{1,20}|\w{1,20}) (?:that )?it(?:'s| is| was)\s*['\"`]{0,2}"
    r"|(?:fix(?:ed|es)?|handl(?:es?|ing)|retry(?:ing)?|retries|map(?:s|ping)?|treat(?:s|ing)?|read (?:this|that|it|them) as|classif(?:y|ies|ying)|pars(?:e|es|ing)|detects?|recogni[sz]es?|ignores?|expects?|matches|catch(?:es)?|simulates?):?\s*['\"`]{0,2}\s*)$",
    re.I,
)
_IN_GENERAL = lazy_re(
    r"\b(?:(?:if|when|whenever|once) (?:you|they|users?|customers?|people|someone|a \w{1,20}|the \w{1,20}) (?:\w{1,12} )?(?:see|get|receive|read|return|answer|respond|say)s?\b|such as|for instance|zum beispiel|z\. ?b\.|par exemple|por ejemplo)[^\n.;]{0,40}$",
    re.I,
)
"""How people speak of replies in general."""
_OWN = lazy_re(r"\b(?:i|we|my|our|us|me|ich|wir|je|nous)\b|\bgetting\b", re.I)
_OF_REPLIES = lazy_re(
    r"['\"`]{1,2}\s*(?:→|=>|->)|['\"`]{1,2} (?:(?:now )?instead of|responses?|replies|reply|codes?(?!=)|patterns?|rules?|strings?|wordings?|cases?|(?:was|is|were|are|gets?|got) (?:now |not |no longer )?"
    r"(?:treated|handled|meant|counted|classified|mapped|considered|ignored|parsed|retried|recogni[sz]ed|detected)|means?|(?:and|so|but|then) (?:we|it|the \w{1,20}) (?:treat|handl|count|classif|map|consider|ignor|pars|retri|retry)\w{0,5})\b",
    re.I,
)

"""Do the words say that it is a receipt, an answer sent by itself, or a report of another kind?"""

import re
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.model import Kind
from bot.core.parse.reply import Reply
from bot.core.parse.signs import failure, sentences
from bot.core.parse.signs.sign import Sign
from bot.core.sparse import SparseRe

RECEIPT = Sign(
    r"(?<!not )(?<!yet )(?<!never )(?<!n't )(?:has been|was|been) (?:successfully )?(?:delivered|relayed|displayed|read|opened)\b(?! (?:to the following)? ?fail)|read[- ]receipt|return receipt|"
    r"successfully (?:delivered|relayed|sent)|successful delivery notifications?\b|action:\s*(?:delivered|relayed|expanded)|delivery receipt|disposition-notification|"
    r"relayed to these recipients|lesebestätigung|wurde (?:erfolgreich )?(?:zugestellt|gelesen)|accusé de (?:réception|lecture)|confirmación de (?:entrega|lectura)|"
    r"conferma di (?:lettura|recapito)|開封確認|已读回执|"
    # Exchange, of a server that sends no receipts
    r"\b(?:delivery to|zustellung an|remise (?:à|aux)|entrega (?:a|para)|recapito a\w*|bezorging aan|leveransen till|levering(?:en)? til|dostarczanie do|доставка) [^\n.]{0,60}"
    r"\b(?:is complete|abgeschlossen|terminée|completad[oa]|concluída|completat[oa]|voltooid|slutförd|fuldført|fullført|zakończone|завершена)\b|配信は完了|已完成[^\n]{0,20}[传投]递",
)
AUTO_REPLY = Sign(
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


def other_kind(text: str, replies: list[Reply]) -> Kind | None:
    """What the words say that it is, where they speak of success or absence and no server's reply stands in them."""
    if any((reply.leads or reply.framed) and reply.status for reply in replies):
        return None
    receipt = RECEIPT.search(text)
    if receipt and not any(reply.framed for reply in replies):
        other = Kind.RECEIPT
        # Reports of some languages begin with the same words.
        rest = text[: receipt.start()] + text[receipt.end() :]
    elif AUTO_REPLY.search(text):
        other, rest = Kind.AUTO_REPLY, text
    else:
        return None
    if other is Kind.RECEIPT and contradicted(text):
        return None
    return None if sentences.REPORT.search(rest) else other


def contradicted(text: str) -> bool:
    """Whether a report says "delivered", and of a recipient why it was not."""
    return any(failure.FAILURE.search(line[1]) for line in islice(_ADDRESS_LINE.finditer(text), 20))


_ADDRESS_LINE = lazy_re(r"^[ \t]*<?[^\s<>@:]{1,64}@[\w.-]{1,255}>?:[ \t]+(\S[^\n]{4,300})", re.M)
"""A recipient, and what is said of it."""

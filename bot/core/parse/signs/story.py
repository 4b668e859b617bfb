"""Does somebody tell, in whatever language, that mail did not go or came back?"""

from bot.core.parse.signs.sign import Sign

_STORY = Sign(
    r"\b(?:(?:come|came|coming|comes|get|gets|got|getting|gives?|sent|bring\w*) back|came in|bounc(?:ed|es|ing|e)|returned|failed|fail(?:s|ing)|rejected|rejects|refuse[sd]|blocked|blocks|blocking|stuck|stopped|paused|hang(?:s|ing)|hung|"
    r"(?:not|n't|never|won't|nothing|no longer|no one|nobody|none) (?:\w{1,12} ){0,3}?(?:send|sent|scan|go|goes|going|get|gets|got|arrive[sd]?|arriving|deliver(?:ed|able)?|leave|leaves|left|reach(?:ed|es)?|receive[sd]?|through|out|work(?:s|ed|ing)?|accept(?:s|ed)?)|"
    r"keeps? (?:\w{1,12} ){0,2}?\w{2,12}ing|trouble|(?:errors?|it|app|program|client|log|display|screen|popup|server|they|she|he) (?:\w{1,12} ){0,2}?(?:says?|shows?|reads?|tells|throws|gives|prints|reports|wrote|writes)|(?:i|we|they|she|he|users?|customers?|it)(?:'m|'re|'ve)? (?:\w{1,12} ){0,2}?(?:get|gets|got|getting|see|seeing|received)|"
    r"since (?:\w{1,12} ){0,2}?(?:morning|yesterday|today|noon|night|week|weekend|update|upgrade|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d)|(?:i|we|she|he|they|customers?|users?|colleagues?)(?: only| just)? (?:sent|wrote|mailed|forwarded|answered|replied|tried|wanted to|try to|want to)|(?:bounce|failure|error|rejection|delivery|postmaster) (?:notice|message|mail|report|notification|log)s?|mail(?:er-daemon| queue| log)|"
    # Mail of their own, and mail to somebody
    r"(?:my|our|her|his|their|your) (?:\w{1,15} ){0,2}?(?:e-?mails?|mails?|messages?|invoices?|newsletters?|letters?|orders?|repl(?:y|ies)|answers?|offers?|invitations?|application|campaign|mailing|contracts?|quotes?|reports?|accounts?|inbox|mailbox|outbox)(?! (?:app|client|product|template|text|policy|code|docs|documentation|system|plugin|team|page|help))|"
    r"(?:e-?mails?|mails?|messages?|everything|anything|invoices?|newsletters?|invitations?|repl(?:y|ies)|sending|writing|forwarding|mailing|write|e-?mailing|send (?:\w{1,15} ){1,3}?) (?:(?:from|for|of) \S{1,60} )?to (?!be\b|do\b|see\b|show\b|use\b|the (?:code|docs|list|text|table|user|page|file))|"
    r"(?:mein|unser|ihr|sein)\w{0,2} (?:\w{1,15} ){0,2}?(?:e-?mail|mail|nachricht|rechnung|bewerbung|newsletter|anfrage|angebot|antwort|einladung)\w{0,3}|(?:e-?mails?|mails?|nachricht(?:en)?|schreiben|rechnung(?:en)?) an\b|(?:mon|ma|mes|notre|nos) (?:\w{1,15} ){0,2}?(?:e-?mails?|mails?|messages?|courriels?|factures?|candidature|newsletter|devis)|(?:e-?mails?|mails?|messages?|courriels?|envoi|envoyer|écrire) (?:à|au|aux|vers)\b|"
    r"(?:mi|mis|nuestr[oa]s?|il mio|la mia|le mie|i miei|nostr[aeio]|meus?|minhas?|nossos?) (?:\w{1,15} ){0,2}?(?:e-?mails?|mails?|mensajes?|correos?|factura\w*|fattur\w|messaggi\w?|mensage\w+|currículo|presupuestos?|preventiv\w)|(?:mijn|ons|onze) (?:\w{1,15} ){0,2}?(?:e-?mails?|mails?|bericht\w*|factu\w+)|(?:mój|moja|moje|nasze?|můj|náš) (?:\w{1,15} ){0,2}?(?:e-?mail\w*|mail\w*|wiadomoś\w+|zpráv\w+|faktur\w+)|mo[ijй][aeёя]? (?:письм\w+|сообщени\w+)|mitt (?:mejl|mail)|min (?:e-?post|mail)|"
    # What broke, and a plea for help
    r"(?:is|are|went|gone|been) (?:down|dead|broken|lost|missing)|broke|crash(?:es|ed)|complain(?:s|ed|ing)|died|ended up|ends? (?:with|in)|ended (?:with|in)|aborts?|aborted|dropped|not? working|(?:with|an|this|the same|same|following|attached) (?:\w{1,12} ){0,2}?(?:error|bounce|reply|response|rejection)|what (?:am|are|did|do|should|can|have) (?:i|we)\b|what(?:'s| is| went) wrong|on (?:our|my|their) (?:side|end)|(?:our|my|their) (?:side|fault|problem)|please help|help please|urgent\w*|can(?:not|'t) (?:send|reach|mail|e-?mail|write|reply|answer|get)|"
    r"hilfe|dringend|was (?:tun|mache|soll|kann) (?:ich|wir)?|woran|geht seit|funktioniert (?:\w{1,12} ){0,3}?nicht|(?:que|quoi) (?:dois-je |puis-je )?faire|aidez|urgente?|au secours|ça ne|ne marche|qu[ée] (?:hago|puedo|hacemos)|ayuda|aiuto|come (?:faccio|risolvo)|cosa (?:devo|posso)|o que (?:faço|fazer)|ajuda|socorro|wat (?:nu|moet|kan)|werkt niet|lukt niet|help|pomocy|pomóżcie|co (?:robić|zrobić|s tím)|nie działa|nefunguje|pomoc|помогите|что делать|подскажите|не работает|yardım|acil|ne yapm\w+|çalışmıyor|tolong|mohon|gimana|bagaimana|giúp|funkar inte|hjälp|virker ikke|hjelp|hjælp|ei toimi|apua|segítség|nem működik|pomozte|ajută|nu (?:merge|pot|ajunge|pleacă)|βοήθεια|δεν (?:στέλν|φτάν|λειτουργ)\w+|"
    # While sending, and what was answered then
    r"(?:when|while|whenever|after|every time|each time|as soon as|once) (?:\w{1,12} ){0,3}?(?:sends?|sending|mails?|mailing|e-?mails?|reply|replies|replying|answer|answers|writes?|writing|press(?:es)?|hits?|clicks?|forwards?|tr(?:y|ies|ying))|(?:has|have|had|says?|got|gets?|with|only|just) this|(?:last|latest|only) (?:error|entry|line)|(?:mail|outbound|outgoing) (?:queue|log|traffic)|queue (?:is |keeps )?(?:grow\w*|full|fills?)|bounce folder|us or them|ran (?:the|a|our) newsletter|"
    r"(?:beim|nach dem) (?:versenden|senden|versand|mailen|abschicken|weiterleiten|antworten)|wenn (?:ich|wir|sie|er)|verschick\w+|schick\w+|durch(?:geht|gehen|gekommen)|erscheint|antwortet|steht (?:\w{1,12} ){0,2}?(?:da|jedes|immer|nur|in|im)|kommt (?:immer|nur|dann|jedes)|quand (?:j'|je|on|nous)|en (?:envoyant|répondant)|à l'envoi|on me|répond|affiche|me renvoie|al (?:enviar|mandar|responder|reenviar)|cuando (?:env\w+|mand\w+|contest\w+|respond\w+)|contesta|aparece|responde|quando (?:invi\w+|mand\w+|rispond\w+|envi\w+)|ricev\w+|nell'invi\w+|ao (?:enviar|responder|mandar)|als (?:ik|we|wij)|(?:bij het )?verzenden|verstuur|zie ik|verschijnt|przy wysyłaniu|po wysłaniu|gdy|kiedy|pojawia się|při odesílání|"
    r"при (?:отправке|відправці|отправлении)|после отправки|отвечает|появляется|не йд\w+|gönder(?:ince|irken|diğimde)|atınca|çıkıyor|(?:setiap|saat|ketika|waktu) (?:kirim|mengirim)|muncul|när jag|når (?:jeg|vi)|det (?:kommer|står)|ei mene|amikor|khi gửi)\b|送ると|送信すると|表示され|出ます|보내면|나옵니다|나와요|뜹니다|发送时|發送時|写着|寫著|显示|顯示|提示|"
    r"\b(?:"
    # German, Dutch, Scandinavian
    r"zurück(?:gekommen|bekommen|geschickt|gewiesen)?|abgelehnt\w*|abgewiesen|fehlgeschlagen|fehler(?:meldung)?|kann (?:\w{1,15} ){0,5}?nicht|geh(?:t|en) (?:\w{1,15} ){0,4}?(?:nicht|raus)|(?:kommt|erscheint|meldet)(?: nur| immer| dann)?(?=:? ?[\"'`(])|kommt (?:\w{1,15} ){0,4}?nicht|nicht (?:angekommen|zugestellt|raus|mehr)|hängt|klemmt|seit (?:heute|gestern|\w{1,10}tag|dem|der|\d)|bekomm(?:e|en|t)|kriege?n?|meldet|"
    r"teruggekomen|terug(?:gestuurd)?|kreeg|krijg(?:t|en)?|aangekomen|geweigerd|foutmelding|sinds|(?:kan|komt|gaat|lukt) (?:\w{1,15} ){0,5}?niet|geen (?:\w{1,15} ){0,2}?meer|"
    r"studsar|tillbaka|felmeddelande|får|kommer (?:\w{1,12} ){0,3}?(?:inte|ikke)|kan (?:inte|ikke)|fejl\w*|feil\w*|tilbage|palautu\w*|virhe\w*|"
    # Romance languages
    r"revien(?:t|nent)|revenu\w*|retourn\w+|refusée?s?|rejetée?s?|bloquée?s?|impossible d|n'arriv\w+|ne (?:\w{1,15} ){1,3}?(?:plus|pas|rien)|plus aucun\w*|erreurs?|depuis (?:hier|ce|le|la|une?|\d|que)|je reçois|(?:j'ai|on a) reçu|échou\w+|échec|"
    r"devuelt\w+|devolv\w+|rebot\w+|rechaz\w+|no (?:\w{1,12} ){0,3}?(?:puedo|puede|podemos|pueden|llegan?|salen?|envían?|deja|manda\w*|funciona\w*|mandar|enviar)|errores|desde (?:ayer|hoy|el|la|que|ontem|hoje|o|a|ieri)|me (?:sale|llega|da|dice|devuelve|aparece|pone)|nos (?:sale|llega|da|dice)|fall(?:a|an|ó)|"
    r"tornat\w|torna(?:no)? indietro|respint\w|non (?:\w{1,12} ){0,3}?(?:riesc\w+|riusciamo|part\w+|arriv\w+|va|funziona\w*|invia\w*)|errore|errori|da (?:ieri|stamattina|oggi|stamane)|mi (?:d[àa]|esce|dice|compare|appare)|rifiut\w+|bloccat\w|"
    r"voltou|voltam?|voltando|devolvid\w+|retornad\w+|não (?:\w{1,12} ){0,3}?(?:consig\w+|consegu\w+|sa(?:i|em)|cheg\w+|vai|envia\w*|funciona\w*)|erros?|recusad\w+|recebo|recebi|recib[oi]\w*|falh\w+|eroare|erori|"
    # Slavic languages, Turkish, Indonesian, Vietnamese, Greek, Hungarian
    r"nie (?:mogę|można|da się|dochodz\w+|wychodz\w+|przychodz\w+|działa\w*|dotar\w+)|wróci\w+|wraca\w*|odrzuc\w+|odbij\w+|błąd|błędem|błędu|pokazuje|dostaj\w+|dostałe?m?a?m?|otrzym\w+|nelze|nejd(?:e|ou)|nechod\w+|nedoš\w+|nedoruč\w+|nemůž\w+|vrací|vráti\w+|chyb[auy]|hlásí|"
    r"не (?:\w{1,15} ){0,3}?(?:могу|может|можем|могут|отправ\w+|уход\w+|доход\w+|приход\w+|дошл?\w*|достав\w+|работает|ушл?\w*|відправ\w+|можу|доход\w+)|верн\w+|возвра\w+|поверта\w+|поверн\w+|ошибк\w+|помилк\w+|отказ\w*|отверг\w+|отклон\w+|пишет|выда[её]т|приш[её]л|пришло|пришла|отбив\w+|"
    r"gitmiyor|gelmiyor|gönderemiyor\w*|gönderilemiyor|gönderilemedi|hatas[ıi]|hata|geri (?:dön\w+|geliyor|geldi)|ulaşmıyor|gagal|(?:tidak|ga|gak|nggak|tak) (?:bisa|dapat|terkirim|sampai|boleh)|kesalahan|ditolak|kembali|không (?:gửi|nhận|thể)|bị (?:trả|từ chối|lỗi)|lỗi|σφάλμα|επιστρ\w+|hiba\w*|visszajö\w+|visszapatt\w+|nem (?:megy|tudok|tud|érkez\w+))\b"
    r"|届か|届きま|送れ|送信でき|送信に失敗|エラー|返って|返送|戻って|戻り|不達|跳ね返|弾かれ|拒否され|どうすれば|助けて|困って|ご教示|怎么办|怎麼辦|求助|收到|发给|寄给|退信|退件|被退|退回|发不|發不|发送失败|寄不|报错|報錯|错误|錯誤|失败|失敗|收不到|被拒|无法|無法|도와|어떻게 해야|반송|오류|에러|실패|거부|안 (?:가|돼|되|보내)|못 보내|돌아[오왔옵]|فشل|خطأ|مرفوض|שגיאה|חזר"
)
"""How people say that mail did not go, that it came back, or that something told them so."""


_TEXTS = Sign(
    r"\bexpected(?: behaviou?r| result)?\W{0,4}(?:\n|:)|\bregexp?\b|\bmakes? sense to\b|\bfaq\b|\breasons? (?:this|why|for|in)\b|^\W{0,3}what changed\b|\b(?:are|is|be|being) (?:now )?handled\b"
)
"""How people say that they speak of texts, rules and what should be."""


def of_texts(text: str) -> bool:
    """Whether somebody speaks of texts, rules, or what should be."""
    return _TEXTS.search(text) is not None


def told(text: str) -> list[tuple[int, int]]:
    """Where somebody tells what happened to them, rather than talks of texts, rules or plans: from and to."""
    return [match.span() for match in _STORY.each(text)]

"""Do people talk of texts, plans or cases in general, rather than report what happened to them?"""

from bot.core.lazy import lazy_re
from bot.core.parse.reply import Reply
from bot.core.parse.signs import story
from bot.core.parse.signs.sign import Sign

_REACH = 1500
"""Characters of a text that are somebody's own words."""
_CLAUSE = 160
"""Characters before a reply, and behind it, that belong to its sentence."""


def in_general(text: str, start: int = 0, end: int = 0, last: int = 0) -> bool:
    """Whether people talk in general: of a reply at ``start`` to ``end``, or of what they quote.

    Words up to ``last`` may be the reply's, too. Who says that nothing happened is believed first; then what they say of
    their own case decides: "since the merge my mail comes back" is a report, whatever was merged.
    """
    head = text[:_REACH]
    around = f"{head[:start]} … {head[end:]}" if end else head
    words = _QUOTED.sub('"…"', around)
    if _DENIES.search(words):
        return True
    outside = f"{head[:start]} … {head[max(end, last) :]}" if end else words
    if _CASE.search(words) or _CONCRETE.search(outside):
        return False
    if _WORKS.search(words) or _PRODUCES.search(words):
        return True
    before, behind = _around(text, start, end)
    if _LIKENS.search(before[-40:]) or _SPOKEN_OF.match(behind):
        return True
    return _SUPPOSES.search(before) is not None and not story.told(outside)


def own_case(text: str) -> bool:
    """Whether somebody reports what happened to mail of their own."""
    return _CASE.search(_QUOTED.sub('"…"', text[:_REACH])) is not None


def of_reply(text: str, reply: Reply) -> bool:
    """Whether people talk in general of a reply, rather than paste what a server said."""
    if not (text[: reply.start] + text[reply.end :]).strip(_MARKS):
        return False
    ending = _ENDS.search(text, reply.start + 12, reply.end)
    return in_general(text, reply.start, ending.start() if ending else reply.end, reply.end)


_MARKS = " \t\n>'\"`*"
"""What is written around a quotation."""
_ENDS = lazy_re(r"[.!?;,:]\s|\s[-–—] |[\"`]|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3，。]")
"""Where the words of a reply may end and somebody's go on."""


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of the sentence that a reply stands in, or else the first quotation: before it and behind it."""
    if not end:
        quoted = _QUOTED.search(text, 0, _REACH)
        if quoted is None:
            return "", ""
        start, end = quoted.span()
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - _CLAUSE) : start]
    if not before.strip(_MARKS) and line:
        before = text[:line].rstrip().rpartition("\n")[2][-_CLAUSE:]
    before = _SENTENCES.split(before.rstrip(_MARKS))[-1]
    return before, text[end : end + _CLAUSE].partition("\n")[0].lstrip("\"'`)] ,")


_QUOTED = lazy_re(
    r"`[^`\n]{4,600}`|\"[^\"\n]{4,600}\"|(?<!\w)'[^'\n]{8,300}'(?!\w)|「[^」\n]{4,300}」|『[^』\n]{4,300}』|“[^”\n]{4,600}”"
)
_SENTENCES = lazy_re(r"[.!?;]\s{1,3}|[。！？；]")
_CONCRETE = lazy_re(
    r"\w@\w|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\d:\d\d:\d\d|\b[0-9A-F]{9,12}:|\w=\S+ \w+="
)
"""What a case has: an address, an IP, a time, a queue id, a program's fields."""
_DENIES = Sign(
    r"\b(?:nothing(?:'s| is| was)? (?:is )?broken|(?:purely|just|only) (?:cosmetic|curious|curiosity|theor\w+|planning|an idea|a thought)|out of curiosity|theoretical(?:ly)?|hypothetical(?:ly)?|in theory|"
    r"(?:not|isn't|nothing) (?:live|deployed|in production)(?: yet)?|no mail (?:in sight|involved|is sent)|nothing to do with (?:e-?mail|mail)|nobody (?:has )?complained|for the (?:exam|spec|quiz|training|slides)|"
    r"so far it hasn't|should that (?:situation )?ever|in case that ever|(?:rein )?theoretisch\w*|hypothetisch\w*|reine neugier|nur (?:eine )?(?:idee|frage aus neugier)|nicht (?:live|produktiv)|th[ée]ori(?:e|que)|"
    r"te[óo]ric[ao]s?|hipot[ée]tic[ao]s?|por curiosidad(?:e)?|ipotetic[ao]|per curiosità|teoretyczn\w+|z ciekawości|theoretisch|uit nieuwsgierigheid|теоретическ\w+|из любопытства|teorik)\b"
    r"|理论上|理論上|纯属好奇|只是好奇|仮の話|이론적"
)
"""How people say that nothing of the kind happened."""
_CASE = Sign(
    r"\b(?:since (?:\w{1,12} ){0,3}?(?:morning|yesterday|today|noon|night|week|weekend|update|upgrade|migration|move|monday|tuesday|wednesday|thursday|friday|saturday|sunday|release|deploy\w*|merg\w+|\d)|"
    r"today|this (?:morning|afternoon|evening)|yesterday|last night|just now|suddenly|(?:come|came|coming|comes|get|gets|got|getting) back|(?:keep|keeps|kept) (?:\w{1,12} ){0,2}?\w{2,12}ing|still (?:get|see|fail|bounc|reject)\w*|"
    r"(?:i|we|he|she|they|customers?|clients?|users?|everyone|everybody|colleagues?|somebody|someone)(?:'m|'re|'ve| am| are| have| is| keep| always| only| just| now| all){0,2} (?:get|gets|got|getting|seeing|receiv(?:ed|ing)|tried|sent|reports?|reported|complains?|complained)|"
    r"(?:i|we|he|she|they|users?|customers?|server|app)(?: just| now| still)? (?:can't|cannot|couldn't|can not|am unable|are unable)|(?:my|our|his|her|their|all|every) (?:\w{1,15} ){0,3}?(?:bounc\w+|fail(?:s|ed|ing)|is rejected|was rejected|were rejected|are rejected|refused|stuck|stopped)|"
    r"(?:can't|cannot|can not|couldn't|unable to|not able to|fail(?:s|ed|ing)? to) (?:even )?(?:send|reach|e-?mail|mail|deliver|write|invite)|(?:was|were|is|are|got|gets?) (?:\w{1,12} )?(?:returned|bounced|refused)|(?:i|we) (?:only |just )?(?:wrote|mailed|emailed|tried|applied|answered|replied)|(?:won't|doesn't|don't|didn't|not|no longer) (?:send|go out|go through|get through|arrive|leave|work(?:ing)?(?! yet))|stopped (?:work|send|deliver)ing|bounced (?:again|back)|any (?:ideas?|help|hints?)|what(?:'s| is) (?:wrong|going on)|how (?:do i|can i|to) (?:fix|solve|resolve)|help\b[^.\n]{0,20}[!?]|"
    r"zurück(?:gekommen|bekommen|geschickt|gewiesen)|(?:kommt|kommen|kam|kamen)\b[^\n.!?]{0,60} zurück|fehlgeschlagen|abgelehnt|seit (?:heute|gestern|\w{1,10}tag|dem|der|\d\w*)|heute|gestern|bekomm(?:e|en)|kriege?n?|erhalte|plötzlich|geh(?:t|en) (?:\w{1,15} ){0,4}?nicht|kann (?:\w{1,15} ){0,5}?nicht|"
    r"teruggekomen|teruggestuurd|(?:komt|komen|kwam|krijg|kreeg)\b[^\n.!?]{0,60} terug|kreeg|krijgen?|krijg ik|sinds|vandaag|gisteren|studsar|tillbaka|får jag|jag får|idag|sedan|jeg får|tilbage|tilbake|palautu\w*|tänään|"
    r"revien(?:t|nent)|revenue?s?|reçois|(?:j'ai|on a|nous avons) (?:reçu|eu)|depuis (?:hier|ce|le|la|une?|\d\w*|que)|aujourd'hui|n'arriv\w+|ne (?:\w{1,15} ){1,3}?(?:plus|pas|rien)|impossible d|"
    r"devuelt\w+|devuelve\w*|rebot(?:ó|aron|ado|ada|an|ando)|rechaz(?:an|ado|ó)|desde (?:ayer|hoy|el|la|que|ontem|hoje|o|a)|hoy|ayer|me (?:sale|llega|da|dice|devuelve|aparece)|nos (?:sale|llega|da|dice)|me (?:responde|contesta|rechaza)|no (?:\w{1,12} ){0,3}?(?:puedo|podemos|llegan?|salen?|deja)|"
    r"tornat\w|torna(?:no)? indietro|respint\w|da (?:ieri|stamattina|oggi)|oggi|ieri|non (?:\w{1,12} ){0,3}?(?:riesco|riusciamo|part\w+|arriv\w+|funziona\w*)|mi (?:dà|da|esce|dice|compare)|"
    r"voltou|voltam?|voltando|devolvid\w+|hoje|ontem|recebo|recebi|recebemos|não (?:\w{1,12} ){0,3}?(?:consig\w+|cheg\w+|vai)|"
    r"nie (?:mogę|można|da się|dochodz\w+|wychodz\w+|działa\w*)|wróci\w+|wraca\w*|dostaj\w+|dostał\w*|otrzym\w+|dzisiaj|dziś|wczoraj|nelze|nejde|nedoš\w+|vrací|vráti\w+|dnes|včera|"
    r"верну\w+|возвра\w+|сегодня|вчера|пришло|приш[её]л|получа(?:ю|ем)|получил\w*|не (?:\w{1,15} ){0,3}?(?:могу|можем|отправ\w+|уход\w+|доход\w+|приход\w+)|сьогодні|вчора|поверн\w+|"
    r"geri (?:dön\w+|geliyor|geldi)|alıyor\w*|bugün|dün|gitmiyor|gagal|hari ini|kemarin|ditolak|bị (?:trả|từ chối)|hôm nay)\b"
    r"|届か|届きま|送れま|返って(?:き|来)|戻って|戻り|昨日|今日|今朝|被退(?!信率)|退回|收到了|昨天|今天|发不|發不|寄不|收不到|반송|오늘|어제|돌아[오왔옵]"
)
"""How people report what happened to mail of theirs."""
_WORKS = Sign(
    r"\b(?:feature[ -](?:request|idea|wish|wunsch|suggestion)s?|enhancement|proposals?:?|rfe|wish ?list|discussion (?:for|about|on)|policy question|design question|vorschlag\w*|verbesserungsvorschlag|wunschliste|voorstel\w*|proposition|suggestion pour|propuesta|proposta|sugestão|sugerencia|suggerimento|propozycja|návrh|предлага\w+|предложени[ея]|пропону\w+|пропозиці\w|öneri|usulan|"
    r"pull[ -]?requests?|merge[ -]?requests?|(?:this|the|my|a|new|open) (?:pr|mr)|(?:this|my) (?:patch|commit|diff)|pr (?:is|adds?|makes?|for|to|that|with)|patch (?:adds?|makes?|for|to|that)|code[ -]?reviews?|(?:review|merge) (?:pls|plz|please)|pls (?:review|merge)|before (?:i|we) merge|docs? requests?|please review|review (?:please|bitte)|ready for review|zum review|(?:une?|ma|la) (?:mr|pr)|"
    r"(?:unit|regression|integration|parser|our|die|les|i|los|nos) tests?(?= |$)|tests? (?:suite|case|for the|grün|pass\w*|zielone|verts?)|testf(?:all|älle)|faux serveur|servidor (?:falso|de mentira)|server finto|(?:mock|fake|dummy)[ -]?(?:e?smtp|mail|servers?|mta|relay)|simulat(?:or|eur|e|es|ed|ing)|"
    r"reg(?:ular )?ex(?:p|es|pressions?)?|pattern (?:that|for|which|to)|classifiers?|klassifikator\w*|klasyfikator\w*|wzorzec|wzorce|filterregel\w*|(?:add|added|new|write|writing) (?:an? )?(?:\w{1,12} )?(?:rule|pattern|mapping|entry|macro|template|test|string) (?:for|that|to)|"
    r"enum|constants?|constante|linter|i18n|l10n|messages\.po|msgid \"|locale files?|changelog|release notes?|in (?:release|version) \d\S*|(?:docs|documentation|doku\w*|documentación|documentazione|documentação|dokumentacj\w|documentatie|документаци\w) (?:says?|page|team|tab\w+|article|for)|"
    r"(?:in|from|for|of|nella|en|dans|na|w|de|zur|the|in der) (?:la |the |our |der |die |unsere[rn]? |)(?:milter )?(?:docs|documentation|documentación|documentazione|documentação|dokumentation|doku|dokumentacji|documentatie)|dúvida de documentação|(?:в|для) документаци\w|"
    r"(?:for|in|into|to) (?:the|our) faqs?|faq (?:entry|item|page|section|text)|(?:kb|knowledge ?base|help|wiki|manual|glossary|status|error) (?:page|entry|article)s?|for (?:the|our) wiki|hilfeseite|handbuch\w*|glossa\w+|glosari\w+|глоссари\w|style ?guide|styleguide|"
    r"(?<!google )translat(?:e|ed|ion|ions|ing|or|ors)|übersetz\w+|traduction|tradui\w+|traducci[óo]n\w*|traducir|traduzion[ei]|tradurre|tradução|traduções|traduzir|tłumacz\w+|překlad\w*|vertal(?:en|ing)\w*|översätt\w+|oversett\w+|переклад\w*|перевод\w*|перевести|(?<!geri )çevir\w+|terjemah\w+|"
    r"wording|wortlaut|phrasing|textbaustein\w*|standardtext\w*|standaardtekst\w*|antworttext\w*|libellé|formulation|formulierung|placeholder|(?:sample|example) (?:text|reply)|beispieltext|mock-?ups?|figma|"
    r"interview question|quiz|trivia|(?:the|what|which|does|do|per|by|our|al|el|il|der|le|la|según el|selon la|laut) rfcs?|rfc (?:allow|even|permit)\w*|in rfc ?\d{3,5},? an?|working group|(?:theoretical|academic) question|"
    r"deliverability report|yearly report|annual report|top reasons|(?:look-?up|error|mapping) table|tabla de|tabella dei|tabelle der|official list|is there a(?:n|ny)? (?:\w{1,12} )?list|(?:zabbix|prometheus|nagios|icinga|grafana) (?:trigger|rule|expression)|"
    r"(?:exim|our|an) acl|sieve (?:question|script|rule)|is the syntax|syntax ok|does this expression|naming ok|milter api|planned maintenance|we (?:plan to|would like to|intend to|could)(?! not)|i(?:'d| would) (?:like|prefer|love|rather|expect)|would be (?:nice|good|great|cool|helpful|better)|"
    r"(?<=^)[a-z][\w-]{1,15}: (?:add|handle|remove|drop|rename|ignore|treat|support|allow|test|use|return|map|parse|detect|recogni[sz]e|stop|avoid|make|document)|"
    r"explan\w+ (?:from|of|by)|draft (?:for|of)|(?:xmpp|irc|voip|telephony|rest api|graphql|chat only))\b"
    r"|プルリク|レビュー|モック|テスト(?:用|コード|ケース)|用語集|マニュアル|翻訳|文言|ドキュメント|正規表現|提案|要望|翻译|翻譯|译文|文案|文档(?!里说)|正则|测试用例|单元测试|建议(?:增加|添加|把|将)|希望(?:能|可以)?(?:支持|增加|添加)|提个建议|번역|문구|정규식|제안|풀 ?리퀘"
)
"""How people name work on texts and programs: wishes, patches, tests, documents, translations, rules."""
_PRODUCES = Sign(
    # what is made: plans, programs, lessons, lists
    r"\b(?:roadmap|backlog|user stor(?:y|ies)|acceptance criteria|design doc|slides?|slide deck|conference|blog ?post|tutorial|workshop|training (?:data|materials?|slides|set|course)|lesson|homework|thesis|"
    r"(?:llm|chatgpt|gpt-?\d\w*|few-shot|fine-?tun\w+|data ?sets?|corpus|annotat\w+|labelled)|spreadsheet|pie chart|histogram|json schema|openapi|swagger|storybook|microcopy|ui (?:text|copy|string)s?|tool-?tip|"
    r"onboarding (?:docs?|guide|page)|runbook|playbook|boilerplate|saved repl(?:y|ies)|commit message|docstrings?|code comment|comment (?:above|in the code)|header_checks|access (?:map|table)|rspamd (?:rule|symbol)|honeypot|tar ?pit|load test\w*|benchmark\w*|test ?bed|test bench|"
    r"(?:grep|search|filter|look) for (?:the )?(?:string|phrase|lines?|words?)|(?:kql|splunk|kibana|loki|siem) (?:query|rule|search)|saved search|alert rule|fail2ban|refactor\w*|deprecat\w+|hard-?coded|switch statement|state machine|return type|type hints?|feature flag|backwards? compat\w*|"
    r"(?:default|standard|stock|custom) (?:text|reply|message|response|wording|string)s?|customi[sz](?:e|able)|configurable|(?:how|what|where) (?:do|would|should|does) (?:you|we|others?|people|one|everyone) (?:classify|count|treat|translate|word|phrase|name|call|file|put|document|label)|which (?:category|class|bucket|label|wording|of these|reads|sounds)|"
    r"(?:is it|would it be) (?:ok|okay|legal|allowed|valid|conformant|compliant|correct) (?:to|for|if)|(?:rfc|standards?)[- ](?:conform\w*|complian\w+)|(?:the|any) (?:standard|spec|specification) (?:allow|say|require|define|permit)\w*|difference between|(?:history|origin) of the|who came up with|full list of|list of all|overview of|cheat ?sheet|"
    r"(?:docs )?pr #\d{1,6}|duplicate of|closing as|fun fact|as an example|als beispiel|comme exemple|como ejemplo|de ejemplo|come esempio|di esempio|como exemplo|de exemplo|als voorbeeld|jako przykład|jako příklad|как пример|для примера|som exempel|örnek olarak|sebagai contoh|(?:to|from|in) the list of|history question|true or made up|spelling (?:mistake|error) in|deliberately|can be ignored|(?:alert|notify|warn|page) me (?:when|if)|special-cas\w+|retry logic|parser|(?:posts?|lines?|logs?) (?:that )?contain(?:s|ing)?|collect(?:ing)? (?:funny|all|sample|server|such)|handbook|"
    r"(?:for|in) (?:the|our|a) (?:stats|statistics|monthly report|quarterly report|chart|graph)|(?:set|change|customi[sz]e|adapt|edit|tweak|shorten|trim) (?:the|that|this) (?:message|text|reply|wording)|want (?:postfix|exim|sendmail|exchange|the server|it|our server|the filter) to (?:say|answer|reply|return|give)|"
    r"test ?servers?|serveur de test|servidor de (?:pruebas?|testes?)|server di (?:prova|test)|serwer testowy|тестов\w+ сервер\w*|sandbox[- ]mod\w+|lehrgang|"
    r"(?:hard|hart|duro|dura|dur|twardo|tvrd\w+)(?: bounce)? (?:or|oder|ou|o|czy|eller|of|nebo) (?:an? )?(?:soft|weich|blando|suave|mou|miękko|měkk\w+)|(?:ein(?:zu)?ordnen|einstufen|eingeordnet)|clasific\w+|classific\w+|sklasyfik\w+|klassifis\w+|klassificer\w+|klassa|kategori\w*|categor(?:ía|ia|ie|iser|izar)\w*|категори\w+|классифицир\w+|sınıf\w*|"
    r"für (?:unsere|die|eine) (?:statistik|auswertung)|pour (?:nos|les|des) statistiques|para (?:el|un) informe|no (?:painel|relatório)|in ons rapport|w raporcie|в отч[её]те|raporda|in laporan|i rapporten|tippfehler|faute de frappe|опечатк\w+|literówk\w+|errata|"
    r"text \S* ?(?:\w{1,15} ){0,4}(?:anpassen|ändern|übersetzen)|cambi(?:are|ar) (?:il|el) (?:testo|texto)|modifier le (?:texte|libellé)|изменить текст|vertaal\w*|перев[её]л\w*|"
    r"(?:our|the|company) policy(?: is)?:|unsere richtlinie|notre politique|nuestra política|nossa política|la nostra politica|наша политика|c'est voulu|(?:so )?gewollt|absichtlich|è voluto|di proposito|a propósito|intencionado|celowo|специально|так задумано|(?:please )?(?:tell|inform|warn) (?:all |your |the |new |our )+(?:colleagues|customers|users|team)|bitte (?:alle )?(?:kunden|kollegen|nutzer) informieren|prévenez|avisad|avvisate|предупредите|heads-?up|announcement:|"
    r"unterschied zwischen|différence entre|diferencia entre|differenza (?:tra|fra)|diferença entre|verschil tussen|różnica między|разниц[аеу] между|(?:artikel|beitrag) (?:zu|über)|article sur|artículo sobre|articolo su|artigo sobre|artykuł o|стать[яюи] (?:о|про)|ausgedacht|whoever (?:wrote|invented)|"
    r"survey|in (?:a|the|that) podcast|vocabulary|intent ?=|accessibility|breakpoint|overlaps|demo (?:data|account)|release candidate|rc\d|wontfix|grammatical\w*|native speakers?|error catalog(?:ue)?s?|(?:is|are) now logged|log ?level|at level \w+|\w+ 101:|list of (?:providers|servers|hosts)|(?:servers|providers|hosts|senders) that|i(?:'m| was|'ve been) told (?:that )?\w+ (?:\w+ )?(?:uses|says|returns|answers)|i (?:read|heard)(?: somewhere)? that|research|at least once|"
    r"schulung\w*|vortrag\w*|folien?|präsentation|klausur|prüfungsfrage|umfrage|abstimmung|testserver|attrappe|platzhalter|umbenennen|versionshinweise|entwurf|textvorschlag|lehrbuch\w*|spezifikation|klassifizier\w+|funktionswunsch|mustertext|regulärer? ausdr\w+|"
    r"demande de fonctionnalité|diapos?|exposé|relecture|tests? unitaires?|jeu de tests?|expressions? régulières?|brouillon|texte par défaut|sondage|cahier des charges|classifieur|modèle de réponse|"
    r"petición de (?:función|mejora)|diapositivas?|charla|pruebas? unitarias?|tests? unitarios?|expresi(?:ón|ones) regular(?:es)?|borrador|redacción|texto por defecto|encuesta|revisión de código|clasificador|"
    r"richiesta di funzionalità|test unitar\w|espression[ei] regolar[ei]|bozza|testo predefinito|sondaggio|classificatore|pedido de funcionalidade|palestra|testes? unitários?|express(?:ão|ões) regular(?:es)?|rascunho|texto padrão|enquete|classificador|"
    r"functieverzoek|handleiding|tentamen|unittests?|reguliere expressie|sjabloon|enquête|dokumentacj\w+|podręcznik\w*|slajd\w*|szkoleni\w+|egzamin\w*|testy? jednostkow\w+|wyrażeni\w+ regularn\w+|szkic\w*|szablon\w*|příručk\w+|školení|jednotkov\w+ test\w*|regulární\w* výraz\w*|šablon\w+|"
    r"пожелани\w+|слайд\w*|экзамен\w*|юнит-?тест\w*|регулярк\w+|регулярн\w+ выражени\w+|классификатор\w*|черновик\w*|формулировк\w+|ревью|мок-?\w*|заглушк\w+|докладе?|шаблон\w* (?:ответа|письма)|документаці\w+|регулярн\w+ вираз\w*|"
    r"dokümantasyon|kılavuz\w*|slayt\w*|sınav\w*|birim test\w*|düzenli ifade\w*|taslak|förslag\w*|enhetstest\w*|reguljärt uttryck|forslag|enhedstest|enhetstest|regulært udtryk|ehdotus|käännö\w+|säännöllinen lauseke|usulan|dokumentasi|pengujian|ujian|đề xuất|tài liệu|bản dịch)\b"
    r"|(?:^|\n)\W{0,3}(?:(?:feature|crazy|small|little|random) )?(?:ideas?|poll|vote|wish(?:es)?|rfc|design|suggestions?|request|proposals?|idee|idées?|ideia|wunsch|vorschlag|propuesta|proposta|proposition|voorstel|pomysł|nápad|идея|öneri|förslag)(?: (?:\w{1,12} ){0,3}\w{1,12})? ?: "
    r"|周知|请通知|故意|意図的|わざと|区别|違い|作为例子|举例|例として|예로|测试服务器|测试环境|归为|报表|打标签|テストサーバ|テスト環境|レポートで|통계|테스트 서버|手册|模拟服务器|模擬|词汇表|草稿|模板(?:里|中|的)|考试|面试|培训|教程|功能(?:建议|请求|需求)|代码(?:审查|评审)|常量|枚举|单测|規則|规则里|分类器|仕様|単体テスト|ユニットテスト|草案|テンプレート|試験|面接|研修|教材|定数|スライド|勉強会|分類|매뉴얼|용어집|단위 ?테스트|초안|템플릿|시험|면접|기능 ?(?:요청|제안)|코드 ?리뷰|상수"
)
"""The same: what people make that holds texts, from slides to classifiers."""
_SUPPOSES = Sign(
    r"\b(?:if (?:the|a|an|you|your|someone|somebody|it|one|users?|we|my server|our server|that|this|any|there|no|port|not)|whether|unless|in case|suppose|let's say|(?:^|[,(:] )say (?:the|a|my|our)|imagine|assum(?:e|ing)|(?:would|could|should|shall|might|ought)(?! not\b|n't| (?:i|we|you|some\w+|any\w+|this)\b)|(?:can|may) be|can (?:now )?(?:make|also|a server|the server|servers)|will (?:then |now |also |always )?be \w|will (?:then |now |also |always )?(?:return|answer|reply|respond|say|send|give|get|reject|refuse|fail)|"
    r"(?:servers?|providers?|hosts?|mtas?|gateways?|filters?) (?:often |usually |typically |sometimes |then |normally |always )?(?:return|answer|reply|respond|say|give|use|send|reject|refuse)(?: with| to)?|some (?:servers?|providers?|hosts?|mtas?)|(?:is|are) (?:\w{1,12} )?(?:returned|sent|given|shown|used|generated|raised|answered|issued) (?:when|if|for|by|as|with)|"
    r"(?:we|our (?:mx|server|gateway|filter)) (?:deliberately |always |now |just )?(?:answer|reply|respond)s?|going to|responder(?:á|ão|án)|contestará\w?|devolverá\w?|rechazará\w?|vai (?:responder|devolver|recusar)|risponder(?:à|anno)|rifiuter(?:à|anno)|répond(?:ra|ront|rons|ons)|refusera|renverra|antwortet (?:unser|der) (?:server|mx)|(?:contesta|responde|rechaza)mos|rispondiamo|antwoordt de server|odpowiadamy|będ(?:zie|ą) (?:odpowiada\w+|zwraca\w+|odrzuca\w+)|буд(?:ет|ут) (?:отвеча\w+|возвраща\w+|отклоня\w+)|отвечаем|"
    r"better than|configured to|will be (?:designated|returned|rejected|refused|answered)|told to (?:reply|answer|say)|"
    r"m(?:uss|üss(?:en|te\w?))(?= mit)|wenn (?:der|die|das|ein|eine|man|jemand|du|sie|ihr)|falls|würde\w*|könnte\w*|sollte\w*|soll(?:en)?|dürfte|(?:server|anbieter|provider) (?:antworten|liefern|geben)|si (?:le|la|un|une|on|vous|el|los|un|una|o|hay)|devrait|pourrait|faudrait|serait|debería\w*|podría\w*|sería|puede (?:responder|devolver)|se (?:il|la|un|una|um|uma) (?:server|servidor\w*|provider|host|messaggio|mensagem|cliente|utente|usuário)|dovrebbe|potrebbe|sarebbe|deveria|poderia|seria|"
    r"als (?:de|het|een|je|iemand)|zou(?:den)?|moet(?:en)?|jeśli|jeżeli|powin\w+|mógłby|byłoby|pokud|měl(?:o|a)? by|если|если бы|должен|должна|должно|долж?ны|мог бы|было бы|якщо|повинен|eğer|gerekir|seharusnya|jika|kalau|nếu|nên)\b"
    r"|如果|若是|假如|应该|應該|应当|会出现|會出現|会返回|會返回|(?:会|将)[^\n，。]{0,20}返回|可能会|比如|例如|場合|すべき|べき|なら|もし|例えば|만약|경우|해야"
)
"""How people suppose a case, wish for one, or say what servers do in general: in the sentence before a reply."""
_LIKENS = Sign(
    r"\b(?:like|such as|e\.g\.?|i\.e\.?|for (?:example|instance)|wie|etwa|z\. ?b\.|comme|como|come|ad esempio|por ej\w*|p\. ?ex\.?|bijv\.?|zoals|np\.|jak|například|например|типа|вроде|örneğin|gibi|seperti|misalnya|như)[^\w:]{0,4}$"
)
"""What stands before an example."""
_SPOKEN_OF = Sign(
    r"(?:みたいな|のような|といった|とか|などの|って(?:何|どう)|を返せる|という(?:文言|メッセージ)|之类|这样的|這樣的|这种|這種|같은|"
    r"を返し(?:ます|たい)|に統一|(?:or something|or similar|or so|or the like|and the like|etc)\b|(?:would|could|should|might|will|may) \w)"
)
"""How people go on behind an example."""

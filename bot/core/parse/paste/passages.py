"""What stands by itself in a text that is no bounce by its form: a line, a block, what a colon or quotation marks set apart?

One that the knowledge base knows as a whole is what somebody pasted, however little the words around it say.
"""

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.lazy import lazy_re
from bot.core.parse.reply import find_replies
from bot.core.parse.signs import elsewhere, failure, general, kinds, manual, source, story, talk
from bot.core.parse.signs.reach import NEAR

_LONGEST = 3000
"""Characters of a text that is looked through: a post, no page."""
_MOST = 40
"""Passages that are handed on."""
_LINES = 3
"""Lines that a wrapped sentence has at most."""
_MARKS = " \t\n>'\"`*"


def passages(text: str) -> tuple[str, ...]:
    """The passages of a cleaned text, in its order; none where it speaks of no mail, or of what others say or should say."""
    if len(text) > _LONGEST or not talk.of_sending(text):
        return ()
    found: list[str] = []
    doubt: bool | None = None
    for words in _apart(text):
        if doubt is None:  # the first one: most texts have none
            if _closed(text):
                return ()
            doubt = elsewhere.doubt(text[:NEAR]) > 0
        if not elsewhere.elsewhere(words) and (not doubt or failure.MAIL.search(words)):
            found.append(words)
            if len(found) == _MOST:
                break
    return tuple(found)


def _closed(text: str) -> bool:
    """Whether the text is a program, a document, a count, a proposal, another protocol's, or good news."""
    head = text[:NEAR]
    replies = find_replies(text)
    return bool(
        manual.documented(text, replies)
        or manual.listed(replies)
        or any(talk.proposed(text, reply) or general.of_reply(text, reply) for reply in replies)
        or general.in_general(head)
        or source.is_program(head)
        or source.has_literals(head)
        or source.has_pattern(text)
        or manual.documents(head)
        or manual.counted(head)
        or talk.PROPOSAL.search(head)
        or elsewhere.of_parcels(head)
        or elsewhere.NOTED.search(head)
        or kinds.RECEIPT.search(head)
        or kinds.AUTO_REPLY.search(head)
    )


def _apart(text: str) -> Iterator[str]:
    """What stands apart in a text, each once; neither the text itself, nor rows of a table."""
    seen = {text.strip(_MARKS)}
    for passage in _all(text):
        words = talk.without_question(passage.strip(_MARKS)).strip(_MARKS)
        if 8 <= len(words) <= 700 and "|" not in words and words not in seen:
            seen.add(words)
            yield words


def _all(text: str) -> Iterator[str]:
    for block in _BLOCKS.split(text):
        lines = [line.strip(" \t>") for line in block.split("\n") if line.strip()]
        listed = _listed(lines)
        for number, line in enumerate(lines):
            if not listed:
                for count in range(1, _LINES + 1):
                    if number + count <= len(lines):
                        yield " ".join(lines[number : number + count])
            for sign in islice(_INTRODUCES.finditer(line), _MOST):
                before = line[: sign.start()]
                if talk.is_prose(before) or talk.tells_of_sending(before):
                    rest = line[sign.end() :]
                    yield from (
                        rest[:end] for end in _ends(rest) if end >= _SENTENCE and rest[end : end + 1] != ","
                    )
    yield from _in_a_story(text)


def _in_a_story(text: str) -> Iterator[str]:
    """What is set apart in somebody's own sentences, where they tell that mail failed: quoted, in brackets, in English."""
    if len(text) > _STORY or manual.documents(text) or story.of_texts(text):
        return
    told = story.told(text)
    for start in _STARTS.finditer(text) if told else ():
        begin = start.end()
        if talk.PROPOSES.search(text[max(0, start.start() - 80) : begin]):
            continue
        line_end = text.find("\n", begin)
        rest = text[begin : line_end if line_end >= 0 else len(text)]
        mark = _CLOSES.get(start[0].strip()[-1:])
        if mark:
            closing = re.search(rf"{re.escape(mark)}(?!\w)", rest)
            ends = [closing.start()] if closing else []
        else:
            ends = _ends(rest)
        for end in ends:
            words = rest[:end]
            least = _SEVERAL - words[:3].isdecimal()
            if (
                words[-1:] != ":"
                and len(_WORDS.findall(words)) >= least
                and any(last <= begin or first >= begin + end for first, last in told)
                and failure.fails(words)
            ):
                yield words


def _ends(words: str) -> list[int]:
    """Where some words may end: at the next signs of a sentence's end, or with their line."""
    return [match.start() for match in islice(_ENDS.finditer(words), 5)] + [len(words)]


_SENTENCE = 16
"""Characters of a sentence that says something by itself."""
_STORY = 1200
"""Characters of a text that may be one person's story."""
_SEVERAL = 4
"""Words that nobody says by chance."""
_WORDS = lazy_re(r"[^\W\d_]{2,}|[\u3040-\u9fff\uac00-\ud7a3]{2}")
_CLOSES = {"`": "`", '"': '"', "'": "'", "(": ")", "「": "」", "『": "』"}
"""The mark that closes what another one opens."""
_STARTS = lazy_re(
    r"(?<!\w)[`\"'(「『](?=\S.{7})|(?<=[a-zß-ÿа-яё,)]) (?=[A-Z4-5][^\n]{7})|: (?=\S.{7})|\s[-–—/|] (?=\S.{7})|(?<=[^\W\d])[.!?] (?=[A-Z45]\S)|[\u3040-\u9fff\uac00-\ud7a3] ?(?=[A-Z45][\x20-\x7e]{8})"
)
"""Where a wording may begin in a sentence: behind a mark, with a capital, where English begins among characters."""
_ENDS = lazy_re(r"[.!?;。]\W{0,2}(?= )|, (?=[a-z])|\s[-–—/] | [.?] | ?(?=[\u3040-\u9fff\uac00-\ud7a3])")
"""Where it may end."""


def _listed(lines: list[str]) -> bool:
    """Whether the lines are rows of a list, each with a number, a name or a mark in front: counts, tables, manuals."""
    rows = sum(_ROW.match(line) is not None for line in lines)
    return rows > 2 and 2 * rows > len(lines)


_ROW = lazy_re(
    r"\W{0,3}\d{1,8}\W{1,4}\D|[-*•+] |\W{0,2}[45]\.\d{1,3}\.\d{1,3}\b|[\"'][^\"'\n]{1,40}[\"'] ?[:=,]|[A-Z]{2,10}_[A-Z]{2,20}\b|[A-Za-z]{3,40} ?= ?[45]\d\d\b|[^\n]{4,90}\(total: \d|[^|\n]{1,60}\|"
)
_BLOCKS = lazy_re(r"\n[ \t]*\n|```")
_INTRODUCES = lazy_re(r": (?=\S.{7})|\s[-–—] (?=\S.{7})|： ?(?=\S.{5})")

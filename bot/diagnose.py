"""What happened to this mail? The use case: parse, match, plan, ask, decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bot.core.decide import decide, not_a_bounce, parties_of
from bot.core.detect import is_bounce, is_known, silence
from bot.core.match import Index
from bot.core.model import NOT_A_BOUNCE, UNKNOWN, Answer, Catalogue, Diagnosis, Match, Parsed, Question
from bot.core.parse import parse, parse_passage
from bot.core.parse.spelling import well_spelled
from bot.core.plan import plan

SHORT = 1000
"""Characters of a text that is remembered with its reading."""
REMEMBERED = 2048


class Asker(Protocol):
    """Whoever looks things up in the world."""

    async def ask(self, questions: Sequence[Question]) -> tuple[Answer, ...]:
        """One Answer a Question, in the same order, under one deadline. Never raises."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a text says by itself: its rejections and the match of each."""

    parsed: Parsed
    matches: tuple[Match, ...]
    bounce: bool


class Diagnoser:
    """Diagnoses texts and mails with one knowledge base. Building it takes a millisecond (see Index)."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.index = Index(catalogue)
        self._parties = parties_of(catalogue)
        self._remember = lru_cache(maxsize=REMEMBERED)(self._read)

    def read(self, data: str | bytes) -> Reading:
        """Parse and match: pure, about a millisecond. Equal short texts are read once: a log repeats itself."""
        if isinstance(data, str) and len(data) <= SHORT:
            return self._remember(data)
        return self._read(data)

    def _read(self, data: str | bytes) -> Reading:
        parsed = parse(data, self.catalogue)
        matches = tuple(self.index.match(rejection) for rejection in parsed.rejections)
        bounce = bool(matches) and is_bounce(parsed, matches[0])
        pasted = self._pasted(data, parsed.passages) if not bounce and isinstance(data, str) else None
        return pasted or Reading(parsed=parsed, matches=matches, bounce=bounce)

    def _pasted(self, text: str, passages: Sequence[str]) -> Reading | None:
        """The first passage whose wording the knowledge base knows and has a reason for, or else the first that it knows."""
        vague: Reading | None = None
        for passage in passages:
            if not (self.index.may_know(passage) or self.index.may_know(well_spelled(passage))):
                continue
            parsed = parse_passage(passage, text, self.catalogue)
            match = self.index.match(parsed.rejections[0])
            if is_known(parsed.rejections[0], match):
                reading = Reading(parsed=parsed, matches=(match,), bounce=True)
                if match.best is not None and match.best.cause != UNKNOWN:
                    return reading
                vague = vague or reading
        return vague

    def first(self, reading: Reading) -> Diagnosis:
        """The Diagnosis from the text alone."""
        return self.final(reading, ())

    def questions(self, reading: Reading) -> tuple[Question, ...]:
        """What to look up, without repeats; nothing when the text is no bounce."""
        if not reading.bounce:
            return ()
        asked = [
            question
            for rejection, match in zip(reading.parsed.rejections, reading.matches, strict=True)
            for question in plan(rejection, match, self.catalogue)
        ]
        return tuple(dict.fromkeys(asked))

    def final(self, reading: Reading, answers: Sequence[Answer]) -> Diagnosis:
        """The Diagnosis from the text and what the look-ups gave."""
        if not reading.bounce:
            best = reading.matches[0].best if reading.matches else None
            sure = silence(reading.parsed, best)
            known = best is not None and best.cause == NOT_A_BOUNCE and best.signal in ("exact", "phrase")
            return not_a_bounce(reading.parsed, self.catalogue, sure, known=known)
        return decide(reading.parsed, reading.matches, answers, self.catalogue, self._parties)

    async def diagnose(self, data: str | bytes, asker: Asker | None = None) -> Diagnosis:
        """All of it. Without an asker no look-up is made."""
        reading = self.read(data)
        answers: tuple[Answer, ...] = ()
        if asker is not None and (questions := self.questions(reading)):
            answers = await asker.ask(questions)
        return self.final(reading, answers)
